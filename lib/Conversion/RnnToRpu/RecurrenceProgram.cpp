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
  // Two chunks of vectors of `value`, one in use and one on its way. The vectors of a step's sequences are neighbours.
  auto ring = [&](Value value, StringRef name) {
    int64_t bytes = vectorBytes(value), chunk = chunkVectors() * bytes;
    BufferSlice slice{.buffer = program.tileBuffer(rpu::Memory::Vector, name, 2 * chunk), .pitch = bytes};
    return slice.ring(Chunk, 2, chunk);
  };
  xRing = ring(recurrence.getX(), "x");
  if (outputs.contains(0))
    yRing = ring(recurrence.getY(), "y");
  for (auto [index, final] : llvm::enumerate(recurrence.getFinals()))
    states.push_back(
        {.buffer = program.tileBuffer(rpu::Memory::Vector, "state_" + Twine(index), batchTile * vectorBytes(final)),
         .pitch = lockstep() ? vectorBytes(final) : 0});
  for (auto [index, value] : llvm::enumerate(recurrence.getProject().front().getTerminator()->getOperands())) {
    int64_t bytes = vectorBytes(value), chunk = chunkVectors() * bytes;
    BufferSlice slice{
        .buffer = program.tileBuffer(rpu::Memory::Acc, "projected_" + Twine(index), (overlaps() ? 2 : 1) * chunk),
        .pitch = bytes};
    projected.push_back(overlaps() ? slice.ring(Chunk, 2, chunk) : slice);
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

/// Tells where the weight of a product is while the layer runs.
void RecurrenceProgram::describePlan(ProductOp product, const WeightPlan &plan, StringRef name, bool inStep) {
  auto options = remark::RemarkOpts::name("weights").category("convert-rnn-to-rpu");
  if (plan.resident())
    remark::passed(product.getLoc(), options)
        << remark::add("{0} is resident: {1} blocks of {2} bytes", name, plan.blocks.count, plan.blocks.bytes);
  else
    remark::missed(product.getLoc(), options) << remark::add(
        "{0} is streamed at every {1} of every {8}, up to {2} times in all, as it does not fit and these run one "
        "after another: {3} of {4} blocks of {5} bytes stay, {6} copies of up to {7} bring the others",
        name, inStep ? "time step" : "time tile", readsOf(inStep), plan.staying, plan.blocks.count, plan.blocks.bytes,
        plan.copies(), plan.perCopy, lockstep() ? "tile of " + std::to_string(batchTile) + " sequences" : "sequence");
}

void RecurrenceProgram::loadWeights() {
  unsigned count = 0;
  for (Region *region : {&recurrence.getProject(), &recurrence.getStep()})
    for (ProductOp product : region->getOps<ProductOp>()) {
      std::string name = "weight_" + std::to_string(count++);
      describePlan(product, plans.at(product), name, region == &recurrence.getStep());
      products.load(product, name, [&] { return dramOf(product.getWeight(), name); });
    }
}

/// Copies the vectors that the step reads from outside to the tile.
void RecurrenceProgram::loadVectors() {
  llvm::SetVector<Value> used;
  getUsedValuesDefinedAbove(recurrence.getStep(), recurrence.getStep(), used);
  for (auto constant : recurrence.getStep().getOps<arith::ConstantOp>())
    used.insert(constant);
  for (Value value : used) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    // A lane program makes a splat itself; a product or the part of a vector needs it in memory.
    bool inLanes = splatOf(value) && llvm::none_of(value.getUsers(), llvm::IsaPred<ProductOp, tensor::ExtractSliceOp>);
    if (!type || type.getRank() != 1 || !type.getElementType().isF32() || inLanes)
      continue;
    std::string name = "vector_" + std::to_string(captured.size());
    BufferSlice slice{.buffer = program.tileBuffer(rpu::Memory::Vector, name, vectorBytes(value))};
    program.copyIn({.from = {.buffer = dramOf(value, name)},
                    .to = slice.pitched(vectorBytes(value)),
                    .bytes = vectorBytes(value),
                    .role = rpu::Role::Weights});
    captured[value] = slice;
  }
}

