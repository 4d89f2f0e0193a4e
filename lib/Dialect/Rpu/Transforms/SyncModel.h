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

/// Runs the sequencer of a program on paper, every loop with a few iterations. They are enough to decide the order in
/// executions of any length, for these reasons.
///
/// 1. Leaving out iterations never adds order. A semaphore is posted and waited for once in each iteration of one
///    block, and the k-th wait takes the post d places before. In an execution with more iterations these two are at
///    least d apart, so the earlier one's post is taken at the latest by the later one's wait: what the short execution
///    orders, the long one orders too.
/// 2. So a conflict of two instances in a long execution is ordered if the long execution becomes a followed one by
///    leaving out iterations around the two (in each run of a loop others), in which they conflict as well.
/// 3. Of all earlier instances of an instruction that conflict with one, the latest matters: the others are before it
///    on their engine. With rings it is at most a ring's depth back.
/// 4. In a loop with a fixed count, an instance is taken to access what its view reaches in all iterations together,
///    save that of a ring the slot is known. Which bytes it accesses then depends on the slots alone, and an iteration
///    in the middle can be replaced by one a multiple of the rings' period away (see `followed`). No conflict is lost,
///    and none that matters is added: the semaphore that orders an instruction outside the loop with one inside stands
///    before or behind the whole loop.
/// 5. Steps of a tile move over bytes that are distinct from step to step; an instruction outside the loop over steps
///    accesses those of every step it is executed for. Of a product in pieces, one at each step, every piece is taken
///    to access what all do (`kPiecesAttr`), as in 4. Tiles of three steps have a first, a middle and a last one; the
///    launches of `rpu-sync` combine whole tiles and tiles of one and two steps.
/// 6. Sequences in lock-step have bytes of their own; an instruction outside a loop over them accesses those of all
/// that
///    there are. As with steps, tiles of three have a first, a middle and a last one. Where lengths differ, two
///    segments of a tile and what conflicts in them are kept by three sequences: one that each of the two ends or
///    begins with, and the one whose bytes they are. The loop over segments has an iteration for each sequence, the
///    last ones without steps where sequences end together or have no steps: these add order, so that a smaller tile,
///    and one whose sequences all differ in length, are cases of their own. The launches of `rpu-sync` have every
///    combination of lengths of none, one, few and many steps in tiles of one, two and three sequences.
/// 7. Rings of loops with a run-time count have two slots at most; `rpu-sync` refuses others. Its launches have every
///    number of iterations up to four: two periods.
class Expansion {
public:
  explicit Expansion(ProgramOp program);

  llvm::ArrayRef<Site> sites() const { return allSites; }
  /// The number by which events name an engine's instruction or a loop, and how many there are.
  unsigned numberOf(mlir::Operation *op) const { return numbers.lookup(op); }
  unsigned size() const { return numbers.size(); }
  /// Steps of a tile as executions have them.
  int64_t tileSteps() const { return tile; }
  /// The same of the sequences that run in lock-step.
  int64_t tileSequences() const { return sequences; }
  /// A loop with a run-time count in which a ring has more than two slots, if any.
  LoopOp unfollowedRing() const;
  /// Follows an execution. Fails with an error at an op that cannot be followed.
  mlir::FailureOr<Trace> run(const LaunchSizes &sizes);

private:
  mlir::LogicalResult runBlock(mlir::Block &block, unsigned level);
  mlir::LogicalResult runOp(mlir::Operation *op, unsigned level);
  /// What a fetch gives: the length of a sequence. A constant that a program without an argument of lengths fetches
  /// holds them.
  mlir::FailureOr<int64_t> fetchLength(FetchOp op);
  /// An instruction whose meaning is an `isa::scalar`.
  mlir::LogicalResult runScalar(mlir::Operation *op);
  mlir::LogicalResult record(mlir::Operation *op);
  mlir::LogicalResult access(Instance &instance, mlir::Value buffer, ViewAttr view, bool write, int64_t rows,
                             int64_t bytes);
  int64_t periodOf(LoopOp loop) const {
    auto at = periods.find(loop);
    return at == periods.end() ? 1 : at->second;
  }
  int64_t value(RegOrImmAttr attr) const { return attr.getIsReg() ? registers[attr.getValue()] : attr.getValue(); }

  ProgramOp program;
  llvm::SmallVector<Site> allSites;
  llvm::DenseMap<mlir::Operation *, unsigned> numbers;
  /// The iterations after which the rings of a loop are where they were; absent where it has none.
  llvm::DenseMap<mlir::Operation *, int64_t> periods;
  int64_t tile = 1, sequences = 1;
  /// Of a tile as the program has it.
  int64_t ownSequences = 1;
  const LaunchSizes *launch = nullptr;
  std::array<int64_t, isa::kRegisters> registers{};
  std::array<int32_t, isa::kLoopLevels> indices{};
  /// By level, the count of an open loop that is fixed; else 0.
  std::array<int64_t, isa::kLoopLevels> fixedCounts{};
  /// Of all loops, so far in the execution.
  int64_t iterations = 0;
  /// Ranges of bytes in the execution so far.
  size_t accesses = 0;
  Trace trace;
};

} // namespace rnn::rpu
