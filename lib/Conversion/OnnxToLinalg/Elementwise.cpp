//===- Elementwise.cpp - Operators on each element --------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "OnnxLowering.h"

#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"

#include "mlir/IR/Matchers.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>
#include <limits>

using namespace mlir;

namespace rnn::onnx {

using UnaryBody = llvm::function_ref<Value(OpBuilder &, Location, Value)>;

/// `body` on each element, after all checks.
static LogicalResult lowerUnary(NodeLowering &node, UnaryBody body) {
  if (failed(node.accepted()))
    return failure();
  Type element = node.operandType(0).getElementType();
  Value result = elementwise(node, node.operand(0), element, [&](OpBuilder &builder, Location loc, ValueRange values) {
    return body(builder, loc, values[0]);
  });
  node.setResult(0, result);
  return success();
}

/// A unary operator on floats that is one operation.
template <class Op> static LogicalResult lowerFloatUnary(NodeLowering &node) {
  requireFloats(node, {0});
  return lowerUnary(node,
                    [](OpBuilder &builder, Location loc, Value x) -> Value { return Op::create(builder, loc, x); });
}

LogicalResult lowerExp(NodeLowering &node) {
  return lowerFloatUnary<math::ExpOp>(node);
}
LogicalResult lowerLog(NodeLowering &node) {
  return lowerFloatUnary<math::LogOp>(node);
}
LogicalResult lowerSqrt(NodeLowering &node) {
  return lowerFloatUnary<math::SqrtOp>(node);
}
LogicalResult lowerErf(NodeLowering &node) {
  requireFloats(node, {0});
  return lowerUnary(node, [](OpBuilder &builder, Location loc, Value x) -> Value {
    // The polynomial of f32 loses the sign of a zero.
    return math::CopySignOp::create(builder, loc, math::ErfOp::create(builder, loc, x), x);
  });
}

/// The layers' activation on f32, `wide` on f64.
static LogicalResult lowerActivation(NodeLowering &node, ActivationKind kind, UnaryBody wide) {
  requireFloats(node, {0});
  return lowerUnary(node, [&](OpBuilder &builder, Location loc, Value x) -> Value {
    if (x.getType().isF64())
      return wide(builder, loc, x);
    return ActivationOp::create(builder, loc, x.getType(), kind, x, FloatAttr(), FloatAttr());
  });
}
LogicalResult lowerSigmoid(NodeLowering &node) {
  return lowerActivation(node, ActivationKind::Sigmoid, [](OpBuilder &builder, Location loc, Value x) -> Value {
    Value one = constantLike(builder, loc, x.getType(), 1);
    Value power = math::ExpOp::create(builder, loc, arith::NegFOp::create(builder, loc, x));
    return arith::DivFOp::create(builder, loc, one, arith::AddFOp::create(builder, loc, one, power));
  });
}
LogicalResult lowerTanh(NodeLowering &node) {
  return lowerActivation(node, ActivationKind::Tanh, [](OpBuilder &builder, Location loc, Value x) -> Value {
    return math::TanhOp::create(builder, loc, x);
  });
}

LogicalResult lowerRelu(NodeLowering &node) {
  requireNumbers(node, {0});
  return lowerUnary(node, [](OpBuilder &builder, Location loc, Value x) -> Value {
    Value zero = constantLike(builder, loc, x.getType(), 0);
    if (llvm::isa<FloatType>(x.getType()))
      return arith::MaximumFOp::create(builder, loc, x, zero);
    return arith::MaxSIOp::create(builder, loc, x, zero);
  });
}

LogicalResult lowerLeakyRelu(NodeLowering &node) {
  requireFloats(node, {0});
  return lowerUnary(node, [&](OpBuilder &builder, Location loc, Value x) -> Value {
    Value zero = constantLike(builder, loc, x.getType(), 0);
    Value slope = constantLike(builder, loc, x.getType(), node.floatAttr("alpha"));
    Value positive = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGE, x, zero);
    return arith::SelectOp::create(builder, loc, positive, x, arith::MulFOp::create(builder, loc, x, slope));
  });
}