void RecurrenceProgram::clear(const BufferSlice &slice, int64_t elements, rpu::Role role) {
  program.lanes(elements, role, [&](OpBuilder &lane) {
    Value zero = rpu::LaneConstantOp::create(lane, program.loc, lane.getF32Type(), APFloat(0.0f));
    rpu::LaneStoreOp::create(lane, program.loc, slice.buffer, program.view(slice.pitched(0)), zero);
  });
}

/// Writes zeros to a state of a sequence.
void RecurrenceProgram::clearState(unsigned index, unsigned level, rpu::Role role) {
  clear(ofSequence(states[index], level), lastSize(recurrence.getFinals()[index]), role);
}

void RecurrenceProgram::forEachSequence(llvm::function_ref<void()> body) {
  if (lockstep())
    program.loop(together, body);
  else
    body();
}

/// Bytes of the vectors of a step, which are neighbours.
Quantity RecurrenceProgram::rowBytes(int64_t bytes) {
  return lockstep() ? Quantity::in(program.scalar<rpu::MulOp>(together.value, program.constant(bytes))) : bytes;
}

/// The vectors of so many steps.
Quantity RecurrenceProgram::vectorsOf(Reg steps) {
  return Quantity::in(lockstep() ? program.scalar<rpu::MulOp>(steps, together.value) : steps);
}

/// The length of the sequence at hand: the first of its tile, or the one that the loop at `level` is at.
Reg RecurrenceProgram::fetchLength(std::optional<unsigned> level) {
  Value lengths = recurrence.getLengths();
  if (!lengthsBuffer)
    lengthsBuffer = dramOf(lengths, "lengths");
  Reg result = program.newReg();
  BufferSlice slice{.buffer = lengthsBuffer};
  Reg one = program.constant(elementBytes(lengths));
  slice = slice.stepping(Batch, Quantity::in(lockstep() ? program.scalar<rpu::MulOp>(batchTileReg, one) : one));
  if (level)
    slice = slice.stepping(*level, elementBytes(lengths));
  rpu::FetchOp::create(program.builder, program.loc, result, lengthsBuffer, program.view(slice));
  return result;
}

/// How many of the next `count` steps a sequence has that has done so many.
Reg RecurrenceProgram::validSteps(Reg length, Reg done, Reg count) {
  Reg left = program.scalar<rpu::MinOp>(program.scalar<rpu::SubOp>(length, done), count);
  return program.scalar<rpu::MaxOp>(left, 0);
}

/// Which sequences run together, and how many steps they have.
void RecurrenceProgram::chooseSequences() {
  if (lockstep()) {
    Reg tile = program.newReg();
    rpu::IndexOp::create(program.builder, program.loc, tile, Batch);
    Reg first = program.scalar<rpu::MulOp>(tile, batchTileReg);
    together =
        Quantity::in(program.scalar<rpu::MinOp>(program.scalar<rpu::SubOp>(batch, first), batchTileReg));
  }
  if (!recurrence.getLengths()) {
    length = steps;
  } else if (!lockstep()) {
    length = fetchLength(std::nullopt);
  } else {
    length = program.scalar<rpu::AddOp>(0, 0);
    forEachSequence([&] {
      Reg one = fetchLength(Chunk);
      rpu::MaxOp::create(program.builder, program.loc, length, length, one);
    });
  }
}

/// The initial states.
void RecurrenceProgram::startSequences() {
  for (auto [index, state] : llvm::enumerate(states)) {
    int64_t bytes = vectorBytes(recurrence.getFinals()[index]);
    if (!recurrence.getInit().empty())
      program.copyIn({.from = {.buffer = dramOf(recurrence.getInit()[index], "init_" + Twine(index)),
                               .strides = {tileStride(bytes)},
                               .pitch = lockstep() ? bytes : 0},
                      .to = state.pitched(bytes),
                      .rows = together,
                      .bytes = bytes,
                      .role = rpu::Role::Input});
    else
      forEachSequence([&] { clearState(index, Chunk, rpu::Role::Input); });
  }
}

