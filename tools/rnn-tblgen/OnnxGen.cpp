//===- OnnxGen.cpp - Everything that is made from the operator records ----===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "mlir/TableGen/GenInfo.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TableGen/Error.h"
#include "llvm/TableGen/Record.h"
#include "llvm/TableGen/TableGenBackend.h"

#include <map>

using namespace llvm;
using mlir::GenRegistration;

namespace {

/// The newest version of the default domain.
int64_t newestOpset(const RecordKeeper &records) {
  return records.getDef("NewestOpset")->getValueAsInt("version");
}

cl::opt<std::string> conversion("onnx-lowering", cl::desc("the conversion whose lowerings are declared"));

bool isVariadic(StringRef arity) {
  return arity == "Variadic" || arity == "AnyNumber";
}

struct OperatorDef {
  explicit OperatorDef(const Record *def)
      : def(def), name(def->getValueAsString("name")), lowering(def->getValueAsString("lowering")),
        notes(def->getValueAsString("notes")), limits(def->getValueAsListOfDefs("limits")),
        takesAnyElement(def->getValueAsBit("takesAnyElement")),
        takesUnsigned(takesAnyElement || def->getValueAsBit("takesUnsigned")),
        versions(def->getValueAsListOfInts("versions")), inputs(def->getValueAsListOfDefs("inputs")),
        outputs(def->getValueAsListOfDefs("outputs")), attributes(def->getValueAsListOfDefs("attributes")),
        newest(newestOpset(def->getRecords())) {
    verify();
  }

  void verify() const {
    if (lowering.empty())
      PrintFatalError(def, "operator '" + name + "' names no conversion that lowers it");
    if (versions.empty())
      PrintFatalError(def, "operator '" + name + "' has no versions");
    for (size_t i = 0; i != versions.size(); ++i)
      if (versions[i] < 1 || versions[i] > newest || (i && versions[i] <= versions[i - 1]))
        PrintFatalError(def, "operator '" + name + "' expects rising versions of 1 to " + Twine(newest) + ", found " +
                                 Twine(versions[i]));
    verifyOperands(inputs, "input");
    verifyOperands(outputs, "output");
    std::map<StringRef, const Record *> seen;
    for (const Record *attribute : attributes) {
      StringRef attributeName = attribute->getValueAsString("name");
      verifyRange(attribute, "attribute");
      const Record *&previous = seen[attributeName];
      if (previous && previous->getValueAsInt("until") >= attribute->getValueAsInt("since"))
        PrintFatalError(def, "attribute '" + attributeName + "' of '" + name + "' is declared twice for opset " +
                                 Twine(attribute->getValueAsInt("since")));
      previous = attribute;
      verifyPermitted(attribute);
      verifyDefault(attribute);
    }
  }

  void verifyRange(const Record *part, StringRef what) const {
    int64_t since = part->getValueAsInt("since"), until = part->getValueAsInt("until");
    if (since < 1 || until > newest || since > until)
      PrintFatalError(def, what + " '" + part->getValueAsString("name") + "' of '" + name +
                               "' expects a range within 1 to " + Twine(newest) + ", found " + Twine(since) + " to " +
                               Twine(until));
  }

  void verifyOperands(ArrayRef<const Record *> operands, StringRef what) const {
    for (const Record *operand : operands)
      verifyRange(operand, what);
    for (const Record *operand : operands.empty() ? operands : operands.drop_back())
      if (isVariadic(operand->getValueAsString("arity")))
        PrintFatalError(def, "variadic " + what + " '" + operand->getValueAsString("name") + "' of '" + name +
                                 "' is not the last");
  }

  void verifyPermitted(const Record *attribute) const {
    StringRef kind = attribute->getValueAsString("kind"), attributeName = attribute->getValueAsString("name");
    for (auto [list, of] : {std::pair<StringRef, StringRef>("ints", "Int"), {"strings", "String"}})
      if (!attribute->getValueAsListInit(list)->empty() && kind != of)
        PrintFatalError(def, "attribute '" + attributeName + "' of '" + name + "' lists " + list +
                                 " that it permits, which is for kind " + of + ", not " + kind);
  }

