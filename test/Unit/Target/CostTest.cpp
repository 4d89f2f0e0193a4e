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

static Cost costOf(std::string_view text, const TargetModel &model = generic()) {
  isa::Instr instr = one(text);
  return cost(instr, *immediateSizes(instr), model);
}

using Bytes = std::array<uint64_t, isa::kMemoryCount>;

/// Bytes by memory: of dram, weight, vector, acc.
static Bytes bytes(uint64_t dram, uint64_t weight, uint64_t vector, uint64_t acc) {
  Bytes result{};
  for (auto [memory, count] : {std::pair(isa::Memory::Dram, dram),
                               {isa::Memory::Weight, weight},
                               {isa::Memory::Vector, vector},
                               {isa::Memory::Acc, acc}})
    result[size_t(memory)] = count;
  return result;
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

// Blocks of 16 x 16; 64 B a cycle of x for each block of rows, and of sums.
TEST(Cost, VectorsOfAProductTakeBlocksOrBytes) {
  TargetModel model = generic();
  EXPECT_EQ(vectorCycles(512, 128, 4, 4, model), 32u * 8);
  EXPECT_EQ(vectorCycles(500, 120, 4, 4, model), 32u * 8);
  model.memory(isa::Memory::Vector).bandwidth = 32;
  EXPECT_EQ(vectorCycles(512, 128, 4, 4, model), 2u * 32 * 8);
  EXPECT_EQ(vectorCycles(512, 128, 2, 4, model), 32u * 8);
  model.memory(isa::Memory::Acc).bandwidth = 2;
  EXPECT_EQ(vectorCycles(512, 128, 2, 4, model), 512u * 4 / 2);
}

TEST(Cost, NoProgramMultipliesAVectorFaster) {
  TargetModel model = generic();
  for (uint64_t bandwidth : {4, 24, 64, 1000})
    for (isa::Memory memory : {isa::Memory::Vector, isa::Memory::Acc}) {
      model.memory(memory).bandwidth = bandwidth;
      for (uint64_t piece : {1, 7, 16, 33})
        for (uint64_t vectors : {1, 3, 20}) {
          uint64_t rows = 67, cols = 45, cycles = 0;
          for (uint64_t row = 0; row < rows; row += piece)
            cycles += costOf("product acc=acc[0,pitch=512] weight=weight[0] x=vector[0,pitch=512] rows=" +
                                 std::to_string(std::min(piece, rows - row)) + " cols=" + std::to_string(cols) +
                                 " vectors=" + std::to_string(vectors) + " accumulate=1 round=0",
                             model)
                          .cycles;
          EXPECT_GE(cycles, vectors * vectorCycles(rows, cols, 4, 4, model)) << piece << " rows, " << vectors;
        }
    }
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

TEST(Cost, PartsOfABlockTakeAWholeOne) {
  // 17 rows and 17 columns are 2 x 2 blocks, for each of 3 vectors; the vectors are read for each block of rows.
  Cost c = costOf("product acc=acc[0] weight=weight[0] x=vector[0] rows=17 cols=17 vectors=3 accumulate=0 round=0");
  EXPECT_EQ(c.cycles, 2u * 2 * 3);
  EXPECT_EQ(c.macs, 17u * 17 * 3);
  EXPECT_EQ(c.read, bytes(0, 32 * 17 * 4, 2 * 17 * 3 * 4, 0));
  EXPECT_EQ(c.written, bytes(0, 0, 0, 17 * 3 * 4));
  EXPECT_EQ(c.channel, 0u);
  EXPECT_EQ(c.latency, 0u);
  EXPECT_EQ(c.total(), 12u + 12);
}

TEST(Cost, AProductIsBoundByTheSlowestOfItsMemories) {
  std::string_view text =
      "product acc=acc[0] weight=weight[0] x=vector[0] rows=64 cols=64 vectors=1 accumulate=1 round=0";
  // 4 x 4 blocks; 64·64·4 B of weights at 512 B/cycle.
  EXPECT_EQ(costOf(text).cycles, 32u);
  TargetModel slow = generic();
  slow.memory(isa::Memory::Vector).bandwidth = 8;
  EXPECT_EQ(costOf(text, slow).cycles, 4u * 64 * 4 / 8);
  slow = generic();
  // A memory reads and writes at once.
  slow.memory(isa::Memory::Acc).bandwidth = 3;
  EXPECT_EQ(costOf(text, slow).cycles, (64u * 4 + 2) / 3);
  slow = generic();
  slow.mat.columns = 1;
  EXPECT_EQ(costOf(text, slow).cycles, 4u * 64);
}

TEST(Cost, AProductOfNoVectorsTakesACycle) {
  Cost c = costOf("product acc=acc[0] weight=weight[0] x=vector[0] rows=64 cols=64 vectors=0 accumulate=1 round=0");
  Cost wanted;
  wanted.cycles = 1;
  EXPECT_EQ(c, wanted);
}

TEST(Cost, CopiesCountWholeBurstsInDramAndTheirBytesOnTheTile) {
  Cost in = costOf("copy_in dst=weight[0,pitch=100] src=dram[0,pitch=512] rows=3 bytes=100");
  EXPECT_EQ(in.read, bytes(3 * 128, 0, 0, 0));
  EXPECT_EQ(in.written, bytes(0, 300, 0, 0));
  Cost out = costOf("copy_out dst=dram[0,pitch=100] src=acc[0] rows=3 bytes=100");
  EXPECT_EQ(out.read, bytes(0, 0, 0, 300));
  EXPECT_EQ(out.written, bytes(320, 0, 0, 0));
  Cost fill = costOf("fill dst=dram[0,pitch=512] rows=3 bytes=100");
  EXPECT_EQ(fill.read, bytes(0, 0, 0, 0));
  EXPECT_EQ(fill.written, bytes(3 * 128, 0, 0, 0));
  for (const Cost &c : {in, out, fill}) {
    EXPECT_EQ(c.cycles, 4u);
    EXPECT_EQ(c.fill, 0u);
    EXPECT_EQ(c.latency, 100u);
    EXPECT_DOUBLE_EQ(c.energy, 20e-12);
  }
  EXPECT_EQ(in.channel, 3u * 128 / 16);
  EXPECT_EQ(out.channel, 320u / 16);
}

TEST(Cost, ACopyIsAsSlowAsTheMemoryOfTheTile) {
  TargetModel slow = generic();
  slow.memory(isa::Memory::Vector).bandwidth = 4;
  EXPECT_EQ(costOf("copy_in dst=vector[0] src=dram[0] rows=1 bytes=100", slow).channel, 25u);
  EXPECT_EQ(costOf("copy_out dst=dram[0] src=vector[0] rows=1 bytes=100", slow).channel, 25u);
}

TEST(Cost, LanesReadASplatOnceAndNumbersOfTheirFormats) {
  Cost c = costOf("lanes n=40 count=3\nlane.splat source=vector[0] rd=r0\nlane.load source=acc[0,format=f16] rd=r1\n"
                  "lane.store target=vector[64,format=f16] value=r1");
  EXPECT_EQ(c.read, bytes(0, 0, 4, 40 * 2));
  EXPECT_EQ(c.written, bytes(0, 0, 40 * 2, 0));
  EXPECT_DOUBLE_EQ(c.energy, 3 * 40 * 0.1e-12);
}

TEST(Cost, LanesAreBoundByTheSlowestOfTheirMemories) {
  TargetModel slow = generic();
  slow.memory(isa::Memory::Acc).bandwidth = 5;
  // 40 · 4 B at 5 B a cycle, and not the 6 cycles of two micro-operations on 3 groups.
  EXPECT_EQ(
      costOf("lanes n=40 count=2\nlane.load source=acc[0] rd=r0\nlane.store target=vector[0] value=r0", slow).cycles,
      32u);
}

TEST(Cost, EachClassOfMicroOperationsHasItsCyclesAndEnergy) {
  // Of one group of 16 elements, with the load: cycles and pJ a element of generic.yaml.
  struct Class {
    std::string_view op;
    uint64_t cycles;
    double pico;
  };
  for (auto [op, cycles, pico] : {Class{"add a=r0 b=r0", 1, 0.9},
                                  {"mul a=r0 b=r0", 1, 4.6},
                                  {"div a=r0 b=r0", 8, 20},
                                  {"exp a=r0", 2, 40},
                                  {"log1p a=r0", 2, 50},
                                  {"sigmoid a=r0", 2, 60},
                                  {"tanh a=r0", 2, 60}}) {
    Cost c = costOf("lanes n=16 count=2\nlane.load source=acc[0] rd=r0\nlane." + std::string(op) + " rd=r1");
    EXPECT_EQ(c.cycles, 1 + cycles) << op;
    EXPECT_DOUBLE_EQ(c.energy, 16 * (0.1 + pico) * 1e-12) << op;
  }
}

TEST(Cost, TheSequencerTakesItsOwnCycles) {
  EXPECT_EQ(costOf("add rd=s1 ra=s2 rb=s3").total(), 1u);
  EXPECT_EQ(costOf("div rd=s1 ra=s2 rb=s3").total(), 16u);
  // A burst of 64 B at 16 B a cycle behind the latency.
  Cost fetch = costOf("fetch rd=s1 source=dram[0]");
  EXPECT_EQ(fetch.cycles, 1u);
  EXPECT_EQ(fetch.latency, 100u + 4);
  EXPECT_EQ(fetch.read, bytes(64, 0, 0, 0));
  Cost fence = costOf("fence engine=3"), wanted;
  wanted.cycles = 1;
  EXPECT_EQ(fence, wanted);
}

TEST(Cost, SizesFromRegistersAreNotImmediate) {
  EXPECT_FALSE(immediateSizes(one("copy_in dst=vector[0] src=dram[0] rows=s3 bytes=100")));
}

TEST(Cost, EveryComponentTakesItsEnergy) {
  TargetModel model = generic();
  // Different coefficients for reads and writes tell them apart.
  for (MemoryModel &memory : model.memories)
    memory.writeEnergy = memory.readEnergy * 3;
  Energy e = energy(costOf("copy_in dst=vector[0] src=dram[0] rows=1 bytes=64", model), isa::Engine::Load, 5, model);
  EXPECT_DOUBLE_EQ(e[isa::Component::Dma], 5 * 20e-12);
  EXPECT_DOUBLE_EQ(e[isa::Component::Dram], 5 * 64 * 40e-12);
  EXPECT_DOUBLE_EQ(e[isa::Component::Vector], 5 * 64 * 7.5e-12);
  EXPECT_DOUBLE_EQ(e[isa::Component::Sequencer], 5 * 20e-12);
  EXPECT_DOUBLE_EQ(e.total(), 5 * (20 + 64 * 40 + 64 * 7.5 + 20) * 1e-12);
  Energy more = e;
  more += e;
  for (size_t component = 0; component < isa::kComponentCount; ++component)
    EXPECT_EQ(more.joule[component], 2 * e.joule[component]);
  // Scalar instructions take that of the sequencer alone.
  e = energy(costOf("add rd=s1 ra=s2 rb=s3", model), isa::Engine::Seq, 2, model);
  EXPECT_DOUBLE_EQ(e.total(), 2 * 20e-12);
}

TEST(Cost, LeakageIsThatOfEveryPart) {
  TargetModel model = generic();
  EXPECT_DOUBLE_EQ(leakage(model), (1 + 1 + 15 + 4 + 40 + 5 + 3 + 50) * 1e-3);
  model.memory(isa::Memory::Dram).leakage = 0;
  EXPECT_DOUBLE_EQ(leakage(model), (1 + 1 + 15 + 4 + 40 + 5 + 3) * 1e-3);
  model.link.emplace().leakage = 0.5;
  EXPECT_DOUBLE_EQ(leakage(model), (1 + 1 + 15 + 4 + 40 + 5 + 3) * 1e-3 + 0.5);
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

// The mappings of published machines, from the shape of the target alone.

static TargetModel machine(std::string_view name, std::string_view from = "", std::string_view to = "") {
  std::string yaml(find(name)->yaml);
  if (!from.empty())
    yaml.replace(yaml.find(from), from.size(), to);
  auto model = TargetModel::parse(yaml, name);
  EXPECT_TRUE(model) << (model ? "" : model.error().message);
  return *model;
}

static Cost product(const TargetModel &model, uint32_t rows, uint32_t columns, uint32_t vectors,
                    const std::string &format = "f32") {
  isa::Instr instr = one("product acc=acc[0,pitch=65536] weight=weight[0,format=" + format +
                         "] x=vector[0,pitch=65536,format=" + format + "] rows=" + std::to_string(rows) + " cols=" +
                         std::to_string(columns) + " vectors=" + std::to_string(vectors) + " accumulate=1 round=0");
  return cost(instr, *immediateSizes(instr), model);
}

TEST(Cost, EpurTakesSixteenElementsOfANeuronsFourGatesACycle) {
  TargetModel epur = machine("epur");
  // Neurons one after another, ceil(inputs / 16) + ceil(units / 16) cycles each.
  for (auto [units, inputs] : {std::pair{320u, 120u}, {320u, 640u}, {320u, 320u}, {1024u, 1024u}, {128u, 13u}})
    EXPECT_EQ(product(epur, 4 * units, inputs, 1, "f16").cycles, units * ((inputs + 15) / 16))
        << units << " " << inputs;
  // A row stands in its buffer for all vectors.
  EXPECT_EQ(product(epur, 1280, 640, 7, "f16").cycles, 7u * 320 * 40);
  EXPECT_EQ(product(epur, 1280, 640, 7, "f16").read[size_t(isa::Memory::Weight)], 1280u * 640 * 2);
}

TEST(Cost, ChipmunkTakesAColumnOf96RowsACycle) {
  TargetModel chipmunk = machine("chipmunk");
  // 4 gates of 96 units, one element of x or h a cycle for each.
  EXPECT_EQ(product(chipmunk, 4 * 96, 96, 1).cycles, 4u * 96);
  EXPECT_EQ(product(chipmunk, 4 * 96, 123, 1).cycles, 4u * 123);
  // A unit has one sum: weights are read for each vector.
  EXPECT_EQ(product(chipmunk, 4 * 96, 96, 3).cycles, 3u * 4 * 96);
  EXPECT_EQ(product(chipmunk, 4 * 96, 96, 3).read[size_t(isa::Memory::Weight)], 3u * 4 * 96 * 96 * 4);
}

TEST(Cost, SeveralVectorsAreWorkedOnInWholeBlocks) {
  TargetModel model = machine("generic", "mat:\n", "mat:\n  vectors: {value: 4, unit: \"1\", grade: assumed}\n");
  // 32 x 32 blocks of 16 x 16 weights, at 512 B/cycle 2048 cycles of the weight memory.
  EXPECT_EQ(product(model, 512, 512, 1).cycles, 2048u);
  EXPECT_EQ(product(model, 512, 512, 2).cycles, 4u * 1024);
  EXPECT_EQ(product(model, 512, 512, 4).cycles, 4u * 1024);
  EXPECT_EQ(product(model, 512, 512, 5).cycles, 8u * 1024);
}

TEST(Cost, FunctionsTakeTheirUnitsAndTheRestTheLanes) {
  TargetModel model =
      machine("generic", "vec:\n", "vec:\n  activation:\n    units: {value: 4, unit: \"1\", grade: assumed}\n");
  // 3 groups of 16 lanes load in a cycle each, 10 groups of 4 units take 2 cycles each.
  EXPECT_EQ(costOf("lanes n=40 count=2\nlane.load source=acc[0] rd=r0\nlane.tanh a=r0 rd=r1", model).cycles, 23u);
  EXPECT_EQ(costOf("lanes n=40 count=2\nlane.load source=acc[0] rd=r0\nlane.add a=r0 b=r0 rd=r1", model).cycles, 6u);
}
