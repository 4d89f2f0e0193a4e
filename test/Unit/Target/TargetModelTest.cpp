//===- TargetModelTest.cpp - Targets from YAML ------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Target/TargetModel.h"
#include "../TemporaryFolder.h"

#include <gtest/gtest.h>

#include <fstream>

using namespace rnn::target;

/// The generic target with one piece of text replaced by another.
static std::string generic(std::string_view from = "", std::string_view to = "") {
  std::string yaml(find("generic")->yaml);
  if (!from.empty())
    yaml.replace(yaml.find(from), from.size(), to);
  return yaml;
}

static std::string errorOf(const std::string &yaml) {
  auto model = TargetModel::parse(yaml, "t.yaml");
  return model ? "no error" : model.error().message;
}

TEST(TargetModel, BuiltinTargetsParse) {
  for (const BuiltinTarget &target : list()) {
    auto model = TargetModel::parse(target.yaml, target.name);
    ASSERT_TRUE(model) << model.error().message;
    EXPECT_EQ(model->name, target.name);
  }
  EXPECT_EQ(find("no such target"), nullptr);
}

TEST(TargetModel, GenericIs256MultipliersAt1GHz) {
  auto model = TargetModel::parse(generic(), "generic");
  ASSERT_TRUE(model);
  EXPECT_TRUE(model->isDevice());
  EXPECT_EQ(model->mat.rows * model->mat.columns, 256u);
  EXPECT_EQ(model->clock, 1e9);
  EXPECT_EQ(model->memory(rnn::isa::Memory::Weight).capacity, 2u << 20);
  for (const Parameter &parameter : model->parameters)
    EXPECT_TRUE(parameter.grade == "assumed" || !parameter.source.empty()) << parameter.path;
}

TEST(TargetModel, CpuIsAHost) {
  auto model = TargetModel::parse(find("cpu")->yaml, "cpu");
  ASSERT_TRUE(model);
  EXPECT_FALSE(model->isDevice());
}

TEST(TargetModel, UnknownKey) {
  EXPECT_EQ(errorOf("name: a\nsummary: b\nkind: host\ncolour: red\n"), "t.yaml:4:1: error: unknown key 'colour'");
}

TEST(TargetModel, WrongUnit) {
  EXPECT_NE(errorOf(generic("unit: GHz", "unit: pJ"))
                .find("error: wrong unit 'pJ' for 'clock': expected 'Hz', 'kHz', 'MHz', 'GHz'"),
            std::string::npos);
}

TEST(TargetModel, NegativeNumber) {
  EXPECT_NE(errorOf(generic("value: 512", "value: -512")).find("error: 'bandwidth' is negative: -512"),
            std::string::npos);
}

TEST(TargetModel, MissingNumberIsLocatedAtItsMapping) {
  EXPECT_EQ(errorOf(generic("  issue: {value: 1, unit: cycles, grade: assumed}\n", "")),
            "t.yaml:11:3: error: missing key 'issue'");
}

TEST(TargetModel, EveryNumberHasAGradeAndAllButAssumedOnesASource) {
  EXPECT_EQ(errorOf(generic(", grade: assumed", "")), "t.yaml:6:8: error: missing key 'grade'");
  EXPECT_EQ(errorOf(generic("GHz, grade: assumed", "GHz, grade: V")), "t.yaml:6:8: error: missing key 'source'");
  EXPECT_EQ(errorOf(generic("GHz, grade: assumed", "GHz, source: a, grade: C")), "no error");
  EXPECT_EQ(errorOf(generic("GHz, grade: assumed", "GHz, source: a, grade: calibrated against a figure")), "no error");
  EXPECT_EQ(errorOf(generic("GHz, grade: assumed", "GHz, source: a, grade: Q")),
            "t.yaml:6:48: error: expected V, C, M, D, 'assumed' or 'calibrated against …' for 'grade', found 'Q'");
}

TEST(TargetModel, WrongType) {
  EXPECT_NE(
      errorOf(generic("value: 512", "value: wide")).find("error: expected a number for 'bandwidth', found 'wide'"),
      std::string::npos);
  EXPECT_NE(errorOf(generic("value: 512", "value: 1.5")).find("must be a whole number from 1 to 1048576 B/cycle"),
            std::string::npos);
  EXPECT_EQ(errorOf("- a\n"), "t.yaml:1:1: error: expected a mapping of the target's keys");
}

