//===- Generic.h - The target of the unit tests -----------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Target/TargetModel.h"

namespace rnn::test {

inline target::TargetModel generic() {
  return *target::TargetModel::parse(target::find("generic")->yaml, "generic");
}

} // namespace rnn::test
