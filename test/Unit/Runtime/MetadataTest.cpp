//===- MetadataTest.cpp - What a program file says about its model -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Runtime/Metadata.h"
#include "rnn-mlir/Runtime/Report.h"

#include "../../../lib/Runtime/SessionReport.h"

#include <gtest/gtest.h>

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
    "output_sizes": [[[0, 0], 1, 4]]})");
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
  std::vector<std::pair<const char *, json>> patches = {
      {"/model", 1},
      {"/inputs/0/dtype", "complex64"},
      {"/inputs/0/shape/0", -2},
      {"/inputs/0/shape/0", 1.5},
      {"/inputs/0/dims", {"T"}},
      {"/outputs", "y"},
      {"/launches/0/program", -1},
      {"/launches/0/arguments/0/input", 1},
      {"/launches/0/arguments/0/shape/0", {0, 2}},
      {"/launches/0/arguments/0/shape/0", {1, 0}},
      {"/launches/0/arguments/2/temporary", 1},
      {"/temporaries/0/dtype", "float24"},
      {"/temporaries/0/shape/0", -1},
      {"/output_sizes", json::array()},
      {"/output_sizes/0", json::array({1})},
      {"/nodes", {1}},
  };
  for (const auto &[path, value] : patches) {
    json object = meta();
    object[json::json_pointer(path)] = value;
    EXPECT_EQ(errorOf(object).substr(0, 10), "metadata: ") << path;
  }
}

TEST(Report, EveryKeyIsDocumented) {
  sim::Statistics statistics;
  statistics.program = "p";
  statistics.node = "lstm";
  nlohmann::ordered_json report = makeReport({"m.onnx", "generic", "", 1e9, 1, 0, 0}, {&statistics});
  std::string table = reportTable();
  nlohmann::ordered_json layer = report["layers"][0];
  report.erase("layers");
  for (const auto &[key, value] : report.items())
    EXPECT_NE(table.find("| `" + key + "` |"), std::string::npos) << key;
  nlohmann::ordered_json flat = layer.flatten();
  for (const auto &[key, value] : flat.items()) {
    std::string dotted = key.substr(1);
    std::replace(dotted.begin(), dotted.end(), '/', '.');
    EXPECT_NE(table.find("| `layers[]." + dotted + "` |"), std::string::npos) << dotted;
  }
}

TEST(Report, TheDataOfAPageCannotEndTheirElement) {
  sim::Statistics statistics;
  std::string page = reportHtml(makeReport({"</script><script>", "generic", "", 1e9, 1, 0, 0}, {&statistics}));
  EXPECT_EQ(page.find("</script><script>"), std::string::npos);
}

} // namespace
