//===- Faults.h - What went wrong, in words -------------------------- -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "Memory.h"
#include "Prepare.h"
#include "Tile.h"

namespace rnn::sim {

/// The fault of a run, if there is one. What reports a fault returns false.
class Faults {
public:
  explicit Faults(const Dram &dram) : dram(dram) {}

  void reset(const PreparedProgram &of) {
    program = &of;
    trap.reset();
  }
  Trap take() { return std::move(*trap); }

  bool fault(TrapCause cause, const std::string &text, std::optional<uint32_t> instr = std::nullopt);
  bool faultAt(TrapCause cause, const std::string &text, uint32_t instr, isa::Memory memory, uint64_t address);
  bool cycleLimit(uint64_t most, uint32_t instr);
  bool hazard(const Hazard &hazard, uint32_t instr, isa::Memory memory, uint64_t address, bool write);
  /// Every engine of a tile waits.
  bool deadlock(const Tile &tile);

private:
  std::string describe(uint32_t instr) const;
  std::string describe(isa::Memory memory, uint64_t address) const;

  const Dram &dram;
  const PreparedProgram *program = nullptr;
  std::optional<Trap> trap;
};

} // namespace rnn::sim
