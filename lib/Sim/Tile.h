//===- Tile.h - Engines, semaphores, memories and a sequencer -------- -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "Account.h"
#include "Instructions.h"
#include "Memory.h"
#include "Sequencer.h"

namespace rnn::sim {

inline constexpr uint64_t kNever = UINT64_MAX;

/// What a post leaves for the wait that takes it.
struct Token {
  uint64_t time = 0;
  VectorClock clock{};
  /// Of who posted it; seq of a token of the start.
  isa::Engine engine = isa::Engine::Seq;
  /// Posted by an instruction of role `recur`, or one that loaded weights again.
  bool recur = false, reload = false;
};

/// First in, first out; the tokens of the start come first.
class Semaphore {
public:
  void reset(uint32_t tokens) {
    initial = tokens;
    head = count = 0;
  }
  uint32_t size() const { return initial + count; }
  const Token &peek(uint32_t k) const;
  void push(const Token &token);
  void pop();

private:
  uint32_t initial = 0, head = 0, count = 0;
  std::vector<Token> ring;
};

/// Posts that become visible at `time`.
struct Completion {
  uint64_t time;
  uint32_t index;
  VectorClock clock;
  bool reload;
};

/// An engine and its queue.
struct EngineState {
  std::vector<Work> slots;
  uint32_t head = 0, count = 0;
  std::vector<Completion> completions;
  uint32_t firstCompletion = 0;
  /// The number of the instruction at work, and the index of the one of which `line.visible` is.
  uint32_t number = 0, latest = 0;
  VectorClock clock{};
  /// When its first instruction can start, unless `stale`; and why not before.
  uint64_t start = kNever;
  Cause startCause = Cause::Issue;
  bool stale = true;
  EngineLine line;

  void reset(size_t queueDepth, size_t places);
  bool isFull() const { return count == slots.size(); }
  const Work &first() const { return slots[head]; }
  Work &first() { return slots[head]; }
  /// The slot behind the last instruction of the queue.
  Work &next() { return slots[(head + count) % slots.size()]; }
  void push();
  void pop();
};

/// A tile. Its engines start in order, each its own; `Machine` says when.
class Tile {
public:
  Tile(const target::TargetModel &model, Dram &dram, Faults &faults);

  void reset(PreparedProgram &of, const RunOptions &options);

  /// The earliest start of an engine's first instruction: engine free, issued, a token for every wait. Where several
  /// constraints are met last, the cause is the first of: token, issue.
  void updateStart(EngineState &engine) const;
  /// Takes the tokens that the engine's first instruction waits for.
  void takeTokens(EngineState &engine, const PreparedInstr &instr);
  /// The instruction's posts are visible, with these tokens. Returns the semaphore that is full, if there is one.
  std::optional<uint8_t> post(const PreparedInstr &instr, const Token &token);
  /// Drops the engine's oldest posts that are not visible yet; the caller makes them so.
  Completion takeCompletion(EngineState &engine);

  const target::TargetModel &model;
  TileMemories memories;
  std::array<EngineState, isa::kEngineCount> engines;
  std::array<Semaphore, isa::kSemaphores> semaphores;
  Sequencer sequencer;

private:
  static Cause causeOf(const Token &token, isa::Role waiter);
  /// The first instructions of the engines that wait for some of these semaphores may start at another time.
  void invalidate(uint64_t semaphores);

  PreparedProgram *program = nullptr;
};

} // namespace rnn::sim
