//===- ChainTest.cpp - The chain of a recurrence ----------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Target/Chain.h"
#include "../Generic.h"

#include <gtest/gtest.h>

using namespace rnn;
using namespace rnn::target;

static Chain chainOf(std::string_view text, std::vector<isa::Role> roles = {}) {
  auto instrs = isa::parse(text);
  EXPECT_TRUE(instrs) << (instrs ? "" : instrs.error().message);
  roles.resize(instrs->size(), isa::Role::Recur);
  return chainOf(*instrs, roles, test::generic());
}

static uint64_t chain(std::string_view text) {
  return chainOf(text).perStep;
}

static constexpr std::string_view kProduct =
    "product acc=acc[0,i0=s1] weight=weight[0] x=vector[0] rows=16 cols=16 vectors=1 accumulate=1 round=0\n";
static constexpr std::string_view kLanes = "lanes n=16 count=2\nlane.load source=acc[0,i0=s1] rd=r0\n"
                                           "lane.store target=vector[0] value=r0\n";

TEST(Chain, FromStateToState) {
  // Product: 1024 B at 512 B a cycle and 12 to drain; lanes: a load, a store, and 8 to drain.
  EXPECT_EQ(chain(std::string(kProduct) + std::string(kLanes)), (2u + 12) + (2 + 8));
}

// In lock-step a product has as many vectors as there are sequences, and the lanes take one after another: the chain is
// that of one.
TEST(Chain, OfOneOfTheSequencesInLockStep) {
  auto instrs = isa::parse("begin count=s4\n"
                           "product acc=acc[0,i0=s1] weight=weight[0] x=vector[0] rows=16 cols=16 vectors=s5 "
                           "accumulate=1 round=0\n"
                           "begin count=s5\n"
                           "lanes n=16 count=2\nlane.load source=acc[0,i0=s1,i1=s2] rd=r0\n"
                           "lane.store target=vector[0,i1=s3] value=r0\n"
                           "end\nend\n");
  ASSERT_TRUE(instrs) << instrs.error().message;
  using enum isa::Role;
  std::vector<isa::Role> roles = {Steps, Recur, Control, Recur, Control, Control};
  ASSERT_EQ(roles.size(), instrs->size());
  EXPECT_EQ(chainOf(*instrs, roles, test::generic()).perStep, (2u + 12) + (2 + 8));
}

TEST(Chain, WhatTheStateDoesNotNeedIsLeftOut) {
  std::string other =
      "lanes n=16 count=2\nlane.load source=acc[0,i0=s1] rd=r0\nlane.store target=vector[512] value=r0\n";
  EXPECT_EQ(chain(std::string(kProduct) + std::string(kLanes) + other), 24u);
}

TEST(Chain, TheLongerOfTwoWaysCounts) {
  std::string detour = "lanes n=16 count=3\nlane.load source=acc[0,i0=s1] rd=r0\nlane.tanh a=r0 rd=r1\n"
                       "lane.store target=acc[0,i0=s1] value=r1\n";
  // A load, a tanh of 2, a store, and 8 to drain.
  EXPECT_EQ(chain(std::string(kProduct) + detour + std::string(kLanes)), 24u + 12);
}

TEST(Chain, NoStateNoChain) {
  EXPECT_EQ(chain(kProduct), 0u);
  EXPECT_EQ(chain(kLanes), 0u);
}

static constexpr std::string_view kInput = "copy_in dst=vector[1024] src=dram[0,base=s2] rows=s4 bytes=64\n";
static constexpr std::string_view kProjection =
    "product acc=acc[0,pitch=64] weight=weight[1024] x=vector[1024,pitch=64] rows=16 cols=16 vectors=s4 accumulate=0 "
    "round=0\n";
static constexpr std::string_view kOutput = "copy_out dst=dram[0,base=s3] src=vector[0,pitch=64] rows=s4 bytes=64\n";

// A row of 64 B: 4 to set up, 4 of the channel, 100 until it is there; a projection as long as the step's product, 14.
TEST(Chain, TheWayOfInputsAndResultsIsOnce) {
  using isa::Role;
  std::string step = std::string(kProduct) + std::string(kLanes);
  Chain both = chainOf(std::string(kInput) + std::string(kProjection) + step + std::string(kOutput),
                       {Role::Input, Role::Project, Role::Recur, Role::Recur, Role::Output});
  EXPECT_EQ(both, (Chain{.perStep = 24, .once = 108 + 14 + 108}));
  // What does not lead to the step, or away from it, is not on the way.
  std::string aside = "copy_in dst=vector[4096] src=dram[0,base=s2] rows=1 bytes=6400\n";
  EXPECT_EQ(chainOf(aside + step + std::string(kOutput), {Role::Input, Role::Recur, Role::Recur, Role::Output}),
            (Chain{.perStep = 24, .once = 108}));
  EXPECT_EQ(chainOf(std::string(kInput) + std::string(kProjection) + step, {Role::Input, Role::Project}),
            (Chain{.perStep = 24, .once = 108 + 14}));
}

// Weights may have come long before.
TEST(Chain, CopiesOfWeightsAreNotOfTheChain) {
  std::string weights = "copy_in dst=weight[0] src=dram[0] rows=1 bytes=1024\n";
  EXPECT_EQ(chainOf(weights + std::string(kProduct) + std::string(kLanes), {isa::Role::Weights}),
            (Chain{.perStep = 24, .once = 0}));
}
