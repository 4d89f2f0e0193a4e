//===- StatisticsTest.cpp - Reports add up ----------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Programs.h"

#include <set>

using namespace rnn;
using namespace rnn::sim;
using namespace rnn::test;

static Statistics runSteps(int64_t steps) {
  Launch launch = recurrenceLaunch(steps);
  auto result = run(assemble(kRecurrence), launch);
  EXPECT_TRUE(result) << result.trap().message;
  return *result;
}

static void expectAddsUp(const Statistics &s) {
  for (const TimeLine &line : s.engines)
    EXPECT_EQ(line.total(), s.cycles);
  EXPECT_EQ(s.channel.total(), s.cycles);
  EXPECT_EQ(s.recurrence.total(), s.cycles);
  EXPECT_EQ(accountSum(toJson(s)), int64_t(s.cycles));
}

TEST(Statistics, EveryTimeLineAndTheAccountAddUp) {
  Statistics total;
  for (int64_t steps : {0, 1, 2, 10, 333}) {
    Statistics s = runSteps(steps);
    expectAddsUp(s);
    total += s;
    expectAddsUp(total);
  }
  EXPECT_EQ(total.launches, 5u);
  EXPECT_EQ(total.steps, 346u);
}

TEST(Statistics, CountsOfTenSteps) {
  Statistics s = runSteps(10);
  EXPECT_EQ(s.macs, 10u * 2 * 256);
  EXPECT_EQ(s.microOps, 16u * (2 + 10 * 4));
  EXPECT_EQ(s.instructions[size_t(isa::Engine::Mat)], 20u);
  EXPECT_EQ(s.instructions[size_t(isa::Engine::Load)], 11u);
  // set, begin, ten ends, halt.
  EXPECT_EQ(s.instructions[size_t(isa::Engine::Seq)], 13u);
  EXPECT_EQ(s.bytesRead[size_t(isa::Memory::Dram)], 2048u + 640);
  EXPECT_EQ(s.bytesWritten[size_t(isa::Memory::Dram)], 640u);
  EXPECT_EQ(s.bytesRead[size_t(isa::Memory::Weight)], 10u * 2048);
}

TEST(Statistics, BoundsComeFromTheLayer) {
  Statistics s = runSteps(100);
  // 512 multiply-adds at 256 a cycle; 1024 B and 1024 B a step at 512; of mat a cycle a step for the input, and for the
  // state the 2 of its weights; 2048 B and 128 B a step at 16; a chain of 14 + 13 cycles.
  EXPECT_EQ(s.bounds, (std::array<uint64_t, kBounds>{200, 2 + 200, 100 + 200, 128 + 800, 2700}));
  EXPECT_EQ(s.largestBound(), Bound::Dependency);
  // The chain of project, recur and lanes is one product longer than the bound; the rest is start and end.
  EXPECT_EQ(s.excess(), 0);
  EXPECT_GE(s.cycles, s.bounds[size_t(Bound::Dependency)]);
}

/// Between its two products of the recurrence the mat engine waits a hundred times for a copy.
TEST(Statistics, EveryWaitSinceTheLastStepIsExplained) {
  std::string text = R"(.program {"name": "gaps"}
.layer {"node": "rnn_1", "macs_per_step": 256, "input_weight_bytes": 1024, "state_weight_bytes": 1024, "input_mat_cycles_per_step": 1, "state_mat_cycles_per_step": 1, "dram_bytes_per_call": 0, "dram_bytes_per_sequence": 0, "dram_bytes_per_step": 64, "constant_bytes": 0, "chain_cycles_per_step": 14, "chain_cycles_once": 0, "steps_argument": 0, "lengths_argument": -1}
.argument {"name": "y", "output": true, "element_bytes": 4, "shape": [-1, 16], "base": 2, "dims": [0, 0]}
.semaphore {"number": 4, "count": 1}
lanes n=16 count=2 post=2
lane.constant value=0x00000000 rd=r0
lane.store target=vector[0] value=r0
copy_in dst=weight[0] src=dram[0] rows=1 bytes=1024 post=1
.role {"role": "recur"}
product acc=acc[0] weight=weight[0] x=vector[0] rows=16 cols=16 vectors=1 accumulate=0 round=0 wait=1,2
)";
  for (unsigned k = 0; k < 100; ++k)
    text += R"(.role {"role": "weights"}
copy_in dst=weight[1024] src=dram[1024] rows=1 bytes=1024 wait=4 post=3
.role {"role": "project"}
product acc=acc[64] weight=weight[1024] x=vector[0] rows=16 cols=16 vectors=1 accumulate=0 round=0 wait=3 post=4
)";
  text += R"(.role {"role": "recur"}