/// Calls `emit` with each product of the projection, and where the vectors of the chunk at hand go.
void RecurrenceProgram::forEachProjection(llvm::function_ref<void(ProductOp, const BufferSlice &)> emit) {
  auto yield = cast<YieldOp>(recurrence.getProject().front().getTerminator());
  for (auto [value, slice] : llvm::zip(yield.getValues(), projected))
    emit(value.getDefiningOp<ProductOp>(), slice);
}

/// Blocks of a part of a weight of the projection that each step multiplies with the next chunk's inputs: as many at
/// each, of which all rows count. The others are left to the end of the chunk.
int64_t RecurrenceProgram::blocksOfStep(ProductOp product, const ProductEmitter::Part &part) {
  int64_t whole = lastSize(product.getResult()) / products.rowsOfBlock(product) - part.first;
  return std::min(whole, part.count) / tile();
}

/// Emits, in gap `gap` of `gaps` of a step, its share of the next chunk's projection.
void RecurrenceProgram::fillGap(const Chunks &next, unsigned gap, unsigned gaps) {
  forEachProjection([&](ProductOp product, const BufferSlice &slice) {
    for (const ProductEmitter::Part &part : products.partsOf(product)) {
      int64_t each = blocksOfStep(product, part), first = each * gap / gaps;
      products.emitPart(product,
                        {.acc = slice.nextSlot(),
                         .x = xRing.nextSlot(),
                         .vectors = vectorsOf(next.steps),
                         .level = InStep,
                         .role = rpu::Role::Project},
                        {.first = part.first + first,
                         .count = each * (gap + 1) / gaps - first,
                         .level = Step,
                         .each = each,
                         .iterations = tile()},
                        next.any);
    }
  });
}

/// Emits what the steps of a chunk leave of the next one's projection.
void RecurrenceProgram::finishProjection(const Chunks &next) {
  forEachProjection([&](ProductOp product, const BufferSlice &slice) {
    for (const ProductEmitter::Part &part : products.partsOf(product)) {
      int64_t done = blocksOfStep(product, part) * tile();
      products.emitPart(product,
                        {.acc = slice.nextSlot(),
                         .x = xRing.nextSlot(),
                         .vectors = vectorsOf(next.steps),
                         .level = Step,
                         .role = rpu::Role::Project},
                        {.first = part.first + done, .count = part.count - done}, next.any);
    }
  });
}

LogicalResult RecurrenceProgram::emitStep(const Chunks &next, Reg done) {
  StepCompiler compiler(recurrence, program);
  // A sequence that has ended keeps its states and writes no output.
  Reg step = 0;
  auto forEach = [&](llvm::function_ref<void()> body) {
    forEachSequence([&] {
      if (!recurrence.getLengths())
        return body();
      program.loop(Quantity::in(validSteps(fetchLength(InStep), step, program.constant(1))), body);
    });
  };
  if (lockstep()) {
    if (recurrence.getLengths()) {
      Reg index = program.newReg();
      rpu::IndexOp::create(program.builder, program.loc, index, Step);
      step = program.scalar<rpu::AddOp>(done, index);
    }
    compiler.setSequences(batchTile, InStep, forEach);
  }
  // What a chunk holds for a step; its pitch leads to the next sequence.
  auto ofStep = [&](const BufferSlice &slice) {
    return slice.stepping(Step, rows.lookup(slice.buffer)).pitched(lockstep() ? slice.pitch : 0);
  };
  Block &block = recurrence.getStep().front();
  for (auto [index, slice] : llvm::enumerate(projected))
    compiler.setSlice(block.getArgument(index), ofStep(slice));
  for (auto [index, state] : llvm::enumerate(states)) {
    compiler.setSlice(block.getArgument(projected.size() + index), state);
    compiler.setTarget(index + 1, state);
  }
  for (auto &[value, slice] : captured)
    compiler.setSlice(value, slice);
  if (outputs.contains(0))
    compiler.setTarget(0, ofStep(yRing));
  LogicalResult result = compiler.compile(
      [&](ProductOp product, const BufferSlice &acc, const BufferSlice &x, bool accumulate) {
        products.emit(product, {.acc = acc,
                                .x = x,
                                .vectors = together,
                                .accumulate = accumulate,
                                .level = InStep,
                                .role = rpu::Role::Recur});
      },
      [&](unsigned gap, unsigned gaps) {
        if (overlaps())
          fillGap(next, gap, gaps);
      });
  llvm::append_range(handed, compiler.handedToProducts());
  return result;
}