LogicalResult lowerNeg(NodeLowering &node) {
  requireNumbers(node, {0});
  return lowerUnary(node, [](OpBuilder &builder, Location loc, Value x) -> Value {
    if (llvm::isa<FloatType>(x.getType()))
      return arith::NegFOp::create(builder, loc, x);
    return arith::SubIOp::create(builder, loc, constantLike(builder, loc, x.getType(), 0), x);
  });
}

LogicalResult lowerAbs(NodeLowering &node) {
  requireNumbers(node, {0});
  return lowerUnary(node, [&](OpBuilder &builder, Location loc, Value x) -> Value {
    if (llvm::isa<FloatType>(x.getType()))
      return math::AbsFOp::create(builder, loc, x);
    return isUnsigned(node.elementType(0)) ? x : Value(math::AbsIOp::create(builder, loc, x));
  });
}

LogicalResult lowerNot(NodeLowering &node) {
  requireBooleans(node, {0});
  if (failed(node.accepted()))
    return failure();
  if (std::optional<SmallVector<int64_t>> list = node.constantInts(node.operand(0))) {
    ElementList inverted;
    for (int64_t value : *list)
      inverted.push_back(node.builder().getIndexAttr(!value));
    node.setElements(0, node.operandType(0), inverted);
    return success();
  }
  return lowerUnary(node, [](OpBuilder &builder, Location loc, Value x) -> Value {
    return arith::XOrIOp::create(builder, loc, x, arith::ConstantOp::create(builder, loc, builder.getBoolAttr(true)));
  });
}

using BinaryBody = llvm::function_ref<Value(OpBuilder &, Location, Value, Value)>;
using FoldSizes = llvm::function_ref<OpFoldResult(OpBuilder &, Location, OpFoldResult, OpFoldResult)>;

/// A binary operator, after the checks of its elements; on tracked integers of equal count `fold` is applied to the
/// elements, where it is given. Without `result` the elements are of the operands' type.
static LogicalResult lowerBinary(NodeLowering &node, Type result, BinaryBody body, FoldSizes fold = nullptr) {
  requireBroadcast(node, {0, 1});
  if (failed(node.accepted()))
    return failure();
  Value a = node.operand(0), b = node.operand(1);
  if (!result)
    result = node.elementType(0);
  std::optional<ElementList> x = node.elements(a), y = node.elements(b);
  if (fold && x && y && (x->size() == y->size() || x->size() == 1 || y->size() == 1) && !x->empty() && !y->empty()) {
    ElementList list;
    for (size_t i = 0; i < std::max(x->size(), y->size()); ++i)
      list.push_back(fold(node.builder(), node.loc(), (*x)[x->size() == 1 ? 0 : i], (*y)[y->size() == 1 ? 0 : i]));
    if (!llvm::is_contained(list, OpFoldResult())) {
      int64_t rank = std::max(node.operandType(0).getRank(), node.operandType(1).getRank());
      SmallVector<int64_t> shape(rank, static_cast<int64_t>(list.size()));
      node.setElements(0, RankedTensorType::get(shape, result), list);
      return success();
    }
  }
  Value value = elementwise(node, {a, b}, result, [&](OpBuilder &builder, Location loc, ValueRange values) {
    return body(builder, loc, values[0], values[1]);
  });
  node.setResult(0, value);
  return success();
}

template <class FloatOp, class IntOp>
static LogicalResult lowerArithmetic(NodeLowering &node, FoldSizes fold = nullptr) {
  requireNumbers(node, {0, 1});
  return lowerBinary(
      node, /*result=*/nullptr,
      [](OpBuilder &builder, Location loc, Value a, Value b) -> Value {
        if (llvm::isa<FloatType>(a.getType()))
          return FloatOp::create(builder, loc, a, b);
        return IntOp::create(builder, loc, a, b);
      },
      fold);
}

LogicalResult lowerAdd(NodeLowering &node) {
  return lowerArithmetic<arith::AddFOp, arith::AddIOp>(node, addSizes);
}
LogicalResult lowerSub(NodeLowering &node) {
  return lowerArithmetic<arith::SubFOp, arith::SubIOp>(node, subSizes);
}
LogicalResult lowerMul(NodeLowering &node) {
  return lowerArithmetic<arith::MulFOp, arith::MulIOp>(node, mulSizes);
}

