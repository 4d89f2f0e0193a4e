//===- TargetModel.cpp - Reads a target from YAML ---------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Target/TargetModel.h"

#include "rnn-mlir/Support/Suggestion.h"
#include "rnn-mlir/Support/Utf8.h"

#include "yaml-cpp/yaml.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <span>

namespace rnn::target {

namespace {

/// A unit a number may be written in, and its factor to the unit of the model.
struct Unit {
  std::string_view name;
  double factor;
};

constexpr Unit frequency[] = {{"Hz", 1}, {"kHz", 1e3}, {"MHz", 1e6}, {"GHz", 1e9}};
constexpr Unit bytes[] = {{"B", 1}, {"KiB", 1024.0}, {"MiB", 1048576.0}, {"GiB", 1073741824.0}};
constexpr Unit bytesPerCycle[] = {{"B/cycle", 1}};
constexpr Unit cycles[] = {{"cycles", 1}};
constexpr Unit count[] = {{"1", 1}};
constexpr Unit joule[] = {{"J", 1}, {"nJ", 1e-9}, {"pJ", 1e-12}, {"fJ", 1e-15}};
constexpr Unit joulePerByte[] = {{"J/B", 1}, {"nJ/B", 1e-9}, {"pJ/B", 1e-12}, {"fJ/B", 1e-15}};
constexpr Unit watt[] = {{"W", 1}, {"mW", 1e-3}, {"uW", 1e-6}};

constexpr size_t maxFileBytes = 1 << 20;
constexpr uint64_t maxCount = 1 << 20;
constexpr uint64_t maxQueue = 1 << 10;
constexpr uint64_t maxTileMemory = 1ull << 30;
constexpr uint64_t maxDram = 1ull << 48;
// More is a mistake of the unit: no logic is clocked faster, no event of a chip takes as much, no chip can be
// cooled of as much.
constexpr double minClock = 1, maxClock = 1e12;
constexpr double maxEnergy = 1;
constexpr double maxPower = 1e3;

std::string numberText(double value) {
  char text[32];
  auto end = std::to_chars(text, text + sizeof text, value).ptr;
  return {text, end};
}

/// Walks a target's file along the schema and collects every problem.
class Reader {
public:
  explicit Reader(std::string_view file) : file(file) {}

  void error(const YAML::Mark &mark, const std::string &text) {
    if (!problems.empty())
      problems += '\n';
    problems += file + ':';
    if (!mark.is_null())
      problems += std::to_string(mark.line + 1) + ':' + std::to_string(mark.column + 1) + ':';
    problems += " error: " + text;
  }

  /// The mapping `key` of `parent`; an undefined node once its absence is reported.
  YAML::Node section(const YAML::Node &parent, const std::string &key) {
    YAML::Node node = child(parent, key);
    if (node && !node.IsMap()) {
      error(node.Mark(), "expected a mapping for '" + key + "'");
      return YAML::Node(YAML::NodeType::Undefined);
    }
    return node;
  }

  std::string text(const YAML::Node &parent, const std::string &key) {
    YAML::Node node = child(parent, key);
    if (!node)
      return {};
    if (!node.IsScalar() || node.Scalar().empty()) {
      error(node.Mark(), "expected text for '" + key + "'");
      return {};
    }
    return printable(node, "'" + key + "'") ? node.Scalar() : std::string();
  }

  /// Refuses control characters: names and texts are printed, each in a line of its own.
  bool printable(const YAML::Node &node, const std::string &what) {
    auto control = [](unsigned char c) { return c < 32 || c == 127; };
    if (std::ranges::none_of(node.Scalar(), control))
      return true;
    error(node.Mark(), "expected text without control characters for " + what);
    return false;
  }