RecurrenceProgram::Walk RecurrenceProgram::walk(const DramArgument &argument, StringRef name, Reg time, Reg chunkSteps,
                                                Reg one) {
  bool reverse = recurrence.getReverse();
  Reg step = reverse ? program.scalar<rpu::SubOp>(0, time) : time;
  Reg chunk = program.scalar<rpu::MulOp>(step, chunkSteps);
  if (!reverse)
    return {program.argumentBuffer(name, argument.number), argument, argument.base, step, chunk};
  Reg last = program.scalar<rpu::MulOp>(program.scalar<rpu::SubOp>(length, one), time);
  Reg base = program.scalar<rpu::AddOp>(argument.base, last);
  return {program.argumentBuffer(name + "_from_last", argument.number, base), argument, base, step, chunk};
}

/// The vectors of the chunk at hand, `bytes` each, of the first sequence or of all in lock-step.
BufferSlice RecurrenceProgram::chunkOf(const Walk &walk, int64_t bytes) {
  return {.buffer = walk.buffer,
          .strides = {tileStride(bytes), Quantity::in(walk.chunk)},
          .pitch = Quantity::in(walk.step)};
}

BufferSlice RecurrenceProgram::chunkOfSequence(const Walk &walk, Reg time, Reg length, Reg done, int64_t bytes) {
  BufferSlice slice = chunkOf(walk, bytes).stepping(Step, bytes);
  if (!recurrence.getReverse())
    return slice;
  Reg last = program.scalar<rpu::SubOp>(program.scalar<rpu::SubOp>(length, done), program.constant(1));
  Reg base = program.scalar<rpu::AddOp>(walk.argument.base, program.scalar<rpu::MulOp>(last, time));
  slice.buffer = program.argumentBuffer("from_last_of_sequence", walk.argument.number, base);
  slice.strides[Chunk] = 0;
  return slice;
}

/// The walk from the next chunk on.
RecurrenceProgram::Walk RecurrenceProgram::next(const Walk &walk, const Twine &name) {
  Walk moved = walk;
  moved.base = program.scalar<rpu::AddOp>(walk.base, walk.chunk);
  moved.buffer = program.argumentBuffer(name, walk.argument.number, moved.base);
  return moved;
}

/// a where that is positive, else 0.
Reg RecurrenceProgram::positive(Reg a) {
  return program.scalar<rpu::SubOp>(a, program.scalar<rpu::MinOp>(a, 0));
}

/// The steps of the chunk behind so many that are left with the one at hand.
RecurrenceProgram::Chunks RecurrenceProgram::chunkAfter(const Chunks &chunk, Reg tileReg) {
  Reg left = positive(program.scalar<rpu::SubOp>(chunk.left, tileReg));
  return {.left = left, .steps = program.scalar<rpu::MinOp>(left, tileReg)};
}

void RecurrenceProgram::copyX(const BufferSlice &from, const BufferSlice &to, Reg count) {
  Quantity row = rows.lookup(xRing.buffer);
  program.copyIn({.from = from,
                  .to = to.pitched(row),
                  .rows = Quantity::in(count),
                  .bytes = row,
                  .role = rpu::Role::Input});
}

