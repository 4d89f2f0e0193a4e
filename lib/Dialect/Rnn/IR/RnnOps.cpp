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

/// Whether a tensor is that of this shape and element type.
static bool is(RankedTensorType type, ArrayRef<int64_t> shape, Type element) {
  return type == RankedTensorType::get(shape, element);
}

LogicalResult ProductOp::verify() {
  RankedTensorType weight = ranked(getWeight()), x = ranked(getX()), result = ranked(getResult());
  if (weight.getRank() != 2 || !weight.hasStaticShape() || (weight.getEncoding() && !weightEncoding(weight)))
    return emitOpError("(C1) expects a static matrix, plain or with an encoding of weights, found ") << weight;
  if (!llvm::all_of(weight.getShape(), isSize))
    return emitOpError("(C4) ") << kSizeRule << ", found " << weight;
  if (x.getRank() != 1 || result.getRank() != 1 || result.getDimSize(0) != weight.getDimSize(0))
    return emitOpError("(C2) expects a vector and a result of ")
           << weight.getDimSize(0) << " elements, found " << x << " and " << result;
  if (x.getDimSize(0) != weight.getDimSize(1))
    return emitOpError("(C2) expects x of ") << weight.getDimSize(1) << " elements, found " << x;
  if (getAcc() && getAcc().getType() != result)
    return emitOpError("(C2) expects acc of the type of the result, found ") << getAcc().getType();
  Type element = weight.getElementType(), sum = result.getElementType();
  if (!isa<FloatType>(element) || !is(x, x.getShape(), element) || !is(result, result.getShape(), sum) ||
      (sum != element && sum != computeType(element)))
    return emitOpError("(C3) expects one float type of elements, or sums of f32 of those of f16, found ")
           << element << ", " << x.getElementType() << " and " << sum;
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
