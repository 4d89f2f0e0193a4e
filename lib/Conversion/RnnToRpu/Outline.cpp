//===- Outline.cpp - From recurrences to programs and launches --*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Conversion/RnnToRpu/Passes.h"

#include "rnn-mlir/Dialect/Rnn/IR/Steps.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_OUTLINE
#include "rnn-mlir/Conversion/RnnToRpu/Passes.h.inc"

namespace {
struct Outline : impl::OutlineBase<Outline> {
  void runOnOperation() override {
    SmallVector<RecurrenceOp> recurrences;
    getOperation().walk([&](func::FuncOp function) {
      function.walk([&](RecurrenceOp recurrence) { recurrences.push_back(recurrence); });
    });
    LogicalResult valid = success();
    for (RecurrenceOp recurrence : recurrences)
      if (failed(verifySteps(recurrence)))
        valid = failure();
    if (failed(valid))
      return signalPassFailure();
    for (auto [index, recurrence] : llvm::enumerate(recurrences))
      outline(recurrence, "recurrence_" + std::to_string(index));
    numPrograms += recurrences.size();
    if (recurrences.empty())
      remark::missed(getOperation().getLoc(), remark::RemarkOpts::name("outline").category("rnn-outline"))
          << remark::add("nothing runs on the device: the outputs need no recurrent layer, and all else is host code");
  }

  /// Values from outside that the recurrence uses: operands first, each once.
  static llvm::SetVector<Value> usedValues(RecurrenceOp recurrence) {
    llvm::SetVector<Value> used;
    used.insert_range(recurrence->getOperands());
    getUsedValuesDefinedAbove(recurrence->getRegions(), used);
    return used;
  }

  /// An uninitialised tensor for result `index`: [T, B, H] for y, [B, H] for a final state.
  static Value emptyResult(OpBuilder &builder, RecurrenceOp recurrence, unsigned index) {
    auto type = cast<RankedTensorType>(recurrence->getResult(index).getType());
    SmallVector<Value> dynamic;
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      if (type.isDynamicDim(dim))
        dynamic.push_back(tensor::DimOp::create(builder, recurrence.getLoc(), recurrence.getX(), index == 0 ? dim : 1));
    return tensor::EmptyOp::create(builder, recurrence.getLoc(), type, dynamic);
  }

  void outline(RecurrenceOp recurrence, const std::string &name) {
    Location loc = recurrence.getLoc();
    SmallVector<Value> arguments;
    SmallVector<Operation *> constants;
    for (Value value : usedValues(recurrence)) {
      // x is an argument always: it tells the steps and the batch.
      if (value != recurrence.getX() && value.getDefiningOp<arith::ConstantOp>())
        constants.push_back(value.getDefiningOp());
      else
        arguments.push_back(value);
    }

    // What has an encoding is passed as it is stored.
    SmallVector<Value> passed;
    for (Value argument : arguments) {
      OpBuilder before(recurrence);
      passed.push_back(storedForm(before, argument));
    }
    OpBuilder builder(getOperation().getBody(), getOperation().getBody()->end());
    auto program = rpu::ProgramOp::create(builder, loc, name, ArrayAttr(), ArrayRef<int64_t>(), rpu::LayerAttr());
    Block *body = builder.createBlock(&program.getBody(), {}, ValueRange(passed).getTypes(),
                                      SmallVector<Location>(passed.size(), loc));
    IRMapping mapping;
    for (auto [argument, inside] : llvm::zip_equal(arguments, body->getArguments())) {
      bool same = argument.getType() == inside.getType();
      mapping.map(argument, same ? Value(inside) : ReinterpretOp::create(builder, loc, argument.getType(), inside));
    }
    for (Operation *constant : constants)
      builder.clone(*constant, mapping);
    Operation *inner = builder.clone(*recurrence, mapping);
    SmallVector<Value> results, returned;
    for (OpResult result : recurrence->getResults())
      if (!result.use_empty()) {
        results.push_back(result);
        returned.push_back(inner->getResult(result.getResultNumber()));
      }
    rpu::ReturnOp::create(builder, loc, returned);

    builder.setInsertionPoint(recurrence);
    SmallVector<Value> outs;
    for (Value result : results)
      outs.push_back(emptyResult(builder, recurrence, cast<OpResult>(result).getResultNumber()));
    auto launch = rpu::LaunchOp::create(builder, loc, ValueRange(outs).getTypes(), name, passed, outs);
    for (auto [result, replacement] : llvm::zip(results, launch.getResults()))
      result.replaceAllUsesWith(replacement);
    recurrence.erase();
    for (Operation *constant : constants)
      if (constant->use_empty())
        constant->erase();
  }
};
} // namespace
} // namespace rnn
