//===- IsaGen.cpp - Everything that is made from the instruction records --===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "mlir/TableGen/Format.h"
#include "mlir/TableGen/GenInfo.h"
#include "mlir/TableGen/Type.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TableGen/Error.h"
#include "llvm/TableGen/Record.h"
#include "llvm/TableGen/TableGenBackend.h"

#include <bitset>

using namespace llvm;
using mlir::GenRegistration;

namespace {

constexpr unsigned kWordBits = 128;
using Bits = std::bitset<kWordBits>;

/// `seq` as `Seq`.
std::string capitalize(StringRef name) {
  return (name.take_front().upper() + name.drop_front()).str();
}

/// Bits of a field or of the head that say one thing.
struct PartDef {
  explicit PartDef(const Record *def)
      : name(def->getValueAsString("Name")), values(def->getValueAsString("Values")), lo(def->getValueAsInt("Lo")),
        width(def->getValueAsInt("Width")), count(def->getValueAsInt("Count")) {}
  int64_t end() const { return lo + width * count; }

  StringRef name, values;
  int64_t lo, width, count;
};

/// The parts that `list` of a record names.
std::vector<PartDef> partsOf(const Record *def, StringRef list) {
  std::vector<PartDef> parts;
  for (const Record *part : def->getValueAsListOfDefs(list))
    parts.emplace_back(part);
  return parts;
}

/// Refuses parts of a kind that do not cover its bits one by one.
void verifyParts(const Record *kind, StringRef name, int64_t width) {
  std::vector<PartDef> parts = partsOf(kind, "Parts");
  if (parts.empty())
    return;
  Bits taken;
  for (const PartDef &part : parts) {
    if (part.width < 1 || part.count < 1 || part.lo < 0 || part.end() > width)
      PrintFatalError(kind, "part '" + part.name + "' of '" + name + "' lies outside its " + Twine(width) + " bits");
    for (int64_t bit = part.lo; bit < part.end(); ++bit) {
      if (taken.test(bit))
        PrintFatalError(kind, "part '" + part.name + "' of '" + name + "' overlaps another at bit " + Twine(bit));
      taken.set(bit);
    }
  }
  for (int64_t bit = 0; bit < width; ++bit)
    if (!taken.test(bit))
      PrintFatalError(kind, "bit " + Twine(bit) + " of '" + name + "' belongs to no part");
}

struct FieldDef {
  explicit FieldDef(const Record *def)
      : name(def->getValueAsString("Name")), kind(def->getValueAsDef("Kind")), cpp(kind->getValueAsString("Cpp")),
        range(kind->getValueAsString("Range")), word(def->getValueAsInt("Word")), lo(def->getValueAsInt("Lo")),
        width(def->getValueAsInt("Width")) {}
  bool isReserved() const { return cpp.empty(); }
  StringRef kindName() const { return kind->getName(); }
  bool isBodySize() const { return kindName() == "Rpu_BodySize"; }
  /// It says where something is.
  bool isOperand() const { return cpp == "View" || cpp == "Element"; }
  bool isSize() const { return cpp == "uint32_t" || cpp == "RegOrImm"; }

  StringRef name;
  const Record *kind;
  StringRef cpp, range;
  int64_t word, lo, width;
};

/// Bytes that an instruction accesses.
struct AccessDef {
  explicit AccessDef(const Record *def)
      : def(def), operand(def->getValueAsString("Operand")), onlyIf(def->getValueAsString("OnlyIf")),
        panels(def->getValueAsString("WholePanels")), rows(def->getValueAsListOfStrings("Rows")),
        row(def->getValueAsListOfStrings("Row")), bytes(def->getValueAsInt("Bytes")),
        write(def->getValueAsBit("Write")), elementwise(def->getValueAsBit("Elementwise")) {
    for (const Record *memory : def->getValueAsListOfDefs("Memories"))
      memories |= 1u << memory->getValueAsInt("Number");
  }

  const Record *def;
  StringRef operand, onlyIf, panels;
  std::vector<StringRef> rows, row;
  int64_t bytes;
  bool write, elementwise;
  /// A bit for each memory's number.
  unsigned memories = 0;
};

/// An instruction or micro-operation: its record, read and checked.
struct InstrDef {
  explicit InstrDef(const Record *def)
      : def(def), mnemonic(def->getValueAsString("opName")), engine(def->getValueAsDef("Engine")),
        words(def->getValueAsInt("Words")), hasSync(def->getValueAsBit("HasSync")),
        isMicro(def->getValueAsBit("IsMicro")) {
    StringRef name = def->getName();
    name.consume_front("Rpu_");
    opClass = name.str();
    name.consume_back("Op");
    cls = name.str();
    const BitsInit *bits = def->getValueAsBitsInit("Opcode");
    for (unsigned i = 0; i < bits->getNumBits(); ++i)
      if (cast<BitInit>(bits->getBit(i))->getValue())
        opcode |= 1u << i;
    for (const Record *field : def->getValueAsListOfDefs("Fields"))
      fields.emplace_back(field);
    for (const Record *access : def->getValueAsListOfDefs("Accesses"))
      accesses.emplace_back(access);
    for (StringRef field : def->getValueAsListOfStrings("NothingIfZero"))
      nothingIfZero.push_back(field);
    verify();
  }

