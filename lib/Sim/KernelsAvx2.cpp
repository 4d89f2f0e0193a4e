//===- KernelsAvx2.cpp - Kernels, AVX2, FMA and F16C -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "KernelImpl.h"

namespace rnn::sim {

extern const Kernels kernelsAvx2;
const Kernels kernelsAvx2 = {"avx2", product<8>, lanes<8>};

} // namespace rnn::sim
