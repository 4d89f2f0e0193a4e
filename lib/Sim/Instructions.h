//===- Instructions.h - What instructions do to data -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// `execute` does an instruction's work and knows no time. One overload an
// engine instruction; one without it does not compile.
#pragma once

#include "Prepare.h"

#include "rnn-mlir/Isa/Isa.h"
#include "rnn-mlir/Sim/Kernels.h"
#include "rnn-mlir/Sim/Trace.h"

#include <cstring>
#include <type_traits>
#include <vector>

namespace rnn::sim {

/// An instruction with its addresses resolved, on its way through an engine's queue.
struct Work {
  uint32_t index = 0;
  uint64_t enqueued = 0;
  uint8_t issueCause = 0;
  std::array<uint64_t, target::kMostSizes> size{};
  /// Where it is in time; only with a trace.
  TraceWriter::Position position;
  /// By place: the address, the pitch, and, when it runs, where the first row is.
  std::vector<uint64_t> address;
  std::vector<int64_t> pitch;
  std::vector<std::byte *> data;
};

template <class I>
  requires(std::is_same_v<I, isa::CopyIn> || std::is_same_v<I, isa::CopyOut>)
void execute(const I &, const Work &w, const Kernels &) {
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
  auto numbers = [&](unsigned place, const isa::View &view) {
    return Numbers{w.data[place], w.pitch[place], view.format};
  };
  kernels.product({.acc = numbers(0, i.acc),
                   .weight = numbers(1, i.weight),
                   .x = numbers(2, i.x),
                   .rows = i.rows,
                   .cols = i.cols,
                   .vectors = w.size[0],
                   .accumulate = i.accumulate});
}
inline void execute(const isa::Lanes &i, const Work &w, const Kernels &kernels) {
  kernels.lanes({i.body, w.data.data(), i.n});
}
inline void execute(const isa::Fence &, const Work &, const Kernels &) {}

} // namespace rnn::sim
