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

//===----------------------------------------------------------------------===//
// Broadcasting
//===----------------------------------------------------------------------===//

/// The element of `value` at `index` of a larger shape: dimensions of size 1 are read at 0, at run time where the size
/// is known then only.
static Value readBroadcast(OpBuilder &builder, Location loc, Value value, ValueRange index) {
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<Value> at;
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    Value position = index[index.size() - type.getRank() + dim];
    if (type.getDimSize(dim) == 1) {
      position = arith::ConstantIndexOp::create(builder, loc, 0);
    } else if (type.isDynamicDim(dim)) {
      Value one = arith::ConstantIndexOp::create(builder, loc, 1),
            zero = arith::ConstantIndexOp::create(builder, loc, 0);
      Value size = tensor::DimOp::create(builder, loc, value, dim);
      Value single = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, size, one);
      position = arith::SelectOp::create(builder, loc, single, zero, position);
    }
    at.push_back(position);
  }
  return tensor::ExtractOp::create(builder, loc, value, at);
}

Value broadcastTo(OpBuilder &builder, Location loc, Value value, ArrayRef<OpFoldResult> sizes) {
  auto type = cast<RankedTensorType>(value.getType());
  if (llvm::equal(sizesOf(builder, loc, value), sizes, sameSize))
    return value;
  RankedTensorType result = typeOf(sizes, type.getElementType());
  Value empty = tensor::EmptyOp::create(builder, loc, sizes, type.getElementType());
  SmallVector<AffineMap> maps = {builder.getMultiDimIdentityMap(sizes.size())};
  SmallVector<utils::IteratorType> iterators(sizes.size(), utils::IteratorType::parallel);
  auto generic =
      linalg::GenericOp::create(builder, loc, result, ValueRange{}, ValueRange{empty}, maps, iterators,
                                [&](OpBuilder &builder, Location loc, ValueRange) {
                                  SmallVector<Value> index;
                                  for (size_t dim = 0; dim < sizes.size(); ++dim)
                                    index.push_back(linalg::IndexOp::create(builder, loc, dim));
                                  linalg::YieldOp::create(builder, loc, readBroadcast(builder, loc, value, index));
                                });
  return generic.getResult(0);
}

std::optional<int64_t> joinStatic(int64_t a, int64_t b) {
  if (a == b || b == 1)
    return a;
  if (a == 1 || ShapedType::isDynamic(a))
    return b;
  return ShapedType::isDynamic(b) ? std::optional(a) : std::nullopt;
}

void requireBroadcast(NodeLowering &node, ArrayRef<unsigned> operands) {
  SmallVector<int64_t> joint; // from the last dimension on
  for (unsigned index : operands) {
    RankedTensorType type = node.operandType(index);
    if (!type)
      continue;
    joint.resize(std::max<size_t>(joint.size(), type.getRank()), 1);
    for (auto [size, own] : llvm::zip(joint, llvm::reverse(type.getShape()))) {
      std::optional<int64_t> both = joinStatic(size, own);
      if (!both)
        return (void)node.refuse("expects operands whose shapes broadcast, found " + node.typesOf(operands));
      size = *both;
    }
  }
}

OpFoldResult joinSizes(NodeLowering &node, OpFoldResult a, OpFoldResult b) {
  int64_t x = staticOf(a), y = staticOf(b);
  if (sameSize(a, b) || y == 1)
    return a;
  if (x == 1)
    return b;
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  Value one = arith::ConstantIndexOp::create(builder, loc, 1);
  Value p = asIndex(builder, loc, a), q = asIndex(builder, loc, b);
  auto equal = [&](Value l, Value r) -> Value {
    return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, l, r);
  };
  Value fits = equal(p, q);
  if (x == ShapedType::kDynamic)
    fits = arith::OrIOp::create(builder, loc, fits, equal(p, one));
  if (y == ShapedType::kDynamic)
    fits = arith::OrIOp::create(builder, loc, fits, equal(q, one));
  node.require(fits, "expects operands whose shapes broadcast");
  if (x != ShapedType::kDynamic)
    return a;
  if (y != ShapedType::kDynamic)
    return b;
  return arith::SelectOp::create(builder, loc, equal(p, one), q, p).getResult();
}

