//===- LayerPlan.h - Which weights stay on the tile -------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"
#include "rnn-mlir/Target/TargetModel.h"

#include "llvm/ADT/MapVector.h"

namespace rnn {

/// How a weight reaches the weight memory: its first blocks stay there, the others pass through a ring of two copies.
struct WeightPlan {
  /// What is stored for it.
  WeightBlocks blocks;
  /// Blocks that stay, and those that one copy of the others brings; 0 where all stay.
  int64_t staying = 0, perCopy = 0;

  bool resident() const { return staying == blocks.count; }
  int64_t streamed() const { return blocks.count - staying; }
  int64_t copies() const { return resident() ? 0 : (streamed() + perCopy - 1) / perCopy; }
  /// Bytes of weight memory.
  int64_t bytes() const { return blocks.bytes * (staying + 2 * perCopy); }
};

/// Plans the weights of a layer's `project` and `step` for a weight memory of `capacity` bytes; the plans are in the
/// order of the weights. The weights of `step`, which are needed at every time step, stay first, as far as there is
/// room beside a ring for each weight that does not stay whole. A copy brings `copyBytes` or the next whole block, or
/// less, so that no ring takes more than half of a weight's share of the memory, but a block at least. In a cache
/// either all stay, or none. None where not even two blocks of each fit.
std::optional<std::vector<WeightPlan>> planWeights(llvm::ArrayRef<WeightBlocks> project,
                                                   llvm::ArrayRef<WeightBlocks> step, uint64_t capacity,
                                                   uint64_t copyBytes,
                                                   target::MemoryKind kind = target::MemoryKind::Scratchpad);

/// By weight, however many products have it.
using WeightPlans = llvm::MapVector<mlir::Value, WeightPlan>;

/// Plans the weights of a recurrence, which have encodings, for the weight memory of a target. Emits an error at the
/// recurrence where they do not fit. A weight of several products is one of the step's where one of them is.
mlir::FailureOr<WeightPlans> planWeights(RecurrenceOp recurrence, const target::TargetModel &model);

} // namespace rnn
