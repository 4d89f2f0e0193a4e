//===- KernelsAvx512.cpp - Kernels, AVX-512 -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "KernelImpl.h"

namespace rnn::sim {

extern const Kernels kernelsAvx512;
const Kernels kernelsAvx512 = {"avx512", product<16>, lanes<16>};

} // namespace rnn::sim
