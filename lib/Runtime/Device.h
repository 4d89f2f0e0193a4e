//===- Device.h - The simulated device of a session -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Runtime/Session.h"
#include "rnn-mlir/Sim/Simulator.h"

#include <optional>

namespace rnn::runtime {

/// What runs of one kind took and cost on the device.
struct RunTotals {
  uint64_t runs = 0, cycles = 0, boundCycles = 0, dramBytes = 0;
  /// J.
  double energy = 0;
};

/// Runs device programs and adds up what they took.
class Device {
public:
  Device(std::shared_ptr<const Program> program, target::TargetModel model, const SessionOptions &options);

  /// Runs a program; the error is located at its layer.
  Result<void> launch(int64_t program, std::span<const sim::ArgumentView> arguments);
  /// What follows is a run of its own for `trapped`, `steps` and the totals.
  void beginRun();
  /// Empties the tile: the next run is a first one.
  void reset();
  /// Of the runs since the reset of the statistics, those that began with an empty tile, and the others.
  const RunTotals &firstRuns() const { return runTotals[0]; }
  const RunTotals &laterRuns() const { return runTotals[1]; }
  /// Whether a launch of the run trapped.
  bool trapped() const { return fault; }
  /// Steps of the program that took most in the run, in launches that ended.
  uint64_t steps() const { return runSteps.empty() ? 0 : std::ranges::max(runSteps); }
  /// Seconds of wall time spent in launches.
  double simulationTime() const { return elapsed; }

  const target::TargetModel &target() const { return model; }
  void setTrace(sim::TraceWriter *trace) { options.trace = trace; }
  void resetStatistics();
  /// One for each program that was launched since the reset, in the order of the programs.
  std::vector<const sim::Statistics *> statistics() const;

private:
  std::shared_ptr<const Program> program;
  target::TargetModel model;
  sim::RunOptions options;
  std::optional<sim::Simulator> simulator;
  std::vector<std::optional<sim::Statistics>> totals;
  /// By program, of one run.
  std::vector<uint64_t> runSteps;
  double elapsed = 0;
  /// First and later runs; which of them the run at hand is; and whether a launch left something on the tile.
  std::array<RunTotals, 2> runTotals;
  bool later = false, loaded = false;
  /// What sets the limit of cycles, for messages.
  std::string maxCyclesName;
  bool fault = false;
};

} // namespace rnn::runtime
