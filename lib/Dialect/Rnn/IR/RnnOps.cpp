//===- RnnOps.cpp - Verifiers of the rnn dialect ----------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

#define GET_OP_CLASSES
#include "rnn-mlir/Dialect/Rnn/IR/RnnOps.cpp.inc"

namespace rnn {

ActivationParameters activationParameters(ActivationKind kind) {
  switch (kind) {
  case ActivationKind::Affine:
  case ActivationKind::ScaledTanh:
  case ActivationKind::HardSigmoid:
    return {true, true};
  case ActivationKind::LeakyRelu:
  case ActivationKind::ThresholdedRelu:
  case ActivationKind::Elu:
    return {true, false};
  case ActivationKind::Relu:
  case ActivationKind::Tanh:
  case ActivationKind::Sigmoid:
  case ActivationKind::Softsign:
  case ActivationKind::Softplus:
    return {false, false};
  }
  llvm_unreachable("all kinds are listed");
}

LogicalResult ActivationAttr::verify(function_ref<InFlightDiagnostic()> emitError, ActivationKind kind, FloatAttr alpha,
                                     FloatAttr beta) {
  auto [wantsAlpha, wantsBeta] = activationParameters(kind);
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

LogicalResult RecurrenceOp::verify() {
  RankedTensorType x = ranked(getX());
  if (x.getRank() != 3 || x.isDynamicDim(2))
    return emitOpError("(C1) expects x of shape [T, B, I] with a static I, found ") << x;
  size_t states = getFinals().size();
  if (!getInit().empty() && getInit().size() != states)
    return emitOpError("(C2) expects one initial state for each of the ")
           << states << " states, found " << getInit().size();
  for (auto [init, final] : llvm::zip(getInit(), getFinals()))
    if (init.getType() != final.getType())
      return emitOpError("(C2) expects equal types of initial and final state, found ")
             << init.getType() << " and " << final.getType();
  if (Value lengths = getLengths()) {
    RankedTensorType type = ranked(lengths);
    if (type.getRank() != 1 || !type.getElementType().isInteger(32))
      return emitOpError("(C3) expects lengths of type tensor<Bxi32>, found ") << type;
  }
  Type element = x.getElementType();
  Block &project = getProject().front(), &step = getStep().front();
  if (project.getNumArguments() != 1 ||
      project.getArgument(0).getType() != RankedTensorType::get({x.getDimSize(2)}, element))
    return emitOpError("(C4) expects project to take one input vector of ") << x.getDimSize(2) << " elements";
  auto projected = cast<YieldOp>(project.getTerminator()).getValues();
  auto stepped = cast<YieldOp>(step.getTerminator()).getValues();
  if (step.getNumArguments() != projected.size() + states || stepped.size() != states + 1)
    return emitOpError("(C4) expects step to take ")
           << projected.size() << " projected values and " << states << " states and to yield y and the states, found "
           << step.getNumArguments() << " arguments and " << stepped.size() << " yielded values";
  for (auto [value, argument] : llvm::zip(projected, step.getArguments()))
    if (value.getType() != argument.getType())
      return emitOpError("(C4) project yields ") << value.getType() << " where step takes " << argument.getType();
  for (auto [index, value] : llvm::enumerate(stepped)) {
    auto vector = dyn_cast<RankedTensorType>(value.getType());
    if (!vector || vector.getRank() != 1 || !vector.hasStaticShape())
      return emitOpError("(C4) expects step to yield vectors of static length, found ") << value.getType();
    if (index == 0)
      continue;
    if (step.getArgument(projected.size() + index - 1).getType() != vector)
      return emitOpError("(C4) state ") << index - 1 << " is yielded as " << vector << " but taken as "
                                        << step.getArgument(projected.size() + index - 1).getType();
    RankedTensorType final = ranked(getFinals()[index - 1]);
    if (final.getRank() != 2 || final.getDimSize(1) != vector.getDimSize(0))
      return emitOpError("(C2) expects final state ")
             << index - 1 << " of shape [B, " << vector.getDimSize(0) << "], found " << final;
  }
  RankedTensorType y = ranked(getY());
  if (y.getRank() != 3 || y.getDimSize(2) != ranked(stepped[0]).getDimSize(0))
    return emitOpError("(C5) expects y of shape [T, B, ") << ranked(stepped[0]).getDimSize(0) << "], found " << y;
  if (static_cast<int64_t>(getTimeTile()) < 1 || (getSchedule() == ScheduleKind::Plain && getTimeTile() != 1))
    return emitOpError("(C6) expects a time tile of at least 1, and of 1 with the plain schedule, found ")
           << static_cast<int64_t>(getTimeTile());
  return success();
}

LogicalResult ProductOp::verify() {
  RankedTensorType weight = ranked(getWeight()), x = ranked(getX()), result = ranked(getResult());
  if (!weight.hasStaticShape() || x.getRank() != 1 || result.getRank() != 1)
    return emitOpError("(C1) expects a static weight and vectors, found ") << weight << ", " << x << " and " << result;
  int64_t rows = result.getDimSize(0);
  bool plain = weight.getRank() == 2 && weight.getDimSize(0) == rows;
  bool packed = weight.getRank() == 3 && weight.getDimSize(0) == (rows + kPanelRows - 1) / kPanelRows &&
                weight.getDimSize(2) == kPanelRows;
  if (!plain && !packed)
    return emitOpError("(C1) expects a weight of ")
           << rows << " rows, plain or in panels of " << kPanelRows << " rows, found " << weight;
  if (x.getDimSize(0) != weight.getDimSize(1))
    return emitOpError("(C2) expects x of ") << weight.getDimSize(1) << " elements, found " << x;
  if (getAcc() && getAcc().getType() != result)
    return emitOpError("(C2) expects acc of the type of the result, found ") << getAcc().getType();
  return success();
}

LogicalResult ActivationOp::verify() {
  auto [wantsAlpha, wantsBeta] = activationParameters(getKind());
  if (getAlpha().has_value() != wantsAlpha || getBeta().has_value() != wantsBeta)
    return emitOpError("expects ") << (wantsAlpha ? "an" : "no") << " alpha and " << (wantsBeta ? "a" : "no")
                                   << " beta for " << stringifyActivationKind(getKind());
  return success();
}

} // namespace rnn
