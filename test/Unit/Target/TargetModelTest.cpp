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
    EXPECT_FALSE(parameter.source.empty()) << parameter.path;
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
  EXPECT_EQ(errorOf(generic("  issue: {value: 1, unit: cycles, source: assumed}\n", "")),
            "t.yaml:9:3: error: missing key 'issue'");
}

TEST(TargetModel, MissingSource) {
  EXPECT_NE(errorOf(generic(", source: assumed", "")).find("error: missing key 'source'"), std::string::npos);
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
  EXPECT_EQ(errorOf(std::string((1 << 20) + 1, '#')), "t.yaml: error: a target's file has at most 1 MiB, found more");
  EXPECT_EQ(errorOf(std::string(1 << 20, '#')), "t.yaml:1:1: error: expected a mapping of the target's keys");
}

TEST(TargetModel, HugeFileIsNotReadToItsEnd) {
  rnn::test::TemporaryFolder folder;
  std::string path = folder.file("huge.yaml");
  std::ofstream(path) << std::string(2 << 20, '#');
  auto description = read(path);
  ASSERT_TRUE(description) << description.error().message;
  EXPECT_EQ(description->yaml.size(), (1u << 20) + 1);
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
  std::string errors = errorOf(generic("clock: {value: 1, unit: GHz, source: assumed}",
                                       "clock: {value: \"\\e\", unit: \"\\r\", source: \"\\t\"}"));
  for (const char *key : {"unit", "source", "clock"})
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