  void verify() {
    if (def->getValueAsString("summary").empty())
      PrintFatalError(def, "instruction '" + mnemonic + "' has no summary");
    if (isMicro && def->getValueAsString("CostClass").empty())
      PrintFatalError(def, "micro-operation '" + mnemonic + "' has no cost class");
    if (words < 1)
      PrintFatalError(def, "instruction '" + mnemonic + "' has no words");
    used.assign(words, Bits());
    std::vector<Bits> taken(words);
    for (const PartDef &part : partsOf(def, "Head"))
      for (int64_t bit = part.lo; bit < part.end(); ++bit) {
        if (bit < 0 || bit >= kWordBits || taken[0].test(bit))
          PrintFatalError(def, "part '" + part.name + "' of the head of '" + mnemonic +
                                   "' lies outside the first word or overlaps another at bit " + Twine(bit));
        taken[0].set(bit), used[0].set(bit);
      }
    for (const FieldDef &field : fields) {
      StringRef name = field.isReserved() ? "reserved bits" : field.name;
      if (!field.isReserved() && field.range.empty())
        PrintFatalError(def, "field '" + name + "' of '" + mnemonic + "' states no range");
      verifyParts(field.kind, field.kindName(), field.width);
      if (field.width < 1)
        PrintFatalError(def, "field '" + name + "' of '" + mnemonic + "' has no bits");
      if (field.word < 0 || field.word >= words || field.lo < 0 || field.lo + field.width > kWordBits)
        PrintFatalError(def, "field '" + name + "' of '" + mnemonic + "' lies outside the instruction's words");
      for (int64_t bit = field.lo; bit < field.lo + field.width; ++bit) {
        if (taken[field.word].test(bit))
          PrintFatalError(def, "field '" + name + "' of '" + mnemonic + "' overlaps another at bit " + Twine(bit) +
                                   " of word " + Twine(field.word));
        taken[field.word].set(bit);
        if (!field.isReserved())
          used[field.word].set(bit);
      }
    }
    for (auto [word, bits] : enumerate(taken))
      for (unsigned bit = 0; bit < kWordBits; ++bit)
        if (!bits.test(bit))
          PrintFatalError(def, "bit " + Twine(bit) + " of word " + Twine(word) + " of '" + mnemonic +
                                   "' belongs to no field; name it or reserve it");
  }

  /// The field that counts the micro-operations behind the head; null without a body.
  const FieldDef *bodySize() const {
    auto found = find_if(fields, [](const FieldDef &field) { return field.isBodySize(); });
    return found == fields.end() ? nullptr : &*found;
  }

  bool hasOp() const { return def->isSubClassOf("Op"); }

  const FieldDef *field(StringRef name) const {
    auto found = find_if(fields, [&](const FieldDef &field) { return !field.isReserved() && field.name == name; });
    return found == fields.end() ? nullptr : &*found;
  }

  /// Refuses accesses of what is no operand, sizes that are none, and operands without an access. `head` is the lane
  /// program of a micro-operation, or null.
  void verifyAccesses(const InstrDef *head) const {
    auto refuse = [&](StringRef name, StringRef what) {
      PrintFatalError(def, "'" + name + "', which '" + mnemonic + "' accesses memory by, is no " + what);
    };
    auto width = [&](StringRef name) {
      const FieldDef *size = field(name);
      if (!size && head)
        size = head->field(name);
      if (!size || !size->isSize())
        refuse(name, "size");
      return size->width;
    };
    for (const AccessDef &access : accesses) {
      const FieldDef *operand = field(access.operand);
      if (!operand || !operand->isOperand())
        refuse(access.operand, "operand");
      if (!access.memories)
        PrintFatalError(def, "operand '" + access.operand + "' of '" + mnemonic + "' may be in no memory");
      if (const FieldDef *flag = field(access.onlyIf); !access.onlyIf.empty() && (!flag || flag->cpp != "bool"))
        refuse(access.onlyIf, "flag");
      // Numbers have less than 2^7 bits.
      int64_t bits = 7;
      for (StringRef size : access.row)
        bits += width(size);
      for (StringRef size : access.rows)
        width(size);
      if (bits > 64)
        PrintFatalError(def, "a row of '" + access.operand + "' of '" + mnemonic + "' may be longer than 2^64 bits");
      if (!access.panels.empty() && !is_contained(access.row, access.panels))
        refuse(access.panels, "size of a row");
    }
    for (StringRef size : nothingIfZero)
      width(size);
    for (const FieldDef &operand : fields)
      if (operand.isOperand() &&
          none_of(accesses, [&](const AccessDef &access) { return access.operand == operand.name; }))
        PrintFatalError(def, "operand '" + operand.name + "' of '" + mnemonic + "' is in no access");
  }

