//===- Array.cpp - Arrays that go into and come out of a program -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Runtime/Array.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>

namespace rnn::runtime {
namespace {

struct DTypeInfo {
  std::string_view name;
  size_t bytes;
};
constexpr std::array<DTypeInfo, 12> kDTypes = {{{"bool", 1},
                                                {"int8", 1},
                                                {"int16", 2},
                                                {"int32", 4},
                                                {"int64", 8},
                                                {"uint8", 1},
                                                {"uint16", 2},
                                                {"uint32", 4},
                                                {"uint64", 8},
                                                {"float16", 2},
                                                {"float32", 4},
                                                {"float64", 8}}};

double halfToDouble(uint16_t half) {
  int exponent = half >> 10 & 31, fraction = half & 1023;
  double magnitude = exponent == 31 ? (fraction ? std::nan("") : std::numeric_limits<double>::infinity())
                     : exponent     ? std::ldexp(1024 + fraction, exponent - 25)
                                    : std::ldexp(fraction, -24);
  return half >> 15 ? -magnitude : magnitude;
}

bool isFloat(DType dtype) {
  return dtype >= DType::Float16;
}

double valueAt(const Array &array, uint64_t k) {
  const std::byte *at = array.data.get() + k * dtypeBytes(array.dtype);
  auto load = [at]<class T>(T value) {
    std::memcpy(&value, at, sizeof value);
    return value;
  };
  switch (array.dtype) {
  case DType::Bool:
  case DType::UInt8:
    return load(uint8_t());
  case DType::Int8:
    return load(int8_t());
  case DType::Int16:
    return load(int16_t());
  case DType::Int32:
    return load(int32_t());
  case DType::Int64:
    return load(int64_t());
  case DType::UInt16:
    return load(uint16_t());
  case DType::UInt32:
    return load(uint32_t());
  case DType::UInt64:
    return load(uint64_t());
  case DType::Float16:
    return halfToDouble(load(uint16_t()));
  case DType::Float32:
    return load(float());
  case DType::Float64:
    return load(double());
  }
  return 0;
}

} // namespace

std::string_view dtypeName(DType dtype) {
  return kDTypes[size_t(dtype)].name;
}
size_t dtypeBytes(DType dtype) {
  return kDTypes[size_t(dtype)].bytes;
}

std::optional<DType> dtypeFromName(std::string_view name) {
  for (size_t k = 0; k < kDTypes.size(); ++k)
    if (kDTypes[k].name == name)
      return DType(k);
  return std::nullopt;
}

std::optional<uint64_t> byteCount(DType dtype, std::span<const int64_t> shape) {
  constexpr uint64_t limit = uint64_t(1) << 62;
  uint64_t product = dtypeBytes(dtype);
  bool empty = false;
  for (int64_t size : shape) {
    if (size < 0)
      return std::nullopt;
    empty |= size == 0;
    if (size > 0 && product > limit / uint64_t(size))
      return std::nullopt;
    product *= size > 0 ? uint64_t(size) : 1;
  }
  return empty ? 0 : product;
}

Result<Array> Array::zeros(DType dtype, std::vector<int64_t> shape) {
  std::optional<uint64_t> bytes = byteCount(dtype, shape);
  if (!bytes)
    return Error{"an array of shape " + shapeText(shape) + " is too large"};
  uint64_t rounded = std::max<uint64_t>((*bytes + 63) / 64 * 64, 64);
  auto *memory = static_cast<std::byte *>(std::aligned_alloc(64, rounded));
  if (!memory)
    return Error{"no memory for an array of shape " + shapeText(shape)};
  std::memset(memory, 0, rounded);
  return Array{dtype, std::move(shape), std::shared_ptr<std::byte>(memory, [](std::byte *p) { std::free(p); })};
}

Result<void> checkElements(const Array &array) {
  if (array.dtype != DType::Bool)
    return {};
  std::span<const std::byte> bytes(array.data.get(), array.bytes());
  auto wrong = std::ranges::find_if(bytes, [](std::byte byte) { return byte > std::byte(1); });
  if (wrong == bytes.end())
    return {};
  return Error{"holds the value " + std::to_string(unsigned(*wrong)) + " at element " +
               std::to_string(wrong - bytes.begin()) + ", which is none of bool"};
}

Result<Difference> compare(const Array &got, const Array &wanted, double rtol, double atol) {
  if (got.dtype != wanted.dtype)
    return Error{"expected " + std::string(dtypeName(wanted.dtype)) + ", found " + std::string(dtypeName(got.dtype))};
  if (got.shape != wanted.shape)
    return Error{"expected shape " + shapeText(wanted.shape) + ", found " + shapeText(got.shape)};
  Difference difference;
  uint64_t count = got.elements();
  for (uint64_t k = 0; k < count; ++k)
    if (double b = std::abs(valueAt(wanted, k)); std::isfinite(b))
      difference.magnitude = std::max(difference.magnitude, b);
  double allowed = isFloat(got.dtype) ? atol + rtol * difference.magnitude : 0;
  size_t width = dtypeBytes(got.dtype);
  for (uint64_t k = 0; k < count; ++k) {
    if (std::memcmp(got.data.get() + k * width, wanted.data.get() + k * width, width) == 0)
      continue;
    double a = valueAt(got, k), b = valueAt(wanted, k);
    if (std::isnan(a) && std::isnan(b))
      continue;
    double gap = a == b ? 0 : std::abs(a - b);
    if (!std::isfinite(gap))
      gap = std::numeric_limits<double>::infinity();
    difference.absolute = std::max(difference.absolute, gap);
    // 64-bit integers may differ and be the same double.
    difference.outside += gap > allowed || !isFloat(got.dtype);
  }
  return difference;
}

} // namespace rnn::runtime
