//===- ConvertRnnToVector.cpp - From recurrences to host loops --*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "VectorBuilder.h"

#include "rnn-mlir/Dialect/Rnn/IR/Steps.h"

#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_CONVERTRNNTOVECTOR
#include "rnn-mlir/Conversion/RnnToVector/Passes.h.inc"

namespace {

int64_t padded(int64_t elements) {
  return llvm::alignTo(elements, kLanes);
}

/// Turns one recurrence into loops.
class RecurrenceConversion {
public:
  RecurrenceConversion(RecurrenceOp recurrence, OpBuilder &builder)
      : recurrence(recurrence), code(builder, recurrence.getLoc()), builder(builder), loc(recurrence.getLoc()) {}

  /// Of the layer of this number.
  LogicalResult run(int64_t number);

private:
  LogicalResult check();
  void declareBuffers();
  void startSequence(Value sequence);
  LogicalResult runTile(Value sequence, Value first, Value count);
  LogicalResult runStep(Value time, Value sequence, Value inTile);
  LogicalResult runGroup(ArrayRef<Operation *> ops);
  void finishSequence(Value sequence);
  void copyRow(const HostPlace &from, Value to, ValueRange row, int64_t elements);
  void countSteps(int64_t number);
  /// Time of the step at `position` of the walk through a sequence.
  Value timeOf(Value position);

  RecurrenceOp recurrence;
  VectorBuilder code;
  OpBuilder &builder;
  Location loc;

  Value steps, batch, length, x, y, lengths;
  SmallVector<Value> init, finals;
  SmallVector<HostPlace> states, moved, projected;
  llvm::DenseMap<Value, Value> weights;
  llvm::DenseMap<Value, HostPlace> places;
};

LogicalResult RecurrenceConversion::check() {
  for (Value value :
       llvm::concat<Value>(SmallVector<Value>{recurrence.getX()}, SmallVector<Value>(recurrence->getResults())))
    if (!cast<RankedTensorType>(value.getType()).getElementType().isF32())
      return recurrence.emitError("expects tensors of f32, found ") << value.getType();
  if (failed(verifySteps(recurrence)))
    return failure();
  for (Region *region : {&recurrence.getProject(), &recurrence.getStep()})
    for (ProductOp product : region->getOps<ProductOp>()) {
      auto panels = dyn_cast<PanelsAttr>(product.getWeight().getType().getEncoding());
      if (!panels || panels.getRows() != kLanes)
        return product.emitError("host code multiplies weights in panels of ")
               << kLanes << " rows, found " << product.getWeight().getType();
    }
  return success();
}

Value RecurrenceConversion::timeOf(Value position) {
  return recurrence.getReverse() ? code.sub(code.sub(length, code.index(1)), position) : position;
}

void RecurrenceConversion::declareBuffers() {
  steps = tensor::DimOp::create(builder, loc, recurrence.getX(), 0);
  batch = tensor::DimOp::create(builder, loc, recurrence.getX(), 1);
  x = code.bufferOf(recurrence.getX());
  if (recurrence.getLengths())
    lengths = code.bufferOf(recurrence.getLengths());
  for (Value state : recurrence.getInit())
    init.push_back(code.bufferOf(state));
  auto allocate = [&](Value result) -> Value {
    auto type = cast<RankedTensorType>(result.getType());
    SmallVector<Value> sizes;
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      if (type.isDynamicDim(dim))
        sizes.push_back(type.getRank() == 3 && dim == 0 ? steps : batch);
    return memref::AllocOp::create(builder, loc, MemRefType::get(type.getShape(), type.getElementType()), sizes,
                                   builder.getI64IntegerAttr(64));
  };
  if (!recurrence.getY().use_empty())
    y = allocate(recurrence.getY());
  for (Value final : recurrence.getFinals()) {
    finals.push_back(final.use_empty() ? Value() : allocate(final));
    states.push_back(code.scratch(padded(lastSize(final))));
  }
  // A state that becomes the old value of another is kept aside until all have been read.
  ValueRange next = recurrence.getStep().front().getTerminator()->getOperands().drop_front();
  for (auto [index, value] : llvm::enumerate(next)) {
    while (auto slice = value.getDefiningOp<tensor::ExtractSliceOp>())
      value = slice.getSource();
    bool old = llvm::is_contained(recurrence.getStep().getArguments().take_back(states.size()), value);
    moved.push_back(old ? code.scratch(padded(lastSize(recurrence.getFinals()[index]))) : HostPlace());
  }
  int64_t tile = recurrence.getTimeTile();
  for (Value value : recurrence.getProject().front().getTerminator()->getOperands())
    projected.push_back(code.scratch(tile * padded(lastSize(value))));

  llvm::SetVector<Value> used;
  getUsedValuesDefinedAbove(recurrence->getRegions(), used);
  for (Value value : used) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!type ||
        (splatOf(value) && llvm::all_of(value.getUsers(), [](Operation *user) { return isElementwise(*user); })))
      continue;
    Value from = code.bufferOf(storedForm(builder, value));
    if (type.getRank() != 1) {
      weights[value] = from;
      continue;
    }
    // Vectors are copied to where whole vectors can be read.
    HostPlace place = code.scratch(padded(type.getDimSize(0)));
    code.loop(code.index(0), code.index(type.getDimSize(0)), 1, [&](Value i) {
      Value element = memref::LoadOp::create(builder, loc, from, i);
      memref::StoreOp::create(builder, loc, element, place.buffer, i);
    });
    places[value] = place;
  }
  // Values that are needed outside the loop that computes them.
  for (Operation &op : recurrence.getStep().front())
    for (Value result : op.getResults())
      if (isElementwise(op) || isa<ProductOp>(op))
        if (cast<RankedTensorType>(result.getType()).getElementType().isF32())
          places[result] = code.scratch(padded(lastSize(result)));
}

