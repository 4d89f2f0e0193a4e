//===- HazardsTest.cpp - Order decides --------------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Hazards.h"

#include <gtest/gtest.h>

using namespace rnn::sim;

TEST(Hazards, ReadOfUnwrittenBytesNamesTheFirst) {
  HazardMap map;
  EXPECT_EQ(map.write(0, 16, {0, 1, 10}, {}).kind, Conflict::None);
  Conflict c = map.read(8, 24, {0, 2, 11}, {});
  EXPECT_EQ(c.kind, Conflict::Unwritten);
  EXPECT_EQ(c.address, 16u);
}

TEST(Hazards, ReadAfterWriteOfAnotherEngineNeedsAnOrder) {
  HazardMap map;
  EXPECT_EQ(map.write(0, 16, {0, 3, 10}, {}).kind, Conflict::None);
  Conflict c = map.read(4, 8, {2, 1, 20}, {2, 0, 1, 0});
  EXPECT_EQ(c.kind, Conflict::Unordered);
  EXPECT_TRUE(c.otherWrote);
  EXPECT_EQ(c.otherIndex, 10u);
  EXPECT_EQ(c.address, 4u);
  EXPECT_EQ(map.read(4, 8, {2, 1, 20}, {3, 0, 1, 0}).kind, Conflict::None);
}

TEST(Hazards, WriteAfterReadOfAnotherEngineNeedsAnOrder) {
  HazardMap map;
  EXPECT_EQ(map.write(0, 64, {0, 1, 10}, {}).kind, Conflict::None);
  EXPECT_EQ(map.read(32, 48, {2, 5, 20}, {1, 0, 5, 0}).kind, Conflict::None);
  EXPECT_EQ(map.write(0, 32, {0, 2, 11}, {2, 0, 0, 0}).kind, Conflict::None) << "nobody read these bytes";
  Conflict c = map.write(40, 64, {0, 3, 12}, {3, 0, 4, 0});
  EXPECT_EQ(c.kind, Conflict::Unordered);
  EXPECT_FALSE(c.otherWrote);
  EXPECT_EQ(c.otherIndex, 20u);
  EXPECT_EQ(map.write(40, 64, {0, 3, 12}, {3, 0, 5, 0}).kind, Conflict::None);
}

TEST(Hazards, PiecesKeepWhatTheyKnew) {
  HazardMap map;
  EXPECT_EQ(map.write(0, 100, {0, 1, 1}, {}).kind, Conflict::None);
  EXPECT_EQ(map.write(20, 30, {3, 1, 2}, {1, 0, 0, 1}).kind, Conflict::None);
  EXPECT_EQ(map.read(0, 20, {0, 2, 3}, {2, 0, 0, 0}).kind, Conflict::None);
  EXPECT_EQ(map.read(30, 100, {0, 2, 3}, {2, 0, 0, 0}).kind, Conflict::None);
  EXPECT_EQ(map.read(0, 100, {0, 2, 3}, {2, 0, 0, 0}).address, 20u);
  EXPECT_EQ(map.covered(), 100u);
}

TEST(Hazards, PagesAgreeWithOneMap) {
  PagedHazardMap pages;
  pages.reset(1 << 20);
  EXPECT_EQ(pages.write(60000, 200000, {1, 1, 1}, {}).kind, Conflict::None);
  EXPECT_EQ(pages.covered(), 140000u);
  EXPECT_EQ(pages.read(60000, 200001, {1, 2, 2}, {}).address, 200000u);
  EXPECT_EQ(pages.write(131072, 131073, {0, 1, 3}, {}).kind, Conflict::Unordered);
}
