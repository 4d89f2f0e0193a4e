//===- MetadataTest.cpp - What a program file says about its model -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Runtime/Metadata.h"
#include "rnn-mlir/Runtime/Report.h"

#include "../../../lib/Runtime/SessionReport.h"

#include <gtest/gtest.h>

#include <ranges>

using namespace rnn;
using namespace rnn::runtime;
using nlohmann::json;

namespace {

json meta() {
  return json::parse(R"({"model": "m.onnx", "target": "generic", "compiler": "test",
    "inputs": [{"name": "x", "dtype": "float32", "shape": [-1, 3], "dims": ["T", ""]}],
    "outputs": [{"name": "y", "dtype": "float32", "shape": [-1, 1, 4]}],
    "launches": [{"program": 0, "arguments": [{"input": 0, "shape": [[0, 0], 3]},
                                              {"output": 0, "shape": [[0, 0], 4]},
                                              {"temporary": 0, "shape": [2, [0, 0]]}]}],
    "temporaries": [{"dtype": "float32", "shape": [[0, 0], 2]}],
    "output_sizes": [[[0, 0], 1, 4]],
    "options": {"schedule": "plain", "time_tile": 3, "batch_tile": 2, "host_cpu": "native", "quantize": "none"}})");
}

std::string errorOf(const json &object) {
  auto parsed = Metadata::parse(object);
  return parsed ? "" : parsed.error().message;
}

TEST(Metadata, HoldsLaunches) {
  auto parsed = Metadata::parse(meta());
  ASSERT_TRUE(bool(parsed)) << parsed.error().message;
  EXPECT_EQ(parsed->inputs[0].dims[0], "T");
  ASSERT_EQ(parsed->launches.size(), 1u);
  EXPECT_EQ(parsed->launches[0].arguments[1].kind, ArrayKind::Output);
  EXPECT_EQ(parsed->launches[0].arguments[1].shape[1].value, 4);
  EXPECT_EQ(parsed->outputSizes[0][0].input, 0);
  EXPECT_EQ(Metadata::parse(parsed->toJson())->toJson(), parsed->toJson());
}

TEST(Metadata, EveryKeyIsChecked) {
  struct Patch {
    const char *path;
    json value;
    const char *message;
  };
  const std::vector<Patch> patches = {
      {"/model", 1, "a string at 'model'"},
      {"/target", nullptr, "a string at 'target'"},
      {"/compiler", json::array(), "a string at 'compiler'"},
      {"/inputs", 1, "an array of at most 4096 at 'inputs'"},
      {"/inputs/0/name", 1, "a string at 'name'"},
      {"/inputs/0/dtype", "complex64", "a known element type at 'dtype'"},
      {"/inputs/0/dtype", 1, "a string at 'dtype'"},
      {"/inputs/0/shape", "3", "an array of at most 32 at 'shape'"},
      {"/inputs/0/shape/0", -2, "a number in -1..9223372036854775807 at 'shape'"},
      {"/inputs/0/shape/0", 1.5, "an integer at 'shape'"},
      {"/inputs/0/dims", {"T"}, "as many entries as in shape at 'dims'"},
      {"/inputs/0/dims/0", 1, "strings at 'dims'"},
      {"/inputs/1", {{"name", "x"}, {"dtype", "float32"}, {"shape", {1}}}, "different names at 'inputs'"},
      {"/outputs", "y", "an array of at most 4096 at 'outputs'"},
      {"/launches", "", "an array of at most 65536 at 'launches'"},
      {"/launches/0/program", -1, "a number in 0..2147483647 at 'program'"},
      {"/launches/0/program", "p", "an integer at 'program'"},
      {"/launches/0/arguments", 1, "an array of at most 4096 at 'arguments'"},
      {"/launches/0/arguments/0/input", 1, "a number in 0..0 at 'launches'"},
      {"/launches/0/arguments/0", {{"shape", {1}}}, "'input', 'output' or 'temporary', and 'shape' at 'launches'"},
      {"/launches/0/arguments/0/shape", 1, "an array at 'shape'"},
      {"/launches/0/arguments/0/shape/0", {0, 2}, "a number in 0..1 at 'shape'"},
      {"/launches/0/arguments/0/shape/0", {1, 0}, "a number in 0..0 at 'shape'"},
      {"/launches/0/arguments/0/shape/0", {0}, "[input, dimension] at 'shape'"},
      {"/launches/0/arguments/2/temporary", 1, "a number in 0..0 at 'launches'"},
      {"/temporaries", 1, "an array of at most 65536 at 'temporaries'"},
      {"/temporaries/0/dtype", "float24", "a known 'dtype' and a 'shape' at 'temporaries'"},
      {"/temporaries/0/shape/0", -1, "a number in 0..9223372036854775807 at 'shape'"},
      {"/output_sizes", json::array(), "one entry for each output at 'output_sizes'"},
      {"/output_sizes/0", json::array({1}), "the rank of the output at 'output_sizes'"},
      {"/nodes", {1}, "strings at 'nodes'"},
      {"/defaults", 1, "an array of at most 16777216 at 'defaults'"},
      {"/options", {1}, "a string at 'schedule'"},
      {"/options/schedule", 1, "a string at 'schedule'"},
      {"/options/host_cpu", json::array(), "a string at 'host_cpu'"},
      {"/options/time_tile", 0.5, "an integer at 'time_tile'"},
      {"/options/time_tile", -1, "a number in 0..1073741824 at 'time_tile'"},
      {"/options/schedule", "lwm", "a value of --schedule at 'schedule'"},
      {"/device_constants", -1, "a number in 0..9223372036854775807 at 'device_constants'"},
  };
  for (const auto &[path, value, message] : patches) {
    json object = meta();
    object[json::json_pointer(path)] = value;
    EXPECT_EQ(errorOf(object), std::string("metadata: expected ") + message) << path;
  }
  for (auto [path, message] : {std::pair{"/model", "a string at 'model'"},
                               {"/target", "a string at 'target'"},
                               {"/compiler", "a string at 'compiler'"},
                               {"/inputs", "an array at 'inputs'"},
                               {"/outputs", "an array at 'outputs'"},
                               {"/inputs/0/name", "a string at 'name'"},
                               {"/inputs/0/dtype", "a string at 'dtype'"},
                               {"/launches/0/program", "'program' at 'launches'"},
                               {"/temporaries/0/shape", "a known 'dtype' and a 'shape' at 'temporaries'"}}) {
    json::json_pointer where(path);
    json object = meta();
    object[where.parent_pointer()].erase(where.back());
    EXPECT_EQ(errorOf(object), std::string("metadata: expected ") + message) << path;
  }
}

