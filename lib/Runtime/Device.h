//===- Device.h - The simulated device of a session -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Runtime/Session.h"
#include "rnn-mlir/Sim/Simulator.h"

#include <optional>

namespace rnn::runtime {

/// Runs device programs and adds up what they took.
class Device {
public:
  Device(std::shared_ptr<const Program> program, target::TargetModel model, const SessionOptions &options);

  /// Runs a program; the error is located at its layer.
  Result<void> launch(int64_t program, std::span<const sim::ArgumentView> arguments);
  /// What follows is a run of its own for `trapped` and `steps`.
  void beginRun();
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
  /// What sets the limit of cycles, for messages.
  std::string maxCyclesName;
  bool fault = false;
};

} // namespace rnn::runtime