/// Ends the run where `b` is zero.
static void requireDivisor(OpBuilder &builder, Location loc, Value b, StringRef op) {
  Value zero = constantLike(builder, loc, b.getType(), 0);
  Value valid = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, b, zero);
  cf::AssertOp::create(builder, loc, valid, (op + " expects divisors that are not zero").str());
}

/// a / b of integers towards zero. A divisor of zero ends the run; the one quotient that does not fit wraps.
static Value divideIntegers(OpBuilder &builder, Location loc, Value a, Value b, bool isUnsigned) {
  Value zero = constantLike(builder, loc, a.getType(), 0), one = constantLike(builder, loc, a.getType(), 1);
  requireDivisor(builder, loc, b, "Div");
  if (isUnsigned)
    return arith::DivUIOp::create(builder, loc, a, b);
  Value minusOne = constantLike(builder, loc, a.getType(), -1);
  Value negates = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, b, minusOne);
  Value safe = arith::SelectOp::create(builder, loc, negates, one, b);
  Value quotient = arith::DivSIOp::create(builder, loc, a, safe);
  return arith::SelectOp::create(builder, loc, negates, arith::SubIOp::create(builder, loc, zero, a), quotient);
}

LogicalResult lowerDiv(NodeLowering &node) {
  requireNumbers(node, {0, 1});
  if (std::optional<SmallVector<int64_t>> divisors = node.constantInts(node.operand(1));
      divisors && isNumber(node.operandType(1).getElementType()) && llvm::is_contained(*divisors, 0))
    (void)node.refuse("of integers expects divisors that are not zero");
  return lowerBinary(
      node, /*result=*/nullptr,
      [&](OpBuilder &builder, Location loc, Value a, Value b) -> Value {
        if (llvm::isa<FloatType>(a.getType()))
          return arith::DivFOp::create(builder, loc, a, b);
        return divideIntegers(builder, loc, a, b, isUnsigned(node.elementType(0)));
      },
      [&](OpBuilder &builder, Location, OpFoldResult a, OpFoldResult b) -> OpFoldResult {
        std::optional<int64_t> x = getConstantIntValue(a), y = getConstantIntValue(b);
        if (!x || !y || *y == 0)
          return {};
        return builder.getIndexAttr(*y == -1 ? static_cast<int64_t>(-static_cast<uint64_t>(*x)) : *x / *y);
      });
}

/// a^b of integers modulo 2^n; of a negative exponent what is left of the fraction.
static Value powerOfIntegers(OpBuilder &builder, Location loc, Value a, bool unsignedBase, Value b, bool isUnsigned) {
  Type type = a.getType();
  Value zero = constantLike(builder, loc, type, 0), one = constantLike(builder, loc, type, 1);
  Value negative = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::slt, b, zero);
  if (isUnsigned)
    negative = arith::ConstantOp::create(builder, loc, builder.getBoolAttr(false));
  // By its bits, from the lowest.
  auto loop = scf::WhileOp::create(
      builder, loc, TypeRange{type, type, type},
      ValueRange{one, a, arith::SelectOp::create(builder, loc, negative, zero, b).getResult()},
      [&](OpBuilder &inner, Location loc, ValueRange state) {
        Value more = arith::CmpIOp::create(inner, loc, arith::CmpIPredicate::ne, state[2], zero);
        scf::ConditionOp::create(inner, loc, more, state);
      },
      [&](OpBuilder &inner, Location loc, ValueRange state) {
        Value odd = arith::CmpIOp::create(inner, loc, arith::CmpIPredicate::ne,
                                          arith::AndIOp::create(inner, loc, state[2], one), zero);
        Value product = arith::MulIOp::create(inner, loc, state[0], state[1]);
        scf::YieldOp::create(inner, loc,
                             ValueRange{arith::SelectOp::create(inner, loc, odd, product, state[0]),
                                        arith::MulIOp::create(inner, loc, state[1], state[1]),
                                        arith::ShRUIOp::create(inner, loc, state[2], one)});
      });
  // Of 1 and -1 every power is whole.
  Value minusOne = constantLike(builder, loc, type, -1);
  auto equals = [&](Value x, Value y) -> Value {
    return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, x, y);
  };
  Value odd = equals(arith::AndIOp::create(builder, loc, b, one), one);
  Value sign = arith::SelectOp::create(builder, loc, odd, minusOne, one);
  Value fraction = unsignedBase ? zero : arith::SelectOp::create(builder, loc, equals(a, minusOne), sign, zero);
  fraction = arith::SelectOp::create(builder, loc, equals(a, one), one, fraction);
  return arith::SelectOp::create(builder, loc, negative, fraction, loop.getResult(0));
}