Value elementwise(NodeLowering &node, ArrayRef<Value> operands, Type element,
                  llvm::function_ref<Value(OpBuilder &, Location, ValueRange)> body) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  int64_t rank = 0;
  for (Value operand : operands)
    rank = std::max(rank, cast<RankedTensorType>(operand.getType()).getRank());
  SmallVector<OpFoldResult> sizes(rank, builder.getIndexAttr(1));
  SmallVector<SmallVector<OpFoldResult>> given;
  for (Value operand : operands) {
    ArrayRef<OpFoldResult> own = given.emplace_back(sizesOf(builder, loc, operand));
    for (size_t dim = 0; dim < own.size(); ++dim) {
      OpFoldResult &size = sizes[rank - own.size() + dim];
      size = joinSizes(node, size, own[dim]);
    }
  }
  SmallVector<Value> inputs;
  SmallVector<AffineMap> maps;
  for (auto [operand, own] : llvm::zip_equal(operands, given)) {
    SmallVector<AffineExpr> exprs;
    bool certain = true;
    for (size_t dim = 0; dim < own.size(); ++dim) {
      OpFoldResult joint = sizes[rank - own.size() + dim];
      bool single = staticOf(own[dim]) == 1;
      exprs.push_back(single ? builder.getAffineConstantExpr(0) : builder.getAffineDimExpr(rank - own.size() + dim));
      certain &= single || sameSize(own[dim], joint) || staticOf(own[dim]) != ShapedType::kDynamic;
    }
    if (certain) {
      inputs.push_back(operand);
      maps.push_back(AffineMap::get(rank, 0, exprs, builder.getContext()));
    } else {
      inputs.push_back(broadcastTo(builder, loc, operand, sizes));
      maps.push_back(builder.getMultiDimIdentityMap(rank));
    }
  }
  Value empty = tensor::EmptyOp::create(builder, loc, sizes, element);
  maps.push_back(builder.getMultiDimIdentityMap(rank));
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
  auto generic =
      linalg::GenericOp::create(builder, loc, typeOf(sizes, element), inputs, ValueRange{empty}, maps, iterators,
                                [&](OpBuilder &builder, Location loc, ValueRange values) {
                                  linalg::YieldOp::create(builder, loc, body(builder, loc, values.drop_back()));
                                });
  return generic.getResult(0);
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

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

static bool isNumber(Type element) {
  return element.isIntOrFloat() && !element.isInteger(1);
}
static bool isBoolean(Type element) {
  return element.isInteger(1);
}

/// Refuses those of the operands that are not `wanted` (numbers, booleans), and of the others those that are not of
/// one type.
static void requireElements(NodeLowering &node, ArrayRef<unsigned> operands, bool (*fits)(Type), StringRef wanted) {
  std::optional<unsigned> first;
  for (unsigned index : operands) {
    Type element = node.elementType(index);
    if (!element)
      continue;
    if (fits && !fits(element))
      (void)node.refuse("expects " + wanted + ", found " + llvm::formatv("{0}", node.operandType(index)));
    else if (!first)
      first = index;
    else if (element != node.elementType(*first))
      (void)node.refuse("expects operands of one type, found " + node.typesOf({*first, index}));
  }
}
static void requireNumbers(NodeLowering &node, ArrayRef<unsigned> operands) {
  requireElements(node, operands, isNumber, "numbers");
}
static void requireBooleans(NodeLowering &node, ArrayRef<unsigned> operands) {
  requireElements(node, operands, isBoolean, "booleans");
}

static void requireFloat(NodeLowering &node) {
  if (Type element = node.elementType(0); element && !element.isF32() && !element.isF64())
    (void)node.refuseBeyond(Limit::F32AndF64, llvm::formatv("{0}", element));
}

/// A unary operator on floats that is one operation.
template <class Op> static LogicalResult lowerFloatUnary(NodeLowering &node) {
  requireFloat(node);
  return lowerUnary(node,
                    [](OpBuilder &builder, Location loc, Value x) -> Value { return Op::create(builder, loc, x); });
}

