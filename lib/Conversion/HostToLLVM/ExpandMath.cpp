//===- ExpandMath.cpp - The machine's functions in host code ----*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "HostInterface.h"

#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"
#include "rnn-mlir/Isa/Arithmetic.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace rnn {
namespace {

/// The algebra of Isa/Arithmetic.h that builds operations on f32, or on vectors of f32.
class MlirOps {
public:
  using Value = mlir::Value;
  using Mask = mlir::Value;
  using Int = mlir::Value;

  MlirOps(OpBuilder &builder, Location loc, Type real) : builder(builder), loc(loc), real(real) {
    whole = like(builder.getI32Type());
  }

  Value constant(float value) { return splat(real, builder.getF32FloatAttr(value)); }
  Value add(Value a, Value b) { return arith::AddFOp::create(builder, loc, a, b); }
  Value sub(Value a, Value b) { return arith::SubFOp::create(builder, loc, a, b); }
  Value mul(Value a, Value b) { return arith::MulFOp::create(builder, loc, a, b); }
  Value div(Value a, Value b) { return arith::DivFOp::create(builder, loc, a, b); }
  Value fma(Value a, Value b, Value c) { return math::FmaOp::create(builder, loc, a, b, c); }
  Value neg(Value a) { return arith::NegFOp::create(builder, loc, a); }
  Value abs(Value a) { return math::AbsFOp::create(builder, loc, a); }
  Value copySign(Value magnitude, Value sign) { return math::CopySignOp::create(builder, loc, magnitude, sign); }
  Mask gt(Value a, Value b) { return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGT, a, b); }
  Mask ge(Value a, Value b) { return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGE, a, b); }
  Value select(Mask mask, Value a, Value b) { return arith::SelectOp::create(builder, loc, mask, a, b); }
  Int bits(Value a) { return arith::BitcastOp::create(builder, loc, whole, a); }
  Value value(Int a) { return arith::BitcastOp::create(builder, loc, real, a); }
  Int constantInt(int32_t value) { return splat(whole, builder.getI32IntegerAttr(value)); }
  Int addInt(Int a, Int b) { return arith::AddIOp::create(builder, loc, a, b); }
  Int subInt(Int a, Int b) { return arith::SubIOp::create(builder, loc, a, b); }
  Int shiftLeft(Int a, unsigned n) { return arith::ShLIOp::create(builder, loc, a, constantInt(n)); }
  Int shiftRight(Int a, unsigned n) { return arith::ShRSIOp::create(builder, loc, a, constantInt(n)); }
  Value fromInt(Int a) { return arith::SIToFPOp::create(builder, loc, real, a); }

private:
  Type like(Type element) {
    if (auto vector = dyn_cast<VectorType>(real))
      return vector.clone(element);
    return element;
  }
  Value splat(Type type, TypedAttr element) {
    if (auto vector = dyn_cast<VectorType>(type))
      return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(vector, Attribute(element)));
    return arith::ConstantOp::create(builder, loc, element);
  }

  OpBuilder &builder;
  Location loc;
  Type real, whole;
};

using Function = Value (*)(MlirOps &, Value);

bool isF32(Type type) {
  return getElementTypeOrSelf(type).isF32() && !llvm::isa<TensorType>(type);
}

template <class Op> struct ExpandFunction : OpRewritePattern<Op> {
  ExpandFunction(MLIRContext *context, Function function) : OpRewritePattern<Op>(context), function(function) {}

  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    if (!isF32(op.getType()))
      return failure();
    MlirOps ops(rewriter, op.getLoc(), op.getType());
    rewriter.replaceOp(op, function(ops, op.getOperand()));
    return success();
  }

  Function function;
};

struct ExpandActivation : OpRewritePattern<ActivationOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ActivationOp op, PatternRewriter &rewriter) const override {
    if (!isF32(op.getType()))
      return failure();
    MlirOps ops(rewriter, op.getLoc(), op.getType());
    if (op.getKind() == ActivationKind::Sigmoid)
      rewriter.replaceOp(op, isa::arithmetic::sigmoid(ops, op.getX()));
    else if (op.getKind() == ActivationKind::Tanh)
      rewriter.replaceOp(op, isa::arithmetic::tanh(ops, op.getX()));
    else
      return failure();
    return success();
  }
};

} // namespace

void populateExpandMathPatterns(RewritePatternSet &patterns) {
  namespace functions = isa::arithmetic;
  MLIRContext *context = patterns.getContext();
  patterns.add<ExpandActivation>(context);
  patterns.add<ExpandFunction<math::ExpOp>>(context, &functions::exp<MlirOps>);
  patterns.add<ExpandFunction<math::ExpM1Op>>(context, &functions::expm1<MlirOps>);
  patterns.add<ExpandFunction<math::Log1pOp>>(context, &functions::log1p<MlirOps>);
  patterns.add<ExpandFunction<math::TanhOp>>(context, &functions::tanh<MlirOps>);
}

} // namespace rnn
