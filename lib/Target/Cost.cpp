//===- Cost.cpp - What instructions cost on a target ------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Target/Cost.h"

#include <algorithm>
#include <numeric>

namespace rnn::target {

using isa::Memory;

namespace {

uint64_t ceilDiv(uint64_t a, uint64_t b) {
  return a / b + (a % b != 0);
}

/// Cycles in which every memory of the tile moves its bytes.
uint64_t memoryCycles(const Cost &cost, const TargetModel &model) {
  uint64_t most = 0;
  for (Memory memory : isa::kTileMemories) {
    uint64_t bytes = std::max(cost.read[size_t(memory)], cost.written[size_t(memory)]);
    most = std::max(most, ceilDiv(bytes, model.memory(memory).bandwidth));
  }
  return most;
}

/// A copy of rows: DRAM works in whole bursts, a row at a time unless rows follow one another.
Cost copy(uint64_t rows, uint64_t bytes, bool contiguous, const TargetModel &model, Memory *from, Memory *to) {
  const MemoryModel &dram = model.memory(Memory::Dram);
  uint64_t burst = dram.burst;
  uint64_t moved = contiguous ? ceilDiv(rows * bytes, burst) * burst : rows * ceilDiv(bytes, burst) * burst;
  Cost result;
  auto count = [&](Memory *memory, std::array<uint64_t, isa::kMemoryCount> &counts) {
    if (memory)
      counts[size_t(*memory)] += *memory == Memory::Dram ? moved : rows * bytes;
  };
  count(from, result.read);
  count(to, result.written);
  result.cycles = model.dma.setup;
  result.energy = model.dma.energy;
  result.channel = std::max(ceilDiv(moved, dram.bandwidth), memoryCycles(result, model));
  result.latency = dram.latency;
  return result;
}

/// Counts the bytes that a micro-operation of a lane program accesses, in the memories of its elements.
template <class Op> void countBytes(const Op &op, const isa::Lanes &head, Cost &cost) {
  unsigned operands = 0;
  isa::microRegions(op, head, operands, [&](const isa::Region &region) {
    unsigned element = 0;
    Op::forEachField(op, [&]<class Field>(const isa::FieldInfo &, const Field &field) {
      if constexpr (std::is_same_v<Field, isa::Element>)
        if (element++ == region.place)
          (region.write ? cost.written : cost.read)[size_t(field.address.memory)] += region.rows * region.bytes;
    });
  });
}

} // namespace

Cost cost(const isa::CopyIn &instr, const Sizes &sizes, const isa::Happened &, const TargetModel &model) {
  Memory from = Memory::Dram, to = instr.dst.address.memory;
  return copy(sizes.value[0], sizes.value[1], sizes.contiguous, model, &from, &to);
}

Cost cost(const isa::CopyOut &instr, const Sizes &sizes, const isa::Happened &, const TargetModel &model) {
  Memory from = instr.src.address.memory, to = Memory::Dram;
  return copy(sizes.value[0], sizes.value[1], sizes.contiguous, model, &from, &to);
}

Cost cost(const isa::Fill &, const Sizes &sizes, const isa::Happened &, const TargetModel &model) {
  Memory to = Memory::Dram;
  return copy(sizes.value[0], sizes.value[1], sizes.contiguous, model, nullptr, &to);
}

/// Blocks of `mat.rows` by `mat.columns` weights, one a cycle for each vector, or place in a block of vectors; a vector
/// is read once for each block of rows, a weight once for all vectors where mat works row by row, and for each where it
/// works by columns.
Cost cost(const isa::Product &instr, const Sizes &sizes, const isa::Happened &happened, const TargetModel &model) {
  uint64_t rows = instr.rows, cols = happened.columns, vectors = sizes.value[0];
  uint64_t rowBlocks = ceilDiv(rows, model.mat.rows), colBlocks = ceilDiv(cols, model.mat.columns);
  Cost result;
  if (vectors == 0)
    return result.cycles = 1, result;
  result.macs = rows * cols * vectors;
  result.energy = double(result.macs) * model.mat.energy;
  auto bytes = [](const isa::View &view, uint64_t numbers) { return isa::bytesOf(view.format, numbers); };
  result.read[size_t(instr.weight.address.memory)] +=
      bytes(instr.weight, isa::wholePanels(rows) * cols) * (model.mat.mapping == Mapping::Columns ? vectors : 1);
  result.read[size_t(instr.x.address.memory)] += bytes(instr.x, rowBlocks * cols * vectors);
  if (instr.accumulate)
    result.read[size_t(instr.acc.address.memory)] += bytes(instr.acc, rows * vectors);
  result.written[size_t(instr.acc.address.memory)] += bytes(instr.acc, rows * vectors);
  uint64_t slots = vectors == 1 ? 1 : ceilDiv(vectors, model.mat.vectors) * model.mat.vectors;
  result.cycles = std::max({uint64_t(1), rowBlocks * colBlocks * slots, memoryCycles(result, model)});
  result.fill = model.mat.latency;
  return result;
}

/// Whole blocks, or what the slower of the memories needs, whose cycles are rounded up once for all vectors.
uint64_t vectorCycles(uint64_t rows, uint64_t cols, uint64_t xBytes, uint64_t accBytes, const TargetModel &model) {
  uint64_t rowBlocks = ceilDiv(rows, model.mat.rows), colBlocks = ceilDiv(cols, model.mat.columns);
  return std::max({rowBlocks * colBlocks, rowBlocks * cols * xBytes / model.memory(Memory::Vector).bandwidth,
                   rows * accBytes / model.memory(Memory::Acc).bandwidth});
}

/// Each micro-operation takes its class's cycles for every group of as many elements as there are lanes, or units of
/// activation.
Cost cost(const isa::Lanes &instr, const Sizes &, const isa::Happened &, const TargetModel &model) {
  Cost result;
  for (const isa::MicroOp &micro : instr.body)
    std::visit(
        [&]<class Op>(const Op &op) {
          auto index = size_t(microClassOf<Op>());
          result.micro[index] += instr.n;
          result.cycles += ceilDiv(instr.n, model.vec.width(index)) * model.vec.cycles[index];
          result.energy += double(instr.n) * model.vec.energy[index];
          countBytes(op, instr, result);
        },
        micro);
  result.cycles = std::max({uint64_t(1), result.cycles, memoryCycles(result, model)});
  result.fill = model.vec.latency;
  return result;
}

Cost cost(const isa::Fence &, const Sizes &, const isa::Happened &, const TargetModel &) {
  Cost result;
  result.cycles = 1;
  return result;
}

Cost cost(const isa::Instr &instr, const Sizes &sizes, const isa::Happened &happened, const TargetModel &model) {
  return std::visit([&](const auto &i) { return cost(i, sizes, happened, model); }, instr);
}

Cost cost(const isa::Instr &instr, const Sizes &sizes, const TargetModel &model) {
  isa::Happened most;
  if (const auto *product = std::get_if<isa::Product>(&instr))
    most.columns = product->cols;
  return cost(instr, sizes, most, model);
}

template <class I> static constexpr size_t sizeCount() {
  size_t count = 0;
  const I instr{};
  I::forEachField(instr,
                  [&]<class F>(const isa::FieldInfo &, const F &) { count += std::is_same_v<F, isa::RegOrImm>; });
  return count;
}

std::optional<Sizes> immediateSizes(const isa::Instr &instr) {
  Sizes sizes;
  size_t index = 0;
  bool immediate = true;
  std::visit(
      [&]<class I>(const I &i) {
        static_assert(sizeCount<I>() <= kMostSizes);
        const isa::View *dram = nullptr;
        I::forEachField(i, [&]<class F>(const isa::FieldInfo &, const F &field) {
          if constexpr (std::is_same_v<F, isa::RegOrImm>) {
            immediate &= !field.isReg;
            sizes.value[index++] = field.value;
          }
          if constexpr (std::is_same_v<F, isa::View>)
            if (field.address.memory == Memory::Dram)
              dram = &field;
        });
        sizes.contiguous = dram && !dram->pitchIsReg && uint64_t(int64_t(dram->pitch)) == sizes.value[1];
      },
      instr);
  return immediate ? std::optional(sizes) : std::nullopt;
}

Sizes leastSizes(const isa::Instr &instr) {
  Sizes sizes;
  size_t index = 0;
  std::visit(
      [&]<class I>(const I &i) {
        I::forEachField(i, [&]<class F>(const isa::FieldInfo &, const F &field) {
          if constexpr (std::is_same_v<F, isa::RegOrImm>)
            sizes.value[index++] = field.isReg ? 1 : field.value;
        });
      },
      instr);
  return sizes;
}

double Energy::total() const {
  return std::accumulate(joule.begin(), joule.end(), 0.0);
}

Energy &Energy::operator+=(const Energy &other) {
  for (size_t i = 0; i < joule.size(); ++i)
    joule[i] += other.joule[i];
  return *this;
}

Energy energy(const Cost &cost, isa::Engine engine, uint64_t count, const TargetModel &model) {
  Energy result;
  auto n = double(count);
  result[isa::kEngineComponents[size_t(engine)]] = n * cost.energy;
  for (size_t i = 0; i < isa::kMemoryCount; ++i)
    result[isa::kMemoryComponents[i]] = n * (double(cost.read[i]) * model.memories[i].readEnergy +
                                             double(cost.written[i]) * model.memories[i].writeEnergy);
  result[isa::Component::Sequencer] += n * model.sequencer.energy;
  return result;
}

} // namespace rnn::target