/// The inputs of a chunk, of sequences that have ended, too: nothing uses what is computed of those.
void RecurrenceProgram::copyChunkIn(const Walk &x, Reg done, Reg count) {
  int64_t bytes = vectorBytes(recurrence.getX());
  if (!lockstep() || !recurrence.getLengths() || !recurrence.getReverse())
    return copyX(chunkOf(x, bytes), xRing, count);
  // Each sequence begins at its own last step. One that ends within the chunk has its first vector for the steps that
  // it does not have.
  forEachSequence([&] {
    Reg length = fetchLength(Step), valid = validSteps(length, done, count);
    BufferSlice to = xRing.stepping(Step, bytes).pitched(rows.lookup(xRing.buffer));
    Reg missing = program.scalar<rpu::SubOp>(count, valid);
    program.loop(Quantity::in(program.scalar<rpu::MinOp>(missing, program.constant(1))), [&] {
      program.copyIn({.from = {.buffer = program.argumentBuffer("x_first", x.argument.number),
                               .strides = {tileStride(bytes), 0, bytes},
                               .pitch = 0},
                      .to = to,
                      .rows = Quantity::in(count),
                      .bytes = bytes,
                      .role = rpu::Role::Input});
    });
    program.copyIn({.from = chunkOfSequence(x, xTime, length, done, bytes),
                    .to = to,
                    .rows = Quantity::in(valid),
                    .bytes = bytes,
                    .role = rpu::Role::Input});
  });
}

void RecurrenceProgram::copyChunkOut(const Walk &y, Reg done, Reg count) {
  int64_t bytes = vectorBytes(recurrence.getY());
  Quantity row = rows.lookup(yRing.buffer);
  if (!lockstep() || !recurrence.getLengths()) {
    program.copyOut({.from = yRing.pitched(row),
                     .to = chunkOf(y, bytes),
                     .rows = Quantity::in(count),
                     .bytes = row,
                     .role = rpu::Role::Output});
    return;
  }
  forEachSequence([&] {
    Reg length = fetchLength(Step), valid = validSteps(length, done, count);
    program.copyOut({.from = yRing.stepping(Step, bytes).pitched(row),
                     .to = chunkOfSequence(y, yTime, length, done, bytes),
                     .rows = Quantity::in(valid),
                     .bytes = bytes,
                     .role = rpu::Role::Output});
  });
}

/// Before the first chunk: its projection, and the inputs of it and of the next one.
void RecurrenceProgram::runAhead(const Walk &x, const Walk &second, Reg tileReg) {
  Chunks first{.left = length, .steps = program.scalar<rpu::MinOp>(length, tileReg)};
  // Outside the loop over chunks, which the rings turn with.
  auto slot = [&](const BufferSlice &ring, bool other) {
    BufferSlice fixed = ring;
    fixed.strides.clear();
    fixed.ringLevel = fixed.ringDepth = 0;
    return other ? fixed.at(ring.strides[Chunk].value) : fixed;
  };
  auto here = [&](const Walk &walk) {
    BufferSlice slice = chunkOf(walk, vectorBytes(recurrence.getX()));
    slice.strides.truncate(Chunk);
    return slice;
  };
  copyX(here(x), slot(xRing, false), first.steps);
  copyX(here(second), slot(xRing, true), chunkAfter(first, tileReg).steps);
  forEachProjection([&](ProductOp product, const BufferSlice &slice) {
    products.emit(product, {.acc = slot(slice, false),
                            .x = slot(xRing, false),
                            .vectors = vectorsOf(first.steps),
                            .level = Chunk,
                            .role = rpu::Role::Project});
  });
}

