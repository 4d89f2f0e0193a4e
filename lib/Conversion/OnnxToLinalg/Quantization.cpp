//===- Quantization.cpp - Floats as scaled integers -------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "OnnxLowering.h"

#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace mlir;

namespace rnn::onnx {

/// How the parameters of a quantization lie over an array: one for all, one for each place along `axis`, or one for
/// each block of `block` elements along it.
namespace {
struct Granularity {
  enum { Whole, Axis, Block } kind = Whole;
  int64_t axis = 0, block = 0;
};
} // namespace

/// Reads how scale (operand 1) and zero point (operand 2) lie over operand 0, and checks them; none after a refusal or
/// where they are not known.
static std::optional<Granularity> readGranularity(NodeLowering &node) {
  RankedTensorType x = node.operandType(0), scale = node.operandType(1), point = node.operandType(2);
  if (Type element = node.elementType(1); element && !llvm::isa<FloatType>(element))
    (void)node.refuse("expects a scale of floats, found " + llvm::formatv("{0}", scale));
  if (scale && point && failed(verifyCompatibleShape(scale.getShape(), point.getShape())))
    (void)node.refuse("expects scale and zero point of one shape, found " + node.typesOf({1, 2}));
  std::optional<int64_t> block = node.opset() >= 21 ? node.intAttr("block_size") : 0;
  if (block && *block < 0)
    (void)node.refuse("expects a block_size of at least 0, found " + Twine(*block));
  if (!x || !scale || !block || *block < 0)
    return std::nullopt;
  Granularity result;
  if (scale.hasStaticShape() && scale.getNumElements() == 1 && scale.getRank() <= 1 && *block == 0)
    return result;
  std::optional<int64_t> axis = node.opset() >= 13 ? node.intAttr("axis") : std::nullopt;
  std::optional<int64_t> dim = axis ? normaliseAxis(*axis, x.getRank()) : std::nullopt;
  if (!dim) {
    (void)node.refuse("expects one scale, or an axis of the input for its scales, found " + node.typesOf({0, 1}));
    return std::nullopt;
  }
  result.axis = *dim;
  if (*block == 0) {
    result.kind = Granularity::Axis;
    if (scale.getRank() != 1 || failed(verifyCompatibleDims({scale.getDimSize(0), x.getDimSize(*dim)}))) {
      (void)node.refuse("expects a scale for each place along the axis, found " + node.typesOf({0, 1}));
      return std::nullopt;
    }
    return result;
  }
  result.kind = Granularity::Block;
  result.block = *block;
  bool fits = scale.getRank() == x.getRank();
  for (int64_t i = 0; fits && i < x.getRank(); ++i) {
    int64_t size = x.getDimSize(i), own = scale.getDimSize(i);
    if (i == *dim && !ShapedType::isDynamic(size))
      size = llvm::divideCeil(size, *block);
    fits &= succeeded(verifyCompatibleDims({size, own})) || (i == *dim && ShapedType::isDynamic(x.getDimSize(i)));
  }
  if (!fits) {
    (void)node.refuse("expects a scale for each block, found " + node.typesOf({0, 1}));
    return std::nullopt;
  }
  return result;
}

/// A parameter as an array that broadcasts to operand 0.
static Value spread(NodeLowering &node, Value parameter, const Granularity &granularity) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  SmallVector<OpFoldResult> sizes = sizesOf(builder, loc, node.operand(0));
  int64_t rank = sizes.size(), axis = granularity.axis;
  if (granularity.kind == Granularity::Whole)
    return reshapeTo(builder, loc, parameter, {});
  if (granularity.kind == Granularity::Axis) {
    requireEqualAtRunTime(node, sizeOf(builder, loc, parameter, 0), sizes[axis], "scales and places along the axis");
    SmallVector<OpFoldResult> column(rank - axis, builder.getIndexAttr(1));
    column[0] = sizes[axis];
    return reshapeTo(builder, loc, parameter, column);
  }
  for (int64_t dim = 0; dim < rank; ++dim) {
    OpFoldResult wanted = sizes[dim];
    if (dim == axis)
      wanted = floorDivSize(builder, loc, addSizes(builder, loc, wanted, builder.getIndexAttr(granularity.block - 1)),
                            granularity.block);
    requireEqualAtRunTime(node, sizeOf(builder, loc, parameter, dim), wanted, "scales and blocks");
  }
  return generate(builder, loc, sizes, getElementTypeOrSelf(parameter.getType()),
                  [&](OpBuilder &inner, Location loc, ValueRange index) -> Value {
                    SmallVector<Value> at(index);
                    Value block = arith::ConstantIndexOp::create(inner, loc, granularity.block);
                    at[axis] = arith::DivUIOp::create(inner, loc, at[axis], block);
                    return tensor::ExtractOp::create(inner, loc, parameter, at);
                  });
}

