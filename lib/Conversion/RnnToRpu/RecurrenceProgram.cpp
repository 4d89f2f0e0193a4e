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

/// The level of the loop over sequences, or tiles of them.
constexpr unsigned kBatchLevel = 0;

/// The most vectors of a tile, of which each has at most 2^24 elements: their bytes fit 64 bits.
constexpr int64_t kMostTileVectors = int64_t(1) << 31;

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
    int64_t bytes = vectorBytes(value), slot = batchTile * rows * bytes;
    BufferSlice slice{.buffer = program.tileBuffer(rpu::Memory::Vector, name, 2 * slot), .pitch = bytes};
    return ChunkBuffer{slice.ring(level.chunk, 2, slot), bytes, rows};
  };
  xRing = ring(recurrence.getX(), "x", tile() + windowRows());
  if (outputs.contains(0))
    yRing = ring(recurrence.getY(), "y", tile());
  for (auto [index, final] : llvm::enumerate(recurrence.getFinals())) {
    rpu::Memory memory = recurrence.getMemory(index) == StateMemory::Acc ? rpu::Memory::Acc : rpu::Memory::Vector;
    int64_t bytes = vectorBytes(final);
    states.push_back({.buffer = program.tileBuffer(memory, "state_" + Twine(index), batchTile * bytes),
                      .pitch = lockstep() ? bytes : 0});
  }
  unsigned count = 0;
  auto chunk = [&](Value value, rpu::Memory memory) {
    int64_t bytes = vectorBytes(value), slots = overlaps() ? 2 : 1, slot = batchTile * tile() * bytes;
    BufferSlice slice{.buffer = program.tileBuffer(memory, "projected_" + Twine(count++), slots * slot),
                      .pitch = bytes};
    return ChunkBuffer{overlaps() ? slice.ring(level.chunk, 2, slot) : slice, bytes, tile()};
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
  if (!lockstep())
    return times + " * " + size(1, "batch");
  if (type.isDynamicDim(1))
    return times + " * ceil(batch / " + std::to_string(batchTile) + ")";
  return times + " * " + std::to_string(llvm::divideCeil(type.getDimSize(1), batchTile));
}

