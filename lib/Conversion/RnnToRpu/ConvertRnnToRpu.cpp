//===- ConvertRnnToRpu.cpp - From recurrences to instructions ---*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "RecurrenceProgram.h"

#include "rnn-mlir/Conversion/RnnToRpu/Passes.h"
#include "rnn-mlir/Dialect/Rnn/IR/Steps.h"
#include "rnn-mlir/Dialect/Rnn/IR/TargetOf.h"

#include "mlir/IR/Remarks.h"

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_CONVERTRNNTORPU
#include "rnn-mlir/Conversion/RnnToRpu/Passes.h.inc"

static std::string namesOf(target::FormatSet formats) {
  std::string names;
  for (size_t index = 0; index < isa::kFormatCount; ++index)
    if (formats.has(isa::Format(index)))
      names += (names.empty() ? "" : ", ") + std::string(isa::kFormatNames[index]);
  return names;
}

static bool has(target::FormatSet formats, rpu::Format format) {
  return formats.has(static_cast<isa::Format>(format));
}

/// Whether the target multiplies what the products of a recurrence multiply, and adds to their sums.
static LogicalResult verifyProducts(RecurrenceOp recurrence, const target::TargetModel &model) {
  auto wrong = [&](const Twine &what, rpu::Format format, target::FormatSet formats, const Twine &key) {
    return recurrence.emitError(what + " of ")
           << rpu::stringifyFormat(format) << ": " << model.name << " takes " << namesOf(formats) << " ('" << key
           << "'); the option quantize chooses the format of a layer";
  };
  for (Region *region : {&recurrence.getProject(), &recurrence.getStep()})
    for (ProductOp product : region->getOps<ProductOp>()) {
      for (Value factor : {Value(product.getWeight()), Value(product.getX())})
        if (!has(model.mat.formats, formatOf(factor)))
          return wrong("has products", formatOf(factor), model.mat.formats, "mat.formats");
      if (rpu::Format sum = formatOf(product.getResult()); !has(model.mat.accumulators, sum))
        return wrong("has sums", sum, model.mat.accumulators, "mat.accumulators");
    }
  return success();
}

/// Whether the target's lanes load and store what the instructions ask for.
static LogicalResult verifyLanes(RecurrenceOp recurrence, Region &program, const target::TargetModel &model) {
  WalkResult walked = program.walk([&](Operation *op) {
    rpu::ViewAttr view;
    if (auto load = dyn_cast<rpu::LaneLoadOp>(op))
      view = load.getSourceView();
    else if (auto store = dyn_cast<rpu::LaneStoreOp>(op))
      view = store.getTargetView();
    if (!view || has(model.vec.formats, view.getFormat()))
      return WalkResult::advance();
    recurrence.emitError("has element-wise values of ")
        << rpu::stringifyFormat(view.getFormat()) << ": " << model.name << " loads and stores "
        << namesOf(model.vec.formats) << " ('vec.formats')";
    return WalkResult::interrupt();
  });
  return failure(walked.wasInterrupted());
}

namespace {
struct ConvertRnnToRpu : impl::ConvertRnnToRpuBase<ConvertRnnToRpu> {
  void runOnOperation() override {
    rpu::ProgramOp program = getOperation();
    auto recurrences = llvm::to_vector(program.getOps<RecurrenceOp>());
    if (recurrences.size() != 1) {
      program.emitError("expects a program with one recurrence, found ") << recurrences.size();
      return signalPassFailure();
    }
    RecurrenceOp recurrence = recurrences.front();
    FailureOr<const target::TargetModel *> model = requireTarget(program);
    if (failed(model))
      return signalPassFailure();
    if (recurrence.getSchedule() == ScheduleKind::Auto) {
      recurrence.emitError("expects a schedule that is chosen, run rnn-choose-schedule");
      return signalPassFailure();
    }
    if (failed(verifySteps(recurrence)) || failed(verifyProducts(recurrence, **model)))
      return signalPassFailure();
    auto plans = planWeights(recurrence, **model);
    if (failed(plans))
      return signalPassFailure();
    for (auto &[weight, plan] : *plans)
      ++(plan.resident() ? numResident : numStreamed);

    if (failed(convert(program, recurrence, *plans, **model)))
      return signalPassFailure();
  }

  static LogicalResult convert(rpu::ProgramOp program, RecurrenceOp recurrence, const WeightPlans &plans,
                               const target::TargetModel &model) {
    Region converted;
    RecurrenceProgram conversion(program, recurrence, &converted.emplaceBlock(), plans);
    if (failed(conversion.run()))
      return failure();
    if (conversion.lacksRegisters()) {
      remark::missed(recurrence.getLoc(), remark::RemarkOpts::name("batch-tile").category("convert-rnn-to-rpu"))
          << remark::add("sequences run one after another: {0} in lock-step take more than {1} scalar registers",
                         recurrence.getBatchTile(), isa::kRegisters - 1);
      recurrence.setBatchTile(1);
      return convert(program, recurrence, plans, model);
    }
    if (failed(verifyLanes(recurrence, converted, model)))
      return failure();
    program.setArgumentsAttr(conversion.arguments());
    program.setLayerAttr(conversion.layer(model));
    program.getBody().takeBody(converted);
    return success();
  }
};
} // namespace
} // namespace rnn
