//===- LaunchTest.cpp - Programs that are launches and nothing else -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "../Sim/Programs.h"
#include "../TemporaryFolder.h"
#include "rnn-mlir/Runtime/Report.h"
#include "rnn-mlir/Runtime/Session.h"
#include "rnn-mlir/Sim/Trace.h"

#include <filesystem>
#include <fstream>

using namespace rnn;
using namespace rnn::runtime;

namespace {

/// The recurrence of Programs.h as a model: x [T, 1, 16] to y [T, 1, 16].
std::vector<std::byte> programBytes(const nlohmann::json &changes = nlohmann::json::object()) {
  isa::ContainerContents contents;
  contents.meta = nlohmann::json::parse(R"({"model": "m.onnx", "target": "generic", "compiler": "test",
    "inputs": [{"name": "x", "dtype": "float32", "shape": [-1, 1, 16]}],
    "outputs": [{"name": "y", "dtype": "float32", "shape": [-1, 1, 16]}],
    "launches": [{"program": 0, "arguments": [{"input": 0, "shape": [[0, 0], 16]},
                                              {"output": 0, "shape": [[0, 0], 16]}]}],
    "output_sizes": [[[0, 0], 1, 16]]})");
  contents.meta.update(changes);
  contents.target = target::find("generic")->yaml;
  static const std::vector<float> weights = test::numbers(512);
  contents.constants.push_back({0, std::as_bytes(std::span(weights))});
  contents.programs.push_back(test::assemble(test::kRecurrence));
  return *isa::containerBytes(contents);
}

NamedArray inputOf(int64_t steps) {
  Array x = *Array::zeros(DType::Float32, {steps, 1, 16});
  std::vector<float> values = test::numbers(steps * 16, 7);
  std::memcpy(x.data.get(), values.data(), values.size() * 4);
  return {"x", x};
}

struct Launches : testing::Test {
  std::shared_ptr<const Program> program = *Program::fromBytes(programBytes());
};

TEST_F(Launches, GiveTheRecurrencesValuesForAnyLength) {
  auto session = std::move(*Session::create(program));
  EXPECT_EQ(session->hostCpu(), "");
  for (int64_t steps : {1, 7, 3}) {
    NamedArray x = inputOf(steps);
    auto outputs = session->run({&x, 1});
    ASSERT_TRUE(bool(outputs)) << outputs.error().message;
    std::vector<float> expected = test::recurrenceOutputs(test::recurrenceLaunch(steps));
    EXPECT_EQ((*outputs)[0].shape, (std::vector<int64_t>{steps, 1, 16}));
    EXPECT_EQ(std::memcmp((*outputs)[0].data.get(), expected.data(), steps * 64), 0);
  }
}

TEST_F(Launches, AddUpInTheReport) {
  auto session = std::move(*Session::create(program));
  NamedArray x = inputOf(5);
  ASSERT_TRUE(bool(session->run({&x, 1})));
  uint64_t once = session->report()["cycles"];
  ASSERT_TRUE(bool(session->run({&x, 1})));
  nlohmann::ordered_json report = session->report();
  EXPECT_EQ(report["cycles"], 2 * once);
  EXPECT_EQ(report["steps"], 10);
  EXPECT_EQ(report["cycles_per_step"], double(once) / 5);
  const nlohmann::ordered_json &layer = report["layers"][0];
  EXPECT_EQ(layer["node"], "rnn_1");
  EXPECT_EQ(test::accountSum(layer), int64_t(2 * once));
  EXPECT_NE(reportSummary(report).find("rnn_1: "), std::string::npos);
}

TEST_F(Launches, ATrapIsLocatedAtItsNode) {
  SessionOptions options;
  options.maxCycles = 10;
  auto session = std::move(*Session::create(program, options));
  NamedArray x = inputOf(5);
  auto outputs = session->run({&x, 1});
  ASSERT_FALSE(bool(outputs));
  EXPECT_TRUE(session->trapped());
  EXPECT_TRUE(outputs.error().message.starts_with("m.onnx:rnn_1: error: ")) << outputs.error().message;
}

