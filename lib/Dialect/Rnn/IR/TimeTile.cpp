//===- TimeTile.cpp - Steps and sequences of a tile -------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/IR/TimeTile.h"

#include "rnn-mlir/Dialect/Rnn/IR/Steps.h"
#include "rnn-mlir/Target/Cost.h"

#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;

namespace rnn {

/// More steps than any sequence has, and more sequences than any batch; where nothing takes memory.
static constexpr int64_t kMostSteps = int64_t(1) << 30;

/// The compiler does not choose more sequences in lock-step.
static constexpr int64_t kMostChosen = 256;

/// Steps of a sequence, and sequences of a batch, that are known at run time only.
static constexpr int64_t kAssumedSteps = 100, kAssumedSequences = 8;

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

/// Whether a value that a lane program computes is stored, for another program.
static bool isStored(const Staging &staging, Value value) {
  auto isLate = [&](Operation *user) {
    return llvm::isa<YieldOp>(user) && staging.stageOf(value) + 1 < staging.getStages().size();
  };
  return staging.leavesGroup(value) || llvm::any_of(value.getUsers(), isLate);
}

/// The steps of a tile of `sequences` in lock-step that fit the accumulators and the vector memory.
static int64_t stepsThatFit(RecurrenceOp recurrence, ScheduleKind schedule, const target::TargetModel &model,
                            int64_t sequences) {
  Projection projection(recurrence);
  bool overlap = schedule == ScheduleKind::Overlap;
  // Sums of products that lie nowhere else; states, what the steps read from outside and what lane programs store.
  int64_t sums = 0, vectors = 0;
  auto place = [](int64_t &memory, int64_t bytes) { memory += llvm::alignTo(bytes, kBufferAlignment); };
  SmallVector<Region *> regions = {&recurrence.getStep()};
  if (projection.hasSteps())
    regions.push_back(&recurrence.getProject());
  for (Region *region : regions) {
    Staging staging(region->front(),
                    region == &recurrence.getProject() ? projection.getAhead() : llvm::SetVector<Operation *>());
    for (Operation &op : region->front().without_terminator())
      if (auto product = dyn_cast<ProductOp>(op)) {
        if (!projection.getAhead().contains(&op) && !accumulatesInPlace(recurrence, projection, product))
          place(sums, sequences * bytesOf(product.getResult()));
      } else if (isElementwise(op) && isStored(staging, op.getResult(0)) &&
                 !(llvm::isa<arith::ExtFOp>(op) && op.hasOneUse())) {
        // What is widened for one operation is stored as it was.
        place(vectors, sequences * bytesOf(op.getResult(0)));
      }
    llvm::SetVector<Value> used;
    getUsedValuesDefinedAbove(*region, *region, used);
    for (auto constant : region->getOps<arith::ConstantOp>())
      used.insert(constant);
    for (Value value : used)
      if (auto type = dyn_cast<RankedTensorType>(value.getType()); type && type.getRank() == 1)
        place(vectors, bytesOf(value));
  }
  for (auto [index, final] : llvm::enumerate(recurrence.getFinals()))
    place(recurrence.getMemory(index) == StateMemory::Acc ? sums : vectors, sequences * bytesOf(final));
  // What a window holds beside the inputs of a tile is kept twice as they are.
  int64_t window = static_cast<int64_t>(recurrence.getWindow()) - 1;
  vectors += 2 * (window * sequences * bytesOf(recurrence.getX()) + kBufferAlignment);

  SmallVector<int64_t> projected, inVectors = {2 * bytesOf(recurrence.getX()), 2 * bytesOf(recurrence.getY())};
  for (Operation *product : projection.getAhead())
    projected.push_back((overlap ? 2 : 1) * bytesOf(product->getResult(0)));
  for (Value value : recurrence.getProjectedValues())
    if (!projection.isAhead(value))
      inVectors.push_back(bytesOf(value));
  for (int64_t &bytes : llvm::concat<int64_t>(projected, inVectors))
    bytes *= sequences;
  return std::min(stepsIn(model.memory(isa::Memory::Acc).capacity, sums, projected),
                  stepsIn(model.memory(isa::Memory::Vector).capacity, vectors, inVectors));
}

int64_t longestTile(RecurrenceOp recurrence, ScheduleKind schedule, const target::TargetModel &model,
                    int64_t sequences) {
  if (schedule == ScheduleKind::Plain)
    return 1;
  int64_t steps = stepsThatFit(recurrence, schedule, model, sequences);
  Projection projection(recurrence);
  if (schedule == ScheduleKind::Overlap)
    for (Operation *product : projection.getAhead())
      if (int64_t panels = lastSize(product->getResult(0)) / kPanelRows)
        steps = std::min(steps, panels);
  return std::clamp<int64_t>(steps, 1, kMostSteps);
}

bool canRunInLockstep(RecurrenceOp recurrence, ScheduleKind schedule) {
  // Pieces of a projection are of tiles of a known number of steps, and the rows of a history in the order of a walk
  // that all begin at its start.
  bool overlaps = schedule == ScheduleKind::Overlap && canOverlap(Projection(recurrence), recurrence);
  return !recurrence.getLengths() || (!overlaps && !recurrence.getHistory());
}

int64_t lockstepSequences(RecurrenceOp recurrence) {
  int64_t batch = cast<RankedTensorType>(recurrence.getX().getType()).getDimSize(1);
  int64_t tile = canRunInLockstep(recurrence, recurrence.getSchedule()) ? recurrence.getBatchTile() : 1;
  return ShapedType::isDynamic(batch) ? tile : std::clamp<int64_t>(batch, 1, tile);
}

int64_t largestBatchTile(RecurrenceOp recurrence, ScheduleKind schedule, const target::TargetModel &model,
                         int64_t timeTile) {
  if (!canRunInLockstep(recurrence, schedule))
    return 1;
  auto fits = [&](int64_t sequences) { return stepsThatFit(recurrence, schedule, model, sequences) >= timeTile; };
  int64_t fitting = 1, beyond = 2;
  for (; beyond <= kMostSteps && fits(beyond); beyond *= 2)
    fitting = beyond;
  while (beyond - fitting > 1) {
    int64_t middle = (fitting + beyond) / 2;
    (fits(middle) ? fitting : beyond) = middle;
  }
  return fitting;
}

namespace {
/// Cycles of a layer by the target's costs, as far as they depend on its tiles: those of the products, or of the
/// channel that brings what of the weights does not fit, whichever are more, and of their beginnings. Lane programs run
/// for each sequence, whatever the tile.
class TileCost {
public:
  TileCost(RecurrenceOp recurrence, const target::TargetModel &model) : model(model) {
    Projection projection(recurrence);
    for (Region *region : {&recurrence.getProject(), &recurrence.getStep()})
      for (ProductOp product : region->getOps<ProductOp>()) {
        bool ahead = projection.getAhead().contains(product);
        RankedTensorType weight = product.getWeight().getType();
        uint64_t bytes = 0;
        if (weight.getEncoding()) {
          WeightBlocks blocks = weightEncoding(weight).getBlocks(weight);
          bytes = blocks.count * blocks.bytes;
        } else {
          bytes = llvm::alignTo(weight.getDimSize(0), kPanelRows) * weight.getDimSize(1) *
                  llvm::divideCeil(weight.getElementTypeBitWidth(), 8);
        }
        (ahead ? input : state).products.push_back({lastSize(product.getResult()), lastSize(product.getX())});
        (ahead ? input : state).bytes += bytes;
      }
    // The weights of the steps stay first.
    uint64_t capacity = model.memory(isa::Memory::Weight).capacity, kept = std::min(state.bytes, capacity);
    state.streamed = state.bytes - kept;
    input.streamed = input.bytes - std::min(input.bytes, capacity - kept);
  }

