//===- ExpandMath.cpp - The machine's functions in host code ----*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Conversion/HostToLLVM/Passes.h"

#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h"
#include "rnn-mlir/Isa/Arithmetic.h"

#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_EXPANDMATH
#include "rnn-mlir/Conversion/HostToLLVM/Passes.h.inc"

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

/// Patterns that express sigmoid, tanh, exp, expm1 and log1p of f32 by arith and fma, as Isa/Arithmetic.h defines them.
void populateMachineFunctions(RewritePatternSet &patterns) {
  namespace functions = isa::arithmetic;
  MLIRContext *context = patterns.getContext();
  patterns.add<ExpandActivation>(context);
  patterns.add<ExpandFunction<math::ExpOp>>(context, &functions::exp<MlirOps>);
  patterns.add<ExpandFunction<math::ExpM1Op>>(context, &functions::expm1<MlirOps>);
  patterns.add<ExpandFunction<math::Log1pOp>>(context, &functions::log1p<MlirOps>);
  patterns.add<ExpandFunction<math::TanhOp>>(context, &functions::tanh<MlirOps>);
}

/// Brings the argument of a logarithm into the range of normal numbers, where approximations hold:
/// log(x) = log(x 2^24) - 24 log(2).
struct ScaleSubnormals : OpRewritePattern<math::LogOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::LogOp op, PatternRewriter &rewriter) const override {
    if (!isF32(op.getType()) || op->hasAttr(kScaled))
      return failure();
    MlirOps ops(rewriter, op.getLoc(), op.getType());
    Value x = op.getOperand();
    Value subnormal = ops.gt(ops.constant(std::numeric_limits<float>::min()), x);
    Value scaled = ops.select(subnormal, ops.mul(x, ops.constant(0x1p24f)), x);
    auto log = math::LogOp::create(rewriter, op.getLoc(), scaled);
    log->setAttr(kScaled, rewriter.getUnitAttr());
    Value shift = ops.select(subnormal, ops.constant(24 * llvm::numbers::ln2), ops.constant(0));
    rewriter.replaceOp(op, ops.sub(log, shift));
    return success();
  }

  static constexpr llvm::StringLiteral kScaled = "rnn.scaled";
};

constexpr StringLiteral kOfLibrary[] = {"math.sin",  "math.cos",  "math.tan",   "math.asin",  "math.acos", "math.atan",
                                        "math.sinh", "math.cosh", "math.asinh", "math.acosh", "math.atanh"};

/// What the machine has no function for: within f32's accuracy, and without a library. Powers and what is left of f64
/// are calls of the C library, which every process has: an expanded power is wrong at infinities, zeros and NaN.
void populateOtherFunctions(RewritePatternSet &patterns) {
  math::populateExpansionPatterns(patterns, {"fpowi", "ceil", "roundeven"});
  // Those of angles lose digits where these are large.
  auto isExact = [](StringRef name) { return !llvm::is_contained(kOfLibrary, name); };
  populateMathF32ExpansionPatterns(patterns, isExact);
  populateMathPolynomialApproximationPatterns(patterns, isExact);
  arith::populateExpandBFloat16Patterns(patterns);
}

struct ExpandMath : impl::ExpandMathBase<ExpandMath> {
  void runOnOperation() override {
    auto apply = [&](ArrayRef<void (*)(RewritePatternSet &)> populate) {
      RewritePatternSet patterns(&getContext());
      for (auto add : populate)
        add(patterns);
      return applyPatternsGreedily(getOperation(), std::move(patterns));
    };
    // Other functions may leave some of the machine's.
    auto scaleSubnormals = [](RewritePatternSet &patterns) { patterns.add<ScaleSubnormals>(patterns.getContext()); };
    if (failed(apply({populateExpandActivationsPatterns, populateMachineFunctions, scaleSubnormals})) ||
        failed(apply({populateOtherFunctions})) || failed(apply({populateMachineFunctions})))
      signalPassFailure();
  }
};
} // namespace
} // namespace rnn
