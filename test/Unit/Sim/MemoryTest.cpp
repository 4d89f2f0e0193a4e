//===- MemoryTest.cpp - Memories of a tile, copies by reference -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Memory.h"
#include "Programs.h"

#include <random>

using namespace rnn;
using namespace rnn::sim;
using namespace rnn::test;

/// Any sequence of copies by reference, writes and reads gives what copies at once would have given.
TEST(TileMemories, ReferencesAreLikeCopies) {
  constexpr uint64_t kBytes = 256;
  constexpr isa::Memory kMemory = isa::Memory::Weight;
  target::TargetModel model = generic();
  std::mt19937 random(11);
  std::vector<std::byte> constants(1024);
  for (std::byte &byte : constants)
    byte = std::byte(random());
  for (unsigned round = 0; round < 200; ++round) {
    TileMemories memories(model);
    std::vector<std::byte> want(kBytes);
    auto whole = memories.find(kMemory, 0, kBytes, AccessKind::Overwrite, 1);
    std::memcpy(whole.data, want.data(), kBytes);
    for (unsigned step = 0; step < 40; ++step) {
      uint64_t low = random() % kBytes, bytes = 1 + random() % (kBytes - low), from = random() % (1024 - bytes);
      switch (random() % 4) {
      case 0:
        memories.find(kMemory, low, bytes, AccessKind::Overwrite, 1);
        memories.refer(kMemory, low, bytes, constants.data() + from);
        std::memcpy(want.data() + low, constants.data() + from, bytes);
        break;
      case 1: {
        // One byte of what is found, as an instruction does that skips some.
        Range range = memories.find(kMemory, low, bytes, AccessKind::Write, 1);
        range.data[bytes / 2] = want[low + bytes / 2] = std::byte(step);
        break;
      }
      case 2: {
        Range range = memories.find(kMemory, low, bytes, AccessKind::Overwrite, 1);
        std::memset(range.data, int(step), bytes);
        std::memset(want.data() + low, int(step), bytes);
        break;
      }
      default: {
        uint64_t unit = low % 4 ? 1 : 4;
        Range range = memories.find(kMemory, low, bytes, AccessKind::Read, unit);
        EXPECT_EQ(reinterpret_cast<uintptr_t>(range.data) % unit, 0u);
        ASSERT_EQ(std::memcmp(range.data, want.data() + low, bytes), 0) << round << " " << step;
      }
      }
    }
  }
}

TEST(TileMemories, WholeReadsOfAReferenceCopyNothing) {
  TileMemories memories(generic());
  alignas(64) std::array<std::byte, 128> constants{};
  memories.refer(isa::Memory::Weight, 64, 128, constants.data());
  EXPECT_EQ(memories.find(isa::Memory::Weight, 96, 64, AccessKind::Read, 4).data, constants.data() + 32);
  EXPECT_EQ(memories.find(isa::Memory::Weight, 64, 128, AccessKind::Read, 4).data, constants.data());
  // Beyond its end both are in one piece in the memory alone.
  EXPECT_NE(memories.find(isa::Memory::Weight, 96, 128, AccessKind::Read, 4).data, constants.data() + 32);
}

/// A product of constants and a lane program in place on them, both of more bytes than are copied at once.
static std::string inPlace(unsigned offset) {
  auto n = [](unsigned value) { return std::to_string(value); };
  return R"(.program {"name": "in place"}
.argument {"name": "y", "output": true, "element_bytes": 4, "shape": [2048], "base": 1, "dims": [0]}
copy_in dst=weight[0] src=dram[)" +
         n(offset) + R"(] rows=1 bytes=8192 post=0
copy_in dst=acc[0] src=dram[)" +
         n(offset) + R"(] rows=2 bytes=4096 post=1
copy_in dst=vector[0] src=dram[8200] rows=1 bytes=64 post=2
product acc=acc[4] weight=weight[0] x=vector[0] rows=512 cols=4 vectors=1 accumulate=1 round=0 wait=0,1,2 post=3
lanes n=2048 count=3 wait=3 post=4
lane.load source=acc[0] rd=r0
lane.add a=r0 b=r0 rd=r1
lane.store target=acc[0] value=r1
copy_out dst=dram[0,base=s1] src=acc[0] rows=1 bytes=8192 wait=4
halt
)";
}

TEST(TileMemories, InstructionsThatWriteOverConstantsKeepThem) {
  for (unsigned offset : {0u, 8u}) {
    std::string text = inPlace(offset);
    // The second copy has gaps on neither side: rows as far apart as they are long.
    text.replace(text.find("dst=acc[0] "), 11, "dst=acc[0,pitch=4096] ");
    text.replace(text.find("] rows=2"), 8, ",pitch=4096] rows=2");
    Launch launch;
    launch.constants = numbers(2100);
    const std::vector<float> before = launch.constants;
    launch.data = {std::vector<float>(2048)};
    launch.shapes = {{2048}};
    auto result = run(assemble(text), launch);
    ASSERT_TRUE(result) << result.trap().message;
    std::vector<float> want(before.begin() + offset / 4, before.begin() + offset / 4 + 2048), weight = want;
    for (unsigned r = 0; r < 512; ++r)
      for (unsigned c = 0; c < 4; ++c)
        want[1 + r] = std::fma(weight[(r / 16 * 4 + c) * 16 + r % 16], before[2050 + c], want[1 + r]);
    for (float &value : want)
      value += value;
    EXPECT_EQ(launch.data[0], want);
    EXPECT_EQ(launch.constants, before);
  }
}