  auto namedFields() const {
    return make_filter_range(fields, [](const FieldDef &field) { return !field.isReserved(); });
  }

  const Record *def;
  StringRef mnemonic;
  const Record *engine;
  int64_t words;
  bool hasSync, isMicro;
  std::string cls, opClass;
  unsigned opcode = 0;
  std::vector<FieldDef> fields;
  std::vector<AccessDef> accesses;
  std::vector<StringRef> nothingIfZero;
  /// Bits of each word that carry information.
  std::vector<Bits> used;
};

std::vector<InstrDef> collect(const RecordKeeper &records) {
  std::vector<InstrDef> result;
  DenseMap<unsigned, const Record *> opcodes;
  StringMap<const Record *> mnemonics;
  for (const Record *def : records.getAllDerivedDefinitions("Rpu_Instr")) {
    InstrDef instr(def);
    auto [opcode, freshOpcode] = opcodes.try_emplace(instr.opcode, def);
    if (!freshOpcode) {
      PrintError(def, "opcode 0x" + utohexstr(instr.opcode) + " of '" + instr.mnemonic + "' is taken");
      PrintFatalNote(opcode->second, "by this instruction");
    }
    auto [mnemonic, freshMnemonic] = mnemonics.try_emplace(instr.mnemonic, def);
    if (!freshMnemonic) {
      PrintError(def, "mnemonic '" + instr.mnemonic + "' is taken");
      PrintFatalNote(mnemonic->second, "by this instruction");
    }
    result.push_back(std::move(instr));
  }
  sort(result, [](const InstrDef &a, const InstrDef &b) { return a.opcode < b.opcode; });
  auto head = find_if(result, [](const InstrDef &instr) { return instr.bodySize(); });
  for (const InstrDef &instr : result)
    instr.verifyAccesses(instr.isMicro && head != result.end() ? &*head : nullptr);
  return result;
}

std::string half(const Bits &bits, unsigned lo) {
  uint64_t value = 0;
  for (unsigned bit = 0; bit < 64; ++bit)
    value |= uint64_t(bits.test(lo + bit)) << bit;
  return "0x" + utohexstr(value) + "u";
}

/// The engine of an instruction `name`, an op or a struct, whose field `engine` is read by `field`.
std::string engineOf(const InstrDef &instr, StringRef name, StringRef field) {
  if (instr.def->getValueAsBit("EngineIsField"))
    return formatv("static_cast<isa::Engine>({0}.{1})", name, field);
  return "isa::Engine::" + capitalize(instr.engine->getValueAsString("Name"));
}

/// The records of a class by what the field `order` says.
std::vector<const Record *> inOrder(const RecordKeeper &records, StringRef cls, StringRef order) {
  std::vector<const Record *> result(records.getAllDerivedDefinitions(cls));
  sort(result, [&](auto *a, auto *b) { return a->getValueAsInt(order) < b->getValueAsInt(order); });
  for (size_t i = 1; i < result.size(); ++i)
    if (result[i]->getValueAsInt(order) == result[i - 1]->getValueAsInt(order)) {
      PrintError(result[i], "number " + Twine(result[i]->getValueAsInt(order)) + " of '" +
                                result[i]->getValueAsString("Name") + "' is taken");
      PrintFatalNote(result[i - 1], "by this record");
    }
  return result;
}

/// The records of what has numbers from 0 on without a gap, which a field of `bits` bits can say.
std::vector<const Record *> numbered(const RecordKeeper &records, StringRef cls, unsigned bits) {
  std::vector<const Record *> result = inOrder(records, cls, "Number");
  for (auto [number, def] : enumerate(result)) {
    if (def->getValueAsInt("Number") != int64_t(number))
      PrintFatalError(def, "'" + def->getValueAsString("Name") + "' has number " + Twine(def->getValueAsInt("Number")) +
                               ", the next is " + Twine(number));
    if (number >> bits)
      PrintFatalError(def, "number " + Twine(number) + " of '" + def->getValueAsString("Name") +
                               "' does not fit a field of " + Twine(bits) + " bits");
  }
  return result;
}
std::vector<const Record *> enginesOf(const RecordKeeper &records) {
  return numbered(records, "Rpu_Engine", 3);
}
std::vector<const Record *> memoriesOf(const RecordKeeper &records) {
  return numbered(records, "Rpu_Memory", 3);
}
std::vector<const Record *> formatsOf(const RecordKeeper &records) {
  std::vector<const Record *> formats = numbered(records, "Rpu_Format", 4);
  for (const Record *format : formats)
    if (int64_t bits = format->getValueAsInt("Bits"); bits != 8 && bits != 16 && bits != 32 && bits != 64)
      PrintFatalError(format, "format '" + format->getValueAsString("Name") + "' has " + Twine(bits) +
                                  " bits, expected 8, 16, 32 or 64");
  return formats;
}

/// An array of texts, one for each record.
void emitTexts(ArrayRef<const Record *> defs, StringRef name, function_ref<std::string(const Record *)> text,
               raw_ostream &os) {
  os << formatv("inline constexpr std::array<std::string_view, {0}> {1} = {{", defs.size(), name);
  ListSeparator separator(", ");
  for (const Record *def : defs)
    os << separator << '"' << text(def) << '"';
  os << "};\n";
}

void emitEnum(ArrayRef<const Record *> defs, StringRef name, StringRef comment, raw_ostream &os) {
  os << "enum class " << name << " : uint8_t {\n";
  for (auto [number, def] : enumerate(defs))
    os << formatv("  /// {0}\n  {1} = {2},\n", def->getValueAsString(comment),
                  capitalize(def->getValueAsString("Name")), number);
  os << formatv("};\ninline constexpr size_t k{0}Count = {1};\n", name, defs.size());
  emitTexts(defs, ("k" + name + "Names").str(), [](auto *def) { return def->getValueAsString("Name").str(); }, os);
}

/// The component of the energy of each record of `defs`.
void emitComponents(ArrayRef<const Record *> defs, StringRef name, function_ref<StringRef(const Record *)> component,
                    raw_ostream &os) {
  os << formatv("inline constexpr std::array<Component, {0}> {1} = {{", defs.size(), name);
  ListSeparator separator(", ");
  for (const Record *def : defs)
    os << separator << "Component::" << capitalize(component(def));
  os << "};\n";
}

/// Engines, memories and components of the energy: enumerations, and arrays indexed by them.
void emitMachine(const RecordKeeper &records, raw_ostream &os) {
  std::vector<const Record *> engines = enginesOf(records), memories = memoriesOf(records),
                              components = inOrder(records, "Rpu_Component", "Order");
  auto text = [](StringRef field) { return [field](const Record *def) { return def->getValueAsString(field).str(); }; };
  os << "#ifdef GET_ISA_MACHINE\n#undef GET_ISA_MACHINE\n";
  emitEnum(engines, "Engine", "Summary", os);
  emitTexts(engines, "kEngineSpoken", text("Spoken"), os);
  ArrayRef<const Record *> queues = ArrayRef(engines).drop_front();
  emitTexts(queues, "kWaitNames", [](auto *def) { return "wait_" + def->getValueAsString("Name").str(); }, os);
  emitEnum(memories, "Memory", "Spoken", os);
  std::vector<const Record *> tile(memories);
  erase_if(tile, [](const Record *memory) { return !memory->getValueAsBit("OnTile"); });
  os << formatv("inline constexpr std::array<Memory, {0}> kTileMemories = {{", tile.size());
  ListSeparator separator(", ");
  for (const Record *memory : tile)
    os << separator << "Memory::" << capitalize(memory->getValueAsString("Name"));
  os << "};\n";
  std::vector<const Record *> formats = formatsOf(records);
  emitEnum(formats, "Format", "Summary", os);
  os << formatv("inline constexpr std::array<uint8_t, {0}> kFormatBytes = {{", formats.size());
  ListSeparator comma(", ");
  for (const Record *format : formats)
    os << comma << format->getValueAsInt("Bits") / 8;
  os << "};\n/// Calls f(std::integral_constant<Format, …>) with a format as a constant.\n"
        "template <class F> decltype(auto) visitFormat(Format format, F &&f) {\n  switch (format) {\n";
  for (const Record *format : formats)
    os << formatv("  case Format::{0}:\n    return f(std::integral_constant<Format, Format::{0}>());\n",
                  capitalize(format->getValueAsString("Name")));
  os << "  }\n  __builtin_unreachable();\n}\n";
  emitEnum(components, "Component", "Events", os);
  emitTexts(components, "kComponentEvents", text("Events"), os);
  emitComponents(
      engines, "kEngineComponents",
      [](auto *engine) { return engine->getValueAsDef("Component")->getValueAsString("Name"); }, os);
  emitComponents(memories, "kMemoryComponents", [](auto *memory) { return memory->getValueAsString("Name"); }, os);
  os << "#endif\n";
}

void emitStruct(const InstrDef &instr, raw_ostream &os) {
  os << formatv("/// {0}\nstruct {1} {{\n  static constexpr uint8_t kOpcode = {2};\n"
                "  static constexpr std::string_view kMnemonic = \"{3}\";\n"
                "  static constexpr Engine kEngine = Engine::{4};\n  static constexpr unsigned kWords = {5};\n"
                "  static constexpr bool kHasSync = {6};\n  static constexpr std::string_view kCostClass = \"{7}\";\n"
                "  static constexpr std::array<Word, {5}> kUsed = {{{{",
                instr.def->getValueAsString("summary"), instr.cls, instr.opcode, instr.mnemonic,
                capitalize(instr.engine->getValueAsString("Name")), instr.words, instr.hasSync ? "true" : "false",
                instr.def->getValueAsString("CostClass"));
  for (const Bits &bits : instr.used)
    os << "Word{" << half(bits, 0) << ", " << half(bits, 64) << "}, ";
  os << "}};\n";
  if (instr.hasSync)
    os << "  Sync sync;\n";
  for (const FieldDef &field : instr.namedFields())
    os << formatv("  {0} {1}{{};\n", field.cpp, field.name);
  if (const FieldDef *size = instr.bodySize())
    os << formatv("  std::vector<MicroOp> body;\n  uint32_t bodySize() const {{ return {0}; }\n", size->name);
  os << "  bool operator==(const " << instr.cls << " &) const = default;\n"
     << "  /// Calls f(FieldInfo, field) for each field.\n"
        "  template <class Self, class F> static constexpr void forEachField([[maybe_unused]] Self &self, "
        "[[maybe_unused]] F &&f) {\n";
  for (const FieldDef &field : instr.namedFields()) {
    unsigned memories = 0;
    bool bytes = false;
    for (const AccessDef &access : instr.accesses)
      if (access.operand == field.name)
        memories |= access.memories, bytes |= access.bytes != 0;
    os << formatv("    f(FieldInfo{{\"{0}\", {1}, {2}, {3}, {4}, {5}}, self.{0});\n", field.name, field.word, field.lo,
                  field.width, memories, bytes ? "true" : "false");
  }
  os << "  }\n};\n";
  if (!instr.isMicro)
    os << formatv("inline Engine engineOf([[maybe_unused]] const {0} &instr) {{ return {1}; }\n", instr.cls,
                  engineOf(instr, "instr", "engine"));
  os << "\n";
}

/// The product of the named sizes of an instruction, or for a micro-operation of its head.
std::string product(const InstrDef &instr, ArrayRef<StringRef> names, StringRef panels) {
  std::vector<StringRef> registers;
  for (const FieldDef &field : instr.namedFields())
    if (field.cpp == "RegOrImm")
      registers.push_back(field.name);
  std::string result;
  for (StringRef name : names) {
    const FieldDef *field = instr.field(name);
    std::string value = !field ? ("uint64_t(head." + name + ")").str()
                        : field->cpp == "RegOrImm"
                            ? formatv("sizes[{0}]", find(registers, name) - registers.begin()).str()
                            : ("uint64_t(instr." + name + ")").str();
    if (name == panels)
      value = "wholePanels(" + value + ")";
    result += (result.empty() ? "" : " * ") + value;
  }
  return result.empty() ? "1" : result;
}

/// `regions`, from the accesses of the records. That of an instruction with a body goes through it.
void emitRegions(const InstrDef &instr, raw_ostream &os) {
  if (instr.accesses.empty() && !instr.bodySize()) {
    os << formatv(instr.isMicro
                      ? "template <class H, class F> void microRegions(const {0} &, H &&, unsigned &, F &&) {{}\n"
                      : "template <class F> void regions(const {0} &, std::span<const uint64_t>, F &&) {{}\n",
                  instr.cls);
    return;
  }
  os << formatv("template <{2}class F>\nvoid {1}([[maybe_unused]] const {0} &instr, [[maybe_unused]] {3}, "
                "[[maybe_unused]] F &&f) {{\n",
                instr.cls, instr.isMicro ? "microRegions" : "regions", instr.isMicro ? "class Head, " : "",
                instr.isMicro ? "const Head &head, [[maybe_unused]] unsigned &place"
                              : "std::span<const uint64_t> sizes");
  if (!instr.nothingIfZero.empty()) {
    os << "  if (";
    ListSeparator separator(" || ");
    for (StringRef name : instr.nothingIfZero)
      os << separator << product(instr, name, "") << " == 0";
    os << ")\n    return;\n";
  }
  std::vector<StringRef> operands;
  for (const FieldDef &field : instr.namedFields())
    if (field.isOperand())
      operands.push_back(field.name);
  for (const AccessDef &access : instr.accesses) {
    if (!access.onlyIf.empty())
      os << "  if (instr." << access.onlyIf << ")\n  ";
    std::string row = product(instr, access.row, access.panels);
    std::string format = ("instr." + access.operand + ".format").str();
    os << formatv("  f(Region{{.place = {0}{1}, .rows = {2}, .bytes = {3}, .write = {4}, .format = {5}, "
                  ".elementwise = {6}});\n",
                  instr.isMicro ? "place + " : "", find(operands, access.operand) - operands.begin(),
                  product(instr, access.rows, ""),
                  access.bytes == 1 ? row
                  : access.bytes    ? formatv("{0} * {1}", row, access.bytes).str()
                                    : formatv("bytesOf({0}, {1})", format, row).str(),
                  access.write ? "true" : "false", access.bytes ? "std::nullopt" : format,
                  access.elementwise ? "true" : "false");
  }
  if (instr.isMicro)
    os << "  place += " << operands.size() << ";\n";
  if (instr.bodySize())
    os << formatv("  unsigned place = {0};\n  for (const MicroOp &micro : instr.body)\n"
                  "    std::visit([&](const auto &op) {{ microRegions(op, instr, place, f); }, micro);\n",
                  operands.size());
  os << "}\n";
}

void emitList(ArrayRef<InstrDef> instrs, bool micro, StringRef macro, raw_ostream &os) {
  os << "#ifdef " << macro << "\n#undef " << macro << "\n";
  ListSeparator separator(", ");
  for (const InstrDef &instr : instrs)
    if (instr.isMicro == micro)
      os << separator << instr.cls;
  os << "\n#endif\n";
}

bool emitIsa(const RecordKeeper &records, raw_ostream &os) {
  emitSourceFileHeader("Instruction structs", os, records);
  std::vector<InstrDef> instrs = collect(records);
  emitMachine(records, os);
  os << "#ifdef GET_ISA_PARTS\n#undef GET_ISA_PARTS\n";
  for (const Record *def : records.getAllDerivedDefinitions("Rpu_Part")) {
    PartDef part(def);
    StringRef name = def->getName();
    name.consume_front("Rpu_Part");
    os << formatv("/// {0}\ninline constexpr Part k{1}{{{2}, {3}, {4}};\n", part.values, name, part.lo, part.width,
                  part.count);
  }
  os << "#endif\n";
  for (bool micro : {true, false}) {
    StringRef macro = micro ? "GET_ISA_MICRO_STRUCTS" : "GET_ISA_STRUCTS";
    os << "#ifdef " << macro << "\n#undef " << macro << "\n";
    for (const InstrDef &instr : instrs)
      if (instr.isMicro == micro)
        emitStruct(instr, os);
    os << "#endif\n";
  }
  os << "#ifdef GET_ISA_REGIONS\n#undef GET_ISA_REGIONS\n";
  for (bool micro : {true, false})
    for (const InstrDef &instr : instrs)
      if (instr.isMicro == micro)
        emitRegions(instr, os);
  os << "#endif\n";
  emitList(instrs, true, "GET_ISA_MICRO_LIST", os);
  emitList(instrs, false, "GET_ISA_LIST", os);
  return false;
}

/// Selection of micro-operations: a row for each operation that a record implements, and their look-up.
void emitSelection(ArrayRef<InstrDef> instrs, raw_ostream &os) {
  os << "/// An element-wise operation, its kind or nothing, and what makes its micro-operation from lane operands.\n"
        "struct MicroOpSelection {\n  llvm::StringLiteral operation, kind;\n"
        "  mlir::Value (*create)(mlir::OpBuilder &, mlir::Location, llvm::ArrayRef<mlir::Value>);\n};\n"
        "inline constexpr MicroOpSelection kMicroOpSelections[] = {\n";
  StringMap<const Record *> taken;
  for (const InstrDef &instr : instrs) {
    if (!instr.isMicro)
      continue;
    int64_t arity = count_if(instr.fields, [](const FieldDef &field) { return field.kindName() == "Rpu_LaneIn"; });
    for (const Record *row : instr.def->getValueAsListOfDefs("Implements")) {
      StringRef operation = row->getValueAsString("Operation"), kind = row->getValueAsString("Kind");
      std::vector<int64_t> operands = row->getValueAsListOfInts("Operands");
      auto [first, fresh] = taken.try_emplace((operation + " " + kind).str(), instr.def);
      if (!fresh) {
        PrintError(instr.def, "'" + operation + "' of kind '" + kind + "' is implemented already");
        PrintFatalNote(first->second, "by this micro-operation");
      }
      if (operands.empty())
        for (int64_t operand = 0; operand < arity; ++operand)
          operands.push_back(operand);
      if (static_cast<int64_t>(operands.size()) != arity)
        PrintFatalError(instr.def, "'" + operation + "' of '" + instr.mnemonic + "' names " + Twine(operands.size()) +
                                       " operands, expected " + Twine(arity));
      os << formatv(
          "    {{\"{0}\", \"{1}\", [](mlir::OpBuilder &lane, mlir::Location loc, llvm::ArrayRef<mlir::Value> in) "
          "-> mlir::Value {{ return {2}::create(lane, loc, lane.getF32Type()",
          operation, kind, instr.opClass);
      for (int64_t operand : operands)
        os << ", in[" << operand << "]";
      os << "); }},\n";
    }
  }
  os << "};\n\n"
        "/// The micro-operation of an element-wise operation of a kind; null where there is none.\n"
        "inline mlir::Value createMicroOp(mlir::OpBuilder &lane, mlir::Operation *op, llvm::StringRef kind, "
        "llvm::ArrayRef<mlir::Value> in) {\n"
        "  llvm::StringRef operation = op->getName().getStringRef();\n"
        "  for (const MicroOpSelection &row : kMicroOpSelections)\n"
        "    if (row.operation == operation && row.kind == kind)\n"
        "      return row.create(lane, op->getLoc(), in);\n"
        "  return nullptr;\n}\n\n";
}

/// The bridge from op to struct: for each record with an op an overload of `toInstr` and, of an instruction, of
/// `engineOf`; visitors that find the class of an op; and the selection of micro-operations.
bool emitBridge(const RecordKeeper &records, raw_ostream &os) {
  emitSourceFileHeader("Op to instruction", os, records);
  auto accessor = [](StringRef name) { return ("get" + name.take_front().upper() + name.drop_front()).str(); };
  std::vector<InstrDef> instrs = collect(records);
  os << "/// The format that holds numbers of a type, if there is one.\n"
        "inline std::optional<isa::Format> formatOf(mlir::Type type) {\n";
  for (const Record *format : formatsOf(records)) {
    mlir::tblgen::FmtContext context;
    context.withSelf("type");
    mlir::tblgen::TypeConstraint constraint(format->getValueAsDef("ElementType"));
    os << "  if (" << mlir::tblgen::tgfmt(constraint.getConditionTemplate(), &context)
       << ")\n    return isa::Format::" << capitalize(format->getValueAsString("Name")) << ";\n";
  }
  os << "  return std::nullopt;\n}\n\n";
  erase_if(instrs, [](const InstrDef &instr) { return !instr.hasOp(); });
  for (const InstrDef &instr : instrs) {
    if (!instr.isMicro)
      os << formatv("inline isa::Engine engineOf([[maybe_unused]] {0} op) {{ return {1}; }\n", instr.opClass,
                    engineOf(instr, "op", "getEngine()"));
    os << formatv("template <class Encoder> isa::{0} toInstr({1} op, [[maybe_unused]] Encoder &encode) {{\n"
                  "  isa::{0} instr;\n",
                  instr.cls, instr.opClass);
    if (instr.hasSync)
      os << "  instr.sync = encode.sync(op, op.getWaits(), op.getPosts());\n";
    for (const FieldDef &field : instr.namedFields()) {
      std::string get = accessor(field.name);
      StringRef kind = field.kindName();
      os << "  instr." << field.name << " = ";
      if (field.isBodySize())
        os << "encode.bodySize(op);\n";
      else if (field.isOperand())
        os << formatv("encode.{0}(op, op.{1}(), op.{1}View());\n", field.cpp == "View" ? "view" : "element", get);
      else if (field.cpp == "LaneReg")
        os << formatv("encode.lane(op.{0}());\n", kind == "Rpu_LaneOut" ? "getResult" : get);
      else if (field.cpp == "RegOrImm")
        os << formatv("encode.regOrImm(op, \"{0}\", op.{1}(), {2});\n", field.name, get, field.width - 1);
      else if (field.cpp == "Reg")
        os << formatv("encode.reg(op.{0}());\n", get);
      else if (field.cpp == "RegOut")
        os << formatv("{{encode.reg(op.{0}())};\n", get);
      else if (field.cpp == "float")
        os << formatv("op.{0}().convertToFloat();\n", get);
      else if (field.cpp == "bool")
        os << formatv("op.{0}();\n", get);
      else
        os << formatv("static_cast<{0}>(op.{1}());\n", field.cpp, get);
    }
    os << "  return instr;\n}\n\n";
  }
  for (bool micro : {false, true}) {
    os << formatv("/// Calls `f` with `op` as its class if it is {0}; returns whether it is.\n"
                  "template <class F> bool {1}(mlir::Operation *op, F &&f) {{\n"
                  "  return llvm::TypeSwitch<mlir::Operation *, bool>(op)\n      .Case<",
                  micro ? "a micro-operation" : "an instruction", micro ? "visitMicroOp" : "visitInstr");
    ListSeparator separator(", ");
    for (const InstrDef &instr : instrs)
      if (instr.isMicro == micro)
        os << separator << instr.opClass;
    os << ">([&](auto typed) {\n        f(typed);\n        return true;\n      })\n"
          "      .Default([](mlir::Operation *) { return false; });\n}\n\n";
  }
  emitSelection(instrs, os);
  return false;
}

/// `| 91:64 | waits | 4 times, upwards: … |`.
std::string partRow(const PartDef &part) {
  std::string times = part.count > 1 ? formatv("{0} times, upwards: ", part.count).str() : "";
  return formatv("| {0}:{1} | {2} | {3}{4} |\n", part.end() - 1, part.lo, part.name, times, part.values);
}

/// What an instruction does to memory, as a list.
void emitAccesses(const InstrDef &instr, ArrayRef<const Record *> memories, raw_ostream &os) {
  if (!instr.accesses.empty())
    os << "\n";
  for (const AccessDef &access : instr.accesses) {
    std::vector<std::string> row, names;
    for (StringRef size : access.row)
      row.push_back(size == access.panels ? ("whole panels of " + size).str() : size.str());
    if (access.bytes > 1 || row.empty())
      row.push_back(std::to_string(std::max<int64_t>(access.bytes, 1)));
    for (const Record *memory : memories)
      if (access.memories >> memory->getValueAsInt("Number") & 1)
        names.push_back(memory->getValueAsString("Name").str());
    os << "- " << (access.write ? "Writes" : "Reads") << " `" << access.operand << "` in " << join(names, ", ");
    if (!access.onlyIf.empty())
      os << ", with `" << access.onlyIf << "`";
    os << ": ";
    if (!access.rows.empty())
      os << join(access.rows, " × ") << " rows of ";
    os << join(row, " × ") << (access.bytes ? " bytes" : " numbers") << ".\n";
  }
}

bool emitManual(const RecordKeeper &records, raw_ostream &os) {
  std::vector<InstrDef> instrs = collect(records);
  os << "# Instructions\n\nMade from `RpuInstr.td`. Words have 128 bits; word 0 is the head. A field that is a "
        "register "
        "or an immediate is a register where its highest bit is set.\n";
  os << "\n## Engines\n\n| number | engine | does |\n|---|---|---|\n";
  for (const Record *engine : enginesOf(records))
    os << formatv("| {0} | {1} | {2} |\n", engine->getValueAsInt("Number"), engine->getValueAsString("Name"),
                  engine->getValueAsString("Summary"));
  os << "\n## Memories\n\n| number | memory | is |\n|---|---|---|\n";
  for (const Record *memory : memoriesOf(records))
    os << formatv("| {0} | {1} | {2}, {3} |\n", memory->getValueAsInt("Number"), memory->getValueAsString("Name"),
                  memory->getValueAsString("Spoken"), memory->getValueAsBit("OnTile") ? "of a tile" : "off the tile");
  os << "\n## Formats\n\n| number | format | bits | is |\n|---|---|---|---|\n";
  for (const Record *format : formatsOf(records))
    os << formatv("| {0} | {1} | {2} | {3} |\n", format->getValueAsInt("Number"), format->getValueAsString("Name"),
                  format->getValueAsInt("Bits"), format->getValueAsString("Summary"));
  for (const Record *kind : records.getAllDerivedDefinitions("Rpu_Kind")) {
    std::vector<PartDef> parts = partsOf(kind, "Parts");
    if (parts.empty())
      continue;
    os << formatv("\n## Fields of {0}\n\n{1}\n\n| bits of the field | part | values |\n|---|---|---|\n",
                  kind->getValueAsString("Range"), kind->getValueAsString("Meaning"));
    for (const PartDef &part : parts)
      os << partRow(part);
  }
  for (bool micro : {false, true}) {
    if (micro)
      os << "\n# Micro-operations\n\nThe words of a lane program, after the head of `lanes`.\n";
    for (const InstrDef &instr : instrs) {
      if (instr.isMicro != micro)
        continue;
      os << formatv("\n## `{0}` (opcode 0x{1}, {2})\n\n{3}\n", instr.mnemonic, utohexstr(instr.opcode, true, 2),
                    instr.engine->getValueAsString("Name"), instr.def->getValueAsString("summary"));
      std::string description;
      for (StringRef line : split(instr.def->getValueAsString("description"), '\n'))
        description += (line.trim() + "\n").str();
      if (!StringRef(description).trim().empty())
        os << "\n" << StringRef(description).trim() << "\n";
      emitAccesses(instr, memoriesOf(records), os);
      os << "\n| word | bits | field | values |\n|---|---|---|---|\n";
      for (const PartDef &part : partsOf(instr.def, "Head"))
        os << "| 0 " << partRow(part);
      for (const FieldDef &field : instr.fields)
        os << formatv("| {0} | {1}:{2} | {3} | {4} |\n", field.word, field.lo + field.width - 1, field.lo,
                      field.isReserved() ? "reserved" : field.name, field.range);
    }
  }
  return false;
}

GenRegistration isa("gen-isa", "Generate the instruction structs", emitIsa);
GenRegistration bridge("gen-isa-bridge", "Generate the bridge from op to instruction", emitBridge);
GenRegistration manual("gen-isa-manual", "Generate the manual of the instruction set", emitManual);

} // namespace