/// base^exponent: in the base's type, by f64 where that is of integers and the exponent is not.
static Value powerOf(OpBuilder &builder, Location loc, Value a, Type base, Value b, Type exponent) {
  if (llvm::isa<FloatType>(base))
    return math::PowFOp::create(builder, loc, a, convertNumber(builder, loc, b, exponent, base));
  if (llvm::isa<IntegerType>(exponent)) {
    // An exponent beyond what the base's type holds has its low bits; the wider of the two types keeps it.
    Type wide = base.getIntOrFloatBitWidth() < exponent.getIntOrFloatBitWidth() ? b.getType() : a.getType();
    Value result = powerOfIntegers(builder, loc, convertNumber(builder, loc, a, base, wide), isUnsigned(base),
                                   convertNumber(builder, loc, b, exponent, wide), isUnsigned(exponent));
    return convertNumber(builder, loc, result, wide, a.getType());
  }
  Type real = builder.getF64Type();
  Value result = math::PowFOp::create(builder, loc, convertNumber(builder, loc, a, base, real),
                                      convertNumber(builder, loc, b, exponent, real));
  return convertNumber(builder, loc, result, real, base);
}

LogicalResult lowerPow(NodeLowering &node) {
  Value x = node.operand(0), y = node.operand(1);
  Type element = node.elementType(0), other = node.elementType(1);
  for (unsigned index : {0, 1})
    if (Type given = node.elementType(index); given && !isNumber(given))
      (void)node.refuse("expects numbers, found " + llvm::formatv("{0}", node.operandType(index)));
  requireBroadcast(node, {0, 1});
  if (failed(node.accepted()))
    return failure();
  // Small whole exponents are products.
  DenseElementsAttr exponent;
  if (llvm::isa<FloatType>(element) && matchPattern(y, m_Constant(&exponent)) && exponent.isSplat()) {
    double power = llvm::isa<FloatType>(exponent.getElementType())
                       ? exponent.getSplatValue<APFloat>().convertToDouble()
                       : static_cast<double>(exponent.getSplatValue<APInt>().getSExtValue());
    if (power == 2.0 || power == 3.0 || power == 1.0) {
      Value result = elementwise(node, {x, y}, element, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
        Value product = in[0];
        for (int i = 1; i < power; ++i)
          product = arith::MulFOp::create(builder, loc, product, in[0]);
        return product;
      });
      node.setResult(0, result);
      return success();
    }
  }
  Value result = elementwise(node, {x, y}, element, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
    return powerOf(builder, loc, in[0], element, in[1], other);
  });
  node.setResult(0, result);
  return success();
}

using Choose = Value (*)(OpBuilder &, Location, Type, Value, Value);

static LogicalResult lowerExtremum(NodeLowering &node, Choose choose) {
  SmallVector<unsigned> operands = llvm::to_vector(llvm::seq(node.numOperands()));
  requireNumbers(node, operands);
  requireBroadcast(node, operands);
  if (failed(node.accepted()))
    return failure();
  Value result = node.operand(0);
  Type element = node.elementType(0);
  for (unsigned i = 1; i < node.numOperands(); ++i)
    result =
        elementwise(node, {result, node.operand(i)}, element, [&](OpBuilder &builder, Location loc, ValueRange in) {
          return choose(builder, loc, element, in[0], in[1]);
        });
  node.setResult(0, result);
  return success();
}
LogicalResult lowerMin(NodeLowering &node) {
  return lowerExtremum(node, lesserOf);
}
LogicalResult lowerMax(NodeLowering &node) {
  return lowerExtremum(node, greaterOf);
}

