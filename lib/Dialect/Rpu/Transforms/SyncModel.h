//===- SyncModel.h - Executions of a program, for their order ---*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Dialect/Rpu/IR/Rpu.h"
#include "rnn-mlir/Isa/Isa.h"

namespace rnn::rpu {

/// Sizes that the runtime gives a launch.
struct LaunchSizes {
  int64_t steps, batch;
  llvm::SmallVector<int64_t> lengths;
};

/// An execution of one instruction: which, in which iterations of its loops, and what it touches on the tile.
struct Instance {
  unsigned site;
  std::array<int32_t, isa::kLoopLevels> iteration;
  struct Access {
    uint8_t memory;
    bool write;
    int64_t begin, end;
  };
  llvm::SmallVector<Access, 4> accesses;
};

/// Control passes an engine's instruction or a loop.
struct Event {
  enum Kind : uint8_t { Before, Execute, After } kind;
  /// The site (of `Execute`: the instance), or for a loop the number of sites plus its own.
  unsigned number;
};

/// What happens in an execution, in program order.
struct Trace {
  std::vector<Instance> instances;
  std::vector<Event> events;
};

/// The instructions of engines in a program, numbered in program order.
struct Site {
  mlir::Operation *op;
  isa::Engine engine;
  /// The loops around it, outermost first.
  llvm::SmallVector<LoopOp> loops;
};

/// The engine that executes an op; `seq` for scalar instructions and loops.
isa::Engine engineOf(mlir::Operation *op);

/// Runs the sequencer of a program on paper: every loop with at most a few iterations, which are enough for every
/// dependence, whose distance is at most the depth of a ring.
class Expansion {
public:
  explicit Expansion(ProgramOp program);

  llvm::ArrayRef<Site> sites() const { return allSites; }
  /// The number by which events name an engine's instruction or a loop, and how many there are.
  unsigned numberOf(mlir::Operation *op) const { return numbers.lookup(op); }
  unsigned size() const { return numbers.size(); }
  /// Steps of a tile as executions have them.
  int64_t tileSteps() const { return tile; }
  /// Follows an execution. Fails with an error at an op that cannot be followed.
  mlir::FailureOr<Trace> run(const LaunchSizes &sizes);

private:
  mlir::LogicalResult runBlock(mlir::Block &block, unsigned level);
  mlir::LogicalResult runOp(mlir::Operation *op, unsigned level);
  void record(mlir::Operation *op);
  void access(Instance &instance, mlir::Value buffer, ViewAttr view, bool write, int64_t rows, int64_t bytes);
  int64_t value(RegOrImmAttr attr) const { return attr.getIsReg() ? registers[attr.getValue()] : attr.getValue(); }

  ProgramOp program;
  llvm::SmallVector<Site> allSites;
  llvm::DenseMap<mlir::Operation *, unsigned> numbers;
  int64_t tile = 1;
  const LaunchSizes *launch = nullptr;
  std::array<int64_t, isa::kRegisters> registers{};
  std::array<int32_t, isa::kLoopLevels> indices{};
  Trace trace;
};

} // namespace rnn::rpu
