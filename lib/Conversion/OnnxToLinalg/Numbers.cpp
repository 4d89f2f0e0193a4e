//===- Numbers.cpp - Types of elements and their conversion -----*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "OnnxLowering.h"

#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"

#include "llvm/Support/FormatVariadic.h"

#include <cmath>
#include <cstring>

using namespace mlir;

namespace rnn::onnx {

Type elementTypeOf(OpBuilder &builder, int64_t onnxType) {
  auto natural = [&](unsigned width) { return builder.getIntegerType(width, /*isSigned=*/false); };
  switch (onnxType) {
  case 1:
    return builder.getF32Type();
  case 2:
    return natural(8);
  case 3:
    return builder.getI8Type();
  case 4:
    return natural(16);
  case 5:
    return builder.getI16Type();
  case 6:
    return builder.getI32Type();
  case 7:
    return builder.getI64Type();
  case 9:
    return builder.getI1Type();
  case 10:
    return builder.getF16Type();
  case 11:
    return builder.getF64Type();
  case 12:
    return natural(32);
  case 13:
    return natural(64);
  case 16:
    return builder.getBF16Type();
  default:
    return {};
  }
}

bool isNumber(Type element) {
  return element.isIntOrFloat() && !element.isInteger(1);
}
bool isUnsigned(Type element) {
  return element.isUnsignedInteger();
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

/// Refuses those of the operands that do not fit, and of the others those that are not of one type.
static void requireElements(NodeLowering &node, ArrayRef<unsigned> operands, llvm::function_ref<bool(Type)> fits,
                            StringRef wanted) {
  std::optional<unsigned> first;
  for (unsigned index : operands) {
    Type element = node.elementType(index);
    if (!element)
      continue;
    if (!fits(element))
      (void)node.refuse("expects " + wanted + ", found " + llvm::formatv("{0}", node.operandType(index)));
    else if (!first)
      first = index;
    else if (node.givenType(index) != node.givenType(*first))
      (void)node.refuse("expects operands of one type, found " + node.typesOf({*first, index}));
  }
}
void requireNumbers(NodeLowering &node, ArrayRef<unsigned> operands) {
  requireElements(node, operands, isNumber, "numbers");
}
void requireBooleans(NodeLowering &node, ArrayRef<unsigned> operands) {
  requireElements(node, operands, [](Type element) { return element.isInteger(1); }, "booleans");
}
void requireFloats(NodeLowering &node, ArrayRef<unsigned> operands) {
  requireElements(node, operands, [](Type element) { return llvm::isa<FloatType>(element); }, "floats");
}
void requireWhole(NodeLowering &node, ArrayRef<unsigned> operands) {
  requireElements(
      node, operands, [](Type element) { return llvm::isa<IntegerType>(element) && !element.isInteger(1); },
      "integers");
}
void requireSameType(NodeLowering &node, ArrayRef<unsigned> operands) {
  requireElements(node, operands, [](Type) { return true; }, "");
}
void requireIntegers(NodeLowering &node, unsigned operand) {
  if (Type element = node.elementType(operand); element && (!element.isSignlessInteger() || element.isInteger(1)))
    (void)node.refuse("expects integers, found " + llvm::formatv("{0}", node.operandType(operand)));
}
void requireOne(NodeLowering &node, unsigned operand, StringRef name) {
  if (RankedTensorType type = node.operandType(operand); type && (!type.hasStaticShape() || type.getNumElements() != 1))
    (void)node.refuse("expects one element as " + name + ", found " + llvm::formatv("{0}", type));
}

Value elementOf(NodeLowering &node, unsigned operand) {
  SmallVector<Value> zeros(node.operandType(operand).getRank(),
                           arith::ConstantIndexOp::create(node.builder(), node.loc(), 0));
  Value element = tensor::ExtractOp::create(node.builder(), node.loc(), node.operand(operand), zeros);
  return signless(node.builder(), node.loc(), element);
}

//===----------------------------------------------------------------------===//
// Scalars
//===----------------------------------------------------------------------===//

Value constantLike(OpBuilder &builder, Location loc, Type type, double value) {
  if (auto real = dyn_cast<FloatType>(type)) {
    APFloat number(value);
    bool loses;
    number.convert(real.getFloatSemantics(), APFloat::rmNearestTiesToEven, &loses);
    return arith::ConstantOp::create(builder, loc, builder.getFloatAttr(real, number));
  }
  return arith::ConstantOp::create(builder, loc, builder.getIntegerAttr(type, static_cast<int64_t>(value)));
}

TypedAttr leastOf(Builder &builder, Type element) {
  if (auto real = dyn_cast<FloatType>(element))
    return builder.getFloatAttr(real, APFloat::getInf(real.getFloatSemantics(), /*Negative=*/true));
  unsigned width = element.getIntOrFloatBitWidth();
  bool zero = isUnsigned(element) || width == 1;
  return builder.getIntegerAttr(builder.getIntegerType(width),
                                zero ? APInt::getZero(width) : APInt::getSignedMinValue(width));
}

TypedAttr greatestOf(Builder &builder, Type element) {
  if (auto real = dyn_cast<FloatType>(element))
    return builder.getFloatAttr(real, APFloat::getInf(real.getFloatSemantics()));
  unsigned width = element.getIntOrFloatBitWidth();
  bool ones = isUnsigned(element) || width == 1;
  return builder.getIntegerAttr(builder.getIntegerType(width),
                                ones ? APInt::getAllOnes(width) : APInt::getSignedMaxValue(width));
}

/// Whether integers of this type are compared without a sign.
static bool isNatural(Type element) {
  return isUnsigned(element) || element.isInteger(1);
}

Value greaterOf(OpBuilder &builder, Location loc, Type element, Value a, Value b) {
  if (llvm::isa<FloatType>(element))
    return arith::MaximumFOp::create(builder, loc, a, b);
  return isNatural(element) ? Value(arith::MaxUIOp::create(builder, loc, a, b))
                            : Value(arith::MaxSIOp::create(builder, loc, a, b));
}

Value lesserOf(OpBuilder &builder, Location loc, Type element, Value a, Value b) {
  if (llvm::isa<FloatType>(element))
    return arith::MinimumFOp::create(builder, loc, a, b);
  return isNatural(element) ? Value(arith::MinUIOp::create(builder, loc, a, b))
                            : Value(arith::MinSIOp::create(builder, loc, a, b));
}

Value isLess(OpBuilder &builder, Location loc, Type element, Value a, Value b) {
  if (llvm::isa<FloatType>(element))
    return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OLT, a, b);
  return arith::CmpIOp::create(builder, loc, isNatural(element) ? arith::CmpIPredicate::ult : arith::CmpIPredicate::slt,
                               a, b);
}

/// Floats as integers: the fraction is cut off, what does not fit becomes the nearest integer there is, NaN becomes 0.
static Value floatToInteger(OpBuilder &builder, Location loc, Value x, Type to) {
  bool natural = isUnsigned(to);
  unsigned width = to.getIntOrFloatBitWidth();
  Type plain = builder.getIntegerType(width);
  double limit = std::ldexp(1.0, static_cast<int>(width) - !natural);
  Value low = constantLike(builder, loc, x.getType(), natural ? 0 : -limit),
        high = constantLike(builder, loc, x.getType(), limit);
  Value above = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGE, x, high);
  Value below = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OLT, x, low);
  Value nan = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::UNO, x, x);
  Value outside = arith::OrIOp::create(builder, loc, arith::OrIOp::create(builder, loc, above, below), nan);
  Value zero = constantLike(builder, loc, x.getType(), 0);
  Value inside = arith::SelectOp::create(builder, loc, outside, zero, x);
  Value whole = natural ? Value(arith::FPToUIOp::create(builder, loc, plain, inside))
                        : Value(arith::FPToSIOp::create(builder, loc, plain, inside));
  Value most = arith::ConstantOp::create(builder, loc, greatestOf(builder, to));
  Value least = arith::ConstantOp::create(builder, loc, leastOf(builder, to));
  whole = arith::SelectOp::create(builder, loc, above, most, whole);
  return arith::SelectOp::create(builder, loc, below, least, whole);
}

