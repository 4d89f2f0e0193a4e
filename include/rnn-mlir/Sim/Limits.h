//===- Limits.h - Limits of a launch ----------------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>

namespace rnn::sim {

/// Cycles and instructions after which a launch is a fault where its user sets no limit: more than long real work takes
/// on `generic`, and not much more, as a program that never ends takes the user's time up to there.
///
/// Cycles: 100,000 steps of an LSTM of 1024 inputs and units, whose 33.5 MB of weights do not fit the tile. With the
/// plain schedule all of them are read again in every step, at 16 bytes a cycle 2.1 million cycles, 2.1 x 10^11 in all;
/// with the mwl schedule those of the state, 1.2 x 10^11. A day of audio at 16 kHz in the voice detection Silero VAD, a
/// step for 512 samples, is 2.7 million steps of 1100 cycles, 3 x 10^9.
///
/// Instructions bound what loops of short ones take. That LSTM issues 207 for a step, 2.1 x 10^7 in all; the LSTM of
/// Silero VAD, which fits the tile, 3.3 for a step, 9 x 10^6 for the day.
inline constexpr uint64_t kDefaultMaxCycles = 300'000'000'000, kDefaultMaxInstructions = 1 << 28;

/// The most instructions that a launch may be allowed: the clocks that order its accesses (lib/Sim/Hazards.h) count an
/// engine's instructions in 32 bits.
inline constexpr uint64_t kMostInstructions = UINT32_MAX;

} // namespace rnn::sim