  /// A number `{value: …, unit: …, source: …}` that is not negative; the keys of a target are declared by these calls.
  std::optional<double> number(const YAML::Node &parent, const std::string &key, std::span<const Unit> units,
                               std::string_view meaning, double least, double most, bool whole) {
    YAML::Node node = section(parent, key);
    if (!node)
      return std::nullopt;
    std::string unit = text(node, "unit"), source = text(node, "source");
    std::optional<double> value;
    if (YAML::Node written = child(node, "value"))
      value = parseNumber(written, key);
    double factor = 0;
    std::string known;
    for (const Unit &candidate : units) {
      if (candidate.name == unit)
        factor = candidate.factor;
      known += (known.empty() ? "'" : ", '") + std::string(candidate.name) + "'";
    }
    if (factor == 0 && !unit.empty())
      error(node["unit"].Mark(), "wrong unit '" + unit + "' for '" + key + "': expected " + known);
    checkKeys(node);
    if (!value || factor == 0)
      return std::nullopt;
    parameters.push_back({path(node, key), *value, unit, source});
    keys.push_back({path(node, key), units, meaning, least, most, whole});
    double scaled = *value * factor;
    if (scaled >= least && scaled <= most && (!whole || scaled == std::floor(scaled)))
      return scaled;
    std::string base = units[0].name == "1" ? "" : " " + std::string(units[0].name);
    error(node["value"].Mark(), "'" + key + "' must be a " + (whole ? "whole " : "") + "number from " +
                                    numberText(least) + " to " + numberText(most) + base);
    return std::nullopt;
  }

  /// The same for clocks, energies and powers, which any number from `least` to `most` may be.
  void real(const YAML::Node &parent, const std::string &key, std::span<const Unit> units, double most, double &result,
            std::string_view meaning, double least = 0) {
    result = number(parent, key, units, meaning, least, most, /*whole=*/false).value_or(0);
  }

  /// A whole number of the model's unit from `least` to `most`.
  void integer(const YAML::Node &parent, const std::string &key, std::span<const Unit> units, uint64_t least,
               uint64_t most, uint64_t &result, std::string_view meaning) {
    if (auto value = number(parent, key, units, meaning, double(least), double(most), /*whole=*/true))
      result = uint64_t(*value);
  }

  /// Reports the keys of `node` that no call has asked for, and duplicates.
  void checkKeys(const YAML::Node &node) {
    if (!node || !node.IsMap())
      return;
    std::set<std::string> seen;
    const std::set<std::string> &known = asked[id(node)];
    for (const auto &entry : node) {
      const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : std::string("?");
      if (!printable(entry.first, "a key"))
        continue;
      if (!known.count(key))
        error(entry.first.Mark(), "unknown key '" + key + "'");
      else if (!seen.insert(key).second)
        error(entry.first.Mark(), "key '" + key + "' is given twice");
    }
  }

  std::string problems;
  std::vector<Parameter> parameters;

  struct Key {
    std::string path;
    std::span<const Unit> units;
    std::string_view meaning;
    double least, most;
    bool whole;
  };
  std::vector<Key> keys;

private:
  std::optional<double> parseNumber(const YAML::Node &node, const std::string &key) {
    double value = 0;
    const std::string digits = node.IsScalar() ? node.Scalar() : std::string();
    if (!printable(node, "'" + key + "'"))
      return std::nullopt;
    auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (status != std::errc() || end != digits.data() + digits.size() || !std::isfinite(value))
      error(node.Mark(), "expected a number for '" + key + "', found '" + digits + "'");
    else if (value < 0)
      error(node.Mark(), "'" + key + "' is negative: " + digits);
    else
      return value;
    return std::nullopt;
  }

  /// Nodes are told apart by their place in the text.
  static int id(const YAML::Node &node) { return node.Mark().pos; }

  YAML::Node child(const YAML::Node &parent, const std::string &key) {
    if (!parent)
      return YAML::Node(YAML::NodeType::Undefined);
    asked[id(parent)].insert(key);
    YAML::Node node = parent[key];
    if (!node || node.IsNull()) {
      error(parent.Mark(), "missing key '" + key + "'");
      return YAML::Node(YAML::NodeType::Undefined);
    }
    if (node.IsMap())
      paths[id(node)] = path(parent, "") + key;
    return node;
  }

  std::string path(const YAML::Node &node, const std::string &key) {
    auto it = paths.find(id(node));
    if (it == paths.end())
      return key;
    return key.empty() ? it->second + "." : it->second;
  }

