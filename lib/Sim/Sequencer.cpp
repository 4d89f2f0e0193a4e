//===- Sequencer.cpp - Loops, scalars, addresses, queues --------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Sequencer.h"

#include "Faults.h"
#include "Tile.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace rnn::sim {

using isa::Engine;

constexpr int64_t kMaxSize = int64_t(1) << 31;

/// Instructions between two questions whether to stop: some milliseconds of long ones.
constexpr uint64_t kStopInterval = 256;

void Sequencer::reset(PreparedProgram &of, const RunOptions &runOptions) {
  program = &of;
  options = runOptions;
  registers = {};
  depth = 0;
  pc = of.isSetUp ? of.program.setup : 0;
  issued = now = blockedCycles = fetchedCycles = 0;
  before = {};
  stepsBefore = stepsOfTile = 0;
  isHalted = false;
  blocking = Engine::Seq;
}

void Sequencer::roomIn(Engine engine, uint64_t time) {
  if (blocking != engine)
    return;
  blocking = Engine::Seq;
  if (time > now) {
    blockedCycles += time - now;
    now = time;
  }
}

uint64_t Sequencer::resolve(const Operand &operand) const {
  uint64_t address = uint64_t(registers[operand.base]) + operand.offset;
  for (unsigned i = 0; i < operand.termCount; ++i) {
    uint64_t index = loops[operand.terms[i].level].index;
    if (operand.ringDepth && operand.terms[i].level == operand.ringLevel)
      index %= operand.ringDepth;
    address += index * uint64_t(registers[operand.terms[i].reg]);
  }
  return address;
}

/// Of the instruction at `pc`: the step is the first that it works at, counted from the first of its sequence that the
/// program takes.
TraceWriter::Position Sequencer::position() const {
  TraceWriter::Position result;
  for (unsigned level = 0; level < depth; ++level) {
    const Loop &loop = loops[level];
    if (loop.role == isa::Role::Sequences)
      result.sequence = int64_t(loop.index);
    if (loop.role == isa::Role::Tiles) {
      result.tile = int64_t(loop.index);
      result.step = int64_t(stepsBefore);
    }
    if (loop.role == isa::Role::Steps)
      result.step = int64_t(stepsBefore + loop.index);
  }
  return result;
}

bool Sequencer::resolveSizes(const PreparedInstr &instr, std::array<uint64_t, target::kMostSizes> &sizes) {
  sizes = {};
  for (unsigned i = 0; i < instr.sizeCount; ++i) {
    const isa::RegOrImm &size = instr.sizes[i];
    int64_t value = size.isReg ? registers[size.value] : int64_t(size.value);
    if (value < 0 || value > kMaxSize)
      return faults.fault(TrapCause::InvalidOperand, "a size of " + std::to_string(value), pc);
    sizes[i] = uint64_t(value);
  }
  return true;
}

bool Sequencer::enqueue(const PreparedInstr &instr) {
  EngineState &engine = engines[size_t(instr.engine)];
  Work &work = engine.next();
  if (!resolveSizes(instr, work.size))
    return false;
  work.index = pc;
  for (size_t k = 0; k < instr.operands.size(); ++k) {
    const Operand &operand = instr.operands[k];
    work.address[k] = resolve(operand);
    work.pitch[k] = operand.pitchIsReg ? registers[uint32_t(operand.pitch)] : operand.pitch;
  }
  uint64_t begin = now;
  now += model.sequencer.issue;
  work.enqueued = now;
  if (options.trace) {
    work.position = position();
    trace(*options.trace, *program, TraceWriter::trackOf(Engine::Seq), pc, work.position, {begin, now, now});
  }
  HeldUp &last = before[size_t(instr.engine)];
  uint64_t nowBlocked = blockedCycles - last.blocked, nowFetched = fetchedCycles - last.fetched;
  work.issueCause = nowFetched && nowFetched >= nowBlocked ? Cause::Fetch : nowBlocked ? Cause::Queue : Cause::Issue;
  last = {blockedCycles, fetchedCycles};
  engine.push();
  ++pc;
  return true;
}

template <isa::Scalar I> bool Sequencer::step(const I &instr, const PreparedInstr &) {
  int64_t a = registers[instr.ra.number], b = registers[instr.rb.number];
  if constexpr (std::is_same_v<I, isa::Div>)
    if (b == 0)
      return faults.fault(TrapCause::DivisionByZero,
                          std::to_string(a) + " divided by s" + std::to_string(instr.rb.number), pc);
  registers[instr.rd.number] = isa::scalar(instr, a, b);
  ++pc;
  return true;
}

