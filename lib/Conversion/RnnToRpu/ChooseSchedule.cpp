//===- ChooseSchedule.cpp - The cheapest schedule on a device ---*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Conversion/RnnToRpu/Passes.h"

#include "rnn-mlir/Conversion/RpuToIsa/RpuToIsa.h"
#include "rnn-mlir/Dialect/Rnn/IR/Constants.h"
#include "rnn-mlir/Dialect/Rnn/IR/TargetOf.h"
#include "rnn-mlir/Dialect/Rnn/IR/TimeTile.h"
#include "rnn-mlir/Dialect/Rpu/Transforms/Passes.h"
#include "rnn-mlir/Sim/Simulator.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_CHOOSESCHEDULE
#include "rnn-mlir/Conversion/RnnToRpu/Passes.h.inc"

namespace {

/// Longer sequences are not simulated whole.
constexpr int64_t kMostSteps = 128;

/// Larger arrays of arguments are not made for a measurement.
constexpr uint64_t kMostArrayBytes = uint64_t(1) << 31;

/// By so much a schedule must be cheaper than one of larger tiles, which reads weights less often.
constexpr double kWorthIt = 0.99;

struct Candidate {
  ScheduleKind schedule;
  int64_t tile, sequences;
  /// For all steps of all sequences.
  double cycles = 0;
};

/// Compiles a program with one schedule or another and runs it. It does so in a context of its own, so that nothing of
/// it is seen: neither errors of a schedule that does not fit, nor remarks.
class Estimator {
public:
  Estimator(rpu::ProgramOp program, const target::TargetModel &model) : model(model) {
    OpBuilder builder(program.getContext());
    OwningOpRef<ModuleOp> module = ModuleOp::create(builder.getUnknownLoc());
    (*module)->setAttr(kTargetAttr, program->getParentOfType<ModuleOp>()->getAttr(kTargetAttr));
    auto copy = cast<rpu::ProgramOp>(program->clone());
    module->push_back(copy);
    for (auto recurrence : copy.getOps<RecurrenceOp>()) {
      for (Value argument : copy.getBody().getArguments())
        hasSteps.push_back(argument == recurrence.getX());
      for (Value result : copy.getBody().front().getTerminator()->getOperands())
        hasSteps.push_back(result == recurrence.getY());
    }
    for (auto constant : copy.getBody().getOps<arith::ConstantOp>())
      if (Attribute small = withoutValues(constant.getValue()))
        constant.setValueAttr(cast<TypedAttr>(small));
    llvm::raw_string_ostream stream(text);
    module->print(stream);
    context.disableMultithreading();
    context.loadDialect<RnnDialect, rpu::RpuDialect>();
  }

  /// The cycles of `batch` sequences of so many steps; none where the program does not fit the machine so.
  std::optional<uint64_t> simulate(const Candidate &candidate, int64_t steps, int64_t batch) {
    std::tuple wanted(candidate.schedule, candidate.tile, candidate.sequences);
    if (!compiled || compiledFor != wanted)
      compile(candidate);
    compiledFor = wanted;
    if (!compiled)
      return std::nullopt;
    std::vector<std::vector<int64_t>> shapes;
    std::vector<std::vector<char>> arrays;
    std::vector<sim::ArgumentView> views;
    for (const isa::Argument &argument : compiled->arguments) {
      std::vector<int64_t> shape = argument.shape;
      auto number = static_cast<int64_t>(arrays.size());
      for (auto [dim, size] : llvm::enumerate(shape))
        if (size < 0)
          size = dim == 0 && hasSteps[number] ? steps : batch;
      uint64_t bytes = argument.elementBytes;
      for (int64_t size : shape)
        bytes = llvm::SaturatingMultiply<uint64_t>(bytes, size);
      if (bytes > kMostArrayBytes)
        return decline("'" + argument.name + "' takes more than " + std::to_string(kMostArrayBytes >> 30) + " GiB");
      arrays.emplace_back(bytes);
      if (number == compiled->layer.lengthsArgument)
        for (size_t at = 0; at + sizeof(int32_t) <= bytes; at += sizeof(int32_t))
          if (auto length = static_cast<int32_t>(steps); true)
            std::memcpy(arrays.back().data() + at, &length, sizeof length);
      shapes.push_back(std::move(shape));
    }
    for (auto [array, shape] : llvm::zip_equal(arrays, shapes))
      views.push_back({array.data(), shape});
    // A call of its own each time, which loads what stays.
    simulator->reset();
    sim::RunResult result = simulator->run(*compiled, views);
    return result ? std::optional(result->cycles) : decline(result.trap().message);
  }

