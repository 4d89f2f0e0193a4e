//===- TimeTile.cpp - Steps of a tile on a device ---------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/IR/TimeTile.h"

#include "rnn-mlir/Dialect/Rnn/IR/Steps.h"
#include "rnn-mlir/Support/Choices.h"

#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;

namespace rnn {

/// Addresses of buffers are multiples of it.
static constexpr int64_t kBufferAlignment = 64;

/// Of a vector; a mask is stored as the numbers that lane registers hold.
static int64_t bytesOf(Value value) {
  Type element = cast<RankedTensorType>(value.getType()).getElementType();
  unsigned bits = element.isInteger(1) ? 32 : element.getIntOrFloatBitWidth();
  return lastSize(value) * llvm::divideCeil(bits, 8);
}

bool accumulatesInPlace(ProductOp product) {
  Value acc = product.getAcc();
  if (!acc)
    return false;
  // A value whose only use is this product, or a part of one of which every other use is another part.
  auto slice = acc.getDefiningOp<tensor::ExtractSliceOp>();
  Value source = slice ? slice.getSource() : acc;
  auto argument = dyn_cast<BlockArgument>(source);
  auto recurrence = product->getParentOfType<RecurrenceOp>();
  bool projected = argument && argument.getOwner() == &recurrence.getStep().front() &&
                   argument.getArgNumber() < recurrence.getProject().front().getTerminator()->getNumOperands();
  if (!acc.hasOneUse() || !(projected || source.getDefiningOp<ProductOp>()))
    return false;
  if (!slice)
    return true;
  int64_t begin = slice.getStaticOffset(0), end = begin + lastSize(acc);
  return llvm::all_of(source.getUsers(), [&](Operation *user) {
    auto other = dyn_cast<tensor::ExtractSliceOp>(user);
    return other &&
           (other == slice || other.getStaticOffset(0) >= end || other.getStaticOffset(0) + lastSize(other) <= begin);
  });
}

/// Steps for which rings of `perStep` bytes each fit `capacity` bytes beside others.
static int64_t stepsIn(uint64_t capacity, int64_t others, ArrayRef<int64_t> perStep) {
  int64_t sum = 0;
  for (int64_t bytes : perStep)
    sum += bytes;
  int64_t room = static_cast<int64_t>(capacity) - others;
  if (sum == 0 || room < sum)
    return sum == 0 ? std::numeric_limits<int64_t>::max() : 0;
  auto need = [&](int64_t steps) {
    int64_t total = 0;
    for (int64_t bytes : perStep)
      total += llvm::alignTo(steps * bytes, kBufferAlignment);
    return total;
  };
  int64_t steps = room / sum;
  while (steps > 0 && need(steps) > room)
    --steps;
  return steps;
}

int64_t longestTile(RecurrenceOp recurrence, ScheduleKind schedule, const target::TargetModel &model) {
  if (schedule == ScheduleKind::Plain)
    return 1;
  bool overlap = schedule == ScheduleKind::Overlap;
  Block &step = recurrence.getStep().front();
  // Sums of products that lie nowhere else; states, what the step reads from outside and, as some are stored, all that
  // it computes element by element.
  int64_t sums = 0, vectors = 0;
  for (auto product : step.getOps<ProductOp>())
    if (!accumulatesInPlace(product))
      sums += llvm::alignTo(bytesOf(product.getResult()), kBufferAlignment);
  for (Operation &op : step.without_terminator())
    if (isElementwise(op))
      for (Value result : op.getResults())
        vectors += llvm::alignTo(bytesOf(result), kBufferAlignment);
  for (Value final : recurrence.getFinals())
    vectors += llvm::alignTo(bytesOf(final), kBufferAlignment);
  llvm::SetVector<Value> used;
  getUsedValuesDefinedAbove(recurrence.getStep(), recurrence.getStep(), used);
  for (auto constant : step.getOps<arith::ConstantOp>())
    used.insert(constant);
  for (Value value : used)
    if (auto type = dyn_cast<RankedTensorType>(value.getType()); type && type.getRank() == 1)
      vectors += llvm::alignTo(bytesOf(value), kBufferAlignment);

  SmallVector<int64_t> projected;
  for (Value value : recurrence.getProject().front().getTerminator()->getOperands())
    projected.push_back((overlap ? 2 : 1) * bytesOf(value));
  int64_t steps = std::min(
      stepsIn(model.acc.capacity, sums, projected),
      stepsIn(model.vector.capacity, vectors, {2 * bytesOf(recurrence.getX()), 2 * bytesOf(recurrence.getY())}));
  if (overlap)
    for (auto product : recurrence.getProject().getOps<ProductOp>())
      if (int64_t panels = lastSize(product.getResult()) / kPanelRows)
        steps = std::min(steps, panels);
  return std::clamp<int64_t>(steps, 1, kMostTimeTile);
}

int64_t evenTile(RecurrenceOp recurrence, int64_t longest) {
  int64_t best = longest, fewest = std::numeric_limits<int64_t>::max();
  for (int64_t tile = longest; tile > longest / 2; --tile) {
    int64_t left = 0;
    for (auto product : recurrence.getProject().getOps<ProductOp>())
      left += lastSize(product.getResult()) / kPanelRows % tile;
    if (left < fewest)
      std::tie(best, fewest) = {tile, left};
  }
  return best;
}

} // namespace rnn