/// A value of an option that is not its default.
std::string otherValue(const CompileOption &option) {
  if (option.kind == OptionKind::Integer)
    return std::to_string(option.most);
  if (!option.choices.empty())
    return std::string(option.choices.back().name);
  return "other";
}

TEST(Metadata, HoldsEveryOption) {
  OptionValues values;
  EXPECT_TRUE(
      std::ranges::none_of(std::views::iota(size_t(0), kOptionCount), [&](size_t k) { return values.given(k); }));
  for (size_t row = 0; row < kOptionCount; ++row) {
    const CompileOption &option = kCompileOptions[row];
    EXPECT_EQ(optionRow(spelled(option, OptionSpelling::Keyword)), row);
    EXPECT_EQ(wrongValue(option, option.standard), "") << option.name;
    if (option.scope == OptionScope::Later || option.name == "target")
      continue;
    ASSERT_TRUE(bool(values.set(row, otherValue(option)))) << option.name;
    EXPECT_TRUE(values.given(row)) << option.name;
  }
  json object = meta();
  object["options"] = optionsJson(values);
  auto parsed = Metadata::parse(object);
  ASSERT_TRUE(bool(parsed)) << parsed.error().message;
  EXPECT_EQ(parsed->options, values);
  EXPECT_EQ(parsed->toJson()["options"], object["options"]);
}

TEST(Options, WrongValuesAreTold) {
  auto wrong = [](const char *name, const char *value) { return wrongValue(kCompileOptions[optionRow(name)], value); };
  EXPECT_EQ(wrong("time-tile", "1e3"), "expected a whole number from 0 to 1073741824, found 1e3");
  EXPECT_EQ(wrong("time-tile", "99999999999999999999"),
            "expected a whole number from 0 to 1073741824, found 99999999999999999999");
  EXPECT_EQ(wrong("schedule", "lwm"), "expected mwl, plain, overlap or auto, found lwm");
  EXPECT_EQ(wrong("host-cpu", "native, z80"), "expected x86-64-v3, x86-64-v4 or native, found z80");
  EXPECT_EQ(wrong("host-cpu", "native,"), "expected x86-64-v3, x86-64-v4 or native, found none");
  for (const char *good : {"none", "fp16", "a:fp16", "a:b:fp16", "fp16, a:none,b:none"})
    EXPECT_EQ(wrong("quantize", good), "") << good;
  EXPECT_EQ(wrong("quantize", "half"), "expected none or fp16, found half");
  EXPECT_EQ(wrong("quantize", "fp16,a:half"), "expected none or fp16, found a:half");
  EXPECT_EQ(wrong("quantize", "fp16,"), "expected none or fp16, found none");
  EXPECT_EQ(wrong("quantize", ":fp16"), "expected the name of a layer before fp16, found :fp16");
  EXPECT_EQ(wrong("quantize", "a:none,fp16,none"),
            "expected one format for the layers that are not named, found a:none,fp16,none");
  OptionValues values;
  EXPECT_FALSE(bool(values.set(optionRow("schedule"), "lwm")));
  EXPECT_EQ(values, OptionValues());
  EXPECT_EQ(optionRow("time"), kOptionCount);
}

TEST(Report, EveryKeyIsDocumented) {
  sim::Statistics statistics;
  statistics.program = "p";
  statistics.node = "lstm";
  nlohmann::ordered_json report = makeReport({"m.onnx", "generic", "a machine", "", 1e9, 1, 0, 0}, {&statistics});
  std::string table = reportTable();
  auto expectDocumented = [&](const nlohmann::ordered_json &object, const std::string &prefix) {
    const nlohmann::ordered_json flat = object.flatten();
    for (const auto &[key, value] : flat.items()) {
      std::string dotted = key.substr(1);
      std::replace(dotted.begin(), dotted.end(), '/', '.');
      EXPECT_NE(table.find("| `" + prefix + dotted + "` |"), std::string::npos) << dotted;
    }
  };
  nlohmann::ordered_json layer = report["layers"][0];
  report.erase("layers");
  expectDocumented(report, "");
  expectDocumented(layer, "layers[].");
}

TEST(Report, TheDataOfAPageCannotEndTheirElement) {
  sim::Statistics statistics;
  std::string page =
      reportHtml(makeReport({"</script><script>", "generic", "a machine", "", 1e9, 1, 0, 0}, {&statistics}));
  EXPECT_EQ(page.find("</script><script>"), std::string::npos);
}

} // namespace
