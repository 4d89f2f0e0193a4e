//===- Cost.h - What instructions cost on a target --------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// `cost` knows time and energy events, and no data but what happened. One
// overload an engine instruction; an instruction without one does not compile.
// The compiler takes its bounds from the same functions as the simulator its
// cycles.
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Isa/Isa.h"
#include "rnn-mlir/Target/TargetModel.h"

#include <array>
#include <cstdint>
#include <optional>

namespace rnn::target {

/// Instructions have no more `RegOrImm` fields; the cost functions do not compile with a record that has.
inline constexpr size_t kMostSizes = 2;

/// Values of an instruction's `RegOrImm` fields, in the order of its record, and whether its rows follow one another
/// in DRAM without gaps.
struct Sizes {
  std::array<uint64_t, kMostSizes> value{};
  bool contiguous = false;
  bool operator==(const Sizes &) const = default;
};

/// The cost of one execution of an instruction.
struct Cost {
  /// Cycles the engine works before it can begin its next instruction. Of the dma: beside the channel's.
  uint64_t cycles = 0;
  /// Cycles to fill and drain the engine's pipeline; the engine is taken for them, too.
  uint64_t fill = 0;
  /// Cycles of the DRAM channel, which comes after `cycles`.
  uint64_t channel = 0;
  /// Cycles from the end of the channel's work until its effects are visible; the engine goes on meanwhile.
  uint64_t latency = 0;
  uint64_t macs = 0;
  /// Micro-operations, counted by element.
  std::array<uint64_t, kMicroClasses> micro{};
  /// Bytes by memory.
  std::array<uint64_t, isa::kMemoryCount> read{}, written{};
  /// J that the engine's own component takes, beside the memories' and the sequencer's.
  double energy = 0;

  /// From start to visible effects where nothing else uses the channel.
  uint64_t total() const { return cycles + fill + channel + latency; }
  bool operator==(const Cost &) const = default;
};

/// The cycles of mat for one vector of a product of so many rows and columns, what its weight takes aside: however the
/// product is cut into instructions, and with whatever other vectors, they take no less for it together. The sizes are
/// of an element of the vector and of the sums.
uint64_t vectorCycles(uint64_t rows, uint64_t cols, uint64_t xBytes, uint64_t accBytes, const TargetModel &model);

/// The class of a micro-operation: its record's, which must be one of the target's.
template <class Op> constexpr MicroClass microClassOf() {
  constexpr unsigned index = [] {
    for (unsigned i = 0; i < kMicroClasses; ++i)
      if (kMicroClassNames[i] == Op::kCostClass)
        return i;
    return kMicroClasses;
  }();
  static_assert(index < kMicroClasses, "the cost class of the record is none of the target's");
  return MicroClass(index);
}

Cost cost(const isa::CopyIn &instr, const Sizes &sizes, const isa::Happened &happened, const TargetModel &model);
Cost cost(const isa::CopyOut &instr, const Sizes &sizes, const isa::Happened &happened, const TargetModel &model);
Cost cost(const isa::Fill &instr, const Sizes &sizes, const isa::Happened &happened, const TargetModel &model);
Cost cost(const isa::Product &instr, const Sizes &sizes, const isa::Happened &happened, const TargetModel &model);
Cost cost(const isa::Lanes &instr, const Sizes &sizes, const isa::Happened &happened, const TargetModel &model);
Cost cost(const isa::Fence &instr, const Sizes &sizes, const isa::Happened &happened, const TargetModel &model);

/// Cycles of the sequencer's own instructions.
template <class I>
  requires(I::kEngine == isa::Engine::Seq)
Cost cost(const I &, const Sizes &, const isa::Happened &, const TargetModel &model) {
  Cost result;
  result.cycles = model.sequencer.scalar;
  if constexpr (std::is_same_v<I, isa::Div>)
    result.cycles = model.sequencer.divide;
  if constexpr (std::is_same_v<I, isa::Fetch>) {
    const MemoryModel &dram = model.memory(isa::Memory::Dram);
    result.latency = dram.latency + (dram.burst + dram.bandwidth - 1) / dram.bandwidth;
    result.read[size_t(isa::Memory::Dram)] = dram.burst;
  }
  return result;
}

Cost cost(const isa::Instr &instr, const Sizes &sizes, const isa::Happened &happened, const TargetModel &model);

/// The same where nothing is known of the data: every column counts.
Cost cost(const isa::Instr &instr, const Sizes &sizes, const TargetModel &model);

/// The sizes of an instruction that takes none from a register.
std::optional<Sizes> immediateSizes(const isa::Instr &instr);

/// The sizes of an instruction, 1 for those from registers; its rows do not follow one another.
Sizes leastSizes(const isa::Instr &instr);

/// Energy by component, in J.
struct Energy {
  std::array<double, isa::kComponentCount> joule{};
  double &operator[](isa::Component component) { return joule[size_t(component)]; }
  double operator[](isa::Component component) const { return joule[size_t(component)]; }
  double total() const;
  Energy &operator+=(const Energy &other);
};

/// Energy of `count` executions, leakage apart.
Energy energy(const Cost &cost, isa::Engine engine, uint64_t count, const TargetModel &model);

/// Leakage and background power of everything on the target, in W.
double leakage(const TargetModel &model);

} // namespace rnn::target
