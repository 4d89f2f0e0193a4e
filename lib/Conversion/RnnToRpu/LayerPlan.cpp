//===- LayerPlan.cpp - Which weights stay on the tile -----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "LayerPlan.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace rnn {

/// Bytes of whole weights; the greatest number where there are more.
static uint64_t sizeOf(ArrayRef<WeightBlocks> some, ArrayRef<WeightBlocks> others) {
  uint64_t bytes = 0;
  for (const WeightBlocks &blocks : llvm::concat<const WeightBlocks>(some, others))
    bytes = llvm::SaturatingMultiplyAdd<uint64_t>(blocks.count, blocks.bytes, bytes);
  return bytes;
}

/// Of rings of two copies of one block each.
static uint64_t smallestRings(ArrayRef<WeightBlocks> some, ArrayRef<WeightBlocks> others) {
  uint64_t bytes = 0;
  for (const WeightBlocks &blocks : llvm::concat<const WeightBlocks>(some, others))
    bytes = llvm::SaturatingMultiplyAdd<uint64_t>(2, blocks.bytes, bytes);
  return bytes;
}

/// The blocks of one copy of a weight of which not all stay.
static int64_t blocksPerCopy(const WeightBlocks &blocks, uint64_t copyBytes) {
  if (!blocks.bytes)
    return std::max<int64_t>(blocks.count, 1);
  return std::clamp<int64_t>(llvm::divideCeil(copyBytes, blocks.bytes), 1, std::max<int64_t>(blocks.count / 2, 1));
}

std::optional<std::vector<WeightPlan>> planWeights(ArrayRef<WeightBlocks> project, ArrayRef<WeightBlocks> step,
                                                   uint64_t capacity, uint64_t copyBytes) {
  std::vector<WeightPlan> plans;
  for (const WeightBlocks &blocks : llvm::concat<const WeightBlocks>(project, step))
    plans.push_back({.blocks = blocks, .staying = blocks.count});
  if (sizeOf(project, step) <= capacity)
    return plans;
  if (smallestRings(project, step) > capacity)
    return std::nullopt;
  // Rings as they should be, or of single blocks where these are too large.
  uint64_t rings = 0;
  for (uint64_t bytes : {std::min<uint64_t>(copyBytes, capacity / 4 / plans.size()), uint64_t(1)}) {
    rings = 0;
    for (WeightPlan &plan : plans) {
      plan.perCopy = blocksPerCopy(plan.blocks, bytes);
      rings += 2 * plan.perCopy * plan.blocks.bytes;
    }
    if (rings <= capacity)
      break;
  }
  uint64_t room = capacity - rings;
  std::rotate(plans.begin(), plans.begin() + project.size(), plans.end());
  for (WeightPlan &plan : plans) {
    uint64_t ring = 2 * plan.perCopy * plan.blocks.bytes, blocks = plan.blocks.bytes;
    if (sizeOf(plan.blocks, {}) <= room + ring) {
      // Without its ring.
      plan.perCopy = 0;
      room = room + ring - plan.blocks.count * blocks;
    } else {
      plan.staying = room / blocks;
      room -= plan.staying * blocks;
    }
  }
  std::rotate(plans.begin(), plans.begin() + step.size(), plans.end());
  return plans;
}

/// The bytes of a copy during which the channel is busy for as long as the one before takes to be there and multiplied,
/// and as long again.
static uint64_t steadyCopy(const target::TargetModel &model) {
  return 2 * (model.dma.setup + model.dram.latency + model.mat.latency) * model.dram.bandwidth;
}

FailureOr<WeightPlans> planWeights(RecurrenceOp recurrence, const target::TargetModel &model) {
  SmallVector<ProductOp> products;
  SmallVector<WeightBlocks> blocks;
  size_t projected = 0;
  for (Region *region : {&recurrence.getProject(), &recurrence.getStep()}) {
    projected = blocks.size();
    for (ProductOp product : region->getOps<ProductOp>()) {
      RankedTensorType weight = product.getWeight().getType();
      products.push_back(product);
      blocks.push_back(weightEncoding(weight).getBlocks(weight));
    }
  }
  uint64_t capacity = model.weight.capacity;
  auto plans = planWeights(ArrayRef(blocks).take_front(projected), ArrayRef(blocks).drop_front(projected), capacity,
                           steadyCopy(model));
  if (!plans)
    return recurrence.emitError("does not fit the weight memory: two blocks of each of its ")
           << blocks.size() << " weights take " << smallestRings(blocks, {}) << " bytes, the capacity of " << model.name
           << " is " << capacity;
  WeightPlans result;
  for (auto [product, plan] : llvm::zip_equal(products, *plans))
    result[product] = plan;
  return result;
}

} // namespace rnn
