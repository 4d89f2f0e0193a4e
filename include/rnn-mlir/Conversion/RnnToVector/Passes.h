//===- Passes.h - From recurrences to host loops ----------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"

namespace rnn {

/// Of host code, a function of the interface: takes the number of a layer and the steps of all sequences it took.
inline constexpr llvm::StringLiteral kCountStepsFunction = "rnn_count_steps";

/// Of a function without a body in host code: it fails with this text where its first argument is true. Each `{}` of
/// the text is one of the other arguments, of i64.
inline constexpr llvm::StringLiteral kMessageAttr = "rnn.message";

#define GEN_PASS_DECL
#include "rnn-mlir/Conversion/RnnToVector/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "rnn-mlir/Conversion/RnnToVector/Passes.h.inc"

} // namespace rnn