  /// Why the first measurement that failed did so; empty where none did.
  const std::string &whyNot() const { return reason; }

private:
  std::optional<uint64_t> decline(std::string why) {
    if (reason.empty())
      reason = std::move(why);
    return std::nullopt;
  }

  /// A small constant in the place of one with many elements, which make the text long; `shareStandIn` gives it as many
  /// again.
  static Attribute withoutValues(Attribute constant) {
    std::optional<ConstantData> data = constantData(constant);
    if (!data || data->splat)
      return nullptr;
    auto type = cast<RankedTensorType>(cast<ElementsAttr>(constant).getShapedType());
    if (type.getRank() > 1)
      return DenseElementsAttr::getFromRawBuffer(type, std::vector<char>(type.getElementTypeBitWidth() / 8));
    return DenseElementsAttr::getFromRawBuffer(type, data->bytes);
  }

  /// Weights need no values: all are zeros, parts of one array, of which no candidate makes a copy.
  void shareStandIn(rpu::ProgramOp program) {
    SmallVector<std::pair<arith::ConstantOp, size_t>> weights;
    size_t most = 0;
    for (auto constant : program.getBody().getOps<arith::ConstantOp>()) {
      std::optional<ConstantData> data = constantData(constant.getValue());
      if (!data || !data->splat || data->type.getRank() < 2 || expandedSize(*data) > kLargestSplatBytes)
        continue;
      weights.emplace_back(constant, expandedSize(*data));
      most = std::max(most, weights.back().second);
    }
    // The same for all candidates, whose programs have the same constants.
    standIn.resize(most);
    for (auto [constant, bytes] : weights) {
      auto type = cast<RankedTensorType>(constant.getType());
      AsmResourceBlob blob(ArrayRef(standIn).take_front(bytes), type.getElementTypeBitWidth() / 8, /*deleter=*/{},
                           /*dataIsMutable=*/false);
      constant.setValueAttr(cast<TypedAttr>(Attribute(makeEncodedConstant(type, "stand_in", std::move(blob)))));
    }
  }

  void compile(const Candidate &candidate) {
    compiled.reset();
    ScopedDiagnosticHandler silence(&context, [&](Diagnostic &diagnostic) {
      if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
        decline(diagnostic.str());
      return success();
    });
    OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
    if (!module)
      return;
    auto program = *module->getOps<rpu::ProgramOp>().begin();
    shareStandIn(program);
    for (auto recurrence : program.getOps<RecurrenceOp>()) {
      recurrence.setSchedule(candidate.schedule);
      recurrence.setTimeTile(candidate.tile);
      recurrence.setBatchTile(candidate.sequences);
    }
    PassManager passes(&context);
    passes.addNestedPass<rpu::ProgramOp>(createConvertRnnToRpu());
    passes.addPass(rpu::createPlan());
    passes.addNestedPass<rpu::ProgramOp>(rpu::createSync());
    if (failed(passes.run(*module)))
      return;
    ConstantSection section;
    FailureOr<isa::Program> encoded = encodeProgram(program, section);
    if (failed(encoded))
      return;
    // Made once: where the stand-in lies, all sections have zeros.
    simulator.reset();
    if (constants.size() != section.size())
      constants.assign(section.size(), std::byte());
    for (const ConstantSection::Piece &piece : section.all())
      if (piece.bytes.data() != standIn.data())
        std::memcpy(constants.data() + piece.offset, piece.bytes.data(), piece.bytes.size());
    simulator.emplace(model, constants);
    compiled = std::move(*encoded);
  }