void RecurrenceConversion::startSequence(Value sequence) {
  length = steps;
  if (lengths) {
    Value given = memref::LoadOp::create(builder, loc, lengths, sequence);
    length = arith::IndexCastOp::create(builder, loc, builder.getIndexType(), given);
  }
  for (auto [index, state] : llvm::enumerate(states)) {
    int64_t size = lastSize(recurrence.getFinals()[index]);
    code.loop(code.index(0), code.index(size), 1, [&, index = index, &state = state](Value i) {
      Value value = init.empty() ? code.zero()
                                 : Value(memref::LoadOp::create(builder, loc, init[index], ValueRange{sequence, i}));
      memref::StoreOp::create(builder, loc, value, state.buffer, i);
    });
  }
}

void RecurrenceConversion::copyRow(const HostPlace &from, Value to, ValueRange row, int64_t elements) {
  SmallVector<Value> at(row);
  at.push_back(nullptr);
  int64_t whole = elements / kLanes * kLanes;
  if (whole > 0)
    code.loop(code.index(0), code.index(whole), kLanes, [&](Value i) {
      at.back() = i;
      vector::StoreOp::create(builder, loc, code.loadVector(from, i), to, at);
    });
  for (int64_t i = whole; i < elements; ++i) {
    at.back() = code.index(i);
    Value value = memref::LoadOp::create(builder, loc, from.buffer, code.position(from, at.back()));
    memref::StoreOp::create(builder, loc, value, to, at);
  }
}

/// One loop over vectors for a run of element-wise operations; everything they give is stored.
LogicalResult RecurrenceConversion::runGroup(ArrayRef<Operation *> ops) {
  if (ops.empty())
    return success();
  int64_t size = lastSize(ops.front()->getResult(0));
  LogicalResult result = success();
  code.loop(code.index(0), code.index(size), kLanes, [&](Value i) {
    llvm::DenseMap<Value, Value> vectors;
    auto read = [&](Value value) -> Value {
      Value &known = vectors[value];
      if (known)
        return known;
      if (std::optional<APFloat> splat = splatOf(value))
        return known = arith::ConstantOp::create(builder, loc, code.vectorType(),
                                                 DenseElementsAttr::get(code.vectorType(), *splat));
      return known = code.loadVector(places.at(value), i);
    };
    for (Operation *op : ops) {
      OperationState state(op->getLoc(), op->getName());
      for (Value operand : op->getOperands())
        state.operands.push_back(read(operand));
      for (Value result : op->getResults())
        state.types.push_back(VectorType::get({kLanes}, cast<RankedTensorType>(result.getType()).getElementType()));
      state.attributes = op->getAttrs();
      Operation *made = builder.create(state);
      vectors[op->getResult(0)] = made->getResult(0);
      bool needed = llvm::any_of(op->getUsers(), [&](Operation *user) { return !llvm::is_contained(ops, user); });
      if (needed && !cast<VectorType>(made->getResult(0).getType()).getElementType().isF32())
        return void(result = op->emitError("expects a comparison to be used before the next product"));
      if (needed)
        code.storeVector(made->getResult(0), places.at(op->getResult(0)), i);
    }
  });
  return result;
}

