//===- KernelsTest.cpp - All kernels compute the definitions ---*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Programs.h"

#include "rnn-mlir/Isa/Arithmetic.h"
#include "rnn-mlir/Isa/VectorOps.h"

#include <array>
#include <bit>
#include <cmath>

using namespace rnn;
using namespace rnn::sim;

/// Number `index` of vector `v` of an operand of f32.
static float *at(const Numbers &numbers, uint64_t v, uint64_t index) {
  return reinterpret_cast<float *>(numbers.data + int64_t(v) * numbers.pitch) + index;
}

/// The definition: one fma after the other in rising column order.
static void reference(const ProductOperands &o) {
  for (uint64_t v = 0; v < o.vectors; ++v)
    for (uint64_t r = 0; r < o.rows; ++r) {
      float *target = at(o.acc, v, r), sum = o.accumulate ? *target : 0.0f;
      for (uint64_t c = 0; c < o.cols; ++c)
        sum = std::fma(*at(o.weight, 0, (r / 16 * o.cols + c) * 16 + r % 16), *at(o.x, v, c), sum);
      *target = sum;
    }
}

static Numbers numbers(std::vector<float> &values, uint64_t pitch = 0) {
  return {reinterpret_cast<std::byte *>(values.data()), int64_t(pitch * sizeof(float)), isa::Format::F32};
}

TEST(Kernels, ProductsAgreeToTheByte) {
  for (uint64_t rows : {1, 15, 16, 17, 64, 83, 160})
    for (uint64_t cols : {0, 1, 7, 33})
      for (uint64_t vectors : {0, 1, 2, 3, 4, 5, 6, 7, 13})
        for (bool accumulate : {false, true}) {
          uint64_t pitch = rows + 3;
          auto weight = test::numbers((rows + 15) / 16 * 16 * cols, 3), x = test::numbers(vectors * (cols + 1), 5);
          auto start = test::numbers(vectors * pitch + 1, 9), want = start;
          ProductOperands o{.acc = numbers(want, pitch),
                            .weight = numbers(weight),
                            .x = numbers(x, cols + 1),
                            .rows = rows,
                            .cols = cols,
                            .vectors = vectors,
                            .accumulate = accumulate};
          reference(o);
          for (const Kernels &kernels : availableKernels()) {
            auto got = start;
            o.acc = numbers(got, pitch);
            kernels.product(o);
            EXPECT_EQ(std::memcmp(got.data(), want.data(), got.size() * sizeof(float)), 0)
                << kernels.name << " " << rows << "x" << cols << "x" << vectors << " accumulate " << accumulate;
          }
        }
}

static std::vector<isa::MicroOp> body(std::string_view text) {
  auto instrs = isa::parse(text);
  EXPECT_TRUE(instrs) << (instrs ? "" : instrs.error().message);
  return std::get<isa::Lanes>((*instrs)[0]).body;
}

static constexpr std::string_view kEverything = R"(lanes n=16 count=24
lane.load source=vector[0] rd=r0
lane.load source=vector[0] rd=r1
lane.splat source=vector[0] rd=r2
lane.constant value=0x3f000000 rd=r3
lane.add a=r0 b=r1 rd=r4
lane.sub a=r4 b=r2 rd=r5
lane.mul a=r5 b=r3 rd=r6
lane.div a=r6 b=r1 rd=r7
lane.min a=r0 b=r1 rd=r8
lane.max a=r0 b=r1 rd=r9
lane.ge a=r0 b=r1 rd=r10
lane.gt a=r0 b=r1 rd=r11
lane.neg a=r7 rd=r12
lane.abs a=r12 rd=r13
lane.fma a=r0 b=r1 c=r2 rd=r14
lane.select a=r10 b=r8 c=r9 rd=r15
lane.exp a=r0 rd=r16
lane.expm1 a=r0 rd=r17
lane.log1p a=r13 rd=r18
lane.sigmoid a=r0 rd=r19
lane.tanh a=r1 rd=r20
lane.add a=r14 b=r15 rd=r21
lane.add a=r21 b=r19 rd=r22
lane.add a=r22 b=r20 rd=r23
)";

