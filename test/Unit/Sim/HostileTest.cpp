//===- HostileTest.cpp - Damaged programs end in a trap or run --*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
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

} // namespace