/// Tells where the weight whose first product is at `loc` is while the layer runs.
void RecurrenceProgram::describePlan(Location loc, const WeightPlan &plan, StringRef name, bool inStep) {
  auto options = remark::RemarkOpts::name("weights").category("convert-rnn-to-rpu");
  if (plan.resident())
    remark::passed(loc, options) << remark::add("{0} is resident: {1} blocks of {2} bytes", name, plan.blocks.count,
                                                plan.blocks.bytes);
  else
    remark::missed(loc, options) << remark::add(
        "{0} is streamed at every {1} of every {8}, up to {2} times in all, as it does not fit and {8}s run "
        "one after another: {3} of {4} blocks of {5} bytes stay, {6} copies of up to {7} bring the others",
        name, inStep ? "time step" : "time tile", readsOf(inStep), plan.staying, plan.blocks.count, plan.blocks.bytes,
        plan.copies(), plan.perCopy, lockstep() ? "tile of sequence" : "sequence");
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
    if (!type || type.getRank() != 1 || !isStoredNumber(type.getElementType()) || inLanes)
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

void RecurrenceProgram::forEachSequence(llvm::function_ref<void()> body) {
  if (!lockstep())
    return body();
  ProgramBuilder::Scope scope(program);
  program.loop(together, body);
}

void RecurrenceProgram::forEachSequence(StepCompiler &compiler) {
  if (lockstep())
    compiler.setSequences(batchTile, level.inStep,
                          [this](llvm::function_ref<void()> body) { program.loop(together, body); });
}

Quantity RecurrenceProgram::stepPitch(const ChunkBuffer &chunk) {
  return lockstep() && !sequenceMajor() ? Quantity::in(ofAllSequences.at(chunk.bytes)) : chunk.bytes;
}

int64_t RecurrenceProgram::sequencePitch(const ChunkBuffer &chunk) {
  return !lockstep() ? 0 : sequenceMajor() ? chunk.rows * chunk.bytes : chunk.bytes;
}

BufferSlice RecurrenceProgram::ofStep(const ChunkBuffer &chunk) {
  return chunk.first.stepping(level.step, stepPitch(chunk)).pitched(sequencePitch(chunk));
}

Quantity RecurrenceProgram::vectorsOf(Reg steps) {
  return Quantity::in(lockstep() && !sequenceMajor() ? program.scalar<rpu::MulOp>(steps, together.value) : steps);
}

Reg RecurrenceProgram::fetchLength(std::optional<unsigned> sequenceLevel) {
  int64_t bytes = elementBytes(recurrence.getLengths());
  if (!lengths)
    lengths = dramOf(recurrence.getLengths(), "lengths");
  BufferSlice slice{.buffer = lengths, .strides = {tileStride(bytes)}};
  Reg result = program.newReg();
  rpu::FetchOp::create(program.builder, program.loc, result, lengths,
                       program.view(sequenceLevel ? slice.stepping(*sequenceLevel, bytes) : slice));
  return result;
}

Reg RecurrenceProgram::fetchEvent(unsigned sequenceLevel) {
  Reg own = fetchLength(sequenceLevel);
  return recurrence.getReverse() ? program.scalarIn<rpu::SubOp>(own, length, own) : own;
}

Reg RecurrenceProgram::isMore(Reg a, Reg b) {
  Reg more = program.scalar<rpu::SubOp>(a, b);
  program.scalarIn<rpu::MaxOp>(more, more, 0);
  return program.scalarIn<rpu::MinOp>(more, more, program.constant(1));
}

/// Which sequences run together, and how many steps they take.
void RecurrenceProgram::chooseSequences() {
  if (lockstep()) {
    Reg number = program.newReg();
    rpu::IndexOp::create(program.builder, program.loc, number, kBatchLevel);
    program.scalarIn<rpu::MulOp>(number, number, batchTileReg);
    program.scalarIn<rpu::SubOp>(number, batch, number);
    together = Quantity::in(program.scalarIn<rpu::MinOp>(number, number, batchTileReg));
    SmallVector<ChunkBuffer> chunks(projected);
    llvm::append_range(chunks, llvm::make_second_range(ahead));
    chunks.push_back(xRing);
    if (outputs.contains(0))
      chunks.push_back(yRing);
    for (const ChunkBuffer &chunk : chunks)
      if (!sequenceMajor() && !ofAllSequences.contains(chunk.bytes))
        ofAllSequences[chunk.bytes] = program.scalar<rpu::MulOp>(together.value, program.constant(chunk.bytes));
  }
  if (!recurrence.getLengths()) {
    length = steps;
  } else if (!lockstep()) {
    length = fetchLength(std::nullopt);
  } else {
    length = program.scalar<rpu::AddOp>(0, 0);
    forEachSequence([&] {
      Reg own = fetchLength(kBatchLevel + 1);
      program.scalarIn<rpu::MaxOp>(length, length, own);
    });
  }
}

/// Gives a state its initial value: of the sequence that the loop of that level is at, or of all at hand.
void RecurrenceProgram::startState(unsigned index, std::optional<unsigned> sequenceLevel) {
  int64_t bytes = vectorBytes(recurrence.getFinals()[index]);
  BufferSlice state = states[index];
  if (!recurrence.getInit().empty()) {
    BufferSlice init{.buffer = dramOf(recurrence.getInit()[index], "init_" + Twine(index)),
                     .strides = {tileStride(bytes)},
                     .pitch = lockstep() && !sequenceLevel ? bytes : 0};
    program.copyIn({.from = sequenceLevel ? init.stepping(*sequenceLevel, bytes) : init,
                    .to = (sequenceLevel ? state.stepping(*sequenceLevel, bytes) : state).pitched(bytes),
                    .rows = sequenceLevel ? 1 : together,
                    .bytes = bytes,
                    .role = rpu::Role::Input});
    return;
  }
  auto clear = [&](const BufferSlice &slice) {
    Value final = recurrence.getFinals()[index];
    program.lanes(lastSize(final), rpu::Role::Input, [&](OpBuilder &lane) {
      Value zero = rpu::LaneConstantOp::create(lane, program.loc, lane.getF32Type(), APFloat(0.0f));
      rpu::ViewAttr view = program.view(slice.pitched(0), formatOf(final));
      rpu::LaneStoreOp::create(lane, program.loc, slice.buffer, view, zero);
    });
  };
  if (sequenceLevel)
    clear(state.stepping(*sequenceLevel, bytes));
  else if (lockstep())
    forEachSequence([&] { clear(state.stepping(kBatchLevel + 1, bytes)); });
  else
    clear(state);
}

void RecurrenceProgram::startSequences() {
  for (unsigned index = 0; index < states.size(); ++index)
    startState(index, std::nullopt);
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
                        {.acc = ahead.lookup(op).first.nextSlot(),
                         .x = inputsOf(product, xRing.first.nextSlot()),
                         .vectors = next.vectors,
                         .level = level.inStep,
                         .role = rpu::Role::Project},
                        {.first = part.first + first,
                         .count = each * (gap + 1) / gaps - first,
                         .level = level.step,
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
                        {.acc = ahead.lookup(op).first.nextSlot(),
                         .x = inputsOf(product, xRing.first.nextSlot()),
                         .vectors = next.vectors,
                         .level = level.step,
                         .role = rpu::Role::Project},
                        {.first = part.first + done, .count = part.count - done}, next.any);
    }
  }
}