product acc=acc[0] weight=weight[0] x=vector[0] rows=16 cols=16 vectors=1 accumulate=1 round=0 post=5
.role {"role": "output"}
lanes n=16 count=2 wait=5 post=6
lane.load source=acc[0] rd=r0
lane.store target=vector[64] value=r0
copy_out dst=dram[0,base=s2] src=vector[64] rows=1 bytes=64 wait=6
halt
)";
  Launch launch = recurrenceLaunch(1);
  launch.data.erase(launch.data.begin());
  launch.shapes.erase(launch.shapes.begin());
  auto result = run(assemble(text), launch);
  ASSERT_TRUE(result) << result.trap().message;
  expectAddsUp(*result);
  // The recurrence stands still while its engine waits; what the engine did meanwhile are the hundred products.
  const auto &engine = result->engines[size_t(isa::Engine::Mat)].idle, &recurrence = result->recurrence.idle;
  for (Cause cause : {waitFor(isa::Engine::Load), Cause::Reload, Cause::Queue, Cause::Issue})
    EXPECT_EQ(recurrence[size_t(cause)], engine[size_t(cause)]) << kCauseNames[size_t(cause)];
  EXPECT_GT(engine[size_t(waitFor(isa::Engine::Load))] + engine[size_t(Cause::Reload)], 100u * 64);
}

TEST(Statistics, WeightsThatDoNotFitAreStreamedAgainForEachStep) {
  isa::Program program = assemble(kRecurrence);
  program.layer.stateWeightBytes = generic().memory(isa::Memory::Weight).capacity + 160;
  Launch launch = recurrenceLaunch(10);
  auto result = run(program, launch);
  ASSERT_TRUE(result) << result.trap().message;
  // Once everything, nine times the 160 B that no memory of the tile kept, and 128 B a step, at 16 B a cycle.
  EXPECT_EQ(result->bounds[size_t(Bound::Dram)], (1024 + program.layer.stateWeightBytes + 9 * 160 + 1280) / 16);
}

TEST(Statistics, EnergyIsTheSumOfItsComponents) {
  using isa::Component;
  Statistics s = runSteps(10);
  // Events of 10 steps times the coefficients of generic.yaml, in pJ.
  auto expectEnergy = [](double joule, double pico) { EXPECT_NEAR(joule * 1e12, pico, pico * 1e-12); };
  // Two products of 16 x 16 a step.
  const double mat = 10 * 2 * 256 * 4.6;
  // 16 elements: two moves at the start, three moves and a tanh a step.
  const double vec = 16 * (2 + 10 * 3) * 0.1 + 16 * 10 * 60.0;
  // Copies: the weights, and one in and one out a step.
  const double dma = (1 + 10 * 2) * 20.0;
  const double dram = (2048 + 10 * (64 + 64)) * 40.0;
  // The weights are written once and read in every step.
  const double weight = (2048 + 10 * 2048) * 2.5;
  // h at the start; each step writes x, h and y, and reads x, h and y.
  const double vector = (64 + 10 * (3 + 3) * 64) * 2.5;
  // Each step writes the sums twice, and reads them for the second product and for the lanes.
  const double acc = 10 * (2 + 2) * 64 * 1.25;
  // Set, the weights' copy, lanes and begin, five instructions and an end a step, halt.
  const double sequencer = (4 + 10 * (5 + 1) + 1) * 20.0;
  // The parts' leakages and the DRAM's background, mW, for cycles of 1 ns.
  const double leakage = (1 + 1 + 15 + 4 + 40 + 5 + 3 + 50) * double(s.cycles);
  expectEnergy(s.energy[Component::Mat], mat);
  expectEnergy(s.energy[Component::Vec], vec);
  expectEnergy(s.energy[Component::Dma], dma);
  expectEnergy(s.energy[Component::Dram], dram);
  expectEnergy(s.energy[Component::Weight], weight);
  expectEnergy(s.energy[Component::Vector], vector);
  expectEnergy(s.energy[Component::Acc], acc);
  expectEnergy(s.energy[Component::Sequencer], sequencer);
  expectEnergy(s.energy[Component::Leakage], leakage);
  expectEnergy(s.energy.total(), mat + vec + dma + dram + weight + vector + acc + sequencer + leakage);
}

/// All paths of the leaves of a JSON object.
static void leaves(const nlohmann::ordered_json &json, const std::string &prefix, std::set<std::string> &paths) {
  for (const auto &[key, value] : json.items())
    if (value.is_object())
      leaves(value, prefix + key + ".", paths);
    else
      paths.insert(prefix + key);
}

TEST(Statistics, TheTableDocumentsExactlyTheKeysOfTheReport) {
  std::set<std::string> written, documented;
  leaves(toJson(runSteps(2)), "", written);
  std::string table = statisticsTable();
  for (size_t at = 0; (at = table.find("| `", at)) != std::string::npos;) {
    size_t end = table.find('`', at + 3);
    documented.insert(table.substr(at + 3, end - at - 3));
    at = end;
  }
  EXPECT_EQ(written, documented);
}
