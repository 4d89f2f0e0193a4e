//===- RnnOps.cpp - Verifiers of the rnn dialect ----------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/IR/Activations.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

#define GET_OP_CLASSES
#include "rnn-mlir/Dialect/Rnn/IR/RnnOps.cpp.inc"

namespace rnn {

LogicalResult ActivationAttr::verify(function_ref<InFlightDiagnostic()> emitError, ActivationKind kind, FloatAttr alpha,
                                     FloatAttr beta) {
  const ActivationFunction &function = activationFunction(kind);
  bool wantsAlpha = function.alpha.present, wantsBeta = function.beta.present;
  if (bool(alpha) != wantsAlpha || bool(beta) != wantsBeta)
    return emitError() << "expects " << (wantsAlpha ? "an" : "no") << " alpha and " << (wantsBeta ? "a" : "no")
                       << " beta for " << stringifyActivationKind(kind);
  for (FloatAttr parameter : {alpha, beta})
    if (parameter && !parameter.getType().isF32())
      return emitError() << "expects parameters of type f32, found " << parameter.getType();
  return success();
}

static RankedTensorType ranked(Value value) {
  return cast<RankedTensorType>(value.getType());
}

/// Whether a tensor can have the shape at run time, and has the element type.
static bool canBe(RankedTensorType type, ArrayRef<int64_t> shape, Type element) {
  return type.getElementType() == element && llvm::equal(type.getShape(), shape, compatible);
}

/// (C4) The values that a region yields: vectors of `element`.
static FailureOr<ValueRange> yieldedVectors(RecurrenceOp op, Region &region, Type element) {
  auto yield = dyn_cast<YieldOp>(region.front().back());
  if (!yield)
    return op.emitOpError("(C4) expects regions that end in rnn.yield");
  for (Value value : yield.getValues()) {
    auto vector = dyn_cast<RankedTensorType>(value.getType());
    if (!vector || vector.getRank() != 1 || !vector.hasStaticShape() || vector.getElementType() != element)
      return op.emitOpError("(C4) expects project and step to yield vectors of ")
             << element << " of static length, found " << value.getType();
  }
  return ValueRange(yield.getValues());
}

/// (C4) What the regions take and yield.
static LogicalResult verifyVectors(RecurrenceOp op) {
  RankedTensorType x = ranked(op.getX());
  Type element = x.getElementType();
  size_t states = op.getFinals().size();
  Block &project = op.getProject().front(), &step = op.getStep().front();
  if (project.getNumArguments() != 1 ||
      project.getArgument(0).getType() != RankedTensorType::get({x.getDimSize(2)}, element))
    return op.emitOpError("(C4) expects project to take one input vector of ") << x.getDimSize(2) << " elements";
  FailureOr<ValueRange> projected = yieldedVectors(op, op.getProject(), element);
  if (failed(projected))
    return failure();
  FailureOr<ValueRange> stepped = yieldedVectors(op, op.getStep(), element);
  if (failed(stepped))
    return failure();
  if (step.getNumArguments() != projected->size() + states || stepped->size() != states + 1)
    return op.emitOpError("(C4) expects step to take ")
           << projected->size() << " projected values and " << states << " states and to yield y and the states, found "
           << step.getNumArguments() << " arguments and " << stepped->size() << " yielded values";
  for (auto [value, argument] : llvm::zip(*projected, step.getArguments()))
    if (value.getType() != argument.getType())
      return op.emitOpError("(C4) project yields ") << value.getType() << " where step takes " << argument.getType();
  auto taken = step.getArguments().drop_front(projected->size());
  for (auto [index, value, argument] : llvm::enumerate(stepped->drop_front(), taken))
    if (argument.getType() != value.getType())
      return op.emitOpError("(C4) state ")
             << index << " is yielded as " << value.getType() << " but taken as " << argument.getType();
  return success();
}

LogicalResult RecurrenceOp::verify() {
  RankedTensorType x = ranked(getX());
  Type element = x.getElementType();
  if (x.getRank() != 3 || x.isDynamicDim(2) || !isa<FloatType>(element))
    return emitOpError("(C1) expects x of shape [T, B, I] of a float type with a static I, found ") << x;
  int64_t steps = x.getDimSize(0), batch = x.getDimSize(1);
  size_t states = getFinals().size();
  if (!getInit().empty() && getInit().size() != states)
    return emitOpError("(C2) expects one initial state for each of the ")
           << states << " states, found " << getInit().size();
  for (auto [init, final] : llvm::zip(getInit(), getFinals()))
    if (init.getType() != final.getType())
      return emitOpError("(C2) expects equal types of initial and final state, found ")
             << init.getType() << " and " << final.getType();
  if (Value lengths = getLengths())
    if (!canBe(ranked(lengths), {batch}, IntegerType::get(getContext(), 32)))
      return emitOpError("(C3) expects lengths of shape [B] of i32, found ")
             << lengths.getType() << " for x of type " << x;
  if (failed(verifyVectors(*this)))
    return failure();
  ValueRange stepped = cast<YieldOp>(getStep().front().back()).getValues();
  for (auto [index, final, value] : llvm::enumerate(getFinals(), stepped.drop_front())) {
    int64_t size = ranked(value).getDimSize(0);
    RankedTensorType type = ranked(final);
    if (!canBe(type, {batch, size}, element) || type.isDynamicDim(1))
      return emitOpError("(C2) expects final state ")
             << index << " of shape [B, " << size << "] of " << element << ", found " << type << " for x of type " << x;
  }
  RankedTensorType y = ranked(getY());
  int64_t size = ranked(stepped[0]).getDimSize(0);
  if (!canBe(y, {steps, batch, size}, element) || y.isDynamicDim(2))
    return emitOpError("(C5) expects y of shape [T, B, ")
           << size << "] of " << element << ", found " << y << " for x of type " << x;
  if (int64_t tile = getTimeTile(); !isTimeTile(getSchedule(), tile))
    return emitOpError("(C6) ") << kTimeTileRule << ", found " << tile;
  return success();
}

LogicalResult ProductOp::verify() {
  RankedTensorType weight = ranked(getWeight()), x = ranked(getX()), result = ranked(getResult());
  if (weight.getRank() != 2 || !weight.hasStaticShape() || (weight.getEncoding() && !weightEncoding(weight)))
    return emitOpError("(C1) expects a static matrix, plain or with an encoding of weights, found ") << weight;
  if (x.getRank() != 1 || result.getRank() != 1 || result.getDimSize(0) != weight.getDimSize(0))
    return emitOpError("(C2) expects a vector and a result of ")
           << weight.getDimSize(0) << " elements, found " << x << " and " << result;
  if (x.getDimSize(0) != weight.getDimSize(1))
    return emitOpError("(C2) expects x of ") << weight.getDimSize(1) << " elements, found " << x;
  if (getAcc() && getAcc().getType() != result)
    return emitOpError("(C2) expects acc of the type of the result, found ") << getAcc().getType();
  Type element = weight.getElementType();
  if (!isa<FloatType>(element) || x.getElementType() != element || result.getElementType() != element)
    return emitOpError("(C3) expects one float type of elements, found ")
           << element << ", " << x.getElementType() << " and " << result.getElementType();
  return success();
}

LogicalResult ActivationOp::verify() {
  const ActivationFunction &function = activationFunction(getKind());
  bool wantsAlpha = function.alpha.present, wantsBeta = function.beta.present;
  if (getAlpha().has_value() != wantsAlpha || getBeta().has_value() != wantsBeta)
    return emitOpError("(C2) expects ") << (wantsAlpha ? "an" : "no") << " alpha and " << (wantsBeta ? "a" : "no")
                                        << " beta for " << stringifyActivationKind(getKind());
  return success();
}

} // namespace rnn
