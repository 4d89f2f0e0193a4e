//===- Sequencer.cpp - Loops, scalars, addresses, queues --------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Machine.h"

#include <algorithm>
#include <limits>

namespace rnn::sim {

using isa::Engine;

constexpr int64_t kMaxSize = int64_t(1) << 31;

/// Instructions between two questions whether to stop: some milliseconds of long ones.
constexpr uint64_t kStopInterval = 256;

void Machine::reset(PreparedProgram &prepared, const RunOptions &runOptions) {
  program = &prepared;
  options = runOptions;
  trap.reset();
  memories.reset();
  registers = {};
  depth = pc = 0;
  issued = sequencerTime = blocked = fetched = 0;
  stepsBefore = stepsOfTile = 0;
  halted = false;
  blockedOn = Engine::Seq;
  channelFree = recurrenceEnd = intervals = 0;
  loaded.clear();
  result = {};
  for (unsigned i = 0; i < isa::kSemaphores; ++i) {
    Semaphore &s = semaphores[i];
    s.initial = prepared.program.semaphores[i];
    s.head = s.count = 0;
  }
  for (EngineState &engine : engines) {
    engine.head = engine.count = engine.firstCompletion = engine.number = engine.latest = 0;
    engine.completions.clear();
    engine.free = engine.visible = 0;
    engine.clock = {};
    engine.start = kNever;
    engine.stale = true;
    engine.gapCount = 0;
    engine.blockedBefore = engine.fetchedBefore = 0;
    engine.slots.resize(model.sequencer.queueDepth);
    for (Work &work : engine.slots) {
      work.address.resize(std::max(work.address.size(), prepared.maxPlaces));
      work.pitch.resize(work.address.size());
      work.data.resize(work.address.size());
    }
  }
  for (PreparedInstr &instr : prepared.code)
    instr.executions = instr.pending = 0;
}

uint64_t Machine::resolve(const Place &place) const {
  uint64_t address = uint64_t(registers[place.base]) + place.offset;
  for (unsigned i = 0; i < place.termCount; ++i) {
    uint64_t index = loops[place.terms[i].level].index;
    if (place.ringDepth && place.terms[i].level == place.ringLevel)
      index %= place.ringDepth;
    address += index * uint64_t(registers[place.terms[i].reg]);
  }
  return address;
}

/// Of the instruction at `pc`: the step is the first that it works at, counted from the first of its sequence that the
/// program takes.
TraceWriter::Position Machine::position() const {
  TraceWriter::Position result;
  if (program->sequences.contains(pc))
    result.sequence = int64_t(loops[program->sequences.level].index);
  if (program->tiles.contains(pc)) {
    result.tile = int64_t(loops[program->tiles.level].index);
    result.step = int64_t(stepsBefore);
  }
  if (program->steps.contains(pc))
    result.step = int64_t(stepsBefore + loops[program->steps.level].index);
  return result;
}

void Machine::trace(TraceWriter::Track track, uint32_t index, const TraceWriter::Position &position, uint64_t begin,
                    uint64_t end, uint64_t visible) {
  const PreparedInstr &instr = program->code[index];
  options.trace->slice({track, instr.engine, isa::mnemonicOf(*instr.instr), index, isa::kRoleNames[size_t(instr.role)],
                        program->program.layer.node, program->program.name, position, begin, end, visible});
}

bool Machine::resolveSizes(const PreparedInstr &instr, std::array<uint64_t, target::kMostSizes> &sizes) {
  sizes = {};
  for (unsigned i = 0; i < instr.sizeCount; ++i) {
    const isa::RegOrImm &size = instr.sizes[i];
    int64_t value = size.isReg ? registers[size.value] : int64_t(size.value);
    if (value < 0 || value > kMaxSize)
      return fault(TrapCause::InvalidOperand, "a size of " + std::to_string(value), pc);
    sizes[i] = uint64_t(value);
  }
  return true;
}

bool Machine::enqueue(const PreparedInstr &instr) {
  EngineState &engine = engines[size_t(instr.engine)];
  Work &work = engine.slots[(engine.head + engine.count) % engine.slots.size()];
  if (!resolveSizes(instr, work.size))
    return false;
  work.index = pc;
  for (size_t k = 0; k < instr.places.size(); ++k) {
    const Place &place = instr.places[k];
    work.address[k] = resolve(place);
    work.pitch[k] = place.pitchIsReg ? registers[uint32_t(place.pitch)] : place.pitch;
  }
  sequencerTime += model.sequencer.issue;
  work.enqueued = sequencerTime;
  if (options.trace) {
    work.position = position();
    trace(TraceWriter::trackOf(Engine::Seq), pc, work.position, sequencerTime - model.sequencer.issue, sequencerTime,
          sequencerTime);
  }
  uint64_t nowBlocked = blocked - engine.blockedBefore, nowFetched = fetched - engine.fetchedBefore;
  work.issueCause = uint8_t(nowFetched && nowFetched >= nowBlocked ? Cause::Fetch
                            : nowBlocked                           ? Cause::Queue
                                                                   : Cause::Issue);
  engine.blockedBefore = blocked;
  engine.fetchedBefore = fetched;
  if (engine.count++ == 0)
    engine.stale = true;
  ++pc;
  return true;
}

template <isa::Scalar I> bool Machine::step(const I &instr, const PreparedInstr &) {
  int64_t a = registers[instr.ra.number], b = registers[instr.rb.number];
  if constexpr (std::is_same_v<I, isa::Div>)
    if (b == 0)
      return fault(TrapCause::DivisionByZero, std::to_string(a) + " divided by s" + std::to_string(instr.rb.number),
                   pc);
  registers[instr.rd.number] = isa::scalar(instr, a, b);
  ++pc;
  return true;
}

/// Goes on until the program halts or a queue is full.
bool Machine::runSequencer() {
  while (true) {
    // The engines' events are compared where they are due; loops of the sequencer's own instructions have none.
    if (sequencerTime > options.maxCycles)
      return cycleLimit(pc);
    if (halted)
      return true;
    if (pc >= program->code.size())
      return fault(TrapCause::InvalidProgram, "the program ends without 'halt'");
    PreparedInstr &instr = program->code[pc];
    if (instr.engine != Engine::Seq) {
      EngineState &engine = engines[size_t(instr.engine)];
      if (engine.count == engine.slots.size()) {
        blockedOn = instr.engine;
        return true;
      }
    }
    if (options.stop && issued % kStopInterval == 0 && options.stop())
      return fault(TrapCause::Stopped, "", pc);
    if (++issued > options.maxInstructions)
      return fault(TrapCause::InstructionLimit,
                   "more than " + std::to_string(options.maxInstructions) + " instructions", pc);
    if (instr.engine != Engine::Seq) {
      if (!enqueue(instr))
        return false;
      continue;
    }
    if (!instr.known) {
      instr.cost = target::cost(*instr.instr, {}, model);
      instr.known = true;
    }
    uint32_t index = pc;
    uint64_t begin = sequencerTime;
    TraceWriter::Position place = options.trace ? position() : TraceWriter::Position();
    sequencerTime += instr.cost.cycles;
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
    if (!good)
      return false;
    if (options.trace)
      trace(TraceWriter::trackOf(Engine::Seq), index, place, begin, sequencerTime, sequencerTime);
  }
}

bool Machine::step(const isa::Halt &, const PreparedInstr &) {
  halted = true;
  return true;
}

bool Machine::step(const isa::Begin &instr, const PreparedInstr &prepared) {
  int64_t count = instr.count.isReg ? registers[instr.count.value] : int64_t(instr.count.value);
  if (pc == program->tiles.begin)
    stepsBefore = 0;
  if (pc == program->steps.begin)
    stepsOfTile = uint64_t(std::max<int64_t>(count, 0));
  if (count <= 0) {
    pc = prepared.target;
    return true;
  }
  loops[depth++] = {0, uint64_t(count)};
  ++pc;
  return true;
}

bool Machine::step(const isa::End &, const PreparedInstr &prepared) {
  Loop &loop = loops[depth - 1];
  if (pc == program->tiles.end)
    stepsBefore += stepsOfTile;
  if (++loop.index < loop.count) {
    pc = prepared.target;
    return true;
  }
  --depth;
  ++pc;
  return true;
}

bool Machine::step(const isa::Set &instr, const PreparedInstr &) {
  registers[instr.rd.number] = instr.value;
  ++pc;
  return true;
}

bool Machine::step(const isa::Index &instr, const PreparedInstr &) {
  registers[instr.rd.number] = int64_t(loops[instr.level].index);
  ++pc;
  return true;
}

bool Machine::step(const isa::Fetch &instr, const PreparedInstr &prepared) {
  int32_t value;
  uint64_t address = resolve(prepared.places[0]);
  if (address % sizeof value)
    return faultAt(TrapCause::Misaligned, "an i32", pc, isa::Memory::Dram, address);
  Memories::Range range = memories.find(isa::Memory::Dram, address, sizeof value);
  if (!range.data)
    return faultAt(TrapCause::OutOfRange, std::to_string(sizeof value) + " bytes", pc, isa::Memory::Dram, address);
  if (range.segment->writable)
    return faultAt(TrapCause::Uninitialised, "only what the host wrote may be fetched", pc, isa::Memory::Dram, address);
  std::memcpy(&value, range.data, sizeof value);
  registers[instr.rd.number] = value;
  sequencerTime += prepared.cost.latency;
  fetched += prepared.cost.latency;
  ++pc;
  return true;
}

} // namespace rnn::sim
