//===- KernelImpl.h - Kernels for one instruction set -----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// Included once by each Kernels*.cpp, which is compiled for its instruction
// set. Everything here is local to that file, lest the linker keep one copy.
//===----------------------------------------------------------------------===//
#pragma once

#include "Formats.h"

#include "rnn-mlir/Isa/Arithmetic.h"
#include "rnn-mlir/Isa/VectorOps.h"
#include "rnn-mlir/Sim/Kernels.h"

#include <cstring>
#include <type_traits>
#include <utility>

namespace rnn::sim {
namespace {

constexpr unsigned kPanel = isa::kPanelRows;

//===----------------------------------------------------------------------===//
// Product
//===----------------------------------------------------------------------===//

/// Columns of a vector that are converted to f32 at a time: a product may have more numbers in its vectors than there
/// is memory, as their places may overlap.
constexpr uint64_t kConvertedColumns = 512;

/// Vectors that share the fetch of a weight.
constexpr int kVectorsOfStrip = 6;

/// A product and the conversions of its sums and vectors.
struct Task {
  const ProductOperands &o;
  const Conversion &acc, &x;
};

/// `cols` columns of `P` panels, each of which begins `pitch` columns after the one before, times `V` vectors with the
/// sums in registers; `N` is the width of a register in f32, `Row` the format of the weight, `Round` the one that sums
/// are rounded to after each column, or void.
template <int N, class Row, class Round, int P, int V>
[[gnu::noinline]] void block(float *const *acc, const typename Row::Number *weight, uint64_t pitch,
                             const float *const *x, uint64_t cols) {
  using Ops = isa::VectorOps<N, LocalTag>;
  using Value = typename Ops::Value;
  constexpr int parts = kPanel / N;
  Ops ops;
  Value sum[P][V][parts];
  for (int p = 0; p < P; ++p)
    for (int v = 0; v < V; ++v)
      for (int k = 0; k < parts; ++k)
        sum[p][v][k] = readVector<Value>(acc[v] + p * kPanel + k * N);
  for (uint64_t c = 0; c < cols; ++c) {
    // One vector: a broadcast for all weights. Several: the weights stay, and a broadcast is used at once.
#pragma clang loop unroll(full)
    for (int p = 0; p < P; ++p) {
      Value w[parts];
#pragma clang loop unroll(full)
      for (int k = 0; k < parts; ++k)
        w[k] = Row::template widen<Ops, N>(
            ops, readVector<Stored<typename Row::Number, N>>(weight + (p * pitch + c) * kPanel + k * N));
#pragma clang loop unroll(full)
      for (int v = 0; v < V; ++v) {
        auto factor = Value(x[v][c]);
#pragma clang loop unroll(full)
        for (int k = 0; k < parts; ++k) {
          sum[p][v][k] = __builtin_elementwise_fma(w[k], factor, sum[p][v][k]);
          if constexpr (!std::is_void_v<Round>)
            sum[p][v][k] = Round::template widen<Ops, N>(ops, Round::template narrow<Ops, N>(ops, sum[p][v][k]));
        }
      }
    }
  }
  for (int p = 0; p < P; ++p)
    for (int v = 0; v < V; ++v)
      for (int k = 0; k < parts; ++k)
        writeVector<Value>(acc[v] + p * kPanel + k * N, sum[p][v][k]);
}

/// `P` panels from `row` on times `V` vectors from `first` on.
template <int N, class Row, class Round, int P, int V> void strip(const Task &task, uint64_t row, uint64_t first) {
  constexpr uint64_t whole = P * kPanel;
  const ProductOperands &o = task.o;
  float *acc[V];
  float edge[V][whole];
  uint64_t rows = o.rows - row < whole ? o.rows - row : whole;
  bool inPlace = rows == whole && o.acc.format == isa::Format::F32;
  auto target = [&](int v) { return o.acc.data + (int64_t(first) + v) * o.acc.pitch + row * task.acc.bytes; };
  for (int v = 0; v < V; ++v) {
    acc[v] = inPlace ? reinterpret_cast<float *>(target(v)) : edge[v];
    if (!o.accumulate || !inPlace)
      std::memset(acc[v], 0, whole * sizeof(float));
    if (o.accumulate && !inPlace)
      task.acc.widen(target(v), edge[v], rows);
  }
  auto *weight = reinterpret_cast<const typename Row::Number *>(o.weight.data) + row * o.cols;
  const float *x[V];
  auto vector = [&](int v) { return o.x.data + (int64_t(first) + v) * o.x.pitch; };
  if (o.x.format == isa::Format::F32) {
    for (int v = 0; v < V; ++v)
      x[v] = reinterpret_cast<const float *>(vector(v));
    block<N, Row, Round, P, V>(acc, weight, o.cols, x, o.cols);
  } else {
    float wide[V][kConvertedColumns];
    for (uint64_t c = 0, count; c < o.cols; c += count) {
      count = o.cols - c < kConvertedColumns ? o.cols - c : kConvertedColumns;
      for (int v = 0; v < V; ++v) {
        task.x.widen(vector(v) + c * task.x.bytes, wide[v], count);
        x[v] = wide[v];
      }
      block<N, Row, Round, P, V>(acc, weight + c * kPanel, o.cols, x, count);
    }
  }
  if (!inPlace)
    for (int v = 0; v < V; ++v)
      task.acc.narrow(edge[v], target(v), rows);
}

template <int N, class Row, class Round, int P, int V> void strips(const Task &task, uint64_t first) {
  uint64_t panels = (task.o.rows + kPanel - 1) / kPanel, panel = 0;
  for (; panel + P <= panels; panel += P)
    strip<N, Row, Round, P, V>(task, panel * kPanel, first);
  for (; panel < panels; ++panel)
    strip<N, Row, Round, 1, V>(task, panel * kPanel, first);
}

/// Vectors in blocks of `kVectorsOfStrip` panel by panel, so that a weight is fetched once for them; the rest with
/// several panels at a time, to have enough sums under way for the latency of a multiply-add.
template <int N, class Row, class Round> void multiply(const Task &task) {
  uint64_t blocks = task.o.vectors / kVectorsOfStrip, done = blocks * kVectorsOfStrip;
  if (blocks)
    for (uint64_t row = 0; row < task.o.rows; row += kPanel)
      for (uint64_t b = 0; b < blocks; ++b)
        strip<N, Row, Round, 1, kVectorsOfStrip>(task, row, b * kVectorsOfStrip);
  static_assert(kVectorsOfStrip == 6, "a case for each rest");
  switch (task.o.vectors - done) {
  case 5:
    return strips<N, Row, Round, 1, 5>(task, done);
  case 4:
    return strips<N, Row, Round, 1, 4>(task, done);
  case 3:
    return strips<N, Row, Round, 1, 3>(task, done);
  case 2:
    return strips<N, Row, Round, 2, 2>(task, done);
  case 1:
    return strips<N, Row, Round, 4, 1>(task, done);
  default:
    return;
  }
}

template <int N> void product(const ProductOperands &o) {
  const Task task{o, kConversions<N>[size_t(o.acc.format)], kConversions<N>[size_t(o.x.format)]};
  isa::visitFormat(o.weight.format, [&](auto weight) {
    using Row = FormatRow<weight()>;
    // To round an f32 to f32 is nothing to do.
    if (!o.round || o.acc.format == isa::Format::F32)
      return multiply<N, Row, void>(task);
    isa::visitFormat(o.acc.format, [&](auto format) {
      using Round = std::conditional_t<format() == isa::Format::F32, void, FormatRow<format()>>;
      multiply<N, Row, Round>(task);
    });
  });
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

  float *numbers(isa::LaneReg reg) { return reinterpret_cast<float *>(registers[reg.number]); }

  /// rd = f(ops, operands…) part by part.
  template <class F, class... R> void map(isa::LaneReg rd, F &&f, R... operands) {
    Ops ops;
    unsigned used = unsigned((count + N - 1) / N);
    for (unsigned i = 0; i < used; ++i)
      registers[rd.number][i] = f(ops, registers[operands.number][i]...);
  }
};

/// Whether a whole block moves between a register and memory as it is.
template <int N> bool movesWhole(isa::Format format, const LaneState<N> &s) {
  return format == isa::Format::F32 && s.count == kBlock;
}

template <int N> void apply(const isa::LaneLoad &op, LaneState<N> &s) {
  if (movesWhole(op.source.format, s)) {
    std::memcpy(s.numbers(op.rd), *s.places++ + s.first * sizeof(float), kBlock * sizeof(float));
    return;
  }
  // The part that the last elements share with none is 0: it is computed with, but never stored.
  if (s.count % N)
    s.registers[op.rd.number][s.count / N] = {};
  const Conversion &format = kConversions<N>[size_t(op.source.format)];
  format.widen(*s.places++ + s.first * format.bytes, s.numbers(op.rd), s.count);
}
template <int N> void apply(const isa::LaneSplat &op, LaneState<N> &s) {
  float value;
  kConversions<N>[size_t(op.source.format)].widen(*s.places++, &value, 1);
  s.map(op.rd, [&](auto &o) { return o.constant(value); });
}
template <int N> void apply(const isa::LaneStore &op, LaneState<N> &s) {
  if (movesWhole(op.target.format, s)) {
    std::memcpy(*s.places++ + s.first * sizeof(float), s.numbers(op.value), kBlock * sizeof(float));
    return;
  }
  const Conversion &format = kConversions<N>[size_t(op.target.format)];
  format.narrow(s.numbers(op.value), *s.places++ + s.first * format.bytes, s.count);
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