TEST(TargetModel, AllProblemsAreListed) {
  std::string errors = errorOf("name: a\nkind: tree\nx: 1\ny: 2\n");
  EXPECT_NE(errors.find("missing key 'summary'"), std::string::npos);
  EXPECT_NE(errors.find("expected 'device' or 'host'"), std::string::npos);
  EXPECT_NE(errors.find("unknown key 'x'"), std::string::npos);
  EXPECT_NE(errors.find("unknown key 'y'"), std::string::npos);
}

TEST(TargetModel, SyntaxErrorIsLocated) {
  EXPECT_EQ(errorOf("name: [\n").rfind("t.yaml:2:1: error: ", 0), 0u);
}

TEST(TargetModel, HugeFileIsRefused) {
  EXPECT_EQ(errorOf("\n\n" + std::string((1 << 20) - 1, '#')),
            "t.yaml:3:1048575: error: a target's file has at most 1 MiB, found more");
  EXPECT_EQ(errorOf(std::string(1 << 20, '#')), "t.yaml:1:1: error: expected a mapping of the target's keys");
}

TEST(TargetModel, HugeFileIsNotReadToItsEnd) {
  rnn::test::TemporaryFolder folder;
  std::string path = folder.file("huge.yaml");
  std::ofstream(path) << std::string(2 << 20, '#');
  EXPECT_EQ(read(path).error().message, path + ":1:1048577: error: a target's file has at most 1 MiB, found more");
}

TEST(TargetModel, SecondDocumentIsRefused) {
  std::string host = "name: a\nsummary: b\nkind: host\n";
  EXPECT_EQ(errorOf(host), "no error");
  EXPECT_EQ(errorOf("---\n" + host + "...\n"), "no error");
  EXPECT_EQ(errorOf(host + "---\ncolour: red\n"), "t.yaml:5:1: error: expected one document, found a second");
}

TEST(TargetModel, ControlCharactersAreRefused) {
  std::string refused = ": error: expected text without control characters for ";
  EXPECT_EQ(errorOf("name: \"a\\eb\"\nsummary: \"c\\nd\"\nkind: host\n\"k\\x7F\": 1\n"),
            "t.yaml:1:7" + refused + "'name'\nt.yaml:2:10" + refused + "'summary'\nt.yaml:4:1" + refused + "a key");
  std::string errors = errorOf(generic("clock: {value: 1, unit: GHz, grade: assumed}",
                                       "clock: {value: \"\\e\", unit: \"\\r\", source: \"\\t\", grade: \"\\a\"}"));
  for (const char *key : {"unit", "source", "grade", "clock"})
    EXPECT_NE(errors.find(refused + "'" + key + "'"), std::string::npos) << errors;
}

TEST(TargetModel, NumbersAreBounded) {
  EXPECT_NE(errorOf(generic("clock: {value: 1,", "clock: {value: 1e300,"))
                .find("t.yaml:6:16: error: 'clock' must be a number from 1 to 1e+12 Hz"),
            std::string::npos)
      << errorOf(generic("clock: {value: 1,", "clock: {value: 1e300,"));
  // In GHz.
  EXPECT_NE(errorOf(generic("clock: {value: 1,", "clock: {value: 1e-10,")).find("'clock' must be a number from 1 to"),
            std::string::npos);
  EXPECT_EQ(errorOf(generic("clock: {value: 1,", "clock: {value: 1e-9,")), "no error");
  EXPECT_EQ(errorOf(generic("clock: {value: 1,", "clock: {value: 1000,")), "no error");
  // Each kind of number, an exponent beyond its limit.
  for (const char *unit : {"pJ", "pJ/B", "mW", "\"1\"", "B/cycle", "cycles", "KiB"}) {
    std::string yaml = generic();
    size_t at = yaml.find(std::string("unit: ") + unit + ",");
    ASSERT_NE(at, std::string::npos) << unit;
    size_t value = yaml.rfind("value: ", at) + 7;
    yaml.replace(value, yaml.find(',', value) - value, "1e18");
    EXPECT_NE(errorOf(yaml).find(" must be a "), std::string::npos) << unit << ": " << errorOf(yaml);
  }
}

// Bases.