  const target::TargetModel &model;
  MLIRContext context;
  std::string text;
  /// By argument of the program, whether its first size is that of the steps; other run-time sizes are of the batch.
  std::vector<bool> hasSteps;
  std::tuple<ScheduleKind, int64_t, int64_t> compiledFor;
  std::optional<isa::Program> compiled;
  /// What stands for all weights.
  std::vector<char> standIn;
  std::vector<std::byte> constants;
  std::optional<sim::Simulator> simulator;
  std::string reason;
};

/// The schedules worth a look. Given tiles are those of each that has tiles.
SmallVector<Candidate> candidates(RecurrenceOp recurrence, const target::TargetModel &model, int64_t timeTile,
                                  int64_t batchTile) {
  auto x = cast<RankedTensorType>(recurrence.getX().getType());
  auto bounded = [&](int64_t tile, unsigned dim) {
    return x.isDynamicDim(dim) ? tile : std::clamp<int64_t>(x.getDimSize(dim), 1, tile);
  };
  SmallVector<Candidate> result;
  auto add = [&](ScheduleKind schedule, int64_t tile, int64_t sequences) {
    auto same = [&](const Candidate &other) {
      return other.schedule == schedule && other.tile == tile && other.sequences == sequences;
    };
    if (llvm::none_of(result, same))
      result.push_back({schedule, tile, sequences});
  };
  // One after another, which leaves room for longer tiles of time steps, only where it is cheaper.
  auto batchTiles = [&](ScheduleKind schedule) -> SmallVector<int64_t, 2> {
    if (!canRunInLockstep(recurrence, schedule))
      return {1};
    if (batchTile)
      return {bounded(batchTile, 1)};
    int64_t tile = cheapestBatchTile(recurrence, schedule, model, schedule == ScheduleKind::Plain ? 1 : timeTile);
    return tile > 1 ? SmallVector<int64_t, 2>{tile, 1} : SmallVector<int64_t, 2>{1};
  };
  for (int64_t sequences : batchTiles(ScheduleKind::Plain))
    add(ScheduleKind::Plain, 1, sequences);
  for (int64_t sequences : batchTiles(ScheduleKind::Mwl)) {
    int64_t tile = timeTile ? timeTile : longestTile(recurrence, ScheduleKind::Mwl, model, sequences);
    if (tile = bounded(tile, 0); tile > 1)
      add(ScheduleKind::Mwl, tile, sequences);
  }
  if (!canOverlap(Projection(recurrence), recurrence))
    return result;
  for (int64_t sequences : batchTiles(ScheduleKind::Overlap)) {
    if (timeTile) {
      add(ScheduleKind::Overlap, bounded(timeTile, 0), sequences);
      continue;
    }
    // Shorter tiles leave less of a sequence's projection outside its steps.
    int64_t longest = bounded(longestTile(recurrence, ScheduleKind::Overlap, model, sequences), 0);
    for (int64_t tile = longest; tile > 0; tile /= 2)
      add(ScheduleKind::Overlap, evenTile(recurrence, tile), sequences);
  }
  return result;
}

/// The cycles of all sequences: of many steps or sequences, by what some steps and one tile of sequences more take.
std::optional<double> estimate(Estimator &estimator, const Candidate &candidate, int64_t steps, int64_t batch) {
  auto ofBatch = [&](int64_t batch) -> std::optional<double> {
    int64_t some = std::max<int64_t>(kMostSteps / 2 / candidate.tile, 2) * candidate.tile;
    if (steps <= 2 * some)
      return estimator.simulate(candidate, steps, batch);
    std::optional<uint64_t> less = estimator.simulate(candidate, some, batch);
    std::optional<uint64_t> more = estimator.simulate(candidate, 2 * some, batch);
    if (!less || !more)
      return std::nullopt;
    return double(*more) + double(*more - *less) * double(steps - 2 * some) / double(some);
  };
  int64_t tile = std::min(candidate.sequences, batch), tiles = batch / tile, rest = batch % tile;
  std::optional<double> one = ofBatch(tile);
  if (!one || batch == tile)
    return one;
  double all = *one;
  if (tiles > 1) {
    std::optional<double> two = ofBatch(2 * tile);
    if (!two)
      return std::nullopt;
    all += (*two - *one) * double(tiles - 1);
  }
  if (rest) {
    std::optional<double> more = ofBatch(tile + rest);
    if (!more)
      return std::nullopt;
    all += *more - *one;
  }
  return all;
}

struct ChooseSchedule : impl::ChooseScheduleBase<ChooseSchedule> {
  using ChooseScheduleBase::ChooseScheduleBase;

