//===- HazardsTest.cpp - Order decides --------------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Hazards.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

using namespace rnn::sim;

TEST(Hazards, ReadOfUnwrittenBytesNamesTheFirst) {
  HazardMap map;
  EXPECT_EQ(map.write(0, 16, {0, 1, 10}, {}).kind, Hazard::None);
  Hazard c = map.read(8, 24, {0, 2, 11}, {});
  EXPECT_EQ(c.kind, Hazard::Unwritten);
  EXPECT_EQ(c.address, 16u);
}

TEST(Hazards, ReadAfterWriteOfAnotherEngineNeedsAnOrder) {
  HazardMap map;
  EXPECT_EQ(map.write(0, 16, {0, 3, 10}, {}).kind, Hazard::None);
  Hazard c = map.read(4, 8, {2, 1, 20}, {2, 0, 1, 0});
  EXPECT_EQ(c.kind, Hazard::Unordered);
  EXPECT_TRUE(c.otherWrote);
  EXPECT_EQ(c.otherIndex, 10u);
  EXPECT_EQ(c.address, 4u);
  EXPECT_EQ(map.read(4, 8, {2, 1, 20}, {3, 0, 1, 0}).kind, Hazard::None);
}

TEST(Hazards, WriteAfterReadOfAnotherEngineNeedsAnOrder) {
  HazardMap map;
  EXPECT_EQ(map.write(0, 64, {0, 1, 10}, {}).kind, Hazard::None);
  EXPECT_EQ(map.read(32, 48, {2, 5, 20}, {1, 0, 5, 0}).kind, Hazard::None);
  EXPECT_EQ(map.write(0, 32, {0, 2, 11}, {2, 0, 0, 0}).kind, Hazard::None) << "nobody read these bytes";
  Hazard c = map.write(40, 64, {0, 3, 12}, {3, 0, 4, 0});
  EXPECT_EQ(c.kind, Hazard::Unordered);
  EXPECT_FALSE(c.otherWrote);
  EXPECT_EQ(c.otherIndex, 20u);
  EXPECT_EQ(map.write(40, 64, {0, 3, 12}, {3, 0, 5, 0}).kind, Hazard::None);
}

TEST(Hazards, PiecesKeepWhatTheyKnew) {
  HazardMap map;
  EXPECT_EQ(map.write(0, 100, {0, 1, 1}, {}).kind, Hazard::None);
  EXPECT_EQ(map.write(20, 30, {3, 1, 2}, {1, 0, 0, 1}).kind, Hazard::None);
  EXPECT_EQ(map.read(0, 20, {0, 2, 3}, {2, 0, 0, 0}).kind, Hazard::None);
  EXPECT_EQ(map.read(30, 100, {0, 2, 3}, {2, 0, 0, 0}).kind, Hazard::None);
  EXPECT_EQ(map.read(0, 100, {0, 2, 3}, {2, 0, 0, 0}).address, 20u);
  EXPECT_EQ(map.covered(), 100u);
}

namespace {
/// What a map must answer, kept byte by byte.
struct Bytes {
  struct Byte {
    bool written = false;
    Accessor writer{};
    std::array<Accessor, kActors> readers{};
  };
  std::array<Byte, 64> bytes;

  static bool unordered(const Accessor &other, const Accessor &who, const VectorClock &clock) {
    return other.actor != who.actor && clock[other.actor] < other.number;
  }
  Hazard read(uint64_t begin, uint64_t end, const Accessor &who, const VectorClock &clock) {
    for (uint64_t at = begin; at < end; ++at) {
      Byte &byte = bytes[at];
      if (!byte.written)
        return {Hazard::Unwritten, false, 0, at};
      if (unordered(byte.writer, who, clock))
        return {Hazard::Unordered, true, byte.writer.index, at};
      byte.readers[who.actor] = who;
    }
    return {};
  }
  Hazard write(uint64_t begin, uint64_t end, const Accessor &who, const VectorClock &clock) {
    for (uint64_t at = begin; at < end; ++at) {
      const Byte &byte = bytes[at];
      if (!byte.written)
        continue;
      if (unordered(byte.writer, who, clock))
        return {Hazard::Unordered, true, byte.writer.index, at};
      for (const Accessor &reader : byte.readers)
        if (unordered(reader, who, clock))
          return {Hazard::Unordered, false, reader.index, at};
    }
    for (uint64_t at = begin; at < end; ++at) {
      bytes[at] = {true, who, {}};
      for (unsigned actor = 0; actor < kActors; ++actor)
        bytes[at].readers[actor].actor = actor;
    }
    return {};
  }
};
} // namespace

TEST(Hazards, IntervalsAgreeWithSingleBytes) {
  constexpr uint64_t seed = 20261121;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  std::array<unsigned, 3> kinds{};
  for (int run = 0; run < 1000; ++run) {
    // Lists of so few intervals are divided again and again.
    HazardMap map(run % 2 ? 4 : 256);
    Bytes bytes;
    VectorClock now{};
    for (uint32_t index = 0; index < 100; ++index) {
      unsigned actor = random() % kActors;
      uint64_t begin = random() % 63, end = begin + 1 + random() % (64 - begin);
      // What an engine knows of the others is all or all but their last instructions.
      VectorClock clock = now;
      for (uint32_t &number : clock)
        number -= random() % 16 == 0 ? std::min(number, 2u) : 0;
      clock[actor] = ++now[actor];
      Accessor who{actor, now[actor], index};
      bool write = random() % 2;
      Hazard c = write ? map.write(begin, end, who, clock) : map.read(begin, end, who, clock);
      Hazard expected = write ? bytes.write(begin, end, who, clock) : bytes.read(begin, end, who, clock);
      ++kinds[expected.kind];
      ASSERT_EQ(c.kind, expected.kind) << "run " << run << ", access " << index;
      ASSERT_EQ(c.otherWrote, expected.otherWrote);
      ASSERT_EQ(c.otherIndex, expected.otherIndex);
      ASSERT_EQ(c.address, expected.address);
      // After a conflict nothing is promised; the run ends.
      if (c.kind == Hazard::Unordered)
        break;
      ASSERT_EQ(map.covered(), uint64_t(std::ranges::count_if(bytes.bytes, &Bytes::Byte::written)));
      ASSERT_LE(map.size(), 64u);
    }
  }
  for (unsigned count : kinds)
    EXPECT_GT(count, 100u);
}

TEST(Hazards, AnIntervalBeforeAllOthersTakesNoLonger) {
  // A list that moves on each insertion would move 2^37 intervals here.
  constexpr uint64_t count = 1 << 19;
  HazardMap map;
  for (uint64_t left = count; left > 0; --left)
    ASSERT_EQ(map.write(2 * left, 2 * left + 1, {0, 1, 0}, {}).kind, Hazard::None);
  EXPECT_EQ(map.size(), count);
  EXPECT_EQ(map.covered(), count);
}
