//===- LayerPlan.cpp - Which weights stay on the tile -----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "LayerPlan.h"

#include "ProgramBuilder.h"

using namespace mlir;

namespace rnn {

FailureOr<WeightPlans> planWeights(RecurrenceOp recurrence, const target::TargetModel &model) {
  WeightPlans plans;
  SmallVector<ProductOp> project(recurrence.getProject().getOps<ProductOp>());
  SmallVector<ProductOp> step(recurrence.getStep().getOps<ProductOp>());
  for (ProductOp product : llvm::concat<ProductOp>(project, step)) {
    auto type = cast<RankedTensorType>(product.getWeight().getType());
    WeightPlan &plan = plans[product];
    plan.panels = type.getDimSize(0);
    plan.panelBytes = type.getDimSize(1) * type.getDimSize(2) * elementBytes(product.getWeight());
  }
  int64_t capacity = model.weight.capacity;
  auto total = [&](ArrayRef<ProductOp> products) {
    int64_t bytes = 0;
    for (ProductOp product : products)
      bytes += plans[product].panels * plans[product].panelBytes;
    return bytes;
  };
  auto smallestRings = [&](ArrayRef<ProductOp> products) {
    int64_t bytes = 0;
    for (ProductOp product : products)
      bytes += 2 * plans[product].panelBytes;
    return bytes;
  };

  SmallVector<ProductOp> resident, streamed;
  if (total(project) + total(step) <= capacity) {
    resident.append(project);
    resident.append(step);
  } else if (total(step) + smallestRings(project) <= capacity) {
    resident = step;
    streamed = project;
  } else {
    streamed.append(project);
    streamed.append(step);
    if (smallestRings(streamed) > capacity)
      return recurrence.emitError("does not fit the weight memory: two panels of each of its ")
             << streamed.size() << " weights take " << smallestRings(streamed) << " bytes, the capacity of "
             << model.name << " is " << capacity;
  }
  for (ProductOp product : resident)
    plans[product].panelsPerCopy = plans[product].panels;
  int64_t room = capacity - total(resident) - smallestRings(streamed);
  int64_t share = streamed.empty() ? 0 : room / static_cast<int64_t>(streamed.size());
  for (ProductOp product : streamed) {
    WeightPlan &plan = plans[product];
    plan.panelsPerCopy = std::min(1 + share / (2 * plan.panelBytes), plan.panels);
    if (plan.panelsPerCopy == plan.panels && plan.panels > 1)
      plan.panelsPerCopy = (plan.panels + 1) / 2;
  }
  return plans;
}

} // namespace rnn