LogicalResult RecurrenceProgram::projectChunk(const ChunkSteps &chunk) {
  for (Operation *op : projection.getAhead()) {
    auto product = cast<ProductOp>(op);
    const ChunkBuffer &to = ahead.at(op);
    products.emit(product, {.acc = to.first,
                            .x = inputsOf(product, xRing.first),
                            .vectors = chunk.vectors,
                            .times = sequenceMajor() ? std::optional(together) : std::nullopt,
                            .accStride = sequencePitch(to),
                            .xStride = sequencePitch(xRing),
                            .level = level.step,
                            .role = rpu::Role::Project});
  }
  if (!projection.hasSteps())
    return success();
  LogicalResult result = success();
  auto steps = [&] {
    Block &project = recurrence.getProject().front();
    StepCompiler compiler(project, program, rpu::Role::Project, "projection_", projection.getAhead());
    forEachSequence(compiler);
    compiler.setSlice(project.getArgument(0), ofStep(xRing));
    for (auto &[op, place] : ahead)
      compiler.setSlice(op->getResult(0), ofStep(place));
    for (auto [index, value] : llvm::enumerate(recurrence.getProjectedValues()))
      if (!projection.isAhead(value))
        compiler.setTarget(index, ofStep(projected[index]));
    unsigned first = recurrence.getNumStepStates();
    for (auto [index, value] : llvm::enumerate(recurrence.getNextProjectionStates()))
      setState(compiler, project.getArgument(1 + index), value, first + index, projected.size() + index);
    for (auto &[value, slice] : captured)
      compiler.setSlice(value, slice);
    result = compile(compiler, rpu::Role::Project, [](unsigned, unsigned) {});
  };
  program.loop(Quantity::in(chunk.steps), steps, rpu::Role::Steps);
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
        products.emit(
            product,
            {.acc = acc, .x = x, .vectors = together, .accumulate = accumulate, .level = level.inStep, .role = role});
      },
      fill);
}

LogicalResult RecurrenceProgram::emitStep(const ChunkSteps &next) {
  Block &step = recurrence.getStep().front();
  StepCompiler compiler(step, program, rpu::Role::Recur, "temporary_");
  forEachSequence(compiler);
  ValueRange handed = recurrence.getProjectedValues();
  for (auto [index, place] : llvm::enumerate(projected)) {
    // What is handed on once, and read by nothing else, is the step's own.
    Operation *source = handed[index].getDefiningOp();
    bool own = source && projection.getAhead().contains(source) && handed[index].hasOneUse();
    compiler.setSlice(step.getArgument(index), ofStep(place), own);
  }
  ValueRange yielded = step.getTerminator()->getOperands();
  for (unsigned index = 0; index < recurrence.getNumStepStates(); ++index)
    setState(compiler, step.getArgument(projected.size() + index), yielded[index + 1], index, index + 1);
  for (auto &[value, slice] : captured)
    compiler.setSlice(value, slice);
  if (outputs.contains(0))
    compiler.setTarget(0, ofStep(yRing));
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
  if (!reverse && !segmented())
    return {program.argumentBuffer(name, argument.number), step, chunk, argument.base};
  Reg base = argument.base;
  if (reverse) {
    Reg last = program.scalar<rpu::SubOp>(length, one);
    program.scalarIn<rpu::MulOp>(last, last, time);
    base = program.scalarIn<rpu::AddOp>(last, base, last);
  }
  if (segmented()) {
    Reg done = program.scalar<rpu::MulOp>(segmentDone, step);
    base = program.scalarIn<rpu::AddOp>(done, base, done);
  }
  return {program.argumentBuffer(name + (reverse ? "_from_last" : "_of_segment"), argument.number, base), step, chunk,
          base};
}