TEST_F(Launches, AnotherShapeThanTheDeclaredIsRefused) {
  auto odd = Program::fromBytes(programBytes({{"output_sizes", {{{0, 0}, 16, 1}}}}));
  ASSERT_TRUE(bool(odd)) << odd.error().message;
  auto session = std::move(*Session::create(*odd));
  NamedArray x = inputOf(5);
  auto outputs = session->run({&x, 1});
  ASSERT_FALSE(bool(outputs));
  EXPECT_EQ(outputs.error().message, "m.onnx:y: error: expected a result of shape [?, 1, 16], found [5, 16, 1]");
}

TEST_F(Launches, TheDeviceHoldsItsConstantsAlone) {
  // Two matrices of 16 x 16 floats.
  auto all = Program::fromBytes(programBytes({{"device_constants", 2048}}));
  ASSERT_TRUE(bool(all)) << all.error().message;
  NamedArray x = inputOf(1);
  EXPECT_TRUE(bool(std::move(*Session::create(*all))->run({&x, 1})));
  auto half = std::move(*Session::create(*Program::fromBytes(programBytes({{"device_constants", 1024}}))));
  EXPECT_NE(half->run({&x, 1}).error().message.find("address out of range"), std::string::npos);
  EXPECT_EQ(Program::fromBytes(programBytes({{"device_constants", 2049}})).error().message,
            "program file: error: metadata: expected a number in 0..2048 at 'device_constants'");
}

TEST_F(Launches, ATrapIsOfItsRunAlone) {
  NamedArray one = inputOf(1), five = inputOf(5);
  auto unlimited = std::move(*Session::create(program));
  ASSERT_TRUE(bool(unlimited->run({&one, 1})));
  SessionOptions options;
  options.maxCycles = unlimited->report()["cycles"];
  auto session = std::move(*Session::create(program, options));
  EXPECT_FALSE(bool(session->run({&five, 1})));
  EXPECT_TRUE(session->trapped());
  EXPECT_TRUE(bool(session->run({&one, 1})));
  EXPECT_FALSE(session->trapped());
  EXPECT_FALSE(bool(session->run({&five, 1})));
  EXPECT_FALSE(bool(session->run({})));
  EXPECT_FALSE(session->trapped());
  // The seconds are those of all that began.
  EXPECT_EQ(session->report()["runs"], 3);
}

TEST_F(Launches, ATraceIsWrittenWhole) {
  test::TemporaryFolder folder;
  std::string path = folder.file("trace.json");
  auto trace = sim::TraceWriter::create(path, 1e9);
  ASSERT_TRUE(bool(trace));
  SessionOptions options;
  options.trace = trace->get();
  auto session = std::move(*Session::create(program, options));
  NamedArray x = inputOf(2);
  ASSERT_TRUE(bool(session->run({&x, 1})));
  EXPECT_FALSE(std::filesystem::exists(path));
  ASSERT_TRUE(bool((*trace)->finish()));
  std::ifstream file(path);
  auto events = nlohmann::json::parse(file)["traceEvents"];
  EXPECT_GT(events.size(), 10u);
}

TEST_F(Launches, ACorruptProgramFileIsRefused) {
  std::vector<std::byte> good = programBytes();
  for (size_t at = 0; at < good.size(); at += 13) {
    std::vector<std::byte> bad = good;
    bad[at] ^= std::byte(1 + at % 255);
    EXPECT_FALSE(bool(Program::fromBytes(bad))) << at;
  }
  for (size_t size = 0; size < good.size(); size += 17)
    EXPECT_FALSE(bool(Program::fromBytes({good.begin(), good.begin() + size}))) << size;
}

TEST_F(Launches, AProgramIsSavedWhole) {
  test::TemporaryFolder folder;
  std::string path = folder.file("m.rpu");
  ASSERT_TRUE(bool(program->save(path)));
  auto back = Program::open(path);
  ASSERT_TRUE(bool(back)) << back.error().message;
  EXPECT_EQ((*back)->container().bytes().size(), program->container().bytes().size());
  EXPECT_FALSE(bool(program->save("/nonexistent/m.rpu")));
}

} // namespace
