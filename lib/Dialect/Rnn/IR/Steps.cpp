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

bool isStoredNumber(Type element) {
  return element.isF32() || element.isF16();
}

bool isElementwise(Operation &op) {
  return isa<ActivationOp>(op) || op.hasTrait<OpTrait::Elementwise>();
}

static bool isVector(Type type, llvm::function_ref<bool(Type element)> has) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.getRank() == 1 && tensor.hasStaticShape() && !tensor.getEncoding() &&
         isSize(tensor.getDimSize(0)) && has(tensor.getElementType());
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
  if (auto narrow = dyn_cast<arith::TruncFOp>(op)) {
    if (narrow.getRoundingmode().value_or(arith::RoundingMode::to_nearest_even) != arith::RoundingMode::to_nearest_even)
      return op.emitError("expects rounding to nearest, ties to even, in a step, found ")
             << arith::stringifyRoundingMode(*narrow.getRoundingmode());
    return success();
  }
  if (auto activation = dyn_cast<ActivationOp>(op)) {
    if (activation.getKind() != ActivationKind::Sigmoid && activation.getKind() != ActivationKind::Tanh)
      return op.emitError("expects the activations sigmoid and tanh in a step, run rnn-expand-activations, found ")
             << stringifyActivationKind(activation.getKind());
    return success();
  }
  if (!isa<arith::ExtFOp, arith::TruncFOp, arith::AddFOp, arith::SubFOp, arith::MulFOp, arith::DivFOp, arith::NegFOp,
           arith::MinimumFOp, arith::MaximumFOp, arith::SelectOp, math::AbsFOp, math::FmaOp, math::ExpOp, math::ExpM1Op,
           math::Log1pOp, math::TanhOp>(op))
    return op.emitError("expects an element-wise operation that every target has in a step, found ") << op.getName();
  return success();
}

/// Numbers are computed with as f32: only conversions take and give f16.
static LogicalResult verifyElementwise(Operation &op) {
  bool widens = isa<arith::ExtFOp>(op), narrows = isa<arith::TruncFOp>(op);
  for (Value operand : op.getOperands()) {
    Operation *source = operand.getDefiningOp();
    bool computed = source && source->getBlock() == op.getBlock() && isElementwise(*source);
    auto taken = [&](Type element) {
      return widens ? element.isF16() : element.isF32() || (computed && element.isInteger(1));
    };
    if (!isVector(operand.getType(), taken))
      return op.emitError("expects vectors of ")
             << (widens ? "f16" : "f32") << " in a step, found " << operand.getType();
  }
  auto given = [&](Type element) { return narrows ? element.isF16() : element.isF32() || element.isInteger(1); };
  if (op.getNumResults() != 1 || !isVector(op.getResult(0).getType(), given))
    return op.emitError("expects one vector of ") << (narrows ? "f16" : "f32") << " as the result";
  return verifyMeaning(op);
}

static LogicalResult verifySlice(tensor::ExtractSliceOp slice) {
  if (!isVector(slice.getSourceType(), isStoredNumber) || !isVector(slice.getType(), isStoredNumber) ||
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
  for (Type type : {product.getX().getType(), product.getType()})
    if (!isVector(type, isStoredNumber))
      return product.emitError("expects vectors of f32 or f16 in a step, found ") << type;
  return success();
}

/// What a region takes from outside, or has as a constant: panels and vectors whose elements are known where they are
/// constants.
static LogicalResult verifyTaken(Operation &op, Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || !type.hasStaticShape() || !isStoredNumber(type.getElementType()) || type.getEncoding())
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
    if (!isVector(value.getType(), isStoredNumber))
      return region.getParentOp()->emitError("expects vectors of f32 or f16 from project and step, found ")
             << value.getType();
  return success();
}

LogicalResult verifySteps(RecurrenceOp recurrence) {
  SmallVector<Value> tensors = {recurrence.getX()};
  llvm::append_range(tensors, recurrence.getInit());
  llvm::append_range(tensors, recurrence->getResults());
  for (Value value : tensors)
    if (!isStoredNumber(cast<RankedTensorType>(value.getType()).getElementType()))
      return recurrence.emitError("expects tensors of f32 or f16, found ") << value.getType();
  if (failed(verifyRegion(recurrence.getProject())) || failed(verifyRegion(recurrence.getStep())))
    return failure();
  for (Region *region : {&recurrence.getProject(), &recurrence.getStep()})
    for (Operation &op : region->front())
      for (Value operand : op.getOperands())
        if (failed(verifyTaken(op, operand)))
          return failure();
  return success();
}

/// Whether an operation takes a computed value from where it is stored: a product, the part of a vector, or what takes
/// a rounded value, as a register of a lane program holds more.
static bool readsStored(Operation &op) {
  if (isa<arith::ExtFOp>(op)) {
    auto rounded = op.getOperand(0).getDefiningOp<arith::TruncFOp>();
    return rounded && rounded->getBlock() == op.getBlock();
  }
  return isa<ProductOp, tensor::ExtractSliceOp>(op);
}

Staging::Staging(Block &region, const llvm::SetVector<Operation *> &given) : region(region) {
  SmallVector<Operation *> elementwise;
  // Those that depend on a value that is widened.
  llvm::SetVector<Operation *> widened;
  for (Operation &op : region.without_terminator()) {
    if (given.contains(&op))
      continue;
    unsigned stage = 0;
    for (Value operand : op.getOperands()) {
      // A computed value can be addressed once it is stored, a group later.
      Operation *source = operand.getDefiningOp();
      bool computed = source && source->getBlock() == op.getBlock() && isElementwise(*source);
      stage = std::max(stage, stageOf(operand) + (computed && readsStored(op) && !isa<ProductOp>(op)));
      if (isElementwise(op) && (isa<arith::ExtFOp>(op) || widened.contains(source)))
        widened.insert(&op);
    }
    if (isa<ProductOp>(op))
      ++stage;
    for (Value result : op.getResults())
      numbers[result] = stage;
    if (stage >= stages.size())
      stages.resize(stage + 1);
    if (auto product = dyn_cast<ProductOp>(op))
      stages[stage].products.push_back(product);
    else if (isElementwise(op))
      elementwise.push_back(&op);
  }
  // What is computed with a widened value is computed when it is first needed: so it waits for a product as it is
  // stored.
  for (Operation *op : llvm::reverse(widened)) {
    std::optional<unsigned> first;
    for (Operation *user : op->getUsers())
      if (!isa<YieldOp>(user)) {
        unsigned stage = stageOf(user->getResult(0)) - readsStored(*user);
        first = std::min(first.value_or(stage), stage);
      }
    unsigned &stage = numbers[op->getResult(0)];
    stage = std::max(stage, first.value_or(0));
  }
  if (stages.empty())
    stages.resize(1);
  SmallVector<std::map<int64_t, SmallVector<Operation *>>> groups(stages.size());
  for (Operation *op : elementwise)
    groups[stageOf(op->getResult(0))][lastSize(op->getResult(0))].push_back(op);
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
