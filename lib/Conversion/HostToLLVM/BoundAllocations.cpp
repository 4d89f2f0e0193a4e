//===- BoundAllocations.cpp - Sizes that do not overflow ------ -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Conversion/HostToLLVM/Passes.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_BOUNDALLOCATIONS
#include "rnn-mlir/Conversion/HostToLLVM/Passes.h.inc"

namespace {
constexpr double kLargest = double(int64_t(1) << 48);
constexpr llvm::StringLiteral kTooLarge = "takes an array of more than 2^48 bytes";

struct BoundAllocations : impl::BoundAllocationsBase<BoundAllocations> {
  void runOnOperation() override {
    bool fits = true;
    DataLayout layout(getOperation());
    getOperation().walk([&](memref::AllocOp alloc) {
      MemRefType type = alloc.getType();
      double bytes = layout.getTypeSize(type.getElementType());
      for (int64_t size : type.getShape())
        if (!ShapedType::isDynamic(size))
          bytes *= size;
      if (bytes > kLargest) {
        emitError(alloc.getLoc(), kTooLarge) << ": " << type;
        fits = false;
      }
      if (!alloc.getDynamicSizes().empty())
        bound(alloc, bytes);
    });
    if (!fits)
      signalPassFailure();
  }

  /// Asserts that the run-time sizes times `bytes` are not too large.
  void bound(memref::AllocOp alloc, double bytes) {
    // In floating point, where nothing overflows; a negative size is a large one without its sign.
    ImplicitLocOpBuilder builder(alloc.getLoc(), alloc);
    Value product = arith::ConstantOp::create(builder, builder.getF64FloatAttr(std::max(bytes, 1.0)));
    for (Value size : alloc.getDynamicSizes()) {
      Value number = arith::IndexCastOp::create(builder, builder.getI64Type(), size);
      Value one = arith::ConstantOp::create(builder, builder.getI64IntegerAttr(1));
      number = arith::MaxUIOp::create(builder, number, one);
      product = arith::MulFOp::create(builder, product, arith::UIToFPOp::create(builder, builder.getF64Type(), number));
    }
    Value limit = arith::ConstantOp::create(builder, builder.getF64FloatAttr(kLargest));
    Value small = arith::CmpFOp::create(builder, arith::CmpFPredicate::OLE, product, limit);
    cf::AssertOp::create(builder, small, kTooLarge);
    ++numAssertions;
  }
};
} // namespace
} // namespace rnn
