//===- ProductEmitter.h - Products of resident or streamed weights -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "LayerPlan.h"
#include "ProgramBuilder.h"

namespace rnn {

/// Emits the products of a recurrence: the blocks of their weights lie in the weight memory for the whole launch, or
/// pass through a ring of two copies there.
class ProductEmitter {
public:
  ProductEmitter(ProgramBuilder &program, const WeightPlans &plans) : program(program), plans(plans) {}

  /// Whether the machine multiplies weights of the encoding; if not, an error at the product.
  static mlir::LogicalResult verify(ProductOp product);

  /// Declares the buffer of a weight, of which `dram` holds what is stored, and fills it with what stays.
  void load(mlir::Value weight, llvm::StringRef name, llvm::function_ref<mlir::Value()> dram);

  struct Operands {
    /// Of the first vector, with the bytes to the next as pitch.
    BufferSlice acc, x;
    Quantity vectors = 1;
    /// As many times the vectors, with the bytes from one time to the next; each time is a product of its own.
    std::optional<Quantity> times = std::nullopt;
    int64_t accStride = 0, xStride = 0;
    bool accumulate = false;
    /// The number of loops around the product.
    unsigned level;
    rpu::Role role;
  };
  /// Emits the product.
  void emit(ProductOp product, const Operands &operands) {
    for (const Part &part : partsOf(product))
      emit(product, operands, part);
  }

  /// Some of the blocks of a weight. With `each`, others at each iteration of the loop of level `level`: `each` more.
  struct Part {
    int64_t first = 0, count;
    int64_t level = 0, each = 0;
    /// How often that loop runs at most.
    int64_t iterations = 0;
  };
  /// The blocks that stay, and those that are streamed.
  llvm::SmallVector<Part, 2> partsOf(ProductOp product) const;
  /// Emits the rows of the product that the blocks serve, which all stay or are all streamed, for each of the vectors.
  /// What is streamed is brought only `when` that register is 1; it is 0 or 1.
  void emitPart(ProductOp product, const Operands &operands, const Part &part, Reg when);

  int64_t rowsOfBlock(ProductOp product) const { return planOf(product).blocks.rows; }

private:
  void emit(ProductOp product, const Operands &operands, const Part &part);
  const WeightPlan &planOf(ProductOp product) const { return plans.find(product.getWeight())->second; }

  ProgramBuilder &program;
  const WeightPlans &plans;
  /// Each weight in the weight memory.
  llvm::DenseMap<mlir::Value, BufferSlice> weights;
  /// Those that are streamed, in DRAM.
  llvm::DenseMap<mlir::Value, mlir::Value> streamed;
};

} // namespace rnn
