//===- Rnn.h - The rnn dialect ----------------------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Support/Choices.h"

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

/// The largest size of a vector and of a dimension of a weight. A tile of vectors has 2^30 steps of its sequences at
/// most, so it and a weight have at most 2^54 elements, and no sum of their bytes overflows.
inline constexpr int64_t kLargestSize = int64_t(1) << 24;

/// Whether a vector can have so many elements, a weight so many rows or columns.
inline bool isSize(int64_t size) {
  return size >= 1 && size <= kLargestSize;
}
inline constexpr llvm::StringLiteral kSizeRule = "expects sizes of 1 to 2^24";

/// Whether a step can see so many input vectors of a size.
inline bool isWindow(uint64_t inputs, int64_t size) {
  return inputs >= 1 && inputs <= static_cast<uint64_t>(kLargestSize) &&
         static_cast<int64_t>(inputs) * size <= kLargestSize;
}
inline constexpr llvm::StringLiteral kWindowRule =
    "expects a window of 1 or more inputs, of up to 2^24 elements together";

/// Whether tiles of a schedule can have so many steps: one with the plain schedule.
inline bool isTimeTile(ScheduleKind schedule, int64_t steps) {
  return schedule == ScheduleKind::Plain ? steps == 1 : (steps >= 1 && steps <= kMostTimeTile);
}
inline constexpr llvm::StringLiteral kTimeTileRule =
    "expects a time tile of 1 to 2^30, and of 1 with the plain schedule";

/// What a step computes with where its values have elements of `element`: f32 for f16, else the type itself.
inline mlir::Type computeType(mlir::Type element) {
  return element.isF16() ? mlir::Float32Type::get(element.getContext()) : element;
}

/// What the vector of a layer's product is made of.
enum class ProductVector { Input, State, StepValue };

/// One product that a layer computes in each step.
struct LayerProduct {
  /// Its name among the products of the layer.
  llvm::StringLiteral role;
  /// The operand that holds its weight, and the rows of it.
  mlir::Value weight;
  int64_t firstRow, rows;
  ProductVector vector;
  /// Whether the vector depends on the state, not on the input alone.
  bool recurrent() const { return vector != ProductVector::Input; }
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