LogicalResult RecurrenceConversion::runStep(Value time, Value sequence, Value inTile) {
  Block &step = recurrence.getStep().front();
  for (auto [index, place] : llvm::enumerate(projected)) {
    Value argument = step.getArgument(index);
    places[argument] = {place.buffer, code.mul(inTile, code.index(padded(lastSize(argument)))), 0};
  }
  for (auto [index, state] : llvm::enumerate(states))
    places[step.getArgument(projected.size() + index)] = state;

  Value odd = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne,
                                    arith::AndIOp::create(builder, loc, time, code.index(1)), code.index(0));
  SmallVector<Operation *> group;
  LogicalResult result = success();
  auto flush = [&] {
    if (failed(runGroup(group)))
      result = failure();
    group.clear();
  };
  for (Operation &op : step.without_terminator()) {
    if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
      if (llvm::is_contained(group, slice.getSource().getDefiningOp()))
        flush();
      places[slice] = places.at(slice.getSource()).at(slice.getStaticOffset(0));
    } else if (auto product = dyn_cast<ProductOp>(op)) {
      flush();
      HostPlace from = places.at(product.getX());
      HostPlace acc = product.getAcc() ? places.at(product.getAcc()) : HostPlace();
      code.multiplyVector(
          weights.lookup(product.getWeight()), odd,
          [&](Value column) -> Value {
            return memref::LoadOp::create(builder, loc, from.buffer, code.position(from, column));
          },
          product.getAcc() ? &acc : nullptr, places.at(product.getResult()));
    } else if (isElementwise(op)) {
      if (!group.empty() && lastSize(group.front()->getResult(0)) != lastSize(op.getResult(0)))
        flush();
      group.push_back(&op);
    }
    if (failed(result))
      return failure();
  }
  flush();
  if (failed(result))
    return failure();

  // All new values are read before a state is overwritten.
  auto yield = cast<YieldOp>(step.getTerminator());
  if (y)
    copyRow(places.at(yield.getValues()[0]), y, {time, sequence}, lastSize(recurrence.getY()));
  auto copyVector = [&](const HostPlace &from, const HostPlace &to, int64_t elements) {
    code.loop(code.index(0), code.index(elements), kLanes,
              [&](Value i) { code.storeVector(code.loadVector(from, i), to, i); });
  };
  SmallVector<HostPlace> next;
  for (auto [index, aside] : llvm::enumerate(moved)) {
    next.push_back(places.at(yield.getValues()[index + 1]));
    if (!aside.buffer || next.back().buffer == states[index].buffer)
      continue;
    copyVector(next.back(), aside, lastSize(recurrence.getFinals()[index]));
    next.back() = aside;
  }
  for (auto [index, from] : llvm::enumerate(next))
    if (from.buffer != states[index].buffer)
      copyVector(from, states[index], lastSize(recurrence.getFinals()[index]));
  return success();
}

LogicalResult RecurrenceConversion::runTile(Value sequence, Value first, Value count) {
  auto yield = cast<YieldOp>(recurrence.getProject().front().getTerminator());
  for (auto [index, value] : llvm::enumerate(yield.getValues())) {
    auto product = value.getDefiningOp<ProductOp>();
    if (!product || product.getAcc() || product.getX() != recurrence.getProject().getArgument(0))
      return recurrence.emitError("expects a projection to yield products of the input");
    int64_t pitch = padded(lastSize(value));
    HostPlace rows = projected[index];
    code.multiplyVectors(
        weights.lookup(product.getWeight()), count,
        [&](Value v, Value column) -> Value {
          return memref::LoadOp::create(builder, loc, x, ValueRange{timeOf(code.add(first, v)), sequence, column});
        },
        [&](Value v) { return HostPlace{rows.buffer, code.mul(v, code.index(pitch)), 0}; });
  }
  LogicalResult result = success();
  code.loop(code.index(0), count, 1,
            [&](Value inTile) { result = runStep(timeOf(code.add(first, inTile)), sequence, inTile); });
  return result;
}

