//===- Tile.cpp - Engines, semaphores, memories and a sequencer ------ -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Tile.h"

#include <algorithm>

namespace rnn::sim {

const Token &Semaphore::peek(uint32_t k) const {
  static const Token none;
  return k < initial ? none : ring[(head + (k - initial)) & (ring.size() - 1)];
}

void Semaphore::push(const Token &token) {
  if (count == ring.size()) {
    std::rotate(ring.begin(), ring.begin() + head, ring.end());
    head = 0;
    ring.resize(std::max<size_t>(4, 2 * ring.size()));
  }
  ring[(head + count++) & (ring.size() - 1)] = token;
}

void Semaphore::pop() {
  if (initial) {
    --initial;
    return;
  }
  head = (head + 1) & uint32_t(ring.size() - 1);
  --count;
}

void EngineState::reset(size_t queueDepth, size_t places) {
  head = count = firstCompletion = number = latest = 0;
  completions.clear();
  clock = {};
  start = kNever;
  stale = true;
  line.reset();
  slots.resize(queueDepth);
  for (Work &work : slots) {
    work.address.resize(std::max(work.address.size(), places));
    work.pitch.resize(work.address.size());
    work.data.resize(work.address.size());
  }
}

void EngineState::push() {
  if (count++ == 0)
    stale = true;
}

void EngineState::pop() {
  head = (head + 1) % uint32_t(slots.size());
  --count;
  stale = true;
}

Tile::Tile(const target::TargetModel &model, Dram &dram, Faults &faults)
    : model(model), memories(model), sequencer(model, dram, engines, faults) {}

void Tile::reset(PreparedProgram &of, const RunOptions &options) {
  program = &of;
  memories.beginLaunch();
  for (unsigned i = 0; i < isa::kSemaphores; ++i)
    semaphores[i].reset(of.isSetUp ? of.laterSemaphores[i] : of.program.semaphores[i]);
  for (EngineState &engine : engines)
    engine.reset(model.sequencer.queueDepth, of.maxOperands);
  sequencer.reset(of, options);
}

/// Why an instruction of role `waiter` waits for a token.
Cause Tile::causeOf(const Token &token, isa::Role waiter) {
  if (token.reload)
    return Cause::Reload;
  return token.recur && waiter == isa::Role::Recur ? Cause::Chain : waitFor(token.engine);
}

void Tile::updateStart(EngineState &engine) const {
  engine.stale = false;
  engine.start = kNever;
  if (engine.count == 0)
    return;
  const Work &work = engine.first();
  const isa::Sync::List &waits = program->code[work.index].sync.waits;
  uint64_t start = engine.line.free;
  Cause cause = Cause::Occupied;
  if (work.enqueued >= start) {
    start = work.enqueued;
    cause = work.issueCause;
  }
  for (unsigned i = 0; i < waits.size; ++i) {
    uint32_t taken = 0;
    for (unsigned j = 0; j < i; ++j)
      taken += waits.semaphores[j] == waits.semaphores[i];
    const Semaphore &semaphore = semaphores[waits.semaphores[i]];
    if (semaphore.size() <= taken)
      return;
    const Token &token = semaphore.peek(taken);
    if (token.time >= start && token.engine != isa::Engine::Seq) {
      start = token.time;
      cause = causeOf(token, program->code[work.index].role);
    }
  }
  engine.start = start;
  engine.startCause = cause;
}

void Tile::invalidate(uint64_t mask) {
  for (EngineState &engine : engines)
    if (engine.count && program->code[engine.first().index].waitMask & mask)
      engine.stale = true;
}

void Tile::takeTokens(EngineState &engine, const PreparedInstr &instr) {
  for (uint8_t s : instr.sync.waits) {
    const Token &token = semaphores[s].peek(0);
    for (unsigned a = 0; a < kActors; ++a)
      engine.clock[a] = std::max(engine.clock[a], token.clock[a]);
    semaphores[s].pop();
  }
  invalidate(instr.waitMask);
}

std::optional<uint8_t> Tile::post(const PreparedInstr &instr, const Token &token) {
  for (uint8_t s : instr.sync.posts) {
    if (semaphores[s].size() == isa::kMaxTokens)
      return s;
    semaphores[s].push(token);
  }
  invalidate(instr.postMask);
  return std::nullopt;
}

Completion Tile::takeCompletion(EngineState &engine) {
  Completion completion = engine.completions[engine.firstCompletion++];
  if (2 * engine.firstCompletion >= engine.completions.size()) {
    engine.completions.erase(engine.completions.begin(), engine.completions.begin() + engine.firstCompletion);
    engine.firstCompletion = 0;
  }
  return completion;
}

} // namespace rnn::sim
