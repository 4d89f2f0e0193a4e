//===- Arithmetic.h - The functions of the machine, to the bit --*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// exp, expm1, log1p, sigmoid and tanh of f32, written once over an algebra of
// primitive operations. The simulator instantiates them for scalars and for
// vectors, the compiler with an algebra that builds host code: all agree to the
// bit, because every primitive is either exact or correctly rounded (round to
// nearest, ties to even, denormals kept) and their order is fixed here.
//
// An algebra `Ops` has the types `Value` (f32), `Mask` and `Int` (the 32 bits
// of a value, two's complement, wrapping), and these members:
//
//   Value constant(float)             Mask  gt(Value a, Value b)   a > b, false for NaN
//   Value add(Value, Value)           Mask  ge(Value a, Value b)   a >= b, false for NaN
//   Value sub(Value, Value)           Value select(Mask, Value ifTrue, Value ifFalse)
//   Value mul(Value, Value)           Int   bits(Value)            the bits as an integer
//   Value div(Value, Value)           Value value(Int)             and back
//   Value fma(Value a, b, c)          Int   constantInt(int32_t)
//     a * b + c, rounded once         Int   addInt(Int, Int), subInt(Int, Int)
//   Value neg(Value)                  Int   shiftLeft(Int, unsigned)
//   Value abs(Value)                  Int   shiftRight(Int, unsigned)  arithmetic
//   Value copySign(Value magnitude,   Value fromInt(Int)           nearest f32
//                  Value sign)
//
// A function is within 2 ulp of the true value for every f32, gives NaN for
// NaN, and keeps the sign of zero where the true function does. The sign and
// payload of a NaN are not specified.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>