  void verifyDefault(const Record *attribute) const {
    StringRef text = attribute->getValueAsString("default"), kind = attribute->getValueAsString("kind");
    StringRef attributeName = attribute->getValueAsString("name");
    if (text.empty())
      return;
    if (attribute->getValueAsBit("required"))
      PrintFatalError(def, "required attribute '" + attributeName + "' of '" + name + "' has a default");
    int64_t integer = 0;
    double number;
    bool wrong = kind == "Int" ? text.getAsInteger(10, integer) : kind == "Float" && text.getAsDouble(number);
    if (wrong)
      PrintFatalError(def, "default '" + text + "' of '" + attributeName + "' of '" + name + "' is not a number");
    std::vector<StringRef> strings = attribute->getValueAsListOfStrings("strings");
    std::vector<int64_t> ints = attribute->getValueAsListOfInts("ints");
    if ((!strings.empty() && !is_contained(strings, text)) || (!ints.empty() && !is_contained(ints, integer)))
      PrintFatalError(def, "default '" + text + "' of '" + attributeName + "' of '" + name + "' is not permitted");
  }

  const Record *def;
  StringRef name, lowering, notes;
  std::vector<const Record *> limits;
  bool takesAnyElement, takesUnsigned;
  std::vector<int64_t> versions;
  std::vector<const Record *> inputs, outputs, attributes;
  int64_t newest;
};

/// All operators by name.
std::vector<OperatorDef> collect(const RecordKeeper &records) {
  std::vector<OperatorDef> operators;
  StringMap<const Record *> seen;
  for (const Record *def : records.getAllDerivedDefinitions("Operator")) {
    OperatorDef &op = operators.emplace_back(def);
    auto [it, fresh] = seen.try_emplace(op.name, def);
    if (!fresh) {
      PrintError(def, "operator '" + op.name + "' is already declared");
      PrintFatalNote(it->second, "by this record");
    }
  }
  sort(operators, [](const OperatorDef &a, const OperatorDef &b) { return a.name < b.name; });
  return operators;
}

std::string quoted(StringRef text) {
  std::string result;
  raw_string_ostream os(result);
  os << '"';
  os.write_escaped(text) << '"';
  return result;
}

/// Emits `static constexpr TYPE NAME[] = {…};` and returns the name, `{}` where
/// there are no elements.
template <class Range, class Emit>
std::string emitArray(raw_ostream &os, StringRef type, const Twine &name, const Range &range, Emit emit) {
  if (range.empty())
    return "{}";
  os << "static constexpr " << type << " " << name << "[] = {";
  interleaveComma(range, os, emit);
  os << "};\n";
  return name.str();
}

std::string emitOperands(raw_ostream &os, const Twine &name, ArrayRef<const Record *> operands) {
  return emitArray(os, "OperandSpec", name, operands, [&](const Record *operand) {
    os << formatv("{{{0}, Arity::{1}, {2}, {3}}", quoted(operand->getValueAsString("name")),
                  operand->getValueAsString("arity"), operand->getValueAsInt("since"), operand->getValueAsInt("until"));
  });
}

std::string emitAttributes(raw_ostream &os, StringRef op, ArrayRef<const Record *> attributes) {
  std::vector<std::string> rows;
  for (auto [index, attribute] : enumerate(attributes)) {
    std::string ints = emitArray(os, "int64_t", "k" + op + "Ints" + Twine(index),
                                 attribute->getValueAsListOfInts("ints"), [&](int64_t value) { os << value; });
    std::string strings =
        emitArray(os, "llvm::StringRef", "k" + op + "Strings" + Twine(index),
                  attribute->getValueAsListOfStrings("strings"), [&](StringRef value) { os << quoted(value); });
    rows.push_back(formatv("\n    {{{0}, AttributeKind::{1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}}",
                           quoted(attribute->getValueAsString("name")), attribute->getValueAsString("kind"),
                           attribute->getValueAsBit("required") ? "true" : "false",
                           quoted(attribute->getValueAsString("default")), attribute->getValueAsInt("since"),
                           attribute->getValueAsInt("until"), ints, strings,
                           quoted(attribute->getValueAsString("limits"))));
  }
  return emitArray(os, "AttributeSpec", "k" + op + "Attributes", rows, [&](StringRef row) { os << row; });
}

/// The limits that an operator shares with others.
std::vector<const Record *> commonLimits(const RecordKeeper &records, const OperatorDef &op) {
  std::vector<const Record *> limits = {records.getDef("TensorBytes"), records.getDef("NoStrings")};
  if (!op.takesUnsigned)
    limits.push_back(records.getDef("NoUnsigned"));
  return limits;
}

bool emitTable(const RecordKeeper &records, raw_ostream &os) {
  emitSourceFileHeader("Operators of ONNX, by name", os, records);
  std::vector<std::string> rows;
  for (const OperatorDef &op : collect(records)) {
    std::string versions =
        emitArray(os, "int64_t", "k" + op.name + "Versions", op.versions, [&](int64_t value) { os << value; });
    std::string inputs = emitOperands(os, "k" + op.name + "Inputs", op.inputs);
    std::string outputs = emitOperands(os, "k" + op.name + "Outputs", op.outputs);
    std::string attributes = emitAttributes(os, op.name, op.attributes);
    std::vector<const Record *> all = op.limits;
    append_range(all, commonLimits(records, op));
    std::string limits = emitArray(os, "Limit", "k" + op.name + "Limits", all,
                                   [&](const Record *limit) { os << "Limit::" << limit->getName(); });
    rows.push_back(formatv("\n    {{{0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}}", quoted(op.name), versions, inputs,
                           outputs, attributes, quoted(op.lowering), limits, op.takesAnyElement ? "true" : "false"));
  }
  emitArray(os, "OperatorSpec", "kOperators", rows, [&](StringRef row) { os << row; });
  emitArray(os, "llvm::StringRef", "kLimits", records.getAllDerivedDefinitions("Limit"),
            [&](const Record *limit) { os << "\n    " << quoted(limit->getValueAsString("text")); });
  return false;
}

bool emitLimits(const RecordKeeper &records, raw_ostream &os) {
  emitSourceFileHeader("Limits of the operators of ONNX", os, records);
  ArrayRef<const Record *> limits = records.getAllDerivedDefinitions("Limit");
  os << "inline constexpr int64_t kNewestOpset = " << newestOpset(records) << ";\n\nenum class Limit : uint8_t {\n";
  for (const Record *limit : limits)
    os << "  " << limit->getName() << ",\n";
  os << "};\n\nnamespace bounds {\n";
  for (const Record *limit : limits)
    if (int64_t exponent = limit->getValueAsInt("exponent"))
      os << "inline constexpr int64_t " << limit->getName() << " = int64_t(1) << " << exponent << ";\n";
  os << "} // namespace bounds\n";
  return false;
}

bool emitLowerings(const RecordKeeper &records, raw_ostream &os) {
  if (conversion.empty())
    PrintFatalError("expected --onnx-lowering=CONVERSION");
  emitSourceFileHeader("Lowerings of " + conversion, os, records);
  std::vector<OperatorDef> operators = collect(records);
  erase_if(operators, [](const OperatorDef &op) { return op.lowering != conversion; });
  if (operators.empty())
    PrintFatalError("no operator is lowered by '" + conversion + "'");
  os << "#ifdef GET_LOWERING_DECLS\n#undef GET_LOWERING_DECLS\n";
  for (const OperatorDef &op : operators)
    os << "::llvm::LogicalResult lower" << op.name << "(NodeLowering &node);\n";
  os << "#endif\n\n#ifdef GET_LOWERING_TABLE\n#undef GET_LOWERING_TABLE\n";
  for (const OperatorDef &op : operators)
    os << "{\"" << op.name << "\", &lower" << op.name << "},\n";
  os << "#endif\n";
  return false;
}

std::string describeRange(const Record *part) {
  int64_t since = part->getValueAsInt("since"), until = part->getValueAsInt("until");
  int64_t newest = newestOpset(part->getRecords());
  if (since == 1 && until == newest)
    return "";
  if (since == 1)
    return formatv(" (until {0})", until);
  return until == newest ? formatv(" (since {0})", since).str() : formatv(" ({0} to {1})", since, until).str();
}

std::string describeOperands(ArrayRef<const Record *> operands) {
  std::string text;
  raw_string_ostream os(text);
  interleaveComma(operands, os, [&](const Record *operand) {
    StringRef arity = operand->getValueAsString("arity");
    os << operand->getValueAsString("name")
       << (arity == "Optional" ? "?"
           : isVariadic(arity) ? "…"
                               : "")
       << describeRange(operand);
  });
  return text;
}

std::string describeAttributes(ArrayRef<const Record *> attributes) {
  std::string text;
  raw_string_ostream os(text);
  interleave(
      attributes, os,
      [&](const Record *attribute) {
        StringRef defaultText = attribute->getValueAsString("default");
        os << "`" << attribute->getValueAsString("name") << "` " << attribute->getValueAsString("kind").lower()
           << describeRange(attribute);
        if (attribute->getValueAsBit("required"))
          os << ", required";
        if (!defaultText.empty())
          os << " = " << defaultText;
        std::vector<std::string> permitted;
        for (int64_t value : attribute->getValueAsListOfInts("ints"))
          permitted.push_back(std::to_string(value));
        for (StringRef value : attribute->getValueAsListOfStrings("strings"))
          permitted.push_back(value.str());
        if (!permitted.empty())
          os << " of " << join(permitted, ", ");
        if (StringRef limits = attribute->getValueAsString("limits"); !limits.empty())
          os << " (" << limits << ")";
      },
      "; ");
  return text;
}

StringRef textOf(const Record *limit) {
  return limit->getValueAsString("text");
}

bool emitPage(const RecordKeeper &records, raw_ostream &os) {
  os << "# Supported operators of ONNX\n\nOperators of the default domain, opsets 1 to " << newestOpset(records)
     << ". `?` marks optional inputs and outputs, `…` variadic ones; ranges are opsets. Everything that is not\n"
        "listed is refused with the name of the node. An operator with limits supports what they say and refuses the "
        "rest.\n"
        "An input of the graph that has an initializer is a constant of the program: it takes no value at run time. "
        "Sparse\n"
        "initializers are refused. Functions of the model are put in the place of their calls; overloaded ones and "
        "those "
        "that\ncall themselves are refused.\n"
        "Limits of all: ";
  std::vector<OperatorDef> operators = collect(records);
  std::vector<StringRef> unsignedTakers;
  for (const OperatorDef &op : operators)
    if (op.takesUnsigned)
      unsignedTakers.push_back(op.name);
  os << textOf(records.getDef("TensorBytes")) << "; " << textOf(records.getDef("NoStrings")) << "; "
     << textOf(records.getDef("NoUnsigned")) << " but for " << join(unsignedTakers, ", ")
     << ".\nElements are of float32, float64, int8 to int64 and bool, and for these operators of uint8 to uint64 too. "
        "Elements\nof float16 and bfloat16 are moved as they are; operators that compute with them do so in float32 "
        "and "
        "round the\nresult.\n\n"
        "| operator | since | inputs | outputs | attributes | limits | notes |\n|---|---|---|---|---|---|---|\n";
  for (const OperatorDef &op : operators)
    os << formatv("| {0} | {1} | {2} | {3} | {4} | {5} | {6} |\n", op.name, op.versions.front(),
                  describeOperands(op.inputs), describeOperands(op.outputs), describeAttributes(op.attributes),
                  join(map_range(op.limits, textOf), "; "), op.notes);
  return false;
}

GenRegistration table("gen-onnx-operators", "Generate the table of operators", emitTable);
GenRegistration limits("gen-onnx-limits", "Generate the names of limits", emitLimits);
GenRegistration lowerings("gen-onnx-lowerings", "Generate declarations and table of lowerings", emitLowerings);
GenRegistration page("gen-onnx-page", "Generate the page of supported operators", emitPage);

} // namespace
