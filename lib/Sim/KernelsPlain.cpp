//===- KernelsPlain.cpp - Kernels, portable -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "KernelImpl.h"

namespace rnn::sim {

extern const Kernels kernelsPlain;
const Kernels kernelsPlain = {"plain", product<4>, lanes<4>};

} // namespace rnn::sim
