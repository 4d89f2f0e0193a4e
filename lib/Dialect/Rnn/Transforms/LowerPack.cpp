//===- LowerPack.cpp - Packing at run time ----------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_LOWERPACK
#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h.inc"

namespace {
void lower(PackOp op, IRRewriter &rewriter) {
  rewriter.setInsertionPoint(op);
  Location loc = op.getLoc();
  Value weight = op.getWeight();
  RankedTensorType type = op.getWeight().getType(), packed = op.getType();
  Type element = type.getElementType();
  int64_t panels = packed.getDimSize(0), columns = type.getDimSize(1);
  if (int64_t missing = panels * kPanelRows - type.getDimSize(0)) {
    Value zero = arith::ConstantOp::create(rewriter, loc, rewriter.getZeroAttr(element));
    SmallVector<OpFoldResult> low(2, rewriter.getIndexAttr(0));
    SmallVector<OpFoldResult> high = {rewriter.getIndexAttr(missing), rewriter.getIndexAttr(0)};
    weight = tensor::PadOp::create(rewriter, loc, RankedTensorType::get({panels * kPanelRows, columns}, element),
                                   weight, low, high, zero);
  }
  auto splitType = RankedTensorType::get({panels, kPanelRows, columns}, element);
  SmallVector<ReassociationIndices> split = {{0, 1}, {2}};
  Value rows = tensor::ExpandShapeOp::create(rewriter, loc, splitType, weight, split);
  Value empty = tensor::EmptyOp::create(rewriter, loc, packed.getShape(), element);
  rewriter.replaceOpWithNewOp<linalg::TransposeOp>(op, rows, empty, ArrayRef<int64_t>{0, 2, 1});
}

struct LowerPack : impl::LowerPackBase<LowerPack> {
  using LowerPackBase::LowerPackBase;

  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    getOperation()->walk([&](PackOp op) { lower(op, rewriter); });
  }
};
} // namespace
} // namespace rnn
