//===- SimulatorTest.cpp - Values and cycles of small programs --*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "../TemporaryFolder.h"
#include "Programs.h"

#include "rnn-mlir/Sim/Trace.h"

#include <filesystem>
#include <fstream>
#include <map>

using namespace rnn;
using namespace rnn::sim;
using namespace rnn::test;

TEST(Simulator, RecurrenceComputesItsValues) {
  for (int64_t steps : {0, 1, 2, 3, 50}) {
    Launch launch = recurrenceLaunch(steps);
    auto result = run(assemble(kRecurrence), launch);
    ASSERT_TRUE(result) << result.trap().message;
    EXPECT_EQ(launch.data[1], recurrenceOutputs(launch)) << steps << " steps";
    EXPECT_EQ(result->steps, uint64_t(steps));
  }
}

TEST(Simulator, AllKernelsGiveTheSameBytesAndCycles) {
  Launch first = recurrenceLaunch(20);
  auto want = run(assemble(kRecurrence), first);
  for (const Kernels &kernels : availableKernels()) {
    Launch launch = recurrenceLaunch(20);
    auto got = run(assemble(kRecurrence), launch, {}, kernels);
    EXPECT_EQ(launch.data[1], first.data[1]) << kernels.name;
    EXPECT_EQ(got->cycles, want->cycles);
  }
}

TEST(Simulator, NumbersOfOtherFormatsAreReadAndWritten) {
  // 16 rows of 16 weights of 1/2 and a vector of 1, 2, …, 16 in f16; their products, 68, go out as f16 and as f32.
  isa::Program program = assemble(R"(.program {"name": "half"}
.argument {"name": "f16", "output": true, "element_bytes": 2, "shape": [16], "base": 1, "dims": [0]}
.argument {"name": "f32", "output": true, "element_bytes": 4, "shape": [16], "base": 2, "dims": [0]}
copy_in dst=weight[0] src=dram[0] rows=1 bytes=512
copy_in dst=vector[2] src=dram[512] rows=1 bytes=32 post=0
product acc=acc[0] weight=weight[0,format=f16] x=vector[2,format=f16] rows=16 cols=16 vectors=1 accumulate=0 round=0 wait=0 post=1
lanes n=16 count=3 wait=1 post=2
lane.load source=acc[0] rd=r0
lane.store target=vector[64,format=f16] value=r0
lane.store target=vector[128] value=r0
copy_out dst=dram[0,base=s1] src=vector[64] rows=1 bytes=32 wait=2
copy_out dst=dram[0,base=s2] src=vector[128] rows=1 bytes=64
halt
)");
  std::vector<uint16_t> constants(256, 0x3800);
  for (uint16_t half : {0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600, 0x4700, 0x4800, 0x4880, 0x4900, 0x4980, 0x4a00,
                        0x4a80, 0x4b00, 0x4b80, 0x4c00})
    constants.push_back(half);
  std::vector<uint16_t> half(16);
  std::vector<float> wide(16);
  std::vector<int64_t> shape = {16};
  std::vector<ArgumentView> views = {{half.data(), shape}, {wide.data(), shape}};
  target::TargetModel model = generic();
  Simulator simulator(model, std::as_bytes(std::span(constants)));
  auto result = simulator.run(program, views);
  ASSERT_TRUE(result) << result.trap().message;
  EXPECT_EQ(half, std::vector<uint16_t>(16, 0x5440));
  EXPECT_EQ(wide, std::vector<float>(16, 68.0f));
  EXPECT_EQ(result->bytesRead[size_t(isa::Memory::Weight)], 512u);
}

TEST(Simulator, TwoRunsAndTwoSimulatorsAgree) {
  isa::Program program = assemble(kRecurrence);
  target::TargetModel model = generic();
  Launch launch = recurrenceLaunch(17);
  auto views = launch.views();
  Simulator a(model, std::as_bytes(std::span(launch.constants))), b(model, std::as_bytes(std::span(launch.constants)));
  std::string first = toJson(*a.run(program, views)).dump();
  std::vector<float> values = launch.data[1];
  // Nothing of a run counts in the next, its instructions neither.
  RunOptions enough;
  for (enough.maxInstructions = 1; !a.run(program, views, enough);)
    ++enough.maxInstructions;
  EXPECT_EQ(toJson(*a.run(program, views, enough)).dump(), first);
  EXPECT_EQ(toJson(*b.run(program, views)).dump(), first);
  EXPECT_EQ(launch.data[1], values);
}

TEST(Simulator, CyclesOfACopy) {
  Launch launch;
  launch.constants = numbers(64);
  auto result = run(assemble("copy_in dst=vector[0] src=dram[0] rows=1 bytes=64\nhalt\n"), launch);
  ASSERT_TRUE(result);
  // 1 issue + 4 setup + 64 B / 16 B a cycle + 100 latency.
  EXPECT_EQ(result->cycles, 1u + 4 + 4 + 100);
}

TEST(Simulator, CopiesOverlapTheirLatency) {
  Launch launch;
  launch.constants = numbers(64);
  auto result = run(assemble("copy_in dst=vector[0] src=dram[0] rows=1 bytes=64\n"
                             "copy_in dst=vector[64] src=dram[64] rows=1 bytes=64\nhalt\n"),
                    launch);
  ASSERT_TRUE(result);
  // 1 issue + 2·(4 setup + 4 transfer) + 100 latency.
  EXPECT_EQ(result->cycles, 1u + 2 * (4 + 4) + 100);
}

