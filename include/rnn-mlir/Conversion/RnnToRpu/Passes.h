//===- Passes.h - From recurrences to the machine ---------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/Pass/Pass.h"

#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"
#include "rnn-mlir/Dialect/Rpu/IR/Rpu.h"
#include "rnn-mlir/Support/Choices.h"

namespace rnn {

#define GEN_PASS_DECL
#include "rnn-mlir/Conversion/RnnToRpu/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "rnn-mlir/Conversion/RnnToRpu/Passes.h.inc"

} // namespace rnn
