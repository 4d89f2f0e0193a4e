//===- RecurrenceProgram.cpp - The loops of a program -----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "RecurrenceProgram.h"

#include "StepCompiler.h"

#include "rnn-mlir/Dialect/Onnx/IR/Onnx.h"
#include "rnn-mlir/Dialect/Rnn/IR/Constants.h"
#include "rnn-mlir/Dialect/Rnn/IR/Steps.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;

namespace rnn {

/// Levels of the loops of a program; products are inside so many.
enum Level : unsigned { Batch, Chunk, Step, InStep };

RecurrenceProgram::DramArgument RecurrenceProgram::declareArgument(Value value, StringRef name, bool output,
                                                                   bool givesSizes) {
  RankedTensorType tensor = storedType(cast<RankedTensorType>(value.getType()));
  SmallVector<int64_t> shape, dims(tensor.getRank(), 0);
  for (int64_t size : tensor.getShape())
    shape.push_back(ShapedType::isDynamic(size) ? -1 : size);
  DramArgument argument{static_cast<int64_t>(argumentAttrs.size()), program.newReg()};
  if (givesSizes) {
    dims[0] = steps = program.newReg();
    dims[1] = batch = program.newReg();
  }
  argumentAttrs.push_back(rpu::ArgumentAttr::get(source.getContext(), program.builder.getStringAttr(name), output,
                                                 elementBytes(value), shape, argument.base, dims));
  return argument;
}

void RecurrenceProgram::declareArguments() {
  for (BlockArgument argument : source.getBody().getArguments()) {
    bool isX = argument == recurrence.getX();
    std::string name = isX                                   ? "x"
                       : argument == recurrence.getLengths() ? "lengths"
                                                             : "in_" + std::to_string(argument.getArgNumber());
    inputs[argument] = declareArgument(argument, name, /*output=*/false, /*givesSizes=*/isX);
  }
  for (Value value : source.getBody().front().getTerminator()->getOperands()) {
    unsigned number = cast<OpResult>(value).getResultNumber();
    std::string name = number == 0 ? "y" : "state_" + std::to_string(number - 1);
    outputs[number] = declareArgument(value, name, /*output=*/true, /*givesSizes=*/false);
  }
}

/// The buffer in DRAM of a constant or an argument: of a weight, what is stored for it.
Value RecurrenceProgram::dramOf(Value value, const Twine &name) {
  RankedTensorType stored = storedType(cast<RankedTensorType>(value.getType()));
  Attribute constant;
  if (matchPattern(value, m_Constant(&constant))) {
    if (stored != value.getType())
      constant = reinterpretConstant(constant, stored);
    return program.constantBuffer(name, cast<ElementsAttr>(constant), stored.getNumElements() * elementBytes(value));
  }
  if (auto encoded = value.getDefiningOp<ReinterpretOp>())
    value = encoded.getSource();
  return program.argumentBuffer(name, inputs.lookup(value).number);
}

void RecurrenceProgram::declareBuffers() {
  // Two chunks of vectors of `value`, one in use and one on its way.
  auto ring = [&](Value value, StringRef name, int64_t rows) {
    int64_t bytes = vectorBytes(value);
    BufferSlice slice{.buffer = program.tileBuffer(rpu::Memory::Vector, name, 2 * rows * bytes), .pitch = bytes};
    return slice.ring(Chunk, 2, rows * bytes);
  };
  xRing = ring(recurrence.getX(), "x", tile() + windowRows());
  if (outputs.contains(0))
    yRing = ring(recurrence.getY(), "y", tile());
  for (auto [index, final] : llvm::enumerate(recurrence.getFinals())) {
    rpu::Memory memory = recurrence.getMemory(index) == StateMemory::Acc ? rpu::Memory::Acc : rpu::Memory::Vector;
    states.push_back({.buffer = program.tileBuffer(memory, "state_" + Twine(index), vectorBytes(final))});
  }
  unsigned count = 0;
  auto chunk = [&](Value value, rpu::Memory memory) {
    int64_t bytes = vectorBytes(value), slots = overlaps() ? 2 : 1;
    BufferSlice slice{.buffer = program.tileBuffer(memory, "projected_" + Twine(count++), slots * tile() * bytes),
                      .pitch = bytes};
    return overlaps() ? slice.ring(Chunk, 2, tile() * bytes) : slice;
  };
  for (Operation *product : projection.getAhead())
    ahead[product] = chunk(product->getResult(0), rpu::Memory::Acc);
  for (Value value : recurrence.getProjectedValues()) {
    if (std::optional<int64_t> offset = projection.offsetInWindow(value))
      projected.push_back(xRing.at(*offset * elementBytes(value)));
    else
      projected.push_back(projection.isAhead(value) ? ahead.lookup(value.getDefiningOp())
                                                    : chunk(value, rpu::Memory::Vector));
  }
}

/// How often a launch reads a streamed weight: a product of numbers and of `steps` and `batch`, the sizes of x.
std::string RecurrenceProgram::readsOf(bool inStep) {
  auto type = cast<RankedTensorType>(recurrence.getX().getType());
  auto size = [&](unsigned dim, StringRef name) {
    return type.isDynamicDim(dim) ? name.str() : std::to_string(type.getDimSize(dim));
  };
  std::string times = size(0, "steps");
  if (!inStep && tile() > 1)
    times = type.isDynamicDim(0) ? "ceil(" + times + " / " + std::to_string(tile()) + ")"
                                 : std::to_string(llvm::divideCeil(type.getDimSize(0), tile()));
  return times + " * " + size(1, "batch");
}

/// Tells where the weight whose first product is at `loc` is while the layer runs.
void RecurrenceProgram::describePlan(Location loc, const WeightPlan &plan, StringRef name, bool inStep) {
  auto options = remark::RemarkOpts::name("weights").category("convert-rnn-to-rpu");
  if (plan.resident())
    remark::passed(loc, options) << remark::add("{0} is resident: {1} blocks of {2} bytes", name, plan.blocks.count,
                                                plan.blocks.bytes);
  else
    remark::missed(loc, options) << remark::add(
        "{0} is streamed at every {1} of every sequence, up to {2} times in all, as it does not fit and sequences run "
        "one after another: {3} of {4} blocks of {5} bytes stay, {6} copies of up to {7} bring the others",
        name, inStep ? "time step" : "time tile", readsOf(inStep), plan.staying, plan.blocks.count, plan.blocks.bytes,
        plan.copies(), plan.perCopy);
}

void RecurrenceProgram::loadWeights() {
  llvm::MapVector<Value, SmallVector<ProductOp>> users;
  for (Region *region : {&recurrence.getProject(), &recurrence.getStep()})
    for (ProductOp product : region->getOps<ProductOp>())
      users[product.getWeight()].push_back(product);
  for (auto [index, entry] : llvm::enumerate(users)) {
    auto &[weight, products] = entry;
    std::string name = "weight_" + std::to_string(index);
    bool inStep = llvm::any_of(products, [&](ProductOp each) { return !projection.getAhead().contains(each); });
    describePlan(products.front().getLoc(), plans.find(weight)->second, name, inStep);
    this->products.load(weight, name, [&, weight = weight] { return dramOf(weight, name); });
  }
}

/// Copies the vectors that the steps read from outside to the tile.
void RecurrenceProgram::loadVectors() {
  llvm::SetVector<Value> used;
  SmallVector<Region *> regions = {&recurrence.getStep()};
  if (projection.hasSteps())
    regions.push_back(&recurrence.getProject());
  for (Region *region : regions) {
    getUsedValuesDefinedAbove(*region, *region, used);
    for (auto constant : region->getOps<arith::ConstantOp>())
      used.insert(constant);
  }
  for (Value value : used) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    // A lane program makes a splat itself; a product or the part of a vector needs it in memory.
    bool inLanes = splatOf(value) && llvm::none_of(value.getUsers(), llvm::IsaPred<ProductOp, tensor::ExtractSliceOp>);
    if (!type || type.getRank() != 1 || !type.getElementType().isF32() || inLanes)
      continue;
    std::string name = "vector_" + std::to_string(captured.size());
    BufferSlice slice{.buffer = program.tileBuffer(rpu::Memory::Vector, name, vectorBytes(value))};
    program.copyOnce(value, {.from = {.buffer = dramOf(value, name)},
                             .to = slice.pitched(vectorBytes(value)),
                             .bytes = vectorBytes(value),
                             .role = rpu::Role::Weights});
    captured[value] = slice;
  }
}