/// The definition of a lane program: one element at a time, by the standard library. The functions are those that
/// ArithmeticTest.cpp compares with the true values.
struct LaneReference {
  std::byte *const *places;
  uint64_t element = 0;
  std::array<float, isa::kLaneRegisters> r{};
  isa::ScalarOps ops{};

  static float at(const std::byte *place) {
    float value;
    std::memcpy(&value, place, sizeof value);
    return value;
  }
  /// `a` where `first`, else `b`; of equal values one whose sign bit is `sign`, if there is one.
  static float extremum(float a, float b, bool first, bool sign) {
    if (std::isnan(a) || std::isnan(b))
      return NAN;
    if (a == b)
      return std::signbit(a) == sign ? a : b;
    return first ? a : b;
  }

  void operator()(const isa::LaneLoad &op) { r[op.rd.number] = at(*places++ + element * 4); }
  void operator()(const isa::LaneSplat &op) { r[op.rd.number] = at(*places++); }
  void operator()(const isa::LaneStore &op) { std::memcpy(*places++ + element * 4, &r[op.value.number], 4); }
  void operator()(const isa::LaneConstant &op) { r[op.rd.number] = op.value; }
  void operator()(const isa::LaneAdd &op) { r[op.rd.number] = r[op.a.number] + r[op.b.number]; }
  void operator()(const isa::LaneSub &op) { r[op.rd.number] = r[op.a.number] - r[op.b.number]; }
  void operator()(const isa::LaneMul &op) { r[op.rd.number] = r[op.a.number] * r[op.b.number]; }
  void operator()(const isa::LaneDiv &op) { r[op.rd.number] = r[op.a.number] / r[op.b.number]; }
  void operator()(const isa::LaneMin &op) {
    float a = r[op.a.number], b = r[op.b.number];
    r[op.rd.number] = extremum(a, b, a < b, true);
  }
  void operator()(const isa::LaneMax &op) {
    float a = r[op.a.number], b = r[op.b.number];
    r[op.rd.number] = extremum(a, b, a > b, false);
  }
  void operator()(const isa::LaneGe &op) { r[op.rd.number] = r[op.a.number] >= r[op.b.number] ? 1.0f : 0.0f; }
  void operator()(const isa::LaneGt &op) { r[op.rd.number] = r[op.a.number] > r[op.b.number] ? 1.0f : 0.0f; }
  void operator()(const isa::LaneNeg &op) { r[op.rd.number] = -r[op.a.number]; }
  void operator()(const isa::LaneAbs &op) { r[op.rd.number] = std::fabs(r[op.a.number]); }
  void operator()(const isa::LaneFma &op) {
    r[op.rd.number] = std::fma(r[op.a.number], r[op.b.number], r[op.c.number]);
  }
  void operator()(const isa::LaneSelect &op) {
    r[op.rd.number] = r[op.a.number] != 0 ? r[op.b.number] : r[op.c.number];
  }
  void operator()(const isa::LaneExp &op) { r[op.rd.number] = isa::arithmetic::exp(ops, r[op.a.number]); }
  void operator()(const isa::LaneExpm1 &op) { r[op.rd.number] = isa::arithmetic::expm1(ops, r[op.a.number]); }
  void operator()(const isa::LaneLog1p &op) { r[op.rd.number] = isa::arithmetic::log1p(ops, r[op.a.number]); }
  void operator()(const isa::LaneSigmoid &op) { r[op.rd.number] = isa::arithmetic::sigmoid(ops, r[op.a.number]); }
  void operator()(const isa::LaneTanh &op) { r[op.rd.number] = isa::arithmetic::tanh(ops, r[op.a.number]); }
};

/// The same bits, or NaN both: its sign and payload are not specified.
static bool sameNumber(float a, float b) {
  return std::bit_cast<uint32_t>(a) == std::bit_cast<uint32_t>(b) || (std::isnan(a) && std::isnan(b));
}

