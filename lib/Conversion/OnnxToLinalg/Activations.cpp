//===- Activations.cpp - Functions of one float -----------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "OnnxLowering.h"

#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"

#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace rnn::onnx {

namespace {
/// Arithmetic on values of one float type, written as a formula.
struct Formula {
  OpBuilder &builder;
  Location loc;
  Type type;

  Value constant(double value) const { return constantLike(builder, loc, type, value); }
  Value add(Value a, Value b) const { return arith::AddFOp::create(builder, loc, a, b); }
  Value sub(Value a, Value b) const { return arith::SubFOp::create(builder, loc, a, b); }
  Value mul(Value a, Value b) const { return arith::MulFOp::create(builder, loc, a, b); }
  Value div(Value a, Value b) const { return arith::DivFOp::create(builder, loc, a, b); }
  Value neg(Value a) const { return arith::NegFOp::create(builder, loc, a); }
  Value abs(Value a) const { return math::AbsFOp::create(builder, loc, a); }
  Value max(Value a, Value b) const { return arith::MaximumFOp::create(builder, loc, a, b); }
  Value min(Value a, Value b) const { return arith::MinimumFOp::create(builder, loc, a, b); }
  Value expm1(Value a) const { return math::ExpM1Op::create(builder, loc, a); }
  Value less(Value a, Value b) const { return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OLT, a, b); }
  Value select(Value condition, Value a, Value b) const {
    return arith::SelectOp::create(builder, loc, condition, a, b);
  }
  /// The machine's function on f32.
  Value tanh(Value a) const {
    if (type.isF32())
      return ActivationOp::create(builder, loc, type, ActivationKind::Tanh, a, FloatAttr(), FloatAttr());
    return math::TanhOp::create(builder, loc, a);
  }
  Value sigmoid(Value a) const {
    if (type.isF32())
      return ActivationOp::create(builder, loc, type, ActivationKind::Sigmoid, a, FloatAttr(), FloatAttr());
    return div(constant(1), add(constant(1), math::ExpOp::create(builder, loc, neg(a))));
  }
  /// log(exp(x) + 1), which overflows nowhere.
  Value softplus(Value x) const {
    Value power = math::ExpOp::create(builder, loc, neg(abs(x)));
    return add(max(x, constant(0)), math::Log1pOp::create(builder, loc, power));
  }
  /// x above 0, scale · (exp(x / width) - 1) elsewhere.
  Value elu(Value x, double scale, double width) const {
    Value exponent = width == 1 ? x : div(x, constant(width));
    return select(less(constant(0), x), x, mul(constant(scale), expm1(exponent)));
  }
};
} // namespace

/// `body` on each float of operand 0.
static LogicalResult lowerFormula(NodeLowering &node, llvm::function_ref<Value(const Formula &, Value)> body) {
  requireFloats(node, {0});
  if (failed(node.accepted()))
    return failure();
  Type element = node.elementType(0);
  node.setResult(0, elementwise(node, node.operand(0), element, [&](OpBuilder &builder, Location loc, ValueRange in) {
                   return body(Formula{builder, loc, element}, in[0]);
                 }));
  return success();
}

