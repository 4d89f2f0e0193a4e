//===- FormatsTest.cpp - A format is a row of the kernels -------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "KernelImpl.h"
#include "Programs.h"

#include <bit>
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
  ProductOperands operands{.acc = numbers(got, rows),
                           .weight = numbers(weight, 0),
                           .x = numbers(x, cols),
                           .rows = rows,
                           .cols = cols,
                           .vectors = vectors,
                           .accumulate = accumulate};
  constexpr Conversion toy = kConversion<N, Toy>;
  multiply<N, Toy, void>({operands, toy, toy});
  EXPECT_EQ(got, want) << N << ": " << rows << "x" << cols << "x" << vectors;
}

TEST(Formats, ToyMultipliesLikeItsDefinition) {
  // Vectors are converted in pieces of columns: less than one, one, and several with a rest.
  for (uint64_t rows : {1, 16, 83})
    for (uint64_t cols : {uint64_t(1), uint64_t(33), kConvertedColumns, 2 * kConvertedColumns + 7})
      for (uint64_t vectors : {1, 2, 3, 4, 5, 6})
        for (bool accumulate : {false, true}) {
          multipliesLikeItsDefinition<4>(rows, cols, vectors, accumulate);
          multipliesLikeItsDefinition<16>(rows, cols, vectors, accumulate);
        }
}

//===----------------------------------------------------------------------===//
// f16, on all kernels
//===----------------------------------------------------------------------===//

/// The value of an f16, by its definition.
double valueOf(uint16_t half) {
  int exponent = half >> 10 & 31, fraction = half & 1023;
  double magnitude = exponent == 31  ? (fraction ? NAN : INFINITY)
                     : exponent == 0 ? std::ldexp(fraction, -24)
                                     : std::ldexp(1024 + fraction, exponent - 25);
  return half >> 15 ? -magnitude : magnitude;
}

/// The nearest f16, of two as near the even one, by its definition: a multiple of the last place that its exponent has.
uint16_t nearest(float value) {
  uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  double magnitude = std::fabs(double(value));
  if (std::isnan(value))
    return sign | 0x7e00;
  // 65520 lies in the middle between the largest, which is odd, and what would be the next.
  if (magnitude >= 65520)
    return sign | 0x7c00;
  int exponent = magnitude < 0x1p-14 ? -14 : std::ilogb(magnitude);
  auto places = uint16_t(std::nearbyint(std::ldexp(magnitude, 10 - exponent)));
  // 1024 places are the leading 1, which is not stored; 2048 are a carry into the exponent.
  return sign | uint16_t(places + ((exponent + 14) << 10));
}

bool isNaN(uint16_t half) {
  return (half & 0x7fff) > 0x7c00;
}

/// Runs a lane program that copies numbers from one format to the other.
template <class From, class To>
std::vector<To> copied(const Kernels &kernels, std::vector<From> from, isa::Format source, isa::Format target) {
  std::vector<To> to(from.size());
  isa::LaneLoad load{.source = {{isa::Memory::Vector}, source}, .rd = {1}};
  isa::LaneStore store{.target = {{isa::Memory::Acc}, target}, .value = {1}};
  std::vector<isa::MicroOp> body = {load, store};
  std::byte *places[] = {reinterpret_cast<std::byte *>(from.data()), reinterpret_cast<std::byte *>(to.data())};
  kernels.lanes({body, places, from.size()});
  return to;
}

constexpr auto kF16 = isa::Format::F16, kF32 = isa::Format::F32;

TEST(Formats, EveryF16IsItsValueAndComesBack) {
  std::vector<uint16_t> all;
  for (unsigned half = 0; half < 65536; ++half)
    all.push_back(uint16_t(half));
  // Not a whole number of blocks.
  all.push_back(0x3c00);
  for (const Kernels &kernels : availableKernels()) {
    std::vector<float> wide = copied<uint16_t, float>(kernels, all, kF16, kF32);
    std::vector<uint16_t> back = copied<float, uint16_t>(kernels, wide, kF32, kF16);
    std::vector<uint16_t> direct = copied<uint16_t, uint16_t>(kernels, all, kF16, kF16);
    for (size_t i = 0; i < all.size(); ++i) {
      double value = valueOf(all[i]);
      ASSERT_TRUE(std::isnan(value) ? std::isnan(wide[i])
                                    : value == double(wide[i]) && std::signbit(wide[i]) == all[i] >> 15)
          << kernels.name << " " << all[i] << ": " << wide[i];
      ASSERT_TRUE(isNaN(all[i]) ? isNaN(back[i]) && isNaN(direct[i]) : back[i] == all[i] && direct[i] == all[i])
          << kernels.name << " " << all[i] << ": " << back[i];
    }
  }
}

