//===- Passes.h - Passes over the onnx dialect ------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/Pass/Pass.h"

#include "rnn-mlir/Dialect/Onnx/IR/Onnx.h"

namespace rnn::onnx {

#define GEN_PASS_DECL
#include "rnn-mlir/Dialect/Onnx/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "rnn-mlir/Dialect/Onnx/Transforms/Passes.h.inc"

/// Compares the node, without its subgraphs, with its operator's record at
/// `opset`; emits an error for each difference.
mlir::LogicalResult verifyNode(NodeOp node, int64_t opset);

} // namespace rnn::onnx
