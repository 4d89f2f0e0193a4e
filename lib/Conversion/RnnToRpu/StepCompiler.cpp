//===- StepCompiler.cpp - One time step as instructions ---------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "StepCompiler.h"

#include "rnn-mlir/Dialect/Rnn/IR/Steps.h"
#include "rnn-mlir/Dialect/Rnn/IR/TimeTile.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"

#include <set>

using namespace mlir;

namespace rnn {

void StepCompiler::assignStages() {
  for (Operation &op : recurrence.getStep().front()) {
    unsigned stage = 0;
    for (Value operand : op.getOperands())
      stage = std::max(stage, stageOf(operand));
    if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
      // The part of a computed value can be addressed once the value is stored, a lane program later.
      Operation *source = slice.getSource().getDefiningOp();
      if (source && source->getBlock() == op.getBlock() && isElementwise(*source))
        ++stage;
    } else if (llvm::isa<ProductOp>(op)) {
      ++stage;
    }
    for (Value result : op.getResults())
      stages[result] = stage;
    lastStage = std::max(lastStage, stage);
  }
}

BufferSlice StepCompiler::newBuffer(rpu::Memory memory, int64_t bytes) {
  BufferSlice slice{.buffer = program.tileBuffer(memory, "temporary_" + Twine(temporaries++), sequences * bytes)};
  return sequences == 1 ? slice : slice.pitched(bytes);
}

void StepCompiler::lanes(int64_t n, llvm::function_ref<void(OpBuilder &)> fill) {
  auto one = [&] { program.lanes(n, rpu::Role::Recur, fill); };
  if (sequences == 1)
    one();
  else
    forEachSequence(one);
}

BufferSlice StepCompiler::materialise(Value value, rpu::Memory memory) {
  if (auto known = slices.find(value); known != slices.end())
    return known->second;
  if (auto part = value.getDefiningOp<tensor::ExtractSliceOp>())
    return slices[value] = materialise(part.getSource(), memory).at(elementBytes(value) * part.getStaticOffset(0));
  // A mask of a comparison is stored as the number that its lane register holds.
  bool mask = cast<RankedTensorType>(value.getType()).getElementType().isInteger(1);
  int64_t bytes = mask ? lastSize(value) * (program.builder.getF32Type().getWidth() / 8) : vectorBytes(value);
  BufferSlice slice = newBuffer(memory, bytes);
  slices[value] = slice;
  Operation *op = value.getDefiningOp();
  if (op && isElementwise(*op)) {
    stored[stageOf(value)].emplace_back(value, slice);
    handed.push_back({slice, lastSize(value)});
  }
  return slice;
}

LogicalResult StepCompiler::compile(EmitProduct emit, llvm::function_ref<void(unsigned, unsigned)> fill) {
  assignStages();
  Block &step = recurrence.getStep().front();
  // Values that something outside their lane program reads need a slice before the lane programs are made.
  for (Operation &op : step) {
    for (Value operand : op.getOperands()) {
      Operation *source = operand.getDefiningOp();
      bool elementwise = source && source->getBlock() == &step && isElementwise(*source);
      if (!elementwise)
        continue;
      bool sameLanes = llvm::isa<YieldOp>(op) ? stageOf(operand) == lastStage
                                              : isElementwise(op) && stageOf(op.getResult(0)) == stageOf(operand);
      if (!sameLanes)
        materialise(operand, rpu::Memory::Vector);
    }
  }
  std::set<unsigned> multiplying;
  for (ProductOp product : step.getOps<ProductOp>())
    multiplying.insert(stageOf(product.getResult()));
  if (multiplying.empty())
    multiplying.insert(lastStage);
  unsigned gap = 0;
  for (unsigned stage = 0; stage <= lastStage; ++stage) {
    if (failed(emitProducts(stage, emit)))
      return failure();
    if (multiplying.contains(stage))
      fill(gap++, multiplying.size());
    if (failed(emitLanes(stage)))
      return failure();
  }
  return success();
}

