//===- Sizes.cpp - Sizes that may be known, and constants -------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "OnnxLowering.h"

#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"

#include "mlir/IR/Matchers.h"

#include <cstring>

using namespace mlir;

namespace rnn::onnx {

/// The size in `dim` that the array of `value` was given where it was made; null where that is not at hand.
static OpFoldResult givenSize(Value value, int64_t dim) {
  while (auto op = value.getDefiningOp<DestinationStyleOpInterface>())
    value = op.getTiedOpOperand(cast<OpResult>(value))->get();
  if (auto empty = value.getDefiningOp<tensor::EmptyOp>())
    return empty.getMixedSizes()[dim];
  auto reshape = value.getDefiningOp<tensor::ReshapeOp>();
  auto shape = reshape ? reshape.getShape().getDefiningOp<tensor::FromElementsOp>() : tensor::FromElementsOp();
  return shape ? OpFoldResult(shape.getElements()[dim]) : OpFoldResult();
}

OpFoldResult sizeOf(OpBuilder &builder, Location loc, Value value, int64_t dim) {
  if (cast<RankedTensorType>(value.getType()).isDynamicDim(dim))
    if (OpFoldResult size = givenSize(value, dim); size && !isComputed(size))
      return size;
  return tensor::getMixedSize(builder, loc, value, dim);
}

SmallVector<OpFoldResult> sizesOf(OpBuilder &builder, Location loc, Value value) {
  return llvm::map_to_vector(llvm::seq<int64_t>(0, cast<RankedTensorType>(value.getType()).getRank()),
                             [&](int64_t dim) { return sizeOf(builder, loc, value, dim); });
}

bool sameSize(OpFoldResult a, OpFoldResult b) {
  if (isEqualConstantIntOrValue(a, b))
    return true;
  auto dimOf = [](OpFoldResult size) {
    auto value = dyn_cast<Value>(size);
    return value ? value.getDefiningOp<tensor::DimOp>() : tensor::DimOp();
  };
  // Each look at a dimension is an operation of its own.
  tensor::DimOp first = dimOf(a), second = dimOf(b);
  return first && second && first.getSource() == second.getSource() &&
         isEqualConstantIntOrValue(first.getDimension(), second.getDimension());
}

bool isComputed(OpFoldResult size) {
  auto value = dyn_cast<Value>(size);
  return value && !value.getDefiningOp<tensor::DimOp>();
}

int64_t staticOf(OpFoldResult size) {
  return getConstantIntValue(size).value_or(ShapedType::kDynamic);
}

Value asIndex(OpBuilder &builder, Location loc, OpFoldResult size) {
  return getValueOrCreateConstantIndexOp(builder, loc, size);
}

RankedTensorType typeOf(ArrayRef<OpFoldResult> sizes, Type element) {
  return RankedTensorType::get(llvm::map_to_vector(sizes, staticOf), element);
}

/// Folds `function` on constants, or creates `Op`.
template <class Op, class F>
static OpFoldResult combine(OpBuilder &builder, Location loc, OpFoldResult a, OpFoldResult b, F function) {
  std::optional<int64_t> x = getConstantIntValue(a), y = getConstantIntValue(b);
  if (x && y)
    return builder.getIndexAttr(function(*x, *y));
  return Op::create(builder, loc, asIndex(builder, loc, a), asIndex(builder, loc, b)).getResult();
}

/// As the machine computes: modulo 2^64.
template <class F> static int64_t wrapping(int64_t a, int64_t b) {
  return static_cast<int64_t>(F()(static_cast<uint64_t>(a), static_cast<uint64_t>(b)));
}

OpFoldResult addSizes(OpBuilder &builder, Location loc, OpFoldResult a, OpFoldResult b) {
  if (staticOf(b) == 0)
    return a;
  if (staticOf(a) == 0)
    return b;
  return combine<arith::AddIOp>(builder, loc, a, b, wrapping<std::plus<uint64_t>>);
}

OpFoldResult subSizes(OpBuilder &builder, Location loc, OpFoldResult a, OpFoldResult b) {
  if (staticOf(b) == 0)
    return a;
  return combine<arith::SubIOp>(builder, loc, a, b, wrapping<std::minus<uint64_t>>);
}

OpFoldResult mulSizes(OpBuilder &builder, Location loc, OpFoldResult a, OpFoldResult b) {
  if (staticOf(b) == 1)
    return a;
  if (staticOf(a) == 1)
    return b;
  return combine<arith::MulIOp>(builder, loc, a, b, wrapping<std::multiplies<uint64_t>>);
}

OpFoldResult floorDivSize(OpBuilder &builder, Location loc, OpFoldResult a, int64_t b) {
  if (b == 1)
    return a;
  return combine<arith::FloorDivSIOp>(builder, loc, a, builder.getIndexAttr(b),
                                      [](int64_t x, int64_t y) { return llvm::divideFloorSigned(x, y); });
}

OpFoldResult maxSizes(OpBuilder &builder, Location loc, OpFoldResult a, OpFoldResult b) {
  return combine<arith::MaxSIOp>(builder, loc, a, b, [](int64_t x, int64_t y) { return std::max(x, y); });
}

OpFoldResult minSizes(OpBuilder &builder, Location loc, OpFoldResult a, OpFoldResult b) {
  return combine<arith::MinSIOp>(builder, loc, a, b, [](int64_t x, int64_t y) { return std::min(x, y); });
}

std::optional<int64_t> normaliseAxis(int64_t axis, int64_t rank) {
  if (axis < -rank || axis >= rank)
    return std::nullopt;
  return axis < 0 ? axis + rank : axis;
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

static Value constantOf(OpBuilder &builder, Location loc, RankedTensorType type, Attribute attribute) {
  return arith::ConstantOp::create(builder, loc, type, cast<TypedAttr>(attribute));
}

std::optional<std::vector<char>> constantBytes(Value value) {
  std::optional<ConstantData> data = constantData(value);
  if (!data)
    return std::nullopt;
  if (!data->splat)
    return std::vector<char>(data->bytes.begin(), data->bytes.end());
  return expandSplat(*data);
}

Value retypeConstant(OpBuilder &builder, Location loc, Value value, RankedTensorType type) {
  std::optional<ConstantData> data = constantData(value);
  if (!data)
    return nullptr;
  if (data->splat)
    return constantOf(builder, loc, type, DenseElementsAttr::getFromRawBuffer(type, data->bytes));
  // The bytes stay with the resource they belong to, which the context keeps.
  AsmResourceBlob blob(data->bytes, type.getElementTypeBitWidth() / 8, /*deleter=*/{}, /*dataIsMutable=*/false);
  return constantOf(builder, loc, type, makeConstant(type, "reshaped", std::move(blob)));
}

Value gatherConstant(OpBuilder &builder, Location loc, Value from, RankedTensorType type,
                     llvm::function_ref<int64_t(ArrayRef<int64_t>)> source) {
  std::optional<ConstantData> data = constantData(from);
  if (!data)
    return nullptr;
  if (data->splat)
    return constantOf(builder, loc, type, DenseElementsAttr::getFromRawBuffer(type, data->bytes));
  size_t width = type.getElementTypeBitWidth() / 8;
  AsmResourceBlob blob = HeapAsmResourceBlob::allocate(type.getNumElements() * width, 64);
  char *out = const_cast<char *>(blob.getData().data());
  SmallVector<int64_t> index(type.getRank(), 0);
  for (int64_t i = 0, count = type.getNumElements(); i < count; ++i, out += width) {
    std::memcpy(out, data->bytes.data() + source(index) * width, width);
    for (int64_t dim = type.getRank() - 1; dim >= 0 && ++index[dim] == type.getDimSize(dim); --dim)
      index[dim] = 0;
  }
  return constantOf(builder, loc, type, makeConstant(type, "moved", std::move(blob)));
}

} // namespace rnn::onnx