bool Sequencer::run() {
  while (true) {
    // The engines' events are compared where they are due; loops of the sequencer's own instructions have none.
    if (now > options.maxCycles)
      return faults.cycleLimit(options.maxCycles, pc);
    if (isHalted)
      return true;
    if (pc >= program->code.size())
      return faults.fault(TrapCause::InvalidProgram, "the program ends without 'halt'");
    PreparedInstr &instr = program->code[pc];
    if (instr.engine != Engine::Seq && engines[size_t(instr.engine)].isFull()) {
      blocking = instr.engine;
      return true;
    }
    if (options.stop && issued % kStopInterval == 0 && options.stop())
      return faults.fault(TrapCause::Stopped, "", pc);
    if (++issued > options.maxInstructions)
      return faults.fault(TrapCause::InstructionLimit,
                          "more than " + std::to_string(options.maxInstructions) + " instructions", pc);
    if (!(instr.engine == Engine::Seq ? execute(instr) : enqueue(instr)))
      return false;
  }
}

/// An instruction of its own.
bool Sequencer::execute(PreparedInstr &instr) {
  if (!instr.known) {
    instr.cost = target::cost(*instr.instr, {}, {}, model);
    instr.known = true;
  }
  uint32_t index = pc;
  uint64_t begin = now;
  TraceWriter::Position place = options.trace ? position() : TraceWriter::Position();
  now += instr.cost.cycles;
  ++instr.executions;
  ++instr.pending;
  bool good = std::visit(
      [&]<class I>(const I &i) {
        if constexpr (I::kEngine == Engine::Seq)
          return step(i, instr);
        else
          return true;
      },
      *instr.instr);
  if (good && options.trace)
    trace(*options.trace, *program, TraceWriter::trackOf(Engine::Seq), index, place, {begin, now, now});
  return good;
}

bool Sequencer::step(const isa::Halt &, const PreparedInstr &) {
  isHalted = true;
  return true;
}

bool Sequencer::step(const isa::Begin &instr, const PreparedInstr &prepared) {
  int64_t count = instr.count.isReg ? registers[instr.count.value] : int64_t(instr.count.value);
  if (prepared.loop == isa::Role::Sequences)
    stepsBefore = 0;
  if (prepared.loop == isa::Role::Steps)
    stepsOfTile = uint64_t(std::max<int64_t>(count, 0));
  if (count <= 0) {
    pc = prepared.target;
    return true;
  }
  loops[depth++] = {0, uint64_t(count), prepared.loop};
  ++pc;
  return true;
}

bool Sequencer::step(const isa::End &, const PreparedInstr &prepared) {
  Loop &loop = loops[depth - 1];
  if (prepared.loop == isa::Role::Tiles)
    stepsBefore += std::exchange(stepsOfTile, 0);
  if (prepared.loop == isa::Role::Sequences)
    stepsBefore = 0;
  if (++loop.index < loop.count) {
    pc = prepared.target;
    return true;
  }
  --depth;
  ++pc;
  return true;
}

bool Sequencer::step(const isa::Set &instr, const PreparedInstr &) {
  registers[instr.rd.number] = instr.value;
  ++pc;
  return true;
}

bool Sequencer::step(const isa::Index &instr, const PreparedInstr &) {
  registers[instr.rd.number] = int64_t(loops[instr.level].index);
  ++pc;
  return true;
}

bool Sequencer::step(const isa::Fetch &instr, const PreparedInstr &prepared) {
  int32_t value;
  uint64_t address = resolve(prepared.operands[0]);
  if (address % sizeof value)
    return faults.faultAt(TrapCause::Misaligned, "an i32", pc, isa::Memory::Dram, address);
  Range range = dram.find(address, sizeof value);
  if (!range.data)
    return faults.faultAt(TrapCause::OutOfRange, std::to_string(sizeof value) + " bytes", pc, isa::Memory::Dram,
                          address);
  if (range.segment->writable)
    return faults.faultAt(TrapCause::Uninitialised, "only what the host wrote may be fetched", pc, isa::Memory::Dram,
                          address);
  std::memcpy(&value, range.data, sizeof value);
  registers[instr.rd.number] = value;
  now += prepared.cost.latency;
  fetchedCycles += prepared.cost.latency;
  ++pc;
  return true;
}

} // namespace rnn::sim