LogicalResult StepCompiler::emitProducts(unsigned stage, EmitProduct emit) {
  for (ProductOp product : recurrence.getStep().getOps<ProductOp>()) {
    if (stageOf(product.getResult()) != stage)
      continue;
    Value acc = product.getAcc();
    BufferSlice x = materialise(product.getX(), rpu::Memory::Vector);
    if (!acc) {
      emit(product, materialise(product.getResult(), rpu::Memory::Acc), x, /*accumulate=*/false);
    } else if (accumulatesInPlace(product)) {
      BufferSlice slice = materialise(acc, rpu::Memory::Acc);
      slices[product.getResult()] = slice;
      emit(product, slice, x, /*accumulate=*/true);
    } else {
      BufferSlice from = materialise(acc, rpu::Memory::Vector), to = materialise(product.getResult(), rpu::Memory::Acc);
      handed.push_back({to, lastSize(acc)});
      lanes(lastSize(acc), [&](OpBuilder &lane) {
        Value value = rpu::LaneLoadOp::create(lane, product.getLoc(), lane.getF32Type(), from.buffer,
                                              program.view(inLanes(from)));
        rpu::LaneStoreOp::create(lane, product.getLoc(), to.buffer, program.view(inLanes(to)), value);
      });
      emit(product, to, x, /*accumulate=*/true);
    }
  }
  return success();
}

LogicalResult StepCompiler::emitLanes(unsigned stage) {
  std::map<int64_t, SmallVector<Operation *>> opsByLength;
  std::map<int64_t, SmallVector<std::pair<Value, BufferSlice>>> storesByLength;
  for (Operation &op : recurrence.getStep().front())
    if (isElementwise(op) && stageOf(op.getResult(0)) == stage)
      opsByLength[lastSize(op.getResult(0))].push_back(&op);
  for (auto [value, slice] : stored[stage])
    storesByLength[lastSize(value)].emplace_back(value, slice);
  if (stage == lastStage) {
    auto yield = cast<YieldOp>(recurrence.getStep().front().getTerminator());
    for (auto &[index, slice] : targets)
      storesByLength[lastSize(yield.getValues()[index])].emplace_back(yield.getValues()[index], slice);
  }
  for (auto &[n, ops] : opsByLength)
    storesByLength[n];
  // In rising order of length: a program of length n overwrites states of length n, and those after it read only
  // states, or parts of states, that are longer. So no program reads a state that another has overwritten.
  for (auto &[n, stores] : storesByLength)
    if (!stores.empty() && failed(emitLaneProgram(stage, n, opsByLength[n], stores)))
      return failure();
  return success();
}

