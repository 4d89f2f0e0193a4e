//===- LayerPlan.cpp - Which weights stay on the tile -----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "LayerPlan.h"

#include "rnn-mlir/Dialect/Rnn/IR/Steps.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"
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
                                                   uint64_t capacity, uint64_t copyBytes, target::MemoryKind kind) {
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
  if (kind == target::MemoryKind::Cache) {
    for (WeightPlan &plan : plans)
      plan.staying = 0;
    return plans;
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
  const target::MemoryModel &dram = model.memory(isa::Memory::Dram);
  return 2 * (model.dma.setup + dram.latency + model.mat.latency) * dram.bandwidth;
}

FailureOr<WeightPlans> planWeights(RecurrenceOp recurrence, const target::TargetModel &model) {
  Projection projection(recurrence);
  // Of products that run ahead alone, and of those that every step needs.
  llvm::SetVector<Value> project, step;
  for (Region *region : {&recurrence.getProject(), &recurrence.getStep()})
    for (ProductOp product : region->getOps<ProductOp>())
      (projection.getAhead().contains(product) ? project : step).insert(product.getWeight());
  project.set_subtract(step);
  auto blocksOf = [](ArrayRef<Value> weights) {
    return llvm::map_to_vector(weights, [](Value weight) {
      auto type = cast<RankedTensorType>(weight.getType());
      return weightEncoding(type).getBlocks(type);
    });
  };
  SmallVector<WeightBlocks> ahead = blocksOf(project.getArrayRef()), inStep = blocksOf(step.getArrayRef());
  const target::MemoryModel &memory = model.memory(isa::Memory::Weight);
  uint64_t capacity = memory.capacity;
  auto plans = planWeights(ahead, inStep, capacity, steadyCopy(model), memory.kind);
  if (!plans)
    return recurrence.emitError("does not fit the weight memory: two blocks of each of its ")
           << ahead.size() + inStep.size() << " weights take " << smallestRings(ahead, inStep)
           << " bytes, the capacity of " << model.name << " is " << capacity;
  WeightPlans result;
  for (auto [weight, plan] : llvm::zip_equal(llvm::concat<const Value>(project, step), *plans))
    result[weight] = plan;
  return result;
}

} // namespace rnn
