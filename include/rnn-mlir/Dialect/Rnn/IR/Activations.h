//===- Activations.h - What is known of activations -------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"

#include <optional>

namespace rnn {

/// Whether a function has a parameter, and its value where an ONNX node gives none.
struct ActivationParameter {
  bool present = false;
  std::optional<float> byDefault;
};

/// An activation function: its name in ONNX and its parameters. The defaults are those of the ONNX operator of the
/// name, the same in every operator set; Affine and ScaledTanh have none.
struct ActivationFunction {
  ActivationKind kind;
  llvm::StringRef onnxName;
  ActivationParameter alpha, beta;
};

/// The function of a kind.
const ActivationFunction &activationFunction(ActivationKind kind);

/// All functions, in the order of the kinds.
llvm::ArrayRef<ActivationFunction> activationFunctions();

/// The function of an ONNX name, whose case does not matter; null where there is none.
const ActivationFunction *findActivation(llvm::StringRef onnxName);

} // namespace rnn
