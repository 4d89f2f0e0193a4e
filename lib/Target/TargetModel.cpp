//===- TargetModel.cpp - Reads a target from YAML ---------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Target/TargetModel.h"

#include "Schema.h"
#include "rnn-mlir/Support/Suggestion.h"
#include "rnn-mlir/Support/Utf8.h"

#include "yaml-cpp/yaml.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>

namespace rnn::target {

namespace {

constexpr size_t maxFileBytes = 1 << 20;
constexpr size_t maxBases = 16;
constexpr std::string_view calibrated = "calibrated against ";

std::string yamlText(std::string_view text) {
  std::string result = "\"";
  for (char c : text)
    result.append(c == '"' || c == '\\' ? "\\" : "").push_back(c);
  return result + '"';
}

/// The bytes of a file, at most one more than a target may have: the file may have no end.
Result<std::string> contents(const std::string &path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text(maxFileBytes + 1, '\0');
  if (file)
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad() || errno == EISDIR)
    return Error{std::strerror(errno)};
  text.resize(static_cast<size_t>(file.gcount()));
  return text;
}

/// The error that no target is called `name`.
std::string noTarget(const std::string &name) {
  std::string known;
  std::vector<std::string> names;
  for (const BuiltinTarget &each : list()) {
    known += (known.empty() ? "" : ", ") + std::string(each.name);
    names.emplace_back(each.name);
  }
  return "no target is called '" + name + "'; there are " + known + ", or a file NAME.yaml" +
         suggestion(name, names, "'");
}

/// A target's text, or that of one of its bases.
struct Document {
  std::string file;
  YAML::Node root;
};

/// What a path of the schema is.
enum class PathKind : uint8_t { Unknown, Section, Entry };

/// Reads a target along the schema and collects every problem.
class TargetReader {
public:
  /// `files`: a base may be a file, beside the file that names it.
  explicit TargetReader(bool files) : files(files) {}

  Result<TargetModel> read(std::string_view yaml, std::string_view file) {
    try {
      if (load(yaml, std::string(file)))
        readModel();
    } catch (const YAML::Exception &exception) {
      error(current, exception.mark, exception.msg);
    }
    if (!problems.empty())
      return Error{problems};
    return std::move(model);
  }

private:
  void error(const std::string &file, const YAML::Mark &mark, const std::string &text) {
    problems += (problems.empty() ? "" : "\n") + located(file, mark, "error: " + text);
  }
  void error(const Document &in, const YAML::Node &node, const std::string &text) { error(in.file, node.Mark(), text); }

  static std::string located(const std::string &file, const YAML::Mark &mark, const std::string &text) {
    std::string place = file + ':';
    if (!mark.is_null())
      place += std::to_string(mark.line + 1) + ':' + std::to_string(mark.column + 1) + ':';
    return place + ' ' + text;
  }

  // The documents.

  /// Reads a text and its bases. False where there is nothing to go on with.
  bool load(std::string_view yaml, std::string file) {
    std::vector<std::string> chain = {file};
    std::string text(yaml);
    for (;;) {
      current = file;
      std::optional<Document> document = parse(text, file);
      if (!document)
        return false;
      documents.push_back(*document);
      YAML::Node base = std::as_const(document->root)["base"];
      if (!base)
        return true;
      model.based = true;
      if (!base.IsScalar() || base.Scalar().empty() || !printable(*document, base, "'base'")) {
        if (!base.IsScalar() || base.Scalar().empty())
          error(*document, base, "expected the name of a target or a file NAME.yaml for 'base'");
        return false;
      }
      std::string name = base.Scalar();
      if (!name.ends_with(".yaml")) {
        const BuiltinTarget *builtin = find(name);
        if (!builtin)
          return error(*document, base, noTarget(name)), false;
        file = name;
        text = builtin->yaml;
      } else if (!files) {
        return error(*document, base, "a base that is a file is not read here, found '" + name + "'"), false;
      } else {
        file = (std::filesystem::path(file).parent_path() / name).lexically_normal().string();
        auto read = contents(file);
        if (!read)
          return error(*document, base, "cannot read the base '" + name + "': " + read.error().message), false;
        text = *read;
      }
      chain.push_back(file);
      if (std::ranges::count(chain, file) > 1 || chain.size() > maxBases) {
        std::string way;
        for (const std::string &each : chain)
          way += (way.empty() ? "" : ", ") + each;
        return error(*document, base,
                     chain.size() > maxBases
                         ? "expected at most " + std::to_string(maxBases) + " bases one behind another, found " + way
                         : "a target is its own base: " + way),
               false;
      }
    }
  }

