//===- Verify.h - What several verifiers ask for ----------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"

namespace rnn {

/// The inputs before the first of `x`, where given: `[window - 1, B, I]`. The error has the number of `constraint`.
mlir::LogicalResult verifyHistory(mlir::Operation *op, uint64_t window, mlir::Value history, mlir::RankedTensorType x,
                                  llvm::StringRef constraint);

/// Whether so many sequences can take their steps together in tiles of `steps` steps, of which there can be so many:
/// the bytes of a tile of vectors fit 63 bits with room for their sums.
inline bool isBatchTile(int64_t steps, int64_t sequences) {
  return sequences >= 1 && sequences <= kMostTimeTile / steps;
}
inline constexpr llvm::StringLiteral kBatchTileRule =
    "expects a batch tile of 1 or more, of up to 2^30 steps of all its sequences in a time tile";

} // namespace rnn
