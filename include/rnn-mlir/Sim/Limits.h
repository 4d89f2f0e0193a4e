//===- Limits.h - Limits of a launch ----------------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>

namespace rnn::sim {

/// Cycles after which a launch is a fault. 100,000 steps of an LSTM of 1024 units that reads its 33 MB of weights again
/// in every step, at 16 bytes a cycle, are a fifth of them; a program without end reaches them, as every instruction
/// takes a cycle or more.
inline constexpr uint64_t kDefaultMaxCycles = 1'000'000'000'000;

} // namespace rnn::sim
