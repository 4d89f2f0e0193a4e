//===- ArithmeticTest.cpp - Functions of the machine against libm in double -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Isa/Arithmetic.h"
#include "rnn-mlir/Isa/VectorOps.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <utility>

using namespace rnn::isa;

namespace {

/// Distance in units in the last place of f32 at the true value; denormals have those of the smallest normal.
double ulps(float got, double want) {
  if (std::isnan(want))
    return std::isnan(got) ? 0 : INFINITY;
  if (std::isinf(got) || std::isinf(float(want)))
    return got == float(want) ? 0 : std::isinf(got) && std::abs(want) > 0x1.fffffcp127 ? 1 : INFINITY;
  if (want == 0)
    return got == 0 && std::signbit(got) == std::signbit(want) ? 0 : INFINITY;
  int exponent;
  std::frexp(want, &exponent);
  return std::abs(got - want) / std::ldexp(1.0, std::max(exponent, -125) - 24);
}

/// The largest error of a function, and where it is.
struct Worst {
  double error = 0;
  float at = 0;
};

/// Every `stride`-th f32 of both signs, and all around the places where something changes.
template <class F, class G> Worst sweep(F function, G truth, uint64_t stride) {
  ScalarOps scalar;
  VectorOps<4> vector;
  Worst worst;
  auto check = [&](uint32_t bits) {
    auto x = std::bit_cast<float>(bits);
    float y = function(scalar, x);
    double error = ulps(y, truth(double(x)));
    if (error > worst.error)
      worst = {error, x};
    EXPECT_LE(error, 2.0) << "at " << std::hexfloat << x << " got " << y;
    float z = function(vector, VectorOps<4>::Value(x))[2];
    EXPECT_TRUE(std::bit_cast<uint32_t>(y) == std::bit_cast<uint32_t>(z) || (std::isnan(y) && std::isnan(z)))
        << "scalar and vector differ at " << std::hexfloat << x;
    return error <= 2.0;
  };
  for (uint64_t bits = 0; bits < (1ull << 32); bits += stride)
    if (!check(uint32_t(bits)))
      return worst;
  for (float place : {0.0f, 1e-40f, 0x1p-25f, 0.346574f, 0.625f, 0.4142f, 0.7071f, 1.0f, 17.33f, 88.7228f, 89.0f,
                      103.97f, 104.0f, 0x1p24f, 0x1p60f, INFINITY})
    for (int64_t offset = -300; offset <= 300; ++offset)
      for (uint32_t sign : {0u, 0x80000000u})
        if (int64_t bits = int64_t(std::bit_cast<uint32_t>(place)) + offset; bits >= 0 && !check(uint32_t(bits) | sign))
          return worst;
  return worst;
}

Worst exp(uint64_t stride) {
  return sweep([](auto &o, auto x) { return arithmetic::exp(o, x); }, [](double x) { return std::exp(x); }, stride);
}

Worst expm1(uint64_t stride) {
  return sweep([](auto &o, auto x) { return arithmetic::expm1(o, x); }, [](double x) { return std::expm1(x); }, stride);
}

Worst log1p(uint64_t stride) {
  return sweep([](auto &o, auto x) { return arithmetic::log1p(o, x); }, [](double x) { return std::log1p(x); }, stride);
}

Worst sigmoid(uint64_t stride) {
  return sweep([](auto &o, auto x) { return arithmetic::sigmoid(o, x); },
               [](double x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); }, stride);
}

Worst tanh(uint64_t stride) {
  return sweep([](auto &o, auto x) { return arithmetic::tanh(o, x); }, [](double x) { return std::tanh(x); }, stride);
}

constexpr std::pair<const char *, Worst (*)(uint64_t)> kFunctions[] = {
    {"exp", exp}, {"expm1", expm1}, {"log1p", log1p}, {"sigmoid", sigmoid}, {"tanh", tanh}};

TEST(Arithmetic, FunctionsAreWithinTwoUlps) {
  for (auto [name, worst] : kFunctions) {
    SCOPED_TRACE(name);
    // An error of 0 would be that of a comparison that never ran.
    EXPECT_GT(worst(997).error, 0.5);
  }
}

/// The table of docs/machine-arithmetic.md; it takes minutes.
TEST(Arithmetic, DISABLED_LargestErrors) {
  for (auto [name, worst] : kFunctions) {
    auto [error, at] = worst(23);
    std::printf("| `%s` | %.2f ulp | x = %.4g |\n", name, error, at);
  }
}

} // namespace