void RecurrenceProgram::declareWindow(const Walk &x) {
  const DramArgument &argument = inputs[recurrence.getX()];
  int64_t bytes = vectorBytes(recurrence.getX());
  Reg base = program.scalar<rpu::SubOp>(x.first, x.step), back = program.scalar<rpu::SubOp>(0, x.step);
  before = chunkOf({program.argumentBuffer("x_before", argument.number, base), back, x.chunk, base}, bytes);
  if (!recurrence.getHistory())
    return;
  Reg chunk = recurrence.getReverse() ? program.scalar<rpu::SubOp>(0, x.chunk) : x.chunk;
  history = chunkOf({dramOf(recurrence.getHistory(), "history"), xTime, chunk, 0}, bytes);
}

/// The rows before the first step of a chunk, `done` of the walk: inputs as far as there are some, before them
/// `history` from its row `done` on, or zeros.
void RecurrenceProgram::loadWindow(Reg done) {
  forEachSequence([&] {
    // Of a sequence that begins within the walk, so many steps of its own.
    if (segmented() && recurrence.getReverse())
      loadWindowOf(program.scalar<rpu::MaxOp>(program.scalar<rpu::SubOp>(done, fetchEvent(level.step)), 0));
    else
      loadWindowOf(done);
  });
}

/// The same of one sequence.
void RecurrenceProgram::loadWindowOf(Reg done) {
  int64_t rows = windowRows(), bytes = vectorBytes(recurrence.getX());
  auto ofSequence = [&](const BufferSlice &slice, int64_t stride) {
    return lockstep() ? slice.stepping(level.step, stride) : slice;
  };
  BufferSlice ring = ofSequence(xRing.first, sequencePitch(xRing));
  Reg all = program.constant(rows);
  Reg known = program.scalar<rpu::MinOp>(done, all), missing = program.scalar<rpu::SubOp>(all, known);
  if (recurrence.getHistory()) {
    program.copyIn({.from = ofSequence(history, bytes),
                    .to = ring,
                    .rows = Quantity::in(missing),
                    .bytes = bytes,
                    .role = rpu::Role::Input});
  } else {
    Reg any = program.scalar<rpu::MinOp>(missing, program.constant(1));
    program.loop(Quantity::in(any), [&] {
      program.lanes(rows * lastSize(recurrence.getX()), rpu::Role::Input, [&](OpBuilder &lane) {
        Value zero = rpu::LaneConstantOp::create(lane, program.loc, lane.getF32Type(), APFloat(0.0f));
        rpu::ViewAttr view = program.view(ring.pitched(0), formatOf(recurrence.getX()));
        rpu::LaneStoreOp::create(lane, program.loc, ring.buffer, view, zero);
      });
    });
  }
  program.copyIn({.from = ofSequence(before, bytes),
                  .to = ring.at((rows - 1) * bytes).pitched(-bytes),
                  .rows = Quantity::in(known),
                  .bytes = bytes,
                  .role = rpu::Role::Input});
}

/// The vectors of the first sequence and the chunk at hand, `bytes` each.
BufferSlice RecurrenceProgram::chunkOf(const Walk &walk, int64_t bytes) {
  return BufferSlice{.buffer = walk.buffer, .strides = {tileStride(bytes)}, .pitch = Quantity::in(walk.step)}.stepping(
      level.chunk, Quantity::in(walk.chunk));
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
  Reg left = program.scalar<rpu::SubOp>(chunk.left, tileReg);
  program.scalarIn<rpu::MaxOp>(left, left, 0);
  Reg steps = program.scalar<rpu::MinOp>(left, tileReg);
  return {.left = left, .steps = steps};
}

