//===- CostTest.cpp - What instructions cost --------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Target/Cost.h"
#include "../Generic.h"

#include <gtest/gtest.h>

using namespace rnn;
using namespace rnn::target;

using test::generic;

static isa::Instr one(std::string_view text) {
  auto instrs = isa::parse(text);
  EXPECT_TRUE(instrs) << (instrs ? "" : instrs.error().message);
  return (*instrs)[0];
}

static Cost costOf(std::string_view text) {
  isa::Instr instr = one(text);
  return cost(instr, *immediateSizes(instr), generic());
}

TEST(Cost, ProductOfOneVectorIsBoundByTheWeightMemory) {
  Cost c = costOf("product acc=acc[0] weight=weight[0] x=vector[0] rows=512 cols=128 vectors=1 accumulate=1 round=0");
  // 32 row blocks x 8 column blocks = 256 cycles of 256 multipliers; 512·128·4 B at 512 B/cycle = 512 cycles.
  EXPECT_EQ(c.cycles, 512u);
  EXPECT_EQ(c.fill, 12u);
  EXPECT_EQ(c.macs, 512u * 128);
  EXPECT_EQ(c.read[size_t(isa::Memory::Weight)], 512u * 128 * 4);
  EXPECT_EQ(c.read[size_t(isa::Memory::Vector)], 32u * 128 * 4);
  EXPECT_EQ(c.read[size_t(isa::Memory::Acc)], 512u * 4);
  EXPECT_EQ(c.written[size_t(isa::Memory::Acc)], 512u * 4);
}

TEST(Cost, BytesOfAProductAreThoseOfItsFormats) {
  Cost c = costOf("product acc=acc[0] weight=weight[0,format=f16] x=vector[0,format=f16] rows=512 cols=128 vectors=1 "
                  "accumulate=1 round=0");
  // 512·128·2 B at 512 B/cycle are as many cycles as 32 row blocks x 8 column blocks.
  EXPECT_EQ(c.cycles, 256u);
  EXPECT_EQ(c.read[size_t(isa::Memory::Weight)], 512u * 128 * 2);
  EXPECT_EQ(c.read[size_t(isa::Memory::Vector)], 32u * 128 * 2);
  EXPECT_EQ(c.read[size_t(isa::Memory::Acc)], 512u * 4);
  EXPECT_EQ(c.written[size_t(isa::Memory::Acc)], 512u * 4);
}

TEST(Cost, WeightsAreReadInWholePanels) {
  // 37 rows are 3 panels of 16, of 5 columns; sums are those of the rows alone.
  Cost c = costOf("product acc=acc[0] weight=weight[0] x=vector[0] rows=37 cols=5 vectors=2 accumulate=0 round=0");
  EXPECT_EQ(c.read[size_t(isa::Memory::Weight)], 48u * 5 * 4);
  EXPECT_EQ(c.written[size_t(isa::Memory::Acc)], 37u * 2 * 4);
  EXPECT_EQ(c.macs, 37u * 5 * 2);
}

TEST(Cost, AProductTakesTheColumnsThatHappened) {
  isa::Instr instr =
      one("product acc=acc[0] weight=weight[0] x=vector[0] rows=64 cols=128 vectors=1 accumulate=0 round=0");
  Cost c = cost(instr, *immediateSizes(instr), isa::Happened{.columns = 40}, generic());
  EXPECT_EQ(c.macs, 64u * 40);
  EXPECT_EQ(c.read[size_t(isa::Memory::Weight)], 64u * 40 * 4);
}

TEST(Cost, ProductOfManyVectorsReadsAWeightOnce) {
  Cost c = costOf("product acc=acc[0,pitch=2048] weight=weight[0] x=vector[0,pitch=512] rows=512 cols=128 vectors=4 "
                  "accumulate=0 round=0");
  EXPECT_EQ(c.cycles, 4u * 256);
  EXPECT_EQ(c.read[size_t(isa::Memory::Weight)], 512u * 128 * 4);
}

TEST(Cost, RowsOfACopyAreRoundedUpToBursts) {
  // 4 setup; 3 rows of 100 bytes are 3 x 2 bursts of 64 bytes, at 16 B/cycle 24 cycles; then 100 until visible.
  Cost c = costOf("copy_in dst=vector[0,pitch=100] src=dram[0,pitch=512] rows=3 bytes=100");
  EXPECT_EQ(c.cycles, 4u);
  EXPECT_EQ(c.channel, 24u);
  EXPECT_EQ(c.latency, 100u);
  // Without gaps, 300 bytes are 5 bursts.
  EXPECT_EQ(costOf("copy_in dst=vector[0] src=dram[0,pitch=100] rows=3 bytes=100").channel, 20u);
}

TEST(Cost, LanesAddUpTheirMicroOperations) {
  // 40 elements are 3 groups of 16 lanes: 3·(1 load + 2 tanh + 1 add + 1 store) = 15 cycles.
  Cost c = costOf("lanes n=40 count=4\nlane.load source=acc[0] rd=r0\nlane.tanh a=r0 rd=r1\n"
                  "lane.add a=r0 b=r1 rd=r2\nlane.store target=vector[0] value=r2");
  EXPECT_EQ(c.cycles, 15u);
  EXPECT_EQ(c.fill, 8u);
  EXPECT_EQ(c.micro[size_t(MicroClass::Tanh)], 40u);
  EXPECT_EQ(c.micro[size_t(MicroClass::Move)], 80u);
  EXPECT_EQ(c.read[size_t(isa::Memory::Acc)], 160u);
}

TEST(Cost, SizesFromRegistersAreNotImmediate) {
  EXPECT_FALSE(immediateSizes(one("copy_in dst=vector[0] src=dram[0] rows=s3 bytes=100")));
}

TEST(Cost, EnergyIsEventsTimesCoefficients) {
  TargetModel model = generic();
  Cost c = costOf("product acc=acc[0] weight=weight[0] x=vector[0] rows=16 cols=16 vectors=1 accumulate=0 round=0");
  Energy e = energy(c, isa::Engine::Mat, 10, model);
  EXPECT_DOUBLE_EQ(e[isa::Component::Mat], 10 * 256 * 4.6e-12);
  EXPECT_DOUBLE_EQ(e[isa::Component::Weight], 10 * 1024 * 2.5e-12);
  EXPECT_DOUBLE_EQ(e[isa::Component::Sequencer], 10 * 20e-12);
  EXPECT_EQ(e[isa::Component::Dram], 0);
}
