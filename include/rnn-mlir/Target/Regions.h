//===- Regions.h - Which bytes instructions read and write ------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// Shared by the simulator, which checks the bytes, and by the compiler. One
// overload an engine instruction; one without it does not compile.
#pragma once

#include "rnn-mlir/Isa/Program.h"
#include "rnn-mlir/Target/Cost.h"

#include <span>

namespace rnn::target {

/// Bytes an instruction accesses: `rows` rows of `bytes` bytes from a place on, its pitch apart.
struct Region {
  unsigned place;
  uint64_t rows, bytes;
  bool write;
  /// Of f32 that must be aligned.
  bool floats;
  /// Element i of the instruction accesses only element i.
  bool elementwise;
};

template <class F> void regions(const isa::CopyIn &, const Sizes &s, F &&f) {
  f(Region{1, s.value[0], s.value[1], false, false, false});
  f(Region{0, s.value[0], s.value[1], true, false, false});
}
template <class F> void regions(const isa::CopyOut &, const Sizes &s, F &&f) {
  f(Region{1, s.value[0], s.value[1], false, false, false});
  f(Region{0, s.value[0], s.value[1], true, false, false});
}
template <class F> void regions(const isa::Fill &, const Sizes &s, F &&f) {
  f(Region{0, s.value[0], s.value[1], true, false, false});
}
template <class F> void regions(const isa::Product &i, const Sizes &s, F &&f) {
  if (s.value[0] == 0 || i.rows == 0)
    return;
  uint64_t padded = (i.rows + isa::kPanelRows - 1) / isa::kPanelRows * isa::kPanelRows;
  f(Region{1, 1, padded * i.cols * 4, false, true, false});
  f(Region{2, s.value[0], uint64_t(i.cols) * 4, false, true, false});
  if (i.accumulate)
    f(Region{0, s.value[0], uint64_t(i.rows) * 4, false, true, false});
  f(Region{0, s.value[0], uint64_t(i.rows) * 4, true, true, false});
}
template <class F> void regions(const isa::Fence &, const Sizes &, F &&) {}

template <class F> void microRegion(const isa::LaneLoad &, uint64_t n, unsigned &place, F &&f) {
  f(Region{place++, 1, n * 4, false, true, true});
}
template <class F> void microRegion(const isa::LaneSplat &, uint64_t n, unsigned &place, F &&f) {
  f(Region{place++, 1, uint64_t(n ? 4 : 0), false, true, false});
}
template <class F> void microRegion(const isa::LaneStore &, uint64_t n, unsigned &place, F &&f) {
  f(Region{place++, 1, n * 4, true, true, true});
}
template <class Op, class F> void microRegion(const Op &op, uint64_t, unsigned &, F &&) {
  Op::forEachField(op, []<class Field>(const isa::FieldInfo &, const Field &) {
    static_assert(!std::is_same_v<Field, isa::Address>, "a micro-operation with an address needs its microRegion");
  });
}
template <class F> void regions(const isa::Lanes &i, const Sizes &, F &&f) {
  unsigned place = 0;
  for (const isa::MicroOp &micro : i.body)
    std::visit([&](const auto &op) { microRegion(op, i.n, place, f); }, micro);
}

/// Cycles from state to state of the recurrence that a program's instructions of role `recur` make, each executed once:
/// the longest chain of reads after writes that begins at a read of what the step before wrote, and ends at that write.
/// Accesses with different strides count as independent, sizes from registers as free: the result is a lower bound.
uint64_t chainCycles(std::span<const isa::Instr> instrs, std::span<const isa::Role> roles, const TargetModel &model);

} // namespace rnn::target
