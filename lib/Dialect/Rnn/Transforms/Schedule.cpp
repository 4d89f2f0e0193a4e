//===- Schedule.cpp - From layers to recurrences ----------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/IR/Steps.h"
#include "rnn-mlir/Dialect/Rnn/IR/TargetOf.h"
#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h"

#include "mlir/IR/Remarks.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_SCHEDULE
#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h.inc"

llvm::cl::ValuesClass scheduleValues() {
  auto value = [](const Choice &each) {
    return llvm::cl::OptionEnumValue{each.name, int(*symbolizeScheduleKind(each.name)), each.meaning};
  };
  static_assert(kSchedules.size() == getMaxEnumValForScheduleKind() + 1);
  return llvm::cl::values(value(kSchedules[0]), value(kSchedules[1]));
}

/// Steps of a tile on a host or where no target is known: enough for a weight to
/// be used many times per fetch, few enough for the projected values to stay in
/// the first-level caches.
static constexpr int64_t kHostTimeTile = 16;

/// Longer tiles save nothing that is worth their memory.
static constexpr int64_t kLongestTimeTile = 64;

std::string wrongTimeTileOption(ScheduleKind schedule, int64_t timeTile, StringRef scheduleName,
                                StringRef timeTileName) {
  if (timeTile == 0 || isTimeTile(schedule, timeTile))
    return "";
  if (schedule == ScheduleKind::Plain && timeTile > 1)
    return (timeTileName + ": expects 0 or 1 with " + scheduleName + "=" + stringifyScheduleKind(schedule) +
            ", which has no tiles, found " + Twine(timeTile))
        .str();
  return (timeTileName + ": " + kTimeTileRule + ", or 0 to choose, found " + Twine(timeTile)).str();
}

namespace {
struct Schedule : impl::ScheduleBase<Schedule> {
  using ScheduleBase::ScheduleBase;

  void runOnOperation() override {
    if (std::string wrong = wrongTimeTileOption(schedule, timeTile, "schedule", "time-tile"); !wrong.empty()) {
      getOperation()->emitError(wrong);
      return signalPassFailure();
    }
    FailureOr<std::optional<target::TargetModel>> target = targetOf(getOperation());
    if (failed(target))
      return signalPassFailure();
    SmallVector<RecurrentLayerOpInterface> layers;
    getOperation()->walk([&](RecurrentLayerOpInterface layer) { layers.push_back(layer); });
    for (RecurrentLayerOpInterface layer : layers)
      scheduleLayer(layer, *target);
  }

  /// The longest tile whose projected values fit the accumulators beside the
  /// products of a step, and whose inputs, kept twice, half of the vector memory, as
  /// far as outputs, kept twice as well, and the values of the step leave room for it.
  static int64_t deviceTile(RecurrentLayerOpInterface layer, const target::TargetModel &target) {
    int64_t bytes = llvm::divideCeil(layer.getX().getType().getElementTypeBitWidth(), 8), rows = 0, stepRows = 0;
    for (const LayerProduct &product : layer.getProducts())
      (product.recurrent() ? stepRows : rows) += llvm::alignTo(product.rows, kPanelRows);
    int64_t columns = std::max<int64_t>(layer.getX().getType().getDimSize(2), 1);
    int64_t byVector = target.memory(isa::Memory::Vector).capacity / 4 / (columns * bytes);
    // The step's vectors: states, biases and peepholes, and operands of its products; and the rest of a window.
    int64_t gateRows = llvm::alignTo(layer.getGateCount() * layer.getHiddenSize(), kPanelRows);
    int64_t stepVectors = 2 * (std::max(stepRows, gateRows) + (layer.getWindow() - 1) * columns);
    for (int64_t size : layer.getStateSizes())
      stepVectors += 2 * llvm::alignTo(size, kPanelRows);
    int64_t outputs = layer.getOutputSize();
    int64_t accRoom = (static_cast<int64_t>(target.memory(isa::Memory::Acc).capacity) - stepRows * bytes) /
                      (std::max<int64_t>(rows, 1) * bytes);
    int64_t vectorRoom = (static_cast<int64_t>(target.memory(isa::Memory::Vector).capacity) - stepVectors * bytes) /
                         (2 * (columns + outputs) * bytes);
    return std::clamp<int64_t>(std::min({accRoom, byVector, vectorRoom}), 1, kLongestTimeTile);
  }

  /// The tile of a layer: one step for the plain schedule.
  int64_t chooseTile(RecurrentLayerOpInterface layer, const std::optional<target::TargetModel> &target) {
    if (schedule == ScheduleKind::Plain)
      return 1;
    int64_t tile = timeTile;
    if (!tile)
      tile = target && target->isDevice() ? deviceTile(layer, *target) : kHostTimeTile;
    int64_t steps = layer.getX().getType().getDimSize(0);
    if (!ShapedType::isDynamic(steps))
      tile = std::clamp<int64_t>(steps, 1, tile);
    return tile;
  }

  void scheduleLayer(RecurrentLayerOpInterface layer, const std::optional<target::TargetModel> &target) {
    int64_t tile = chooseTile(layer, target);
    ScheduleKind kind = tile == 1 ? ScheduleKind::Plain : ScheduleKind::Mwl;
    Location loc = layer.getLoc();
    if (kind == ScheduleKind::Mwl) {
      ++numMwl;
      remark::passed(loc, remark::RemarkOpts::name("mwl").category("rnn-schedule"))
          << llvm::formatv("time tile of {0}: input products run up to {0} time steps ahead of the recurrence", tile)
                 .str();
    } else {
      ++numPlain;
      auto options = remark::RemarkOpts::name("mwl").category("rnn-schedule");
      (schedule == ScheduleKind::Mwl ? remark::missed(loc, options) : remark::passed(loc, options))
          << "time tile of 1: input products and recurrence alternate";
    }

    OpBuilder builder(layer);
    SmallVector<Value> shared = layer.buildShared(builder, loc);
    auto recurrence = RecurrenceOp::create(builder, loc, layer->getResultTypes(), layer.getX(), layer.getHistory(),
                                           layer.getInit(), layer.getLengths(), layer.getReverse(), kind,
                                           /*timeTile=*/tile, /*batchTile=*/1, layer.getWindow(),
                                           /*projectionStates=*/0, /*memories=*/nullptr);
    buildRegions(layer, recurrence, shared);
    layer->replaceAllUsesWith(recurrence);
    layer->erase();
  }

  static void buildRegions(RecurrentLayerOpInterface layer, RecurrenceOp recurrence, ValueRange shared) {
    Location loc = layer.getLoc();
    RankedTensorType x = layer.getX().getType();
    auto vector = [&](int64_t size) { return RankedTensorType::get({size}, x.getElementType()); };

    OpBuilder builder(layer.getContext());
    Block *project =
        builder.createBlock(&recurrence.getProject(), {}, vector(layer.getWindow() * x.getDimSize(2)), loc);
    SmallVector<Value> projected = layer.buildProject(builder, loc, project->getArgument(0), shared);
    YieldOp::create(builder, loc, projected);

    SmallVector<Type> types(ValueRange(projected).getTypes());
    for (int64_t size : layer.getStateSizes())
      types.push_back(vector(size));
    Block *step = builder.createBlock(&recurrence.getStep(), {}, types, SmallVector<Location>(types.size(), loc));
    ValueRange arguments = step->getArguments();
    SmallVector<Value> results = layer.buildStep(builder, loc, arguments.take_front(projected.size()),
                                                 arguments.drop_front(projected.size()), shared);
    YieldOp::create(builder, loc, results);
  }
};
} // namespace
} // namespace rnn