/// Writes zeros to a state.
void RecurrenceProgram::clearState(unsigned index, rpu::Role role) {
  program.lanes(lastSize(recurrence.getFinals()[index]), role, [&](OpBuilder &lane) {
    Value zero = rpu::LaneConstantOp::create(lane, program.loc, lane.getF32Type(), APFloat(0.0f));
    rpu::LaneStoreOp::create(lane, program.loc, states[index].buffer, program.view(states[index]), zero);
  });
}

/// The length of the sequence, and its initial state.
void RecurrenceProgram::startSequence() {
  if (Value lengths = recurrence.getLengths()) {
    length = program.newReg();
    Value buffer = dramOf(lengths, "lengths");
    rpu::FetchOp::create(program.builder, program.loc, length, buffer,
                         program.view({.buffer = buffer, .strides = {elementBytes(lengths)}}));
  } else {
    length = steps;
  }
  for (auto [index, state] : llvm::enumerate(states)) {
    int64_t bytes = vectorBytes(recurrence.getFinals()[index]);
    if (!recurrence.getInit().empty())
      program.copyIn(
          {.from = {.buffer = dramOf(recurrence.getInit()[index], "init_" + Twine(index)), .strides = {bytes}},
           .to = state.pitched(bytes),
           .bytes = bytes,
           .role = rpu::Role::Input});
    else
      clearState(index, rpu::Role::Input);
  }
}