/// `x`, an f32 or f64 without a fraction, plus a zero point, as an integer of type `to`: the nearest one there is.
static Value saturated(OpBuilder &builder, Location loc, Value x, Value point, Type to) {
  Type real = x.getType();
  Value shifted =
      point ? Value(arith::AddFOp::create(builder, loc, x, convertNumber(builder, loc, point, to, real))) : x;
  return convertNumber(builder, loc, shifted, real, to);
}

LogicalResult lowerQuantizeLinear(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Type source = node.elementType(0), point = node.elementType(2);
  if (source && !source.isF32() && !source.isSignlessInteger(32))
    (void)node.refuseBeyond(Limit::FloatSource, llvm::formatv("{0}", node.operandType(0)));
  std::optional<int64_t> wanted = node.opset() >= 21 ? node.intAttr("output_dtype") : 0;
  Type to = point ? point : wanted && *wanted ? elementTypeOf(builder, *wanted) : builder.getIntegerType(8, false);
  if (point &&
      !(llvm::isa<IntegerType>(point) && (point.getIntOrFloatBitWidth() == 8 || point.getIntOrFloatBitWidth() == 16)))
    (void)node.refuseBeyond(Limit::ByteZeroPoint, llvm::formatv("{0}", node.operandType(2)));
  if (point && wanted && *wanted && elementTypeOf(builder, *wanted) != point)
    (void)node.refuse("expects an output_dtype of the type of the zero point, found " +
                      llvm::formatv("{0}", node.operandType(2)));
  std::optional<Granularity> granularity = readGranularity(node);
  if (failed(node.accepted()))
    return failure();
  SmallVector<Value> operands = {node.operand(0), spread(node, node.operand(1), *granularity)};
  if (Value zero = node.operand(2))
    operands.push_back(spread(node, zero, *granularity));
  Type scale = node.elementType(1);
  node.setResult(0, elementwise(node, operands, to, [&](OpBuilder &inner, Location loc, ValueRange in) {
                   Value x = convertNumber(inner, loc, in[0], source, scale);
                   Value steps = arith::DivFOp::create(inner, loc, x, in[1]);
                   return saturated(inner, loc, math::RoundEvenOp::create(inner, loc, steps),
                                    in.size() > 2 ? in[2] : Value(), to);
                 }));
  return success();
}

LogicalResult lowerDequantizeLinear(NodeLowering &node) {
  Type source = node.elementType(0), scale = node.elementType(1);
  if (source && (!llvm::isa<IntegerType>(source) || source.isInteger(1)))
    (void)node.refuse("expects integers, found " + llvm::formatv("{0}", node.operandType(0)));
  if (Type point = node.elementType(2); source && point && point != source)
    (void)node.refuse("expects a zero point of the type of the input, found " + node.typesOf({0, 2}));
  if (int64_t wanted = node.opset() >= 23 ? node.intAttr("output_dtype").value_or(0) : 0;
      wanted && scale && elementTypeOf(node.builder(), wanted) != node.givenType(1))
    (void)node.refuseBeyond(Limit::OwnScaleType, "output_dtype = " + Twine(wanted));
  std::optional<Granularity> granularity = readGranularity(node);
  if (failed(node.accepted()))
    return failure();
  SmallVector<Value> operands = {node.operand(0), spread(node, node.operand(1), *granularity)};
  if (Value zero = node.operand(2))
    operands.push_back(spread(node, zero, *granularity));
  Type wide = node.builder().getI64Type();
  node.setResult(0, elementwise(node, operands, scale, [&](OpBuilder &inner, Location loc, ValueRange in) -> Value {
                   Value x = convertNumber(inner, loc, in[0], source, wide);
                   if (in.size() > 2)
                     x = arith::SubIOp::create(inner, loc, x, convertNumber(inner, loc, in[2], source, wide));
                   return arith::MulFOp::create(inner, loc, convertNumber(inner, loc, x, wide, scale), in[1]);
                 }));
  return success();
}

