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

/// Numbers in memory: where the first is, the distance in bytes between rows or vectors, and their format.
struct Numbers {
  std::byte *data;
  int64_t pitch;
  isa::Format format;
};

/// acc[v, r] (= | +=) Σ_c weight[r, c] · x[v, c], the weight in panels of 16 rows.
struct ProductOperands {
  Numbers acc, weight, x;
  uint64_t rows, cols, vectors;
  bool accumulate;
  /// Sums are rounded to the format of `acc` after each column, not once at the end.
  bool round = false;
};

/// A lane program: `places[k]` is where the k-th micro-operation with an element finds its first number.
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
