//===- ShapeChecks.h - Shapes against the node's sizes ----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Conversion/OnnxToRnn/RecurrentNode.h"

namespace rnn {

/// Refuses numbers out of bounds, which the records of the operators do not have. All are reported.
mlir::LogicalResult checkBounds(mlir::Location loc, const RecurrentAttributes &attributes);

/// The sizes of a recurrent node. Steps and batch may be dynamic.
struct RecurrentSizes {
  int64_t directions, gates, hidden, input, steps, batch;
};

/// Finds the sizes from all inputs and the attributes that are known, and refuses, at `node`, types and static shapes
/// that contradict each other. All refusals are reported. Sizes that nothing says are dynamic; hidden and input size
/// are static after success with all inputs.
mlir::LogicalResult inferSizes(onnx::NodeOp node, const Cell &cell, const RecurrentAttributes &attributes,
                               const RecurrentInputs &inputs, RecurrentSizes &sizes);

/// Requires at run time what is not known at compile time of the shapes of
/// `inputs`, and gives them the types that follow.
void requireSizes(mlir::OpBuilder &builder, mlir::Location loc, const RecurrentAttributes &attributes,
                  const RecurrentSizes &sizes, RecurrentInputs &inputs);

/// Refuses constant lengths that are not from `least` to the number of steps, as far as that is static.
mlir::LogicalResult checkLengths(mlir::Location loc, const RecurrentSizes &sizes, int32_t least,
                                 const RecurrentInputs &inputs);

/// Requires at run time what `checkLengths` cannot check. Drops lengths that say no
/// more than the number of steps.
void requireLengths(mlir::OpBuilder &builder, mlir::Location loc, const RecurrentAttributes &attributes,
                    const RecurrentSizes &sizes, int32_t least, RecurrentInputs &inputs);

} // namespace rnn
