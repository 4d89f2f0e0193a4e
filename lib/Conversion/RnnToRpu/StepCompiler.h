//===- StepCompiler.h - One time step as instructions -----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "ProgramBuilder.h"

#include "rnn-mlir/Dialect/Rnn/IR/Steps.h"

#include <functional>

namespace rnn {

/// Emits a product of the step: weights, panels and streaming are the caller's.
using EmitProduct =
    llvm::function_ref<void(ProductOp product, const BufferSlice &acc, const BufferSlice &x, bool accumulate)>;

/// Makes `body` run for each of the sequences that run in lock-step.
using ForEachSequence = std::function<void(llvm::function_ref<void()> body)>;

/// Compiles a region of a recurrence that `verifySteps` accepts, for one time step.
///
/// The products of a stage (see `Staging`) are `product` instructions; its element-wise operations are one lane program
/// for each vector length. Values that only the lane program of their own stage uses exist in lane registers alone.
///
/// Of several sequences in lock-step a product takes the vectors of all at once, and a lane program runs for one after
/// another. Slices are those of the first; their pitch leads to the next one's, and is 0 where all have the same.
class StepCompiler {
public:
  /// The products `given` have been emitted. Buffers are named after `prefix`, lane programs have the role.
  StepCompiler(mlir::Block &region, ProgramBuilder &program, rpu::Role role, llvm::StringRef prefix,
               const llvm::SetVector<mlir::Operation *> &given = {})
      : region(region), program(program), role(role), prefix(prefix), staging(region, given) {}

  /// The region is of up to `count` sequences in lock-step; in what `loop` makes, the loop of `level` is over them.
  void setSequences(int64_t count, unsigned level, ForEachSequence loop) {
    sequences = count;
    sequenceLevel = level;
    forEachSequence = std::move(loop);
  }
  /// Where a value from outside the region, a projected value or a state lies. `mayOverwrite`: it lies in the
  /// accumulators and is needed no more once its uses in the region are done.
  void setSlice(mlir::Value value, const BufferSlice &slice, bool mayOverwrite = false) {
    slices[value] = slice;
    if (mayOverwrite)
      overwritable.insert(value);
  }
  /// Where the new value of each yielded operand goes; not where nothing uses it.
  void setTarget(unsigned yielded, const BufferSlice &slice) { targets.emplace_back(yielded, slice); }

  /// Emits the step. Refuses, at the operation, what the machine cannot do.
  /// Behind the products of each stage that has any, while the lanes compute what needs them, there is a gap: `fill` is
  /// called with its number and how many there are in all (one at least), and may emit what does not belong to the
  /// step.
  mlir::LogicalResult compile(EmitProduct emit, llvm::function_ref<void(unsigned gap, unsigned gaps)> fill);

private:
  void emitProducts(const Staging::Stage &stage, EmitProduct emit);
  mlir::LogicalResult emitLanes(unsigned stage);
  mlir::LogicalResult emitLaneProgram(int64_t n, llvm::ArrayRef<mlir::Operation *> ops,
                                      llvm::ArrayRef<std::pair<mlir::Value, BufferSlice>> stores);
  /// Where a value lies in memory: a buffer is made where it has none yet.
  BufferSlice materialise(mlir::Value value, rpu::Memory memory);
  /// A lane program for each sequence, and a slice as it sees it.
  void lanes(int64_t n, llvm::function_ref<void(mlir::OpBuilder &)> fill);
  rpu::ViewAttr viewInLanes(const BufferSlice &slice, rpu::Format format) {
    return program.view(sequences == 1 ? slice : slice.stepping(sequenceLevel, slice.pitch).pitched(0), format);
  }
  /// Whether `product` may accumulate where its `acc` operand lies.
  bool accumulatesInPlace(ProductOp product);
  /// Whether a value lies at its target already.
  bool isInPlace(mlir::Value value, const BufferSlice &target) const;
  mlir::Operation *terminator() { return region.getTerminator(); }

  mlir::Block &region;
  ProgramBuilder &program;
  rpu::Role role;
  llvm::StringRef prefix;
  Staging staging;
  llvm::DenseMap<mlir::Value, BufferSlice> slices;
  llvm::DenseSet<mlir::Value> overwritable;
  llvm::SmallVector<std::pair<unsigned, BufferSlice>> targets;
  /// Element-wise values of a stage that must be stored for others.
  llvm::DenseMap<unsigned, llvm::SmallVector<std::pair<mlir::Value, BufferSlice>>> stored;
  unsigned temporaries = 0;
  int64_t sequences = 1;
  unsigned sequenceLevel = 0;
  ForEachSequence forEachSequence;
};

} // namespace rnn
