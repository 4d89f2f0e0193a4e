//===- StepCompiler.cpp - One time step as instructions ---------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "StepCompiler.h"

#include "rnn-mlir/Dialect/Rnn/IR/Steps.h"
#include "rnn-mlir/Dialect/Rpu/IR/RpuBridge.h"

#include <map>

using namespace mlir;

namespace rnn {

bool StepCompiler::accumulatesInPlace(ProductOp product) {
  Value acc = product.getAcc();
  // A value whose only use is this product, or a part of one of which every other use is another part.
  auto slice = acc.getDefiningOp<tensor::ExtractSliceOp>();
  Value source = slice ? slice.getSource() : acc;
  if (!acc.hasOneUse() || !(overwritable.contains(source) || source.getDefiningOp<ProductOp>()))
    return false;
  if (!slice)
    return true;
  int64_t begin = slice.getStaticOffset(0), end = begin + lastSize(acc);
  return llvm::all_of(source.getUsers(), [&](Operation *user) {
    auto other = dyn_cast<tensor::ExtractSliceOp>(user);
    return other &&
           (other == slice || other.getStaticOffset(0) >= end || other.getStaticOffset(0) + lastSize(other) <= begin);
  });
}

bool StepCompiler::isInPlace(Value value, const BufferSlice &target) const {
  auto known = slices.find(value);
  if (known == slices.end())
    return false;
  const BufferSlice &slice = known->second;
  return slice.buffer == target.buffer && slice.offset == target.offset && slice.ringDepth == target.ringDepth &&
         llvm::equal(slice.strides, target.strides, [](const Quantity &a, const Quantity &b) {
           return a.value == b.value && a.inRegister == b.inRegister;
         });
}

void StepCompiler::lanes(int64_t n, llvm::function_ref<void(OpBuilder &)> fill) {
  auto one = [&] { program.lanes(n, role, fill); };
  if (sequences == 1)
    one();
  else
    forEachSequence(one);
}

BufferSlice StepCompiler::materialise(Value value, rpu::Memory memory) {
  if (auto known = slices.find(value); known != slices.end())
    return known->second;
  if (auto part = value.getDefiningOp<tensor::ExtractSliceOp>()) {
    BufferSlice slice = materialise(part.getSource(), memory).at(elementBytes(value) * part.getStaticOffset(0));
    return slices[value] = slice;
  }
  // A mask of a comparison is stored as the number that its lane register holds.
  bool mask = cast<RankedTensorType>(value.getType()).getElementType().isInteger(1);
  int64_t bytes = mask ? lastSize(value) * (program.builder.getF32Type().getWidth() / 8) : vectorBytes(value);
  BufferSlice slice{.buffer = program.tileBuffer(memory, prefix + Twine(temporaries++), sequences * bytes),
                    .pitch = sequences == 1 ? 0 : bytes};
  slices[value] = slice;
  Operation *op = value.getDefiningOp();
  if (op && isElementwise(*op))
    stored[staging.stageOf(value)].emplace_back(value, slice);
  return slice;
}

LogicalResult StepCompiler::compile(EmitProduct emit, llvm::function_ref<void(unsigned, unsigned)> fill) {
  ArrayRef<Staging::Stage> stages = staging.getStages();
  // Values that something outside their lane program reads need a slice before the lane programs are made; the last
  // stage stores what the region yields.
  for (Operation &op : region)
    for (Value operand : op.getOperands()) {
      Operation *source = operand.getDefiningOp();
      bool elementwise = source && source->getBlock() == &region && isElementwise(*source);
      bool late = llvm::isa<YieldOp>(op) && staging.stageOf(operand) + 1 < stages.size();
      if (elementwise && (late || (!llvm::isa<YieldOp>(op) && staging.leavesGroup(operand))))
        materialise(operand, rpu::Memory::Vector);
    }
  auto multiplies = [](const Staging::Stage &stage) { return !stage.products.empty(); };
  unsigned gap = 0, gaps = llvm::count_if(stages, multiplies);
  if (gaps == 0)
    fill(gap, 1);
  for (auto [number, stage] : llvm::enumerate(stages)) {
    emitProducts(stage, emit);
    if (multiplies(stage))
      fill(gap++, gaps);
    if (failed(emitLanes(number)))
      return failure();
  }
  return success();
}

void StepCompiler::emitProducts(const Staging::Stage &stage, EmitProduct emit) {
  for (ProductOp product : stage.products) {
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
      lanes(lastSize(acc), [&](OpBuilder &lane) {
        rpu::Format format = formatOf(acc);
        Value value =
            rpu::LaneLoadOp::create(lane, product.getLoc(), lane.getF32Type(), from.buffer, viewInLanes(from, format));
        rpu::LaneStoreOp::create(lane, product.getLoc(), to.buffer, viewInLanes(to, format), value);
      });
      emit(product, to, x, /*accumulate=*/true);
    }
  }
}

