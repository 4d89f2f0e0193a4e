//===- Account.h - Where the cycles and the energy of a run went ----- -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "Prepare.h"

#include "rnn-mlir/Sim/Simulator.h"

namespace rnn::sim {

class Tile;

/// Times of an engine: when it can begin its next instruction, when all it did is visible, and when it did nothing.
struct EngineLine {
  struct Gap {
    uint64_t begin, end;
    Cause cause;
  };
  uint64_t free = 0, visible = 0;
  /// The latest times it did nothing, a ring that grows while `explain` may still ask for its oldest.
  std::vector<Gap> gaps = std::vector<Gap>(64);
  uint64_t gapCount = 0;

  void reset() { free = visible = gapCount = 0; }
  /// It did nothing in [from, to); nobody will ask for what was before `settled`.
  void idle(uint64_t from, uint64_t to, Cause cause, uint64_t settled);
  /// Explains [from, to) of a resource by what the engine whose instruction ends it did: its gaps by their causes, the
  /// rest is other work.
  void explain(uint64_t from, uint64_t to, TimeLine &line) const;
};

/// The DRAM channel, which serves one transfer at a time.
struct Channel {
  uint64_t free = 0;
};

/// What one run takes and costs: time lines that add up, events and energy.
class Account {
public:
  explicit Account(const target::TargetModel &model) : model(model) {}

  void reset();

  /// An instruction starts at `begin`, which `cause` kept it from until then, and takes `instr.cost`: the engine and
  /// the channel are taken, and their times say until when.
  void start(const PreparedInstr &instr, uint64_t begin, Cause cause, EngineLine &engine, Channel &channel);
  /// Weights came again.
  void reloaded(uint64_t cycles) { result.reloaded += cycles; }
  /// Adds the executions since the last call.
  void count(PreparedInstr &instr);
  /// Closes the time lines: every one ends with the run.
  Statistics close(PreparedProgram &program, std::span<const ArgumentView> arguments, const Tile &tile,
                   const Channel &channel);

private:
  const target::TargetModel &model;
  uint64_t recurrenceEnd = 0;
  Statistics result;
};

} // namespace rnn::sim