TEST(Formats, F32AreRoundedToTheNearestF16) {
  std::vector<float> values;
  auto add = [&](float value) {
    for (float near : {std::nextafterf(value, -INFINITY), value, std::nextafterf(value, INFINITY)})
      values.push_back(near), values.push_back(-near);
  };
  // Every f16 and every tie between two, the one with infinity included, with their neighbours.
  for (uint16_t half = 0; half < 0x7c00; ++half) {
    add(float(valueOf(half)));
    double next = half == 0x7bff ? 65536 : valueOf(half + 1);
    add(float((valueOf(half) + next) / 2));
  }
  // f32 of every exponent, infinities and NaN among them.
  for (uint64_t bits = 0; bits <= UINT32_MAX; bits += 1021)
    values.push_back(std::bit_cast<float>(uint32_t(bits)));
  for (uint32_t bits : {0x7f800000u, 0xff800000u, 0x7f800001u, 0x7fc00000u, 0xffffffffu, 1u, 0x80000001u, 0x007fffffu})
    values.push_back(std::bit_cast<float>(bits));
  for (const Kernels &kernels : availableKernels()) {
    std::vector<uint16_t> got = copied<float, uint16_t>(kernels, values, kF32, kF16);
    for (size_t i = 0; i < values.size(); ++i) {
      uint16_t want = nearest(values[i]);
      ASSERT_TRUE(isNaN(want) ? isNaN(got[i]) : got[i] == want)
          << kernels.name << ": " << values[i] << " became " << got[i] << ", not " << want;
    }
  }
}

/// Numbers of either format, read and written by the definitions.
struct Array {
  isa::Format format;
  std::vector<float> wide;
  std::vector<uint16_t> half;

  Array(isa::Format format, const std::vector<float> &values) : format(format) {
    for (float value : values)
      (format == kF16 ? void(half.push_back(nearest(value))) : wide.push_back(value));
  }
  float at(size_t i) const { return format == kF16 ? float(valueOf(half[i])) : wide[i]; }
  void set(size_t i, float value) {
    if (format == kF16)
      half[i] = nearest(value);
    else
      wide[i] = value;
  }
  Numbers numbers(uint64_t pitch) {
    return format == kF16 ? Numbers{reinterpret_cast<std::byte *>(half.data()), int64_t(pitch * sizeof(uint16_t)), kF16}
                          : Numbers{reinterpret_cast<std::byte *>(wide.data()), int64_t(pitch * sizeof(float)), kF32};
  }
  bool operator==(const Array &) const = default;
};

struct ProductCase {
  uint64_t rows, cols, vectors;
  isa::Format weight, x, acc;
  bool accumulate, round;
};

void expectProduct(const ProductCase &c) {
  Array weight(c.weight, test::numbers((c.rows + 15) / 16 * 16 * c.cols, 3)),
      x(c.x, test::numbers(c.vectors * c.cols, 5));
  const Array start(c.acc, test::numbers(c.vectors * c.rows, 9));
  Array want = start;
  for (uint64_t v = 0; v < c.vectors; ++v)
    for (uint64_t r = 0; r < c.rows; ++r) {
      size_t at = v * c.rows + r;
      float sum = c.accumulate ? want.at(at) : 0;
      for (uint64_t i = 0; i < c.cols; ++i) {
        sum = std::fma(weight.at((r / 16 * c.cols + i) * 16 + r % 16), x.at(v * c.cols + i), sum);
        if (c.round) {
          want.set(at, sum);
          sum = want.at(at);
        }
      }
      want.set(at, sum);
    }
  for (const Kernels &kernels : availableKernels()) {
    Array got = start;
    kernels.product({.acc = got.numbers(c.rows),
                     .weight = weight.numbers(0),
                     .x = x.numbers(c.cols),
                     .rows = c.rows,
                     .cols = c.cols,
                     .vectors = c.vectors,
                     .accumulate = c.accumulate,
                     .round = c.round});
    EXPECT_EQ(got, want) << kernels.name << ": " << c.rows << "x" << c.cols << "x" << c.vectors << " weight "
                         << int(c.weight) << " x " << int(c.x) << " acc " << int(c.acc) << " round " << c.round;
  }
}

TEST(Formats, ProductsOfF16AgreeToTheByte) {
  for (uint64_t rows : {1, 16, 83})
    for (uint64_t vectors : {1, 2, 7})
      for (isa::Format weight : {kF16, kF32})
        for (isa::Format x : {kF16, kF32})
          for (isa::Format acc : {kF16, kF32})
            for (unsigned flags = 0; flags < 4; ++flags)
              expectProduct({rows, 33, vectors, weight, x, acc, bool(flags & 1), bool(flags & 2)});
}

TEST(Formats, RoundingEachTimeIsNotRoundingOnce) {
  // 2048 + 1 has no f16, and is rounded to 2048 each time; rounded once, 2048 + 2 is an f16.
  std::vector<uint16_t> weight(32, nearest(1)), x = {nearest(1), nearest(1)};
  for (const Kernels &kernels : availableKernels())
    for (bool round : {false, true}) {
      std::vector<uint16_t> acc = {nearest(2048)};
      auto numbers = [](std::vector<uint16_t> &values) {
        return Numbers{reinterpret_cast<std::byte *>(values.data()), 0, kF16};
      };
      kernels.product({.acc = numbers(acc),
                       .weight = numbers(weight),
                       .x = numbers(x),
                       .rows = 1,
                       .cols = 2,
                       .vectors = 1,
                       .accumulate = true,
                       .round = round});
      EXPECT_EQ(valueOf(acc[0]), round ? 2048 : 2050) << kernels.name;
    }
}

} // namespace
