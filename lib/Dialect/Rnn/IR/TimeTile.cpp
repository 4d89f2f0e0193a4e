//===- TimeTile.cpp - Steps of a tile on a device ---------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/IR/TimeTile.h"

#include "rnn-mlir/Dialect/Rnn/IR/Steps.h"

#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;

namespace rnn {

/// More than any sequence has; where nothing takes memory.
static constexpr int64_t kMostSteps = int64_t(1) << 30;

/// Addresses of buffers are multiples of it.
static constexpr int64_t kBufferAlignment = 64;

/// Of a vector; a mask is stored as the numbers that lane registers hold.
static int64_t bytesOf(Value value) {
  Type element = cast<RankedTensorType>(value.getType()).getElementType();
  unsigned bits = element.isInteger(1) ? 32 : element.getIntOrFloatBitWidth();
  return lastSize(value) * llvm::divideCeil(bits, 8);
}

/// Whether a product of `step` adds to its operand `acc` where that lies: to a sum that nothing else needs.
static bool accumulatesInPlace(RecurrenceOp recurrence, const Projection &projection, ProductOp product) {
  Value acc = product.getAcc();
  if (!acc || !acc.hasOneUse())
    return false;
  auto slice = acc.getDefiningOp<tensor::ExtractSliceOp>();
  Value source = slice ? slice.getSource() : acc;
  bool sum = bool(source.getDefiningOp<ProductOp>());
  if (auto argument = dyn_cast<BlockArgument>(source)) {
    ValueRange handed = recurrence.getProjectedValues();
    unsigned number = argument.getArgNumber();
    Operation *ahead = number < handed.size() ? handed[number].getDefiningOp() : nullptr;
    sum = ahead && projection.getAhead().contains(ahead) && handed[number].hasOneUse();
  }
  if (!slice || !sum)
    return sum;
  int64_t begin = slice.getStaticOffset(0), end = begin + lastSize(acc);
  return llvm::all_of(source.getUsers(), [&](Operation *user) {
    auto other = dyn_cast<tensor::ExtractSliceOp>(user);
    return other &&
           (other == slice || other.getStaticOffset(0) >= end || other.getStaticOffset(0) + lastSize(other) <= begin);
  });
}

bool canOverlap(const Projection &projection, RecurrenceOp recurrence) {
  return recurrence.getWindow() == 1 && !projection.hasSteps() && !projection.getAhead().empty() &&
         llvm::none_of(recurrence.getProjectedValues(),
                       [&](Value value) { return projection.offsetInWindow(value).has_value(); });
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
  Projection projection(recurrence);
  bool overlap = schedule == ScheduleKind::Overlap;
  // Sums of products that lie nowhere else; states, what the steps read from outside and, as some are stored, all that
  // they compute element by element.
  int64_t sums = 0, vectors = 0;
  auto place = [](int64_t &memory, Value value) { memory += llvm::alignTo(bytesOf(value), kBufferAlignment); };
  SmallVector<Region *> regions = {&recurrence.getStep()};
  if (projection.hasSteps())
    regions.push_back(&recurrence.getProject());
  for (Region *region : regions) {
    for (Operation &op : region->front().without_terminator())
      if (auto product = dyn_cast<ProductOp>(op)) {
        if (!projection.getAhead().contains(&op) && !accumulatesInPlace(recurrence, projection, product))
          place(sums, product.getResult());
      } else if (isElementwise(op) && !(llvm::isa<arith::ExtFOp>(op) && op.hasOneUse())) {
        // What is widened for one operation is stored as it was.
        place(vectors, op.getResult(0));
      }
    llvm::SetVector<Value> used;
    getUsedValuesDefinedAbove(*region, *region, used);
    for (auto constant : region->getOps<arith::ConstantOp>())
      used.insert(constant);
    for (Value value : used)
      if (auto type = dyn_cast<RankedTensorType>(value.getType()); type && type.getRank() == 1)
        place(vectors, value);
  }
  for (auto [index, final] : llvm::enumerate(recurrence.getFinals()))
    place(recurrence.getMemory(index) == StateMemory::Acc ? sums : vectors, final);
  // What a window holds beside the inputs of a tile is kept twice as they are.
  int64_t window = static_cast<int64_t>(recurrence.getWindow()) - 1;
  vectors += 2 * (window * bytesOf(recurrence.getX()) + kBufferAlignment);

  SmallVector<int64_t> projected, inVectors = {2 * bytesOf(recurrence.getX()), 2 * bytesOf(recurrence.getY())};
  for (Operation *product : projection.getAhead())
    projected.push_back((overlap ? 2 : 1) * bytesOf(product->getResult(0)));
  for (Value value : recurrence.getProjectedValues())
    if (!projection.isAhead(value))
      inVectors.push_back(bytesOf(value));
  int64_t steps = std::min(stepsIn(model.memory(isa::Memory::Acc).capacity, sums, projected),
                           stepsIn(model.memory(isa::Memory::Vector).capacity, vectors, inVectors));
  if (overlap)
    for (Operation *product : projection.getAhead())
      if (int64_t panels = lastSize(product->getResult(0)) / kPanelRows)
        steps = std::min(steps, panels);
  return std::clamp<int64_t>(steps, 1, kMostSteps);
}

int64_t evenTile(RecurrenceOp recurrence, int64_t longest) {
  int64_t best = longest, fewest = std::numeric_limits<int64_t>::max();
  for (int64_t tile = longest; tile > longest / 2; --tile) {
    int64_t left = 0;
    for (auto product : recurrence.getProject().getOps<ProductOp>()) // all of them run ahead
      left += lastSize(product.getResult()) / kPanelRows % tile;
    if (left < fewest)
      std::tie(best, fewest) = {tile, left};
  }
  return best;
}

} // namespace rnn
