//===- Elementwise.cpp - Operators on each element --------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Conversion/OnnxLowering.h"
#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"

#include "mlir/IR/Matchers.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

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
      Value one = arith::ConstantIndexOp::create(builder, loc, 1), zero = arith::ConstantIndexOp::create(builder, loc, 0);
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
  if (llvm::equal(tensor::getMixedSizes(builder, loc, value), sizes))
    return value;
  RankedTensorType result = typeOf(sizes, type.getElementType());
  Value empty = tensor::EmptyOp::create(builder, loc, sizes, type.getElementType());
  SmallVector<AffineMap> maps = {builder.getMultiDimIdentityMap(sizes.size())};
  SmallVector<utils::IteratorType> iterators(sizes.size(), utils::IteratorType::parallel);
  auto generic = linalg::GenericOp::create(
      builder, loc, result, ValueRange{}, ValueRange{empty}, maps, iterators,
      [&](OpBuilder &builder, Location loc, ValueRange) {
        SmallVector<Value> index;
        for (size_t dim = 0; dim < sizes.size(); ++dim)
          index.push_back(linalg::IndexOp::create(builder, loc, dim));
        linalg::YieldOp::create(builder, loc, readBroadcast(builder, loc, value, index));
      });
  return generic.getResult(0);
}

/// The size that operands of sizes `a` and `b` have together; with a check where that is not known. Null if they differ.
static OpFoldResult joinSizes(NodeLowering &node, OpFoldResult a, OpFoldResult b) {
  int64_t x = staticOf(a), y = staticOf(b);
  if (a == b || y == 1)
    return a;
  if (x == 1)
    return b;
  if (x != ShapedType::kDynamic && y != ShapedType::kDynamic)
    return x == y ? a : OpFoldResult();
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
  for (Value operand : operands) {
    SmallVector<OpFoldResult> own = tensor::getMixedSizes(builder, loc, operand);
    for (size_t dim = 0; dim < own.size(); ++dim) {
      OpFoldResult &size = sizes[rank - own.size() + dim];
      size = joinSizes(node, size, own[dim]);
      if (!size) {
        (void)node.refuse("expects operands whose shapes broadcast, found " +
                          llvm::join(llvm::map_range(operands,
                                                     [](Value value) {
                                                       std::string text;
                                                       llvm::raw_string_ostream(text) << value.getType();
                                                       return text;
                                                     }),
                                     " and "));
        return nullptr;
      }
    }
  }
  SmallVector<Value> inputs;
  SmallVector<AffineMap> maps;
  for (Value operand : operands) {
    SmallVector<OpFoldResult> own = tensor::getMixedSizes(builder, loc, operand);
    SmallVector<AffineExpr> exprs;
    bool certain = true;
    for (size_t dim = 0; dim < own.size(); ++dim) {
      OpFoldResult joint = sizes[rank - own.size() + dim];
      bool single = staticOf(own[dim]) == 1;
      exprs.push_back(single ? builder.getAffineConstantExpr(0) : builder.getAffineDimExpr(rank - own.size() + dim));
      certain &= single || own[dim] == joint || (operands.size() == 1) || staticOf(own[dim]) != ShapedType::kDynamic;
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
  auto generic = linalg::GenericOp::create(builder, loc, typeOf(sizes, element), inputs, ValueRange{empty}, maps,
                                           iterators, [&](OpBuilder &builder, Location loc, ValueRange values) {
                                             linalg::YieldOp::create(builder, loc,
                                                                     body(builder, loc, values.drop_back()));
                                           });
  return generic.getResult(0);
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

using UnaryBody = llvm::function_ref<Value(OpBuilder &, Location, Value)>;

static LogicalResult lowerUnary(NodeLowering &node, UnaryBody body) {
  Type element = node.operandType(0).getElementType();
  Value result = elementwise(node, node.operand(0), element, [&](OpBuilder &builder, Location loc, ValueRange values) {
    return body(builder, loc, values[0]);
  });
  node.setResult(0, result);
  return success();
}

static LogicalResult requireFloat(NodeLowering &node) {
  Type element = node.operandType(0).getElementType();
  if (element.isF32() || element.isF64())
    return success();
  return node.refuse("supports f32 and f64, found " + llvm::formatv("{0}", element));
}

/// A unary operator on floats that is one operation.
template <class Op> static LogicalResult lowerFloatUnary(NodeLowering &node) {
  if (failed(requireFloat(node)))
    return failure();
  return lowerUnary(node, [](OpBuilder &builder, Location loc, Value x) -> Value { return Op::create(builder, loc, x); });
}

static Value constantLike(OpBuilder &builder, Location loc, Type type, double value) {
  if (auto real = dyn_cast<FloatType>(type))
    return arith::ConstantOp::create(builder, loc, builder.getFloatAttr(real, value));
  return arith::ConstantOp::create(builder, loc, builder.getIntegerAttr(type, static_cast<int64_t>(value)));
}

LogicalResult lowerExp(NodeLowering &node) { return lowerFloatUnary<math::ExpOp>(node); }
LogicalResult lowerLog(NodeLowering &node) { return lowerFloatUnary<math::LogOp>(node); }
LogicalResult lowerSqrt(NodeLowering &node) { return lowerFloatUnary<math::SqrtOp>(node); }
LogicalResult lowerErf(NodeLowering &node) { return lowerFloatUnary<math::ErfOp>(node); }

static LogicalResult lowerActivation(NodeLowering &node, ActivationKind kind) {
  if (!node.operandType(0).getElementType().isF32())
    return node.refuse("supports f32, found " + llvm::formatv("{0}", node.operandType(0).getElementType()));
  return lowerUnary(node, [&](OpBuilder &builder, Location loc, Value x) -> Value {
    return ActivationOp::create(builder, loc, x.getType(), kind, x, FloatAttr(), FloatAttr());
  });
}
LogicalResult lowerSigmoid(NodeLowering &node) { return lowerActivation(node, ActivationKind::Sigmoid); }
LogicalResult lowerTanh(NodeLowering &node) { return lowerActivation(node, ActivationKind::Tanh); }

LogicalResult lowerRelu(NodeLowering &node) {
  return lowerUnary(node, [](OpBuilder &builder, Location loc, Value x) -> Value {
    Value zero = constantLike(builder, loc, x.getType(), 0);
    if (llvm::isa<FloatType>(x.getType()))
      return arith::MaximumFOp::create(builder, loc, x, zero);
    return arith::MaxSIOp::create(builder, loc, x, zero);
  });
}

LogicalResult lowerLeakyRelu(NodeLowering &node) {
  if (failed(requireFloat(node)))
    return failure();
  return lowerUnary(node, [&](OpBuilder &builder, Location loc, Value x) -> Value {
    Value zero = constantLike(builder, loc, x.getType(), 0);
    Value slope = constantLike(builder, loc, x.getType(), node.floatAttr("alpha"));
    Value positive = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGE, x, zero);
    return arith::SelectOp::create(builder, loc, positive, x, arith::MulFOp::create(builder, loc, x, slope));
  });
}

LogicalResult lowerNeg(NodeLowering &node) {
  return lowerUnary(node, [](OpBuilder &builder, Location loc, Value x) -> Value {
    if (llvm::isa<FloatType>(x.getType()))
      return arith::NegFOp::create(builder, loc, x);
    return arith::SubIOp::create(builder, loc, constantLike(builder, loc, x.getType(), 0), x);
  });
}

LogicalResult lowerAbs(NodeLowering &node) {
  return lowerUnary(node, [](OpBuilder &builder, Location loc, Value x) -> Value {
    if (llvm::isa<FloatType>(x.getType()))
      return math::AbsFOp::create(builder, loc, x);
    return math::AbsIOp::create(builder, loc, x);
  });
}

LogicalResult lowerNot(NodeLowering &node) {
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

/// A binary operator; on tracked integers of equal count `fold` is applied to the elements, where it is given.
static LogicalResult lowerBinary(NodeLowering &node, Type result, BinaryBody body, FoldSizes fold = nullptr) {
  Value a = node.operand(0), b = node.operand(1);
  if (node.operandType(0).getElementType() != node.operandType(1).getElementType())
    return node.refuse("expects operands of one type, found " + llvm::formatv("{0} and {1}", a.getType(), b.getType()));
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
  if (!value)
    return failure();
  node.setResult(0, value);
  return success();
}

template <class FloatOp, class IntOp> static LogicalResult lowerArithmetic(NodeLowering &node, FoldSizes fold = nullptr) {
  return lowerBinary(
      node, node.operandType(0).getElementType(),
      [](OpBuilder &builder, Location loc, Value a, Value b) -> Value {
        if (llvm::isa<FloatType>(a.getType()))
          return FloatOp::create(builder, loc, a, b);
        return IntOp::create(builder, loc, a, b);
      },
      fold);
}

LogicalResult lowerAdd(NodeLowering &node) { return lowerArithmetic<arith::AddFOp, arith::AddIOp>(node, addSizes); }
LogicalResult lowerSub(NodeLowering &node) { return lowerArithmetic<arith::SubFOp, arith::SubIOp>(node, subSizes); }
LogicalResult lowerMul(NodeLowering &node) { return lowerArithmetic<arith::MulFOp, arith::MulIOp>(node, mulSizes); }

LogicalResult lowerDiv(NodeLowering &node) {
  if (!llvm::isa<FloatType>(node.operandType(0).getElementType())) {
    std::optional<SmallVector<int64_t>> divisors = node.constantInts(node.operand(1));
    if (!divisors || llvm::is_contained(*divisors, 0))
      return node.refuse("of integers expects divisors that are known and not zero");
  }
  return lowerArithmetic<arith::DivFOp, arith::DivSIOp>(
      node, [](OpBuilder &builder, Location, OpFoldResult a, OpFoldResult b) -> OpFoldResult {
        std::optional<int64_t> x = getConstantIntValue(a), y = getConstantIntValue(b);
        return x && y && *y != 0 ? OpFoldResult(builder.getIndexAttr(*x / *y)) : OpFoldResult();
      });
}

LogicalResult lowerPow(NodeLowering &node) {
  Value x = node.operand(0), y = node.operand(1);
  Type element = node.operandType(0).getElementType();
  if (!element.isF32() && !element.isF64())
    return node.refuse("supports a base of f32 or f64, found " + llvm::formatv("{0}", element));
  // Small whole exponents are products.
  DenseElementsAttr exponent;
  if (matchPattern(y, m_Constant(&exponent)) && exponent.isSplat()) {
    double power = llvm::isa<FloatType>(exponent.getElementType())
                       ? exponent.getSplatValue<APFloat>().convertToDouble()
                       : static_cast<double>(exponent.getSplatValue<APInt>().getSExtValue());
    if (power == 2.0 || power == 3.0 || power == 1.0 || power == 0.5) {
      Value result = elementwise(node, {x, y}, element, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
        if (power == 0.5)
          return math::SqrtOp::create(builder, loc, in[0]);
        Value product = in[0];
        for (int i = 1; i < power; ++i)
          product = arith::MulFOp::create(builder, loc, product, in[0]);
        return product;
      });
      if (!result)
        return failure();
      node.setResult(0, result);
      return success();
    }
  }
  if (node.operandType(1).getElementType() != element)
    return node.refuse("supports a variable exponent of the type of the base, found " + llvm::formatv("{0}", y.getType()));
  return lowerBinary(node, element, [](OpBuilder &builder, Location loc, Value a, Value b) -> Value {
    return math::PowFOp::create(builder, loc, a, b);
  });
}

template <class FloatOp, class IntOp> static LogicalResult lowerExtremum(NodeLowering &node) {
  Value result = node.operand(0);
  for (unsigned i = 1; i < node.numOperands(); ++i) {
    if (node.operandType(i).getElementType() != node.operandType(0).getElementType())
      return node.refuse("expects operands of one type");
    result = elementwise(node, {result, node.operand(i)}, node.operandType(0).getElementType(),
                         [](OpBuilder &builder, Location loc, ValueRange in) -> Value {
                           if (llvm::isa<FloatType>(in[0].getType()))
                             return FloatOp::create(builder, loc, in[0], in[1]);
                           return IntOp::create(builder, loc, in[0], in[1]);
                         });
    if (!result)
      return failure();
  }
  node.setResult(0, result);
  return success();
}
LogicalResult lowerMin(NodeLowering &node) { return lowerExtremum<arith::MinimumFOp, arith::MinSIOp>(node); }
LogicalResult lowerMax(NodeLowering &node) { return lowerExtremum<arith::MaximumFOp, arith::MaxSIOp>(node); }

LogicalResult lowerClip(NodeLowering &node) {
  Type element = node.operandType(0).getElementType();
  Value x = node.operand(0);
  bool attributes = node.opset() < 11;
  for (auto [index, name] : {std::pair{1u, "min"}, std::pair{2u, "max"}}) {
    Value bound = attributes ? Value() : node.operand(index);
    if (attributes && node.op().getOnnxAttr(name)) {
      RankedTensorType scalar = RankedTensorType::get({}, element);
      if (!llvm::isa<FloatType>(element))
        return node.refuse("expects floats");
      bound = arith::ConstantOp::create(node.builder(), node.loc(), scalar,
                                        DenseElementsAttr::get(scalar, node.builder().getFloatAttr(element, node.floatAttr(name))));
    }
    if (!bound)
      continue;
    bool lower = index == 1;
    x = elementwise(node, {x, bound}, element, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
      if (llvm::isa<FloatType>(element))
        return lower ? Value(arith::MaximumFOp::create(builder, loc, in[0], in[1]))
                     : Value(arith::MinimumFOp::create(builder, loc, in[0], in[1]));
      return lower ? Value(arith::MaxSIOp::create(builder, loc, in[0], in[1]))
                   : Value(arith::MinSIOp::create(builder, loc, in[0], in[1]));
    });
    if (!x)
      return failure();
  }
  node.setResult(0, x);
  return success();
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
  return lowerCompare(node, arith::CmpFPredicate::OEQ, arith::CmpIPredicate::eq);
}
LogicalResult lowerLess(NodeLowering &node) {
  return lowerCompare(node, arith::CmpFPredicate::OLT, arith::CmpIPredicate::slt);
}
LogicalResult lowerGreater(NodeLowering &node) {
  return lowerCompare(node, arith::CmpFPredicate::OGT, arith::CmpIPredicate::sgt);
}
LogicalResult lowerAnd(NodeLowering &node) {
  return lowerBinary(node, node.builder().getI1Type(), [](OpBuilder &builder, Location loc, Value a, Value b) -> Value {
    return arith::AndIOp::create(builder, loc, a, b);
  });
}
LogicalResult lowerOr(NodeLowering &node) {
  return lowerBinary(node, node.builder().getI1Type(), [](OpBuilder &builder, Location loc, Value a, Value b) -> Value {
    return arith::OrIOp::create(builder, loc, a, b);
  });
}

LogicalResult lowerWhere(NodeLowering &node) {
  Value result = elementwise(node, {node.operand(0), node.operand(1), node.operand(2)},
                             node.operandType(1).getElementType(),
                             [](OpBuilder &builder, Location loc, ValueRange in) -> Value {
                               return arith::SelectOp::create(builder, loc, in[0], in[1], in[2]);
                             });
  if (!result)
    return failure();
  node.setResult(0, result);
  return success();
}

/// The MLIR type of a TensorProto data type that the host code computes in; null for others.
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
    return nullptr;
  }
}

