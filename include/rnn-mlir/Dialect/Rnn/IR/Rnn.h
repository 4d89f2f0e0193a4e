//===- Rnn.h - The rnn dialect ----------------------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/TensorEncoding.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "rnn-mlir/Dialect/Rnn/IR/RnnDialect.h.inc"
#include "rnn-mlir/Dialect/Rnn/IR/RnnEnums.h.inc"

namespace rnn {
/// Rows of one panel of a weight of which the machine and host code make products.
inline constexpr int64_t kPanelRows = 16;

/// What a weight is stored as: `count` blocks of `bytes` bytes, one behind another, each of which serves `rows` rows,
/// the last one those that are left.
struct WeightBlocks {
  int64_t count, rows, bytes;
};

/// Whether tiles of a schedule can have so many steps: at least one, and one with the plain schedule.
inline bool isTimeTile(ScheduleKind schedule, int64_t steps) {
  return schedule == ScheduleKind::Plain ? steps == 1 : steps >= 1;
}
inline constexpr llvm::StringLiteral kTimeTileRule =
    "expects a time tile of at least 1, and of 1 with the plain schedule";

/// One product that a layer computes in each step.
struct LayerProduct {
  int64_t rows;
  /// Whether the vector depends on the state, not on the input alone.
  bool recurrent;
};

/// Whether two sizes can be equal at run time.
inline bool compatible(int64_t a, int64_t b) {
  return mlir::ShapedType::isDynamic(a) || mlir::ShapedType::isDynamic(b) || a == b;
}
} // namespace rnn

#include "rnn-mlir/Dialect/Rnn/IR/RnnEncodings.h.inc"

#define GET_ATTRDEF_CLASSES
#include "rnn-mlir/Dialect/Rnn/IR/RnnAttributes.h.inc"

#include "rnn-mlir/Dialect/Rnn/IR/RnnInterfaces.h.inc"

namespace rnn {
/// The encoding of a weight's type; null where it has none, or another than one of weights.
WeightEncoding weightEncoding(mlir::Type type);
/// The type of what is stored for a tensor: of one without an encoding of weights, its own.
mlir::RankedTensorType storedType(mlir::RankedTensorType type);
/// A weight as what is stored for it: a constant where it is one.
mlir::Value storedForm(mlir::OpBuilder &builder, mlir::Value weight);
} // namespace rnn

#define GET_OP_CLASSES
#include "rnn-mlir/Dialect/Rnn/IR/RnnOps.h.inc"