LogicalResult StepCompiler::emitLanes(unsigned stage) {
  struct Program {
    ArrayRef<Operation *> ops;
    SmallVector<std::pair<Value, BufferSlice>> stores;
  };
  std::map<int64_t, Program> bySize;
  for (const Staging::Group &group : staging.getStages()[stage].groups)
    bySize[group.size].ops = group.ops;
  for (auto [value, slice] : stored[stage])
    bySize[lastSize(value)].stores.emplace_back(value, slice);
  if (stage + 1 == staging.getStages().size())
    for (auto &[index, slice] : targets) {
      Value value = terminator()->getOperand(index);
      if (!isInPlace(value, slice))
        bySize[lastSize(value)].stores.emplace_back(value, slice);
    }
  // In rising order of length: a program of length n overwrites states of length n, and those after it read only
  // states, or parts of states, that are longer. So no program reads a state that another has overwritten.
  for (auto &[n, lanes] : bySize)
    if (!lanes.stores.empty() && failed(emitLaneProgram(n, lanes.ops, lanes.stores)))
      return failure();
  return success();
}

/// What tells operations of one name apart for instruction selection; empty where the name says it all.
static StringRef kindOf(Operation *op) {
  if (auto compare = dyn_cast<arith::CmpFOp>(op))
    return arith::stringifyCmpFPredicate(compare.getPredicate());
  if (auto activation = dyn_cast<ActivationOp>(op))
    return stringifyActivationKind(activation.getKind());
  return "";
}

LogicalResult StepCompiler::emitLaneProgram(int64_t n, ArrayRef<Operation *> ops,
                                            ArrayRef<std::pair<Value, BufferSlice>> stores) {
  DenseMap<Value, Value> registers;
  LogicalResult result = success();
  lanes(n, [&](OpBuilder &lane) {
    auto read = [&](Value value) -> Value {
      Value &known = registers[value];
      if (known)
        return known;
      Location loc = value.getLoc();
      if (std::optional<APFloat> splat = splatOf(value)) {
        bool lossy;
        splat->convert(APFloat::IEEEsingle(), APFloat::rmNearestTiesToEven, &lossy);
        return known = rpu::LaneConstantOp::create(lane, loc, lane.getF32Type(), *splat);
      }
      BufferSlice slice = materialise(value, rpu::Memory::Vector);
      rpu::ViewAttr view = viewInLanes(slice, formatOf(value));
      return known = rpu::LaneLoadOp::create(lane, loc, lane.getF32Type(), slice.buffer, view);
    };
    for (Operation *op : ops) {
      SmallVector<Value> operands;
      for (Value operand : op->getOperands())
        operands.push_back(read(operand));
      // A load gives f32 of any format, a store rounds to it: what has been rounded is read from memory alone
      // (Staging).
      if (llvm::isa<arith::ExtFOp, arith::TruncFOp>(op)) {
        registers[op->getResult(0)] = operands[0];
        continue;
      }
      Value micro = rpu::createMicroOp(lane, op, kindOf(op), operands);
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
      rpu::LaneStoreOp::create(lane, store.first.getLoc(), store.second.buffer,
                               viewInLanes(store.second, formatOf(store.first)), result);
  });
  return result;
}

} // namespace rnn
