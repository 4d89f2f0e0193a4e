//===- Prepare.h - A program made ready to run ------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Isa/Program.h"
#include "rnn-mlir/Sim/Trap.h"
#include "rnn-mlir/Target/Cost.h"

#include <memory>
#include <span>
#include <variant>
#include <vector>

namespace rnn::sim {

/// An operand in memory, with only those strides that count.
struct Operand {
  struct Term {
    uint8_t level, reg;
  };
  isa::Memory memory;
  uint8_t base;
  uint32_t offset;
  std::array<Term, isa::kLoopLevels> terms;
  uint8_t termCount = 0;
  uint8_t ringLevel = 0, ringDepth = 0;
  bool pitchIsReg = false;
  int32_t pitch = 0;
};

/// An instruction with its operands and sizes in the order of its record, and what the run accumulates for it.
struct PreparedInstr {
  const isa::Instr *instr;
  isa::Engine engine;
  isa::Role role;
  std::span<const Operand> operands;
  std::array<isa::RegOrImm, target::kMostSizes> sizes;
  uint8_t sizeCount = 0;
  /// The operand whose rows DRAM moves, or -1.
  int8_t dramOperand = -1;
  /// Of `begin`, the instruction after its `end`; of `end`, the one after its `begin`.
  uint32_t target = 0;
  /// Of `begin` and `end`, the role of the loop; and whether it is one over steps that holds a step's recurrence.
  isa::Role loop = isa::Role::Control;
  bool recurs = false;
  isa::Sync sync;
  /// The semaphores it waits for and posts, one bit each.
  uint64_t waitMask = 0, postMask = 0;

  /// Executions in this run, and those of them not yet counted, which had the known sizes and did what `happened`.
  uint64_t executions = 0, pending = 0;
  target::Sizes knownSizes;
  isa::Happened happened;
  bool known = false;
  target::Cost cost;
  std::vector<isa::Region> regions;
  bool writes = false;
};

/// A program made ready for one target.
struct PreparedProgram {
  isa::Program program;
  std::vector<isa::Instr> instrs;
  std::vector<Operand> operands;
  std::vector<PreparedInstr> code;
  size_t maxOperands = 0;
  /// Counts of the semaphores at the start of a launch behind the set-up part: all that it posts and waits for is done.
  std::array<uint16_t, isa::kSemaphores> laterSemaphores{};
  /// Of all that the simulator prepared, from 1 on; and whether what the set-up part wrote is on the tile.
  uint32_t number = 0;
  bool isSetUp = false;
};

/// Instruction `index`, for messages: its number, what it is, and whose.
std::string describe(uint32_t index, const isa::Instr &instr);

/// A fault of a program; with an instruction, at that one.
Trap makeTrap(TrapCause cause, const std::string &text, const PreparedProgram &program,
              std::optional<uint32_t> index = std::nullopt);

/// Decodes a program and checks what does not depend on a run: loops, levels, operands' memories, lane registers.
/// Places and instructions refer into the result, which must not be copied.
std::variant<std::unique_ptr<PreparedProgram>, Trap> prepare(const isa::Program &program);

} // namespace rnn::sim