LogicalResult RecurrenceProgram::emitChunks() {
  Reg tileReg = program.timeTile(tile()), one = program.constant(1);
  // A chunk has room for so many vectors, and each step has one of every sequence.
  if (lockstep() && tile() > 1)
    tileReg = program.scalar<rpu::MinOp>(
        tileReg, program.scalar<rpu::DivOp>(program.constant(chunkVectors()), together.value));
  Reg chunks =
      program.scalar<rpu::DivOp>(program.scalar<rpu::SubOp>(program.scalar<rpu::AddOp>(length, tileReg), one), tileReg);
  Walk x = walk(inputs[recurrence.getX()], "x", xTime, tileReg, one), y{};
  rows[xRing.buffer] = rowBytes(vectorBytes(recurrence.getX()));
  for (const BufferSlice &slice : projected)
    rows[slice.buffer] = rowBytes(slice.pitch.value);
  bool wantsY = outputs.contains(0);
  if (wantsY) {
    y = walk(outputs[0], "y", yTime, tileReg, one);
    rows[yRing.buffer] = rowBytes(vectorBytes(recurrence.getY()));
  }
  Walk ahead = x;
  if (overlaps()) {
    Walk second = next(x, "x_second_chunk");
    ahead = next(second, "x_third_chunk");
    runAhead(x, second, tileReg);
  }
  Operation *before = &program.builder.getBlock()->back();

  LogicalResult result = success();
  program.loop(Quantity::in(chunks), [&] {
    Reg index = program.newReg();
    rpu::IndexOp::create(program.builder, program.loc, index, Chunk);
    Reg done = program.scalar<rpu::MulOp>(index, tileReg);
    Chunks chunk{.left = program.scalar<rpu::SubOp>(length, done)}, following;
    chunk.steps = program.scalar<rpu::MinOp>(chunk.left, tileReg);
    if (overlaps()) {
      following = chunkAfter(chunk, tileReg);
      following.any = program.scalar<rpu::MinOp>(following.steps, one);
      // The chunk after the next takes the place of the one whose projection is there.
      copyX(chunkOf(ahead, vectorBytes(recurrence.getX())), xRing, chunkAfter(following, tileReg).steps);
    } else {
      copyChunkIn(x, done, chunk.steps);
      Quantity vectors = vectorsOf(chunk.steps);
      forEachProjection([&](ProductOp product, const BufferSlice &slice) {
        products.emit(product,
                      {.acc = slice, .x = xRing, .vectors = vectors, .level = Step, .role = rpu::Role::Project});
      });
    }
    program.loop(Quantity::in(chunk.steps), [&] { result = emitStep(following, done); });
    if (overlaps())
      finishProjection(following);
    if (wantsY)
      copyChunkOut(y, done, chunk.steps);
  });
  // Products take the vectors of sequences without a step, too.
  if (lockstep() && recurrence.getLengths() && !handed.empty()) {
    OpBuilder::InsertionGuard guard(program.builder);
    program.builder.setInsertionPointAfter(before);
    forEachSequence([&] {
      for (const StepCompiler::Handed &each : handed)
        clear(ofSequence(each.slice, Chunk), each.elements, rpu::Role::Input);
    });
  }
  return result;
}