TEST(TargetModel, AMachineHasWhatItsBaseHasAndItDoesNotGive) {
  auto model = TargetModel::parse("name: wide\nsummary: b\nbase: generic\n"
                                  "mat:\n  rows: {value: 37, unit: \"1\", grade: assumed}\n",
                                  "t.yaml");
  ASSERT_TRUE(model) << model.error().message;
  auto base = TargetModel::parse(generic(), "generic");
  EXPECT_EQ(model->name, "wide");
  EXPECT_TRUE(model->isDevice());
  EXPECT_EQ(model->mat.rows, 37u);
  EXPECT_EQ(model->mat.columns, base->mat.columns);
  EXPECT_EQ(model->memory(rnn::isa::Memory::Dram).latency, base->memory(rnn::isa::Memory::Dram).latency);
  EXPECT_EQ(model->parameters.size(), base->parameters.size());
}

TEST(TargetModel, TheWholeDescriptionNeedsNoBaseAndSaysTheSame) {
  auto model = TargetModel::parse("name: wide\nsummary: 'a \"b\" \\ c'\nbase: generic\n"
                                  "technology: {value: 28, unit: nm, grade: assumed}\n"
                                  "mat: {energy: {value: 1.5, unit: pJ, at: {nm: 45, V: 0.9}, source: h, grade: M}, "
                                  "mapping: {value: columns, source: \"x: \\\"y\\\"\", grade: V}}\n"
                                  "link: {bandwidth: {value: 1, unit: B/cycle, grade: assumed}, "
                                  "latency: {value: 2, unit: cycles, grade: assumed}, "
                                  "energy: {value: 3, unit: pJ/B, grade: assumed}, "
                                  "leakage: {value: 4, unit: mW, grade: assumed}}\n",
                                  "t.yaml");
  ASSERT_TRUE(model) << model.error().message;
  auto again = TargetModel::parse(model->yaml(), "again.yaml");
  ASSERT_TRUE(again) << again.error().message << model->yaml();
  EXPECT_EQ(again->yaml(), model->yaml());
  EXPECT_FALSE(again->based);
  EXPECT_EQ(again->summary, "a \"b\" \\ c");
  EXPECT_EQ(again->mat.energy, model->mat.energy);
  EXPECT_EQ(again->mat.mapping, Mapping::Columns);
  ASSERT_TRUE(again->link);
  EXPECT_EQ(again->link->latency, 2u);
}

TEST(TargetModel, AMachineAtAnotherVoltageThanItsBaseHasTheEnergiesOfItsOwn) {
  TargetModel chipmunk = read("chipmunk")->model, muntaniala = read("muntaniala")->model;
  EXPECT_EQ(chipmunk.point.volts, 0.75);
  EXPECT_EQ(muntaniala.point.volts, 1.24);
  EXPECT_EQ(chipmunk.vec.energy[size_t(MicroClass::Multiply)], 0.6458333 * 1e-12);
  for (size_t each = 0; each < std::size(chipmunk.vec.energy); ++each)
    EXPECT_DOUBLE_EQ(muntaniala.vec.energy[each], chipmunk.vec.energy[each] * (1.24 / 0.75) * (1.24 / 0.75));
}

TEST(TargetModel, WrongBasesAreLocated) {
  std::string head = "name: a\nsummary: b\n";
  EXPECT_EQ(errorOf(head + "base: genric\n").substr(0, 58),
            "t.yaml:3:7: error: no target is called 'genric'; there are");
  EXPECT_EQ(errorOf(head + "base: [a]\n"),
            "t.yaml:3:7: error: expected the name of a target or a file NAME.yaml for 'base'");
  EXPECT_EQ(errorOf(head + "base: other.yaml\n"),
            "t.yaml:3:7: error: a base that is a file is not read here, found 'other.yaml'");
  EXPECT_EQ(errorOf(head + "kind: host\nbase: generic\n"),
            "t.yaml:3:7: error: expected 'device' for 'kind' as in the base, found 'host'");
  EXPECT_EQ(errorOf("name: generic\nsummary: b\nbase: generic\n"),
            "t.yaml:1:7: error: 'generic' is the name of its base: a machine has a name of its own");
  EXPECT_EQ(errorOf("summary: b\nbase: generic\n"), "t.yaml:1:1: error: missing key 'name'");
}

