//===- Steps.h - What the regions of a recurrence hold ----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"

#include "llvm/ADT/SetVector.h"

namespace rnn {

/// Elements of a vector; of a tensor, the size of its last dimension.
int64_t lastSize(mlir::Value value);

/// The scalar of a constant of floats whose elements are all the same.
std::optional<mlir::APFloat> splatOf(mlir::Value value);

/// Whether a type is one whose numbers every target can hold in memory: f32 or f16.
bool isStoredNumber(mlir::Type element);

/// Whether an operation of a step computes each element from the same element of its operands.
bool isElementwise(mlir::Operation &op);

/// Checks, with an error at the operation, what every back end asks of a recurrence (`docs/rnn/recurrence.md`): what it
/// accepts all of them compile with the same bits, unless it does not fit the machine, and what it refuses none does.
mlir::LogicalResult verifySteps(RecurrenceOp recurrence);

/// The order in which back ends run the operations of a region that `verifySteps` accepts.
///
/// The values of the region fall into stages: a stage is all products whose operands the stages before give, and then
/// all element-wise operations that need no further product, in groups of one length. Values that only their own group
/// reads need no place in memory.
class Staging {
public:
  /// The products `given` are computed before.
  explicit Staging(mlir::Block &region, const llvm::SetVector<mlir::Operation *> &given = {});

  /// Element-wise operations on vectors of one length, in the order of the region.
  struct Group {
    int64_t size;
    llvm::SmallVector<mlir::Operation *> ops;
  };
  struct Stage {
    llvm::SmallVector<ProductOp> products;
    /// In rising order of length.
    llvm::SmallVector<Group> groups;
  };
  llvm::ArrayRef<Stage> getStages() const { return stages; }
  /// The stage that gives a value; 0 for what the region takes.
  unsigned stageOf(mlir::Value value) const { return numbers.lookup(value); }
  /// Whether an element-wise operation gives the value, and something in the region reads it that is not of its group;
  /// the terminator aside.
  bool leavesGroup(mlir::Value value) const;

private:
  mlir::Block &region;
  llvm::SmallVector<Stage> stages;
  llvm::DenseMap<mlir::Value, unsigned> numbers;
};

/// What the region `project` of a recurrence can do for a whole tile of steps at once, and what is left to do step by
/// step, in the order of time.
class Projection {
public:
  explicit Projection(RecurrenceOp recurrence);

  /// The products of the window of inputs, or of a part of it, that add to nothing.
  const llvm::SetVector<mlir::Operation *> &getAhead() const { return ahead; }
  /// The element of the window at which a value begins, if it is the window or a part of it.
  std::optional<int64_t> offsetInWindow(mlir::Value value) const;
  /// Whether a value needs no step: a product that runs ahead or a part of the window.
  bool isAhead(mlir::Value value) const;
  /// Whether anything is left to do step by step.
  bool hasSteps() const { return steps; }

private:
  mlir::Value window;
  llvm::SetVector<mlir::Operation *> ahead;
  bool steps;
};

} // namespace rnn
