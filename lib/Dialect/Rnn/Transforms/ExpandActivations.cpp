//===- ExpandActivations.cpp - Activations by their definition --*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/IR/Constants.h"
#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_EXPANDACTIVATIONS
#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h.inc"

namespace {
/// Writes formulas over values of one type.
struct Formula {
  OpBuilder &builder;
  Location loc;
  Type type;

  Value constant(const APFloat &value) { return floatConstant(builder, loc, type, value); }
  Value constant(float value) { return constant(APFloat(value)); }
  template <typename Op, typename... Args> Value make(Args... args) { return Op::create(builder, loc, args...); }
  Value activation(ActivationKind kind, Value x) {
    return ActivationOp::create(builder, loc, type, kind, x, FloatAttr(), FloatAttr());
  }
  /// condition(a, b) ? x : y.
  Value select(arith::CmpFPredicate condition, Value a, Value b, Value x, Value y) {
    Value bit = arith::CmpFOp::create(builder, loc, condition, a, b);
    return arith::SelectOp::create(builder, loc, bit, x, y);
  }
};

/// The value of the activation `op`; null for those that stay. The definitions
/// are those of ONNX's recurrent operators; softplus is log(1 + e^x) in a form
/// that does not overflow.
Value expand(ActivationOp op, OpBuilder &builder) {
  Formula f{builder, op.getLoc(), op.getType()};
  Value x = op.getX();
  auto alpha = [&] { return f.constant(*op.getAlpha()); };
  auto beta = [&] { return f.constant(*op.getBeta()); };
  switch (op.getKind()) {
  case ActivationKind::Sigmoid:
  case ActivationKind::Tanh:
    return nullptr;
  case ActivationKind::Affine:
    return f.make<arith::AddFOp>(f.make<arith::MulFOp>(alpha(), x), beta());
  case ActivationKind::Relu:
    return f.make<arith::MaximumFOp>(x, f.constant(0.0f));
  case ActivationKind::LeakyRelu:
    return f.select(arith::CmpFPredicate::OGE, x, f.constant(0.0f), x, f.make<arith::MulFOp>(alpha(), x));
  case ActivationKind::ThresholdedRelu:
    return f.select(arith::CmpFPredicate::OGE, x, alpha(), x, f.constant(0.0f));
  case ActivationKind::ScaledTanh:
    return f.make<arith::MulFOp>(alpha(), f.activation(ActivationKind::Tanh, f.make<arith::MulFOp>(beta(), x)));
  case ActivationKind::HardSigmoid: {
    Value line = f.make<arith::AddFOp>(f.make<arith::MulFOp>(alpha(), x), beta());
    return f.make<arith::MinimumFOp>(f.make<arith::MaximumFOp>(line, f.constant(0.0f)), f.constant(1.0f));
  }
  case ActivationKind::Elu:
    return f.select(arith::CmpFPredicate::OGE, x, f.constant(0.0f), x,
                    f.make<arith::MulFOp>(alpha(), f.make<math::ExpM1Op>(x)));
  case ActivationKind::Softsign: {
    Value magnitude = f.make<math::AbsFOp>(x);
    return f.make<arith::DivFOp>(x, f.make<arith::AddFOp>(magnitude, f.constant(1.0f)));
  }
  case ActivationKind::Softplus: {
    Value decay = f.make<math::ExpOp>(f.make<arith::NegFOp>(f.make<math::AbsFOp>(x)));
    return f.make<arith::AddFOp>(f.make<arith::MaximumFOp>(x, f.constant(0.0f)), f.make<math::Log1pOp>(decay));
  }
  }
  llvm_unreachable("all kinds are listed");
}

struct ExpandActivation : OpRewritePattern<ActivationOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ActivationOp op, PatternRewriter &rewriter) const override {
    auto shaped = dyn_cast<ShapedType>(op.getType());
    if (shaped && !shaped.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "expected a static shape");
    Value expanded = expand(op, rewriter);
    if (!expanded)
      return rewriter.notifyMatchFailure(op, "a basic activation");
    rewriter.replaceOp(op, expanded);
    return success();
  }
};

struct ExpandActivations : impl::ExpandActivationsBase<ExpandActivations> {
  using ExpandActivationsBase::ExpandActivationsBase;

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    populateExpandActivationsPatterns(patterns);
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};
} // namespace

void populateExpandActivationsPatterns(RewritePatternSet &patterns) {
  patterns.add<ExpandActivation>(patterns.getContext());
}

} // namespace rnn
