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
    FailureOr<target::TargetModel> model = requireTarget(program);
    if (failed(model))
      return signalPassFailure();
    for (Type type : recurrence->getOperandTypes())
      if (auto tensor = cast<RankedTensorType>(type);
          !tensor.getElementType().isF32() &&
          type != (recurrence.getLengths() ? recurrence.getLengths().getType() : Type())) {
        recurrence.emitError("the machine computes in f32, found ") << type;
        return signalPassFailure();
      }
    if (recurrence.getSchedule() == ScheduleKind::Auto) {
      recurrence.emitError("expects a schedule that is chosen, run rnn-choose-schedule");
      return signalPassFailure();
    }
    if (failed(verifySteps(recurrence)))
      return signalPassFailure();
    auto plans = planWeights(recurrence, *model);
    if (failed(plans))
      return signalPassFailure();
    for (auto &[product, plan] : *plans)
      ++(plan.resident() ? numResident : numStreamed);

    // Pieces of a projection are of as many steps as a chunk has always.
    int64_t batchTile = recurrence.getSchedule() == ScheduleKind::Overlap ? 1 : recurrence.getBatchTile();
    if (convert(program, recurrence, *plans, batchTile))
      return;
    remark::missed(recurrence.getLoc(), remark::RemarkOpts::name("batch").category("convert-rnn-to-rpu"))
        << remark::add("batch tile of 1 instead of {0}: sequences run one after another, as there are too few scalar "
                       "registers",
                       batchTile);
    (void)convert(program, recurrence, *plans, 1);
  }

  /// False, and nothing is changed, where the program must be made for fewer sequences at a time.
  bool convert(rpu::ProgramOp program, RecurrenceOp recurrence, const WeightPlans &plans, int64_t batchTile) {
    Region converted;
    RecurrenceProgram conversion(program, recurrence, &converted.emplaceBlock(), plans, batchTile);
    if (failed(conversion.run())) {
      signalPassFailure();
      return true;
    }
    if (conversion.needsFewerSequences())
      return false;
    program.setArgumentsAttr(conversion.arguments());
    program.setLayerAttr(conversion.layer());
    program.getBody().takeBody(converted);
    return true;
  }
};
} // namespace
} // namespace rnn
