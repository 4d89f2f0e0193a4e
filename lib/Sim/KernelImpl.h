//===- KernelImpl.h - Kernels for one instruction set -----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// Included once by each Kernels*.cpp, which is compiled for its instruction
// set. Everything here is local to that file, lest the linker keep one copy.
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Isa/Arithmetic.h"
#include "rnn-mlir/Isa/VectorOps.h"
#include "rnn-mlir/Sim/Kernels.h"

#include <cstring>
#include <utility>

namespace rnn::sim {
namespace {

struct LocalTag {};

constexpr unsigned kPanel = isa::kPanelRows;

//===----------------------------------------------------------------------===//
// Product
//===----------------------------------------------------------------------===//

/// `P` panels times `V` vectors with the sums in registers; `N` is the width of a register in f32.
template <int N, int P, int V>
[[gnu::noinline]] void block(float *const *acc, const float *weight, const float *const *x, uint64_t cols) {
  using Value = typename isa::VectorOps<N, LocalTag>::Value;
  typedef float Unaligned __attribute__((ext_vector_type(N), aligned(4)));
  constexpr int parts = kPanel / N;
  Value sum[P][V][parts];
  for (int p = 0; p < P; ++p)
    for (int v = 0; v < V; ++v)
      for (int k = 0; k < parts; ++k)
        sum[p][v][k] = *reinterpret_cast<const Unaligned *>(acc[v] + p * kPanel + k * N);
  for (uint64_t c = 0; c < cols; ++c) {
    // One vector: a broadcast for all weights. Several: the weights stay, and a broadcast is used at once.
#pragma clang loop unroll(full)
    for (int p = 0; p < P; ++p) {
      Value w[parts];
#pragma clang loop unroll(full)
      for (int k = 0; k < parts; ++k)
        w[k] = *reinterpret_cast<const Unaligned *>(weight + (p * cols + c) * kPanel + k * N);
#pragma clang loop unroll(full)
      for (int v = 0; v < V; ++v) {
        auto factor = Value(x[v][c]);
#pragma clang loop unroll(full)
        for (int k = 0; k < parts; ++k)
          sum[p][v][k] = __builtin_elementwise_fma(w[k], factor, sum[p][v][k]);
      }
    }
  }
  for (int p = 0; p < P; ++p)
    for (int v = 0; v < V; ++v)
      for (int k = 0; k < parts; ++k)
        *reinterpret_cast<Unaligned *>(acc[v] + p * kPanel + k * N) = sum[p][v][k];
}

float *shifted(float *p, int64_t bytes) {
  return reinterpret_cast<float *>(reinterpret_cast<std::byte *>(p) + bytes);
}
const float *shifted(const float *p, int64_t bytes) {
  return reinterpret_cast<const float *>(reinterpret_cast<const std::byte *>(p) + bytes);
}

/// `P` panels from `row` on times `V` vectors from `first` on.
template <int N, int P, int V> void strip(const ProductOperands &o, uint64_t row, uint64_t first) {
  constexpr uint64_t whole = P * kPanel;
  float *acc[V];
  const float *x[V];
  float edge[V][whole];
  uint64_t rows = o.rows - row < whole ? o.rows - row : whole;
  for (int v = 0; v < V; ++v) {
    int64_t index = int64_t(first) + v;
    float *target = shifted(o.acc, index * o.accPitch) + row;
    x[v] = shifted(o.x, index * o.xPitch);
    acc[v] = rows < whole ? edge[v] : target;
    if (!o.accumulate) {
      std::memset(acc[v], 0, whole * sizeof(float));
    } else if (rows < whole) {
      std::memset(edge[v], 0, whole * sizeof(float));
      std::memcpy(edge[v], target, rows * sizeof(float));
    }
  }
  block<N, P, V>(acc, o.weight + row * o.cols, x, o.cols);
  if (rows < whole)
    for (int v = 0; v < V; ++v)
      std::memcpy(shifted(o.acc, (int64_t(first) + v) * o.accPitch) + row, edge[v], rows * sizeof(float));
}

template <int N, int P, int V> void strips(const ProductOperands &o, uint64_t first) {
  uint64_t panels = (o.rows + kPanel - 1) / kPanel, panel = 0;
  for (; panel + P <= panels; panel += P)
    strip<N, P, V>(o, panel * kPanel, first);
  for (; panel < panels; ++panel)
    strip<N, 1, V>(o, panel * kPanel, first);
}

/// Vectors in blocks of 6 panel by panel, so that a weight is fetched once for them; the rest with several panels at a
/// time, to have enough sums under way for the latency of a multiply-add.
template <int N> void product(const ProductOperands &o) {
  uint64_t blocks = o.vectors / 6;
  if (blocks)
    for (uint64_t row = 0; row < o.rows; row += kPanel)
      for (uint64_t b = 0; b < blocks; ++b)
        strip<N, 1, 6>(o, row, b * 6);
  switch (o.vectors % 6) {
  case 5:
    return strips<N, 1, 5>(o, blocks * 6);
  case 4:
    return strips<N, 1, 4>(o, blocks * 6);
  case 3:
    return strips<N, 1, 3>(o, blocks * 6);
  case 2:
    return strips<N, 2, 2>(o, blocks * 6);
  case 1:
    return strips<N, 4, 1>(o, blocks * 6);
  default:
    return;
  }
}

//===----------------------------------------------------------------------===//
// Lane programs
//===----------------------------------------------------------------------===//

/// Elements worked on between two dispatches.
constexpr unsigned kBlock = 64;

/// Lane registers of one block of elements.
template <int N> struct LaneState {
  using Ops = isa::VectorOps<N, LocalTag>;
  using Value = typename Ops::Value;

  Value registers[isa::kLaneRegisters][kBlock / N];
  std::byte *const *places;
  uint64_t first, count;

  /// rd = f(ops, operands…) part by part.
  template <class F, class... R> void map(isa::LaneReg rd, F &&f, R... operands) {
    Ops ops;
    unsigned used = unsigned((count + N - 1) / N);
    for (unsigned i = 0; i < used; ++i)
      registers[rd.number][i] = f(ops, registers[operands.number][i]...);
  }
};

template <int N> void apply(const isa::LaneLoad &op, LaneState<N> &s) {
  // The part that the last elements share with none is 0: it is computed with, but never stored.
  if (s.count % N)
    s.registers[op.rd.number][s.count / N] = {};
  std::memcpy(&s.registers[op.rd.number], *s.places++ + s.first * 4, s.count * 4);
}
template <int N> void apply(const isa::LaneSplat &op, LaneState<N> &s) {
  float value;
  std::memcpy(&value, *s.places++, sizeof value);
  s.map(op.rd, [&](auto &o) { return o.constant(value); });
}
template <int N> void apply(const isa::LaneStore &op, LaneState<N> &s) {
  std::memcpy(*s.places++ + s.first * 4, &s.registers[op.value.number], s.count * 4);
}
template <int N> void apply(const isa::LaneConstant &op, LaneState<N> &s) {
  s.map(op.rd, [&](auto &o) { return o.constant(op.value); });
}
template <int N> void apply(const isa::LaneAdd &op, LaneState<N> &s) {
  s.map(op.rd, [](auto &o, auto a, auto b) { return o.add(a, b); }, op.a, op.b);
}
template <int N> void apply(const isa::LaneSub &op, LaneState<N> &s) {
  s.map(op.rd, [](auto &o, auto a, auto b) { return o.sub(a, b); }, op.a, op.b);
}
template <int N> void apply(const isa::LaneMul &op, LaneState<N> &s) {
  s.map(op.rd, [](auto &o, auto a, auto b) { return o.mul(a, b); }, op.a, op.b);
}
template <int N> void apply(const isa::LaneDiv &op, LaneState<N> &s) {
  s.map(op.rd, [](auto &o, auto a, auto b) { return o.div(a, b); }, op.a, op.b);
}
/// Of equal values the one with the sign bit (maximum: without); a + b is NaN if either is.
template <int N> void apply(const isa::LaneMin &op, LaneState<N> &s) {
  s.map(
      op.rd,
      [](auto &o, auto a, auto b) {
        auto equal = o.value(o.bits(a) | o.bits(b));
        auto ordered = o.select(o.gt(b, a), a, o.select(o.gt(a, b), b, equal));
        return o.select((a == a) & (b == b), ordered, o.add(a, b));
      },
      op.a, op.b);
}
template <int N> void apply(const isa::LaneMax &op, LaneState<N> &s) {
  s.map(
      op.rd,
      [](auto &o, auto a, auto b) {
        auto equal = o.value(o.bits(a) & o.bits(b));
        auto ordered = o.select(o.gt(a, b), a, o.select(o.gt(b, a), b, equal));
        return o.select((a == a) & (b == b), ordered, o.add(a, b));
      },
      op.a, op.b);
}
template <int N> void apply(const isa::LaneGe &op, LaneState<N> &s) {
  s.map(op.rd, [](auto &o, auto a, auto b) { return o.select(o.ge(a, b), o.constant(1), o.constant(0)); }, op.a, op.b);
}
template <int N> void apply(const isa::LaneGt &op, LaneState<N> &s) {
  s.map(op.rd, [](auto &o, auto a, auto b) { return o.select(o.gt(a, b), o.constant(1), o.constant(0)); }, op.a, op.b);
}
template <int N> void apply(const isa::LaneNeg &op, LaneState<N> &s) {
  s.map(op.rd, [](auto &o, auto a) { return o.neg(a); }, op.a);
}
template <int N> void apply(const isa::LaneAbs &op, LaneState<N> &s) {
  s.map(op.rd, [](auto &o, auto a) { return o.abs(a); }, op.a);
}
template <int N> void apply(const isa::LaneFma &op, LaneState<N> &s) {
  s.map(op.rd, [](auto &o, auto a, auto b, auto c) { return o.fma(a, b, c); }, op.a, op.b, op.c);
}
template <int N> void apply(const isa::LaneSelect &op, LaneState<N> &s) {
  s.map(op.rd, [](auto &o, auto a, auto b, auto c) { return o.select(a == o.constant(0), c, b); }, op.a, op.b, op.c);
}
template <int N> void apply(const isa::LaneExp &op, LaneState<N> &s) {
  s.map(op.rd, [](auto &o, auto a) { return isa::arithmetic::exp(o, a); }, op.a);
}
template <int N> void apply(const isa::LaneExpm1 &op, LaneState<N> &s) {
  s.map(op.rd, [](auto &o, auto a) { return isa::arithmetic::expm1(o, a); }, op.a);
}
template <int N> void apply(const isa::LaneLog1p &op, LaneState<N> &s) {
  s.map(op.rd, [](auto &o, auto a) { return isa::arithmetic::log1p(o, a); }, op.a);
}
template <int N> void apply(const isa::LaneSigmoid &op, LaneState<N> &s) {
  s.map(op.rd, [](auto &o, auto a) { return isa::arithmetic::sigmoid(o, a); }, op.a);
}
template <int N> void apply(const isa::LaneTanh &op, LaneState<N> &s) {
  s.map(op.rd, [](auto &o, auto a) { return isa::arithmetic::tanh(o, a); }, op.a);
}

template <int N, size_t I> void applyAlternative(const isa::MicroOp &op, LaneState<N> &s) {
  apply(*std::get_if<I>(&op), s);
}

/// One function for each alternative of the variant; one without an `apply` does not compile.
template <int N, size_t... I> constexpr auto laneTable(std::index_sequence<I...>) {
  using Function = void (*)(const isa::MicroOp &, LaneState<N> &);
  return std::array<Function, sizeof...(I)>{&applyAlternative<N, I>...};
}

template <int N> void lanes(const LaneOperands &o) {
  static constexpr auto table = laneTable<N>(std::make_index_sequence<std::variant_size_v<isa::MicroOp>>());
  LaneState<N> state;
  for (state.first = 0; state.first < o.n; state.first += kBlock) {
    state.count = o.n - state.first < kBlock ? o.n - state.first : kBlock;
    state.places = o.places;
    for (const isa::MicroOp &op : o.body)
      table[op.index()](op, state);
  }
}

} // namespace
} // namespace rnn::sim