  std::optional<Document> parse(std::string_view yaml, const std::string &file) {
    auto markAt = [&](size_t at) {
      std::string_view before = yaml.substr(0, at);
      YAML::Mark mark;
      mark.pos = static_cast<int>(at);
      mark.line = static_cast<int>(std::ranges::count(before, '\n'));
      mark.column = static_cast<int>(before.size() - (before.rfind('\n') + 1));
      return mark;
    };
    if (yaml.size() > maxFileBytes) {
      error(file, markAt(maxFileBytes), "a target's file has at most 1 MiB, found more");
      return std::nullopt;
    }
    if (size_t bad = utf8Prefix(yaml); bad < yaml.size()) {
      error(file, markAt(bad), "expected UTF-8");
      return std::nullopt;
    }
    std::vector<YAML::Node> parts = YAML::LoadAll(std::string(yaml));
    if (parts.size() > 1)
      error(file, parts[1].Mark(), "expected one document, found a second");
    if (parts.empty() || !parts.front() || !parts.front().IsMap()) {
      error(file, YAML::Mark{}, "expected a mapping of the target's keys");
      return std::nullopt;
    }
    return Document{file, parts.front()};
  }

  // The model.

  void readModel() {
    const Document &own = documents.front();
    model.name = text(own, "name");
    model.summary = text(own, "summary");
    if (!readKind())
      return;
    for (const Document &document : documents)
      checkKeys(document, document.root, "");
    for (const OptionalSection *section : optionalSections(model.kind))
      if (entry(std::string(section->path)).node)
        section->open(model);
    for (const Row &row : rows(model.kind))
      readRow(row);
    if (!problems.empty())
      return;
    for (const Row &row : rows(model.kind))
      finish(row);
    checkNames();
    if (model.isDevice())
      checkCombinations();
  }

  std::string text(const Document &in, const std::string &key) {
    YAML::Node node = in.root[key];
    if (!node || node.IsNull())
      error(in, in.root, "missing key '" + key + "'");
    else if (!node.IsScalar() || node.Scalar().empty())
      error(in, node, "expected text for '" + key + "'");
    else if (printable(in, node, "'" + key + "'"))
      return node.Scalar();
    return {};
  }

  /// False where a base is of another kind, so that the keys are not those of one.
  bool readKind() {
    Entry kind = entry("kind");
    if (!kind.node) {
      error(documents.front(), documents.front().root, "missing key 'kind'");
      model.kind = Kind::Device;
      return true;
    }
    std::string word = kind.node.IsScalar() ? kind.node.Scalar() : "";
    if (word != "device" && word != "host" && printable(*kind.in, kind.node, "'kind'"))
      error(*kind.in, kind.node, "expected 'device' or 'host' for 'kind', found '" + word + "'");
    model.kind = word == "host" ? Kind::Host : Kind::Device;
    for (const Document &document : documents)
      if (YAML::Node other = document.root["kind"]; other && other.IsScalar() && other.Scalar() != word)
        return error(*kind.in, kind.node,
                     "expected '" + other.Scalar() + "' for 'kind' as in the base, found '" + word + "'"),
               false;
    return true;
  }

  /// Refuses control characters: names and texts are printed, each in a line of its own.
  bool printable(const Document &in, const YAML::Node &node, const std::string &what) {
    auto control = [](unsigned char c) { return c < 32 || c == 127; };
    if (!node.IsScalar() || std::ranges::none_of(node.Scalar(), control))
      return true;
    error(in, node, "expected text without control characters for " + what);
    return false;
  }

  /// What `path` is in targets of this kind.
  PathKind kindOf(const std::string &path) const {
    for (const Row &row : rows(model.kind)) {
      if (row.path == path)
        return PathKind::Entry;
      if (row.path.starts_with(path + "."))
        return PathKind::Section;
    }
    return PathKind::Unknown;
  }

  /// The names below a section, for a suggestion.
  std::vector<std::string> namesIn(const std::string &prefix) const {
    std::vector<std::string> names;
    if (prefix.empty())
      names = {"name", "summary", "base", "kind"};
    for (const Row &row : rows(model.kind))
      if (row.path.starts_with(prefix))
        names.push_back(row.path.substr(prefix.size(), row.path.find('.', prefix.size()) - prefix.size()));
    return names;
  }

