//===- RecurrenceProgram.h - The loops of a program -------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "LayerBounds.h"
#include "ProductEmitter.h"
#include "StepCompiler.h"

namespace rnn {

/// Turns the recurrence of a program into loops over sequences, chunks of time steps and steps; brings inputs and
/// states to the tile and results back.
class RecurrenceProgram {
public:
  /// The instructions go to `body`, an empty block.
  RecurrenceProgram(rpu::ProgramOp source, RecurrenceOp recurrence, mlir::Block *body, const WeightPlans &plans,
                    int64_t batchTile)
      : source(source), recurrence(recurrence), plans(plans), program(body, recurrence.getLoc()),
        products(program, plans), batchTile(batchTile) {}

  /// Refuses, at the operation, what the machine cannot do.
  mlir::LogicalResult run();
  /// Whether there are too few registers for sequences in lock-step; there may be enough for one after another.
  bool needsFewerSequences() const { return lockstep() && program.exhausted(); }
  /// After `run`: the arguments of the program, and what bounds its time.
  mlir::ArrayAttr arguments() { return program.builder.getArrayAttr(argumentAttrs); }
  rpu::LayerAttr layer();

private:
  /// What is left of a sequence from a chunk on, in registers.
  struct Chunks {
    /// Steps from its first on, and those that it has itself; with `any`, 1 where it has steps, else 0.
    Reg left = 0, steps = 0, any = 0;
  };
  Reg positive(Reg a);
  Chunks chunkAfter(const Chunks &chunk, Reg tileReg);

  // Set-up.
  mlir::LogicalResult verifyProgram();
  void declareArguments();
  void declareBuffers();
  void loadWeights();
  void loadVectors();
  void describePlan(ProductOp product, const WeightPlan &plan, llvm::StringRef name, bool inStep);
  std::string readsOf(bool inStep);
  mlir::Value dramOf(mlir::Value value, const llvm::Twine &name);

  // The body of the loop over sequences.
  void clear(const BufferSlice &slice, int64_t elements, rpu::Role role);
  void clearState(unsigned index, unsigned level, rpu::Role role);
  void chooseSequences();
  void startSequences();
  mlir::LogicalResult emitChunks();
  void forEachProjection(llvm::function_ref<void(ProductOp, const BufferSlice &)> emit);
  int64_t blocksOfStep(ProductOp product, const ProductEmitter::Part &part);
  void fillGap(const Chunks &next, unsigned gap, unsigned gaps);
  void finishProjection(const Chunks &next);
  mlir::LogicalResult emitStep(const Chunks &next, Reg done);
  void finishSequences();

  // Sequences in lock-step. A loop over them, if there is one, is at `level`.
  bool lockstep() const { return batchTile > 1; }
  void forEachSequence(llvm::function_ref<void()> body);
  BufferSlice ofSequence(const BufferSlice &slice, unsigned level) const {
    return lockstep() ? slice.stepping(level, slice.pitch) : slice;
  }
  Reg fetchLength(std::optional<unsigned> level);
  Reg validSteps(Reg length, Reg done, Reg count);
  /// Bytes from the vectors of a tile's first sequence in DRAM to those of the next tile's.
  Quantity tileStride(int64_t bytes) const { return batchTile * bytes; }
  /// The most vectors of a chunk: of all its steps and sequences.
  int64_t chunkVectors() { return std::max(tile(), batchTile); }
  Quantity rowBytes(int64_t bytes);
  Quantity vectorsOf(Reg steps);

  /// Whether the projection of a chunk is cut into pieces that run beside the steps of the chunk before.
  bool overlaps() { return recurrence.getSchedule() == ScheduleKind::Overlap; }
  int64_t tile() { return static_cast<int64_t>(recurrence.getTimeTile()); }

  rpu::ProgramOp source;
  RecurrenceOp recurrence;
  const WeightPlans &plans;
  ProgramBuilder program;
  ProductEmitter products;

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
    DramArgument argument;
    /// The address of the first.
    Reg base;
    /// Bytes to the next step and to the next chunk.
    Reg step, chunk;
  };
  Walk walk(const DramArgument &argument, llvm::StringRef name, Reg time, Reg chunkSteps, Reg one);
  Walk next(const Walk &walk, const llvm::Twine &name);
  BufferSlice chunkOf(const Walk &walk, int64_t bytes);
  /// Of the sequence at hand, from `length` - 1 - `done` backward where the layer is reversed.
  BufferSlice chunkOfSequence(const Walk &walk, Reg time, Reg length, Reg done, int64_t bytes);
  void copyX(const BufferSlice &from, const BufferSlice &to, Reg count);
  void copyChunkIn(const Walk &x, Reg done, Reg count);
  void copyChunkOut(const Walk &y, Reg done, Reg count);
  void runAhead(const Walk &x, const Walk &second, Reg tileReg);
  llvm::DenseMap<mlir::Value, DramArgument> inputs;
  /// By result of the recurrence; absent where nothing uses it.
  llvm::DenseMap<unsigned, DramArgument> outputs;

  /// Sequences in lock-step: the most, their register, and how many a tile has.
  int64_t batchTile;
  Reg batchTileReg = 0;
  Quantity together = 1;
  /// The length is of the sequence, or the longest of those in lock-step.
  Reg steps = 0, batch = 0, length = 0;
  mlir::Value lengthsBuffer;
  /// Bytes between steps of x and y in DRAM.
  Reg xTime = 0, yTime = 0;
  BufferSlice xRing, yRing;
  llvm::SmallVector<BufferSlice> states;
  /// For each projected value: where the vector of a chunk's first step lies; the pitch leads to the next step's.
  llvm::SmallVector<BufferSlice> projected;
  llvm::DenseMap<mlir::Value, BufferSlice> captured;
  /// Of buffers of a chunk: bytes from a step's vectors to the next one's.
  llvm::DenseMap<mlir::Value, Quantity> rows;
  /// What lane programs write for products to read.
  llvm::SmallVector<StepCompiler::Handed> handed;
};

} // namespace rnn