/// The inputs of a product that runs ahead, where those of the chunk are `x`.
BufferSlice RecurrenceProgram::inputsOf(ProductOp product, const BufferSlice &x) {
  return x.at(*projection.offsetInWindow(product.getX()) * elementBytes(product.getX()));
}

/// Blocks of a part of a weight that runs ahead, which each step multiplies with the next chunk's inputs: as many at
/// each, of which all rows count. The others are left to the end of the chunk.
int64_t RecurrenceProgram::blocksOfStep(ProductOp product, const ProductEmitter::Part &part) {
  int64_t whole = lastSize(product.getResult()) / products.rowsOfBlock(product) - part.first;
  return std::min(whole, part.count) / tile();
}

/// Emits, in gap `gap` of `gaps` of a step, its share of the next chunk's projection.
void RecurrenceProgram::fillGap(const ChunkSteps &next, unsigned gap, unsigned gaps) {
  for (Operation *op : projection.getAhead()) {
    auto product = cast<ProductOp>(op);
    for (const ProductEmitter::Part &part : products.partsOf(product)) {
      int64_t each = blocksOfStep(product, part), first = each * gap / gaps;
      products.emitPart(product,
                        {.acc = ahead.lookup(op).nextSlot(),
                         .x = inputsOf(product, xRing.nextSlot()),
                         .vectors = Quantity::in(next.steps),
                         .level = InStep,
                         .role = rpu::Role::Project},
                        {.first = part.first + first,
                         .count = each * (gap + 1) / gaps - first,
                         .level = Step,
                         .each = each,
                         .iterations = tile()},
                        next.any);
    }
  }
}

/// Emits what the steps of a chunk leave of the next one's projection.
void RecurrenceProgram::finishProjection(const ChunkSteps &next) {
  for (Operation *op : projection.getAhead()) {
    auto product = cast<ProductOp>(op);
    for (const ProductEmitter::Part &part : products.partsOf(product)) {
      int64_t done = blocksOfStep(product, part) * tile();
      products.emitPart(product,
                        {.acc = ahead.lookup(op).nextSlot(),
                         .x = inputsOf(product, xRing.nextSlot()),
                         .vectors = Quantity::in(next.steps),
                         .level = Step,
                         .role = rpu::Role::Project},
                        {.first = part.first + done, .count = part.count - done}, next.any);
    }
  }
}