/// The sum of all operands.
static Value sumOfOperands(NodeLowering &node) {
  Value sum = node.operand(0);
  for (unsigned i = 1; i < node.numOperands(); ++i)
    sum = elementwise(node, {sum, node.operand(i)}, node.elementType(0),
                      [](OpBuilder &builder, Location loc, ValueRange in) -> Value {
                        return arith::AddFOp::create(builder, loc, in[0], in[1]);
                      });
  return sum;
}

static LogicalResult checkSeveral(NodeLowering &node) {
  SmallVector<unsigned> operands = llvm::to_vector(llvm::seq(node.numOperands()));
  requireFloats(node, operands);
  requireBroadcast(node, operands);
  return node.accepted();
}
LogicalResult lowerSum(NodeLowering &node) {
  if (failed(checkSeveral(node)))
    return failure();
  node.setResult(0, sumOfOperands(node));
  return success();
}
LogicalResult lowerMean(NodeLowering &node) {
  if (failed(checkSeveral(node)))
    return failure();
  Type element = node.elementType(0);
  double count = node.numOperands();
  node.setResult(
      0, elementwise(node, sumOfOperands(node), element, [&](OpBuilder &builder, Location loc, ValueRange in) {
        return arith::DivFOp::create(builder, loc, in[0], constantLike(builder, loc, element, count)).getResult();
      }));
  return success();
}

/// Refuses a bound of Clip that is not one element, of the type of the input where that is a number.
static void requireClipBound(NodeLowering &node, unsigned index, StringRef name) {
  RankedTensorType type = node.operandType(index);
  if (!type)
    return;
  Type wanted = node.elementType(0), given = node.elementType(index);
  bool one = type.hasStaticShape() && type.getNumElements() == 1;
  if (wanted && given && isNumber(wanted)) {
    if (!one || given != wanted)
      (void)node.refuse("expects one " + llvm::formatv("{0}", wanted) + " as " + name + ", found " +
                        llvm::formatv("{0}", type));
  } else if (!one || (given && !isNumber(given))) {
    (void)node.refuse("expects one number as " + name + ", found " + llvm::formatv("{0}", type));
  }
}

LogicalResult lowerClip(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  Type element = node.elementType(0);
  requireNumbers(node, {0});
  bool operands = node.opset() >= 11;
  if (!operands && element && isNumber(element) && !llvm::isa<FloatType>(element))
    (void)node.refuse("expects floats, found " + llvm::formatv("{0}", node.operandType(0)));
  std::array<StringRef, 2> names = {"min", "max"};
  for (auto [index, name] : llvm::enumerate(names))
    requireClipBound(node, index + 1, name);
  if (failed(node.accepted()))
    return failure();
  std::array<Value, 2> bounds;
  for (auto [index, name] : llvm::enumerate(names)) {
    if (Value bound = node.operand(index + 1)) {
      SmallVector<Value> zeros(node.operandType(index + 1).getRank(), arith::ConstantIndexOp::create(builder, loc, 0));
      bounds[index] = signless(builder, loc, tensor::ExtractOp::create(builder, loc, bound, zeros));
    } else if (operands) {
      // By default the bounds are the extremes of the type; only infinities are beyond them.
      if (auto real = dyn_cast<FloatType>(element))
        bounds[index] = arith::ConstantOp::create(
            builder, loc,
            builder.getFloatAttr(real, APFloat::getLargest(real.getFloatSemantics(), /*Negative=*/index == 0)));
    } else if (node.op().getOnnxAttr(name)) {
      bounds[index] = constantLike(builder, loc, element, node.floatAttr(name));
    } else if (node.opset() >= 6) {
      // From opset 6 to 10 an absent bound is the largest finite float.
      bounds[index] = constantLike(
          builder, loc, element, index == 0 ? std::numeric_limits<float>::lowest() : std::numeric_limits<float>::max());
    }
  }
  return lowerUnary(node, [&](OpBuilder &builder, Location loc, Value x) -> Value {
    if (bounds[0])
      x = greaterOf(builder, loc, element, x, bounds[0]);
    if (bounds[1])
      x = lesserOf(builder, loc, element, x, bounds[1]);
    return x;
  });
}

