//===- Recurrence.cpp - The op of scheduled layers --------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Verify.h"

using namespace mlir;

namespace rnn {

ValueRange RecurrenceOp::getProjectedValues() {
  return ValueRange(getProject().front().back().getOperands()).drop_back(getProjectionStates());
}

ValueRange RecurrenceOp::getNextProjectionStates() {
  return ValueRange(getProject().front().back().getOperands()).take_back(getProjectionStates());
}

StateMemory RecurrenceOp::getMemory(unsigned state) {
  std::optional<ArrayAttr> memories = getMemories();
  return memories ? cast<StateMemoryAttr>((*memories)[state]).getValue() : StateMemory::Vector;
}

static RankedTensorType ranked(Value value) {
  return cast<RankedTensorType>(value.getType());
}

/// Whether values of a recurrence can have such elements.
static bool isNumber(Type element) {
  return isa<FloatType>(element) || element.isSignlessInteger();
}

LogicalResult verifyHistory(Operation *op, uint64_t window, Value history, RankedTensorType x, StringRef constraint) {
  if (!history)
    return success();
  if (window == 1)
    return op->emitOpError("(") << constraint << ") expects no history with a window of 1";
  auto expected =
      RankedTensorType::get({static_cast<int64_t>(window) - 1, x.getDimSize(1), x.getDimSize(2)}, x.getElementType());
  if (history.getType() != expected)
    return op->emitOpError("(") << constraint << ") expects history of type " << expected << ", found "
                                << history.getType();
  return success();
}

/// (C4) and (C7) The values that a region yields: vectors.
static FailureOr<ValueRange> yieldedVectors(RecurrenceOp op, Region &region) {
  auto yield = dyn_cast<YieldOp>(region.front().back());
  if (!yield)
    return op.emitOpError("(C4) expects regions that end in rnn.yield");
  for (Value value : yield.getValues()) {
    auto vector = dyn_cast<RankedTensorType>(value.getType());
    if (!vector || vector.getRank() != 1 || !vector.hasStaticShape() || !isNumber(vector.getElementType()) ||
        vector.getEncoding())
      return op.emitOpError("(C4) expects project and step to yield vectors of numbers of static length, found ")
             << value.getType();
    if (!isSize(vector.getDimSize(0)))
      return op.emitOpError("(C7) ") << kSizeRule << ", found " << vector;
  }
  return ValueRange(yield.getValues());
}

/// (C4) A region takes its states as it yields them.
static LogicalResult verifyStates(RecurrenceOp op, unsigned first, ValueRange yielded, ValueRange taken) {
  for (auto [index, value, argument] : llvm::enumerate(yielded, taken))
    if (argument.getType() != value.getType())
      return op.emitOpError("(C4) state ")
             << first + index << " is yielded as " << value.getType() << " but taken as " << argument.getType();
  return success();
}

/// (C4) and (C10) What the regions take and yield.
static LogicalResult verifyVectors(RecurrenceOp op) {
  RankedTensorType x = ranked(op.getX());
  size_t all = op.getFinals().size(), ahead = op.getProjectionStates();
  if (ahead > all)
    return op.emitOpError("(C10) expects at most ")
           << all << " projection states, one for each final state, found " << op.getProjectionStatesAttr().getInt();
  Block &project = op.getProject().front(), &step = op.getStep().front();
  int64_t seen = op.getWindow() * x.getDimSize(2);
  if (project.getNumArguments() != 1 + ahead ||
      project.getArgument(0).getType() != RankedTensorType::get({seen}, x.getElementType()))
    return op.emitOpError("(C4) expects project to take one input vector of ")
           << seen << " elements of " << x.getElementType() << " and " << ahead << " states";
  FailureOr<ValueRange> projected = yieldedVectors(op, op.getProject());
  if (failed(projected))
    return failure();
  FailureOr<ValueRange> stepped = yieldedVectors(op, op.getStep());
  if (failed(stepped))
    return failure();
  size_t states = all - ahead;
  if (projected->size() < ahead)
    return op.emitOpError("(C4) expects project to yield ") << ahead << " states, found " << projected->size();
  ValueRange handed = projected->drop_back(ahead);
  if (step.getNumArguments() != handed.size() + states || stepped->size() != states + 1)
    return op.emitOpError("(C4) expects step to take ")
           << handed.size() << " projected values and " << states << " states and to yield y and the states, found "
           << step.getNumArguments() << " arguments and " << stepped->size() << " yielded values";
  for (auto [value, argument] : llvm::zip(handed, step.getArguments()))
    if (value.getType() != argument.getType())
      return op.emitOpError("(C4) project yields ") << value.getType() << " where step takes " << argument.getType();
  if (failed(verifyStates(op, 0, stepped->drop_front(), step.getArguments().drop_front(handed.size()))))
    return failure();
  return verifyStates(op, states, projected->take_back(ahead), project.getArguments().drop_front());
}

/// (C2) and (C5) The results have the types that the regions give, `init` those of the final states.
static LogicalResult verifyResults(RecurrenceOp op) {
  RankedTensorType x = ranked(op.getX()), y = ranked(op.getY());
  ValueRange stepped = op.getStep().front().back().getOperands();
  SmallVector<Value> states(stepped.drop_front());
  llvm::append_range(states, op.getNextProjectionStates());
  for (auto [index, final, value] : llvm::enumerate(op.getFinals(), states)) {
    RankedTensorType vector = ranked(value);
    if (final.getType() != RankedTensorType::get({x.getDimSize(1), vector.getDimSize(0)}, vector.getElementType()))
      return op.emitOpError("(C2) expects final state ")
             << index << " of shape [B, " << vector.getDimSize(0) << "] of " << vector.getElementType() << ", found "
             << final.getType() << " for x of type " << x;
  }
  RankedTensorType vector = ranked(stepped[0]);
  if (y != RankedTensorType::get({x.getDimSize(0), x.getDimSize(1), vector.getDimSize(0)}, vector.getElementType()))
    return op.emitOpError("(C5) expects y of shape [T, B, ")
           << vector.getDimSize(0) << "] of " << vector.getElementType() << ", found " << y << " for x of type " << x;
  return success();
}

LogicalResult RecurrenceOp::verify() {
  RankedTensorType x = ranked(getX());
  if (x.getRank() != 3 || x.isDynamicDim(2) || !isNumber(x.getElementType()) || x.getEncoding())
    return emitOpError("(C1) expects x of shape [T, B, I] of numbers with a static I, found ") << x;
  if (!isSize(x.getDimSize(2)))
    return emitOpError("(C7) ") << kSizeRule << ", found " << x;
  size_t states = getFinals().size();
  if (!getInit().empty() && getInit().size() != states)
    return emitOpError("(C2) expects one initial state for each of the ")
           << states << " states, found " << getInit().size();
  for (auto [init, final] : llvm::zip(getInit(), getFinals()))
    if (init.getType() != final.getType())
      return emitOpError("(C2) expects equal types of initial and final state, found ")
             << init.getType() << " and " << final.getType();
  if (Value lengths = getLengths()) {
    RankedTensorType type = ranked(lengths);
    if (type.getRank() != 1 || !type.getElementType().isInteger(32) || type.getEncoding() ||
        !compatible(type.getDimSize(0), x.getDimSize(1)))
      return emitOpError("(C3) expects lengths of shape [B] of i32, found ") << type << " for x of type " << x;
  }
  if (int64_t tile = getTimeTile(); !isTimeTile(getSchedule(), tile))
    return emitOpError("(C6) ") << kTimeTileRule << ", found " << tile;
  if (int64_t tile = getBatchTile(); !isBatchTile(getTimeTile(), tile))
    return emitOpError("(C8) ") << kBatchTileRule << ", found " << tile << " and a time tile of " << getTimeTile();
  if (!isWindow(getWindow(), x.getDimSize(2)))
    return emitOpError("(C9) ") << kWindowRule << ", found " << getWindowAttr().getInt();
  if (failed(verifyHistory(*this, getWindow(), getHistory(), x, "C9")) || failed(verifyVectors(*this)) ||
      failed(verifyResults(*this)))
    return failure();
  if (std::optional<ArrayAttr> memories = getMemories(); memories && memories->size() != states)
    return emitOpError("(C11) expects the memory of each of the ") << states << " states, found " << memories->size();
  return success();
}

} // namespace rnn
