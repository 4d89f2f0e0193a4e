//===- ConvertRnnToVector.cpp - From recurrences to host loops --*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "VectorBuilder.h"

#include "rnn-mlir/Dialect/Onnx/IR/Onnx.h"
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

/// The elements that are stored for a vector: of a mask 1 and 0.
Type storedElement(Value value) {
  Type element = getElementTypeOrSelf(value.getType());
  return element.isInteger(1) ? Type(Float32Type::get(value.getContext())) : element;
}

/// Turns one recurrence into loops.
class RecurrenceConversion {
public:
  RecurrenceConversion(RecurrenceOp recurrence, OpBuilder &builder)
      : recurrence(recurrence), code(builder, recurrence.getLoc()), builder(builder), loc(recurrence.getLoc()) {}

  /// Of the layer of this number.
  LogicalResult run(int64_t number);

private:
  /// A vector of each step of a tile.
  struct TilePlace {
    HostPlace first;
    int64_t pitch = 0;
  };

  void declareBuffers();
  void declareStates(Block &region, ValueRange arguments, ValueRange next);
  void startSequence(Value sequence);
  void runTile(Value sequence, Value first, Value count);
  void projectStep(Value time, Value inTile);
  void runStep(Value time, Value sequence, Value inTile);
  void runRegion(const Staging &staging, Value time);
  void runGroup(ArrayRef<Operation *> ops);
  void updateStates(ValueRange next, unsigned first);
  void finishSequence(Value sequence);
  void copyRow(const HostPlace &from, Value to, ValueRange row, int64_t elements);
  void fillRow(Value from, ValueRange row, const HostPlace &to, int64_t elements);
  void copyVector(const HostPlace &from, const HostPlace &to, int64_t elements);
  void countSteps(int64_t number);
  void checkArrays();
  void require(Value good, const Twine &message, ArrayRef<Value> values);
  /// Time of the step at `position` of the walk through a sequence.
  Value timeOf(Value position);
  Value isOdd(Value time);
  HostPlace placeOf(Value value);
  HostPlace ofStep(const TilePlace &tile, Value inTile);
  /// Inputs that a step sees beside its own.
  int64_t windowRows() { return static_cast<int64_t>(recurrence.getWindow()) - 1; }

  RecurrenceOp recurrence;
  VectorBuilder code;
  OpBuilder &builder;
  Location loc;
  std::optional<Projection> projection;
  std::optional<Staging> projectStages, stepStages;

  Value steps, batch, length, x, y, lengths, history;
  SmallVector<Value> init, finals;
  /// The inputs of a tile in the order of the walk, behind those that its first step sees before its own.
  HostPlace inputs;
  SmallVector<HostPlace> states, moved;
  llvm::DenseMap<Operation *, TilePlace> ahead;
  SmallVector<TilePlace> projected;
  llvm::DenseMap<Value, Value> weights;
  llvm::DenseMap<Value, HostPlace> places;
};

Value RecurrenceConversion::timeOf(Value position) {
  return recurrence.getReverse() ? code.sub(code.sub(length, code.index(1)), position) : position;
}

Value RecurrenceConversion::isOdd(Value time) {
  return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne,
                               arith::AndIOp::create(builder, loc, time, code.index(1)), code.index(0));
}

HostPlace RecurrenceConversion::placeOf(Value value) {
  // A part that lies outside the regions has a place of its own.
  if (auto known = places.find(value); known != places.end())
    return known->second;
  if (auto slice = value.getDefiningOp<tensor::ExtractSliceOp>())
    return placeOf(slice.getSource()).at(slice.getStaticOffset(0));
  return places.at(value);
}

HostPlace RecurrenceConversion::ofStep(const TilePlace &tile, Value inTile) {
  return {tile.first.buffer, code.mul(inTile, code.index(tile.pitch)), tile.first.offset};
}