  /// Reports keys that there are not, and duplicates.
  void checkKeys(const Document &in, const YAML::Node &section, const std::string &prefix) {
    std::set<std::string> seen;
    for (const auto &item : section) {
      const std::string name = item.first.IsScalar() ? item.first.Scalar() : std::string("?");
      if (!printable(in, item.first, "a key"))
        continue;
      std::string path = prefix + name;
      bool head = prefix.empty() && (name == "name" || name == "summary" || name == "base" || name == "kind");
      PathKind kind = head ? PathKind::Entry : kindOf(path);
      if (kind == PathKind::Unknown)
        error(in, item.first, "unknown key '" + name + "'" + suggestion(name, namesIn(prefix), "'"));
      else if (!seen.insert(name).second)
        error(in, item.first, "key '" + name + "' is given twice");
      else if (!head && !item.second.IsMap())
        error(in, item.second, "expected a mapping for '" + name + "'");
      else if (kind == PathKind::Section)
        checkKeys(in, item.second, path + ".");
      else if (!head)
        checkParts(in, item.second);
    }
  }

  /// The same of the parts of an entry.
  void checkParts(const Document &in, const YAML::Node &node) {
    const std::vector<std::string> parts = {"value", "unit", "source", "grade", "at"};
    std::set<std::string> seen;
    for (const auto &item : node) {
      const std::string name = item.first.IsScalar() ? item.first.Scalar() : std::string("?");
      if (!printable(in, item.first, "a key"))
        continue;
      if (!std::ranges::count(parts, name))
        error(in, item.first, "unknown key '" + name + "'" + suggestion(name, parts, "'"));
      else if (!seen.insert(name).second)
        error(in, item.first, "key '" + name + "' is given twice");
    }
  }

  /// The node at a path, in the first document that has it.
  struct Entry {
    const Document *in = nullptr;
    YAML::Node node{YAML::NodeType::Undefined};
  };
  Entry entry(const std::string &path) const {
    for (const Document &document : documents)
      if (YAML::Node node = walk(document.root, path); node && !node.IsNull())
        return {&document, node};
    return {};
  }

  static YAML::Node walk(const YAML::Node &section, const std::string &path, size_t at = 0) {
    if (!section || !section.IsMap())
      return YAML::Node(YAML::NodeType::Undefined);
    size_t dot = path.find('.', at);
    YAML::Node next = section[path.substr(at, dot == std::string::npos ? dot : dot - at)];
    return dot == std::string::npos ? next : walk(next, path, dot + 1);
  }

  /// Reports the first part of a path that the target does not have, once.
  void missing(const std::string &path) {
    YAML::Node section = documents.front().root;
    std::string known;
    for (;;) {
      size_t dot = path.find('.', known.size());
      std::string name = path.substr(known.size(), dot == std::string::npos ? dot : dot - known.size());
      const YAML::Node &from = section;
      YAML::Node next = from[name];
      if (dot == std::string::npos || !next || !next.IsMap()) {
        if (next && !next.IsNull() && !next.IsMap())
          return; // Told already: no mapping.
        if (reported.insert(known + name).second)
          error(documents.front(), section, "missing key '" + name + "'");
        return;
      }
      known = path.substr(0, dot + 1);
      section.reset(next);
    }
  }

  /// Whether the target has the section of a path: all but optional ones.
  bool isOpen(const std::string &path) const {
    const OptionalSection *section = optionalSectionOf(path);
    return !section || entry(std::string(section->path)).node;
  }

  void readRow(const Row &row) {
    const Key &key = *row.key;
    Entry found = entry(row.path);
    if (!found.node) {
      if (key.absent.rule == Default::Required && isOpen(row.path))
        missing(row.path);
      return;
    }
    if (!found.node.IsMap())
      return; // Told already.
    Parameter parameter{row.path, {}, {}, {}, {}, {}};
    bool good = true;
    auto part = [&](const char *name, bool required) {
      YAML::Node node = found.node[name];
      if (!node || node.IsNull()) {
        if (required)
          error(*found.in, found.node, std::string("missing key '") + name + "'");
        good &= !required;
        return std::string();
      }
      bool fine = node.IsScalar() && !node.Scalar().empty();
      if (!fine)
        error(*found.in, node, std::string("expected text for '") + name + "'");
      fine = fine && printable(*found.in, node, std::string("'") + name + "'");
      good &= fine;
      return fine ? node.Scalar() : std::string();
    };
    parameter.unit = part("unit", !key.units.empty());
    if (key.units.empty() && found.node["unit"])
      error(*found.in, found.node["unit"], "'" + lastName(row.path) + "' has no unit");
    parameter.grade = part("grade", true);
    parameter.source = part("source", !parameter.grade.empty() && parameter.grade != "assumed");
    checkGrade(found, parameter.grade);
    std::optional<double> value =
        key.units.empty() ? readWords(key, found, parameter) : readNumber(key, found, parameter);
    readPoint(key, found, parameter);
    if (!value || !good)
      return;
    key.set(model, row.index, *value);
    model.parameters.push_back(std::move(parameter));
  }