LogicalResult RecurrenceProgram::projectChunk(Quantity count) {
  for (Operation *op : projection.getAhead()) {
    auto product = cast<ProductOp>(op);
    products.emit(product, {.acc = ahead.lookup(op),
                            .x = inputsOf(product, xRing),
                            .vectors = count,
                            .level = Step,
                            .role = rpu::Role::Project});
  }
  if (!projection.hasSteps())
    return success();
  LogicalResult result = success();
  program.loop(count, [&] {
    Block &project = recurrence.getProject().front();
    StepCompiler compiler(project, program, rpu::Role::Project, "projection_", projection.getAhead());
    auto ofStep = [](const BufferSlice &slice) { return slice.stepping(Step, slice.pitch.value).pitched(0); };
    compiler.setSlice(project.getArgument(0), ofStep(xRing));
    for (auto &[op, slice] : ahead)
      compiler.setSlice(op->getResult(0), ofStep(slice));
    for (auto [index, value] : llvm::enumerate(recurrence.getProjectedValues()))
      if (!projection.isAhead(value))
        compiler.setTarget(index, ofStep(projected[index]));
    unsigned first = recurrence.getNumStepStates();
    for (auto [index, value] : llvm::enumerate(recurrence.getNextProjectionStates()))
      setState(compiler, project.getArgument(1 + index), value, first + index, projected.size() + index);
    for (auto &[value, slice] : captured)
      compiler.setSlice(value, slice);
    result = compile(compiler, rpu::Role::Project, [](unsigned, unsigned) {});
  });
  return result;
}

/// A state of a region: taken as `argument`, yielded as `next`.
void RecurrenceProgram::setState(StepCompiler &compiler, Value argument, Value next, unsigned state, unsigned yielded) {
  // The product that makes the new value of the old one may do so where it lies.
  auto product = next.getDefiningOp<ProductOp>();
  bool sums = product && product.getAcc() == argument && recurrence.getMemory(state) == StateMemory::Acc;
  compiler.setSlice(argument, states[state], /*mayOverwrite=*/sums);
  compiler.setTarget(yielded, states[state]);
}

LogicalResult RecurrenceProgram::compile(StepCompiler &compiler, rpu::Role role,
                                         llvm::function_ref<void(unsigned, unsigned)> fill) {
  return compiler.compile(
      [&](ProductOp product, const BufferSlice &acc, const BufferSlice &x, bool accumulate) {
        products.emit(product, {.acc = acc, .x = x, .accumulate = accumulate, .level = InStep, .role = role});
      },
      fill);
}

LogicalResult RecurrenceProgram::emitStep(const ChunkSteps &next) {
  Block &step = recurrence.getStep().front();
  StepCompiler compiler(step, program, rpu::Role::Recur, "temporary_");
  ValueRange handed = recurrence.getProjectedValues();
  for (auto [index, slice] : llvm::enumerate(projected)) {
    // What is handed on once, and read by nothing else, is the step's own.
    Operation *source = handed[index].getDefiningOp();
    bool own = source && projection.getAhead().contains(source) && handed[index].hasOneUse();
    compiler.setSlice(step.getArgument(index), slice.stepping(Step, slice.pitch.value).pitched(0), own);
  }
  ValueRange yielded = step.getTerminator()->getOperands();
  for (unsigned index = 0; index < recurrence.getNumStepStates(); ++index)
    setState(compiler, step.getArgument(projected.size() + index), yielded[index + 1], index, index + 1);
  for (auto &[value, slice] : captured)
    compiler.setSlice(value, slice);
  if (outputs.contains(0))
    compiler.setTarget(0, yRing.stepping(Step, yRing.pitch.value).pitched(0));
  return compile(compiler, rpu::Role::Recur, [&](unsigned gap, unsigned gaps) {
    if (overlaps())
      fillGap(next, gap, gaps);
  });
}

RecurrenceProgram::Walk RecurrenceProgram::walk(const DramArgument &argument, StringRef name, Reg time, Reg chunkSteps,
                                                Reg one) {
  bool reverse = recurrence.getReverse();
  Reg step = reverse ? program.scalar<rpu::SubOp>(0, time) : time;
  Reg chunk = program.scalar<rpu::MulOp>(step, chunkSteps);
  if (!reverse)
    return {program.argumentBuffer(name, argument.number), step, chunk, argument.base};
  Reg last = program.scalar<rpu::MulOp>(program.scalar<rpu::SubOp>(length, one), time);
  Reg base = program.scalar<rpu::AddOp>(argument.base, last);
  return {program.argumentBuffer(name + "_from_last", argument.number, base), step, chunk, base};
}