TEST(Kernels, LaneProgramsComputeTheirDefinition) {
  constexpr std::array kSpecial = {0.0f, -0.0f, 1.0f, -INFINITY, INFINITY, NAN, 1e-40f, -3e38f};
  for (uint64_t n : {1, 3, 16, 63, 64, 65, 200}) {
    auto a = test::numbers(n, 11), b = test::numbers(n, 13);
    for (size_t i = 0; i < n; ++i)
      a[i] *= 40;
    // Of 200 elements, 64 are all pairs of special values.
    for (size_t i = 0; n == 200 && i < 64; ++i)
      a[i] = kSpecial[i / 8], b[i] = kSpecial[i % 8];
    for (unsigned reg = 0; reg < 24; ++reg) {
      std::vector<isa::MicroOp> program = body(kEverything);
      program.push_back(isa::LaneStore{{{isa::Memory::Vector}}, {uint8_t(reg)}});
      std::vector<float> want(n), got(n + 1);
      float splat = 0.25f;
      std::byte *places[] = {reinterpret_cast<std::byte *>(a.data()), reinterpret_cast<std::byte *>(b.data()),
                             reinterpret_cast<std::byte *>(&splat), reinterpret_cast<std::byte *>(want.data())};
      for (uint64_t element = 0; element < n; ++element) {
        LaneReference reference{places, element};
        for (const isa::MicroOp &op : program)
          std::visit(reference, op);
      }
      places[3] = reinterpret_cast<std::byte *>(got.data());
      for (const Kernels &kernels : availableKernels()) {
        std::fill(got.begin(), got.end(), 42.0f);
        kernels.lanes({program, places, n});
        EXPECT_EQ(got[n], 42.0f);
        for (uint64_t i = 0; i < n; ++i)
          EXPECT_TRUE(sameNumber(got[i], want[i]))
              << kernels.name << " r" << reg << "[" << i << "] of " << n << ": " << got[i] << ", not " << want[i];
      }
    }
  }
}

TEST(Kernels, MinimumAndMaximumOrderZerosAndPropagateNaN) {
  auto minimum = body("lanes n=4 count=4\nlane.load source=vector[0] rd=r0\nlane.load source=vector[0] rd=r1\n"
                      "lane.min a=r0 b=r1 rd=r2\nlane.store target=vector[0] value=r2");
  auto maximum = body("lanes n=4 count=4\nlane.load source=vector[0] rd=r0\nlane.load source=vector[0] rd=r1\n"
                      "lane.max a=r0 b=r1 rd=r2\nlane.store target=vector[0] value=r2");
  float a[] = {0.0f, -0.0f, NAN, 2.0f}, b[] = {-0.0f, 0.0f, 1.0f, NAN}, out[4];
  std::byte *places[] = {reinterpret_cast<std::byte *>(a), reinterpret_cast<std::byte *>(b),
                         reinterpret_cast<std::byte *>(out)};
  for (const Kernels &kernels : availableKernels()) {
    kernels.lanes({minimum, places, 4});
    EXPECT_TRUE(std::signbit(out[0]) && std::signbit(out[1]) && std::isnan(out[2]) && std::isnan(out[3]));
    kernels.lanes({maximum, places, 4});
    EXPECT_TRUE(!std::signbit(out[0]) && !std::signbit(out[1]) && std::isnan(out[2]) && std::isnan(out[3]));
  }
}

TEST(Kernels, SelectTakesNaNAsTrue) {
  auto program = body("lanes n=3 count=5\nlane.load source=vector[0] rd=r0\nlane.constant value=0x3f800000 rd=r1\n"
                      "lane.constant value=0x40000000 rd=r2\nlane.select a=r0 b=r1 c=r2 rd=r3\n"
                      "lane.store target=vector[0] value=r3");
  float a[] = {NAN, -0.0f, 0.5f}, out[3];
  std::byte *places[] = {reinterpret_cast<std::byte *>(a), reinterpret_cast<std::byte *>(out)};
  for (const Kernels &kernels : availableKernels()) {
    kernels.lanes({program, places, 3});
    EXPECT_EQ(out[0], 1.0f);
    EXPECT_EQ(out[1], 2.0f);
    EXPECT_EQ(out[2], 1.0f);
  }
}
