//===- StepCompiler.h - One time step as instructions -----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "ProgramBuilder.h"

#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"

#include <map>

namespace rnn {

/// Emits a product of the step: weights, panels and streaming are the caller's.
using EmitProduct =
    llvm::function_ref<void(ProductOp product, const BufferSlice &acc, const BufferSlice &x, bool accumulate)>;

/// Makes `body` run for each of the sequences that run in lock-step.
using ForEachSequence = llvm::function_ref<void(llvm::function_ref<void()> body)>;

/// Compiles the `step` region of a recurrence that `verifySteps` accepts.
///
/// The values of the region fall into stages: a stage is all products whose operands the stages before give, and then
/// all element-wise operations that need no further product. The products of a stage are `product` instructions; its
/// element-wise operations are one lane program for each vector length. Values that only the lane program of their own
/// stage uses exist in lane registers alone.
///
/// Of several sequences in lock-step a product takes all vectors at once; a lane program runs for one after another.
/// Slices are of the first sequence, and their pitch leads to the next one's; it is 0 for what all share.
class StepCompiler {
public:
  StepCompiler(RecurrenceOp recurrence, ProgramBuilder &program) : recurrence(recurrence), program(program) {}

  /// Where a value from outside the region, a projected value or a state lies.
  void setSlice(mlir::Value value, const BufferSlice &slice) { slices[value] = slice; }
  /// Where the new value of each yielded operand goes; not where nothing uses it.
  void setTarget(unsigned yielded, const BufferSlice &slice) { targets.emplace_back(yielded, slice); }

  /// Emits the step. Refuses, at the operation, what the machine cannot do. Behind the products of each stage that has
  /// any, while the lanes compute what needs them, there is a gap: `fill` is called with its number and how many there
  /// are in all (one at least) and may emit what does not belong to the step.
  mlir::LogicalResult compile(EmitProduct emit, llvm::function_ref<void(unsigned gap, unsigned gaps)> fill);

  /// The step is of up to `count` sequences; inside `loop` the index of the loop at `level` is the sequence.
  void setSequences(int64_t count, unsigned level, ForEachSequence loop) {
    sequences = count;
    sequenceLevel = level;
    forEachSequence = loop;
  }
  /// Buffers, and the elements of a sequence in each, that lane programs write for products to read.
  struct Handed {
    BufferSlice slice;
    int64_t elements;
  };
  llvm::ArrayRef<Handed> handedToProducts() const { return handed; }

private:
  void assignStages();
  mlir::LogicalResult emitProducts(unsigned stage, EmitProduct emit);
  mlir::LogicalResult emitLanes(unsigned stage);
  mlir::LogicalResult emitLaneProgram(unsigned stage, int64_t n, llvm::ArrayRef<mlir::Operation *> ops,
                                      llvm::ArrayRef<std::pair<mlir::Value, BufferSlice>> stores);
  /// Where a value lies in memory: a buffer is made where it has none yet.
  BufferSlice materialise(mlir::Value value, rpu::Memory memory);
  /// A new buffer for a vector of each sequence.
  BufferSlice newBuffer(rpu::Memory memory, int64_t bytes);
  /// A lane program of each sequence, and a slice as it sees it.
  void lanes(int64_t n, llvm::function_ref<void(mlir::OpBuilder &)> fill);
  BufferSlice inLanes(const BufferSlice &slice) const {
    return sequences == 1 ? slice : slice.stepping(sequenceLevel, slice.pitch).pitched(0);
  }
  unsigned stageOf(mlir::Value value) const { return stages.lookup(value); }

  RecurrenceOp recurrence;
  ProgramBuilder &program;
  llvm::DenseMap<mlir::Value, BufferSlice> slices;
  llvm::DenseMap<mlir::Value, unsigned> stages;
  llvm::SmallVector<std::pair<unsigned, BufferSlice>> targets;
  /// Element-wise values of a stage that must be stored for others.
  llvm::DenseMap<unsigned, llvm::SmallVector<std::pair<mlir::Value, BufferSlice>>> stored;
  unsigned lastStage = 0, temporaries = 0;
  int64_t sequences = 1;
  unsigned sequenceLevel = 0;
  ForEachSequence forEachSequence;
  llvm::SmallVector<Handed> handed;
};

} // namespace rnn