void RecurrenceProgram::copyX(const BufferSlice &from, const BufferSlice &to, Reg count) {
  int64_t bytes = xRing.bytes;
  Copy copy{.from = from,
            .to = to.pitched(stepPitch(xRing)),
            .rows = Quantity::in(count),
            .bytes = stepPitch(xRing),
            .role = rpu::Role::Input};
  if (!sequenceMajor())
    return program.copyIn(copy);
  copy.from = from.stepping(level.step, bytes);
  copy.to = copy.to.stepping(level.step, sequencePitch(xRing));
  forEachSequence([&] { program.copyIn(copy); });
}

void RecurrenceProgram::copyY(const BufferSlice &to, Reg count) {
  Copy copy{.from = yRing.first.pitched(stepPitch(yRing)),
            .to = to,
            .rows = Quantity::in(count),
            .bytes = stepPitch(yRing),
            .role = rpu::Role::Output};
  if (!sequenceMajor())
    return program.copyOut(copy);
  copy.from = copy.from.stepping(level.step, sequencePitch(yRing));
  copy.to = to.stepping(level.step, yRing.bytes);
  forEachSequence([&] { program.copyOut(copy); });
}

/// Before the first chunk: its projection, and the inputs of it and of the next one.
void RecurrenceProgram::runAhead(const Walk &x, const Walk &second, Reg tileReg) {
  ProgramBuilder::Scope scope(program);
  ChunkSteps first{.left = length, .steps = program.scalar<rpu::MinOp>(length, tileReg)};
  // Outside the loop over chunks, which the rings turn with.
  auto slot = [&](const ChunkBuffer &ring, bool other) {
    BufferSlice fixed = ring.first;
    fixed.strides.clear();
    fixed.ringLevel = fixed.ringDepth = 0;
    return other ? fixed.at(ring.first.strides[level.chunk].value) : fixed;
  };
  auto here = [&](const Walk &walk) {
    BufferSlice slice = chunkOf(walk, xRing.bytes);
    slice.strides.truncate(level.chunk);
    return slice;
  };
  copyX(here(x), slot(xRing, false), first.steps);
  copyX(here(second), slot(xRing, true), chunkAfter(first, tileReg).steps);
  Quantity vectors = vectorsOf(first.steps);
  for (Operation *op : projection.getAhead()) {
    auto product = cast<ProductOp>(op);
    products.emit(product, {.acc = slot(ahead.lookup(op), false),
                            .x = inputsOf(product, slot(xRing, false)),
                            .vectors = vectors,
                            .level = level.chunk,
                            .role = rpu::Role::Project});
  }
}

/// The steps of all sequences of a tile, where these differ in length. Each iteration goes on until the next of them
/// ends, or begins; there are no more ends than sequences.
LogicalResult RecurrenceProgram::emitSegments() {
  LogicalResult result = success();
  unsigned inSegment = level.chunk;
  segmentDone = program.scalar<rpu::AddOp>(0, 0);
  program.loop(together, [&] {
    Reg next = program.scalar<rpu::AddOp>(length, 0);
    // Nothing where all is done.
    Reg any = isMore(length, segmentDone);
    Quantity count = Quantity::in(program.scalarIn<rpu::MulOp>(any, any, together.value));
    program.loop(count, [&] {
      // The length where the event is no later one.
      ProgramBuilder::Scope scope(program);
      Reg event = fetchEvent(inSegment), later = isMore(event, segmentDone);
      program.scalarIn<rpu::SubOp>(event, length, event);
      program.scalarIn<rpu::MulOp>(event, event, later);
      program.scalarIn<rpu::SubOp>(event, length, event);
      program.scalarIn<rpu::MinOp>(next, next, event);
    });
    {
      ProgramBuilder::Scope scope(program);
      result = emitChunks(program.scalar<rpu::SubOp>(next, segmentDone));
    }
    program.loop(count, [&] {
      ProgramBuilder::Scope scope(program);
      Reg event = fetchEvent(inSegment), here = isMore(event, segmentDone);
      program.scalarIn<rpu::SubOp>(here, here, isMore(event, next));
      program.loop(Quantity::in(here), [&] {
        for (unsigned index = 0; index < states.size(); ++index)
          if (recurrence.getReverse())
            startState(index, inSegment);
          else
            writeState(index, inSegment);
      });
    });
    program.scalarIn<rpu::AddOp>(segmentDone, next, 0);
  });
  return result;
}

