//===- RecurrenceProgram.h - The loops of a program -------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "LayerBounds.h"
#include "ProductEmitter.h"

#include "rnn-mlir/Dialect/Rnn/IR/Steps.h"
#include "rnn-mlir/Dialect/Rnn/IR/TimeTile.h"

namespace rnn {

class StepCompiler;

/// Turns the recurrence of a program into loops over sequences, chunks of time steps and steps; brings inputs and
/// states to the tile and results back.
///
/// With a batch tile the outermost loop is over tiles of sequences, which take their steps together: a product has a
/// vector of each, so that what is fetched of a weight serves them all, and lane programs run for one after another.
/// Where their lengths differ, they all take as many steps as the longest. Time falls into segments: at the end of one,
/// going forward, some sequences end and their states are written to the results; going backward, some begin and get
/// their initial states. What is computed of a sequence beside its own steps is overwritten by that, or by zeros in y.
class RecurrenceProgram {
public:
  /// The instructions go to `body`, an empty block.
  RecurrenceProgram(rpu::ProgramOp source, RecurrenceOp recurrence, mlir::Block *body, const WeightPlans &plans)
      : source(source), recurrence(recurrence), plans(plans), program(body, recurrence.getLoc()),
        products(program, plans), projection(recurrence), batchTile(lockstepSequences(recurrence)) {
    unsigned chunk = segmented() ? 2 : 1;
    level = {.chunk = chunk, .step = chunk + 1, .inStep = chunk + 2};
  }

  /// Refuses, at the operation, what the machine cannot do, but for a lack of registers in lock-step.
  mlir::LogicalResult run();
  /// Whether the program in lock-step takes more scalar registers than there are: one sequence at a time takes fewer.
  bool lacksRegisters() const { return lockstep() && program.exhausted(); }
  /// After `run`: the arguments of the program, and what bounds its time.
  mlir::ArrayAttr arguments() { return program.builder.getArrayAttr(argumentAttrs); }
  rpu::LayerAttr layer(const target::TargetModel &model);

private:
  /// What is left of a sequence from a chunk on, in registers.
  struct ChunkSteps {
    /// Steps from its first on, and those that it has itself; with `any`, 1 where it has steps, else 0.
    Reg left = 0, steps = 0, any = 0;
    /// The vectors of its steps, of all sequences.
    Quantity vectors = 0;
  };
  ChunkSteps chunkAfter(const ChunkSteps &chunk, Reg tileReg);

  // Set-up.
  mlir::LogicalResult verifyProgram();
  void declareArguments();
  void declareBuffers();
  void loadWeights();
  void loadVectors();
  void describePlan(mlir::Location loc, const WeightPlan &plan, llvm::StringRef name, bool inStep);
  std::string readsOf(bool inStep);
  mlir::Value dramOf(mlir::Value value, const llvm::Twine &name);

  // The body of the loop over sequences, or tiles of them.
  void chooseSequences();
  void startSequences();
  void startState(unsigned index, std::optional<unsigned> sequenceLevel);
  mlir::LogicalResult emitSegments();
  mlir::LogicalResult emitChunks(Reg steps);
  mlir::LogicalResult projectChunk(const ChunkSteps &chunk);
  mlir::LogicalResult emitStep(const ChunkSteps &next);
  BufferSlice inputsOf(ProductOp product, const BufferSlice &x);
  int64_t blocksOfStep(ProductOp product, const ProductEmitter::Part &part);
  void fillGap(const ChunkSteps &next, unsigned gap, unsigned gaps);
  void finishProjection(const ChunkSteps &next);
  void setState(StepCompiler &compiler, mlir::Value argument, mlir::Value next, unsigned state, unsigned yielded);
  mlir::LogicalResult compile(StepCompiler &compiler, rpu::Role role,
                              llvm::function_ref<void(unsigned gap, unsigned gaps)> fill);
  void zeroPastLength();
  void writeState(unsigned index, std::optional<unsigned> sequenceLevel);

  // Sequences in lock-step.
  bool lockstep() const { return batchTile > 1; }
  /// Whether the sequences of a tile may differ in length.
  bool segmented() { return lockstep() && recurrence.getLengths(); }
  /// Whether a chunk has all vectors of one sequence before those of the next: a window is one vector of its inputs.
  /// Else it has the vectors of one step before those of the next, so that those of all steps and sequences are one
  /// row.
  bool sequenceMajor() { return lockstep() && windowRows() > 0; }
  void forEachSequence(llvm::function_ref<void()> body);
  void forEachSequence(StepCompiler &compiler);
  /// The length of the sequence at hand, or of the one that the loop of that level is at.
  Reg fetchLength(std::optional<unsigned> sequenceLevel);
  /// The steps after which it ends, or going backward begins.
  Reg fetchEvent(unsigned sequenceLevel);
  /// 1 where a > b, else 0; of numbers that are not negative.
  Reg isMore(Reg a, Reg b);
  /// Bytes in DRAM from a vector of the first sequence of a tile to that of the next tile's.
  int64_t tileStride(int64_t bytes) const { return batchTile * bytes; }
  Quantity vectorsOf(Reg steps);

