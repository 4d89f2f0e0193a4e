//===- SetupTest.cpp - What stays on the tile from launch to launch -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Programs.h"

using namespace rnn;
using namespace rnn::sim;
using namespace rnn::test;

namespace {

/// `kRecurrence` with its weights in the set-up part; mat waits for them by semaphore 0.
std::string recurrenceWithSetup() {
  std::string text(kRecurrence);
  auto replace = [&](std::string_view from, std::string_view to) { text.replace(text.find(from), from.size(), to); };
  replace("set value=64 rd=s4\n.role {\"role\": \"weights\"}\n"
          "copy_in dst=weight[0] src=dram[0] rows=1 bytes=2048\n.role {\"role\": \"control\"}\n",
          ".setup {\"instructions\": 1}\n.role {\"role\": \"weights\"}\n"
          "copy_in dst=weight[0] src=dram[0] rows=1 bytes=2048 post=0\n.role {\"role\": \"control\"}\n"
          "set value=64 rd=s4\nfence engine=3 wait=0\n");
  replace("\"constant_bytes\": 0", "\"constant_bytes\": 2048");
  return text;
}

struct Session {
  target::TargetModel model = generic();
  Launch launch = recurrenceLaunch(3);
  Simulator simulator{model, std::as_bytes(std::span(launch.constants))};

  RunResult run(const isa::Program &program) {
    auto views = launch.views();
    return simulator.run(program, views);
  }
  uint64_t dramBytes(const isa::Program &program) {
    RunResult result = run(program);
    EXPECT_TRUE(result) << (result ? "" : result.trap().message);
    EXPECT_EQ(launch.data[1], recurrenceOutputs(launch));
    return result ? result->bytesRead[size_t(isa::Memory::Dram)] : 0;
  }
};

/// A program that copies 64 bytes of the vector memory to its output, with a set-up part or without.
std::string reader(std::string_view before, std::string_view setup = "") {
  return R"(.program {"name": "reader"}
.argument {"name": "out", "output": true, "element_bytes": 4, "shape": [16], "base": 1, "dims": [0]}
)" + std::string(setup) +
         std::string(before) + "copy_out dst=dram[0,base=s1] src=vector[0] rows=1 bytes=64 wait=0\nhalt\n";
}
/// The same bytes, loaded by the set-up part, or by every launch.
constexpr std::string_view kSetup = ".setup {\"instructions\": 1}\n";
constexpr std::string_view kLoad = "copy_in dst=vector[0] src=dram[0] rows=1 bytes=64 post=0\n";

Launch readerLaunch() {
  Launch launch;
  launch.constants = numbers(64);
  launch.data = {std::vector<float>(16)};
  launch.shapes = {{16}};
  return launch;
}

} // namespace

TEST(Setup, WeightsComeOnceASession) {
  Session session;
  isa::Program program = assemble(recurrenceWithSetup());
  EXPECT_EQ(session.dramBytes(program), 2048u + 3 * 64);
  EXPECT_EQ(session.dramBytes(program), 3u * 64);
  EXPECT_EQ(session.dramBytes(program), 3u * 64);
  session.simulator.reset();
  EXPECT_EQ(session.dramBytes(program), 2048u + 3 * 64);
}

TEST(Setup, TheFirstLaunchTakesTheCyclesOfTheSameProgramWithoutOne) {
  std::string text = recurrenceWithSetup();
  isa::Program program = assemble(text);
  text.erase(text.find(".setup"), std::string_view(".setup {\"instructions\": 1}\n").size());
  Session session, other;
  EXPECT_EQ(session.run(program)->cycles, other.run(assemble(text))->cycles);
  EXPECT_LT(session.run(program)->cycles, other.run(assemble(text))->cycles);
}

TEST(Setup, BoundsOfALaterLaunchHaveNoConstants) {
  Session session;
  isa::Program program = assemble(recurrenceWithSetup());
  auto dram = [](const RunResult &result) { return result->bounds[size_t(Bound::Dram)]; };
  // 2048 bytes of weights, and 3 steps of 128, at 16 bytes a cycle.
  EXPECT_EQ(dram(session.run(program)), (2048u + 3 * 128) / 16);
  EXPECT_EQ(dram(session.run(program)), 3u * 128 / 16);
}

TEST(Setup, WhatItWroteIsOfItsProgramAlone) {
  Launch launch = readerLaunch();
  target::TargetModel model = generic();
  Simulator simulator(model, std::as_bytes(std::span(launch.constants)));
  auto views = launch.views();
  ASSERT_TRUE(simulator.run(assemble(reader(kLoad, kSetup)), views));
  ASSERT_TRUE(simulator.run(assemble(reader(kLoad, kSetup)), views));
  EXPECT_EQ(launch.data[0], std::vector<float>(launch.constants.begin(), launch.constants.begin() + 16));
  RunResult other = simulator.run(assemble(reader(".semaphore {\"number\": 0, \"count\": 1}\n")), views);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.trap().cause, TrapCause::Uninitialised);
}

TEST(Setup, WhatALaunchWroteIsGoneAtTheNext) {
  Launch launch = readerLaunch();
  target::TargetModel model = generic();
  Simulator simulator(model, std::as_bytes(std::span(launch.constants)));
  auto views = launch.views();
  ASSERT_TRUE(simulator.run(assemble(reader(kLoad)), views));
  RunResult result = simulator.run(assemble(reader(".semaphore {\"number\": 0, \"count\": 1}\n")), views);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.trap().cause, TrapCause::Uninitialised);
}

// A plan that gives one program's scratch the bytes that stay for another.
TEST(Setup, BytesThatAnotherProgramOverwroteStayNoLonger) {
  Launch launch = readerLaunch();
  target::TargetModel model = generic();
  Simulator simulator(model, std::as_bytes(std::span(launch.constants)));
  auto views = launch.views();
  ASSERT_TRUE(simulator.run(assemble(reader(kLoad, kSetup)), views));
  ASSERT_TRUE(simulator.run(assemble(reader(kLoad)), views));
  RunResult result = simulator.run(assemble(reader(kLoad, kSetup)), views);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.trap().cause, TrapCause::Uninitialised);
  EXPECT_EQ(result.trap().address, 0u);
  // A fault empties the tile.
  EXPECT_TRUE(simulator.run(assemble(reader(kLoad, kSetup)), views));
}

TEST(Setup, HoldsInstructionsOfEnginesAlone) {
  auto text = [](const char *count, const char *first) {
    return std::string(".program {\"name\": \"p\"}\n.setup {\"instructions\": ") + count + "}\n" + first + "halt\n";
  };
  auto error = [](const std::string &text) {
    auto program = isa::parseProgram(text);
    return program ? std::string() : program.error().message;
  };
  EXPECT_EQ(error(text("1", "fence engine=3\n")), "");
  EXPECT_EQ(error(text("1", "begin count=2\nend\n")),
            "program 'p': expects instructions of engines in the set-up part, found 'begin'");
  EXPECT_EQ(error(text("3", "fence engine=3\n")),
            "program 'p': expects a set-up part of at most 2 instructions, found 3");
  auto program = isa::parseProgram(text("1", "fence engine=3\n"));
  EXPECT_EQ(*isa::deserialise(isa::serialise(*program)), *program);
  EXPECT_EQ(*isa::parseProgram(isa::printProgram(*program)), *program);
  isa::Program waits = *isa::parseProgram(text("1", "fence engine=3 wait=5\nfence engine=4 post=5\n"));
  Launch launch;
  RunResult result = run(waits, launch);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.trap().cause, TrapCause::InvalidProgram);
}
