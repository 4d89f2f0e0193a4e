//===- Scalar.h - What scalar instructions compute --------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// Shared by the simulator and by the compiler, which follows the sequencer on paper.
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Isa/Isa.h"

#include <algorithm>

namespace rnn::isa {

/// rd of an instruction with the sources `ra` and `rb`; what does not fit wraps.
inline int64_t scalar(const Add &, int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}
inline int64_t scalar(const Sub &, int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
}
inline int64_t scalar(const Mul &, int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
}
/// `b` is not 0.
inline int64_t scalar(const Div &, int64_t a, int64_t b) {
  // The one quotient that does not fit is of -1.
  if (b == -1)
    return scalar(Sub(), 0, a);
  return a / b - (a % b != 0 && (a < 0) != (b < 0));
}
inline int64_t scalar(const Min &, int64_t a, int64_t b) {
  return std::min(a, b);
}
inline int64_t scalar(const Max &, int64_t a, int64_t b) {
  return std::max(a, b);
}

/// An instruction that has its `scalar`.
template <class I>
concept Scalar = requires(const I &instr) { scalar(instr, int64_t(), int64_t()); };

} // namespace rnn::isa