static LogicalResult lowerCompare(NodeLowering &node, arith::CmpFPredicate real, arith::CmpIPredicate whole,
                                  arith::CmpIPredicate natural) {
  bool isNatural = node.elementType(0) && isUnsigned(node.elementType(0));
  return lowerBinary(
      node, node.builder().getI1Type(),
      [&](OpBuilder &builder, Location loc, Value a, Value b) -> Value {
        if (llvm::isa<FloatType>(a.getType()))
          return arith::CmpFOp::create(builder, loc, real, a, b);
        return arith::CmpIOp::create(builder, loc, isNatural ? natural : whole, a, b);
      },
      [&](OpBuilder &builder, Location, OpFoldResult a, OpFoldResult b) -> OpFoldResult {
        std::optional<int64_t> x = getConstantIntValue(a), y = getConstantIntValue(b);
        if (!x || !y)
          return {};
        return builder.getIndexAttr(arith::applyCmpPredicate(whole, APInt(64, *x, true), APInt(64, *y, true)));
      });
}
LogicalResult lowerEqual(NodeLowering &node) {
  requireSameType(node, {0, 1});
  return lowerCompare(node, arith::CmpFPredicate::OEQ, arith::CmpIPredicate::eq, arith::CmpIPredicate::eq);
}
LogicalResult lowerLess(NodeLowering &node) {
  requireNumbers(node, {0, 1});
  return lowerCompare(node, arith::CmpFPredicate::OLT, arith::CmpIPredicate::slt, arith::CmpIPredicate::ult);
}
LogicalResult lowerGreater(NodeLowering &node) {
  requireNumbers(node, {0, 1});
  return lowerCompare(node, arith::CmpFPredicate::OGT, arith::CmpIPredicate::sgt, arith::CmpIPredicate::ugt);
}
LogicalResult lowerLessOrEqual(NodeLowering &node) {
  requireNumbers(node, {0, 1});
  return lowerCompare(node, arith::CmpFPredicate::OLE, arith::CmpIPredicate::sle, arith::CmpIPredicate::ule);
}
LogicalResult lowerGreaterOrEqual(NodeLowering &node) {
  requireNumbers(node, {0, 1});
  return lowerCompare(node, arith::CmpFPredicate::OGE, arith::CmpIPredicate::sge, arith::CmpIPredicate::uge);
}
/// An operator on booleans, or on integers where `bitwise`.
template <class Op> static LogicalResult lowerLogic(NodeLowering &node, bool bitwise) {
  if (bitwise)
    requireWhole(node, {0, 1});
  else
    requireBooleans(node, {0, 1});
  return lowerBinary(node, /*result=*/nullptr, [](OpBuilder &builder, Location loc, Value a, Value b) -> Value {
    return Op::create(builder, loc, a, b);
  });
}
LogicalResult lowerAnd(NodeLowering &node) {
  return lowerLogic<arith::AndIOp>(node, /*bitwise=*/false);
}
LogicalResult lowerOr(NodeLowering &node) {
  return lowerLogic<arith::OrIOp>(node, /*bitwise=*/false);
}
LogicalResult lowerXor(NodeLowering &node) {
  return lowerLogic<arith::XOrIOp>(node, /*bitwise=*/false);
}
LogicalResult lowerBitwiseAnd(NodeLowering &node) {
  return lowerLogic<arith::AndIOp>(node, /*bitwise=*/true);
}
LogicalResult lowerBitwiseOr(NodeLowering &node) {
  return lowerLogic<arith::OrIOp>(node, /*bitwise=*/true);
}
LogicalResult lowerBitwiseXor(NodeLowering &node) {
  return lowerLogic<arith::XOrIOp>(node, /*bitwise=*/true);
}
LogicalResult lowerBitwiseNot(NodeLowering &node) {
  requireWhole(node, {0});
  return lowerUnary(node, [](OpBuilder &builder, Location loc, Value x) -> Value {
    return arith::XOrIOp::create(builder, loc, x, constantLike(builder, loc, x.getType(), -1));
  });
}