/// An f64 as an f32 that rounds to each narrower type as the f64 does: what is not exact becomes odd.
static Value roundToOdd(OpBuilder &builder, Location loc, Value x) {
  Type i32 = builder.getI32Type();
  Value near = arith::TruncFOp::create(builder, loc, builder.getF32Type(), x);
  Value back = arith::ExtFOp::create(builder, loc, x.getType(), near);
  Value bits = arith::BitcastOp::create(builder, loc, i32, near);
  Value one = constantLike(builder, loc, i32, 1), zero = constantLike(builder, loc, i32, 0);
  Value even = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq,
                                     arith::AndIOp::create(builder, loc, bits, one), zero);
  Value differs = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::ONE, back, x);
  Value larger = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGT,
                                       math::AbsFOp::create(builder, loc, back), math::AbsFOp::create(builder, loc, x));
  Value odd = arith::SelectOp::create(builder, loc, larger, arith::SubIOp::create(builder, loc, bits, one),
                                      arith::AddIOp::create(builder, loc, bits, one));
  bits = arith::SelectOp::create(builder, loc, arith::AndIOp::create(builder, loc, even, differs), odd, bits);
  return arith::BitcastOp::create(builder, loc, builder.getF32Type(), bits);
}

static Value convertFloat(OpBuilder &builder, Location loc, Value x, Type to) {
  unsigned from = x.getType().getIntOrFloatBitWidth(), width = to.getIntOrFloatBitWidth();
  if (x.getType() == to)
    return x;
  // Between f16 and bf16 by f32, to and from f64 as well: the machine has no other conversions.
  if (from == 16 && width != 32)
    return convertFloat(builder, loc, arith::ExtFOp::create(builder, loc, builder.getF32Type(), x), to);
  if (from == 64 && width == 16)
    return arith::TruncFOp::create(builder, loc, to, roundToOdd(builder, loc, x));
  return from < width ? Value(arith::ExtFOp::create(builder, loc, to, x))
                      : Value(arith::TruncFOp::create(builder, loc, to, x));
}

