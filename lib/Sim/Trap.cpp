//===- Trap.cpp - Names of faults -------------------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Sim/Trap.h"

namespace rnn::sim {

/// A row stands where its cause's number says.
static constexpr bool inOrder() {
  size_t number = 0;
  for (const TrapCauseRow &row : kTrapCauses)
    if (size_t(row.cause) != number++)
      return false;
  return size_t(TrapCause::OutputIncomplete) + 1 == number;
}
static_assert(inOrder(), "one row a cause, in the order of the causes");

std::string_view trapCauseName(TrapCause cause) {
  return kTrapCauses[size_t(cause)].name;
}

} // namespace rnn::sim