LogicalResult lowerCast(NodeLowering &node) {
  Type to = elementTypeOf(node.builder(), node.intAttr("to")), from = node.operandType(0).getElementType();
  if (!to)
    return node.refuse("supports casts to float, double, int8 to int64 and bool, found data type " +
                       Twine(node.intAttr("to")));
  if (from == to) {
    node.setResult(0, node.operand(0));
    return success();
  }
  bool whole = to.isSignlessInteger() && !to.isInteger(1);
  if (std::optional<ElementList> list = node.elements(node.operand(0)); list && whole) {
    node.setElements(0, node.operandType(0).clone(to), *list);
    return success();
  }
  Value result = elementwise(node, node.operand(0), to, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
    Value x = in[0];
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
      return arith::FPToSIOp::create(builder, loc, to, x);
    if (toFloat)
      return fromBool ? Value(arith::UIToFPOp::create(builder, loc, to, x))
                      : Value(arith::SIToFPOp::create(builder, loc, to, x));
    if (from.getIntOrFloatBitWidth() > to.getIntOrFloatBitWidth())
      return arith::TruncIOp::create(builder, loc, to, x);
    return fromBool ? Value(arith::ExtUIOp::create(builder, loc, to, x))
                    : Value(arith::ExtSIOp::create(builder, loc, to, x));
  });
  node.setResult(0, result);
  return success();
}

LogicalResult lowerDropout(NodeLowering &node) {
  if (node.op().wantsOutput(1))
    return node.refuse("gives no mask");
  if (Value training = node.numOperands() > 2 ? node.operand(2) : Value()) {
    std::optional<SmallVector<int64_t>> on = node.constantInts(training);
    if (!on || (*on)[0])
      return node.refuse("supports inference only, found training_mode");
  }
  node.setResult(0, node.operand(0));
  return success();
}

} // namespace rnn::onnx
