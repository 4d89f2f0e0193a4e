//===- LayerPlanTest.cpp - Which weights stay on the tile -------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "LayerPlan.h"

#include <gtest/gtest.h>

using namespace rnn;

namespace {
WeightBlocks blocks(int64_t count, int64_t bytes) {
  return {.count = count, .rows = 16, .bytes = bytes};
}

/// Bytes of weight memory that the plans take together.
uint64_t taken(const std::vector<WeightPlan> &plans) {
  uint64_t bytes = 0;
  for (const WeightPlan &plan : plans)
    bytes += plan.bytes();
  return bytes;
}

TEST(LayerPlan, WhatFitsStays) {
  // 4 * 100 + 8 * 100 = 1200 bytes
  auto plans = planWeights({blocks(4, 100)}, {blocks(8, 100)}, 1200, 1);
  ASSERT_TRUE(plans);
  for (const WeightPlan &plan : *plans) {
    EXPECT_TRUE(plan.resident());
    EXPECT_EQ(plan.copies(), 0);
  }
  EXPECT_EQ(taken(*plans), 1200u);
}

TEST(LayerPlan, OneByteLessStreamsTheWeightOfTheProjection) {
  // The step's 800 bytes stay. Of the other 399 a ring takes 2 * 100, and one block stays.
  auto plans = planWeights({blocks(4, 100)}, {blocks(8, 100)}, 1199, 1);
  ASSERT_TRUE(plans);
  EXPECT_TRUE((*plans)[1].resident());
  EXPECT_EQ((*plans)[0].staying, 1);
  EXPECT_EQ((*plans)[0].perCopy, 1);
  EXPECT_EQ((*plans)[0].copies(), 3);
  EXPECT_EQ(taken(*plans), 800u + 300u);
}

TEST(LayerPlan, WhatIsLeftOfTheStepKeepsItsBlocks) {
  // Two rings of 2 * 10, then (205 - 40) / 10 = 16 blocks of the step's 60; nothing of the projection's.
  auto plans = planWeights({blocks(50, 10)}, {blocks(60, 10)}, 205, 1);
  ASSERT_TRUE(plans);
  EXPECT_EQ((*plans)[0].staying, 0);
  EXPECT_EQ((*plans)[0].copies(), 50);
  EXPECT_EQ((*plans)[1].staying, 16);
  EXPECT_EQ((*plans)[1].copies(), 44);
  EXPECT_EQ(taken(*plans), 200u);
}

TEST(LayerPlan, CopiesAreAsLongAsAskedFor) {
  // 25 bytes or the next whole block: 3 blocks of 10. Rings of 2 * 30 each; (400 - 120) / 10 = 28 blocks stay.
  auto plans = planWeights({blocks(50, 10)}, {blocks(60, 10)}, 400, 25);
  ASSERT_TRUE(plans);
  EXPECT_EQ((*plans)[0].perCopy, 3);
  EXPECT_EQ((*plans)[1].perCopy, 3);
  EXPECT_EQ((*plans)[1].staying, 28);
  // The last copy of 50 blocks brings 2, that of 32 blocks 2.
  EXPECT_EQ((*plans)[0].copies(), 17);
  EXPECT_EQ((*plans)[1].copies(), 11);
}

TEST(LayerPlan, RingsTakeAtMostHalfOfTheMemory) {
  // 400 / 4 / 2 weights = 50 bytes a copy: 5 blocks, rings of 2 * 50 each.
  auto plans = planWeights({blocks(50, 10)}, {blocks(60, 10)}, 400, 1000);
  ASSERT_TRUE(plans);
  EXPECT_EQ((*plans)[0].perCopy, 5);
  EXPECT_EQ((*plans)[1].staying, 20);
  EXPECT_EQ(taken(*plans), 400u);
}

TEST(LayerPlan, NoRingHoldsTheWholeWeight) {
  // 3 blocks of 30 bytes take no more than their ring of 2 and the 30 that are left: they stay, without a ring.
  auto plans = planWeights({blocks(3, 30)}, {blocks(400, 10)}, 1000, 1);
  ASSERT_TRUE(plans);
  EXPECT_EQ((*plans)[1].staying, (1000 - 60 - 20) / 10);
  EXPECT_FALSE((*plans)[0].resident());
  for (int64_t room = 80; room < 4200; room += 10) {
    plans = planWeights({blocks(3, 30)}, {blocks(400, 10)}, room, 35);
    ASSERT_TRUE(plans) << room;
    EXPECT_LE(taken(*plans), static_cast<uint64_t>(room));
    for (const WeightPlan &plan : *plans) {
      EXPECT_TRUE(plan.resident() || plan.streamed() > 2 * plan.perCopy) << room;
      EXPECT_EQ(plan.resident(), plan.perCopy == 0) << room;
      EXPECT_LE(plan.bytes(), plan.blocks.count * plan.blocks.bytes) << room;
    }
  }
}

TEST(LayerPlan, AWeightOfOneBlockStays) {
  auto plans = planWeights({blocks(1, 30)}, {blocks(400, 10)}, 1000, 1);
  ASSERT_TRUE(plans);
  EXPECT_TRUE((*plans)[0].resident());
  EXPECT_EQ((*plans)[0].bytes(), 30);
}

TEST(LayerPlan, TwoBlocksOfEachMustFit) {
  EXPECT_TRUE(planWeights({blocks(9, 30)}, {blocks(9, 20)}, 100, 1000));
  EXPECT_FALSE(planWeights({blocks(9, 30)}, {blocks(9, 20)}, 99, 1000));
}

TEST(LayerPlan, LargeBlocksMakeEveryRingOfSingleOnes) {
  // 310 / 4 / 2 = 38 bytes would be 4 small blocks: 2 * 40 + 2 * 120 are 320 bytes, too many; 2 * 10 + 2 * 120 are not.
  auto plans = planWeights({blocks(9, 120)}, {blocks(90, 10)}, 310, 1000);
  ASSERT_TRUE(plans);
  EXPECT_EQ((*plans)[1].perCopy, 1);
  EXPECT_EQ((*plans)[1].staying, 5);
  EXPECT_EQ(taken(*plans), 310u);
}

TEST(LayerPlan, SizesDoNotWrap) {
  // Four weights of 2^62 bytes are 0 modulo 2^64.
  WeightBlocks huge = blocks(int64_t(1) << 31, int64_t(1) << 31);
  auto plans = planWeights({huge, huge}, {huge, huge}, uint64_t(1) << 40, 1);
  ASSERT_TRUE(plans);
  EXPECT_FALSE((*plans)[3].resident());
  EXPECT_LE(taken(*plans), uint64_t(1) << 40);
}

TEST(LayerPlan, BlocksWithoutBytesStay) {
  auto plans = planWeights({blocks(4, 0)}, {blocks(8, 100)}, 600, 1);
  ASSERT_TRUE(plans);
  EXPECT_EQ((*plans)[0].bytes(), 0);
  EXPECT_TRUE((*plans)[0].resident());
  EXPECT_EQ((*plans)[1].staying, 4);
}

TEST(LayerPlan, OfMoreThanACacheHoldsNothingStays) {
  auto plans = planWeights({blocks(4, 100)}, {blocks(8, 100)}, 1199, 1, target::MemoryKind::Cache);
  ASSERT_TRUE(plans);
  for (const WeightPlan &plan : *plans)
    EXPECT_EQ(plan.staying, 0);
  EXPECT_EQ(taken(*plans), 400u);
  plans = planWeights({blocks(4, 100)}, {blocks(8, 100)}, 1200, 1, target::MemoryKind::Cache);
  ASSERT_TRUE(plans);
  EXPECT_EQ(taken(*plans), 1200u);
}

TEST(LayerPlan, NothingIsPlannedForNothing) {
  auto plans = planWeights({}, {}, 0, 1);
  ASSERT_TRUE(plans);
  EXPECT_TRUE(plans->empty());
}
} // namespace
