//===- Trap.cpp - Names of faults -------------------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Sim/Trap.h"

#include <array>

namespace rnn::sim {

std::string_view trapCauseName(TrapCause cause) {
  static constexpr std::array<std::string_view, 18> names = {"race",
                                                             "uninitialised read",
                                                             "address out of range",
                                                             "misaligned address",
                                                             "overlapping operands",
                                                             "write to protected memory",
                                                             "semaphore overflow",
                                                             "deadlock",
                                                             "division by zero",
                                                             "cycle limit",
                                                             "instruction limit",
                                                             "interval limit",
                                                             "bad loop nesting",
                                                             "invalid operand",
                                                             "invalid program",
                                                             "argument mismatch",
                                                             "stopped",
                                                             "incomplete output"};
  return names[size_t(cause)];
}

} // namespace rnn::sim