static Value constantLike(OpBuilder &builder, Location loc, Type type, double value) {
  if (auto real = dyn_cast<FloatType>(type))
    return arith::ConstantOp::create(builder, loc, builder.getFloatAttr(real, value));
  return arith::ConstantOp::create(builder, loc, builder.getIntegerAttr(type, static_cast<int64_t>(value)));
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
  requireFloat(node);
  return lowerUnary(node, [](OpBuilder &builder, Location loc, Value x) -> Value {
    // The polynomial of f32 loses the sign of a zero.
    return math::CopySignOp::create(builder, loc, math::ErfOp::create(builder, loc, x), x);
  });
}

/// The layers' activation on f32, `wide` on f64.
static LogicalResult lowerActivation(NodeLowering &node, ActivationKind kind, UnaryBody wide) {
  requireFloat(node);
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
  requireFloat(node);
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
  return lowerUnary(node, [](OpBuilder &builder, Location loc, Value x) -> Value {
    if (llvm::isa<FloatType>(x.getType()))
      return math::AbsFOp::create(builder, loc, x);
    return math::AbsIOp::create(builder, loc, x);
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

/// a / b of integers towards zero. A divisor of zero ends the run; the one quotient that does not fit wraps.
static Value divideIntegers(OpBuilder &builder, Location loc, Value a, Value b) {
  Value zero = constantLike(builder, loc, a.getType(), 0), one = constantLike(builder, loc, a.getType(), 1);
  Value valid = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, b, zero);
  cf::AssertOp::create(builder, loc, valid, "Div expects divisors that are not zero");
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
      [](OpBuilder &builder, Location loc, Value a, Value b) -> Value {
        if (llvm::isa<FloatType>(a.getType()))
          return arith::DivFOp::create(builder, loc, a, b);
        return divideIntegers(builder, loc, a, b);
      },
      [&](OpBuilder &builder, Location, OpFoldResult a, OpFoldResult b) -> OpFoldResult {
        std::optional<int64_t> x = getConstantIntValue(a), y = getConstantIntValue(b);
        if (!x || !y || *y == 0)
          return {};
        return builder.getIndexAttr(*y == -1 ? static_cast<int64_t>(-static_cast<uint64_t>(*x)) : *x / *y);
      });
}

static Value convertNumber(OpBuilder &builder, Location loc, Value x, Type to);

LogicalResult lowerPow(NodeLowering &node) {
  Value x = node.operand(0), y = node.operand(1);
  Type element = node.elementType(0), other = node.elementType(1);
  if (element && !element.isF32() && !element.isF64())
    (void)node.refuseBeyond(Limit::FloatBase, llvm::formatv("{0}", element));
  if (other && !isNumber(other))
    (void)node.refuse("expects numbers, found " + llvm::formatv("{0}", y.getType()));
  requireBroadcast(node, {0, 1});
  if (failed(node.accepted()))
    return failure();
  // Small whole exponents are products.
  DenseElementsAttr exponent;
  if (matchPattern(y, m_Constant(&exponent)) && exponent.isSplat()) {
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
    return math::PowFOp::create(builder, loc, in[0], convertNumber(builder, loc, in[1], element));
  });
  node.setResult(0, result);
  return success();
}

template <class FloatOp, class IntOp> static LogicalResult lowerExtremum(NodeLowering &node) {
  SmallVector<unsigned> operands = llvm::to_vector(llvm::seq(node.numOperands()));
  requireNumbers(node, operands);
  requireBroadcast(node, operands);
  if (failed(node.accepted()))
    return failure();
  Value result = node.operand(0);
  for (unsigned i = 1; i < node.numOperands(); ++i)
    result = elementwise(node, {result, node.operand(i)}, node.operandType(0).getElementType(),
                         [](OpBuilder &builder, Location loc, ValueRange in) -> Value {
                           if (llvm::isa<FloatType>(in[0].getType()))
                             return FloatOp::create(builder, loc, in[0], in[1]);
                           return IntOp::create(builder, loc, in[0], in[1]);
                         });
  node.setResult(0, result);
  return success();
}
LogicalResult lowerMin(NodeLowering &node) {
  return lowerExtremum<arith::MinimumFOp, arith::MinSIOp>(node);
}
LogicalResult lowerMax(NodeLowering &node) {
  return lowerExtremum<arith::MaximumFOp, arith::MaxSIOp>(node);
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
      bounds[index] = tensor::ExtractOp::create(builder, loc, bound, zeros);
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
    bool real = llvm::isa<FloatType>(element);
    if (bounds[0])
      x = real ? Value(arith::MaximumFOp::create(builder, loc, x, bounds[0]))
               : Value(arith::MaxSIOp::create(builder, loc, x, bounds[0]));
    if (bounds[1])
      x = real ? Value(arith::MinimumFOp::create(builder, loc, x, bounds[1]))
               : Value(arith::MinSIOp::create(builder, loc, x, bounds[1]));
    return x;
  });
}

