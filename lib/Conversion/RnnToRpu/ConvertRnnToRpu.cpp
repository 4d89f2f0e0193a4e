//===- ConvertRnnToRpu.cpp - From recurrences to instructions ---*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "RecurrenceProgram.h"

#include "rnn-mlir/Conversion/RnnToRpu/Passes.h"
#include "rnn-mlir/Dialect/Rnn/IR/Steps.h"
#include "rnn-mlir/Dialect/Rnn/IR/TargetOf.h"

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
    FailureOr<const target::TargetModel *> model = requireTarget(program);
    if (failed(model))
      return signalPassFailure();
    if (recurrence.getSchedule() == ScheduleKind::Auto) {
      recurrence.emitError("expects a schedule that is chosen, run rnn-choose-schedule");
      return signalPassFailure();
    }
    if (failed(verifySteps(recurrence)))
      return signalPassFailure();
    auto plans = planWeights(recurrence, **model);
    if (failed(plans))
      return signalPassFailure();
    for (auto &[weight, plan] : *plans)
      ++(plan.resident() ? numResident : numStreamed);

    Region converted;
    RecurrenceProgram conversion(program, recurrence, &converted.emplaceBlock(), *plans);
    if (failed(conversion.run()))
      return signalPassFailure();
    program.setArgumentsAttr(conversion.arguments());
    program.setLayerAttr(conversion.layer());
    program.getBody().takeBody(converted);
  }
};
} // namespace
} // namespace rnn
