//===- Steps.cpp - What the regions of a recurrence hold --------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/IR/Steps.h"

#include "rnn-mlir/Dialect/Rnn/IR/Constants.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace rnn {

int64_t lastSize(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape().back();
}

std::optional<APFloat> splatOf(Value value) {
  DenseElementsAttr dense;
  if (matchPattern(value, m_Constant(&dense)) && dense.isSplat() && isa<FloatType>(dense.getElementType()))
    return dense.getSplatValue<APFloat>();
  return std::nullopt;
}

bool isElementwise(Operation &op) {
  return isa<ActivationOp>(op) || op.hasTrait<OpTrait::Elementwise>();
}

static bool isVector(Type type, bool orMask) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.getRank() == 1 && tensor.hasStaticShape() &&
         (tensor.getElementType().isF32() || (orMask && tensor.getElementType().isInteger(1)));
}

static LogicalResult verifyElementwise(Operation &op) {
  for (Value operand : op.getOperands()) {
    Operation *source = operand.getDefiningOp();
    bool computed = source && source->getBlock() == op.getBlock() && isElementwise(*source);
    if (!isVector(operand.getType(), /*orMask=*/computed))
      return op.emitError("expects vectors of f32 in a step, found ") << operand.getType();
  }
  if (op.getNumResults() != 1 || !isVector(op.getResult(0).getType(), /*orMask=*/true))
    return op.emitError("expects one vector of f32 as the result");
  return success();
}

static LogicalResult verifySlice(tensor::ExtractSliceOp slice) {
  if (!isVector(slice.getSourceType(), /*orMask=*/false) || !isVector(slice.getType(), /*orMask=*/false) ||
      !slice.hasUnitStride() || ShapedType::isDynamic(slice.getStaticOffset(0)))
    return slice.emitError("expects a contiguous part of a vector at a fixed offset in a step");
  return success();
}

static LogicalResult verifyProduct(ProductOp product) {
  // Weights come from outside the recurrence or are constants: what else a region holds gives vectors.
  if (!weightEncoding(product.getWeight().getType()))
    return product.emitOpError("expects a weight with an encoding, run rnn-encode-weights");
  if (Attribute constant; matchPattern(product.getWeight(), m_Constant(&constant)) && !constantData(constant))
    return product.emitOpError("expects a constant weight as a resource of the ")
           << storedType(product.getWeight().getType()) << " that is stored";
  if (!isVector(product.getType(), /*orMask=*/false))
    return product.emitError("expects vectors of f32 in a step, found ") << product.getType();
  return success();
}

LogicalResult verifySteps(RecurrenceOp recurrence) {
  for (Region *region : {&recurrence.getProject(), &recurrence.getStep()})
    for (Operation &op : region->front().without_terminator()) {
      LogicalResult valid = success();
      if (auto product = dyn_cast<ProductOp>(op))
        valid = verifyProduct(product);
      else if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op))
        valid = verifySlice(slice);
      else if (isElementwise(op))
        valid = verifyElementwise(op);
      else if (!op.hasTrait<OpTrait::ConstantLike>())
        valid = op.emitError("expects products, slices, activations and element-wise operations in a step, found ")
                << op.getName();
      if (failed(valid))
        return failure();
    }
  return success();
}

} // namespace rnn