/// A function that is one operation.
template <class Op> static LogicalResult lowerFunction(NodeLowering &node) {
  return lowerFormula(node, [](const Formula &f, Value x) -> Value { return Op::create(f.builder, f.loc, x); });
}
LogicalResult lowerCeil(NodeLowering &node) {
  return lowerFunction<math::CeilOp>(node);
}
LogicalResult lowerFloor(NodeLowering &node) {
  return lowerFunction<math::FloorOp>(node);
}
LogicalResult lowerRound(NodeLowering &node) {
  return lowerFunction<math::RoundEvenOp>(node);
}
LogicalResult lowerSin(NodeLowering &node) {
  return lowerFunction<math::SinOp>(node);
}
LogicalResult lowerCos(NodeLowering &node) {
  return lowerFunction<math::CosOp>(node);
}
LogicalResult lowerTan(NodeLowering &node) {
  return lowerFunction<math::TanOp>(node);
}
LogicalResult lowerAsin(NodeLowering &node) {
  return lowerFunction<math::AsinOp>(node);
}
LogicalResult lowerAcos(NodeLowering &node) {
  return lowerFunction<math::AcosOp>(node);
}
LogicalResult lowerAtan(NodeLowering &node) {
  return lowerFunction<math::AtanOp>(node);
}
LogicalResult lowerSinh(NodeLowering &node) {
  return lowerFunction<math::SinhOp>(node);
}
LogicalResult lowerCosh(NodeLowering &node) {
  return lowerFunction<math::CoshOp>(node);
}
LogicalResult lowerAsinh(NodeLowering &node) {
  return lowerFunction<math::AsinhOp>(node);
}
LogicalResult lowerAcosh(NodeLowering &node) {
  return lowerFunction<math::AcoshOp>(node);
}
LogicalResult lowerAtanh(NodeLowering &node) {
  return lowerFunction<math::AtanhOp>(node);
}
LogicalResult lowerReciprocal(NodeLowering &node) {
  return lowerFormula(node, [](const Formula &f, Value x) { return f.div(f.constant(1), x); });
}
LogicalResult lowerSoftplus(NodeLowering &node) {
  return lowerFormula(node, [](const Formula &f, Value x) { return f.softplus(x); });
}
LogicalResult lowerSoftsign(NodeLowering &node) {
  return lowerFormula(node, [](const Formula &f, Value x) { return f.div(x, f.add(f.constant(1), f.abs(x))); });
}
LogicalResult lowerMish(NodeLowering &node) {
  return lowerFormula(node, [](const Formula &f, Value x) { return f.mul(x, f.tanh(f.softplus(x))); });
}
LogicalResult lowerElu(NodeLowering &node) {
  return lowerFormula(node, [&](const Formula &f, Value x) { return f.elu(x, node.floatAttr("alpha"), 1); });
}
LogicalResult lowerCelu(NodeLowering &node) {
  return lowerFormula(node, [&](const Formula &f, Value x) {
    double alpha = node.floatAttr("alpha");
    return f.elu(x, alpha, alpha);
  });
}
LogicalResult lowerSelu(NodeLowering &node) {
  return lowerFormula(node, [&](const Formula &f, Value x) {
    return f.mul(f.constant(node.floatAttr("gamma")), f.elu(x, node.floatAttr("alpha"), 1));
  });
}
LogicalResult lowerHardSigmoid(NodeLowering &node) {
  return lowerFormula(node, [&](const Formula &f, Value x) {
    Value line = f.add(f.mul(f.constant(node.floatAttr("alpha")), x), f.constant(node.floatAttr("beta")));
    return f.min(f.max(line, f.constant(0)), f.constant(1));
  });
}
LogicalResult lowerHardSwish(NodeLowering &node) {
  return lowerFormula(node, [](const Formula &f, Value x) {
    Value line = f.add(f.div(x, f.constant(6)), f.constant(0.5));
    return f.mul(x, f.min(f.max(line, f.constant(0)), f.constant(1)));
  });
}
LogicalResult lowerSwish(NodeLowering &node) {
  return lowerFormula(node, [&](const Formula &f, Value x) {
    return f.mul(x, f.sigmoid(f.mul(f.constant(node.floatAttr("alpha")), x)));
  });
}
LogicalResult lowerThresholdedRelu(NodeLowering &node) {
  return lowerFormula(node, [&](const Formula &f, Value x) {
    return f.select(f.less(f.constant(node.floatAttr("alpha")), x), x, f.constant(0));
  });
}
LogicalResult lowerGelu(NodeLowering &node) {
  std::optional<StringRef> approximate = node.stringAttr("approximate");
  return lowerFormula(node, [&](const Formula &f, Value x) {
    constexpr double kRootOfHalf = 0.70710678118654752440, kRootOf2ByPi = 0.79788456080286535588;
    Value half = f.mul(f.constant(0.5), x), bent;
    if (approximate == "tanh") {
      Value cubed = f.mul(f.mul(f.constant(0.044715), x), f.mul(x, x));
      bent = f.tanh(f.mul(f.constant(kRootOf2ByPi), f.add(x, cubed)));
    } else {
      bent = math::ErfOp::create(f.builder, f.loc, f.mul(f.constant(kRootOfHalf), x));
    }
    return f.mul(half, f.add(f.constant(1), bent));
  });
}

/// Numbers of every kind: what `lambd` bounds becomes 0, the rest moves towards it.
LogicalResult lowerShrink(NodeLowering &node) {
  requireNumbers(node, {0});
  if (failed(node.accepted()))
    return failure();
  Type element = node.elementType(0);
  bool whole = llvm::isa<IntegerType>(element);
  Type inner = whole ? Type(node.builder().getF64Type()) : element;
  double lambd = node.floatAttr("lambd"), bias = node.floatAttr("bias");
  node.setResult(0, elementwise(node, node.operand(0), element, [&](OpBuilder &builder, Location loc, ValueRange in) {
                   Formula f{builder, loc, inner};
                   Value x = convertNumber(builder, loc, in[0], element, inner);
                   Value high = f.select(f.less(f.constant(lambd), x), f.sub(x, f.constant(bias)), f.constant(0));
                   Value y = f.select(f.less(x, f.constant(-lambd)), f.add(x, f.constant(bias)), high);
                   return convertNumber(builder, loc, y, inner, element);
                 }));
  return success();
}

