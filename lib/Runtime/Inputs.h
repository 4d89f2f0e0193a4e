//===- Inputs.h - The model's inputs, checked and in order -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Runtime/ArrayFiles.h"
#include "rnn-mlir/Runtime/Metadata.h"

namespace rnn::runtime {

/// `model:name: error: text`
std::string located(const Metadata &meta, const std::string &name, const std::string &text);

/// The inputs in the model's order, aligned to their elements. All that is wrong is listed, one located line each.
Result<std::vector<Array>> orderInputs(const Metadata &meta, std::span<const NamedArray> inputs);

} // namespace rnn::runtime