TEST(TargetModel, BasesAreFilesBesideTheFile) {
  rnn::test::TemporaryFolder folder;
  auto write = [&](const char *name, const std::string &text) {
    std::ofstream(folder.file(name)) << text;
    return folder.file(name);
  };
  std::string base =
      write("base.yaml", "name: b\nsummary: s\nbase: generic\nclock: {value: 2, unit: GHz, grade: assumed}\n");
  std::string top = write("top.yaml", "name: t\nsummary: s\nbase: base.yaml\n");
  auto described = read(top);
  ASSERT_TRUE(described) << described.error().message;
  EXPECT_EQ(described->model.clock, 2e9);
  // The description stands for itself.
  auto alone = TargetModel::parse(described->yaml, "alone");
  ASSERT_TRUE(alone) << alone.error().message;
  EXPECT_EQ(alone->clock, 2e9);

  write("base.yaml", "name: b\nsummary: s\nbase: top.yaml\n");
  EXPECT_EQ(read(top).error().message,
            base + ":3:7: error: a target is its own base: " + top + ", " + base + ", " + top);
  write("base.yaml", "name: b\nsummary: s\nbase: generic\ncluck: 1\n");
  EXPECT_EQ(read(top).error().message, base + ":4:1: error: unknown key 'cluck'; did you mean 'clock'?");
  write("top.yaml", "name: t\nsummary: s\nbase: none.yaml\n");
  EXPECT_EQ(read(top).error().message,
            top + ":3:7: error: cannot read the base 'none.yaml': No such file or directory");
}

TEST(TargetModel, ANameKeptFromABuiltinTargetIsTold) {
  rnn::test::TemporaryFolder folder;
  std::string path = folder.file("mine.yaml");
  std::ofstream(path) << generic();
  EXPECT_TRUE(read(path)->model.warnings.empty());
  std::ofstream(path) << generic("clock: {value: 1,", "clock: {value: 2,");
  auto described = read(path);
  ASSERT_TRUE(described) << described.error().message;
  ASSERT_EQ(described->model.warnings.size(), 1u);
  // Two lines of comments come before the name.
  EXPECT_EQ(described->model.warnings[0],
            path + ":3:7: warning: 'generic' is the name of a built-in target, which is another machine");
}

// Words, defaults and optional sections.

TEST(TargetModel, WordsAreThoseOfTheSchema) {
  auto with = [](const std::string &value) {
    return errorOf(generic("mat:\n", "mat:\n  mapping: {value: " + value + ", grade: assumed}\n"));
  };
  EXPECT_EQ(with("columns"), "no error");
  EXPECT_NE(with("diagonal").find(": error: expected 'rows', 'columns' for 'mapping', found 'diagonal'"),
            std::string::npos);
  EXPECT_NE(with("rows, unit: \"1\"").find(": error: 'mapping' has no unit"), std::string::npos);
  auto formats = [](const std::string &value) {
    return errorOf(generic("formats: {value: [f32, f16], source", "formats: {value: " + value + ", source"));
  };
  EXPECT_EQ(formats("[f32]"), "no error");
  EXPECT_NE(formats("[]").find(": error: expected a list of 'f32'"), std::string::npos);
  EXPECT_NE(formats("[f32, f32]").find(": error: 'f32' is given twice"), std::string::npos);
  EXPECT_NE(formats("[f31]").find(" for 'formats', found 'f31'"), std::string::npos);
}

TEST(TargetModel, FunctionUnitsAreTheLanesUnlessGiven) {
  auto model = TargetModel::parse(generic("  lanes: {value: 16,", "  lanes: {value: 24,"), "t.yaml");
  ASSERT_TRUE(model);
  EXPECT_EQ(model->vec.activation.units, 24u);
  model = TargetModel::parse(
      generic("vec:\n", "vec:\n  activation:\n    units: {value: 4, unit: \"1\", grade: assumed}\n"), "t.yaml");
  ASSERT_TRUE(model);
  EXPECT_EQ(model->vec.activation.units, 4u);
  EXPECT_EQ(model->vec.width(size_t(MicroClass::Tanh)), 4u);
  EXPECT_EQ(model->vec.width(size_t(MicroClass::Divide)), 16u);
}

TEST(TargetModel, AnOptionalSectionIsAbsentOrWhole) {
  EXPECT_FALSE(TargetModel::parse(generic(), "t.yaml")->link);
  std::string errors = errorOf(generic() + "link:\n  latency: {value: 1, unit: cycles, grade: assumed}\n");
  EXPECT_NE(errors.find(":3: error: missing key 'bandwidth'"), std::string::npos) << errors;
  EXPECT_NE(errors.find(":3: error: missing key 'energy'"), std::string::npos) << errors;
}