void RecurrenceProgram::declareWindow(const Walk &x) {
  const DramArgument &argument = inputs[recurrence.getX()];
  Reg base = program.scalar<rpu::SubOp>(x.first, x.step), back = program.scalar<rpu::SubOp>(0, x.step);
  before = {.buffer = program.argumentBuffer("x_before", argument.number, base),
            .strides = {Quantity::in(xBatch), Quantity::in(x.chunk)},
            .pitch = Quantity::in(back)};
  if (!recurrence.getHistory())
    return;
  Reg chunk = recurrence.getReverse() ? program.scalar<rpu::SubOp>(0, x.chunk) : x.chunk;
  history = {.buffer = dramOf(recurrence.getHistory(), "history"),
             .strides = {Quantity::in(xBatch), Quantity::in(chunk)},
             .pitch = Quantity::in(xTime)};
}

/// The rows before the first step of a chunk, `done` of the walk: inputs as far as there are some, before them
/// `history` from its row `done` on, or zeros.
void RecurrenceProgram::loadWindow(Reg done) {
  int64_t rows = windowRows(), bytes = vectorBytes(recurrence.getX());
  Reg all = program.constant(rows);
  Reg known = program.scalar<rpu::MinOp>(done, all), missing = program.scalar<rpu::SubOp>(all, known);
  if (recurrence.getHistory()) {
    program.copyIn(
        {.from = history, .to = xRing, .rows = Quantity::in(missing), .bytes = bytes, .role = rpu::Role::Input});
  } else {
    Reg any = program.scalar<rpu::MinOp>(missing, program.constant(1));
    program.loop(Quantity::in(any), [&] {
      program.lanes(rows * lastSize(recurrence.getX()), rpu::Role::Input, [&](OpBuilder &lane) {
        Value zero = rpu::LaneConstantOp::create(lane, program.loc, lane.getF32Type(), APFloat(0.0f));
        rpu::LaneStoreOp::create(lane, program.loc, xRing.buffer, program.view(xRing.pitched(0)), zero);
      });
    });
  }
  program.copyIn({.from = before,
                  .to = xRing.at((rows - 1) * bytes).pitched(-bytes),
                  .rows = Quantity::in(known),
                  .bytes = bytes,
                  .role = rpu::Role::Input});
}

/// The vectors of the sequence and the chunk at hand.
BufferSlice RecurrenceProgram::chunkOf(const Walk &walk, Reg sequence) {
  return {.buffer = walk.buffer,
          .strides = {Quantity::in(sequence), Quantity::in(walk.chunk)},
          .pitch = Quantity::in(walk.step)};
}

/// The walk from the next chunk on.
RecurrenceProgram::Walk RecurrenceProgram::next(const Walk &walk, int64_t argument, const Twine &name) {
  Walk moved = walk;
  moved.first = program.scalar<rpu::AddOp>(walk.first, walk.chunk);
  moved.buffer = program.argumentBuffer(name, argument, moved.first);
  return moved;
}

/// The steps of the chunk behind one.
RecurrenceProgram::ChunkSteps RecurrenceProgram::chunkAfter(const ChunkSteps &chunk, Reg tileReg) {
  Reg rest = program.scalar<rpu::SubOp>(chunk.left, tileReg);
  Reg left = program.scalar<rpu::SubOp>(rest, program.scalar<rpu::MinOp>(rest, 0));
  return {.left = left, .steps = program.scalar<rpu::MinOp>(left, tileReg)};
}

void RecurrenceProgram::copyX(const BufferSlice &from, const BufferSlice &to, Reg count) {
  program.copyIn({.from = from,
                  .to = to,
                  .rows = Quantity::in(count),
                  .bytes = vectorBytes(recurrence.getX()),
                  .role = rpu::Role::Input});
}

