//===- Activations.cpp - What is known of activations -----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/IR/Activations.h"

using namespace mlir;

namespace rnn {

static constexpr ActivationParameter kNone{};
static constexpr ActivationParameter kGiven{true, std::nullopt};

static constexpr ActivationParameter orElse(float byDefault) {
  return {true, byDefault};
}

/// In the order of the kinds.
static constexpr ActivationFunction kFunctions[] = {
    {ActivationKind::Affine, "Affine", kGiven, kGiven},
    {ActivationKind::Relu, "Relu", kNone, kNone},
    {ActivationKind::LeakyRelu, "LeakyRelu", orElse(0.01f), kNone},
    {ActivationKind::ThresholdedRelu, "ThresholdedRelu", orElse(1.0f), kNone},
    {ActivationKind::ScaledTanh, "ScaledTanh", kGiven, kGiven},
    {ActivationKind::Tanh, "Tanh", kNone, kNone},
    {ActivationKind::Sigmoid, "Sigmoid", kNone, kNone},
    {ActivationKind::HardSigmoid, "HardSigmoid", orElse(0.2f), orElse(0.5f)},
    {ActivationKind::Elu, "Elu", orElse(1.0f), kNone},
    {ActivationKind::Softsign, "Softsign", kNone, kNone},
    {ActivationKind::Softplus, "Softplus", kNone, kNone},
};

static constexpr bool eachKindIsAtItsIndex() {
  for (size_t index = 0; index < std::size(kFunctions); ++index)
    if (static_cast<size_t>(kFunctions[index].kind) != index)
      return false;
  return std::size(kFunctions) == getMaxEnumValForActivationKind() + 1;
}
static_assert(eachKindIsAtItsIndex());

ArrayRef<ActivationFunction> activationFunctions() {
  return kFunctions;
}

const ActivationFunction &activationFunction(ActivationKind kind) {
  return kFunctions[static_cast<size_t>(kind)];
}

const ActivationFunction *findActivation(StringRef onnxName) {
  const auto *found = llvm::find_if(
      kFunctions, [&](const ActivationFunction &function) { return function.onnxName.equals_insensitive(onnxName); });
  return found == std::end(kFunctions) ? nullptr : found;
}

} // namespace rnn