TEST(TargetModel, ImpossibleCombinationsAreRefused) {
  EXPECT_NE(errorOf(generic("    bandwidth: {value: 512",
                            "    banks: {value: 3, unit: \"1\", grade: assumed}\n    bandwidth: {value: 512"))
                .find(": error: expected a multiple of the 3 banks for 'bandwidth', found 512"),
            std::string::npos);
  EXPECT_NE(
      errorOf(generic("capacity: {value: 4, unit: GiB", "capacity: {value: 63, unit: B")).find("'capacity' must be"),
      std::string::npos);
  EXPECT_NE(errorOf(generic("capacity: {value: 4, unit: GiB", "capacity: {value: 64, unit: B")).find("no error"),
            std::string::npos);
  std::string small = generic("capacity: {value: 4, unit: GiB", "capacity: {value: 64, unit: B");
  small.replace(small.find("burst: {value: 64"), 17, "burst: {value: 65");
  EXPECT_NE(errorOf(small).find(": error: a burst of 65 bytes is more than the memory's 64"), std::string::npos);
  auto cache = [](const std::string &memory) {
    return errorOf(generic(memory + ":\n", memory + ":\n    kind: {value: cache, grade: assumed}\n"));
  };
  EXPECT_EQ(cache("weight"), "no error");
  EXPECT_NE(cache("vector").find(": error: only the weight memory can be a cache"), std::string::npos);
  const std::string ofVec = "  formats: {value: [f32, f16], grade: assumed}\n";
  EXPECT_NE(errorOf(generic(ofVec, "")).find(": error: mat takes f16, which vec can neither load nor store"),
            std::string::npos);
  std::string narrow = generic("accumulators: {value: [f32]", "accumulators: {value: [f16]");
  EXPECT_NE(errorOf(narrow).find("no sum is as wide as f32 of 'mat.formats'"), std::string::npos);
  narrow.erase(narrow.find(ofVec), ofVec.size());
  EXPECT_NE(errorOf(narrow).find(": error: sums of mat are f16, which vec"), std::string::npos);
  std::string lookup = "vec:\n  activation:\n    lookup: {value: table, grade: assumed}\n";
  EXPECT_NE(errorOf(generic("vec:\n", lookup)).find("expected the entries of the table, found none"),
            std::string::npos);
  EXPECT_NE(errorOf(generic("vec:\n", "vec:\n  activation:\n    entries: {value: 8, unit: \"1\", grade: assumed}\n"))
                .find("functions that are computed have no entries, found 8"),
            std::string::npos);
}

// Scaling between technologies: E · (L/L₀) · (V/V₀)².

TEST(TargetModel, AnEnergyOfAnotherTechnologyIsScaled) {
  auto with = [](const std::string &at, const std::string &nanometres = "45") {
    std::string yaml = generic("4.6, unit: pJ, at: {nm: 45, V: 0.9},", "4, unit: pJ, at: " + at + ",");
    return yaml.replace(yaml.find("technology: {value: 45"), 22, "technology: {value: " + nanometres);
  };
  EXPECT_DOUBLE_EQ(TargetModel::parse(with("{nm: 45, V: 0.9}"), "t.yaml")->mat.energy, 4e-12);
  // Half the size, half the voltage: an eighth.
  EXPECT_DOUBLE_EQ(TargetModel::parse(with("{nm: 90, V: 1.8}"), "t.yaml")->mat.energy, 0.5e-12);
  EXPECT_NE(errorOf(with("{nm: 90, V: 1.8}", "0")).find("needs the target's 'technology' and 'voltage'"),
            std::string::npos);
  EXPECT_NE(errorOf(with("45")).find("expected {nm: …, V: …} for 'at'"), std::string::npos);
  EXPECT_NE(errorOf(with("{nm: 0, V: 1}")).find("expected a number from 0.1 to 1e+05 for 'nm', found 0"),
            std::string::npos);
  EXPECT_NE(errorOf(generic("unit: GHz,", "unit: GHz, at: {nm: 45, V: 1},"))
                .find("only an energy is scaled from another technology, not 'clock'"),
            std::string::npos);
}