  static std::string lastName(const std::string &path) { return path.substr(path.rfind('.') + 1); }

  void checkGrade(const Entry &found, const std::string &grade) {
    bool letter = grade.size() == 1 && std::string_view("VCMD").find(grade) != std::string_view::npos;
    bool fitted = grade.starts_with(calibrated) && grade.size() > calibrated.size();
    if (!grade.empty() && !letter && !fitted && grade != "assumed")
      error(*found.in, found.node["grade"],
            "expected V, C, M, D, 'assumed' or 'calibrated against …' for 'grade', found '" + grade + "'");
  }

  std::optional<double> parseNumber(const Document &in, const YAML::Node &node, const std::string &key) {
    double value = 0;
    const std::string digits = node.IsScalar() ? node.Scalar() : std::string();
    if (!printable(in, node, "'" + key + "'"))
      return std::nullopt;
    auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (status != std::errc() || end != digits.data() + digits.size() || !std::isfinite(value))
      error(in, node, "expected a number for '" + key + "', found '" + digits + "'");
    else if (value < 0)
      error(in, node, "'" + key + "' is negative: " + digits);
    else
      return value;
    return std::nullopt;
  }

  std::optional<double> readNumber(const Key &key, const Entry &found, Parameter &parameter) {
    std::string name = lastName(parameter.path);
    YAML::Node written = found.node["value"];
    if (!written || written.IsNull()) {
      error(*found.in, found.node, "missing key 'value'");
      return std::nullopt;
    }
    std::optional<double> value = parseNumber(*found.in, written, name);
    double factor = 0;
    std::string known;
    for (const Unit &unit : key.units) {
      if (unit.name == parameter.unit)
        factor = unit.factor;
      known += (known.empty() ? "'" : ", '") + std::string(unit.name) + "'";
    }
    if (factor == 0 && !parameter.unit.empty())
      error(*found.in, found.node["unit"], "wrong unit '" + parameter.unit + "' for '" + name + "': expected " + known);
    if (!value || factor == 0)
      return std::nullopt;
    parameter.value = written.Scalar();
    double scaled = *value * factor;
    if (scaled >= key.least && scaled <= key.most && (!key.whole || scaled == std::floor(scaled)))
      return scaled;
    std::string base = key.units[0].name == "1" ? "" : " " + std::string(key.units[0].name);
    error(*found.in, written,
          "'" + name + "' must be a " + (key.whole ? "whole " : "") + "number from " + numberText(key.least) + " to " +
              numberText(key.most) + base);
    return std::nullopt;
  }

  /// A word, or a list of words.
  std::optional<double> readWords(const Key &key, const Entry &found, Parameter &parameter) {
    YAML::Node written = found.node["value"];
    if (!written || written.IsNull()) {
      error(*found.in, found.node, "missing key 'value'");
      return std::nullopt;
    }
    std::string known;
    for (std::string_view choice : key.choices)
      known += (known.empty() ? "'" : ", '") + std::string(choice) + "'";
    uint32_t bits = 0;
    size_t last = 0;
    auto one = [&](const YAML::Node &node) {
      std::string word = node.IsScalar() ? node.Scalar() : "";
      if (!printable(*found.in, node, "'value'"))
        return false;
      last = static_cast<size_t>(std::ranges::find(key.choices, word) - key.choices.begin());
      if (last == key.choices.size() || bits >> last & 1) {
        error(*found.in, node,
              last == key.choices.size()
                  ? "expected " + known + " for '" + lastName(parameter.path) + "', found '" + word + "'"
                  : "'" + word + "' is given twice");
        return false;
      }
      bits |= 1u << last;
      parameter.value += (parameter.value.empty() ? "" : ", ") + word;
      return true;
    };
    if (!key.several)
      return one(written) ? std::optional<double>(double(last)) : std::nullopt;
    if (!written.IsSequence() || written.size() == 0) {
      error(*found.in, written, "expected a list of " + known + " for '" + lastName(parameter.path) + "'");
      return std::nullopt;
    }
    bool good = true;
    for (const YAML::Node &each : written)
      good &= one(each);
    parameter.value = "[" + parameter.value + "]";
    return good ? std::optional<double>(double(bits)) : std::nullopt;
  }