/// The buffers of the states of a region. One that becomes the old value of another is kept aside until all have been
/// read.
void RecurrenceConversion::declareStates(Block &region, ValueRange arguments, ValueRange next) {
  for (auto [argument, value] : llvm::zip_equal(arguments, next)) {
    auto place = [&, &argument = argument] {
      return code.scratch(padded(lastSize(argument)), storedElement(argument));
    };
    states.push_back(place());
    places[argument] = states.back();
    while (auto slice = value.getDefiningOp<tensor::ExtractSliceOp>())
      value = slice.getSource();
    moved.push_back(llvm::is_contained(arguments, value) ? place() : HostPlace());
  }
  // Values that are needed outside the loop that computes them.
  for (Operation &op : region)
    for (Value result : op.getResults())
      if ((isElementwise(op) || isa<ProductOp>(op)) && !projection->getAhead().contains(&op))
        places[result] = code.scratch(padded(lastSize(result)), storedElement(result));
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
  for (Value final : recurrence.getFinals())
    finals.push_back(final.use_empty() ? Value() : allocate(final));
  int64_t tile = recurrence.getTimeTile(), size = lastSize(recurrence.getX());
  if (recurrence.getHistory())
    history = code.bufferOf(recurrence.getHistory());
  inputs = code.scratch((windowRows() + tile) * size, storedElement(recurrence.getX()));
  Block &project = recurrence.getProject().front(), &step = recurrence.getStep().front();
  declareStates(step, step.getArguments().take_back(recurrence.getNumStepStates()),
                step.getTerminator()->getOperands().drop_front());
  declareStates(project, project.getArguments().drop_front(), recurrence.getNextProjectionStates());
  auto ofTile = [&](Value value) {
    int64_t pitch = padded(lastSize(value));
    return TilePlace{code.scratch(tile * pitch, storedElement(value)), pitch};
  };
  for (Operation *product : projection->getAhead())
    ahead[product] = ofTile(product->getResult(0));
  for (Value value : recurrence.getProjectedValues()) {
    if (std::optional<int64_t> offset = projection->offsetInWindow(value))
      projected.push_back({inputs.at(*offset), size});
    else
      projected.push_back(projection->isAhead(value) ? ahead.lookup(value.getDefiningOp()) : ofTile(value));
  }

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
    HostPlace place = code.scratch(padded(type.getDimSize(0)), type.getElementType());
    code.loop(code.index(0), code.index(type.getDimSize(0)), 1, [&](Value i) {
      Value element = memref::LoadOp::create(builder, loc, from, i);
      memref::StoreOp::create(builder, loc, element, place.buffer, i);
    });
    places[value] = place;
  }
}

