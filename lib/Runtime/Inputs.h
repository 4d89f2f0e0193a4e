//===- Inputs.h - The model's inputs, checked and in order -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Runtime/Session.h"

namespace rnn::runtime {

/// The inputs in the model's order, aligned to their elements. All that is wrong is listed, one located line each.
Result<std::vector<Array>> orderInputs(const Program &program, std::span<const NamedArray> inputs);

} // namespace rnn::runtime
