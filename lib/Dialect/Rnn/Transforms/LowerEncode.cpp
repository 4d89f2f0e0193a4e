//===- LowerEncode.cpp - Encoding at run time -------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_LOWERENCODE
#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h.inc"

namespace {
struct LowerEncode : impl::LowerEncodeBase<LowerEncode> {
  using LowerEncodeBase::LowerEncodeBase;

  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    SmallVector<EncodeOp> ops;
    getOperation()->walk([&](EncodeOp op) { ops.push_back(op); });
    for (EncodeOp op : ops) {
      rewriter.setInsertionPoint(op);
      RankedTensorType type = op.getType();
      Value stored = weightEncoding(type).buildEncode(rewriter, op.getLoc(), type, op.getWeight());
      // Most users want what is stored.
      for (Operation *user : llvm::make_early_inc_range(op->getUsers()))
        if (auto form = dyn_cast<ReinterpretOp>(user))
          rewriter.replaceOp(form, stored);
      if (op->use_empty())
        rewriter.eraseOp(op);
      else
        rewriter.replaceOpWithNewOp<ReinterpretOp>(op, type, stored);
    }
  }
};
} // namespace
} // namespace rnn