  std::string file;
  std::map<int, std::set<std::string>> asked;
  std::map<int, std::string> paths;
};

void readMemory(Reader &reader, const YAML::Node &memories, const std::string &key, MemoryModel &memory) {
  YAML::Node node = reader.section(memories, key);
  reader.integer(node, "capacity", bytes, 64, maxTileMemory, memory.capacity, "size of the memory");
  reader.integer(node, "bandwidth", bytesPerCycle, 1, maxCount, memory.bandwidth, "of each access stream");
  reader.real(node, "read_energy", joulePerByte, maxEnergy, memory.readEnergy, "of a byte read");
  reader.real(node, "write_energy", joulePerByte, maxEnergy, memory.writeEnergy, "of a byte written");
  reader.real(node, "leakage", watt, maxPower, memory.leakage, "leakage of the memory");
  reader.checkKeys(node);
}

void readEngines(Reader &reader, const YAML::Node &root, TargetModel &model) {
  YAML::Node node = reader.section(root, "sequencer");
  reader.integer(node, "issue", cycles, 1, maxCount, model.sequencer.issue,
                 "resolving and enqueuing one engine instruction");
  reader.integer(node, "scalar", cycles, 1, maxCount, model.sequencer.scalar,
                 "one scalar instruction, `loop` and `end` included");
  reader.integer(node, "divide", cycles, 1, maxCount, model.sequencer.divide, "a scalar division");
  reader.integer(node, "queue_depth", count, 1, maxQueue, model.sequencer.queueDepth,
                 "instructions that each engine's queue holds");
  reader.real(node, "energy", joule, maxEnergy, model.sequencer.energy, "of one instruction");
  reader.real(node, "leakage", watt, maxPower, model.sequencer.leakage, "leakage of the sequencer");
  reader.checkKeys(node);

  node.reset(reader.section(root, "dma"));
  reader.integer(node, "setup", cycles, 1, maxCount, model.dma.setup, "of one instruction beside its bytes");
  reader.real(node, "energy", joule, maxEnergy, model.dma.energy, "of one instruction");
  reader.real(node, "leakage", watt, maxPower, model.dma.leakage, "leakage of the dma");
  reader.checkKeys(node);

  node.reset(reader.section(root, "mat"));
  reader.integer(node, "rows", count, 1, maxCount, model.mat.rows, "rows of a weight worked on at a time");
  reader.integer(node, "columns", count, 1, maxCount, model.mat.columns, "columns of a weight worked on at a time");
  reader.integer(node, "latency", cycles, 0, maxCount, model.mat.latency,
                 "from the last operand to the visible result");
  reader.real(node, "energy", joule, maxEnergy, model.mat.energy, "of one multiply-add");
  reader.real(node, "leakage", watt, maxPower, model.mat.leakage, "leakage of mat");
  reader.checkKeys(node);

  node.reset(reader.section(root, "vec"));
  reader.integer(node, "lanes", count, 1, maxCount, model.vec.lanes, "elements worked on at a time");
  reader.integer(node, "latency", cycles, 0, maxCount, model.vec.latency, "filling and draining the pipeline");
  reader.real(node, "leakage", watt, maxPower, model.vec.leakage, "leakage of vec");
  YAML::Node operations = reader.section(node, "operations");
  for (unsigned i = 0; i < kMicroClasses; ++i) {
    YAML::Node operation = reader.section(operations, std::string(kMicroClassNames[i]));
    reader.integer(operation, "cycles", cycles, 1, maxCount, model.vec.cycles[i],
                   "a micro-operation on one group of `lanes` elements");
    reader.real(operation, "energy", joule, maxEnergy, model.vec.energy[i], "of a micro-operation on one element");
    reader.checkKeys(operation);
  }
  reader.checkKeys(operations);
  reader.checkKeys(node);
}

void readMemories(Reader &reader, const YAML::Node &root, TargetModel &model) {
  YAML::Node memories = reader.section(root, "memories");
  readMemory(reader, memories, "weight", model.memory(isa::Memory::Weight));
  readMemory(reader, memories, "vector", model.memory(isa::Memory::Vector));
  readMemory(reader, memories, "acc", model.memory(isa::Memory::Acc));
  reader.checkKeys(memories);

  MemoryModel &dram = model.memory(isa::Memory::Dram);
  YAML::Node node = reader.section(root, "dram");
  reader.integer(node, "capacity", bytes, 64, maxDram, dram.capacity, "size of the DRAM");
  reader.integer(node, "bandwidth", bytesPerCycle, 1, maxCount, dram.bandwidth,
                 "of the channel that everything shares");
  reader.integer(node, "latency", cycles, 0, maxCount, dram.latency, "from a request to its first byte");
  reader.integer(node, "burst", bytes, 1, maxCount, dram.burst, "every row of a copy is rounded up to whole bursts");
  reader.real(node, "read_energy", joulePerByte, maxEnergy, dram.readEnergy, "of a byte read");
  reader.real(node, "write_energy", joulePerByte, maxEnergy, dram.writeEnergy, "of a byte written");
  reader.real(node, "background", watt, maxPower, dram.leakage, "background power of the DRAM");
  reader.checkKeys(node);
}

Result<TargetModel> read(Reader &reader, std::string_view yaml) {
  if (yaml.size() > maxFileBytes) {
    reader.error(YAML::Mark::null_mark(), "a target's file has at most 1 MiB, found more");
    return Error{reader.problems};
  }
  if (size_t bad = utf8Prefix(yaml); bad < yaml.size()) {
    std::string_view before = yaml.substr(0, bad);
    YAML::Mark mark;
    mark.pos = static_cast<int>(bad);
    mark.line = static_cast<int>(std::ranges::count(before, '\n'));
    mark.column = static_cast<int>(before.size() - (before.rfind('\n') + 1));
    reader.error(mark, "expected UTF-8");
    return Error{reader.problems};
  }
  TargetModel model;
  try {
    std::vector<YAML::Node> documents = YAML::LoadAll(std::string(yaml));
    if (documents.size() > 1)
      reader.error(documents[1].Mark(), "expected one document, found a second");
    YAML::Node root = documents.empty() ? YAML::Node() : documents.front();
    if (!root || !root.IsMap()) {
      reader.error(YAML::Mark{}, "expected a mapping of the target's keys");
      return Error{reader.problems};
    }
    model.name = reader.text(root, "name");
    model.summary = reader.text(root, "summary");
    std::string kind = reader.text(root, "kind");
    if (!kind.empty() && kind != "device" && kind != "host")
      reader.error(root["kind"].Mark(), "expected 'device' or 'host' for 'kind', found '" + kind + "'");
    model.kind = kind == "device" ? Kind::Device : Kind::Host;
    if (kind != "host") {
      reader.real(root, "clock", frequency, maxClock, model.clock, "clock of the tile", minClock);

      readEngines(reader, root, model);
      readMemories(reader, root, model);
    }
    reader.checkKeys(root);
  } catch (const YAML::Exception &exception) {
    reader.error(exception.mark, exception.msg);
  }
  if (!reader.problems.empty())
    return Error{reader.problems};
  model.parameters = std::move(reader.parameters);
  return model;
}

} // namespace

Result<TargetModel> TargetModel::parse(std::string_view yaml, std::string_view file) {
  Reader reader(file);
  return read(reader, yaml);
}

std::string keyTable() {
  std::string text =
      "| key | unit | range | meaning |\n|---|---|---|---|\n"
      "| `name` | | text | name of the target |\n"
      "| `summary` | | text | one line for lists |\n"
      "| `kind` | | `device` or `host` | a simulated machine, or native code alone: then there are no more keys |\n";
  Reader reader("generic");
  if (!read(reader, find("generic")->yaml))
    return {};
  for (const Reader::Key &key : reader.keys) {
    std::string units;
    for (const Unit &unit : key.units)
      units += (units.empty() ? "" : ", ") + std::string(unit.name);
    std::string base = key.units[0].name == "1" ? "" : " " + std::string(key.units[0].name);
    text += "| `" + key.path + "` | " + units + " | " + numberText(key.least) + " to " + numberText(key.most) + base +
            (key.whole ? ", whole" : "") + " | " + std::string(key.meaning) + " |\n";
  }
  return text;
}

const std::vector<BuiltinTarget> &list() {
  static const std::vector<BuiltinTarget> targets = {
#include "Builtin.inc"
  };
  return targets;
}

const BuiltinTarget *find(std::string_view name) {
  for (const BuiltinTarget &target : list())
    if (target.name == name)
      return &target;
  return nullptr;
}

Result<Description> read(const std::string &target) {
  if (!target.ends_with(".yaml")) {
    if (const BuiltinTarget *builtin = find(target))
      return Description{target, std::string(builtin->yaml)};
    std::string known;
    std::vector<std::string> names;
    for (const BuiltinTarget &each : list()) {
      known += (known.empty() ? "" : ", ") + std::string(each.name);
      names.emplace_back(each.name);
    }
    return Error{"error: no target is called '" + target + "'; there are " + known + ", or a file NAME.yaml" +
                 suggestion(target, names, "'")};
  }
  auto failure = [&] { return Error{target + ": error: cannot read: " + std::strerror(errno)}; };
  errno = 0;
  std::ifstream file(target, std::ios::binary);
  if (!file)
    return failure();
  // One byte more is enough to be refused: the file may have no end.
  std::string text(maxFileBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || errno == EISDIR)
    return failure();
  text.resize(static_cast<size_t>(file.gcount()));
  return Description{target, std::move(text)};
}

} // namespace rnn::target
