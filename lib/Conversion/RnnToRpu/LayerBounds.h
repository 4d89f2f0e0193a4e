//===- LayerBounds.h - What bounds the time of a layer ----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"
#include "rnn-mlir/Dialect/Rpu/IR/Rpu.h"
#include "rnn-mlir/Target/TargetModel.h"

namespace rnn {

/// What a program brings to the tile and takes from it beside the recurrence itself.
struct LayerTraffic {
  /// Which results are wanted: y, then the final states.
  llvm::BitVector results;
  /// Vectors that the step reads, loaded once a launch.
  llvm::SmallVector<mlir::Value> vectors;
  /// Numbers of the arguments that tell the steps and the lengths; -1 where the lengths are no argument.
  int64_t stepsArgument, lengthsArgument;
};

/// What bounds the time of the layer on a target, whatever its schedule: nothing here depends on tiles or on where
/// weights are.
rpu::LayerAttr layerBounds(RecurrenceOp recurrence, llvm::StringRef node, const LayerTraffic &traffic,
                           const target::TargetModel &model);

} // namespace rnn
