//===- ProductEmitter.cpp - Products of resident or streamed weights -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "ProductEmitter.h"

#include "rnn-mlir/Dialect/Rnn/IR/Steps.h"

using namespace mlir;

namespace rnn {

LogicalResult ProductEmitter::verify(ProductOp product) {
  auto panels = dyn_cast<PanelsAttr>(product.getWeight().getType().getEncoding());
  if (!panels || panels.getRows() != static_cast<int64_t>(isa::kPanelRows))
    return product.emitError("the machine multiplies weights in panels of ")
           << isa::kPanelRows << " rows, found " << product.getWeight().getType();
  return success();
}

void ProductEmitter::load(ProductOp product, StringRef name, llvm::function_ref<Value()> dram) {
  const WeightPlan &plan = plans.at(product);
  BufferSlice weight{.buffer = program.tileBuffer(rpu::Memory::Weight, name, plan.bytes()), .pitch = plan.blocks.bytes};
  weights[product] = weight;
  BufferSlice from{.buffer = dram(), .pitch = plan.blocks.bytes};
  if (plan.resident())
    program.copyIn(
        {.from = from, .to = weight, .rows = plan.blocks.count, .bytes = plan.blocks.bytes, .role = rpu::Role::Weights});
  else
    streamed[product] = from.buffer;
}

void ProductEmitter::emit(ProductOp product, const Operands &operands) {
  const WeightPlan &plan = plans.at(product);
  rnn::Product whole{.acc = operands.acc,
                     .weight = weights[product].pitched(0),
                     .x = operands.x,
                     .rows = lastSize(product.getResult()),
                     .cols = lastSize(product.getX()),
                     .vectors = operands.vectors,
                     .accumulate = operands.accumulate,
                     .role = operands.role};
  if (plan.resident()) {
    program.product(whole);
    return;
  }
  // All copies but the last in a loop; the last may be smaller.
  int64_t copyBytes = plan.blocksPerCopy * plan.blocks.bytes, copyRows = plan.blocksPerCopy * plan.blocks.rows;
  int64_t accBytes = copyRows * elementBytes(product.getResult()), last = plan.copies() - 1;
  BufferSlice dram{.buffer = streamed.at(product), .pitch = plan.blocks.bytes};
  auto one = [&](const BufferSlice &slot, const BufferSlice &from, int64_t blocks, const BufferSlice &acc,
                 int64_t rows) {
    program.copyIn({.from = from,
                    .to = slot.pitched(plan.blocks.bytes),
                    .rows = blocks,
                    .bytes = plan.blocks.bytes,
                    .role = rpu::Role::Weights});
    rnn::Product part = whole;
    part.acc = acc;
    part.weight = slot;
    part.rows = rows;
    program.product(part);
  };
  if (last > 0)
    program.loop(last, [&] {
      one(whole.weight.ring(operands.blockLevel, 2, copyBytes), dram.stepping(operands.blockLevel, copyBytes),
          plan.blocksPerCopy, whole.acc.stepping(operands.blockLevel, accBytes), copyRows);
    });
  one(whole.weight.at(last % 2 * copyBytes), dram.at(last * copyBytes), plan.blocks.count - last * plan.blocksPerCopy,
      whole.acc.at(last * accBytes), whole.rows - last * copyRows);
}

} // namespace rnn
