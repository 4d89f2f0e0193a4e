//===- Limits.h - Limits of a launch ----------------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>

namespace rnn::sim {

/// Cycles and instructions after which a launch is a fault where its user sets no limit. 100,000 steps of an LSTM of
/// 1024 units that reads its 33 MB of weights again in every step, at 16 bytes a cycle, are a fifth of the cycles. The
/// instructions bound what loops of short ones take of the user's time; a layer issues some 40 for a step.
inline constexpr uint64_t kDefaultMaxCycles = 1'000'000'000'000, kDefaultMaxInstructions = 1 << 30;

} // namespace rnn::sim
