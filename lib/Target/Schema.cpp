//===- Schema.cpp - The keys of a target's file -----------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// A row of `keys` is the declaration of a key. Reading, checking, printing and
// the page of documentation are loops over them.
//===----------------------------------------------------------------------===//
#include "Schema.h"

#include "rnn-mlir/Target/Cost.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <type_traits>

namespace rnn::target {

namespace {

constexpr Unit frequency[] = {{"Hz", 1}, {"kHz", 1e3}, {"MHz", 1e6}, {"GHz", 1e9}};
constexpr Unit bytes[] = {{"B", 1}, {"KiB", 1024.0}, {"MiB", 1048576.0}, {"GiB", 1073741824.0}};
constexpr Unit bytesPerCycle[] = {{"B/cycle", 1}};
constexpr Unit cycles[] = {{"cycles", 1}};
constexpr Unit steps[] = {{"steps", 1}};
constexpr Unit count[] = {{"1", 1}};
constexpr Unit joule[] = {{"J", 1}, {"nJ", 1e-9}, {"pJ", 1e-12}, {"fJ", 1e-15}};
constexpr Unit joulePerByte[] = {{"J/B", 1}, {"nJ/B", 1e-9}, {"pJ/B", 1e-12}, {"fJ/B", 1e-15}};
constexpr Unit watt[] = {{"W", 1}, {"mW", 1e-3}, {"uW", 1e-6}};
constexpr Unit length[] = {{"nm", 1}};
constexpr Unit volt[] = {{"V", 1}, {"mV", 1e-3}};

constexpr double maxCount = 1 << 20;
constexpr double maxQueue = 1 << 10;
constexpr double maxTileMemory = 1 << 30;
constexpr double maxDram = double(1ull << 48);
// More is a mistake of the unit: no logic is clocked faster, no event of a chip takes as much, no chip can be
// cooled of as much.
constexpr double minClock = 1, maxClock = 1e12;
constexpr double maxEnergy = 1;
constexpr double maxPower = 1e3;

/// The names of `*` in a path: of all that begin with this.
struct List {
  std::string_view prefix;
  std::span<const std::string_view> names;
  size_t first; ///< index of the first name that a file may have
};
// The DRAM is the first memory and has a section of its own.
static_assert(size_t(isa::Memory::Dram) == 0);
constexpr List lists[] = {{"memories.", isa::kMemoryNames, 1}, {"vec.operations.", kMicroClassNames, 0}};

constexpr std::string_view hostPrefix = "host.";

/// The member of `object` at the end of a path of pointers to members; `index` chooses of an array.
template <auto First, auto... Rest, class Object> constexpr auto &walk(Object &object, size_t index) {
  auto &member = object.*First;
  using Member = std::remove_cvref_t<decltype(member)>;
  auto &element = [&]() -> auto & {
    if constexpr (requires { member[index]; })
      return member[index];
    else if constexpr (std::is_same_v<Member, std::optional<LinkModel>>)
      return *member;
    else
      return member;
  }();
  if constexpr (sizeof...(Rest) == 0)
    return element;
  else
    return walk<Rest...>(element, index);
}

template <auto... Path> using MemberOf = std::remove_cvref_t<decltype(walk<Path...>(std::declval<TargetModel &>(), 0))>;

template <auto... Path> void setMember(TargetModel &model, size_t index, double value) {
  auto &member = walk<Path...>(model, index);
  using Member = MemberOf<Path...>;
  if constexpr (std::is_same_v<Member, FormatSet>)
    member.bits = uint32_t(value);
  else if constexpr (std::is_enum_v<Member>)
    member = Member(uint8_t(value));
  else
    member = Member(value);
}

template <auto... Path> double getMember(const TargetModel &model, size_t index) {
  const auto &member = walk<Path...>(model, index);
  if constexpr (std::is_same_v<MemberOf<Path...>, FormatSet>)
    return member.bits;
  else
    return double(member);
}

constexpr Default required = {};
constexpr Default one = {Default::Value, 1, {}};
constexpr Default none = {Default::Value, 0, {}};

/// A number: whole where the member is.
template <auto... Path>
constexpr Key number(std::string_view path, std::span<const Unit> units, double least, double most, Default absent,
                     std::string_view meaning) {
  return {path,   units, {},     /*several=*/false,  std::is_integral_v<MemberOf<Path...>>,
          least,  most,  absent, setMember<Path...>, getMember<Path...>,
          meaning};
}

/// One of several words.
template <auto... Path>
constexpr Key word(std::string_view path, std::span<const std::string_view> choices, std::string_view meaning) {
  return {path,
          {},
          choices,
          /*several=*/false,
          /*whole=*/true,
          0,
          double(choices.size() - 1),
          none,
          setMember<Path...>,
          getMember<Path...>,
          meaning};
}

/// A list of formats; f32 alone unless another is written.
template <auto... Path> constexpr Key formats(std::string_view path, std::string_view meaning) {
  return {path,
          {},
          isa::kFormatNames,
          /*several=*/true,
          /*whole=*/true,
          1,
          double((1u << isa::kFormatNames.size()) - 1),
          one,
          setMember<Path...>,
          getMember<Path...>,
          meaning};
}

using T = TargetModel;
using Memory = MemoryModel;

constexpr Key keys[] = {
    number<&T::clock>("clock", frequency, minClock, maxClock, required, "clock of the tile"),
    number<&T::point, &OperatingPoint::nanometres>("technology", length, 0, maxCount, none,
                                                   "feature size; 0 where it is not told"),
    number<&T::point, &OperatingPoint::volts>("voltage", volt, 0, 100, none, "of the tile; 0 where it is not told"),

    number<&T::sequencer, &SequencerModel::issue>("sequencer.issue", cycles, 1, maxCount, required,
                                                  "resolving and enqueuing one engine instruction"),
    number<&T::sequencer, &SequencerModel::scalar>("sequencer.scalar", cycles, 1, maxCount, required,
                                                   "one scalar instruction, `loop` and `end` included"),
    number<&T::sequencer, &SequencerModel::divide>("sequencer.divide", cycles, 1, maxCount, required,
                                                   "a scalar division"),
    number<&T::sequencer, &SequencerModel::queueDepth>("sequencer.queue_depth", count, 1, maxQueue, required,
                                                       "instructions that each engine's queue holds"),
    number<&T::sequencer, &SequencerModel::energy>("sequencer.energy", joule, 0, maxEnergy, required,
                                                   "of one instruction"),
    number<&T::sequencer, &SequencerModel::leakage>("sequencer.leakage", watt, 0, maxPower, required,
                                                    "leakage of the sequencer"),

    number<&T::dma, &DmaModel::setup>("dma.setup", cycles, 1, maxCount, required,
                                      "of one instruction beside its bytes"),
    number<&T::dma, &DmaModel::energy>("dma.energy", joule, 0, maxEnergy, required, "of one instruction"),
    number<&T::dma, &DmaModel::leakage>("dma.leakage", watt, 0, maxPower, required, "leakage of the dma"),

    number<&T::mat, &MatModel::rows>("mat.rows", count, 1, maxCount, required, "rows of a weight worked on at a time"),
    number<&T::mat, &MatModel::columns>("mat.columns", count, 1, maxCount, required,
                                        "columns of a weight worked on at a time"),
    word<&T::mat, &MatModel::mapping>(
        "mat.mapping", kMappingNames,
        "`rows`: dot products row by row, a weight is read once for all vectors of a product; `columns`: an input "
        "element is broadcast to all rows, and weights are read for each vector"),
    number<&T::mat, &MatModel::vectors>(
        "mat.vectors", count, 1, maxCount, one,
        "vectors of a block: a product with several takes as long as whole blocks of them, as a matrix kernel does"),
    formats<&T::mat, &MatModel::formats>("mat.formats", "number formats of weights and vectors"),
    formats<&T::mat, &MatModel::accumulators>("mat.accumulators", "number formats of sums"),
    number<&T::mat, &MatModel::latency>("mat.latency", cycles, 0, maxCount, required,
                                        "from the last operand to the visible result"),
    number<&T::mat, &MatModel::energy>("mat.energy", joule, 0, maxEnergy, required, "of one multiply-add"),
    number<&T::mat, &MatModel::leakage>("mat.leakage", watt, 0, maxPower, required, "leakage of mat"),

    number<&T::vec, &VecModel::lanes>("vec.lanes", count, 1, maxCount, required, "elements worked on at a time"),
    formats<&T::vec, &VecModel::formats>("vec.formats", "number formats that are loaded and stored"),
    number<&T::vec, &VecModel::latency>("vec.latency", cycles, 0, maxCount, required,
                                        "filling and draining the pipeline"),
    number<&T::vec, &VecModel::leakage>("vec.leakage", watt, 0, maxPower, required, "leakage of vec"),
    number<&T::vec, &VecModel::activation, &ActivationModel::units>(
        "vec.activation.units", count, 1, maxCount, {Default::OtherKey, 0, "vec.lanes"},
        "elements that exp, log, sigmoid and tanh work on at a time"),
    word<&T::vec, &VecModel::activation, &ActivationModel::lookup>(
        "vec.activation.lookup", kLookupNames,
        "how functions of integers are found; those of floating point are computed"),
    number<&T::vec, &VecModel::activation, &ActivationModel::entries>("vec.activation.entries", count, 0, maxCount,
                                                                      none, "entries of the table, or segments"),
    number<&T::vec, &VecModel::cycles>("vec.operations.*.cycles", cycles, 1, maxCount, required,
                                       "a micro-operation on one group of elements"),
    number<&T::vec, &VecModel::energy>("vec.operations.*.energy", joule, 0, maxEnergy, required,
                                       "of a micro-operation on one element"),

    number<&T::memories, &Memory::capacity>("memories.*.capacity", bytes, 64, maxTileMemory, required,
                                            "size of the memory, over all banks"),
    word<&T::memories, &Memory::kind>(
        "memories.*.kind", kMemoryKindNames,
        "`scratchpad`: the program decides what stays; `cache`, of weights: where they are more than it holds, read in "
        "their order, none stays"),
    number<&T::memories, &Memory::banks>("memories.*.banks", count, 1, maxCount, one,
                                         "equal parts that work side by side"),
    number<&T::memories, &Memory::bandwidth>("memories.*.bandwidth", bytesPerCycle, 1, maxCount, required,
                                             "of each access stream, over all banks"),
    number<&T::memories, &Memory::readEnergy>("memories.*.read_energy", joulePerByte, 0, maxEnergy, required,
                                              "of a byte read"),
    number<&T::memories, &Memory::writeEnergy>("memories.*.write_energy", joulePerByte, 0, maxEnergy, required,
                                               "of a byte written"),
    number<&T::memories, &Memory::leakage>("memories.*.leakage", watt, 0, maxPower, required, "leakage of the memory"),

    // Index 0, that of a path without `*`, is the DRAM's.
    number<&T::memories, &Memory::capacity>("dram.capacity", bytes, 64, maxDram, required, "size of the DRAM"),
    number<&T::memories, &Memory::bandwidth>("dram.bandwidth", bytesPerCycle, 1, maxCount, required,
                                             "of the channel that everything shares"),
    number<&T::memories, &Memory::latency>("dram.latency", cycles, 0, maxCount, required,
                                           "from a request to its first byte"),
    number<&T::memories, &Memory::burst>("dram.burst", bytes, 1, maxCount, required,
                                         "every row of a copy is rounded up to whole bursts"),
    number<&T::memories, &Memory::readEnergy>("dram.read_energy", joulePerByte, 0, maxEnergy, required,
                                              "of a byte read"),
    number<&T::memories, &Memory::writeEnergy>("dram.write_energy", joulePerByte, 0, maxEnergy, required,
                                               "of a byte written"),
    number<&T::memories, &Memory::leakage>("dram.background", watt, 0, maxPower, required,
                                           "background power of the DRAM"),

    number<&T::link, &LinkModel::bandwidth>("link.bandwidth", bytesPerCycle, 1, maxCount, required,
                                            "of a link in each direction"),
    number<&T::link, &LinkModel::latency>("link.latency", cycles, 0, maxCount, required,
                                          "from sending a byte to having it"),
    number<&T::link, &LinkModel::energy>("link.energy", joulePerByte, 0, maxEnergy, required, "of a byte sent"),
    number<&T::link, &LinkModel::leakage>("link.leakage", watt, 0, maxPower, required, "leakage of the links"),

    number<&T::host, &HostModel::timeTile>("host.time_tile", steps, 1, maxCount,
                                           {Default::Value, double(HostModel().timeTile), {}},
                                           "steps whose input products are made at once, unless told otherwise"),
    formats<&T::host, &HostModel::accumulators>("host.accumulators", "number formats of sums"),
};

constexpr OptionalSection optional[] = {
    {"link", "links to neighbouring tiles", [](TargetModel &model) { model.link.emplace(); },
     [](const TargetModel &model) { return model.link.has_value(); }},
};

} // namespace

bool Key::isEnergy() const {
  return units.data() == joule || units.data() == joulePerByte;
}

bool Key::isPower() const {
  return units.data() == watt;
}

double leakage(const TargetModel &model) {
  // Engines, and then memories by their numbers, of which the DRAM's is the first: an order that the last bit keeps.
  std::vector<const Row *> memories;
  double result = 0;
  for (const Row &row : rows(model.kind)) {
    const OptionalSection *section = optionalSectionOf(row.path);
    if (!row.key->isPower() || (section && !section->isOpen(model)))
      continue;
    if (row.path.starts_with("memories.") || row.path.starts_with("dram."))
      memories.push_back(&row);
    else
      result += row.key->get(model, row.index);
  }
  std::ranges::stable_sort(memories, {}, &Row::index);
  for (const Row *row : memories)
    result += row->key->get(model, row->index);
  return result;
}

static bool applies(std::string_view path, Kind kind) {
  return path.starts_with(hostPrefix) == (kind == Kind::Host);
}

static std::vector<Row> rowsOf(Kind kind) {
  std::vector<Row> result;
  for (const Key *key = std::begin(keys); key != std::end(keys);) {
    std::string_view prefix = key->path.substr(0, key->path.find('*'));
    const Key *end = key + 1;
    auto list = std::ranges::find(lists, prefix, &List::prefix);
    bool starred = prefix.size() < key->path.size();
    while (starred && end != std::end(keys) && end->path.starts_with(std::string(prefix) + "*"))
      ++end;
    // All keys of one name come before those of the next.
    for (size_t index = starred ? list->first : 0, names = starred ? list->names.size() : 1; index < names; ++index)
      for (const Key *each = key; each != end; ++each)
        if (applies(each->path, kind))
          result.push_back({each,
                            starred ? std::string(prefix) + std::string(list->names[index]) +
                                          std::string(each->path.substr(prefix.size() + 1))
                                    : std::string(each->path),
                            index});
    key = end;
  }
  return result;
}

const std::vector<Row> &rows(Kind kind) {
  static const std::vector<Row> device = rowsOf(Kind::Device), host = rowsOf(Kind::Host);
  return kind == Kind::Device ? device : host;
}

std::vector<const OptionalSection *> optionalSections(Kind kind) {
  std::vector<const OptionalSection *> result;
  for (const OptionalSection &section : optional)
    if (applies(section.path, kind))
      result.push_back(&section);
  return result;
}

const OptionalSection *optionalSectionOf(std::string_view path) {
  for (const OptionalSection &section : optional)
    if (path.starts_with(section.path) && path.substr(section.path.size()).starts_with('.'))
      return &section;
  return nullptr;
}

std::string numberText(double number) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, number).ptr};
}

