//===- HostileTest.cpp - Damaged programs end in a trap or run --*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "../MemoryLimit.h"
#include "Programs.h"

using namespace rnn;
using namespace rnn::sim;
using namespace rnn::test;

namespace {

struct Random {
  uint64_t state;
  uint64_t next(uint64_t below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state >> 33) % below;
  }
};

/// Flips one to three bits of the code, or changes a semaphore, an argument or the layer.
void damage(isa::Program &program, Random &random) {
  for (uint64_t flips = 1 + random.next(3); flips; --flips) {
    isa::Word &word = program.code[random.next(program.code.size())];
    uint64_t bit = random.next(128);
    (bit < 64 ? word.lo : word.hi) ^= uint64_t(1) << (bit % 64);
  }
  switch (random.next(8)) {
  case 0:
    program.semaphores[random.next(isa::kSemaphores)] = uint16_t(random.next(65536));
    break;
  case 1:
    program.arguments[random.next(2)].baseRegister = uint8_t(random.next(isa::kRegisters));
    break;
  case 2:
    program.layer.macsPerStep = int64_t(random.next(1u << 30)) << 32;
    break;
  case 3:
    program.code.resize(random.next(program.code.size()) + 1);
    break;
  }
}

TEST(Hostile, DamagedProgramsNeverCrash) {
  const isa::Program good = assemble(kRecurrence);
  target::TargetModel model = generic();
  RunOptions options;
  options.maxCycles = 10000;
  unsigned ran = 0, trapped = 0;
  for (uint64_t seed = 0; seed < 20000; ++seed) {
    Random random{seed};
    isa::Program program = good;
    damage(program, random);
    Launch launch = recurrenceLaunch(3);
    auto views = launch.views();
    Simulator simulator(model, std::as_bytes(std::span(launch.constants)));
    auto result = simulator.run(program, views, options);
    if (result) {
      ++ran;
      EXPECT_EQ(result->channel.total(), result->cycles) << "seed " << seed;
    } else {
      ++trapped;
      EXPECT_FALSE(result.trap().message.empty()) << "seed " << seed;
    }
  }
  EXPECT_GT(ran, 100u);
  EXPECT_GT(trapped, 1000u);
}

/// 2048 times the same vector of 60000 f16, which would be 469 MiB of f32.
constexpr std::string_view kOneVectorManyTimes = R"(.program {"name": "many"}
.layer {"node": "", "macs_per_step": 0, "input_weight_bytes": 0, "state_weight_bytes": 0, "input_mat_cycles_per_step": 0, "state_mat_cycles_per_step": 0, "dram_bytes_per_call": 0, "dram_bytes_per_sequence": 0, "dram_bytes_per_step": 0, "constant_bytes": 0, "chain_cycles_per_step": 0, "chain_cycles_once": 0, "steps_argument": -1, "lengths_argument": -1}
copy_in dst=weight[0] src=dram[0] rows=1 bytes=1920000
copy_in dst=vector[0] src=dram[0] rows=1 bytes=120000 post=0
product acc=acc[0,pitch=2,format=f16] weight=weight[0,format=f16] x=vector[0,format=f16] rows=1 cols=60000 vectors=2048 accumulate=0 round=0 wait=0
halt
)";

TEST(Hostile, VectorsOfOnePlaceTakeNoMemoryOfTheirOwn) {
  const isa::Program program = assemble(kOneVectorManyTimes);
  Launch launch;
  launch.constants.resize(1920000 / sizeof(float));
  MemoryLimit limit(128 << 20);
  for (const Kernels &kernels : availableKernels()) {
    auto result = run(program, launch, {}, kernels);
    EXPECT_TRUE(result) << kernels.name << ": " << result.trap().message;
  }
}
} // namespace
