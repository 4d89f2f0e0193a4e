//===- Passes.h - From ONNX's recurrent operators to layers -----*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/Pass/Pass.h"

namespace rnn {

#define GEN_PASS_DECL
#include "rnn-mlir/Conversion/OnnxToRnn/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "rnn-mlir/Conversion/OnnxToRnn/Passes.h.inc"

} // namespace rnn
