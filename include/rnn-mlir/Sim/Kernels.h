//===- Kernels.h - The arithmetic of products and lane programs -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// One source, compiled for several instruction sets; all give the same bits.
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Isa/Isa.h"

#include <span>
#include <vector>

namespace rnn::sim {

/// acc[v, r] (= | +=) Σ_c weight[r, c] · x[v, c], the weight in panels of 16 rows. Pitches are in bytes.
struct ProductOperands {
  float *acc;
  const float *weight;
  const float *x;
  int64_t accPitch, xPitch;
  uint64_t rows, cols, vectors;
  bool accumulate;
};

/// A lane program: `places[k]` is where the k-th micro-operation with an address finds its first element.
struct LaneOperands {
  std::span<const isa::MicroOp> body;
  std::byte *const *places;
  uint64_t n;
};

struct Kernels {
  std::string_view name;
  void (*product)(const ProductOperands &);
  void (*lanes)(const LaneOperands &);
};

/// The kernels this machine can run, the fastest first; `plain` is the last and always there.
const std::vector<Kernels> &availableKernels();

} // namespace rnn::sim
