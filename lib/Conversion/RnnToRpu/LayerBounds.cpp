//===- LayerBounds.cpp - What bounds the time of a layer --------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "LayerBounds.h"

#include "ProgramBuilder.h"

#include "rnn-mlir/Dialect/Rnn/IR/Steps.h"
#include "rnn-mlir/Target/Cost.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace rnn {

rpu::LayerAttr layerBounds(RecurrenceOp recurrence, StringRef node, const LayerTraffic &traffic,
                           const target::TargetModel &model) {
  int64_t macs = 0, perCall = 0, perSequence = 0, constant = 0;
  auto isConstant = [](Value value) { return matchPattern(value, m_Constant()); };
  std::array<int64_t, 2> weightBytes{}, matCycles{};
  SmallPtrSet<void *, 8> seen;
  // In the order of the operation: project, step.
  for (auto [index, region] : llvm::enumerate(recurrence->getRegions()))
    for (ProductOp product : region.getOps<ProductOp>()) {
      int64_t elements = lastSize(product.getResult()) * lastSize(product.getX());
      macs += elements;
      matCycles[index] += static_cast<int64_t>(
          target::vectorCycles(lastSize(product.getResult()), lastSize(product.getX()), elementBytes(product.getX()),
                               elementBytes(product.getResult()), model));
      if (seen.insert(product.getWeight().getAsOpaquePointer()).second) {
        int64_t bytes = elements * elementBytes(product.getWeight());
        weightBytes[index] += bytes;
        constant += isConstant(product.getWeight()) ? bytes : 0;
      }
    }
  int64_t perStep = vectorBytes(recurrence.getX());
  if (traffic.results.test(0))
    perStep += vectorBytes(recurrence.getY());
  for (auto [index, final] : llvm::enumerate(recurrence.getFinals()))
    perSequence += vectorBytes(final) * (!recurrence.getInit().empty() + traffic.results.test(index + 1));
  for (Value vector : traffic.vectors) {
    int64_t bytes = cast<RankedTensorType>(vector.getType()).getNumElements() * elementBytes(vector);
    perCall += bytes;
    constant += isConstant(vector) ? bytes : 0;
  }
  MLIRContext *context = recurrence.getContext();
  return rpu::LayerAttr::get(context, StringAttr::get(context, node), macs, weightBytes[0], weightBytes[1], perCall,
                             perSequence, perStep, traffic.stepsArgument, traffic.lengthsArgument, constant,
                             matCycles[0], matCycles[1]);
}

} // namespace rnn