LogicalResult lowerDynamicQuantizeLinear(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  if (Type element = node.elementType(0); element && !element.isF32())
    (void)node.refuse("expects f32, found " + llvm::formatv("{0}", node.operandType(0)));
  if (failed(node.accepted()))
    return failure();
  Type real = builder.getF32Type(), byte = builder.getIntegerType(8, /*isSigned=*/false);
  Value x = node.operand(0);
  SmallVector<bool> all(node.operandType(0).getRank(), true);
  auto extreme = [&](bool greatest) -> Value {
    Value found =
        reduce(builder, loc, x, all,
               {builder.getF32FloatAttr(0), [&](OpBuilder &inner, Location loc, Value best, Value x) {
                  return greatest ? greaterOf(inner, loc, real, best, x) : lesserOf(inner, loc, real, best, x);
                }});
    SmallVector<Value> zeros(all.size(), arith::ConstantIndexOp::create(builder, loc, 0));
    return tensor::ExtractOp::create(builder, loc, found, zeros);
  };
  Value low = extreme(false), high = extreme(true);
  Value range = arith::SubFOp::create(builder, loc, high, low);
  Value zero = constantLike(builder, loc, real, 0), one = constantLike(builder, loc, real, 1);
  Value scale = arith::DivFOp::create(builder, loc, range, constantLike(builder, loc, real, 255));
  // Of nothing but zeros every scale gives zeros.
  Value none = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OEQ, scale, zero);
  Value divisor = arith::SelectOp::create(builder, loc, none, one, scale);
  Value place = math::RoundEvenOp::create(
      builder, loc,
      arith::DivFOp::create(builder, loc, arith::SubFOp::create(builder, loc, zero, low), divisor).getResult());
  Value point = convertNumber(builder, loc, place, real, byte);
  auto scalar = [&](Value value, Type element) {
    return generate(builder, loc, {}, element, [&](OpBuilder &, Location, ValueRange) { return value; });
  };
  node.setResult(0, elementwise(node, x, byte, [&](OpBuilder &inner, Location loc, ValueRange in) {
                   Value steps = math::RoundEvenOp::create(
                       inner, loc, arith::DivFOp::create(inner, loc, in[0], divisor).getResult());
                   return saturated(inner, loc, steps, point, byte);
                 }));
  node.setResult(1, scalar(scale, real));
  node.setResult(2, scalar(point, byte));
  return success();
}

LogicalResult lowerQLinearMatMul(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  for (unsigned index : {0, 3, 7})
    if (Type element = node.elementType(index);
        element && !(llvm::isa<IntegerType>(element) && element.getIntOrFloatBitWidth() == 8))
      (void)node.refuse("expects integers of 8 bits, found " + llvm::formatv("{0}", node.operandType(index)));
  for (unsigned index : {1, 4, 6})
    if (Type element = node.elementType(index); element && !llvm::isa<FloatType>(element))
      (void)node.refuse("expects a scale of floats, found " + llvm::formatv("{0}", node.operandType(index)));
  for (unsigned index : {0, 3})
    if (Type a = node.elementType(index), b = node.elementType(index + 2); a && b && a != b)
      (void)node.refuse("expects a zero point of the type of its matrix, found " + node.typesOf({index, index + 2}));
  for (auto [index, name] : std::array<std::pair<unsigned, StringRef>, 6>{{{1, "a_scale"},
                                                                           {2, "a_zero_point"},
                                                                           {4, "b_scale"},
                                                                           {5, "b_zero_point"},
                                                                           {6, "y_scale"},
                                                                           {7, "y_zero_point"}}})
    requireOne(node, index, name);
  requireMultipliable(node, 0, 3);
  if (failed(node.accepted()))
    return failure();
  Type wide = builder.getI32Type(), real = builder.getF32Type(), to = node.elementType(7);
  auto factor = [&](unsigned index) {
    Type element = node.elementType(index);
    Value point = convertNumber(builder, loc, elementOf(node, index + 2), element, wide);
    return elementwise(node, node.operand(index), wide, [&](OpBuilder &inner, Location loc, ValueRange in) -> Value {
      return arith::SubIOp::create(inner, loc, convertNumber(inner, loc, in[0], element, wide), point);
    });
  };
  Value product = multiply(node, factor(0), factor(3));
  auto scaleOf = [&](unsigned index) {
    return convertNumber(builder, loc, elementOf(node, index), node.elementType(index), real);
  };
  Value scale =
      arith::DivFOp::create(builder, loc, arith::MulFOp::create(builder, loc, scaleOf(1), scaleOf(4)), scaleOf(6));
  Value point = elementOf(node, 7);
  node.setResult(0, elementwise(node, product, to, [&](OpBuilder &inner, Location loc, ValueRange in) {
                   Value scaled =
                       arith::MulFOp::create(inner, loc, convertNumber(inner, loc, in[0], wide, real), scale);
                   return saturated(inner, loc, math::RoundEvenOp::create(inner, loc, scaled), point, to);
                 }));
  return success();
}

} // namespace rnn::onnx
