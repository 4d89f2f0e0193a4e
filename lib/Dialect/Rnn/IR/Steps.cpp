//===- Steps.cpp - What the regions of a recurrence hold --------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/IR/Steps.h"

#include "rnn-mlir/Dialect/Rnn/IR/Constants.h"

#include "mlir/IR/Matchers.h"

#include <map>

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

/// What a region takes from outside, or has as a constant: panels and vectors whose elements are known where they are
/// constants.
static LogicalResult verifyTaken(Operation &op, Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || !type.hasStaticShape() || !type.getElementType().isF32() || type.getEncoding())
    return success(); // refused of the operation that uses it
  Operation *source = value.getDefiningOp();
  auto constant = dyn_cast_if_present<arith::ConstantOp>(source);
  if (source && source->hasTrait<OpTrait::ConstantLike>() && !constant)
    return op.emitError("expects constants of arith in a step, found ") << source->getName();
  if (constant && !constantData(constant.getValue()))
    return op.emitError("expects constants of dense elements in a step, found ") << constant.getValue();
  return success();
}

static LogicalResult verifyRegion(Region &region) {
  for (Operation &op : region.front().without_terminator()) {
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
  for (Value value : region.front().getTerminator()->getOperands())
    if (!isVector(value.getType(), /*orMask=*/false))
      return region.getParentOp()->emitError("expects vectors of f32 from project and step, found ") << value.getType();
  return success();
}

LogicalResult verifySteps(RecurrenceOp recurrence) {
  SmallVector<Value> tensors = {recurrence.getX()};
  llvm::append_range(tensors, recurrence.getInit());
  llvm::append_range(tensors, recurrence->getResults());
  for (Value value : tensors)
    if (Type element = cast<RankedTensorType>(value.getType()).getElementType(); !element.isF32())
      return recurrence.emitError("expects tensors of f32, found ") << value.getType();
  if (failed(verifyRegion(recurrence.getProject())) || failed(verifyRegion(recurrence.getStep())))
    return failure();
  for (Region *region : {&recurrence.getProject(), &recurrence.getStep()})
    for (Operation &op : region->front())
      for (Value operand : op.getOperands())
        if (failed(verifyTaken(op, operand)))
          return failure();
  return success();
}

Staging::Staging(Block &region, const llvm::SetVector<Operation *> &given) : region(region) {
  SmallVector<std::map<int64_t, SmallVector<Operation *>>> groups;
  for (Operation &op : region.without_terminator()) {
    if (given.contains(&op))
      continue;
    unsigned stage = 0;
    for (Value operand : op.getOperands())
      stage = std::max(stage, stageOf(operand));
    if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
      // The part of a computed value can be addressed once the value is stored, a group later.
      Operation *source = slice.getSource().getDefiningOp();
      if (source && source->getBlock() == op.getBlock() && isElementwise(*source))
        ++stage;
    } else if (isa<ProductOp>(op)) {
      ++stage;
    }
    for (Value result : op.getResults())
      numbers[result] = stage;
    if (stage >= stages.size()) {
      stages.resize(stage + 1);
      groups.resize(stage + 1);
    }
    if (auto product = dyn_cast<ProductOp>(op))
      stages[stage].products.push_back(product);
    else if (isElementwise(op))
      groups[stage][lastSize(op.getResult(0))].push_back(&op);
  }
  if (stages.empty())
    stages.resize(1);
  for (auto [stage, bySize] : llvm::zip(stages, groups))
    for (auto &[size, ops] : bySize)
      stage.groups.push_back({size, std::move(ops)});
}

bool Staging::leavesGroup(Value value) const {
  Operation *source = value.getDefiningOp();
  if (!source || source->getBlock() != &region || !isElementwise(*source))
    return false;
  return llvm::any_of(value.getUsers(), [&](Operation *user) {
    return !isa<YieldOp>(user) && !(isElementwise(*user) && stageOf(user->getResult(0)) == stageOf(value));
  });
}

Projection::Projection(RecurrenceOp recurrence) : window(recurrence.getProject().getArgument(0)) {
  for (auto product : recurrence.getProject().getOps<ProductOp>())
    if (!product.getAcc() && offsetInWindow(product.getX()))
      ahead.insert(product);
  Operation *yield = recurrence.getProject().front().getTerminator();
  steps = recurrence.getProjectionStates() > 0 ||
          !llvm::all_of(yield->getOperands(), [&](Value value) { return isAhead(value); });
}

std::optional<int64_t> Projection::offsetInWindow(Value value) const {
  int64_t offset = 0;
  while (auto slice = value.getDefiningOp<tensor::ExtractSliceOp>()) {
    offset += slice.getStaticOffset(0);
    value = slice.getSource();
  }
  return value == window ? std::optional(offset) : std::nullopt;
}

bool Projection::isAhead(Value value) const {
  Operation *source = value.getDefiningOp();
  return (source && ahead.contains(source)) || offsetInWindow(value);
}

} // namespace rnn