/// Before the first chunk: its projection, and the inputs of it and of the next one.
void RecurrenceProgram::runAhead(const Walk &x, const Walk &second, Reg tileReg) {
  ChunkSteps first{.left = length, .steps = program.scalar<rpu::MinOp>(length, tileReg)};
  // Outside the loop over chunks, which the rings turn with.
  auto slot = [](const BufferSlice &ring, bool other) {
    BufferSlice fixed = ring;
    fixed.strides.clear();
    fixed.ringLevel = fixed.ringDepth = 0;
    return other ? fixed.at(ring.strides[Chunk].value) : fixed;
  };
  auto here = [&](const Walk &walk) {
    BufferSlice slice = chunkOf(walk, xBatch);
    slice.strides.truncate(Chunk);
    return slice;
  };
  copyX(here(x), slot(xRing, false), first.steps);
  copyX(here(second), slot(xRing, true), chunkAfter(first, tileReg).steps);
  for (Operation *op : projection.getAhead()) {
    auto product = cast<ProductOp>(op);
    products.emit(product, {.acc = slot(ahead.lookup(op), false),
                            .x = inputsOf(product, slot(xRing, false)),
                            .vectors = Quantity::in(first.steps),
                            .level = Chunk,
                            .role = rpu::Role::Project});
  }
}

LogicalResult RecurrenceProgram::emitChunks() {
  Reg tileReg = program.timeTile(tile()), one = program.constant(1);
  Reg chunks =
      program.scalar<rpu::DivOp>(program.scalar<rpu::SubOp>(program.scalar<rpu::AddOp>(length, tileReg), one), tileReg);
  DramArgument xArgument = inputs[recurrence.getX()];
  Walk x = walk(xArgument, "x", xTime, tileReg, one), y{};
  bool wantsY = outputs.contains(0);
  if (wantsY)
    y = walk(outputs[0], "y", yTime, tileReg, one);
  if (windowRows() > 0)
    declareWindow(x);
  Walk third{};
  if (overlaps()) {
    Walk second = next(x, xArgument.number, "x_second_chunk");
    third = next(second, xArgument.number, "x_third_chunk");
    runAhead(x, second, tileReg);
  }

  LogicalResult result = success();
  program.loop(Quantity::in(chunks), [&] {
    Reg index = program.newReg();
    rpu::IndexOp::create(program.builder, program.loc, index, Chunk);
    Reg done = program.scalar<rpu::MulOp>(index, tileReg);
    ChunkSteps chunk{.left = program.scalar<rpu::SubOp>(length, done)}, following;
    chunk.steps = program.scalar<rpu::MinOp>(chunk.left, tileReg);
    Quantity count = Quantity::in(chunk.steps);
    if (overlaps()) {
      following = chunkAfter(chunk, tileReg);
      following.any = program.scalar<rpu::MinOp>(following.steps, one);
      // The chunk after the next takes the place of the one whose projection is there.
      copyX(chunkOf(third, xBatch), xRing, chunkAfter(following, tileReg).steps);
    } else {
      if (windowRows() > 0)
        loadWindow(done);
      copyX(chunkOf(x, xBatch), xRing.at(windowRows() * vectorBytes(recurrence.getX())), chunk.steps);
      result = projectChunk(count);
    }
    program.loop(count, [&] {
      if (succeeded(result))
        result = emitStep(following);
    });
    if (overlaps())
      finishProjection(following);
    if (wantsY)
      program.copyOut({.from = yRing,
                       .to = chunkOf(y, yBatch),
                       .rows = count,
                       .bytes = vectorBytes(recurrence.getY()),
                       .role = rpu::Role::Output});
  });
  return result;
}

/// Zeros past the length, and the final states.
void RecurrenceProgram::finishSequence() {
  if (recurrence.getLengths()) {
    Reg one = program.constant(1);
    if (outputs.contains(0)) {
      Reg rest = program.scalar<rpu::SubOp>(steps, length);
      Reg base = program.scalar<rpu::AddOp>(outputs[0].base, program.scalar<rpu::MulOp>(length, yTime));
      BufferSlice past{.buffer = program.argumentBuffer("y_past_length", outputs[0].number, base),
                       .strides = {Quantity::in(yBatch)},
                       .pitch = Quantity::in(yTime)};
      rpu::FillOp::create(program.builder, program.loc, past.buffer, program.view(past),
                          program.size(Quantity::in(rest)), program.size(vectorBytes(recurrence.getY())),
                          ArrayRef<int64_t>(), ArrayRef<int64_t>(), rpu::Role::Output);
    }
    // Runs once for a length of 0, not at all otherwise.
    Reg empty = program.scalar<rpu::SubOp>(one, program.scalar<rpu::MinOp>(length, one));
    bool wanted =
        llvm::any_of(llvm::seq<unsigned>(1, states.size() + 1), [&](unsigned k) { return outputs.contains(k); });
    if (wanted)
      program.loop(Quantity::in(empty), [&] {
        for (unsigned index = 0; index < states.size(); ++index)
          if (outputs.contains(index + 1))
            clearState(index, rpu::Role::Output);
      });
  }
  for (auto [index, state] : llvm::enumerate(states)) {
    if (!outputs.contains(index + 1))
      continue;
    int64_t bytes = vectorBytes(recurrence.getFinals()[index]);
    program.copyOut({.from = state.pitched(bytes),
                     .to = {.buffer = program.argumentBuffer("state_" + Twine(index), outputs[index + 1].number),
                            .strides = {bytes}},
                     .bytes = bytes,
                     .role = rpu::Role::Output});
  }
}