  /// `at: {nm: 45, V: 0.9}` of an energy that another technology takes.
  void readPoint(const Key &key, const Entry &found, Parameter &parameter) {
    YAML::Node node = found.node["at"];
    if (!node)
      return;
    if (!key.isEnergy()) {
      error(*found.in, node,
            "only an energy is scaled from another technology, not '" + lastName(parameter.path) + "'");
      return;
    }
    OperatingPoint point;
    bool good = node.IsMap() && node.size() == 2 && node["nm"] && node["V"];
    if (!good)
      error(*found.in, node,
            "expected {nm: …, V: …} for 'at': the feature size and the voltage that the energy is told of");
    struct Part {
      const char *name;
      double OperatingPoint::*member;
      double least, most;
    };
    for (const Part &part :
         {Part{"nm", &OperatingPoint::nanometres, 0.1, 1e5}, {"V", &OperatingPoint::volts, 0.01, 100}})
      if (good)
        if (auto value = parseNumber(*found.in, node[part.name], part.name)) {
          if (*value >= part.least && *value <= part.most)
            point.*part.member = *value;
          else
            error(*found.in, node[part.name],
                  "expected a number from " + numberText(part.least) + " to " + numberText(part.most) + " for '" +
                      part.name + "', found " + numberText(*value));
        }
    parameter.at = point;
  }

  // What depends on other keys.

  void finish(const Row &row) {
    const Key &key = *row.key;
    const Parameter *parameter = written(row.path);
    if (parameter && parameter->at) {
      if (model.point.nanometres > 0 && model.point.volts > 0)
        key.set(model, row.index, scaledEnergy(key.get(model, row.index), *parameter->at, model.point));
      else
        errorAt(row.path, "an energy of another technology needs the target's 'technology' and 'voltage'");
    }
    if (parameter || !isOpen(row.path))
      return;
    if (key.absent.rule == Default::Value)
      key.set(model, row.index, key.absent.value);
    for (const Row &other : rows(model.kind))
      if (key.absent.rule == Default::OtherKey && other.path == key.absent.other)
        key.set(model, row.index, other.key->get(model, other.index));
  }

  const Parameter *written(const std::string &path) const {
    for (const Parameter &each : model.parameters)
      if (each.path == path)
        return &each;
    return nullptr;
  }

  /// An error at the entry `path`, or at the target where it is not written.
  void errorAt(const std::string &path, const std::string &text) {
    Entry found = entry(path);
    if (found.node)
      error(*found.in, found.node, text);
    else
      error(documents.front(), documents.front().root, text);
  }

  /// A machine has a name of its own.
  void checkNames() {
    const Document &own = documents.front();
    YAML::Node name = own.root["name"];
    for (const Document &base : documents)
      if (&base != &own && base.root["name"] && base.root["name"].Scalar() == model.name)
        error(own, name, "'" + model.name + "' is the name of its base: a machine has a name of its own");
    if (const BuiltinTarget *builtin = find(model.name);
        builtin && own.file != builtin->name && own.file.ends_with(".yaml")) {
      auto other = TargetModel::parse(builtin->yaml, builtin->name);
      if (other && other->yaml() != model.yaml())
        model.warnings.push_back(
            located(own.file, name.Mark(),
                    "warning: '" + model.name + "' is the name of a built-in target, which is another machine"));
    }
  }

