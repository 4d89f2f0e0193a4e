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

} // namespace rnn
