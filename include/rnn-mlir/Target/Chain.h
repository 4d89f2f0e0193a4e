//===- Chain.h - The chain of a recurrence ----------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Isa/Program.h"
#include "rnn-mlir/Target/TargetModel.h"

#include <span>

namespace rnn::target {

/// Cycles from state to state of the recurrence that a program's instructions of role `recur` make, each executed once:
/// the longest chain of reads after writes that begins at a read of what the step before wrote, and ends at that write.
/// Accesses with different strides count as independent, sizes from registers as free: the result is a lower bound.
uint64_t chainCycles(std::span<const isa::Instr> instrs, std::span<const isa::Role> roles, const TargetModel &model);

} // namespace rnn::target
