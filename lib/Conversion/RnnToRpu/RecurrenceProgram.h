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
class RecurrenceProgram {
public:
  /// The instructions go to `body`, an empty block.
  RecurrenceProgram(rpu::ProgramOp source, RecurrenceOp recurrence, mlir::Block *body, const WeightPlans &plans)
      : source(source), recurrence(recurrence), plans(plans), program(body, recurrence.getLoc()),
        products(program, plans), projection(recurrence) {}

  /// Refuses, at the operation, what the machine cannot do.
  mlir::LogicalResult run();
  /// After `run`: the arguments of the program, and what bounds its time.
  mlir::ArrayAttr arguments() { return program.builder.getArrayAttr(argumentAttrs); }
  rpu::LayerAttr layer();

private:
  /// What is left of a sequence from a chunk on, in registers.
  struct ChunkSteps {
    /// Steps from its first on, and those that it has itself; with `any`, 1 where it has steps, else 0.
    Reg left = 0, steps = 0, any = 0;
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

  // The body of the loop over sequences.
  void clearState(unsigned index, rpu::Role role);
  void startSequence();
  mlir::LogicalResult emitChunks();
  mlir::LogicalResult projectChunk(Quantity steps);
  mlir::LogicalResult emitStep(const ChunkSteps &next);
  BufferSlice inputsOf(ProductOp product, const BufferSlice &x);
  int64_t blocksOfStep(ProductOp product, const ProductEmitter::Part &part);
  void fillGap(const ChunkSteps &next, unsigned gap, unsigned gaps);
  void finishProjection(const ChunkSteps &next);
  void setState(StepCompiler &compiler, mlir::Value argument, mlir::Value next, unsigned state, unsigned yielded);
  mlir::LogicalResult compile(StepCompiler &compiler, rpu::Role role,
                              llvm::function_ref<void(unsigned gap, unsigned gaps)> fill);
  void finishSequence();

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
  BufferSlice chunkOf(const Walk &walk, Reg sequence);
  void copyX(const BufferSlice &from, const BufferSlice &to, Reg count);
  void runAhead(const Walk &x, const Walk &second, Reg tileReg);
  void declareWindow(const Walk &x);
  void loadWindow(Reg done);
  Walk walk(const DramArgument &argument, llvm::StringRef name, Reg time, Reg chunkSteps, Reg one);
  llvm::DenseMap<mlir::Value, DramArgument> inputs;
  /// By result of the recurrence; absent where nothing uses it.
  llvm::DenseMap<unsigned, DramArgument> outputs;

  Reg steps = 0, batch = 0, length = 0;
  /// Bytes between sequences and between steps of x and y in DRAM.
  Reg xBatch = 0, xTime = 0, yBatch = 0, yTime = 0;
  /// Where the window of a chunk's first step begins; it ends with the first input of the chunk.
  BufferSlice xRing;
  BufferSlice yRing;
  /// In DRAM, what the first steps of a chunk see beside its inputs: the inputs before it, from the last to the first,
  /// and, where given, the rows of `history` that are left.
  BufferSlice before, history;
  llvm::SmallVector<BufferSlice> states;
  /// For each product that runs ahead, and each projected value: where the vector of a chunk's first step lies; the
  /// pitch leads to the next step's.
  llvm::DenseMap<mlir::Operation *, BufferSlice> ahead;
  llvm::SmallVector<BufferSlice> projected;
  llvm::DenseMap<mlir::Value, BufferSlice> captured;
};

} // namespace rnn
