//===- VectorBuilder.h - Loops and products on scratch buffers --*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Conversion/RnnToVector/Passes.h"

namespace rnn {

/// Elements of a vector.
inline constexpr int64_t kLanes = kPanelRows;

/// Where a vector begins in a one-dimensional buffer: at `base` (if not null) plus `offset`.
struct HostPlace {
  mlir::Value buffer, base;
  int64_t offset = 0;
  HostPlace at(int64_t elements) const { return {buffer, base, offset + elements}; }
};

/// Makes the code of recurrences at its insertion point.
class VectorBuilder {
public:
  VectorBuilder(mlir::OpBuilder &builder, mlir::Location loc) : builder(builder), loc(loc) {}

  mlir::OpBuilder &builder;
  mlir::Location loc;

  mlir::VectorType vectorType(mlir::Type element) { return mlir::VectorType::get({kLanes}, element); }
  /// Of what is computed with.
  mlir::VectorType vectorType() { return vectorType(builder.getF32Type()); }
  mlir::Value index(int64_t value) { return mlir::arith::ConstantIndexOp::create(builder, loc, value); }
  mlir::Value add(mlir::Value a, mlir::Value b) { return mlir::arith::AddIOp::create(builder, loc, a, b); }
  mlir::Value sub(mlir::Value a, mlir::Value b) { return mlir::arith::SubIOp::create(builder, loc, a, b); }
  mlir::Value mul(mlir::Value a, mlir::Value b) { return mlir::arith::MulIOp::create(builder, loc, a, b); }
  mlir::Value min(mlir::Value a, mlir::Value b) { return mlir::arith::MinSIOp::create(builder, loc, a, b); }
  mlir::Value zero(mlir::Type element) {
    return mlir::arith::ConstantOp::create(builder, loc, builder.getZeroAttr(element));
  }
  /// Numbers or vectors of f16 as f32; those of f32 as they are.
  mlir::Value widened(mlir::Value numbers);
  /// Numbers or vectors of f32 rounded to nearest, ties to even, of `element`.
  mlir::Value narrowed(mlir::Value numbers, mlir::Type element);

  /// A buffer for `elements` values that whole vectors may overrun.
  HostPlace scratch(int64_t elements, mlir::Type element);
  /// The buffer of a tensor, contiguous.
  mlir::Value bufferOf(mlir::Value tensor);

  void loop(mlir::Value from, mlir::Value to, int64_t step, llvm::function_ref<void(mlir::Value)> fill);
  /// The position of element `at` (may be null) of a place.
  mlir::Value position(const HostPlace &place, mlir::Value at = nullptr);
  mlir::Value loadVector(const HostPlace &place, mlir::Value at = nullptr);
  void storeVector(mlir::Value vector, const HostPlace &place, mlir::Value at = nullptr);

  /// out[r] = acc[r] + Σ_c weight[r, c] · x(c) for all panels of the weight, rising c; `x(c)` reads an element. Sums
  /// are f32; where `out` is of f16, they are rounded to it behind each column. Where `backward` holds, blocks of four
  /// panels are taken from the last to the first: of a weight that exceeds a cache, what the cache holds after one way
  /// is what the other way begins with.
  void multiplyVector(mlir::Value weight, mlir::Value backward, llvm::function_ref<mlir::Value(mlir::Value c)> x,
                      const HostPlace *acc, const HostPlace &out);
  /// The same without acc for `count` vectors, seldom less than `most`, of which `x(v, c)` reads an element and
  /// `out(v)`, of `element`, is the place: every weight is loaded once for several vectors whose sums are held in
  /// registers.
  void multiplyVectors(mlir::Value weight, mlir::Value count, int64_t most,
                       llvm::function_ref<mlir::Value(mlir::Value v, mlir::Value c)> x, mlir::Type element,
                       llvm::function_ref<HostPlace(mlir::Value v)> out);

private:
  /// A column of a panel as f32.
  mlir::Value loadWeights(mlir::Value weight, mlir::Value panel, mlir::Value column);
  /// An element as a vector of f32.
  mlir::Value spread(mlir::Value x);
  /// sums + weights · spread as numbers of `element` hold it.
  mlir::Value addColumn(mlir::Value weights, mlir::Value spread, mlir::Value sums, mlir::Type element);
};

} // namespace rnn
