//===- Instructions.h - What instructions do to data -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// `execute` does an instruction's work, knows no time and says what happened.
// One overload an engine instruction; one without it does not compile.
#pragma once

#include "Prepare.h"

#include "rnn-mlir/Isa/Isa.h"
#include "rnn-mlir/Sim/Kernels.h"
#include "rnn-mlir/Sim/Statistics.h"
#include "rnn-mlir/Sim/Trace.h"

#include <cstring>
#include <type_traits>
#include <vector>

namespace rnn::sim {

/// An instruction with its addresses resolved, on its way through an engine's queue.
struct Work {
  uint32_t index = 0;
  uint64_t enqueued = 0;
  Cause issueCause = Cause::Issue;
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
isa::Happened execute(const I &, const Work &w, const Kernels &) {
  if (w.size[1])
    for (uint64_t row = 0; row < w.size[0]; ++row)
      std::memcpy(w.data[0] + int64_t(row) * w.pitch[0], w.data[1] + int64_t(row) * w.pitch[1], w.size[1]);
  return {};
}
inline isa::Happened execute(const isa::Fill &, const Work &w, const Kernels &) {
  if (w.size[1])
    for (uint64_t row = 0; row < w.size[0]; ++row)
      std::memset(w.data[0] + int64_t(row) * w.pitch[0], 0, w.size[1]);
  return {};
}
inline isa::Happened execute(const isa::Product &i, const Work &w, const Kernels &kernels) {
  isa::Happened happened{.columns = i.cols};
  if (w.size[0] == 0 || i.rows == 0)
    return happened;
  auto numbers = [&](unsigned place, const isa::View &view) {
    return Numbers{w.data[place], w.pitch[place], view.format};
  };
  kernels.product({.acc = numbers(0, i.acc),
                   .weight = numbers(1, i.weight),
                   .x = numbers(2, i.x),
                   .rows = i.rows,
                   .cols = i.cols,
                   .vectors = w.size[0],
                   .accumulate = i.accumulate,
                   .round = i.round});
  return happened;
}
inline isa::Happened execute(const isa::Lanes &i, const Work &w, const Kernels &kernels) {
  kernels.lanes({i.body, w.data.data(), i.n});
  return {};
}
inline isa::Happened execute(const isa::Fence &, const Work &, const Kernels &) {
  return {};
}

/// Cycles in which an instruction takes a track, and when what it did is visible.
struct WorkTime {
  uint64_t begin, end, visible;
};

/// Writes what instruction `index` of a program does on a track.
inline void trace(TraceWriter &writer, const PreparedProgram &program, TraceWriter::Track track, uint32_t index,
                  const TraceWriter::Position &position, const WorkTime &when) {
  const PreparedInstr &instr = program.code[index];
  writer.slice({track, instr.engine, isa::mnemonicOf(*instr.instr), index, isa::kRoleNames[size_t(instr.role)],
                program.program.layer.node, program.program.name, position, when.begin, when.end, when.visible});
}

} // namespace rnn::sim