/// So many steps, from `segmentDone` on.
LogicalResult RecurrenceProgram::emitChunks(Reg count) {
  Reg tileReg = tileSteps, one = program.constant(1);
  Reg chunks =
      program.scalar<rpu::DivOp>(program.scalar<rpu::SubOp>(program.scalar<rpu::AddOp>(count, tileReg), one), tileReg);
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
  auto chunkBody = [&] {
    Reg index = program.newReg();
    rpu::IndexOp::create(program.builder, program.loc, index, level.chunk);
    Reg done = program.scalar<rpu::MulOp>(index, tileReg);
    ChunkSteps chunk{.left = program.scalar<rpu::SubOp>(count, done)}, following;
    chunk.steps = program.scalar<rpu::MinOp>(chunk.left, tileReg);
    if (overlaps()) {
      following = chunkAfter(chunk, tileReg);
      following.any = program.scalar<rpu::MinOp>(following.steps, one);
      following.vectors = vectorsOf(following.steps);
      // The chunk after the next takes the place of the one whose projection is there.
      copyX(chunkOf(third, xRing.bytes), xRing.first, chunkAfter(following, tileReg).steps);
    } else {
      chunk.vectors = vectorsOf(chunk.steps);
      if (windowRows() > 0)
        loadWindow(segmented() ? program.scalar<rpu::AddOp>(segmentDone, done) : done);
      copyX(chunkOf(x, xRing.bytes), xRing.first.at(windowRows() * xRing.bytes), chunk.steps);
      result = projectChunk(chunk);
    }
    auto steps = [&] {
      if (succeeded(result))
        result = emitStep(following);
    };
    program.loop(Quantity::in(chunk.steps), steps, rpu::Role::Steps);
    if (overlaps())
      finishProjection(following);
    if (wantsY)
      copyY(chunkOf(y, yRing.bytes), chunk.steps);
  };
  program.loop(Quantity::in(chunks), chunkBody, rpu::Role::Tiles);
  return result;
}

/// Writes a state to its result: of the sequence that the loop of that level is at, or of all at hand.
void RecurrenceProgram::writeState(unsigned index, std::optional<unsigned> sequenceLevel) {
  if (!outputs.contains(index + 1))
    return;
  int64_t bytes = vectorBytes(recurrence.getFinals()[index]);
  BufferSlice state = states[index];
  BufferSlice final{.buffer = program.argumentBuffer("state_" + Twine(index), outputs[index + 1].number),
                    .strides = {tileStride(bytes)},
                    .pitch = lockstep() && !sequenceLevel ? bytes : 0};
  program.copyOut({.from = (sequenceLevel ? state.stepping(*sequenceLevel, bytes) : state).pitched(bytes),
                   .to = sequenceLevel ? final.stepping(*sequenceLevel, bytes) : final,
                   .rows = sequenceLevel ? 1 : together,
                   .bytes = bytes,
                   .role = rpu::Role::Output});
}

