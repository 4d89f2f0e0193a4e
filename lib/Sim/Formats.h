//===- Formats.h - Numbers of memory as f32 and back ------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// The row of each format in the kernels: what memory holds, `widen`, which gives
// its value as f32, and `narrow`, which rounds an f32 to it. Templates over the
// vectors of isa::VectorOps, so that all kernels compute them alike; included by
// KernelImpl.h alone. A format without a row does not compile.
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Isa/Isa.h"
#include "rnn-mlir/Isa/VectorOps.h"

#include <utility>

namespace rnn::sim {
namespace {

/// `N` numbers as memory holds them.
template <class Number, int N> using Stored = Number __attribute__((ext_vector_type(N)));

/// A vector from memory, where it is aligned like one of its numbers, and back.
template <class Vector> Vector readVector(const void *from) {
  Vector vector;
  __builtin_memcpy(&vector, from, sizeof vector);
  return vector;
}
template <class Vector> void writeVector(void *to, Vector vector) {
  __builtin_memcpy(to, &vector, sizeof vector);
}

template <isa::Format F> struct FormatRow;

template <> struct FormatRow<isa::Format::F32> {
  using Number = float;
  template <class Ops, int N> static typename Ops::Value widen(Ops &, Stored<Number, N> numbers) { return numbers; }
  template <class Ops, int N> static Stored<Number, N> narrow(Ops &, typename Ops::Value value) { return value; }
};

/// By conversions of the machine where it has them, else on the bits: both are exact one way and round to nearest, ties
/// to even, the other.
template <> struct FormatRow<isa::Format::F16> {
  using Number = uint16_t;

#ifdef __F16C__
  template <int N> using Half = Stored<_Float16, N>;

  template <class Ops, int N> static typename Ops::Value widen(Ops &, Stored<Number, N> numbers) {
    return __builtin_convertvector((Half<N>)numbers, typename Ops::Value);
  }
  template <class Ops, int N> static Stored<Number, N> narrow(Ops &, typename Ops::Value value) {
    return (Stored<Number, N>)__builtin_convertvector(value, Half<N>);
  }
#else
  /// The exponent moves from its place in f16 to that of f32. One of only ones, of infinity and NaN, goes all the way
  /// up; of a denormal, whose last place is 2^-24, the leading 1 that it has not is taken off again.
  template <class Ops, int N> static typename Ops::Value widen(Ops &o, Stored<Number, N> numbers) {
    using Int = typename Ops::Int;
    Int bits = __builtin_convertvector(numbers, Int), magnitude = (bits & 0x7fff) << 13;
    Int normal = magnitude + ((127 - 15) << 23);
    Int denormal = o.bits(o.sub(o.value(magnitude + ((127 - 14) << 23)), o.constant(0x1p-14f)));
    Int exponent = magnitude & (31 << 23);
    Int result = exponent == (31 << 23) ? normal + ((128 - 16) << 23) : exponent == 0 ? denormal : normal;
    return o.value(result | ((bits & 0x8000) << 16));
  }
  /// Below 2^-14 the last place is 2^-24, which is that of f32 from 1/2 on: a sum rounds to it. Above, half of the last
  /// place but one is added, and one more where the place is odd; a carry goes into the exponent, and on to infinity.
  template <class Ops, int N> static Stored<Number, N> narrow(Ops &o, typename Ops::Value value) {
    using Int = typename Ops::Int;
    Int bits = o.bits(value), magnitude = bits & 0x7fffffff;
    Int denormal = o.bits(o.add(o.value(magnitude), o.constant(0.5f))) - o.bits(o.constant(0.5f));
    Int normal = (magnitude - ((127 - 15) << 23) + 0xfff + ((magnitude >> 13) & 1)) >> 13;
    Int large = magnitude > (255 << 23) ? Int(0x7e00) : Int(0x7c00);
    Int result = magnitude >= ((127 + 16) << 23) ? large : magnitude < ((127 - 14) << 23) ? denormal : normal;
    return __builtin_convertvector(result | ((bits >> 16) & 0x8000), Stored<Number, N>);
  }
#endif
};

struct LocalTag {};

/// A format's conversions of `count` numbers in a row.
struct Conversion {
  void (*widen)(const std::byte *from, float *to, uint64_t count);
  void (*narrow)(const float *from, std::byte *to, uint64_t count);
  /// Bytes of a number.
  size_t bytes;
};

/// `N` numbers at a time; the last of them with zeros behind.
template <int N, class Row> void widenAll(const std::byte *from, float *to, uint64_t count) {
  using Ops = isa::VectorOps<N, LocalTag>;
  using Vector = Stored<typename Row::Number, N>;
  Ops ops;
  for (; count >= N; count -= N, from += sizeof(Vector), to += N)
    writeVector<typename Ops::Value>(to, Row::template widen<Ops, N>(ops, readVector<Vector>(from)));
  if (count) {
    Vector rest = {};
    __builtin_memcpy(&rest, from, count * sizeof(typename Row::Number));
    typename Ops::Value wide = Row::template widen<Ops, N>(ops, rest);
    __builtin_memcpy(to, &wide, count * sizeof(float));
  }
}
template <int N, class Row> void narrowAll(const float *from, std::byte *to, uint64_t count) {
  using Ops = isa::VectorOps<N, LocalTag>;
  using Vector = Stored<typename Row::Number, N>;
  Ops ops;
  for (; count >= N; count -= N, from += N, to += sizeof(Vector))
    writeVector<Vector>(to, Row::template narrow<Ops, N>(ops, readVector<typename Ops::Value>(from)));
  if (count) {
    typename Ops::Value rest = {};
    __builtin_memcpy(&rest, from, count * sizeof(float));
    Vector narrow = Row::template narrow<Ops, N>(ops, rest);
    __builtin_memcpy(to, &narrow, count * sizeof(typename Row::Number));
  }
}

template <int N, class Row>
constexpr Conversion kConversion = {widenAll<N, Row>, narrowAll<N, Row>, sizeof(typename Row::Number)};

/// The conversion of every format, by its number.
template <int N, size_t... F> constexpr auto conversionTable(std::index_sequence<F...>) {
  static_assert(((sizeof(typename FormatRow<isa::Format(F)>::Number) == isa::kFormatBytes[F]) && ...));
  return std::array{kConversion<N, FormatRow<isa::Format(F)>>...};
}
template <int N> constexpr auto kConversions = conversionTable<N>(std::make_index_sequence<isa::kFormatCount>());

} // namespace
} // namespace rnn::sim