  /// Each number is possible; together they may not be.
  void checkCombinations() {
    for (size_t index = 0; index < isa::kMemoryCount; ++index) {
      const MemoryModel &memory = model.memories[index];
      std::string path =
          index == size_t(isa::Memory::Dram) ? "dram" : "memories." + std::string(isa::kMemoryNames[index]);
      for (auto [name, value] : {std::pair{"capacity", memory.capacity}, {"bandwidth", memory.bandwidth}})
        if (value % memory.banks != 0)
          errorAt(path + "." + name, std::string("expected a multiple of the ") + std::to_string(memory.banks) +
                                         " banks for '" + name + "', found " + std::to_string(value));
      if (memory.kind == MemoryKind::Cache && index != size_t(isa::Memory::Weight))
        errorAt(path + ".kind", "only the weight memory can be a cache");
      if (memory.burst > memory.capacity)
        errorAt(path + ".burst", "a burst of " + std::to_string(memory.burst) + " bytes is more than the memory's " +
                                     std::to_string(memory.capacity));
    }
    uint64_t widest = 0;
    for (size_t index = 0; index < isa::kFormatCount; ++index) {
      auto format = isa::Format(index);
      std::string name(isa::kFormatNames[index]);
      if (model.mat.formats.has(format) && !model.vec.formats.has(format))
        errorAt("mat.formats", "mat takes " + name + ", which vec can neither load nor store: 'vec.formats' lacks it");
      if (model.mat.accumulators.has(format)) {
        widest = std::max(widest, isa::bytesOf(format));
        if (!model.vec.formats.has(format))
          errorAt("mat.accumulators", "sums of mat are " + name + ", which vec cannot load: 'vec.formats' lacks it");
      }
    }
    for (size_t index = 0; index < isa::kFormatCount; ++index)
      if (model.mat.formats.has(isa::Format(index)) && isa::bytesOf(isa::Format(index)) > widest)
        errorAt("mat.accumulators",
                "no sum is as wide as " + std::string(isa::kFormatNames[index]) + " of 'mat.formats'");
    const ActivationModel &activation = model.vec.activation;
    if ((activation.lookup == Lookup::Computed) != (activation.entries == 0))
      errorAt("vec.activation.entries",
              activation.entries == 0
                  ? "expected the entries of the " + std::string(kLookupNames[size_t(activation.lookup)]) +
                        ", found none"
                  : "functions that are computed have no entries, found " + std::to_string(activation.entries));
  }

  bool files;
  std::string current; ///< the file being parsed
  std::string problems;
  std::vector<Document> documents; ///< the target's own first, its base next
  std::set<std::string> reported;
  TargetModel model;
};

} // namespace

Result<TargetModel> TargetModel::parse(std::string_view yaml, std::string_view file) {
  return TargetReader(/*files=*/false).read(yaml, file);
}

std::string TargetModel::yaml() const {
  std::string text = "name: " + yamlText(name) + "\nsummary: " + yamlText(summary) +
                     "\nkind: " + (isDevice() ? "device" : "host") + "\n";
  std::vector<std::string> open;
  for (const Parameter &each : parameters) {
    std::vector<std::string> parts;
    for (size_t at = 0; at != std::string::npos;) {
      size_t dot = each.path.find('.', at);
      parts.push_back(each.path.substr(at, dot == std::string::npos ? dot : dot - at));
      at = dot == std::string::npos ? dot : dot + 1;
    }
    size_t same = 0;
    while (same + 1 < parts.size() && same < open.size() && open[same] == parts[same])
      ++same;
    for (size_t depth = same; depth + 1 < parts.size(); ++depth)
      text += std::string(2 * depth, ' ') + parts[depth] + ":\n";
    open.assign(parts.begin(), parts.end() - 1);
    text += std::string(2 * open.size(), ' ') + parts.back() + ": {value: " + each.value;
    if (!each.unit.empty())
      text += ", unit: " + yamlText(each.unit);
    if (each.at)
      text += ", at: {nm: " + numberText(each.at->nanometres) + ", V: " + numberText(each.at->volts) + "}";
    if (!each.source.empty())
      text += ", source: " + yamlText(each.source);
    text += ", grade: " + yamlText(each.grade) + "}\n";
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
  Description description{target, {}, {}};
  if (target.ends_with(".yaml")) {
    auto text = contents(target);
    if (!text)
      return Error{target + ": error: cannot read: " + text.error().message};
    description.yaml = std::move(*text);
  } else if (const BuiltinTarget *builtin = find(target)) {
    description.yaml = builtin->yaml;
  } else {
    return Error{"error: " + noTarget(target)};
  }
  auto model = TargetReader(/*files=*/target.ends_with(".yaml")).read(description.yaml, target);
  if (!model)
    return model.error();
  description.model = std::move(*model);
  if (description.model.based)
    description.yaml = description.model.yaml();
  return description;
}

} // namespace rnn::target
