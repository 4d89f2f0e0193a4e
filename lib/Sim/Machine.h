//===- Machine.h - State and time of a running program ----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "Instructions.h"
#include "Memory.h"
#include "Prepare.h"

#include "rnn-mlir/Isa/Scalar.h"
#include "rnn-mlir/Sim/Simulator.h"

#include <unordered_set>

namespace rnn::sim {

/// Runs one prepared program at a time. The sequencer runs ahead as far as the queues let it; engines start and finish
/// in the order of (cycle, finish before start, engine), so that a run is a function of its input.
class Machine {
public:
  Machine(const target::TargetModel &model, Memories &memories, const Kernels &kernels);

  RunResult run(PreparedProgram &program, std::span<const ArgumentView> arguments, const RunOptions &options);

private:
  static constexpr uint64_t kNever = UINT64_MAX;

  /// What a post leaves for the wait that takes it.
  struct Token {
    uint64_t time = 0;
    Clock clock{};
    /// Of who posted it; seq of a token of the start.
    isa::Engine engine = isa::Engine::Seq;
    /// Posted by an instruction of role `recur`, or one that loaded weights again.
    bool recur = false, reload = false;
  };
  /// First in, first out; the tokens of the start come first.
  struct Semaphore {
    uint32_t initial = 0, head = 0, count = 0;
    std::vector<Token> ring;
    uint32_t size() const { return initial + count; }
    const Token &peek(uint32_t k) const;
    void push(const Token &token);
    void pop();
  };
  /// Posts that become visible at `time`.
  struct Completion {
    uint64_t time;
    uint32_t index;
    Clock clock;
    bool reload;
  };
  struct Gap {
    uint64_t begin, end;
    Cause cause;
  };
  struct EngineState {
    std::vector<Work> slots;
    uint32_t head = 0, count = 0;
    std::vector<Completion> completions;
    uint32_t firstCompletion = 0;
    /// When the engine can begin its next instruction, and when all it did is visible: that of instruction `latest`.
    uint64_t free = 0, visible = 0;
    uint32_t number = 0, latest = 0;
    Clock clock{};
    /// When its first instruction can start, unless `stale`; and why not before.
    uint64_t start = kNever;
    Cause startCause = Cause::Issue;
    bool stale = true;
    /// The latest times it did nothing, a ring that grows while `explain` may still ask for its oldest.
    std::vector<Gap> gaps = std::vector<Gap>(64);
    uint64_t gapCount = 0;
    /// What had held the sequencer up by the engine's last instruction.
    uint64_t blockedBefore = 0, fetchedBefore = 0;
  };
  struct Loop {
    uint64_t index, count;
  };

  // Sequencer.cpp
  void reset(PreparedProgram &program, const RunOptions &options);
  bool runSequencer();
  bool enqueue(const PreparedInstr &instr);
  uint64_t resolve(const Place &place) const;
  TraceWriter::Position position() const;
  /// Writes what an instruction does on a track.
  void trace(TraceWriter::Track track, uint32_t index, const TraceWriter::Position &position, uint64_t begin,
             uint64_t end, uint64_t visible);
  bool resolveSizes(const PreparedInstr &instr, std::array<uint64_t, target::kMostSizes> &sizes);
  bool step(const isa::Halt &, const PreparedInstr &);
  bool step(const isa::Begin &, const PreparedInstr &);
  bool step(const isa::End &, const PreparedInstr &);
  bool step(const isa::Set &, const PreparedInstr &);
  template <isa::Scalar I> bool step(const I &, const PreparedInstr &);
  bool step(const isa::Index &, const PreparedInstr &);
  bool step(const isa::Fetch &, const PreparedInstr &);

  // Engines.cpp
  bool runEngines();
  void updateStart(EngineState &engine);
  static Cause causeOf(const Token &token, isa::Role waiter);
  bool loadsAgain(const Work &work, const PreparedInstr &instr);
  bool finish(isa::Engine engine);
  bool start(isa::Engine engine);
  bool access(Work &work, const PreparedInstr &instr, isa::Engine engine);
  bool accessRegion(Work &work, const PreparedInstr &instr, const isa::Region &region, const Accessor &who);
  bool checkOverlaps(const Work &work);
  void refresh(PreparedInstr &instr, const Work &work);
  void count(PreparedInstr &instr);
  void account(const PreparedInstr &instr, isa::Engine engine, uint64_t begin, Cause cause, const target::Cost &cost);
  /// The engine did nothing in [from, to).
  void idle(EngineState &engine, uint64_t from, uint64_t to, Cause cause);
  static void explain(const EngineState &engine, uint64_t from, uint64_t to, TimeLine &line);
  Statistics statistics();

  // Faults.cpp
  bool fault(TrapCause cause, const std::string &text, std::optional<uint32_t> instr = std::nullopt);
  bool cycleLimit(uint32_t instr);
  bool faultAt(TrapCause cause, const std::string &text, uint32_t instr, isa::Memory memory, uint64_t address);
  bool conflict(const Conflict &conflict, uint32_t instr, isa::Memory memory, uint64_t address, bool write);
  bool deadlock();
  std::string describe(uint32_t instr) const;
  std::string describe(isa::Memory memory, uint64_t address) const;

  const target::TargetModel &model;
  Memories &memories;
  const Kernels &kernels;

  PreparedProgram *program = nullptr;
  RunOptions options;
  std::optional<Trap> trap;

  std::array<int64_t, isa::kRegisters> registers{};
  std::array<Loop, isa::kLoopLevels> loops{};
  unsigned depth = 0;
  uint32_t pc = 0;
  uint64_t issued = 0, sequencerTime = 0, blocked = 0, fetched = 0;
  /// Steps of the tiles before and of the last one that began, of the sequence at hand.
  uint64_t stepsBefore = 0, stepsOfTile = 0;
  bool halted = false;
  /// The engine whose full queue holds the sequencer up, or seq.
  isa::Engine blockedOn = isa::Engine::Seq;

  std::array<EngineState, isa::kEngineCount> engines;
  std::array<Semaphore, isa::kSemaphores> semaphores;
  uint64_t channelFree = 0, recurrenceEnd = 0;
  /// Of the hazard maps together.
  uint64_t intervals = 0;
  /// DRAM addresses of the weights copied so far.
  std::unordered_set<uint64_t> loaded;
  /// Steps of the longest sequence of the launch, at most, and the number of sequences.
  uint64_t longestSequence = 0, sequences = 0;
  Statistics result;

  /// The regions of the instruction at hand, for `checkOverlaps`.
  struct Extent {
    isa::Memory memory;
    uint64_t low, bytes, address;
    isa::Region region;
  };
  std::vector<Extent> extents;
};

} // namespace rnn::sim
