//===- Steps.h - What the regions of a recurrence hold ----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"

namespace rnn {

/// Elements of a vector; of a tensor, the size of its last dimension.
int64_t lastSize(mlir::Value value);

/// The scalar of a constant of floats whose elements are all the same.
std::optional<mlir::APFloat> splatOf(mlir::Value value);

/// Whether an operation of a step computes each element from the same element of its operands.
bool isElementwise(mlir::Operation &op);

/// Checks, with an error at the operation, what every back end asks of a recurrence (`docs/rnn/recurrence.md`): what it
/// accepts all of them compile with the same bits, unless it does not fit the machine, and what it refuses none does.
mlir::LogicalResult verifySteps(RecurrenceOp recurrence);

} // namespace rnn