/// Zeros past the length, and the final states.
void RecurrenceProgram::finishSequences() {
  if (recurrence.getLengths())
    forEachSequence([&] {
      Reg one = program.constant(1), length = lockstep() ? fetchLength(Chunk) : this->length;
      if (outputs.contains(0)) {
        int64_t bytes = vectorBytes(recurrence.getY());
        Reg rest = program.scalar<rpu::SubOp>(steps, length);
        Reg base = program.scalar<rpu::AddOp>(outputs[0].base, program.scalar<rpu::MulOp>(length, yTime));
        BufferSlice past{.buffer = program.argumentBuffer("y_past_length", outputs[0].number, base),
                         .strides = {tileStride(bytes)},
                         .pitch = Quantity::in(yTime)};
        if (lockstep())
          past = past.stepping(Chunk, bytes);
        rpu::FillOp::create(program.builder, program.loc, past.buffer, program.view(past),
                            program.size(Quantity::in(rest)), program.size(bytes), ArrayRef<int64_t>(),
                            ArrayRef<int64_t>(), rpu::Role::Output);
      }
      // Runs once for a length of 0, not at all otherwise.
      Reg empty = program.scalar<rpu::SubOp>(one, program.scalar<rpu::MinOp>(length, one));
      bool wanted =
          llvm::any_of(llvm::seq<unsigned>(1, states.size() + 1), [&](unsigned k) { return outputs.contains(k); });
      if (wanted)
        program.loop(Quantity::in(empty), [&] {
          for (unsigned index = 0; index < states.size(); ++index)
            if (outputs.contains(index + 1))
              clearState(index, Chunk, rpu::Role::Output);
        });
    });
  for (auto [index, state] : llvm::enumerate(states)) {
    if (!outputs.contains(index + 1))
      continue;
    int64_t bytes = vectorBytes(recurrence.getFinals()[index]);
    program.copyOut({.from = state.pitched(bytes),
                     .to = {.buffer = program.argumentBuffer("state_" + Twine(index), outputs[index + 1].number),
                            .strides = {tileStride(bytes)},
                            .pitch = lockstep() ? bytes : 0},
                     .rows = together,
                     .bytes = bytes,
                     .role = rpu::Role::Output});
  }
}

/// A program holds constants and the recurrence, whose results alone it returns.
LogicalResult RecurrenceProgram::verifyProgram() {
  if (!llvm::isa<BlockArgument>(recurrence.getX()))
    return recurrence.emitError("expects x to be an argument of the program");
  for (Operation &op : source.getBody().front()) {
    if (auto end = dyn_cast<rpu::ReturnOp>(op)) {
      if (!llvm::all_of(end.getOperands(), [&](Value value) { return value.getDefiningOp() == recurrence; }))
        return end.emitError("expects results of the recurrence");
    } else if (&op != recurrence.getOperation() && !isa<ReinterpretOp>(op) && !matchPattern(&op, m_Constant())) {
      return op.emitError("expects a program of constants and one recurrence, found ") << op.getName();
    }
  }
  return success();
}

LogicalResult RecurrenceProgram::run() {
  if (failed(verifyProgram()))
    return failure();
  for (Operation &op : recurrence.getProject().front())
    if (auto product = dyn_cast<ProductOp>(op)) {
      if (product.getX() != recurrence.getProject().getArgument(0) || product.getAcc())
        return product.emitError("expects the products of a projection to be of the input alone");
    } else if (!llvm::isa<YieldOp>(op)) {
      return op.emitError("the machine projects by products alone, found ") << op.getName();
    }
  for (Region *region : {&recurrence.getProject(), &recurrence.getStep()})
    for (ProductOp product : region->getOps<ProductOp>())
      if (failed(ProductEmitter::verify(product)))
        return failure();
  declareArguments();
  declareBuffers();
  xTime = program.scalar<rpu::MulOp>(batch, program.constant(vectorBytes(recurrence.getX())));
  if (outputs.contains(0))
    yTime = program.scalar<rpu::MulOp>(batch, program.constant(vectorBytes(recurrence.getY())));
  loadWeights();
  loadVectors();
  Quantity tiles = Quantity::in(batch);
  if (lockstep()) {
    batchTileReg = program.batchTile(batchTile);
    Reg most = program.scalar<rpu::SubOp>(program.scalar<rpu::AddOp>(batch, batchTileReg), program.constant(1));
    tiles = Quantity::in(program.scalar<rpu::DivOp>(most, batchTileReg));
  }
  LogicalResult result = success();
  program.loop(tiles, [&] {
    chooseSequences();
    startSequences();
    result = emitChunks();
    finishSequences();
  });
  rpu::HaltOp::create(program.builder, program.loc);
  if (program.exhausted() && !lockstep())
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