Value convertNumber(OpBuilder &builder, Location loc, Value x, Type from, Type to) {
  if (from == to)
    return x;
  bool fromFloat = llvm::isa<FloatType>(from), toFloat = llvm::isa<FloatType>(to), natural = isNatural(from);
  if (fromFloat && toFloat)
    return convertFloat(builder, loc, x, to);
  if (fromFloat && from.getIntOrFloatBitWidth() == 16)
    return convertNumber(builder, loc, convertFloat(builder, loc, x, builder.getF32Type()), builder.getF32Type(), to);
  if (to.isInteger(1)) {
    Value zero = constantLike(builder, loc, x.getType(), 0);
    if (fromFloat)
      return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::UNE, x, zero);
    return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, x, zero);
  }
  if (fromFloat)
    return floatToInteger(builder, loc, x, to);
  if (toFloat) {
    // An f64 holds integers of 32 bits, and keeps those of 64 from being rounded twice as far as it can.
    bool narrow = to.getIntOrFloatBitWidth() == 16;
    Type middle = narrow ? builder.getF64Type() : to;
    Value real = natural ? Value(arith::UIToFPOp::create(builder, loc, middle, x))
                         : Value(arith::SIToFPOp::create(builder, loc, middle, x));
    return narrow ? convertFloat(builder, loc, real, to) : real;
  }
  unsigned width = to.getIntOrFloatBitWidth();
  Type plain = builder.getIntegerType(width);
  if (from.getIntOrFloatBitWidth() == width)
    return x;
  if (from.getIntOrFloatBitWidth() > width)
    return arith::TruncIOp::create(builder, loc, plain, x);
  return natural ? Value(arith::ExtUIOp::create(builder, loc, plain, x))
                 : Value(arith::ExtSIOp::create(builder, loc, plain, x));
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

/// A float of 16 bits, of which `exponentBits` are an exponent, as f32.
static float widen(uint16_t bits, unsigned exponentBits) {
  const llvm::fltSemantics &semantics = exponentBits == 5 ? APFloat::IEEEhalf() : APFloat::BFloat();
  return APFloat(semantics, APInt(16, bits)).convertToFloat();
}

/// The elements of a constant of f16 or bf16 as f32; null where it is none, or too large.
static Value widenConstant(NodeLowering &node, Value value, RankedTensorType result) {
  Type from = getElementTypeOrSelf(value.getType());
  std::optional<ConstantData> data = constantData(value);
  if (!data || from.getIntOrFloatBitWidth() != 16 || !result.getElementType().isF32() || !node.mayFold(result))
    return nullptr;
  unsigned exponentBits = from.isF16() ? 5 : 8;
  size_t count = data->splat ? 1 : result.getNumElements();
  AsmResourceBlob blob = HeapAsmResourceBlob::allocate(count * sizeof(float), 64);
  auto *out = reinterpret_cast<float *>(const_cast<char *>(blob.getData().data()));
  for (size_t i = 0; i < count; ++i) {
    uint16_t bits;
    std::memcpy(&bits, data->bytes.data() + 2 * i, 2);
    out[i] = widen(bits, exponentBits);
  }
  TypedAttr attr;
  if (data->splat)
    attr = DenseElementsAttr::getFromRawBuffer(result, blob.getData());
  else
    attr = cast<TypedAttr>(Attribute(makeConstant(result, "widened", std::move(blob))));
  return arith::ConstantOp::create(node.builder(), node.loc(), result, attr);
}

Value convertElements(NodeLowering &node, Value value, Type to) {
  auto type = cast<RankedTensorType>(value.getType());
  Type from = type.getElementType();
  if (from == to)
    return value;
  if (type.hasStaticShape())
    if (Value constant = widenConstant(node, value, type.clone(to)))
      return constant;
  return elementwise(node, value, to, [&](OpBuilder &builder, Location loc, ValueRange in) {
    return convertNumber(builder, loc, in[0], from, to);
  });
}

} // namespace rnn::onnx