/// Range and unit of a number, or the words there are.
static std::string allowed(const Key &key) {
  std::string text;
  if (key.units.empty()) {
    for (std::string_view choice : key.choices)
      text += (text.empty() ? "`" : ", `") + std::string(choice) + "`";
    return key.several ? "list of " + text : text;
  }
  std::string base = key.units[0].name == "1" ? "" : " " + std::string(key.units[0].name);
  return numberText(key.least) + " to " + numberText(key.most) + base + (key.whole ? ", whole" : "");
}

static std::string absence(const Key &key) {
  switch (key.absent.rule) {
  case Default::Required:
    if (const OptionalSection *section = optionalSectionOf(key.path))
      return "required with `" + std::string(section->path) + "`";
    return "required";
  case Default::OtherKey:
    return "`" + std::string(key.absent.other) + "`";
  case Default::Value:
    break;
  }
  if (key.units.empty())
    return key.several ? "`[" + std::string(key.choices[0]) + "]`" : "`" + std::string(key.choices[0]) + "`";
  return numberText(key.absent.value);
}

std::string keyTable() {
  std::string text =
      "| key | unit | range | unless given | meaning |\n|---|---|---|---|---|\n"
      "| `name` | | text | required | name of the target, its own even with a `base` |\n"
      "| `summary` | | text | required | one line for lists |\n"
      "| `base` | | name of a built-in target, or a file `NAME.yaml` | none | the target whose keys this one has where "
      "it gives none |\n"
      "| `kind` | | `device` or `host` | that of `base`, required without | a simulated machine, or native code alone "
      "|\n";
  for (Kind kind : {Kind::Device, Kind::Host})
    for (const Row &row : rows(kind)) {
      std::string units;
      for (const Unit &unit : row.key->units)
        units += (units.empty() ? "" : ", ") + std::string(unit.name);
      text += "| `" + row.path + "` | " + units + " | " + allowed(*row.key) + " | " + absence(*row.key) + " | " +
              std::string(row.key->meaning) + " |\n";
    }
  return text;
}

} // namespace rnn::target
