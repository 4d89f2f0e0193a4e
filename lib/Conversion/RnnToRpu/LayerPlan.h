//===- LayerPlan.h - Which weights stay on the tile -------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"
#include "rnn-mlir/Target/TargetModel.h"

namespace rnn {

/// How a weight reaches the weight memory.
struct WeightPlan {
  /// What is stored for it.
  WeightBlocks blocks;
  /// Blocks that one copy brings; all of them where the weight is resident.
  int64_t blocksPerCopy = 0;

  bool resident() const { return blocksPerCopy == blocks.count; }
  int64_t copies() const { return (blocks.count + blocksPerCopy - 1) / blocksPerCopy; }
  /// Bytes of weight memory: the weight, or a ring of two copies.
  int64_t bytes() const { return blocks.bytes * (resident() ? blocks.count : 2 * blocksPerCopy); }
};

/// Plans the weights of a layer's `project` and `step` for a weight memory of `capacity` bytes; the plans are in the
/// order of the weights. What stays: everything, if that fits; otherwise the weights of `step`, which are needed at
/// every time step; otherwise nothing. What is not resident has a ring of two copies of one block, and the remaining
/// room is shared equally; a weight of more than one block never has a copy that holds it all. None where not even two
/// blocks of each fit.
std::optional<std::vector<WeightPlan>> planWeights(llvm::ArrayRef<WeightBlocks> project,
                                                   llvm::ArrayRef<WeightBlocks> step, uint64_t capacity);

/// By product.
using WeightPlans = llvm::DenseMap<mlir::Operation *, WeightPlan>;

/// Plans the weights of a recurrence, which have encodings, for the weight memory of a target. Emits an error at the
/// recurrence where they do not fit.
mlir::FailureOr<WeightPlans> planWeights(RecurrenceOp recurrence, const target::TargetModel &model);

} // namespace rnn
