//===- Instructions.h - What instructions access and do to data -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// `regions` says which bytes an instruction reads and writes, `execute` does
// its work; neither knows time. One overload of each an engine instruction.
#pragma once

#include "Prepare.h"

#include "rnn-mlir/Isa/Isa.h"
#include "rnn-mlir/Sim/Kernels.h"

#include <cstring>
#include <vector>

namespace rnn::sim {

/// An instruction with its addresses resolved, on its way through an engine's queue.
struct Work {
  uint32_t index = 0;
  uint64_t enqueued = 0;
  uint8_t issueCause = 0;
  std::array<uint64_t, 2> size{};
  /// By place: the address, the pitch, and, when it runs, where the first row is.
  std::vector<uint64_t> address;
  std::vector<int64_t> pitch;
  std::vector<std::byte *> data;
};

template <class F> void regions(const isa::CopyIn &, const target::Sizes &s, F &&f) {
  f(Region{1, s.value[0], s.value[1], false, false, false});
  f(Region{0, s.value[0], s.value[1], true, false, false});
}
template <class F> void regions(const isa::CopyOut &, const target::Sizes &s, F &&f) {
  f(Region{1, s.value[0], s.value[1], false, false, false});
  f(Region{0, s.value[0], s.value[1], true, false, false});
}
template <class F> void regions(const isa::Fill &, const target::Sizes &s, F &&f) {
  f(Region{0, s.value[0], s.value[1], true, false, false});
}
template <class F> void regions(const isa::Product &i, const target::Sizes &s, F &&f) {
  if (s.value[0] == 0 || i.rows == 0)
    return;
  uint64_t padded = (i.rows + isa::kPanelRows - 1) / isa::kPanelRows * isa::kPanelRows;
  f(Region{1, 1, padded * i.cols * 4, false, true, false});
  f(Region{2, s.value[0], uint64_t(i.cols) * 4, false, true, false});
  if (i.accumulate)
    f(Region{0, s.value[0], uint64_t(i.rows) * 4, false, true, false});
  f(Region{0, s.value[0], uint64_t(i.rows) * 4, true, true, false});
}
template <class F> void regions(const isa::Fence &, const target::Sizes &, F &&) {}

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
template <class F> void regions(const isa::Lanes &i, const target::Sizes &, F &&f) {
  unsigned place = 0;
  for (const isa::MicroOp &micro : i.body)
    std::visit([&](const auto &op) { microRegion(op, i.n, place, f); }, micro);
}

inline void execute(const isa::CopyIn &, const Work &w, const Kernels &) {
  if (w.size[1])
    for (uint64_t row = 0; row < w.size[0]; ++row)
      std::memcpy(w.data[0] + int64_t(row) * w.pitch[0], w.data[1] + int64_t(row) * w.pitch[1], w.size[1]);
}
inline void execute(const isa::CopyOut &, const Work &w, const Kernels &) {
  if (w.size[1])
    for (uint64_t row = 0; row < w.size[0]; ++row)
      std::memcpy(w.data[0] + int64_t(row) * w.pitch[0], w.data[1] + int64_t(row) * w.pitch[1], w.size[1]);
}
inline void execute(const isa::Fill &, const Work &w, const Kernels &) {
  if (w.size[1])
    for (uint64_t row = 0; row < w.size[0]; ++row)
      std::memset(w.data[0] + int64_t(row) * w.pitch[0], 0, w.size[1]);
}
inline void execute(const isa::Product &i, const Work &w, const Kernels &kernels) {
  if (w.size[0] == 0 || i.rows == 0)
    return;
  kernels.product({reinterpret_cast<float *>(w.data[0]), reinterpret_cast<const float *>(w.data[1]),
                   reinterpret_cast<const float *>(w.data[2]), w.pitch[0], w.pitch[2], i.rows, i.cols, w.size[0],
                   i.accumulate});
}
inline void execute(const isa::Lanes &i, const Work &w, const Kernels &kernels) {
  kernels.lanes({i.body, w.data.data(), i.n});
}
inline void execute(const isa::Fence &, const Work &, const Kernels &) {}

} // namespace rnn::sim
