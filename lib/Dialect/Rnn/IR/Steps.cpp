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
  return tensor && tensor.getRank() == 1 && tensor.hasStaticShape() && !tensor.getEncoding() &&
         isSize(tensor.getDimSize(0)) &&
         (tensor.getElementType().isF32() || (orMask && tensor.getElementType().isInteger(1)));
}

/// What every back end computes element by element. The error says what to do where that is known.
static LogicalResult verifyMeaning(Operation &op) {
  if (auto compare = dyn_cast<arith::CmpFOp>(op)) {
    using P = arith::CmpFPredicate;
    if (!llvm::is_contained({P::OGE, P::OGT, P::OLE, P::OLT}, compare.getPredicate()))
      return op.emitError("expects a comparison oge, ogt, ole or olt in a step, found ")
             << arith::stringifyCmpFPredicate(compare.getPredicate());
    return success();
  }
  if (auto activation = dyn_cast<ActivationOp>(op)) {
    if (activation.getKind() != ActivationKind::Sigmoid && activation.getKind() != ActivationKind::Tanh)
      return op.emitError("expects the activations sigmoid and tanh in a step, run rnn-expand-activations, found ")
             << stringifyActivationKind(activation.getKind());
    return success();
  }
  if (!isa<arith::AddFOp, arith::SubFOp, arith::MulFOp, arith::DivFOp, arith::NegFOp, arith::MinimumFOp,
           arith::MaximumFOp, arith::SelectOp, math::AbsFOp, math::FmaOp, math::ExpOp, math::ExpM1Op, math::Log1pOp,
           math::TanhOp>(op))
    return op.emitError("expects an element-wise operation that every target has in a step, found ") << op.getName();
  return success();
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
  return verifyMeaning(op);
}

static LogicalResult verifySlice(tensor::ExtractSliceOp slice) {
  if (!isVector(slice.getSourceType(), /*orMask=*/false) || !isVector(slice.getType(), /*orMask=*/false) ||
      !slice.hasUnitStride() || ShapedType::isDynamic(slice.getStaticOffset(0)))
    return slice.emitError("expects a contiguous part of a vector at a fixed offset in a step");
  return success();
}

static LogicalResult verifyProduct(ProductOp product) {
  // The panels come from outside the recurrence or are constants: what else a region holds gives vectors.
  if (cast<RankedTensorType>(product.getWeight().getType()).getRank() != 3)
    return product.emitOpError("expects a weight in panels, run rnn-pack-weights");
  if (!isVector(product.getType(), /*orMask=*/false))
    return product.emitError("expects vectors of f32 in a step, found ") << product.getType();
  return success();
}

/// What a region takes from outside, or has as a constant: panels and vectors whose elements are known where they are
/// constants.
static LogicalResult verifyTaken(Operation &op, Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || !type.hasStaticShape() || !type.getElementType().isF32() || type.getEncoding())
    return success(); // refused of the operation that uses it
  auto constant = value.getDefiningOp<arith::ConstantOp>();
  if (constant && !constantData(constant.getValue()))
    return op.emitError("expects constants of dense elements in a step, found ") << constant.getValue();
  return success();
}

/// The project region: products of the input, all of which may run ahead.
static LogicalResult verifyProject(RecurrenceOp recurrence) {
  Block &block = recurrence.getProject().front();
  for (Operation &op : block.without_terminator()) {
    auto product = dyn_cast<ProductOp>(op);
    if (!product && !isa<arith::ConstantOp>(op))
      return op.emitError("expects a projection of products alone, found ") << op.getName();
    if (product && (product.getX() != block.getArgument(0) || product.getAcc()))
      return product.emitError("expects the products of a projection to be of the input alone");
    if (product && failed(verifyProduct(product)))
      return failure();
  }
  for (Value value : block.getTerminator()->getOperands()) {
    auto product = value.getDefiningOp<ProductOp>();
    if (!product || product->getBlock() != &block)
      return recurrence.emitError("expects a projection to yield products of the input");
  }
  return success();
}

static LogicalResult verifyStep(RecurrenceOp recurrence) {
  for (Operation &op : recurrence.getStep().front().without_terminator()) {
    LogicalResult valid = success();
    if (auto product = dyn_cast<ProductOp>(op))
      valid = verifyProduct(product);
    else if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op))
      valid = verifySlice(slice);
    else if (isElementwise(op))
      valid = verifyElementwise(op);
    else if (!isa<arith::ConstantOp>(op))
      valid = op.emitError("expects products, slices, activations and element-wise operations in a step, found ")
              << op.getName();
    if (failed(valid))
      return failure();
  }
  return success();
}

LogicalResult verifySteps(RecurrenceOp recurrence) {
  SmallVector<Value> tensors = {recurrence.getX()};
  llvm::append_range(tensors, recurrence.getInit());
  llvm::append_range(tensors, recurrence->getResults());
  for (Value value : tensors)
    if (Type element = cast<RankedTensorType>(value.getType()).getElementType(); !element.isF32())
      return recurrence.emitError("expects tensors of f32, found ") << value.getType();
  if (failed(verifyProject(recurrence)) || failed(verifyStep(recurrence)))
    return failure();
  for (Region *region : {&recurrence.getProject(), &recurrence.getStep()})
    for (Operation &op : region->front())
      for (Value operand : op.getOperands())
        if (failed(verifyTaken(op, operand)))
          return failure();
  return success();
}

} // namespace rnn