  void runOnOperation() override {
    for (auto program : getOperation().getOps<rpu::ProgramOp>())
      for (auto recurrence : program.getOps<RecurrenceOp>())
        if (recurrence.getSchedule() == ScheduleKind::Auto && failed(choose(program, recurrence)))
          return signalPassFailure();
  }

  LogicalResult choose(rpu::ProgramOp program, RecurrenceOp recurrence) {
    FailureOr<const target::TargetModel *> model = requireTarget(program);
    if (failed(model))
      return failure();
    int64_t steps = assumedSteps(recurrence), batch = assumedBatch(recurrence, **model);
    SmallVector<Candidate> all = candidates(recurrence, **model, timeTile, batchTile), tried;
    std::string whyNot;
    if (steps > 1 && batch > 0 && all.size() > 1) {
      Estimator estimator(program, **model);
      for (Candidate candidate : all)
        if (std::optional<double> cycles = estimate(estimator, candidate, steps, batch)) {
          candidate.cycles = *cycles;
          tried.push_back(candidate);
        }
      whyNot = estimator.whyNot();
    }
    // Where none is to be had, conversion tells why.
    Candidate best = all.front();
    if (!tried.empty()) {
      llvm::stable_sort(tried, [](const Candidate &a, const Candidate &b) { return a.cycles < b.cycles; });
      size_t chosen = 0;
      for (size_t i = 1; i < tried.size(); ++i)
        if (tried.front().cycles >= kWorthIt * tried[i].cycles &&
            tried[i].tile * tried[i].sequences > tried[chosen].tile * tried[chosen].sequences)
          chosen = i;
      best = tried[chosen];
      std::rotate(tried.begin(), tried.begin() + chosen, tried.begin() + chosen + 1);
    }
    recurrence.setSchedule(best.schedule);
    recurrence.setTimeTile(best.tile);
    recurrence.setBatchTile(best.sequences);
    numLockstep += best.sequences > 1;
    if (tried.empty() && !whyNot.empty())
      remark::missed(recurrence.getLoc(), remark::RemarkOpts::name("schedule").category("rnn-choose-schedule"))
          << remark::add("{0}, the first there is, as none could be measured: {1}", named(best), whyNot);
    else
      tell(recurrence.getLoc(), best, tried, steps, batch);
    ++(best.schedule == ScheduleKind::Plain ? numPlain : best.schedule == ScheduleKind::Mwl ? numMwl : numOverlap);
    return success();
  }

  static std::string named(const Candidate &candidate) {
    return stringifyScheduleKind(candidate.schedule).str() + " with a time tile of " + std::to_string(candidate.tile) +
           (candidate.sequences > 1 ? " and a batch tile of " + std::to_string(candidate.sequences) : "");
  }

  static void tell(Location loc, const Candidate &best, ArrayRef<Candidate> tried, int64_t steps, int64_t batch) {
    auto cycles = [](const Candidate &candidate) { return std::to_string(uint64_t(candidate.cycles + 0.5)); };
    std::string text = named(best);
    if (!tried.empty())
      text += ": " + cycles(best) + " cycles for " + std::to_string(batch) + " x " + std::to_string(steps) + " steps";
    if (tried.size() > 1)
      text += "; " + named(tried[1]) + ": " + cycles(tried[1]);
    if (tried.size() > 1 && tried[1].cycles < best.cycles)
      text += ", less by under 1 %, for which larger tiles are kept";
    remark::passed(loc, remark::RemarkOpts::name("schedule").category("rnn-choose-schedule")) << text;
  }
};
} // namespace
} // namespace rnn
