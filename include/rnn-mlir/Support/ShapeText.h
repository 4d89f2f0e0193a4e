//===- ShapeText.h - Shapes in messages -------------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace rnn {

/// `[T, 1, ?]`: a run-time size is its name, or a question mark without one.
inline std::string shapeText(std::span<const int64_t> shape, std::span<const std::string> names = {}) {
  std::string text = "[";
  for (size_t k = 0; k < shape.size(); ++k) {
    bool named = k < names.size() && !names[k].empty();
    text += (k ? ", " : "") + (shape[k] >= 0 ? std::to_string(shape[k]) : named ? names[k] : "?");
  }
  return text + "]";
}

} // namespace rnn