  bool streams() const { return state.streamed + input.streamed > 0; }

  /// Of `batch` sequences of so many steps.
  double of(int64_t batch, int64_t steps, int64_t sequences, int64_t timeTile) const {
    double rest = batch % sequences ? ofTile(batch % sequences, steps, timeTile) : 0;
    return double(batch / sequences) * ofTile(sequences, steps, timeTile) + rest;
  }

private:
  struct Products {
    SmallVector<std::pair<int64_t, int64_t>> products;
    uint64_t bytes = 0, streamed = 0;
  };

  double ofTile(int64_t sequences, int64_t steps, int64_t timeTile) const {
    double chunks = llvm::divideCeil(steps, timeTile);
    int64_t vectors = std::min(steps, timeTile) * sequences;
    return chunks * (once(input, vectors) + double(model.dma.setup + model.memory(isa::Memory::Dram).latency)) +
           double(steps) * (once(state, sequences) + double(model.vec.latency));
  }

  double once(const Products &some, int64_t vectors) const {
    uint64_t cycles = 0;
    for (auto [rows, cols] : some.products) {
      isa::Product product{};
      product.weight.address.memory = isa::Memory::Weight;
      product.x.address.memory = isa::Memory::Vector;
      product.acc.address.memory = isa::Memory::Acc;
      product.rows = rows;
      product.cols = cols;
      target::Cost cost = target::cost(isa::Instr(product), target::Sizes{{static_cast<uint64_t>(vectors)}}, model);
      cycles += cost.cycles + cost.fill;
    }
    return double(std::max(cycles, some.streamed / model.memory(isa::Memory::Dram).bandwidth));
  }

  const target::TargetModel &model;
  Products input, state;
};
} // namespace

int64_t assumedSteps(RecurrenceOp recurrence) {
  int64_t steps = cast<RankedTensorType>(recurrence.getX().getType()).getDimSize(0);
  return ShapedType::isDynamic(steps) ? kAssumedSteps : steps;
}

int64_t assumedBatch(RecurrenceOp recurrence, const target::TargetModel &model) {
  int64_t batch = cast<RankedTensorType>(recurrence.getX().getType()).getDimSize(1);
  if (!ShapedType::isDynamic(batch))
    return batch;
  return TileCost(recurrence, model).streams() ? kAssumedSequences : 1;
}

int64_t cheapestBatchTile(RecurrenceOp recurrence, ScheduleKind schedule, const target::TargetModel &model,
                          int64_t timeTile) {
  int64_t steps = assumedSteps(recurrence), batch = assumedBatch(recurrence, model);
  int64_t given = std::clamp<int64_t>(steps, 1, timeTile ? timeTile : 1);
  int64_t largest = std::min({batch, kMostChosen, largestBatchTile(recurrence, schedule, model, given)}), best = 1;
  TileCost cost(recurrence, model);
  double least = std::numeric_limits<double>::infinity();
  for (int64_t tile = 1; tile <= largest; ++tile) {
    // Of the tiles that fall into as many the smallest, whose last is fullest.
    if (llvm::divideCeil(batch, llvm::divideCeil(batch, tile)) != static_cast<uint64_t>(tile))
      continue;
    int64_t inTime = timeTile ? given : std::clamp<int64_t>(steps, 1, longestTile(recurrence, schedule, model, tile));
    double cycles = cost.of(batch, steps, tile, inTime);
    if (cycles <= least)
      std::tie(best, least) = {tile, cycles};
  }
  return best;
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