static LogicalResult lowerCompare(NodeLowering &node, arith::CmpFPredicate real, arith::CmpIPredicate whole) {
  return lowerBinary(
      node, node.builder().getI1Type(),
      [&](OpBuilder &builder, Location loc, Value a, Value b) -> Value {
        if (llvm::isa<FloatType>(a.getType()))
          return arith::CmpFOp::create(builder, loc, real, a, b);
        return arith::CmpIOp::create(builder, loc, whole, a, b);
      },
      [&](OpBuilder &builder, Location, OpFoldResult a, OpFoldResult b) -> OpFoldResult {
        std::optional<int64_t> x = getConstantIntValue(a), y = getConstantIntValue(b);
        if (!x || !y)
          return {};
        return builder.getIndexAttr(arith::applyCmpPredicate(whole, APInt(64, *x, true), APInt(64, *y, true)));
      });
}
LogicalResult lowerEqual(NodeLowering &node) {
  requireElements(node, {0, 1}, /*fits=*/nullptr, "");
  return lowerCompare(node, arith::CmpFPredicate::OEQ, arith::CmpIPredicate::eq);
}
LogicalResult lowerLess(NodeLowering &node) {
  requireNumbers(node, {0, 1});
  return lowerCompare(node, arith::CmpFPredicate::OLT, arith::CmpIPredicate::slt);
}
LogicalResult lowerGreater(NodeLowering &node) {
  requireNumbers(node, {0, 1});
  return lowerCompare(node, arith::CmpFPredicate::OGT, arith::CmpIPredicate::sgt);
}
LogicalResult lowerAnd(NodeLowering &node) {
  requireBooleans(node, {0, 1});
  return lowerBinary(node, node.builder().getI1Type(), [](OpBuilder &builder, Location loc, Value a, Value b) -> Value {
    return arith::AndIOp::create(builder, loc, a, b);
  });
}
LogicalResult lowerOr(NodeLowering &node) {
  requireBooleans(node, {0, 1});
  return lowerBinary(node, node.builder().getI1Type(), [](OpBuilder &builder, Location loc, Value a, Value b) -> Value {
    return arith::OrIOp::create(builder, loc, a, b);
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

/// The MLIR type of a TensorProto data type that the record of Cast permits.
static Type elementTypeOf(OpBuilder &builder, int64_t onnxType) {
  switch (onnxType) {
  case 1:
    return builder.getF32Type();
  case 3:
    return builder.getI8Type();
  case 5:
    return builder.getI16Type();
  case 6:
    return builder.getI32Type();
  case 7:
    return builder.getI64Type();
  case 9:
    return builder.getI1Type();
  case 11:
    return builder.getF64Type();
  default:
    llvm_unreachable("the record of Cast permits no other");
  }
}

/// Floats as integers: the fraction is cut off, what does not fit becomes the nearest integer there is, NaN becomes 0.
static Value floatToInteger(OpBuilder &builder, Location loc, Value x, Type to) {
  unsigned width = to.getIntOrFloatBitWidth();
  double limit = std::ldexp(1.0, static_cast<int>(width) - 1);
  Value low = constantLike(builder, loc, x.getType(), -limit), high = constantLike(builder, loc, x.getType(), limit);
  Value above = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGE, x, high);
  Value below = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OLT, x, low);
  Value nan = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::UNO, x, x);
  Value outside = arith::OrIOp::create(builder, loc, arith::OrIOp::create(builder, loc, above, below), nan);
  Value zero = constantLike(builder, loc, x.getType(), 0);
  Value whole = arith::FPToSIOp::create(builder, loc, to, arith::SelectOp::create(builder, loc, outside, zero, x));
  Value most = arith::ConstantOp::create(builder, loc, builder.getIntegerAttr(to, APInt::getSignedMaxValue(width)));
  Value least = arith::ConstantOp::create(builder, loc, builder.getIntegerAttr(to, APInt::getSignedMinValue(width)));
  whole = arith::SelectOp::create(builder, loc, above, most, whole);
  return arith::SelectOp::create(builder, loc, below, least, whole);
}

