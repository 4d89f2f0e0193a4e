//===- EncodeWeights.cpp - Weights in their encodings -----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/IR/Constants.h"
#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/Remarks.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_ENCODEWEIGHTS
#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h.inc"

/// A weight that is a contiguous range of rows of a constant, as a constant.
static Value constantRows(OpBuilder &builder, Value weight) {
  auto slice = weight.getDefiningOp<tensor::ExtractSliceOp>();
  if (!slice || !constantData(slice.getSource()) || !slice.getDroppedDims().none())
    return weight;
  auto source = slice.getSourceType();
  ArrayRef<int64_t> offsets = slice.getStaticOffsets(), sizes = slice.getStaticSizes();
  if (!llvm::all_of(slice.getStaticStrides(), [](int64_t stride) { return stride == 1; }) ||
      ShapedType::isDynamic(offsets[0]) || ShapedType::isDynamic(sizes[0]) || sizes[1] != source.getDimSize(1))
    return weight;
  return sliceRows(builder, slice.getLoc(), slice.getSource(), offsets[0], sizes[0]);
}

namespace {
struct EncodeWeights : impl::EncodeWeightsBase<EncodeWeights> {
  using EncodeWeightsBase::EncodeWeightsBase;

  void runOnOperation() override {
    SmallVector<ProductOp> products;
    getOperation()->walk([&](ProductOp product) {
      if (!product.getWeight().getType().getEncoding())
        products.push_back(product);
    });
    llvm::MapVector<Value, SmallVector<ProductOp>> users;
    for (ProductOp product : products) {
      if (product.getWeight().getParentRegion()->getParentOfType<RecurrenceOp>())
        remark::missed(product.getLoc(), remark::RemarkOpts::name("encode").category("rnn-encode-weights"))
            << "the weight is computed in the recurrence";
      else
        users[product.getWeight()].push_back(product);
    }
    for (auto &[weight, products] : users) {
      std::optional<ConstantData> plain = constantData(weight);
      Value encoded = encode(weight);
      for (ProductOp product : products)
        product.getWeightMutable().assign(encoded);
      eraseIfDead(weight);
      if (plain && releaseConstants)
        releaseUnusedResource(getOperation(), plain->bytes);
    }
  }

  Value encode(Value weight) {
    OpBuilder builder(weight.getContext());
    builder.setInsertionPointAfterValue(weight);
    Value rows = constantRows(builder, weight);
    auto encoding = PanelsAttr::get(builder.getContext(), kPanelRows);
    Value encoded = builder.createOrFold<EncodeOp>(weight.getLoc(), rows, encoding);
    bool folded = matchPattern(encoded, m_Constant());
    if (rows != weight)
      eraseIfDead(rows);
    ++(folded ? numConstant : numRuntime);
    if (!folded)
      remark::passed(weight.getLoc(), remark::RemarkOpts::name("encode").category("rnn-encode-weights"))
          << "the weight is encoded at run time";
    return encoded;
  }

  /// Erases what defined a weight once nothing uses it.
  static void eraseIfDead(Value weight) {
    Operation *definition = weight.getDefiningOp();
    if (!definition || !definition->use_empty() || !isa<arith::ConstantOp, tensor::ExtractSliceOp>(definition))
      return;
    SmallVector<Value> operands(definition->getOperands());
    definition->erase();
    for (Value operand : operands)
      eraseIfDead(operand);
  }
};
} // namespace
} // namespace rnn