TEST(Simulator, CyclesOfOneStepAreAChain) {
  Launch launch = recurrenceLaunch(1);
  auto result = run(assemble(kRecurrence), launch);
  ASSERT_TRUE(result);
  // set 1, issue 1; weights 4 + 2048/16, then x 4 + 64/16 + 100 until visible; product of 1024 B of weights at 512 B a
  // cycle and 12 to drain, twice; load 1, tanh 2, stores 2 and 8 to drain; y 4 + 4 + 100.
  EXPECT_EQ(result->cycles, 1u + 1 + (4 + 128) + (4 + 4 + 100) + 2 * (2 + 12) + (5 + 8) + (4 + 4 + 100));
}

TEST(Simulator, QueueDepthHoldsTheSequencerUp) {
  std::string text;
  for (int i = 0; i < 12; ++i)
    text += "copy_in dst=vector[" + std::to_string(64 * i) + "] src=dram[0] rows=1 bytes=64\n";
  Launch launch;
  launch.constants = numbers(64);
  auto result = run(assemble(text + "halt\n"), launch);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->cycles, 1u + 12 * (4 + 4) + 100);
  // Instruction 1 leaves the queue at cycle 1. The sequencer issues the first nine by cycle 9, when the second leaves;
  // the last of twelve follows the start of the fourth copy, at 1 + 3·8, by 1 issue and 1 for halt.
  EXPECT_EQ(result->engines[0].idle[size_t(Cause::Queue)], 1u + 3 * 8 + 1 + 1 - 12 - 1);
}

TEST(Simulator, ScalarsAndFetchChooseTheLoopCount) {
  // s5 = floor((fetched - 1) / 2); fills that many rows. The fetched value is 8, so 3 rows.
  std::string_view text =
      R"(.argument {"name": "n", "output": false, "element_bytes": 4, "shape": [1], "base": 1, "dims": [0]}
.argument {"name": "y", "output": true, "element_bytes": 4, "shape": [-1], "base": 2, "dims": [0]}
fetch rd=s5 source=dram[0,base=s1]
set rd=s6 value=-1
add rd=s5 ra=s5 rb=s6
set rd=s6 value=2
div rd=s5 ra=s5 rb=s6
set rd=s7 value=4
begin count=s5
fill dst=dram[0,base=s2,i0=s7] rows=1 bytes=4
end
halt
)";
  Launch launch;
  int32_t count = 8;
  float n;
  std::memcpy(&n, &count, 4);
  launch.data = {{n}, {1, 1, 1}};
  launch.shapes = {{1}, {3}};
  auto result = run(assemble(text), launch);
  ASSERT_TRUE(result) << result.trap().message;
  EXPECT_EQ(launch.data[1], (std::vector<float>{0, 0, 0}));
}

TEST(Simulator, NegativePitchReversesRows) {
  std::string_view text =
      R"(.argument {"name": "y", "output": true, "element_bytes": 4, "shape": [3], "base": 2, "dims": [0]}
copy_in dst=vector[8,pitch=-4] src=dram[0,pitch=4] rows=3 bytes=4 post=0
copy_out dst=dram[0,base=s2] src=vector[0] rows=1 bytes=12 wait=0
halt
)";
  Launch launch;
  launch.constants = {1, 2, 3};
  launch.data = {{0, 0, 0}};
  launch.shapes = {{3}};
  auto result = run(assemble(text), launch);
  ASSERT_TRUE(result) << result.trap().message;
  EXPECT_EQ(launch.data[0], (std::vector<float>{3, 2, 1}));
}

TEST(Simulator, TraceIsWrittenWhole) {
  TemporaryFolder folder;
  std::string path = folder.file("trace.json");
  auto writer = TraceWriter::create(path, 1e9);
  ASSERT_TRUE(writer);
  Launch launch = recurrenceLaunch(3);
  RunOptions options;
  options.trace = writer->get();
  auto result = run(assemble(kRecurrence), launch, options);
  ASSERT_TRUE(result);
  EXPECT_FALSE(std::filesystem::exists(path));
  ASSERT_TRUE((*writer)->finish());
  auto json = nlohmann::json::parse(std::ifstream(path));
  // Of engines, by step; -1 outside of the loop.
  std::map<int64_t, size_t> slices;
  for (const auto &event : json["traceEvents"])
    if (event["ph"] == "X" && event["args"]["node"] == "rnn_1" && event["tid"] > unsigned(isa::Engine::Seq) + 1 &&
        event["tid"] < unsigned(TraceWriter::Track::Channel) + 1)
      ++slices[event["args"].value("step", int64_t(-1))];
  // Weights and start, then five instructions a step.
  EXPECT_EQ(slices, (std::map<int64_t, size_t>{{-1, 2}, {0, 5}, {1, 5}, {2, 5}}));
  EXPECT_FALSE(TraceWriter::create("/nonexistent/trace.json", 1e9));
}

TEST(Simulator, ATraceOfASlowClockHasAllItsDigits) {
  TemporaryFolder folder;
  std::string path = folder.file("trace.json");
  auto writer = TraceWriter::create(path, /*clock=*/1);
  ASSERT_TRUE(writer);
  (*writer)->advance(30'000'000);
  Launch launch = recurrenceLaunch(1);
  RunOptions options;
  options.trace = writer->get();
  ASSERT_TRUE(run(assemble(kRecurrence), launch, options));
  ASSERT_TRUE((*writer)->finish());
  auto json = nlohmann::json::parse(std::ifstream(path));
  double first = INFINITY;
  for (const auto &event : json["traceEvents"])
    if (event["ph"] == "X")
      first = std::min(first, event["ts"].get<double>());
  EXPECT_EQ(first, 30'000'000e6);
}
