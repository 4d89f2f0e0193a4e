//===- Reductions.cpp - Operators over whole dimensions ---------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "OnnxLowering.h"

#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"

#include "mlir/IR/Matchers.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace rnn::onnx {

/// Returns `value`, a float, as one of `type`.
static Value convert(OpBuilder &builder, Location loc, Value value, FloatType type) {
  unsigned width = value.getType().getIntOrFloatBitWidth();
  if (width < type.getWidth())
    return arith::ExtFOp::create(builder, loc, type, value);
  return width == type.getWidth() ? value : arith::TruncFOp::create(builder, loc, type, value);
}

/// Reduces the marked dimensions of `value` to size 1 with `body`, from `initial`, in whose type it computes.
static Value reduce(OpBuilder &builder, Location loc, Value value, ArrayRef<bool> reduced, Value initial,
                    llvm::function_ref<Value(OpBuilder &, Location, Value, Value)> body) {
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<OpFoldResult> sizes = sizesOf(builder, loc, value);
  SmallVector<AffineExpr> exprs;
  SmallVector<utils::IteratorType> iterators;
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    if (reduced[dim])
      sizes[dim] = builder.getIndexAttr(1);
    exprs.push_back(reduced[dim] ? builder.getAffineConstantExpr(0) : builder.getAffineDimExpr(dim));
    iterators.push_back(reduced[dim] ? utils::IteratorType::reduction : utils::IteratorType::parallel);
  }
  auto element = cast<FloatType>(initial.getType());
  Value empty = tensor::EmptyOp::create(builder, loc, sizes, element);
  Value start = linalg::FillOp::create(builder, loc, initial, empty).getResult(0);
  SmallVector<AffineMap> maps = {builder.getMultiDimIdentityMap(type.getRank()),
                                 AffineMap::get(type.getRank(), 0, exprs, builder.getContext())};
  auto generic = linalg::GenericOp::create(
      builder, loc, typeOf(sizes, element), ValueRange{value}, ValueRange{start}, maps, iterators,
      [&](OpBuilder &builder, Location loc, ValueRange in) {
        linalg::YieldOp::create(builder, loc, body(builder, loc, convert(builder, loc, in[0], element), in[1]));
      });
  return generic.getResult(0);
}

/// Adds up the marked dimensions in f64: in f32, an element may be too small to change the sum of many.
static Value addUp(OpBuilder &builder, Location loc, Value value, ArrayRef<bool> reduced) {
  Value zero = arith::ConstantOp::create(builder, loc, builder.getF64FloatAttr(0));
  return reduce(builder, loc, value, reduced, zero, [](OpBuilder &builder, Location loc, Value a, Value b) -> Value {
    return arith::AddFOp::create(builder, loc, a, b);
  });
}

LogicalResult lowerReduceMean(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  RankedTensorType type = node.operandType(0);
  Type elements = node.elementType(0);
  if (elements && !llvm::isa<FloatType>(elements))
    (void)node.refuseBeyond(Limit::FloatElements, llvm::formatv("{0}", type));
  FailureOr<std::optional<SmallVector<int64_t>>> axes = node.constantList(1, "axes", Limit::KnownAxes);
  bool none = failed(axes) || !*axes || (*axes)->empty();
  SmallVector<bool> reduced(type ? type.getRank() : 0, none);
  if (type && !none)
    for (int64_t axis : **axes) {
      std::optional<int64_t> dim = normaliseAxis(axis, type.getRank());
      if (!dim)
        (void)node.refuse("expects axes from " + Twine(-type.getRank()) + " to " + Twine(type.getRank() - 1) +
                          ", found " + Twine(axis));
      else
        reduced[*dim] = true;
    }
  if (failed(node.accepted()))
    return failure();
  if (none && node.opset() >= 18 && *node.intAttr("noop_with_empty_axes")) {
    node.setResult(0, node.operand(0));
    return success();
  }
  auto element = cast<FloatType>(elements);
  Value sum = addUp(builder, loc, node.operand(0), reduced);
  OpFoldResult count = builder.getIndexAttr(1);
  SmallVector<OpFoldResult> kept, sizes = sizesOf(builder, loc, node.operand(0));
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    if (reduced[dim])
      count = mulSizes(builder, loc, count, sizes[dim]);
    if (!reduced[dim] || *node.intAttr("keepdims"))
      kept.push_back(reduced[dim] ? OpFoldResult(builder.getIndexAttr(1)) : sizes[dim]);
  }
  Value whole = arith::IndexCastOp::create(builder, loc, builder.getI64Type(), asIndex(builder, loc, count));
  Value divisor = arith::SIToFPOp::create(builder, loc, builder.getF64Type(), whole);
  Value mean = elementwise(node, sum, element, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
    return convert(builder, loc, arith::DivFOp::create(builder, loc, in[0], divisor), element);
  });
  node.setResult(0, reshapeTo(builder, loc, mean, kept));
  return success();
}

LogicalResult lowerSoftmax(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  RankedTensorType type = node.operandType(0);
  Type elements = node.elementType(0);
  if (elements && !llvm::isa<FloatType>(elements))
    (void)node.refuse("expects floats, found " + llvm::formatv("{0}", type));
  std::optional<int64_t> axis = node.axisAttr(0);
  if (failed(node.accepted()))
    return failure();
  auto element = cast<FloatType>(elements);
  // Before opset 13 all dimensions from the axis on are one.
  SmallVector<bool> reduced(type.getRank(), false);
  for (int64_t dim = *axis; dim < (node.opset() < 13 ? type.getRank() : *axis + 1); ++dim)
    reduced[dim] = true;
  APFloat lowest = APFloat::getInf(element.getFloatSemantics(), /*Negative=*/true);
  Value low = arith::ConstantOp::create(builder, loc, builder.getFloatAttr(element, lowest));
  Value largest = reduce(builder, loc, node.operand(0), reduced, low,
                         [](OpBuilder &builder, Location loc, Value a, Value b) -> Value {
                           return arith::MaximumFOp::create(builder, loc, a, b);
                         });
  Value powers = elementwise(
      node, {node.operand(0), largest}, element, [](OpBuilder &builder, Location loc, ValueRange in) -> Value {
        return math::ExpOp::create(builder, loc, arith::SubFOp::create(builder, loc, in[0], in[1]));
      });
  Value sum = addUp(builder, loc, powers, reduced);
  node.setResult(
      0, elementwise(node, {powers, sum}, element, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
        return arith::DivFOp::create(builder, loc, in[0], convert(builder, loc, in[1], element));
      }));
  return success();
}

} // namespace rnn::onnx
