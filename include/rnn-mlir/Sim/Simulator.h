//===- Simulator.h - Values, cycles, energy and hazards of a program -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Isa/Program.h"
#include "rnn-mlir/Sim/Kernels.h"
#include "rnn-mlir/Sim/Limits.h"
#include "rnn-mlir/Sim/Statistics.h"
#include "rnn-mlir/Sim/Trap.h"
#include "rnn-mlir/Target/TargetModel.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <variant>

namespace rnn::sim {

class TraceWriter;

/// An argument of a launch: contiguous, row-major. Inputs are not written.
struct ArgumentView {
  void *data = nullptr;
  std::span<const int64_t> shape;
};

struct RunOptions {
  /// Instructions are at most `kMostInstructions`.
  uint64_t maxCycles = kDefaultMaxCycles, maxInstructions = kDefaultMaxInstructions;
  /// Intervals of bytes whose accesses are told apart, in all memories together; each takes about 100 bytes.
  uint64_t maxIntervals = 1 << 24;
  TraceWriter *trace = nullptr;
  /// Asked at the start and now and then, on the thread of the run: true ends it with a fault. May be empty.
  std::function<bool()> stop;
};

/// The statistics of a launch, or its fault.
class RunResult {
public:
  RunResult(Statistics statistics) : state(std::move(statistics)) {}
  RunResult(Trap trap) : state(std::move(trap)) {}
  explicit operator bool() const { return state.index() == 0; }
  const Statistics &operator*() const { return *std::get_if<Statistics>(&state); }
  const Statistics *operator->() const { return std::get_if<Statistics>(&state); }
  const Trap &trap() const { return *std::get_if<Trap>(&state); }

private:
  std::variant<Statistics, Trap> state;
};

/// A machine with its memories. It owns everything a run touches beside the arguments and the constants, which must
/// outlive it; two runs of a program, and two simulators in a process, give the same result. A program is prepared when
/// it is first run, and remembered. Not for use by two threads at once.
class Simulator {
public:
  Simulator(const target::TargetModel &model, std::span<const std::byte> constants,
            const Kernels &kernels = availableKernels().front());
  ~Simulator();
  Simulator(Simulator &&) noexcept;
  Simulator &operator=(Simulator &&) noexcept;

  /// Runs a program: from its start where it is the first launch of the session, and where it is a later one from
  /// behind the set-up part. Memories of the tile hold what set-up parts wrote and nothing else has written since;
  /// everything of the launches before happens before. After a fault the tile is empty, as after `reset`.
  RunResult run(const isa::Program &program, std::span<const ArgumentView> arguments, const RunOptions &options = {});
  /// Empties the tile: a new session begins.
  void reset();

private:
  struct Impl;
  std::unique_ptr<Impl> impl;
};

} // namespace rnn::sim