namespace rnn::isa::arithmetic {

namespace detail {

/// Horner's scheme: c0 + x·(c1 + x·(c2 + …)), highest coefficient first.
template <class Ops>
typename Ops::Value horner(Ops &o, typename Ops::Value x, std::initializer_list<float> highestFirst) {
  auto it = highestFirst.begin();
  typename Ops::Value sum = o.constant(*it);
  while (++it != highestFirst.end())
    sum = o.fma(sum, x, o.constant(*it));
  return sum;
}

/// x = n·ln 2 + r with |r| <= 0.3466, and expm1(r).
template <class Ops> struct Reduced {
  typename Ops::Int n;
  typename Ops::Value expm1r;
};

/// For |x| <= 150. n comes from the low bits of x·log2(e) + 1.5·2^23, whose
/// last place is 1; ln 2 is taken off in two parts (Cody and Waite), and
/// expm1(r) = r + r²·q(r) with a minimax q of degree 4 (relative error 2^-26).
template <class Ops> Reduced<Ops> reduce(Ops &o, typename Ops::Value x) {
  typename Ops::Value magic = o.constant(0x1.8p23f);
  typename Ops::Value shifted = o.fma(x, o.constant(0x1.715476p0f), magic);
  typename Ops::Int n = o.subInt(o.bits(shifted), o.bits(magic));
  typename Ops::Value k = o.sub(shifted, magic);
  typename Ops::Value r = o.fma(k, o.constant(-0x1.62e400p-1f), x);
  r = o.fma(k, o.constant(-0x1.7f7d1cp-20f), r);
  typename Ops::Value q =
      horner(o, r, {0x1.6bebfcp-10f, 0x1.12279cp-7f, 0x1.555674p-5f, 0x1.5554b0p-3f, 0x1.fffffep-2f});
  return {n, o.fma(o.mul(r, r), q, r)};
}

/// 2^n for n from -126 to 127.
template <class Ops> typename Ops::Value powerOfTwo(Ops &o, typename Ops::Int n) {
  return o.value(o.shiftLeft(o.addInt(n, o.constantInt(127)), 23));
}

/// x limited to [low, high]; NaN stays.
template <class Ops> typename Ops::Value clamp(Ops &o, typename Ops::Value x, float low, float high) {
  typename Ops::Value l = o.constant(low), h = o.constant(high);
  x = o.select(o.gt(x, h), h, x);
  return o.select(o.gt(l, x), l, x);
}

} // namespace detail

/// e^x = 2^n·(1 + expm1(r)). The power is applied in two halves, so that the
/// only rounding of a denormal or infinite result is the last.
template <class Ops> typename Ops::Value exp(Ops &o, typename Ops::Value x) {
  auto reduced = detail::reduce(o, detail::clamp(o, x, -104.0f, 89.0f));
  typename Ops::Int half = o.shiftRight(reduced.n, 1);
  typename Ops::Value p = o.add(o.constant(1.0f), reduced.expm1r);
  p = o.mul(p, detail::powerOfTwo(o, half));
  return o.mul(p, detail::powerOfTwo(o, o.subInt(reduced.n, half)));
}

/// e^x - 1 = (2^a·expm1(r) + (2^a - 2^-b))·2^b with n = a + b; x itself below 2^-25.
template <class Ops> typename Ops::Value expm1(Ops &o, typename Ops::Value x) {
  auto reduced = detail::reduce(o, detail::clamp(o, x, -30.0f, 89.0f));
  typename Ops::Int a = o.shiftRight(reduced.n, 1), b = o.subInt(reduced.n, a);
  typename Ops::Value scale = detail::powerOfTwo(o, a);
  typename Ops::Value one = detail::powerOfTwo(o, o.subInt(o.constantInt(0), b));
  typename Ops::Value p = o.fma(reduced.expm1r, scale, o.sub(scale, one));
  p = o.mul(p, detail::powerOfTwo(o, b));
  return o.select(o.gt(o.constant(0x1p-25f), o.abs(x)), x, p);
}

/// log(1 + x). With u = 1 + x rounded and c its rounding error (Knuth's
/// TwoSum), u = 2^k·m, m in [√½, √2): f = (m - 1) + c·2^-k and
/// log(1 + x) = k·ln 2 + f - f²/2 + f³·q(f), q minimax of degree 8 (2^-30).
template <class Ops> typename Ops::Value log1p(Ops &o, typename Ops::Value x) {
  typename Ops::Value one = o.constant(1.0f), u = o.add(one, x);
  typename Ops::Value big = o.sub(u, one);
  typename Ops::Value c = o.add(o.sub(one, o.sub(u, big)), o.sub(x, big));
  typename Ops::Int k = o.shiftRight(o.subInt(o.bits(u), o.bits(o.constant(0x1.6a09e6p-1f))), 23);
  typename Ops::Value m = o.value(o.subInt(o.bits(u), o.shiftLeft(k, 23)));
  typename Ops::Value lost = o.mul(c, detail::powerOfTwo(o, o.subInt(o.constantInt(0), k)));
  lost = o.select(o.gt(u, o.constant(0x1p60f)), o.constant(0.0f), lost);
  typename Ops::Value f = o.add(o.sub(m, one), lost);
  typename Ops::Value q =
      detail::horner(o, f,
                     {0x1.14573ep-4f, -0x1.de3bf8p-4f, 0x1.e6f08cp-4f, -0x1.fc220ep-4f, 0x1.233766p-3f, -0x1.555c4ep-3f,
                      0x1.99a4b6p-3f, -0x1.000006p-2f, 0x1.555548p-2f, -0.5f});
  typename Ops::Value n = o.fromInt(k);
  typename Ops::Value tail = o.fma(o.mul(f, f), q, o.mul(n, o.constant(0x1.7f7d1cp-20f)));
  typename Ops::Value result = o.fma(n, o.constant(0x1.62e400p-1f), o.add(f, tail));
  typename Ops::Value infinity = o.constant(std::numeric_limits<float>::infinity());
  result = o.select(o.ge(x, infinity), infinity, result);
  result = o.select(o.gt(o.constant(0x1p-25f), o.abs(x)), x, result);
  typename Ops::Value outside =
      o.select(o.ge(x, o.constant(-1.0f)), o.neg(infinity), o.constant(std::numeric_limits<float>::quiet_NaN()));
  return o.select(o.gt(x, o.constant(-1.0f)), result, outside);
}

/// With e = e^-|x|: 1 / (1 + e) for x >= 0, and below e - e·s with s = e / (1 + e),
/// which is s again without the rounding error of the division.
template <class Ops> typename Ops::Value sigmoid(Ops &o, typename Ops::Value x) {
  typename Ops::Value one = o.constant(1.0f);
  typename Ops::Mask negative = o.gt(o.constant(0.0f), x);
  typename Ops::Value e = exp(o, o.neg(o.abs(x)));
  typename Ops::Value s = o.div(o.select(negative, e, one), o.add(one, e));
  return o.select(negative, o.fma(o.neg(e), s, e), s);
}

/// For |x| < 0.625 x + x³·q(x²) with a minimax q of degree 4 (2^-27.7),
/// beyond 1 - 2 / (1 + e^(2|x|)) with the sign of x.
template <class Ops> typename Ops::Value tanh(Ops &o, typename Ops::Value x) {
  typename Ops::Value one = o.constant(1.0f), a = o.abs(x), s = o.mul(x, x);
  typename Ops::Value q =
      detail::horner(o, s, {-0x1.75e1a8p-8f, 0x1.522692p-6f, -0x1.b83c58p-5f, 0x1.110726p-3f, -0x1.555532p-2f});
  typename Ops::Value small = o.fma(o.mul(a, s), q, a);
  typename Ops::Value e = exp(o, o.add(a, a));
  typename Ops::Value large = o.sub(one, o.div(o.constant(2.0f), o.add(one, e)));
  return o.copySign(o.select(o.gt(o.constant(0.625f), a), small, large), x);
}

} // namespace rnn::isa::arithmetic