/// The micro-operation for an element-wise operation, given its operands in lane registers; null where there is none.
static Value emitMicroOp(OpBuilder &lane, Operation *op, ArrayRef<Value> in) {
  Location loc = op->getLoc();
  Type f32 = lane.getF32Type();
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case<arith::AddFOp>([&](auto) { return rpu::LaneAddOp::create(lane, loc, f32, in[0], in[1]); })
      .Case<arith::SubFOp>([&](auto) { return rpu::LaneSubOp::create(lane, loc, f32, in[0], in[1]); })
      .Case<arith::MulFOp>([&](auto) { return rpu::LaneMulOp::create(lane, loc, f32, in[0], in[1]); })
      .Case<arith::DivFOp>([&](auto) { return rpu::LaneDivOp::create(lane, loc, f32, in[0], in[1]); })
      .Case<arith::MinimumFOp>([&](auto) { return rpu::LaneMinOp::create(lane, loc, f32, in[0], in[1]); })
      .Case<arith::MaximumFOp>([&](auto) { return rpu::LaneMaxOp::create(lane, loc, f32, in[0], in[1]); })
      .Case<arith::NegFOp>([&](auto) { return rpu::LaneNegOp::create(lane, loc, f32, in[0]); })
      .Case<math::AbsFOp>([&](auto) { return rpu::LaneAbsOp::create(lane, loc, f32, in[0]); })
      .Case<math::FmaOp>([&](auto) { return rpu::LaneFmaOp::create(lane, loc, f32, in[0], in[1], in[2]); })
      .Case<math::ExpOp>([&](auto) { return rpu::LaneExpOp::create(lane, loc, f32, in[0]); })
      .Case<math::ExpM1Op>([&](auto) { return rpu::LaneExpm1Op::create(lane, loc, f32, in[0]); })
      .Case<math::Log1pOp>([&](auto) { return rpu::LaneLog1pOp::create(lane, loc, f32, in[0]); })
      .Case<math::TanhOp>([&](auto) { return rpu::LaneTanhOp::create(lane, loc, f32, in[0]); })
      .Case<arith::SelectOp>([&](auto) { return rpu::LaneSelectOp::create(lane, loc, f32, in[0], in[1], in[2]); })
      .Case<arith::CmpFOp>([&](arith::CmpFOp compare) -> Value {
        switch (compare.getPredicate()) {
        case arith::CmpFPredicate::OGE:
          return rpu::LaneGeOp::create(lane, loc, f32, in[0], in[1]);
        case arith::CmpFPredicate::OGT:
          return rpu::LaneGtOp::create(lane, loc, f32, in[0], in[1]);
        case arith::CmpFPredicate::OLE:
          return rpu::LaneGeOp::create(lane, loc, f32, in[1], in[0]);
        case arith::CmpFPredicate::OLT:
          return rpu::LaneGtOp::create(lane, loc, f32, in[1], in[0]);
        default:
          return nullptr;
        }
      })
      .Case<ActivationOp>([&](ActivationOp activation) -> Value {
        if (activation.getKind() == ActivationKind::Sigmoid)
          return rpu::LaneSigmoidOp::create(lane, loc, f32, in[0]);
        if (activation.getKind() == ActivationKind::Tanh)
          return rpu::LaneTanhOp::create(lane, loc, f32, in[0]);
        return nullptr;
      })
      .Default([](Operation *) -> Value { return nullptr; });
}

LogicalResult StepCompiler::emitLaneProgram(unsigned stage, int64_t n, ArrayRef<Operation *> ops,
                                            ArrayRef<std::pair<Value, BufferSlice>> stores) {
  DenseMap<Value, Value> registers;
  LogicalResult result = success();
  lanes(n, [&](OpBuilder &lane) {
    auto read = [&](Value value) -> Value {
      Value &known = registers[value];
      if (known)
        return known;
      Location loc = value.getLoc();
      if (std::optional<APFloat> splat = splatOf(value))
        return known = rpu::LaneConstantOp::create(lane, loc, lane.getF32Type(), *splat);
      BufferSlice slice = materialise(value, rpu::Memory::Vector);
      return known = rpu::LaneLoadOp::create(lane, loc, lane.getF32Type(), slice.buffer, program.view(inLanes(slice)));
    };
    for (Operation *op : ops) {
      SmallVector<Value> operands;
      for (Value operand : op->getOperands())
        operands.push_back(read(operand));
      Value micro = emitMicroOp(lane, op, operands);
      if (!micro) {
        result = op->emitError("the machine has no micro-operation for this, found ") << op->getName();
        return;
      }
      registers[op->getResult(0)] = micro;
    }
    // All values are read before a state is overwritten.
    SmallVector<Value> results;
    for (auto &[value, slice] : stores)
      results.push_back(read(value));
    for (auto [store, result] : llvm::zip_equal(stores, results))
      rpu::LaneStoreOp::create(lane, store.first.getLoc(), store.second.buffer, program.view(inLanes(store.second)),
                               result);
  });
  return result;
}

} // namespace rnn
