//===- Passes.h - From ONNX to linalg and layers ----------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"

namespace rnn {

#define GEN_PASS_DECL
#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h.inc"

} // namespace rnn
