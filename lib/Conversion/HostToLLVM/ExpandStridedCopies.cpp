//===- ExpandStridedCopies.cpp - Copies without a library ----- -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Conversion/HostToLLVM/Passes.h"

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_EXPANDSTRIDEDCOPIES
#include "rnn-mlir/Conversion/HostToLLVM/Passes.h.inc"

namespace {
struct ExpandStridedCopies : impl::ExpandStridedCopiesBase<ExpandStridedCopies> {
  void runOnOperation() override {
    SmallVector<memref::CopyOp> copies;
    getOperation()->walk([&](memref::CopyOp copy) { copies.push_back(copy); });
    for (memref::CopyOp copy : copies) {
      auto from = cast<MemRefType>(copy.getSource().getType()), to = cast<MemRefType>(copy.getTarget().getType());
      if (from.getLayout().isIdentity() && to.getLayout().isIdentity())
        continue;
      OpBuilder builder(copy);
      int64_t rank = from.getRank();
      SmallVector<AffineMap> maps(2, builder.getMultiDimIdentityMap(rank));
      SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
      linalg::GenericOp::create(
          builder, copy.getLoc(), copy.getSource(), copy.getTarget(), maps, iterators,
          [](OpBuilder &inner, Location loc, ValueRange values) { linalg::YieldOp::create(inner, loc, values[0]); });
      copy.erase();
      ++numCopies;
    }
  }
};
} // namespace
} // namespace rnn
