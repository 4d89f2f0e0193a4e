//===- VectorOps.h - The algebra of Arithmetic.h on this machine -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace rnn::isa {

/// The algebra of Arithmetic.h on one f32.
struct ScalarOps {
  using Value = float;
  using Int = int32_t;
  using Mask = bool;

  Value constant(float v) { return v; }
  Value add(Value a, Value b) { return a + b; }
  Value sub(Value a, Value b) { return a - b; }
  Value mul(Value a, Value b) { return a * b; }
  Value div(Value a, Value b) { return a / b; }
  Value fma(Value a, Value b, Value c) { return std::fma(a, b, c); }
  Value neg(Value a) { return -a; }
  Value abs(Value a) { return std::fabs(a); }
  Value copySign(Value magnitude, Value sign) { return std::copysign(magnitude, sign); }
  Mask gt(Value a, Value b) { return a > b; }
  Mask ge(Value a, Value b) { return a >= b; }
  Value select(Mask m, Value a, Value b) { return m ? a : b; }
  Int bits(Value a) { return std::bit_cast<int32_t>(a); }
  Value value(Int a) { return std::bit_cast<float>(a); }
  Int constantInt(int32_t v) { return v; }
  Int addInt(Int a, Int b) { return int32_t(uint32_t(a) + uint32_t(b)); }
  Int subInt(Int a, Int b) { return int32_t(uint32_t(a) - uint32_t(b)); }
  Int shiftLeft(Int a, unsigned n) { return int32_t(uint32_t(a) << n); }
  Int shiftRight(Int a, unsigned n) { return a >> n; }
  Value fromInt(Int a) { return float(a); }
};

/// The same on `N` f32 side by side, in the compiler's vector types. `Tag` keeps
/// instances compiled for different instruction sets apart for the linker.
template <int N, class Tag = void> struct VectorOps {
  typedef float Value __attribute__((ext_vector_type(N), aligned(sizeof(float) * N)));
  typedef int32_t Int __attribute__((ext_vector_type(N), aligned(sizeof(float) * N)));
  typedef uint32_t Unsigned __attribute__((ext_vector_type(N), aligned(sizeof(float) * N)));
  using Mask = Int;

  Value constant(float v) { return Value(v); }
  Value add(Value a, Value b) { return a + b; }
  Value sub(Value a, Value b) { return a - b; }
  Value mul(Value a, Value b) { return a * b; }
  Value div(Value a, Value b) { return a / b; }
  Value fma(Value a, Value b, Value c) { return __builtin_elementwise_fma(a, b, c); }
  Value neg(Value a) { return -a; }
  Value abs(Value a) { return __builtin_elementwise_abs(a); }
  Value copySign(Value magnitude, Value sign) { return __builtin_elementwise_copysign(magnitude, sign); }
  Mask gt(Value a, Value b) { return a > b; }
  Mask ge(Value a, Value b) { return a >= b; }
  Value select(Mask m, Value a, Value b) { return m ? a : b; }
  Int bits(Value a) { return (Int)a; }
  Value value(Int a) { return (Value)a; }
  Int constantInt(int32_t v) { return Int(v); }
  Int addInt(Int a, Int b) { return (Int)((Unsigned)a + (Unsigned)b); }
  Int subInt(Int a, Int b) { return (Int)((Unsigned)a - (Unsigned)b); }
  Int shiftLeft(Int a, unsigned n) { return (Int)((Unsigned)a << Unsigned(n)); }
  Int shiftRight(Int a, unsigned n) { return a >> Int(int32_t(n)); }
  Value fromInt(Int a) { return __builtin_convertvector(a, Value); }
};

} // namespace rnn::isa
