//===- Simulator.cpp - Values, cycles, energy and hazards of a program -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Sim/Simulator.h"

#include "Machine.h"

namespace rnn::sim {

/// Programs kept ready; the oldest goes first.
constexpr size_t kMaxPrepared = 1024;

struct Simulator::Impl {
  Impl(const target::TargetModel &model, std::span<const std::byte> constants, const Kernels &kernels)
      : model(model), machine(this->model, constants, kernels) {}

  target::TargetModel model;
  Machine machine;
  std::vector<std::unique_ptr<PreparedProgram>> prepared;
  uint32_t programs = 0;

  /// Runs a program; a fault leaves the tile empty.
  RunResult run(PreparedProgram &program, std::span<const ArgumentView> arguments, const RunOptions &options) {
    RunResult result = machine.run(program, arguments, options);
    if (!result)
      reset();
    return result;
  }

  void reset() {
    machine.forget();
    for (const auto &each : prepared)
      each->isSetUp = false;
  }
};

Simulator::Simulator(const target::TargetModel &model, std::span<const std::byte> constants, const Kernels &kernels)
    : impl(std::make_unique<Impl>(model, constants, kernels)) {}
Simulator::~Simulator() = default;
Simulator::Simulator(Simulator &&) noexcept = default;
Simulator &Simulator::operator=(Simulator &&) noexcept = default;

RunResult Simulator::run(const isa::Program &program, std::span<const ArgumentView> arguments,
                         const RunOptions &options) {
  for (const auto &prepared : impl->prepared)
    if (prepared->program == program)
      return impl->run(*prepared, arguments, options);
  auto prepared = prepare(program);
  if (Trap *trap = std::get_if<Trap>(&prepared))
    return std::move(*trap);
  if (impl->prepared.size() == kMaxPrepared)
    impl->prepared.erase(impl->prepared.begin());
  impl->prepared.push_back(std::move(std::get<0>(prepared)));
  impl->prepared.back()->number = ++impl->programs;
  return impl->run(*impl->prepared.back(), arguments, options);
}

void Simulator::reset() {
  impl->reset();
}

} // namespace rnn::sim
