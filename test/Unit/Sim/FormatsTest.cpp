//===- FormatsTest.cpp - A format is a row of the kernels -------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "KernelImpl.h"
#include "Programs.h"

#include <cmath>

using namespace rnn;
using namespace rnn::sim;

namespace {

/// The format of docs/how-to/add-a-format.md: sixteenths from -8 to 7.9375 in a byte. What is beyond becomes the
/// nearest of them.
struct Toy {
  using Number = int8_t;
  template <class Ops, int N> static typename Ops::Value widen(Ops &o, Stored<Number, N> numbers) {
    return o.mul(__builtin_convertvector(numbers, typename Ops::Value), o.constant(0x1p-4f));
  }
  template <class Ops, int N> static Stored<Number, N> narrow(Ops &o, typename Ops::Value value) {
    value = isa::arithmetic::detail::clamp(o, o.mul(value, o.constant(16)), -128, 127);
    typename Ops::Value magic = o.constant(0x1.8p23f);
    return __builtin_convertvector(o.sub(o.add(value, magic), magic), Stored<Number, N>);
  }
};

/// The same, a number at a time.
float wide(int8_t number) {
  return float(number) / 16;
}
int8_t narrow(float value) {
  return int8_t(std::fmin(std::fmax(std::nearbyint(value * 16), -128), 127));
}

std::vector<int8_t> toys(size_t count, uint32_t seed) {
  std::vector<int8_t> result;
  for (float value : test::numbers(count, seed))
    result.push_back(narrow(value * 8));
  return result;
}

template <int N> void convertsLikeItsDefinition() {
  constexpr Conversion toy = kConversion<N, Toy>;
  EXPECT_EQ(toy.bytes, 1u);
  std::vector<int8_t> all;
  for (int number = -128; number < 128; ++number)
    all.push_back(int8_t(number));
  std::vector<float> widened(all.size() + 1, 42);
  toy.widen(reinterpret_cast<const std::byte *>(all.data()), widened.data(), all.size());
  for (size_t i = 0; i < all.size(); ++i)
    EXPECT_EQ(widened[i], wide(all[i]));
  EXPECT_EQ(widened.back(), 42);
  // All quarters of a step from below to above the range; not a multiple of N, so that the last are fewer.
  std::vector<float> values;
  for (int quarter = -4 * 140; quarter <= 4 * 140; ++quarter)
    values.push_back(float(quarter) / 64);
  std::vector<int8_t> narrowed(values.size() + 1, 42);
  toy.narrow(values.data(), reinterpret_cast<std::byte *>(narrowed.data()), values.size());
  for (size_t i = 0; i < values.size(); ++i)
    EXPECT_EQ(narrowed[i], narrow(values[i])) << values[i];
  EXPECT_EQ(narrowed.back(), 42);
}

TEST(Formats, ToyConvertsLikeItsDefinition) {
  convertsLikeItsDefinition<4>();
  convertsLikeItsDefinition<8>();
  convertsLikeItsDefinition<16>();
}

/// Weights, vectors and sums in the format: sums are f32 until they are stored.
template <int N> void multipliesLikeItsDefinition(uint64_t rows, uint64_t cols, uint64_t vectors, bool accumulate) {
  auto weight = toys((rows + 15) / 16 * 16 * cols, 3), x = toys(vectors * cols, 5);
  auto got = toys(vectors * rows + 1, 9), want = got;
  for (uint64_t v = 0; v < vectors; ++v)
    for (uint64_t r = 0; r < rows; ++r) {
      float sum = accumulate ? wide(want[v * rows + r]) : 0;
      for (uint64_t c = 0; c < cols; ++c)
        sum = std::fma(wide(weight[(r / 16 * cols + c) * 16 + r % 16]), wide(x[v * cols + c]), sum);
      want[v * rows + r] = narrow(sum);
    }
  // Whatever the number of the format: not that of f32, which needs no conversion.
  constexpr auto number = isa::Format(isa::kFormatCount);
  auto numbers = [&](std::vector<int8_t> &values, uint64_t pitch) {
    return Numbers{reinterpret_cast<std::byte *>(values.data()), int64_t(pitch), number};
  };
  productOf<N, Toy>({.acc = numbers(got, rows),
                     .weight = numbers(weight, 0),
                     .x = numbers(x, cols),
                     .rows = rows,
                     .cols = cols,
                     .vectors = vectors,
                     .accumulate = accumulate},
                    kConversion<N, Toy>, kConversion<N, Toy>);
  EXPECT_EQ(got, want) << N << ": " << rows << "x" << cols << "x" << vectors;
}

TEST(Formats, ToyMultipliesLikeItsDefinition) {
  for (uint64_t rows : {1, 16, 83})
    for (uint64_t cols : {1, 33})
      for (uint64_t vectors : {1, 2, 3, 4, 5, 6})
        for (bool accumulate : {false, true}) {
          multipliesLikeItsDefinition<4>(rows, cols, vectors, accumulate);
          multipliesLikeItsDefinition<16>(rows, cols, vectors, accumulate);
        }
}

} // namespace
