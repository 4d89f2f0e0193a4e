//===- LayerPlan.h - Which weights stay on the tile -------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"
#include "rnn-mlir/Target/TargetModel.h"

namespace rnn {

/// How a product's weight reaches the weight memory.
struct WeightPlan {
  /// Panels of 16 rows, and bytes of one.
  int64_t panels = 0, panelBytes = 0;
  /// Panels that one copy brings; all of them where the weight is resident.
  int64_t panelsPerCopy = 0;
  bool resident() const { return panelsPerCopy == panels; }
  int64_t copies() const { return (panels + panelsPerCopy - 1) / panelsPerCopy; }
  /// Bytes of weight memory: the weight, or a ring of two copies.
  int64_t bytes() const { return panelBytes * (resident() ? panels : 2 * panelsPerCopy); }
};

/// By product.
using WeightPlans = llvm::DenseMap<mlir::Operation *, WeightPlan>;

/// Plans the weights of a recurrence by the capacity of the target's weight memory. What stays: everything, if that
/// fits; otherwise the weights of `step`, which are needed at every time step; otherwise nothing. What is not resident
/// has a ring of two copies of one panel, and the remaining room is shared equally. Emits an error at the recurrence
/// where not even two panels of each fit.
mlir::FailureOr<WeightPlans> planWeights(RecurrenceOp recurrence, const target::TargetModel &model);

} // namespace rnn