LogicalResult lowerSign(NodeLowering &node) {
  requireNumbers(node, {0});
  if (failed(node.accepted()))
    return failure();
  Type element = node.elementType(0);
  node.setResult(
      0, elementwise(node, node.operand(0), element, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
        Value x = in[0], zero = constantLike(builder, loc, x.getType(), 0),
              one = constantLike(builder, loc, x.getType(), 1), minusOne = constantLike(builder, loc, x.getType(), -1);
        // A zero and NaN are their own signs.
        Value low =
            isUnsigned(element)
                ? x
                : Value(arith::SelectOp::create(builder, loc, isLess(builder, loc, element, x, zero), minusOne, x));
        return arith::SelectOp::create(builder, loc, isLess(builder, loc, element, zero, x), one, low);
      }));
  return success();
}

LogicalResult lowerIsNaN(NodeLowering &node) {
  requireFloats(node, {0});
  if (failed(node.accepted()))
    return failure();
  node.setResult(0, elementwise(node, node.operand(0), node.builder().getI1Type(),
                                [](OpBuilder &builder, Location loc, ValueRange in) -> Value {
                                  return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::UNO, in[0], in[0]);
                                }));
  return success();
}

LogicalResult lowerIsInf(NodeLowering &node) {
  requireFloats(node, {0});
  if (failed(node.accepted()))
    return failure();
  auto element = cast<FloatType>(node.elementType(0));
  bool negative = *node.intAttr("detect_negative"), positive = *node.intAttr("detect_positive");
  node.setResult(0, elementwise(node, node.operand(0), node.builder().getI1Type(),
                                [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
                                  auto is = [&](bool wanted, TypedAttr value) -> Value {
                                    if (!wanted)
                                      return arith::ConstantOp::create(builder, loc, builder.getBoolAttr(false));
                                    Value infinity = arith::ConstantOp::create(builder, loc, value);
                                    return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OEQ, in[0],
                                                                 infinity);
                                  };
                                  return arith::OrIOp::create(builder, loc, is(negative, leastOf(builder, element)),
                                                              is(positive, greatestOf(builder, element)));
                                }));
  return success();
}

LogicalResult lowerPRelu(NodeLowering &node) {
  requireNumbers(node, {0, 1});
  RankedTensorType x = node.operandType(0), slope = node.operandType(1);
  // Before opset 7 a slope of one dimension is that of the channels.
  bool channels = x && slope && node.opset() < 7 && slope.getRank() == 1 && x.getRank() > 2;
  if (!channels)
    requireBroadcast(node, {0, 1});
  if (x && slope && slope.getRank() > x.getRank())
    (void)node.refuse("expects a slope that broadcasts to X, found " + node.typesOf({0, 1}));
  else if (x && slope && !channels)
    for (auto [own, size] : llvm::zip(llvm::reverse(slope.getShape()), llvm::reverse(x.getShape())))
      if (own > 1 && size == 1)
        (void)node.refuse("expects a slope that broadcasts to X, found " + node.typesOf({0, 1}));
  if (failed(node.accepted()))
    return failure();
  OpBuilder &builder = node.builder();
  Value by = node.operand(1);
  if (channels) {
    SmallVector<OpFoldResult> column(x.getRank() - 1, builder.getIndexAttr(1));
    column[0] = sizeOf(builder, node.loc(), by, 0);
    by = reshapeTo(builder, node.loc(), by, column);
  }
  requireBroadcastTo(node, by, sizesOf(builder, node.loc(), node.operand(0)), "a slope that broadcasts to X");
  Type element = node.elementType(0);
  node.setResult(
      0,
      elementwise(node, {node.operand(0), by}, element, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
        Value zero = constantLike(builder, loc, in[0].getType(), 0);
        Value scaled = llvm::isa<FloatType>(element) ? Value(arith::MulFOp::create(builder, loc, in[0], in[1]))
                                                     : Value(arith::MulIOp::create(builder, loc, in[0], in[1]));
        return arith::SelectOp::create(builder, loc, isLess(builder, loc, element, in[0], zero), scaled, in[0]);
      }));
  return success();
}

} // namespace rnn::onnx