void RecurrenceConversion::finishSequence(Value sequence) {
  if (lengths && y)
    code.loop(length, steps, 1, [&](Value time) {
      code.loop(code.index(0), code.index(lastSize(recurrence.getY())), 1,
                [&](Value i) { memref::StoreOp::create(builder, loc, code.zero(), y, ValueRange{time, sequence, i}); });
    });
  for (auto [index, final] : llvm::enumerate(finals)) {
    if (!final)
      continue;
    code.loop(code.index(0), code.index(lastSize(recurrence.getFinals()[index])), 1,
              [&, index = index, &final = final](Value i) {
                Value value = memref::LoadOp::create(builder, loc, states[index].buffer, i);
                if (lengths) {
                  Value empty = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, length, code.index(0));
                  value = arith::SelectOp::create(builder, loc, empty, code.zero(), value);
                }
                memref::StoreOp::create(builder, loc, value, final, ValueRange{sequence, i});
              });
  }
}

/// Outside the loops, so that those of equal layers stay equal.
void RecurrenceConversion::countSteps(int64_t number) {
  Value total = code.mul(steps, batch);
  if (lengths) {
    auto sum = scf::ForOp::create(builder, loc, code.index(0), batch, code.index(1), ValueRange(code.index(0)));
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(sum.getBody());
    Value given = memref::LoadOp::create(builder, loc, lengths, sum.getInductionVar());
    Value length = arith::IndexCastOp::create(builder, loc, builder.getIndexType(), given);
    scf::YieldOp::create(builder, loc, code.add(sum.getRegionIterArg(0), length));
    total = sum.getResult(0);
  }
  Type word = builder.getI64Type();
  auto module = recurrence->getParentOfType<ModuleOp>();
  if (!module.lookupSymbol(kCountStepsFunction)) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(module.getBody());
    func::FuncOp::create(builder, loc, kCountStepsFunction, builder.getFunctionType({word, word}, {})).setPrivate();
  }
  Value layer = arith::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(number));
  Value count = arith::IndexCastOp::create(builder, loc, word, total);
  func::CallOp::create(builder, loc, kCountStepsFunction, TypeRange(), ValueRange{layer, count});
}

LogicalResult RecurrenceConversion::run(int64_t number) {
  for (Region *region : {&recurrence.getProject(), &recurrence.getStep()})
    for (Operation &op : llvm::make_early_inc_range(region->front()))
      if (op.hasTrait<OpTrait::ConstantLike>())
        op.moveBefore(recurrence);
  if (failed(check()))
    return failure();
  declareBuffers();
  LogicalResult result = success();
  code.loop(code.index(0), batch, 1, [&](Value sequence) {
    startSequence(sequence);
    int64_t tile = recurrence.getTimeTile();
    code.loop(code.index(0), length, tile, [&](Value first) {
      result = runTile(sequence, first, code.min(code.sub(length, first), code.index(tile)));
    });
    finishSequence(sequence);
  });
  if (failed(result))
    return failure();
  countSteps(number);
  auto tensorOf = [&](Value buffer, Value replaced) {
    Value tensor = bufferization::ToTensorOp::create(builder, loc, replaced.getType(), buffer, /*restrict=*/true,
                                                     /*writable=*/true);
    replaced.replaceAllUsesWith(tensor);
  };
  if (y)
    tensorOf(y, recurrence.getY());
  for (auto [final, replaced] : llvm::zip(finals, recurrence.getFinals()))
    if (final)
      tensorOf(final, replaced);
  return success();
}

struct ConvertRnnToVector : impl::ConvertRnnToVectorBase<ConvertRnnToVector> {
  void runOnOperation() override {
    SmallVector<RecurrenceOp> recurrences;
    getOperation().walk([&](RecurrenceOp recurrence) { recurrences.push_back(recurrence); });
    for (auto [number, recurrence] : llvm::enumerate(recurrences)) {
      OpBuilder builder(recurrence);
      if (failed(RecurrenceConversion(recurrence, builder).run(number)))
        return signalPassFailure();
      recurrence.erase();
      ++numRecurrences;
    }
  }
};
} // namespace
} // namespace rnn