/// Zeros in y past the length of each sequence, and in its final states where that is 0.
void RecurrenceProgram::zeroPastLength() {
  forEachSequence([&] {
    Reg own = lockstep() ? fetchLength(kBatchLevel + 1) : length;
    auto fill = [&](BufferSlice slice, Reg rows, int64_t bytes) {
      if (lockstep())
        slice = slice.stepping(kBatchLevel + 1, bytes);
      rpu::FillOp::create(program.builder, program.loc, slice.buffer, program.view(slice),
                          program.size(Quantity::in(rows)), program.size(bytes), ArrayRef<int64_t>(),
                          ArrayRef<int64_t>(), rpu::Role::Output);
    };
    if (outputs.contains(0)) {
      Reg rest = program.scalar<rpu::SubOp>(steps, own);
      Reg base = program.scalar<rpu::AddOp>(outputs[0].base, program.scalar<rpu::MulOp>(own, yTime));
      fill({.buffer = program.argumentBuffer("y_past_length", outputs[0].number, base),
            .strides = {tileStride(yRing.bytes)},
            .pitch = Quantity::in(yTime)},
           rest, yRing.bytes);
    }
    // A row for a length of 0, none otherwise.
    Reg one = program.constant(1);
    Reg empty = program.scalar<rpu::SubOp>(one, program.scalar<rpu::MinOp>(own, one));
    for (auto [index, final] : llvm::enumerate(recurrence.getFinals()))
      if (outputs.contains(index + 1))
        fill({.buffer = program.argumentBuffer("no_state_" + Twine(index), outputs[index + 1].number),
              .strides = {tileStride(vectorBytes(final))}},
             empty, vectorBytes(final));
  });
}

/// A program takes arrays, holds constants and the recurrence, and returns results of that, each once.
LogicalResult RecurrenceProgram::verifyProgram() {
  Block &body = source.getBody().front();
  if (batchTile > kMostTileVectors / (tile() + windowRows()))
    return recurrence.emitError("expects tiles of at most ") << kMostTileVectors << " vectors, found " << batchTile
                                                             << " sequences of " << tile() + windowRows() << " inputs";
  if (!llvm::isa<BlockArgument>(recurrence.getX()))
    return recurrence.emitError("expects x to be an argument of the program");
  for (Type type : body.getArgumentTypes()) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || (tensor.getEncoding() && !weightEncoding(tensor)) ||
        !(isStoredNumber(tensor.getElementType()) || tensor.getElementType().isInteger(32)))
      return source.emitError("expects arguments that are tensors of f32 or f16, or of i32 for lengths, found ")
             << type;
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
  xTime = program.scalar<rpu::MulOp>(batch, program.constant(xRing.bytes));
  if (outputs.contains(0))
    yTime = program.scalar<rpu::MulOp>(batch, program.constant(yRing.bytes));
  loadWeights();
  loadVectors();
  Quantity tiles = Quantity::in(batch);
  if (lockstep()) {
    batchTileReg = program.batchTile(batchTile);
    Reg most = program.scalar<rpu::AddOp>(batch, batchTileReg);
    program.scalarIn<rpu::SubOp>(most, most, program.constant(1));
    tiles = Quantity::in(program.scalarIn<rpu::DivOp>(most, most, batchTileReg));
  }
  tileSteps = program.timeTile(tile());
  LogicalResult result = success();
  auto sequences = [&] {
    chooseSequences();
    startSequences();
    result = segmented() ? emitSegments() : emitChunks(length);
    // Forward, each has been written at its end.
    if (!segmented() || recurrence.getReverse())
      for (unsigned index = 0; index < states.size(); ++index)
        writeState(index, std::nullopt);
    if (recurrence.getLengths())
      zeroPastLength();
  };
  program.loop(tiles, sequences, rpu::Role::Sequences);
  rpu::HaltOp::create(program.builder, program.loc);
  if (program.exhausted() && !lockstep())
    return recurrence.emitError("takes more than ") << isa::kRegisters - 1 << " scalar registers";
  return result;
}

rpu::LayerAttr RecurrenceProgram::layer(const target::TargetModel &model) {
  std::string node = onnx::nodeNameInFile(source->getParentOfType<ModuleOp>(), recurrence.getLoc());
  auto lengths = inputs.find(recurrence.getLengths());
  LayerTraffic traffic{.results = llvm::BitVector(recurrence.getNumResults()),
                       .vectors = llvm::to_vector(llvm::make_first_range(captured)),
                       .stepsArgument = inputs.at(recurrence.getX()).number,
                       .lengthsArgument = lengths == inputs.end() ? -1 : lengths->second.number};
  for (unsigned result : llvm::make_first_range(outputs))
    traffic.results.set(result);
  return layerBounds(recurrence, node.empty() ? source.getSymName() : StringRef(node), traffic, model);
}

} // namespace rnn