/// `x` as a number, or boolean, of type `to`.
static Value convertNumber(OpBuilder &builder, Location loc, Value x, Type to) {
  Type from = x.getType();
  if (auto whole = dyn_cast<IntegerType>(from); whole && whole.isUnsigned()) {
    Type signless = builder.getIntegerType(whole.getWidth());
    x = UnrealizedConversionCastOp::create(builder, loc, signless, x).getResult(0);
    if (whole.getWidth() < 64)
      x = arith::ExtUIOp::create(builder, loc, builder.getIntegerType(whole.getWidth() * 2), x);
    else if (llvm::isa<FloatType>(to))
      return arith::UIToFPOp::create(builder, loc, to, x);
    return convertNumber(builder, loc, x, to);
  }
  if (from == to)
    return x;
  bool fromFloat = llvm::isa<FloatType>(from), toFloat = llvm::isa<FloatType>(to), fromBool = from.isInteger(1);
  if (to.isInteger(1)) {
    Value zero = constantLike(builder, loc, from, 0);
    if (fromFloat)
      return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::UNE, x, zero);
    return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, x, zero);
  }
  if (fromFloat && toFloat)
    return from.getIntOrFloatBitWidth() < to.getIntOrFloatBitWidth()
               ? Value(arith::ExtFOp::create(builder, loc, to, x))
               : Value(arith::TruncFOp::create(builder, loc, to, x));
  if (fromFloat)
    return floatToInteger(builder, loc, x, to);
  if (toFloat)
    return fromBool ? Value(arith::UIToFPOp::create(builder, loc, to, x))
                    : Value(arith::SIToFPOp::create(builder, loc, to, x));
  if (from.getIntOrFloatBitWidth() > to.getIntOrFloatBitWidth())
    return arith::TruncIOp::create(builder, loc, to, x);
  return fromBool ? Value(arith::ExtUIOp::create(builder, loc, to, x))
                  : Value(arith::ExtSIOp::create(builder, loc, to, x));
}

LogicalResult lowerCast(NodeLowering &node) {
  Type from = node.elementType(0);
  if (from && !from.isF32() && !from.isF64() && !from.isInteger())
    (void)node.refuseBeyond(Limit::CastSource, llvm::formatv("{0}", node.operandType(0)));
  if (failed(node.accepted()))
    return failure();
  Type to = elementTypeOf(node.builder(), *node.intAttr("to"));
  if (from == to) {
    node.setResult(0, node.operand(0));
    return success();
  }
  // Sizes stay known in types that hold every size.
  std::optional<ElementList> list = node.elements(node.operand(0));
  std::optional<SmallVector<int64_t>> known = node.constantInts(node.operand(0));
  RankedTensorType result = node.operandType(0).clone(to);
  if (known && to.isSignlessInteger()) {
    ElementList converted;
    for (int64_t value : *known)
      converted.push_back(node.builder().getIndexAttr(to.isInteger(1) ? value != 0 : value));
    node.setElements(0, result, converted);
    return success();
  }
  if (list && (to.isSignlessInteger(32) || to.isSignlessInteger(64))) {
    node.setElements(0, result, *list);
    return success();
  }
  Value value = elementwise(node, node.operand(0), to, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
    return convertNumber(builder, loc, in[0], to);
  });
  node.setResult(0, value);
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