/// A program takes arrays, holds constants and the recurrence, and returns results of that, each once.
LogicalResult RecurrenceProgram::verifyProgram() {
  Block &body = source.getBody().front();
  if (!llvm::isa<BlockArgument>(recurrence.getX()))
    return recurrence.emitError("expects x to be an argument of the program");
  for (Type type : body.getArgumentTypes()) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || (tensor.getEncoding() && !weightEncoding(tensor)) ||
        !(tensor.getElementType().isF32() || tensor.getElementType().isInteger(32)))
      return source.emitError("expects arguments that are tensors of f32, or of i32 for lengths, found ") << type;
  }
  if (!llvm::isa<rpu::ReturnOp>(body.back()))
    return source.emitError("expects a program that ends in rpu.return");
  for (Operation &op : body) {
    if (auto end = dyn_cast<rpu::ReturnOp>(op)) {
      SmallPtrSet<void *, 4> returned;
      if (!llvm::all_of(end.getOperands(), [&](Value value) {
            return value.getDefiningOp() == recurrence && returned.insert(value.getAsOpaquePointer()).second;
          }))
        return end.emitError("expects results of the recurrence, each once");
    } else if (&op != recurrence.getOperation() && !llvm::isa<arith::ConstantOp, ReinterpretOp>(op)) {
      return op.emitError("expects a program of constants and one recurrence, found ") << op.getName();
    }
  }
  return success();
}

LogicalResult RecurrenceProgram::run() {
  if (failed(verifyProgram()))
    return failure();
  for (Region *region : {&recurrence.getProject(), &recurrence.getStep()})
    for (ProductOp product : region->getOps<ProductOp>())
      if (failed(ProductEmitter::verify(product)))
        return failure();
  declareArguments();
  declareBuffers();
  xBatch = program.constant(vectorBytes(recurrence.getX()));
  xTime = program.scalar<rpu::MulOp>(batch, xBatch);
  if (outputs.contains(0)) {
    yBatch = program.constant(vectorBytes(recurrence.getY()));
    yTime = program.scalar<rpu::MulOp>(batch, yBatch);
  }
  loadWeights();
  loadVectors();
  LogicalResult result = success();
  program.loop(Quantity::in(batch), [&] {
    startSequence();
    result = emitChunks();
    finishSequence();
  });
  rpu::HaltOp::create(program.builder, program.loc);
  if (program.exhausted())
    return recurrence.emitError("takes more than ") << isa::kRegisters - 1 << " scalar registers";
  return result;
}

rpu::LayerAttr RecurrenceProgram::layer() {
  std::string node = onnx::nodeNameInFile(source->getParentOfType<ModuleOp>(), recurrence.getLoc());
  auto lengths = inputs.find(recurrence.getLengths());
  LayerTraffic traffic{.results = llvm::BitVector(recurrence.getNumResults()),
                       .vectors = llvm::to_vector(llvm::make_first_range(captured)),
                       .stepsArgument = inputs.at(recurrence.getX()).number,
                       .lengthsArgument = lengths == inputs.end() ? -1 : lengths->second.number};
  for (unsigned result : llvm::make_first_range(outputs))
    traffic.results.set(result);
  return layerBounds(recurrence, node.empty() ? source.getSymName() : StringRef(node), traffic);
}

} // namespace rnn
