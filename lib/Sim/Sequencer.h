//===- Sequencer.h - Loops, scalars, addresses, queues --------------- -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "Instructions.h"
#include "Memory.h"
#include "Prepare.h"

#include "rnn-mlir/Isa/Scalar.h"
#include "rnn-mlir/Sim/Simulator.h"

namespace rnn::sim {

struct EngineState;
class Faults;

/// Reads a tile's instruction stream and runs ahead of the engines as far as their queues let it.
class Sequencer {
public:
  Sequencer(const target::TargetModel &model, Dram &dram, std::array<EngineState, isa::kEngineCount> &engines,
            Faults &faults)
      : model(model), dram(dram), engines(engines), faults(faults) {}

  void reset(PreparedProgram &of, const RunOptions &runOptions);
  void setRegister(unsigned number, int64_t value) { registers[number] = value; }

  /// Goes on until the program halts or a queue is full.
  bool run();
  /// An instruction of an engine has left its queue at `time`.
  void roomIn(isa::Engine engine, uint64_t time);

  bool halted() const { return isHalted; }
  /// The engine whose full queue holds it up, or seq.
  isa::Engine blockedOn() const { return blocking; }
  /// Cycles so far, and of them those held up by full queues and by fetches.
  uint64_t time() const { return now; }
  uint64_t blocked() const { return blockedCycles; }
  uint64_t fetched() const { return fetchedCycles; }

private:
  struct Loop {
    uint64_t index, count;
    isa::Role role;
  };

  bool enqueue(const PreparedInstr &instr);
  bool execute(PreparedInstr &instr);
  uint64_t resolve(const Operand &operand) const;
  TraceWriter::Position position() const;
  bool resolveSizes(const PreparedInstr &instr, std::array<uint64_t, target::kMostSizes> &sizes);
  bool step(const isa::Halt &, const PreparedInstr &);
  bool step(const isa::Begin &, const PreparedInstr &);
  bool step(const isa::End &, const PreparedInstr &);
  bool step(const isa::Set &, const PreparedInstr &);
  template <isa::Scalar I> bool step(const I &, const PreparedInstr &);
  bool step(const isa::Index &, const PreparedInstr &);
  bool step(const isa::Fetch &, const PreparedInstr &);

  const target::TargetModel &model;
  Dram &dram;
  std::array<EngineState, isa::kEngineCount> &engines;
  Faults &faults;

  PreparedProgram *program = nullptr;
  RunOptions options;
  std::array<int64_t, isa::kRegisters> registers{};
  std::array<Loop, isa::kLoopLevels> loops{};
  unsigned depth = 0;
  uint32_t pc = 0;
  uint64_t issued = 0, now = 0, blockedCycles = 0, fetchedCycles = 0;
  /// By engine, what had held the sequencer up by the engine's last instruction.
  struct HeldUp {
    uint64_t blocked = 0, fetched = 0;
  };
  std::array<HeldUp, isa::kEngineCount> before{};
  /// Steps of the tiles before and of the last one that began, of the sequence at hand.
  uint64_t stepsBefore = 0, stepsOfTile = 0;
  bool isHalted = false;
  isa::Engine blocking = isa::Engine::Seq;
};

} // namespace rnn::sim
