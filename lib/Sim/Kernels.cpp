//===- Kernels.cpp - Chooses kernels at run time ----------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Sim/Kernels.h"

namespace rnn::sim {

extern const Kernels kernelsPlain;
#ifdef RNN_SIM_X86_KERNELS
extern const Kernels kernelsAvx2, kernelsAvx512;
#endif

const std::vector<Kernels> &availableKernels() {
  static const std::vector<Kernels> available = [] {
    std::vector<Kernels> result;
#ifdef RNN_SIM_X86_KERNELS
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"))
      result.push_back(kernelsAvx512);
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c"))
      result.push_back(kernelsAvx2);
#endif
    result.push_back(kernelsPlain);
    return result;
  }();
  return available;
}

} // namespace rnn::sim