void RecurrenceConversion::startSequence(Value sequence) {
  length = steps;
  if (lengths) {
    Value given = memref::LoadOp::create(builder, loc, lengths, sequence);
    length = arith::IndexCastOp::create(builder, loc, builder.getIndexType(), given);
  }
  int64_t inputSize = lastSize(recurrence.getX());
  for (int64_t row = 0; row < windowRows() && history; ++row)
    fillRow(history, {code.index(row), sequence}, inputs.at(row * inputSize), inputSize);
  if (windowRows() > 0 && !history)
    code.loop(code.index(0), code.index(windowRows() * inputSize), 1, [&](Value i) {
      memref::StoreOp::create(builder, loc, code.zero(storedElement(recurrence.getX())), inputs.buffer, i);
    });
  for (auto [index, state] : llvm::enumerate(states)) {
    Value final = recurrence.getFinals()[index];
    code.loop(code.index(0), code.index(lastSize(final)), 1, [&, index = index, &state = state](Value i) {
      Value value = init.empty() ? code.zero(storedElement(final))
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

void RecurrenceConversion::fillRow(Value from, ValueRange row, const HostPlace &to, int64_t elements) {
  SmallVector<Value> at(row);
  at.push_back(nullptr);
  int64_t whole = elements / kLanes * kLanes;
  if (whole > 0)
    code.loop(code.index(0), code.index(whole), kLanes, [&](Value i) {
      at.back() = i;
      auto type = code.vectorType(cast<MemRefType>(from.getType()).getElementType());
      code.storeVector(vector::LoadOp::create(builder, loc, type, from, at), to, i);
    });
  for (int64_t i = whole; i < elements; ++i) {
    at.back() = code.index(i);
    Value value = memref::LoadOp::create(builder, loc, from, at);
    memref::StoreOp::create(builder, loc, value, to.buffer, code.position(to, at.back()));
  }
}

void RecurrenceConversion::copyVector(const HostPlace &from, const HostPlace &to, int64_t elements) {
  code.loop(code.index(0), code.index(elements), kLanes,
            [&](Value i) { code.storeVector(code.loadVector(from, i), to, i); });
}

/// One loop over vectors for a run of element-wise operations. What others need of it is stored; a mask as 1 and 0.
void RecurrenceConversion::runGroup(ArrayRef<Operation *> ops) {
  int64_t size = lastSize(ops.front()->getResult(0));
  auto isMask = [](Value value) { return getElementTypeOrSelf(value.getType()).isInteger(1); };
  auto splat = [&](const APFloat &value, Type element) -> Value {
    VectorType type = code.vectorType(element);
    return arith::ConstantOp::create(builder, loc, type, DenseElementsAttr::get(type, value));
  };
  Type number = builder.getF32Type();
  code.loop(code.index(0), code.index(size), kLanes, [&](Value i) {
    llvm::DenseMap<Value, Value> vectors;
    auto read = [&](Value value) -> Value {
      Value &known = vectors[value];
      if (known)
        return known;
      if (std::optional<APFloat> constant = splatOf(value))
        return known = splat(*constant, storedElement(value));
      known = code.loadVector(placeOf(value), i);
      if (isMask(value))
        known = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::UNE, known, splat(APFloat(0.0f), number));
      return known;
    };
    for (Operation *op : ops) {
      OperationState state(op->getLoc(), op->getName());
      for (Value operand : op->getOperands())
        state.operands.push_back(read(operand));
      for (Value result : op->getResults())
        state.types.push_back(code.vectorType(getElementTypeOrSelf(result.getType())));
      state.attributes = op->getAttrs();
      Operation *made = builder.create(state);
      // No target computes faster for less exact results.
      if (auto fast = dyn_cast<arith::ArithFastMathInterface>(made))
        made->setAttr(fast.getFastMathAttrName(),
                      arith::FastMathFlagsAttr::get(builder.getContext(), arith::FastMathFlags::none));
      Value result = vectors[op->getResult(0)] = made->getResult(0);
      bool needed = llvm::any_of(op->getUsers(), [&](Operation *user) { return !llvm::is_contained(ops, user); });
      if (needed && isMask(result))
        result =
            arith::SelectOp::create(builder, loc, result, splat(APFloat(1.0f), number), splat(APFloat(0.0f), number));
      if (needed)
        code.storeVector(result, places.at(op->getResult(0)), i);
    }
  });
}

void RecurrenceConversion::runRegion(const Staging &staging, Value time) {
  Value odd = isOdd(time);
  for (const Staging::Stage &stage : staging.getStages()) {
    for (ProductOp product : stage.products) {
      HostPlace from = placeOf(product.getX());
      HostPlace acc = product.getAcc() ? placeOf(product.getAcc()) : HostPlace();
      code.multiplyVector(
          weights.lookup(product.getWeight()), odd,
          [&](Value column) -> Value {
            return memref::LoadOp::create(builder, loc, from.buffer, code.position(from, column));
          },
          product.getAcc() ? &acc : nullptr, placeOf(product.getResult()));
    }
    for (const Staging::Group &group : stage.groups)
      runGroup(group.ops);
  }
}

/// Gives states, `first` and those after it, their new values. All are read before one is overwritten.
void RecurrenceConversion::updateStates(ValueRange next, unsigned first) {
  SmallVector<HostPlace> from;
  for (auto [index, value] : llvm::enumerate(next)) {
    unsigned state = first + index;
    from.push_back(placeOf(value));
    if (!moved[state].buffer || from.back().buffer == states[state].buffer)
      continue;
    copyVector(from.back(), moved[state], lastSize(value));
    from.back() = moved[state];
  }
  for (auto [index, value] : llvm::enumerate(next))
    if (from[index].buffer != states[first + index].buffer)
      copyVector(from[index], states[first + index], lastSize(value));
}

/// What the projection of a step does that cannot run ahead.
void RecurrenceConversion::projectStep(Value time, Value inTile) {
  places[recurrence.getProject().getArgument(0)] = ofStep({inputs, lastSize(recurrence.getX())}, inTile);
  for (auto &[product, tile] : ahead)
    places[product->getResult(0)] = ofStep(tile, inTile);
  runRegion(*projectStages, time);
  for (auto [value, tile] : llvm::zip_equal(recurrence.getProjectedValues(), projected))
    if (!projection->isAhead(value))
      copyVector(placeOf(value), ofStep(tile, inTile), lastSize(value));
  updateStates(recurrence.getNextProjectionStates(), recurrence.getNumStepStates());
}

void RecurrenceConversion::runStep(Value time, Value sequence, Value inTile) {
  Block &step = recurrence.getStep().front();
  for (auto [index, tile] : llvm::enumerate(projected))
    places[step.getArgument(index)] = ofStep(tile, inTile);
  runRegion(*stepStages, time);
  ValueRange yielded = step.getTerminator()->getOperands();
  if (y)
    copyRow(placeOf(yielded[0]), y, {time, sequence}, lastSize(recurrence.getY()));
  updateStates(yielded.drop_front(), 0);
}

void RecurrenceConversion::runTile(Value sequence, Value first, Value count) {
  int64_t size = lastSize(recurrence.getX());
  auto timeAt = [&](Value inTile) { return timeOf(code.add(first, inTile)); };
  code.loop(code.index(0), count, 1, [&](Value inTile) {
    fillRow(x, {timeAt(inTile), sequence}, ofStep({inputs.at(windowRows() * size), size}, inTile), size);
  });
  for (Operation *op : projection->getAhead()) {
    auto product = cast<ProductOp>(op);
    Value weight = weights.lookup(product.getWeight());
    TilePlace from{inputs.at(*projection->offsetInWindow(product.getX())), size}, to = ahead.lookup(op);
    auto input = [&](Value v, Value column) -> Value {
      return memref::LoadOp::create(builder, loc, from.first.buffer, code.position(ofStep(from, v), column));
    };
    if (recurrence.getTimeTile() == 1)
      code.multiplyVector(
          weight, isOdd(timeOf(first)), [&](Value column) { return input(code.index(0), column); }, nullptr, to.first);
    else
      code.multiplyVectors(weight, count, static_cast<int64_t>(recurrence.getTimeTile()), input,
                           storedElement(product.getResult()), [&](Value v) { return ofStep(to, v); });
  }
  if (projection->hasSteps())
    code.loop(code.index(0), count, 1, [&](Value inTile) { projectStep(timeAt(inTile), inTile); });
  code.loop(code.index(0), count, 1, [&](Value inTile) { runStep(timeAt(inTile), sequence, inTile); });
  // The last inputs are the first of the next tile: towards the front, so that none is overwritten before it is read.
  if (windowRows() > 0)
    copyVector({inputs.buffer, code.mul(count, code.index(size)), 0}, inputs, windowRows() * size);
}

void RecurrenceConversion::finishSequence(Value sequence) {
  if (lengths && y)
    code.loop(length, steps, 1, [&](Value time) {
      code.loop(code.index(0), code.index(lastSize(recurrence.getY())), 1, [&](Value i) {
        Value zero = code.zero(storedElement(recurrence.getY()));
        memref::StoreOp::create(builder, loc, zero, y, ValueRange{time, sequence, i});
      });
    });
  for (auto [index, final] : llvm::enumerate(finals)) {
    if (!final)
      continue;
    code.loop(code.index(0), code.index(lastSize(recurrence.getFinals()[index])), 1,
              [&, index = index, &final = final](Value i) {
                Value value = memref::LoadOp::create(builder, loc, states[index].buffer, i);
                if (lengths) {
                  Value empty = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, length, code.index(0));
                  value = arith::SelectOp::create(builder, loc, empty, code.zero(value.getType()), value);
                }
                memref::StoreOp::create(builder, loc, value, final, ValueRange{sequence, i});
              });
  }
}

/// Ends the run with an error of the layer's node where `good` does not hold. Each `{}` of the message is a value.
void RecurrenceConversion::require(Value good, const Twine &message, ArrayRef<Value> values) {
  auto module = recurrence->getParentOfType<ModuleOp>();
  std::string node = onnx::nodeNameInProgram(module, recurrence.getLoc());
  SmallVector<Type> types(values.size() + 1, builder.getI64Type());
  types[0] = builder.getI1Type();
  std::string name;
  for (unsigned k = 0; name.empty() || module.lookupSymbol(name); ++k)
    name = "rnn_require_" + std::to_string(k);
  {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(module.getBody());
    auto function = func::FuncOp::create(builder, loc, name, builder.getFunctionType(types, {}));
    function.setPrivate();
    function->setAttr(kMessageAttr, builder.getStringAttr((node.empty() ? "" : node + ": error: ") + message));
    function->setAttr("passthrough", builder.getStrArrayAttr({"noinline"}));
  }
  Value yes = arith::ConstantOp::create(builder, loc, builder.getBoolAttr(true));
  SmallVector<Value> operands = {arith::XOrIOp::create(builder, loc, good, yes)};
  for (Value value : values)
    operands.push_back(arith::IndexCastOp::create(builder, loc, builder.getI64Type(), value));
  func::CallOp::create(builder, loc, name, TypeRange(), operands);
}

/// What the machine traps on. Sizes of results are those of x, and everything else is static.
void RecurrenceConversion::checkArrays() {
  auto equal = [&](Value a, Value b) {
    return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, a, b).getResult();
  };
  bool open = cast<RankedTensorType>(recurrence.getX().getType()).isDynamicDim(1);
  for (auto [index, state] : llvm::enumerate(recurrence.getInit()))
    if (open) {
      Value found = tensor::DimOp::create(builder, loc, state, 0);
      require(equal(found, batch), "expected initial state " + Twine(index) + " for {} sequences, found {}",
              {batch, found});
    }
  if (open && recurrence.getHistory()) {
    Value found = tensor::DimOp::create(builder, loc, recurrence.getHistory(), 1);
    require(equal(found, batch), "expected history of {} sequences, found {}", {batch, found});
  }
  if (!lengths)
    return;
  if (open || cast<RankedTensorType>(recurrence.getLengths().getType()).isDynamicDim(0)) {
    Value found = tensor::DimOp::create(builder, loc, recurrence.getLengths(), 0);
    require(equal(found, batch), "expected lengths of {} sequences, found {}", {batch, found});
  }
  code.loop(code.index(0), batch, 1, [&](Value sequence) {
    Value given = memref::LoadOp::create(builder, loc, lengths, sequence);
    Value found = arith::IndexCastOp::create(builder, loc, builder.getIndexType(), given);
    // A negative length is a large one without its sign.
    Value beyond = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ugt, found, steps);
    auto branch = scf::IfOp::create(builder, loc, beyond, /*withElseRegion=*/false);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(branch.getBody()->getTerminator());
    Value no = arith::ConstantOp::create(builder, loc, builder.getBoolAttr(false));
    require(no, "expected a length of 0 to {} time steps, found {} of sequence {}", {steps, found, sequence});
  });
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
  if (failed(verifySteps(recurrence)))
    return failure();
  for (Region *region : {&recurrence.getProject(), &recurrence.getStep()})
    for (ProductOp product : region->getOps<ProductOp>()) {
      auto panels = dyn_cast<PanelsAttr>(product.getWeight().getType().getEncoding());
      if (!panels || panels.getRows() != kLanes)
        return product.emitError("host code multiplies weights in panels of ")
               << kLanes << " rows, found " << product.getWeight().getType();
    }
  for (Region *region : {&recurrence.getProject(), &recurrence.getStep()})
    for (Operation &op : llvm::make_early_inc_range(region->front()))
      if (isa<arith::ConstantOp>(op))
        op.moveBefore(recurrence);
  projection.emplace(recurrence);
  projectStages.emplace(recurrence.getProject().front(), projection->getAhead());
  stepStages.emplace(recurrence.getStep().front());
  declareBuffers();
  checkArrays();
  code.loop(code.index(0), batch, 1, [&](Value sequence) {
    startSequence(sequence);
    int64_t tile = recurrence.getTimeTile();
    code.loop(code.index(0), length, tile,
              [&](Value first) { runTile(sequence, first, code.min(code.sub(length, first), code.index(tile))); });
    finishSequence(sequence);
  });
  countSteps(number);
  auto tensorOf = [&](Value buffer, Value replaced) {
    // Nobody writes to it again: reads of the buffer by other layers, which fold with this, are none that bufferization
    // sees.
    Value tensor = bufferization::ToTensorOp::create(builder, loc, replaced.getType(), buffer, /*restrict=*/true,
                                                     /*writable=*/false);
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
