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
  auto plans = planWeights({blocks(4, 100)}, {blocks(8, 100)}, 1200);
  ASSERT_TRUE(plans);
  EXPECT_TRUE((*plans)[0].resident());
  EXPECT_TRUE((*plans)[1].resident());
  EXPECT_EQ((*plans)[0].copies(), 1);
  EXPECT_EQ(taken(*plans), 1200u);
}

TEST(LayerPlan, OneByteLessStreamsTheWeightsOfTheProjection) {
  // The step's 800 bytes stay; of 399 bytes a ring takes 2 * 100, and another block a copy would take 200 more.
  auto plans = planWeights({blocks(4, 100)}, {blocks(8, 100)}, 1199);
  ASSERT_TRUE(plans);
  EXPECT_TRUE((*plans)[1].resident());
  EXPECT_FALSE((*plans)[0].resident());
  EXPECT_EQ((*plans)[0].blocksPerCopy, 1);
  EXPECT_EQ((*plans)[0].copies(), 4);
  EXPECT_EQ(taken(*plans), 1000u);
}

TEST(LayerPlan, RoomIsSharedByRings) {
  // Rings of 2 * 10 each, then (200 - 40) / 2 = 80 bytes each: 80 / (2 * 10) = 4 blocks more a copy.
  auto plans = planWeights({blocks(50, 10)}, {blocks(60, 10)}, 200);
  ASSERT_TRUE(plans);
  for (const WeightPlan &plan : *plans)
    EXPECT_EQ(plan.blocksPerCopy, 5);
  EXPECT_EQ((*plans)[0].copies(), 10);
  EXPECT_EQ((*plans)[1].copies(), 12);
  EXPECT_EQ(taken(*plans), 200u);
}

TEST(LayerPlan, NoCopyOfARingHoldsTheWholeWeight) {
  // The small weight's share, (1000 - 2 * 30 - 2 * 10) / 2 = 460 bytes, would hold two copies of all its 3 blocks: then
  // nothing would be streamed, and the ring would take twice the weight.
  auto plans = planWeights({blocks(3, 30)}, {blocks(400, 10)}, 1000);
  ASSERT_TRUE(plans);
  EXPECT_FALSE((*plans)[0].resident());
  EXPECT_EQ((*plans)[0].blocksPerCopy, 2);
  EXPECT_EQ((*plans)[0].copies(), 2);
  EXPECT_LE(taken(*plans), 1000u);
}

TEST(LayerPlan, AWeightOfOneBlockIsOneCopy) {
  auto plans = planWeights({blocks(1, 30)}, {blocks(400, 10)}, 1000);
  ASSERT_TRUE(plans);
  EXPECT_EQ((*plans)[0].blocksPerCopy, 1);
  EXPECT_EQ((*plans)[0].copies(), 1);
}

TEST(LayerPlan, TwoBlocksOfEachMustFit) {
  EXPECT_TRUE(planWeights({blocks(9, 30)}, {blocks(9, 20)}, 100));
  EXPECT_FALSE(planWeights({blocks(9, 30)}, {blocks(9, 20)}, 99));
}

TEST(LayerPlan, SizesDoNotWrap) {
  // 2^62 * 4 + ... would be small numbers modulo 2^64.
  WeightBlocks huge = blocks(int64_t(1) << 31, int64_t(1) << 31);
  auto plans = planWeights({huge, huge}, {huge, huge}, uint64_t(1) << 40);
  ASSERT_TRUE(plans);
  EXPECT_FALSE((*plans)[3].resident());
  EXPECT_LE(taken(*plans), uint64_t(1) << 40);
}

TEST(LayerPlan, BlocksWithoutBytesFit) {
  // (600 - 2 * 100) / 2 = 200 bytes: one block more a copy.
  auto plans = planWeights({blocks(4, 0)}, {blocks(8, 100)}, 600);
  ASSERT_TRUE(plans);
  EXPECT_EQ((*plans)[0].bytes(), 0);
  EXPECT_EQ((*plans)[1].blocksPerCopy, 2);
}

TEST(LayerPlan, NothingStaysButNothing) {
  auto plans = planWeights({}, {}, 0);
  ASSERT_TRUE(plans);
  EXPECT_TRUE(plans->empty());
}
} // namespace