  /// Whether the projection of a chunk is cut into pieces that run beside the steps of the chunk before.
  bool overlaps() { return recurrence.getSchedule() == ScheduleKind::Overlap && canOverlap(projection, recurrence); }
  /// Inputs that a step sees beside its own.
  int64_t windowRows() { return static_cast<int64_t>(recurrence.getWindow()) - 1; }
  int64_t tile() { return static_cast<int64_t>(recurrence.getTimeTile()); }

  rpu::ProgramOp source;
  RecurrenceOp recurrence;
  const WeightPlans &plans;
  ProgramBuilder program;
  ProductEmitter products;
  Projection projection;

  llvm::SmallVector<mlir::Attribute> argumentAttrs;
  /// Number and address register of the argument of a program input, and of each output.
  struct DramArgument {
    int64_t number;
    Reg base;
  };
  DramArgument declareArgument(mlir::Value value, llvm::StringRef name, bool output, bool givesSizes);
  /// The vectors of a sequence in DRAM, in the order of their steps: backward in time where the layer is reversed.
  struct Walk {
    mlir::Value buffer;
    /// Bytes to the next step and to the next chunk.
    Reg step, chunk;
    /// The address of the first step, in a register.
    Reg first;
  };
  Walk next(const Walk &walk, int64_t argument, const llvm::Twine &name);
  BufferSlice chunkOf(const Walk &walk, int64_t bytes);
  void copyX(const BufferSlice &from, const BufferSlice &to, Reg count);
  void copyY(const BufferSlice &to, Reg count);
  void runAhead(const Walk &x, const Walk &second, Reg tileReg);
  void declareWindow(const Walk &x);
  void loadWindow(Reg done);
  void loadWindowOf(Reg done);
  Walk walk(const DramArgument &argument, llvm::StringRef name, Reg time, Reg chunkSteps, Reg one);
  llvm::DenseMap<mlir::Value, DramArgument> inputs;
  /// By result of the recurrence; absent where nothing uses it.
  llvm::DenseMap<unsigned, DramArgument> outputs;

  /// The vectors of a chunk on the tile.
  struct ChunkBuffer {
    /// Of its first step and sequence.
    BufferSlice first;
    /// Of a vector; and the most vectors of a sequence.
    int64_t bytes = 0, rows = 0;
    ChunkBuffer at(int64_t offset) const { return {first.at(offset), bytes, rows}; }
  };
  /// Bytes from a vector to that of the next step, and of the next sequence.
  Quantity stepPitch(const ChunkBuffer &chunk);
  int64_t sequencePitch(const ChunkBuffer &chunk);
  /// What a chunk holds for a step; its pitch leads to the next sequence.
  BufferSlice ofStep(const ChunkBuffer &chunk);

  struct {
    unsigned chunk, step, inStep;
  } level;
  /// The most sequences of a tile, their register, and how many a tile has.
  int64_t batchTile;
  Reg batchTileReg = 0;
  Quantity together = 1;
  /// By the bytes of a vector, those of the vectors of all sequences.
  llvm::DenseMap<int64_t, Reg> ofAllSequences;

  /// The length is that of the sequence, or of the longest of those in lock-step; a segment begins after `segmentDone`
  /// steps.
  Reg steps = 0, batch = 0, length = 0, segmentDone = 0;
  /// The steps of a whole chunk.
  Reg tileSteps = 0;
  /// In DRAM.
  mlir::Value lengths;
  /// Bytes between steps of x and y in DRAM.
  Reg xTime = 0, yTime = 0;
  /// Where the window of a chunk's first step begins; it ends with the first input of the chunk.
  ChunkBuffer xRing, yRing;
  /// In DRAM, what the first steps of a chunk see beside its inputs: the inputs before it, from the last to the first,
  /// and, where given, the rows of `history` that are left.
  BufferSlice before, history;
  llvm::SmallVector<BufferSlice> states;
  /// Of each product that runs ahead, and each projected value.
  llvm::DenseMap<mlir::Operation *, ChunkBuffer> ahead;
  llvm::SmallVector<ChunkBuffer> projected;
  llvm::DenseMap<mlir::Value, BufferSlice> captured;
};

} // namespace rnn
