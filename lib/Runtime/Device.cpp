//===- Device.cpp - The simulated device of a session -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Device.h"

#include <algorithm>
#include <chrono>

namespace rnn::runtime {

Device::Device(std::shared_ptr<const Program> program, target::TargetModel model, const SessionOptions &session)
    : program(std::move(program)), model(std::move(model)) {
  if (session.maxCycles) {
    options.maxCycles = *session.maxCycles;
    options.maxInstructions = sim::kMostInstructions; // what the clocks hold; none takes less than a cycle
  }
  maxCyclesName = session.maxCyclesName;
  options.trace = session.trace;
  options.stop = session.stop;
  totals.resize(this->program->container().programs().size());
  runSteps.resize(totals.size());
}

void Device::beginRun() {
  fault = false;
  later = loaded;
  ++runTotals[later].runs;
  std::ranges::fill(runSteps, 0);
}

Result<void> Device::launch(int64_t number, std::span<const sim::ArgumentView> arguments) {
  const auto &programs = program->container().programs();
  if (number < 0 || uint64_t(number) >= programs.size())
    return program->errorAt("launch", "expected a program below " + std::to_string(programs.size()) + ", found " +
                                          std::to_string(number));
  if (!model.isDevice())
    return program->errorAt("launch", "target '" + model.name + "' has no device");
  // Whatever its loops count, a launch whose outputs have no elements does nothing.
  std::span<const isa::Argument> declared = programs[number].arguments;
  bool empty = declared.size() == arguments.size();
  for (size_t k = 0; k < arguments.size() && empty; ++k)
    empty = !declared[k].output || std::ranges::count(arguments[k].shape, 0);
  if (empty)
    return {};
  if (!simulator) {
    std::span<const std::byte> constants = program->container().constants();
    simulator.emplace(model, constants.first(program->metadata().deviceConstants.value_or(constants.size())));
  }
  auto begun = std::chrono::steady_clock::now();
  sim::RunResult result = simulator->run(programs[number], arguments, options);
  elapsed += std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  if (!result) {
    fault = true;
    loaded = false;
    const sim::Trap &trap = result.trap();
    bool limit = trap.cause == sim::TrapCause::CycleLimit ||
                 (trap.cause == sim::TrapCause::InstructionLimit && options.maxInstructions < sim::kMostInstructions);
    return program->errorAt(trap.node.empty() ? trap.program : trap.node,
                            trap.message +
                                (limit && !maxCyclesName.empty() ? "; " + maxCyclesName + " raises the limit" : ""));
  }
  loaded = true;
  runSteps[number] += result->steps;
  RunTotals &kind = runTotals[later];
  kind.cycles += result->cycles;
  kind.boundCycles += result->bounds[size_t(result->largestBound())];
  kind.dramBytes += result->bytesRead[size_t(isa::Memory::Dram)];
  kind.energy += result->energy.total();
  std::optional<sim::Statistics> &total = totals[number];
  if (total)
    *total += *result;
  else
    total = *result;
  return {};
}

void Device::reset() {
  if (simulator)
    simulator->reset();
  loaded = false;
}

void Device::resetStatistics() {
  runTotals = {};
  std::fill(totals.begin(), totals.end(), std::nullopt);
  elapsed = 0;
}

std::vector<const sim::Statistics *> Device::statistics() const {
  std::vector<const sim::Statistics *> launched;
  for (const auto &total : totals)
    if (total)
      launched.push_back(&*total);
  return launched;
}

} // namespace rnn::runtime
