//===- Account.cpp - Where the cycles and the energy of a run went --- -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Account.h"

#include "Tile.h"

#include <algorithm>
#include <cstring>

namespace rnn::sim {

/// More gaps of an engine, between two instructions of the recurrence or on the channel, are not told apart: the oldest
/// count as other work.
constexpr size_t kMostGaps = 1 << 16;

void EngineLine::idle(uint64_t from, uint64_t to, Cause cause, uint64_t settled) {
  if (from >= to)
    return;
  size_t at = gapCount % gaps.size();
  if (gapCount >= gaps.size() && gaps.size() < kMostGaps && gaps[at].end > settled) {
    std::rotate(gaps.begin(), gaps.begin() + at, gaps.end());
    at = gapCount = gaps.size();
    gaps.resize(2 * gaps.size());
  }
  gaps[at] = {from, to, cause};
  ++gapCount;
}

void EngineLine::explain(uint64_t from, uint64_t to, TimeLine &line) const {
  uint64_t rest = to - from, count = std::min<uint64_t>(gapCount, gaps.size());
  for (uint64_t i = 1; i <= count; ++i) {
    const Gap &gap = gaps[(gapCount - i) % gaps.size()];
    if (gap.end <= from)
      break;
    uint64_t begin = std::max(gap.begin, from), end = std::min(gap.end, to);
    if (begin < end) {
      line.idle[size_t(gap.cause)] += end - begin;
      rest -= end - begin;
    }
  }
  line.idle[size_t(Cause::Occupied)] += rest;
}

void Account::reset() {
  recurrenceEnd = 0;
  result = {};
}

void Account::count(PreparedInstr &instr) {
  if (!instr.pending)
    return;
  const target::Cost &cost = instr.cost;
  result.instructions[size_t(instr.engine)] += instr.pending;
  result.macs += cost.macs * instr.pending;
  for (uint64_t micro : cost.micro)
    result.microOps += micro * instr.pending;
  for (size_t m = 0; m < isa::kMemoryCount; ++m) {
    result.bytesRead[m] += cost.read[m] * instr.pending;
    result.bytesWritten[m] += cost.written[m] * instr.pending;
  }
  result.energy += target::energy(cost, instr.engine, instr.pending, model);
  instr.pending = 0;
}

void Account::start(const PreparedInstr &instr, uint64_t begin, Cause cause, EngineLine &engine, Channel &channel) {
  const target::Cost &cost = instr.cost;
  TimeLine &line = result.engines[size_t(instr.engine)];
  auto idle = [&](uint64_t from, uint64_t to, Cause why) {
    engine.idle(from, to, why, std::min(recurrenceEnd, channel.free));
  };
  idle(engine.free, begin, cause);
  line.idle[size_t(cause)] += begin - engine.free;
  line.busy += cost.cycles + cost.channel;
  line.fill += cost.fill;
  uint64_t end = begin + cost.cycles + cost.fill;
  if (cost.channel) {
    uint64_t transfer = std::max(end, channel.free);
    idle(end, transfer, Cause::Channel);
    line.idle[size_t(Cause::Channel)] += transfer - end;
    if (transfer > channel.free) {
      uint64_t setup = std::min(transfer - channel.free, transfer - begin);
      result.channel.idle[size_t(Cause::Setup)] += setup;
      engine.explain(channel.free, transfer - setup, result.channel);
    }
    result.channel.busy += cost.channel;
    end = channel.free = transfer + cost.channel;
  }
  engine.free = end;
  engine.visible = std::max(engine.visible, end + cost.latency);
  if (instr.role != isa::Role::Recur)
    return;
  if (begin > recurrenceEnd) {
    engine.explain(recurrenceEnd, begin, result.recurrence);
    recurrenceEnd = begin;
  }
  if (engine.visible > recurrenceEnd) {
    result.recurrence.busy += engine.visible - recurrenceEnd;
    recurrenceEnd = engine.visible;
  }
}

static uint64_t boundCycles(__int128 amount, uint64_t perCycle) {
  if (amount <= 0)
    return 0;
  __int128 cycles = (amount + perCycle - 1) / perCycle;
  return cycles > INT64_MAX ? INT64_MAX : uint64_t(cycles);
}

/// Times that mat reads the weights of the state for steps of which `chain` follow one another: once for the step of
/// all sequences, but where it works by columns for each vector.
static __int128 stateReads(const target::TargetModel &model, __int128 steps, __int128 chain) {
  return model.mat.mapping == target::Mapping::Columns ? steps : chain;
}

/// What mat takes for the products of the state, in bytes that the weight memory moves meanwhile: those of the weights,
/// or as long as it works on the vectors.
static __int128 stateProducts(const isa::Layer &layer, const target::TargetModel &model, __int128 steps,
                              __int128 chain) {
  return std::max(stateReads(model, steps, chain) * layer.stateWeightBytes,
                  steps * layer.stateMatCyclesPerStep * model.memory(isa::Memory::Weight).bandwidth);
}

/// Lower bounds from `steps` valid steps of all of `sequences` and `longest` of the longest; docs/simulator.md has the
/// formulas. `once` is the dram bound with each weight read once.
/// `later` launches find on the tile what fits there of the constants.
static std::array<uint64_t, kBounds> boundsOf(const isa::Layer &layer, const target::TargetModel &model, uint64_t steps,
                                              uint64_t longest, uint64_t sequences, bool later, uint64_t &once) {
  once = 0;
  if (!longest)
    return {};
  __int128 all = steps, chain = longest, input = layer.inputWeightBytes, state = layer.stateWeightBytes;
  __int128 bandwidth = model.memory(isa::Memory::Weight).bandwidth;
  __int128 inputs = (model.mat.mapping == target::Mapping::Columns ? all : 1) * input;
  __int128 mat =
      std::max(inputs, all * layer.inputMatCyclesPerStep * bandwidth) + stateProducts(layer, model, all, chain);
  __int128 streamed = std::max<__int128>(0, state - model.memory(isa::Memory::Weight).capacity);
  __int128 single = input + state + layer.dramBytesPerCall + __int128(sequences) * layer.dramBytesPerSequence +
                    all * layer.dramBytesPerStep;
  if (later)
    single = std::max<__int128>(0, single - layer.constantBytes);
  once = boundCycles(single, model.memory(isa::Memory::Dram).bandwidth);
  if (later) {
    __int128 beyond = layer.constantBytes;
    for (isa::Memory memory : isa::kTileMemories)
      beyond -= model.memory(memory).capacity;
    single += std::max<__int128>(0, beyond);
  }
  return {boundCycles(all * layer.macsPerStep, model.mat.rows * model.mat.columns),
          boundCycles(inputs + stateReads(model, all, chain) * state, bandwidth), boundCycles(mat, bandwidth),
          boundCycles(single + (chain - 1) * streamed, model.memory(isa::Memory::Dram).bandwidth),
          boundCycles(chain * layer.chainCyclesPerStep + layer.chainCyclesOnce, 1)};
}

/// How much longer these bounds would be if `walked` steps of sequences, or tiles of them, came one after another: a
/// step's chain and its reads of the state's weights come again. The other bounds count all steps, or the weights'
/// reads, anyway.
static std::array<uint64_t, kBounds> boundsOfOthers(const isa::Layer &layer, const target::TargetModel &model,
                                                    uint64_t steps, uint64_t longest, uint64_t walked) {
  std::array<uint64_t, kBounds> result{};
  uint64_t bandwidth = model.memory(isa::Memory::Weight).bandwidth;
  __int128 again = stateReads(model, steps, walked) - stateReads(model, steps, longest);
  result[size_t(Bound::Weight)] = boundCycles(again * layer.stateWeightBytes, bandwidth);
  result[size_t(Bound::Mat)] =
      boundCycles(stateProducts(layer, model, steps, walked) - stateProducts(layer, model, steps, longest), bandwidth);
  result[size_t(Bound::Dependency)] = boundCycles(__int128(walked - longest) * layer.chainCyclesPerStep, 1);
  return result;
}

/// The steps one after another: iterations of the loops over steps that hold a recurrence, which sequences in lock-step
/// take together. Of a program that tells no loops, executions of the rarest instruction of role `recur` that was
/// executed at all.
static uint64_t stepsOneAfterAnother(std::span<const PreparedInstr> code) {
  uint64_t iterations = 0, rarest = 0;
  bool told = false;
  for (const PreparedInstr &instr : code) {
    if (instr.recurs && std::holds_alternative<isa::End>(*instr.instr)) {
      told = true;
      iterations += instr.executions;
    }
    if (instr.role == isa::Role::Recur && instr.executions)
      rarest = rarest ? std::min(rarest, instr.executions) : instr.executions;
  }
  return told ? iterations : rarest;
}

namespace {
/// What a launch computes.
struct Workload {
  uint64_t sequences = 0, steps = 0, longest = 0;
};
} // namespace

/// Steps of all sequences that a launch took: executions of the rarest lane program of role `recur`, which each
/// sequence has for itself; without one, the steps one after another.
static uint64_t stepsTaken(std::span<const PreparedInstr> code, uint64_t walked) {
  uint64_t rarest = 0;
  for (const PreparedInstr &instr : code)
    if (instr.role == isa::Role::Recur && instr.executions && std::holds_alternative<isa::Lanes>(*instr.instr))
      rarest = rarest ? std::min(rarest, instr.executions) : instr.executions;
  return rarest ? rarest : walked;
}

/// By the arguments that the layer names; of a layer that names none, `walked` steps of a sequence. Lengths that no
/// argument holds are constants of the program: there are so many steps as were `taken`, and the longest sequence has
/// no less than the mean.
static Workload workloadOf(const isa::Layer &layer, std::span<const isa::Argument> declared,
                           std::span<const ArgumentView> arguments, uint64_t walked, uint64_t taken) {
  auto valid = [&](int64_t number) { return number >= 0 && uint64_t(number) < arguments.size(); };
  if (!valid(layer.stepsArgument))
    return {0, walked, walked};
  std::span<const int64_t> shape = arguments[layer.stepsArgument].shape;
  if (shape.empty())
    return {1, walked, walked};
  auto steps = uint64_t(shape[0]);
  Workload work{shape.size() == 3 ? uint64_t(shape[1]) : 1, 0, 0};
  if (!valid(layer.lengthsArgument) || declared[layer.lengthsArgument].elementBytes != sizeof(int32_t) ||
      arguments[layer.lengthsArgument].shape.size() != 1) {
    work.steps = std::min(work.sequences * steps, taken);
    work.longest = work.sequences ? (work.steps + work.sequences - 1) / work.sequences : 0;
    return work;
  }
  const ArgumentView &lengths = arguments[layer.lengthsArgument];
  for (int64_t i = 0; i < lengths.shape[0]; ++i) {
    int32_t length;
    std::memcpy(&length, static_cast<const std::byte *>(lengths.data) + i * sizeof(length), sizeof(length));
    uint64_t own = std::min<uint64_t>(steps, std::max(length, 0));
    work.steps += own;
    work.longest = std::max(work.longest, own);
  }
  return work;
}

Statistics Account::close(PreparedProgram &program, std::span<const ArgumentView> arguments, const Tile &tile,
                          const Channel &channel) {
  const isa::Layer &layer = program.program.layer;
  const Sequencer &seq = tile.sequencer;
  result.program = program.program.name;
  result.node = layer.node;
  result.launches = 1;
  uint64_t end = seq.time(), walked = stepsOneAfterAnother(program.code);
  Workload work = workloadOf(layer, program.program.arguments, arguments, walked, stepsTaken(program.code, walked));
  for (const EngineState &engine : tile.engines)
    end = std::max(end, engine.line.visible);
  for (PreparedInstr &instr : program.code)
    count(instr);
  constexpr auto drain = size_t(Cause::Drain);
  for (unsigned e = 1; e < isa::kEngineCount; ++e)
    result.engines[e].idle[drain] += end - tile.engines[e].line.free;
  result.channel.idle[drain] += end - channel.free;
  result.recurrence.idle[drain] += end - recurrenceEnd;
  TimeLine &sequencer = result.engines[0];
  sequencer.busy = seq.time() - seq.blocked() - seq.fetched();
  sequencer.idle[size_t(Cause::Queue)] = seq.blocked();
  sequencer.idle[size_t(Cause::Fetch)] = seq.fetched();
  sequencer.idle[drain] = end - seq.time();
  result.steps = work.steps;
  result.cycles = end;
  result.seconds = double(end) / model.clock;
  result.energy[isa::Component::Leakage] = target::leakage(model) * result.seconds;
  uint64_t once;
  result.bounds = boundsOf(layer, model, work.steps, work.longest, work.sequences, program.isSetUp, once);
  result.boundSequences = boundsOfOthers(layer, model, work.steps, work.longest, std::max(walked, work.longest));
  result.boundReload = result.bounds[size_t(Bound::Dram)] - once;
  return std::move(result);
}

} // namespace rnn::sim