/// Shifts by as many bits as there are or more give 0.
LogicalResult lowerBitShift(NodeLowering &node) {
  requireWhole(node, {0, 1});
  for (unsigned index : {0, 1})
    if (Type element = node.elementType(index); element && !isUnsigned(element))
      (void)node.refuse("expects unsigned integers, found " + llvm::formatv("{0}", node.operandType(index)));
  std::optional<StringRef> direction = node.stringAttr("direction");
  return lowerBinary(node, /*result=*/nullptr, [&](OpBuilder &builder, Location loc, Value a, Value b) -> Value {
    Value zero = constantLike(builder, loc, a.getType(), 0);
    Value width = constantLike(builder, loc, a.getType(), a.getType().getIntOrFloatBitWidth());
    Value fits = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ult, b, width);
    Value count = arith::SelectOp::create(builder, loc, fits, b, zero);
    Value shifted = direction == "LEFT" ? Value(arith::ShLIOp::create(builder, loc, a, count))
                                        : Value(arith::ShRUIOp::create(builder, loc, a, count));
    return arith::SelectOp::create(builder, loc, fits, shifted, zero);
  });
}

/// The remainder of integers: with the sign of the divisor, or of the dividend for `fmod`. A divisor of zero ends the
/// run.
static Value remainder(OpBuilder &builder, Location loc, Value a, Value b, bool isUnsigned, bool fmod) {
  requireDivisor(builder, loc, b, "Mod");
  if (isUnsigned)
    return arith::RemUIOp::create(builder, loc, a, b);
  // The machine faults where the quotient does not fit.
  Value zero = constantLike(builder, loc, a.getType(), 0), one = constantLike(builder, loc, a.getType(), 1);
  Value minusOne = constantLike(builder, loc, a.getType(), -1);
  Value negates = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, b, minusOne);
  Value rest = arith::RemSIOp::create(builder, loc, a, arith::SelectOp::create(builder, loc, negates, one, b));
  if (fmod)
    return rest;
  Value some = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, rest, zero);
  Value differs = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::slt,
                                        arith::XOrIOp::create(builder, loc, rest, b), zero);
  Value moved = arith::AddIOp::create(builder, loc, rest, b);
  return arith::SelectOp::create(builder, loc, arith::AndIOp::create(builder, loc, some, differs), moved, rest);
}

LogicalResult lowerMod(NodeLowering &node) {
  requireNumbers(node, {0, 1});
  std::optional<int64_t> fmod = node.intAttr("fmod");
  if (Type element = node.elementType(0); fmod == 0 && element && llvm::isa<FloatType>(element))
    (void)node.refuse("of floats expects fmod = 1, found 0");
  return lowerBinary(node, /*result=*/nullptr, [&](OpBuilder &builder, Location loc, Value a, Value b) -> Value {
    if (llvm::isa<FloatType>(a.getType()))
      return arith::RemFOp::create(builder, loc, a, b);
    return remainder(builder, loc, a, b, isUnsigned(node.elementType(0)), *fmod);
  });
}

LogicalResult lowerWhere(NodeLowering &node) {
  requireBooleans(node, {0});
  RankedTensorType x = node.operandType(1), y = node.operandType(2);
  if (Type first = node.elementType(1), second = node.elementType(2); first && second && first != second)
    (void)node.refuse("expects X and Y of one type, found " + llvm::formatv("{0} and {1}", x, y));
  requireBroadcast(node, {0, 1, 2});
  if (failed(node.accepted()))
    return failure();
  // Sizes chosen by a known condition stay known.
  std::optional<SmallVector<int64_t>> chosen = node.constantInts(node.operand(0));
  std::optional<ElementList> first = node.elements(node.operand(1)), second = node.elements(node.operand(2));
  if (chosen && first && second) {
    size_t count = std::max({chosen->size(), first->size(), second->size()});
    auto fits = [&](size_t size) { return size == count || size == 1; };
    if (fits(chosen->size()) && fits(first->size()) && fits(second->size())) {
      ElementList list;
      for (size_t i = 0; i < count; ++i)
        list.push_back((*chosen)[chosen->size() == 1 ? 0 : i] ? (*first)[first->size() == 1 ? 0 : i]
                                                              : (*second)[second->size() == 1 ? 0 : i]);
      int64_t rank = std::max({node.operandType(0).getRank(), x.getRank(), y.getRank()});
      SmallVector<int64_t> shape(rank, static_cast<int64_t>(count));
      node.setElements(0, RankedTensorType::get(shape, x.getElementType()), list);
      return success();
    }
  }
  Value result = elementwise(node, {node.operand(0), node.operand(1), node.operand(2)}, x.getElementType(),
                             [](OpBuilder &builder, Location loc, ValueRange in) -> Value {
                               return arith::SelectOp::create(builder, loc, in[0], in[1], in[2]);
                             });
  node.setResult(0, result);
  return success();
}

