//===- LayerPlan.cpp - Which weights stay on the tile -----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "LayerPlan.h"

using namespace mlir;

namespace rnn {

/// Bytes of whole weights; the greatest number where there are more.
static uint64_t sizeOf(ArrayRef<WeightBlocks> weights) {
  uint64_t bytes = 0;
  for (const WeightBlocks &blocks : weights)
    bytes = llvm::SaturatingMultiplyAdd<uint64_t>(blocks.count, blocks.bytes, bytes);
  return bytes;
}

/// Of rings of two copies of one block each.
static uint64_t smallestRings(ArrayRef<WeightBlocks> weights) {
  uint64_t bytes = 0;
  for (const WeightBlocks &blocks : weights)
    bytes = llvm::SaturatingMultiplyAdd<uint64_t>(2, blocks.bytes, bytes);
  return bytes;
}

std::optional<std::vector<WeightPlan>> planWeights(ArrayRef<WeightBlocks> project, ArrayRef<WeightBlocks> step,
                                                   int64_t capacity) {
  std::vector<WeightBlocks> all(project);
  all.insert(all.end(), step.begin(), step.end());
  auto fits = [&](ArrayRef<WeightBlocks> resident, ArrayRef<WeightBlocks> rings) {
    return llvm::SaturatingAdd(sizeOf(resident), smallestRings(rings)) <= capacity;
  };
  // The first so many are streamed.
  size_t streamed = fits(all, {}) ? 0 : fits(step, project) ? project.size() : all.size();
  ArrayRef<WeightBlocks> rings = ArrayRef(all).take_front(streamed), resident = ArrayRef(all).drop_front(streamed);
  if (!fits(resident, rings))
    return std::nullopt;
  uint64_t share = streamed ? (capacity - sizeOf(resident) - smallestRings(rings)) / streamed : 0;
  std::vector<WeightPlan> plans;
  for (auto [index, blocks] : llvm::enumerate(all)) {
    WeightPlan plan{.blocks = blocks, .blocksPerCopy = blocks.count};
    if (index < streamed) {
      uint64_t extra = blocks.bytes ? share / 2 / blocks.bytes : blocks.count;
      plan.blocksPerCopy = std::min<uint64_t>(1 + extra, blocks.count);
      if (plan.resident() && blocks.count > 1)
        plan.blocksPerCopy = (blocks.count + 1) / 2;
    }
    plans.push_back(plan);
  }
  return plans;
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
  auto plans = planWeights(ArrayRef(blocks).take_front(projected), ArrayRef(blocks).drop_front(projected), capacity);
  if (!plans)
    return recurrence.emitError("does not fit the weight memory: two blocks of each of its ")
           << blocks.size() << " weights take " << smallestRings(blocks) << " bytes, the capacity of " << model.name
           << " is " << capacity;
  WeightPlans result;
  for (auto [product, plan] : llvm::zip_equal(products, *plans))
    result[product] = plan;
  return result;
}

} // namespace rnn
