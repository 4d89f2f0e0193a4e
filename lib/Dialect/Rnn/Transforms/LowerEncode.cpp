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
    getOperation()->walk([&](EncodeOp op) {
      rewriter.setInsertionPoint(op);
      RankedTensorType type = op.getType();
      Value stored = weightEncoding(type).buildEncode(rewriter, op.getLoc(), type, op.getWeight());
      Value encoded = ReinterpretOp::create(rewriter, op.getLoc(), type, stored);
      // Most users want what is stored.
      for (Operation *user : llvm::to_vector(op->getUsers()))
        if (auto form = dyn_cast<ReinterpretOp>(user))
          rewriter.replaceOp(form, stored);
      rewriter.replaceOp(op, encoded);
      if (encoded.use_empty())
        rewriter.eraseOp(encoded.getDefiningOp());
    });
  }
};
} // namespace
} // namespace rnn
