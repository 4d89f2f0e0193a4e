//===- Array.h - Arrays that go into and come out of a program -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Support/Result.h"
#include "rnn-mlir/Support/ShapeText.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rnn::runtime {

enum class DType : uint8_t {
  Bool,
  Int8,
  Int16,
  Int32,
  Int64,
  UInt8,
  UInt16,
  UInt32,
  UInt64,
  Float16,
  Float32,
  Float64
};

/// The name numpy gives the type: `float32`.
std::string_view dtypeName(DType dtype);
std::optional<DType> dtypeFromName(std::string_view name);
size_t dtypeBytes(DType dtype);

/// The bytes of an array of that shape; none where a size is negative or the product does not fit.
std::optional<uint64_t> byteCount(DType dtype, std::span<const int64_t> shape);

using rnn::shapeText;

/// A contiguous row-major array that shares its memory with its copies.
struct Array {
  DType dtype = DType::Float32;
  std::vector<int64_t> shape;
  std::shared_ptr<std::byte> data;

  /// An array of zeros, aligned to 64 bytes. Errors: a size is negative, there is not that much memory.
  static Result<Array> zeros(DType dtype, std::vector<int64_t> shape);

  uint64_t bytes() const { return *byteCount(dtype, shape); }
  uint64_t elements() const { return bytes() / dtypeBytes(dtype); }
};

/// Checks that an array which comes from outside holds values of its type: every byte pattern is a number, but booleans
/// are 0 and 1. The error names the first element that is none.
Result<void> checkElements(const Array &array);

/// How far two arrays are apart.
struct Difference {
  /// Largest |got - wanted|; infinite where only one is finite.
  double absolute = 0;
  /// Largest finite |wanted|.
  double magnitude = 0;
  /// Elements that differ by more than is allowed.
  uint64_t outside = 0;
};

/// Compares element by element; NaN equals NaN. A floating-point element may differ by `atol` plus `rtol` times the
/// largest magnitude of `wanted`, since the error of a sum follows its terms and not its result; integers and booleans
/// may not differ. Errors: dtype or shape differ.
Result<Difference> compare(const Array &got, const Array &wanted, double rtol, double atol);

} // namespace rnn::runtime