/// Operand 0 as elements of type `to`.
static LogicalResult setCast(NodeLowering &node, Type to) {
  // Sizes stay known in types that hold every size.
  std::optional<ElementList> list = node.elements(node.operand(0));
  std::optional<SmallVector<int64_t>> known = node.constantInts(node.operand(0));
  RankedTensorType result = node.operandType(0).clone(to);
  if (known && to.isSignlessInteger()) {
    ElementList converted;
    for (int64_t value : *known)
      converted.push_back(node.builder().getIndexAttr(to.isInteger(1) ? value != 0 : value));
    node.setElements(0, result, converted);
  } else if (list && (to.isSignlessInteger(32) || to.isSignlessInteger(64))) {
    node.setElements(0, result, *list);
  } else {
    node.setResult(0, convertElements(node, node.operand(0), to));
  }
  return success();
}

LogicalResult lowerCast(NodeLowering &node) {
  if (failed(node.accepted()))
    return failure();
  return setCast(node, elementTypeOf(node.builder(), *node.intAttr("to")));
}

LogicalResult lowerCastLike(NodeLowering &node) {
  if (failed(node.accepted()))
    return failure();
  return setCast(node, node.elementType(1));
}

LogicalResult lowerBitCast(NodeLowering &node) {
  std::optional<int64_t> wanted = node.intAttr("to");
  Type from = node.elementType(0), to = wanted ? elementTypeOf(node.builder(), *wanted) : Type();
  if (from && to && (from.isInteger(1) || from.getIntOrFloatBitWidth() != to.getIntOrFloatBitWidth()))
    (void)node.refuse("expects types of equally many bits, found " + llvm::formatv("{0} and {1}", from, to));
  if (failed(node.accepted()))
    return failure();
  auto whole = dyn_cast<IntegerType>(to);
  Type plain = whole ? node.builder().getIntegerType(whole.getWidth()) : to;
  node.setResult(0,
                 elementwise(node, node.operand(0), to, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
                   return in[0].getType() == plain ? in[0] : arith::BitcastOp::create(builder, loc, plain, in[0]);
                 }));
  return success();
}

LogicalResult lowerDropout(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  if (node.opset() < 7 && node.intAttr("is_test") == 0)
    (void)node.refuseBeyond(Limit::InferenceOnly, "is_test = 0");
  if (node.elementType(2)) {
    std::optional<SmallVector<int64_t>> on = node.constantInts(node.operand(2));
    if (!on || on->size() != 1 || (*on)[0])
      (void)node.refuseBeyond(Limit::InferenceOnly, "training_mode");
  }
  if (node.op().wantsOutput(1) && node.opset() < 12)
    (void)node.refuseBeyond(Limit::MaskSince12, "opset " + Twine(node.opset()));
  if (failed(node.accepted()))
    return failure();
  node.setResult(0, node.operand(0));
  if (!node.op().wantsOutput(1))
    return success();
  // In inference nothing is dropped.
  SmallVector<OpFoldResult> sizes = sizesOf(builder, node.loc(), node.operand(0));
  Value yes = arith::ConstantOp::create(builder, node.loc(), builder.getBoolAttr(true));
  Value empty = tensor::EmptyOp::create(builder, node.loc(), sizes, builder.getI1Type());
  node.setResult(1, linalg::FillOp::create(builder, node.loc(), yes, empty).getResult(0));
  return success();
}

} // namespace rnn::onnx
