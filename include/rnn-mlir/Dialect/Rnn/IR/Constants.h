//===- Constants.h - Large constants without copies -------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/AsmState.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

#include <optional>
#include <vector>

namespace rnn {

/// The elements of a constant tensor, where they are; of a weight with an encoding, those that are stored.
struct ConstantData {
  /// Of a weight with an encoding, the type of what is stored.
  mlir::RankedTensorType type;
  /// The elements in row-major order; a single one if `splat`.
  llvm::ArrayRef<char> bytes;
  bool splat;
};

/// The elements of a dense or dense_resource attribute of a type whose elements
/// are whole bytes; none for anything else or a resource of the wrong size.
std::optional<ConstantData> constantData(mlir::Attribute attribute);
/// The same for a value that a constant defines.
std::optional<ConstantData> constantData(mlir::Value value);

/// The bytes of all elements, also of a splat; the greatest number where that overflows.
uint64_t expandedSize(const ConstantData &data);

/// The largest splat that is expanded: that of the largest model file.
inline constexpr uint64_t kLargestSplatBytes = uint64_t(1) << 31;

/// The elements of a splat one by one; none where these are more than `kLargestSplatBytes`.
std::optional<std::vector<char>> expandSplat(const ConstantData &data);

/// A constant of `type` over `blob`: a resource, or a dense attribute where it is
/// small. The blob holds exactly the elements of `type`.
mlir::ElementsAttr makeConstant(mlir::RankedTensorType type, llvm::StringRef name, mlir::AsmResourceBlob blob);

/// A constant of `type`, which has an encoding of weights, over a blob of what is stored for it.
mlir::ElementsAttr makeEncodedConstant(mlir::RankedTensorType type, llvm::StringRef name, mlir::AsmResourceBlob blob);

/// The constant as one of `type`, for which the same is stored; null where `constant` is none that `constantData`
/// reads.
mlir::Attribute reinterpretConstant(mlir::Attribute constant, mlir::RankedTensorType type);

/// `count` rows of `value` from row `begin` on, along the first dimension; with
/// `dropLeading` (`count` is 1) that dimension is dropped. A constant gives a
/// constant over the same bytes; anything else a tensor.extract_slice.
mlir::Value sliceRows(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value, int64_t begin, int64_t count,
                      bool dropLeading = false);

/// The sum of two tensors of one type: folded where both are constants of f32 or f16,
/// arith.addf otherwise.
mlir::Value addTensors(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value lhs, mlir::Value rhs);

/// What became of the numbers of a constant that was rounded.
struct ConstantRounding {
  /// Of finite numbers that the format holds.
  double largestError = 0, largest = 0;
  /// The first finite number that became infinite.
  std::optional<double> lost;
};

/// The f32 of a constant rounded to f16, to nearest, ties to even. `rounding` is that of those before and of these.
mlir::Value roundConstant(mlir::OpBuilder &builder, mlir::Location loc, const ConstantData &data,
                          ConstantRounding &rounding);

/// A constant of `type`, a float or a tensor or vector of floats: each element is `value`, rounded to nearest.
mlir::Value floatConstant(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type, const llvm::APFloat &value);

/// Frees the resource that owns `bytes` if no attribute in `root` reads it any
/// more, wherever its other parts are used. `root` is the only user of the
/// context's resources.
void releaseUnusedResource(mlir::Operation *root, llvm::ArrayRef<char> bytes);

} // namespace rnn
