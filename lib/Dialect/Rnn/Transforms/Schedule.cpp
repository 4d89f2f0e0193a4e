//===- Schedule.cpp - From layers to recurrences ----------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/IR/Steps.h"
#include "rnn-mlir/Dialect/Rnn/IR/TargetOf.h"
#include "rnn-mlir/Dialect/Rnn/IR/TimeTile.h"
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
  static_assert(kSchedules.size() == 4 && getMaxEnumValForScheduleKind() == 3);
  return llvm::cl::values(value(kSchedules[0]), value(kSchedules[1]), value(kSchedules[2]), value(kSchedules[3]));
}

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
    FailureOr<const target::TargetModel *> target = targetOf(getOperation());
    if (failed(target))
      return signalPassFailure();
    SmallVector<RecurrentLayerOpInterface> layers;
    getOperation()->walk([&](RecurrentLayerOpInterface layer) { layers.push_back(layer); });
    for (RecurrentLayerOpInterface layer : layers)
      if (failed(scheduleLayer(layer, *target)))
        return signalPassFailure();
  }

  /// The schedule of a layer on what it is compiled for. Host code has one engine, and only programs are chosen among.
  ScheduleKind kindFor(const target::TargetModel *target) {
    bool device = target && target->isDevice();
    return device || schedule == ScheduleKind::Plain ? schedule : ScheduleKind::Mwl;
  }

  /// The tile of a recurrence of that schedule. Where another pass chooses the schedule it is that of `mwl`.
  int64_t chooseTile(RecurrenceOp recurrence, ScheduleKind kind, const target::TargetModel *target) {
    int64_t tile = timeTile, steps = cast<RankedTensorType>(recurrence.getX().getType()).getDimSize(0);
    bool device = target && target->isDevice(), known = !ShapedType::isDynamic(steps);
    if (kind == ScheduleKind::Plain)
      return 1;
    if (!tile && !device)
      tile = static_cast<int64_t>((target ? target->host : target::HostModel()).timeTile);
    if (!tile) {
      tile = longestTile(recurrence, kind, *target, recurrence.getBatchTile());
      // The projection of a sequence's first tile runs beside nothing.
      if (kind == ScheduleKind::Overlap)
        tile = evenTile(recurrence, known ? std::clamp<int64_t>(steps / 2, 1, tile) : tile);
    }
    return known ? std::clamp<int64_t>(steps, 1, tile) : tile;
  }

  /// The sequences in lock-step of a recurrence of that schedule. Where another pass chooses it, as with `mwl`.
  FailureOr<int64_t> chooseBatchTile(RecurrenceOp recurrence, ScheduleKind kind, const target::TargetModel *target) {
    if (!target || !target->isDevice())
      return 1;
    int64_t batch = cast<RankedTensorType>(recurrence.getX().getType()).getDimSize(1), tile = batchTile;
    if (!tile)
      return cheapestBatchTile(recurrence, kind, *target, kind == ScheduleKind::Plain ? 1 : timeTile);
    if (!ShapedType::isDynamic(batch))
      tile = std::clamp<int64_t>(batch, 1, tile);
    if (!canRunInLockstep(recurrence, kind))
      return 1;
    int64_t steps = kind == ScheduleKind::Plain || timeTile == 0 ? 1 : timeTile;
    int64_t largest =
        largestBatchTile(recurrence, kind, *target, std::clamp<int64_t>(assumedSteps(recurrence), 1, steps));
    if (tile > largest)
      return recurrence.emitError("batch-tile: expects at most ")
             << largest << " sequences in lock-step, as the accumulators and the vector memory of " << target->name
             << " hold the states, partial results and vectors of no more of them, each of " << steps
             << " time step" << (steps == 1 ? "" : "s") << ", found " << tile;
    return tile;
  }

  LogicalResult scheduleLayer(RecurrentLayerOpInterface layer, const target::TargetModel *target) {
    Location loc = layer.getLoc();
    ScheduleKind kind = kindFor(target);
    OpBuilder builder(layer);
    SmallVector<Value> shared = layer.buildShared(builder, loc);
    auto recurrence = RecurrenceOp::create(builder, loc, layer->getResultTypes(), layer.getX(), layer.getHistory(),
                                           layer.getInit(), layer.getLengths(), layer.getReverse(), kind,
                                           /*timeTile=*/1, /*batchTile=*/1, layer.getWindow(),
                                           /*projectionStates=*/0, /*memories=*/nullptr);
    buildRegions(layer, recurrence, shared, sumType(layer.getX().getType().getElementType(), target));
    if (kind == ScheduleKind::Overlap && !canOverlap(Projection(recurrence), recurrence))
      kind = ScheduleKind::Mwl;
    FailureOr<int64_t> sequences = chooseBatchTile(recurrence, kind, target);
    if (failed(sequences))
      return failure();
    recurrence.setBatchTile(*sequences);
    int64_t tile = chooseTile(recurrence, kind, target);
    if (tile == 1 && kind == ScheduleKind::Mwl)
      kind = ScheduleKind::Plain;
    recurrence.setSchedule(kind);
    recurrence.setTimeTile(tile);
    tell(loc, kind, tile);
    if (target && target->isDevice() && kind != ScheduleKind::Auto)
      tellSequences(recurrence);
    layer->replaceAllUsesWith(recurrence);
    layer->erase();
    return success();
  }

  void tellSequences(RecurrenceOp recurrence) {
    auto options = remark::RemarkOpts::name("batch").category("rnn-schedule");
    int64_t tile = recurrence.getBatchTile();
    numLockstep += tile > 1;
    if (tile > 1)
      remark::passed(recurrence.getLoc(), options)
          << remark::add("batch tile of {0}: up to {0} sequences take their steps together", tile);
    else if (batchTile > 1 && !canRunInLockstep(recurrence, recurrence.getSchedule()))
      remark::missed(recurrence.getLoc(), options)
          << "batch tile of 1: sequences with lengths of their own run one after another where the projection runs "
             "beside the steps or a history is given";
  }

  void tell(Location loc, ScheduleKind kind, int64_t tile) {
    auto options = remark::RemarkOpts::name("schedule").category("rnn-schedule");
    switch (kind) {
    case ScheduleKind::Plain:
      ++numPlain;
      (schedule == kind ? remark::passed(loc, options) : remark::missed(loc, options))
          << "time tile of 1: input products and recurrence alternate";
      break;
    case ScheduleKind::Mwl:
      ++numMwl;
      (schedule == kind ? remark::passed(loc, options) : remark::missed(loc, options))
          << remark::add("time tile of {0}: input products run up to {0} time steps ahead of the recurrence", tile);
      break;
    case ScheduleKind::Overlap:
      ++numOverlap;
      remark::passed(loc, options) << remark::add(
          "time tile of {0}: the input products of the next {0} time steps run beside each {0} of the recurrence",
          tile);
      break;
    case ScheduleKind::Auto:
      break; // rnn-choose-schedule tells
    }
  }

  /// The elements of the sums of a layer of `element`: the widest that the target adds to.
  static Type sumType(Type element, const target::TargetModel *target) {
    if (!element.isF16())
      return element;
    target::FormatSet sums = !target              ? target::FormatSet()
                             : target->isDevice() ? target->mat.accumulators
                                                  : target->host.accumulators;
    return sums.has(isa::Format::F32) ? computeType(element) : element;
  }

  static void buildRegions(RecurrentLayerOpInterface layer, RecurrenceOp recurrence, ValueRange shared, Type sums) {
    Location loc = layer.getLoc();
    RankedTensorType x = layer.getX().getType();
    auto vector = [&](int64_t size) { return RankedTensorType::get({size}, x.getElementType()); };

    OpBuilder builder(layer.getContext());
    Block *project =
        builder.createBlock(&recurrence.getProject(), {}, vector(layer.getWindow() * x.getDimSize(2)), loc);
    SmallVector<Value> projected = layer.buildProject(builder, loc, sums, project->getArgument(0), shared);
    YieldOp::create(builder, loc, projected);

    SmallVector<Type> types(ValueRange(projected).getTypes());
    for (int64_t size : layer.getStateSizes())
      types.push_back(vector(size));
    Block *step = builder.createBlock(&recurrence.getStep(), {}, types, SmallVector<Location>(types.size(), loc));
    ValueRange arguments = step->getArguments();
    SmallVector<Value> results = layer.buildStep(builder, loc, sums, arguments.take_front(projected.size()),
                                                 arguments.drop_front(projected.size()), shared);
    YieldOp::create(builder, loc, results);
  }
};
} // namespace
} // namespace rnn
