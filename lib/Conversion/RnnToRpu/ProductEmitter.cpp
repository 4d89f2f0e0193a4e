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

void ProductEmitter::load(Value weight, StringRef name, llvm::function_ref<Value()> dram) {
  const WeightPlan &plan = plans.find(weight)->second;
  BufferSlice onTile{.buffer = program.tileBuffer(rpu::Memory::Weight, name, plan.bytes()), .pitch = plan.blocks.bytes};
  weights[weight] = onTile;
  BufferSlice from{.buffer = dram(), .pitch = plan.blocks.bytes};
  if (plan.staying)
    program.copyOnce(
        weight,
        {.from = from, .to = onTile, .rows = plan.staying, .bytes = plan.blocks.bytes, .role = rpu::Role::Weights});
  if (!plan.resident())
    streamed[weight] = from.buffer;
}

SmallVector<ProductEmitter::Part, 2> ProductEmitter::partsOf(ProductOp product) const {
  const WeightPlan &plan = planOf(product);
  SmallVector<Part, 2> parts;
  if (plan.staying || plan.resident())
    parts.push_back({.count = plan.staying});
  if (!plan.resident())
    parts.push_back({.first = plan.staying, .count = plan.streamed()});
  return parts;
}

void ProductEmitter::emitPart(ProductOp product, const Operands &operands, const Part &part, Reg when) {
  if (part.count == 0)
    return;
  if (part.first < planOf(product).staying)
    return emit(product, operands, part);
  program.loop(Quantity::in(when), [&] {
    Operands inside = operands;
    ++inside.level;
    emit(product, inside, part);
  });
}

void ProductEmitter::emit(ProductOp product, const Operands &operands, const Part &part) {
  const WeightPlan &plan = planOf(product);
  int64_t rows = lastSize(product.getResult()), rowBytes = elementBytes(product.getResult());
  // What holds the block of that number within the part, and its rows of the result.
  auto blockOf = [&](const BufferSlice &weight, int64_t block) {
    BufferSlice slice = weight.at((part.first + block) * plan.blocks.bytes);
    return part.each ? slice.stepping(part.level, part.each * plan.blocks.bytes) : slice;
  };
  auto rowsOf = [&](int64_t block) {
    BufferSlice slice = operands.acc.at((part.first + block) * plan.blocks.rows * rowBytes);
    return part.each ? slice.stepping(part.level, part.each * plan.blocks.rows * rowBytes) : slice;
  };
  auto multiply = [&](const BufferSlice &weight, const BufferSlice &acc, int64_t block, int64_t blocks,
                      unsigned level) {
    rnn::Product one{.acc = acc,
                     .weight = weight,
                     .x = operands.x,
                     .accFormat = formatOf(product.getResult()),
                     .weightFormat = formatOf(product.getWeight()),
                     .xFormat = formatOf(product.getX()),
                     .rows = std::min(blocks * plan.blocks.rows, rows - (part.first + block) * plan.blocks.rows),
                     .cols = lastSize(product.getX()),
                     .vectors = operands.vectors,
                     .accumulate = operands.accumulate,
                     .role = operands.role};
    if (part.each)
      one.pieces = {part.level, part.iterations};
    if (!operands.times)
      return program.product(one);
    one.acc = one.acc.stepping(level, operands.accStride);
    one.x = one.x.stepping(level, operands.xStride);
    program.loop(*operands.times, [&] { program.product(one); });
  };
  const BufferSlice weight = weights.at(product.getWeight()).pitched(0);
  if (part.first < plan.staying || plan.resident())
    return multiply(blockOf(weight, 0), rowsOf(0), 0, part.count, operands.level);

  BufferSlice dram{.buffer = streamed.at(product.getWeight()), .pitch = plan.blocks.bytes};
  int64_t perCopy = std::min(plan.perCopy, part.count), last = llvm::divideCeil(part.count, perCopy) - 1;
  int64_t slotBytes = plan.perCopy * plan.blocks.bytes;
  const BufferSlice ring = weight.at(plan.staying * plan.blocks.bytes);
  auto copyAndMultiply = [&](const BufferSlice &slot, const BufferSlice &from, const BufferSlice &acc, int64_t block,
                             int64_t blocks, unsigned level) {
    program.copyIn({.from = from,
                    .to = slot.pitched(plan.blocks.bytes),
                    .rows = blocks,
                    .bytes = plan.blocks.bytes,
                    .role = rpu::Role::Weights});
    multiply(slot, acc, block, blocks, level);
  };
  // All copies but the last in a loop; the last may be smaller.
  if (last > 0)
    program.loop(last, [&] {
      copyAndMultiply(ring.ring(operands.level, 2, slotBytes),
                      blockOf(dram, 0).stepping(operands.level, perCopy * plan.blocks.bytes),
                      rowsOf(0).stepping(operands.level, perCopy * plan.blocks.rows * rowBytes), 0, perCopy,
                      operands.level + 1);
    });
  // Parts of one copy each take turns, so that the next is brought while this one is multiplied.
  bool turns = part.each && last == 0;
  copyAndMultiply(turns ? ring.ring(part.level, 2, slotBytes) : ring.at(last % 2 * slotBytes),
                  blockOf(dram, last * perCopy), rowsOf(last * perCopy), last * perCopy, part.count - last * perCopy,
                  operands.level);
}

} // namespace rnn
