//===- Chain.h - The chain of a recurrence ----------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Isa/Program.h"
#include "rnn-mlir/Target/TargetModel.h"

#include <span>

namespace rnn::target {

/// Cycles of the chain of a recurrence. A sequence of L > 0 steps takes no less than L × `perStep` + `once`.
struct Chain {
  /// From state to state.
  uint64_t perStep = 0;
  /// Before the first step's and after the last one's: inputs come and are multiplied, results leave.
  uint64_t once = 0;
  bool operator==(const Chain &) const = default;
};

/// The chain of a program, of which each instruction counts as executed once, with sizes from registers of 1.
///
/// From state to state it is the longest chain of reads after writes of the instructions of role `recur` that begins at
/// a read of what the step before wrote, and ends at that write; accesses with different strides count as independent.
/// Beside it are the longest chains of all instructions but those of weights that lead to its first instruction and
/// away from it, where all loops are at their first iteration. The result is a lower bound.
Chain chainOf(std::span<const isa::Instr> instrs, std::span<const isa::Role> roles, const TargetModel &model);

} // namespace rnn::target
