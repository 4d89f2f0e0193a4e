//===- Machine.cpp - A running program ------------------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Machine.h"

#include <algorithm>

namespace rnn::sim {

using isa::Engine;

Machine::Machine(const target::TargetModel &model, std::span<const std::byte> constants, const Kernels &kernels)
    : model(model), kernels(kernels), dram(model.memory(isa::Memory::Dram).capacity, constants), faults(dram),
      tile(model, dram, faults), account(model) {}

RunResult Machine::run(PreparedProgram &of, std::span<const ArgumentView> arguments, const RunOptions &runOptions) {
  program = &of;
  options = runOptions;
  faults.reset(of);
  tile.reset(of, runOptions);
  channel = {};
  account.reset();
  intervals = 0;
  // Weights that are arguments come from other arrays at the next launch.
  std::erase_if(loaded, [&](uint64_t address) { return !dram.isConstant(address); });
  for (PreparedInstr &instr : of.code)
    instr.executions = instr.pending = 0;
  if (!bind(arguments) || !runEngines() || !checkOutputs())
    return faults.take();
  Statistics statistics = account.close(of, arguments, tile, channel);
  of.isSetUp = true;
  if (options.trace)
    options.trace->advance(statistics.cycles);
  return statistics;
}

void Machine::forget() {
  tile.memories.reset();
  loaded.clear();
}

/// Puts the arguments into DRAM, and their addresses and sizes into registers.
bool Machine::bind(std::span<const ArgumentView> arguments) {
  const isa::Program &of = program->program;
  if (auto problem = dram.bind(of, arguments))
    return faults.fault(TrapCause::ArgumentMismatch, *problem);
  for (size_t i = 0; i < arguments.size(); ++i) {
    const isa::Argument &argument = of.arguments[i];
    if (argument.baseRegister)
      tile.sequencer.setRegister(argument.baseRegister, int64_t(dram.argumentAddress(i)));
    for (size_t d = 0; d < argument.dimRegisters.size() && d < arguments[i].shape.size(); ++d)
      if (argument.dimRegisters[d])
        tile.sequencer.setRegister(argument.dimRegisters[d], arguments[i].shape[d]);
  }
  return true;
}

bool Machine::runEngines() {
  while (true) {
    if (!tile.sequencer.run())
      return false;
    Event next = nextEvent();
    if (next.engine == Engine::Seq)
      return atEnd();
    if (next.time > options.maxCycles) {
      const EngineState &engine = tile.engines[size_t(next.engine)];
      return faults.cycleLimit(options.maxCycles,
                               next.finishes ? engine.completions[engine.firstCompletion].index : engine.first().index);
    }
    if (!(next.finishes ? finish(next.engine) : start(next.engine)))
      return false;
  }
}

/// What happens next; of the sequencer where nothing can.
Machine::Event Machine::nextEvent() {
  Event best;
  for (unsigned e = 1; e < isa::kEngineCount; ++e) {
    EngineState &engine = tile.engines[e];
    if (engine.firstCompletion < engine.completions.size()) {
      uint64_t time = engine.completions[engine.firstCompletion].time;
      if (time < best.time || (time == best.time && !best.finishes))
        best = {time, Engine(e), true};
    }
    if (engine.stale)
      tile.updateStart(engine);
    if (engine.start < best.time)
      best = {engine.start, Engine(e), false};
  }
  return best;
}

/// Nothing starts or finishes any more.
bool Machine::atEnd() {
  auto isIdle = [](const EngineState &engine) { return engine.count == 0; };
  if (!tile.sequencer.halted() || !std::ranges::all_of(tile.engines, isIdle))
    return faults.deadlock(tile);
  // What posts nothing is no event: it is compared when all has been started.
  for (const EngineState &engine : tile.engines)
    if (engine.line.visible > options.maxCycles)
      return faults.cycleLimit(options.maxCycles, engine.latest);
  return true;
}

bool Machine::checkOutputs() {
  for (const Segment &segment : dram.segments())
    if (segment.hazards && segment.hazards->covered() != segment.bytes)
      return faults.fault(TrapCause::OutputIncomplete, "of the " + std::to_string(segment.bytes) + " bytes of '" +
                                                           std::string(segment.name) + "' the program wrote " +
                                                           std::to_string(segment.hazards->covered()));
  return true;
}

bool Machine::finish(Engine which) {
  const Completion completion = tile.takeCompletion(tile.engines[size_t(which)]);
  const PreparedInstr &instr = program->code[completion.index];
  if (auto full = tile.post(
          instr, {completion.time, completion.clock, which, instr.role == isa::Role::Recur, completion.reload}))
    return faults.fault(TrapCause::SemaphoreOverflow,
                        "semaphore " + std::to_string(*full) + " above " + std::to_string(isa::kMaxTokens),
                        completion.index);
  return true;
}

/// Whether a copy brings weights that one before it has brought.
bool Machine::loadsAgain(const Work &work, const PreparedInstr &instr) {
  return instr.role == isa::Role::Weights && std::holds_alternative<isa::CopyIn>(*instr.instr) && instr.cost.channel &&
         !loaded.insert(work.address[size_t(instr.dramOperand)]).second;
}

/// Regions of an instruction depend on its sizes alone, which seldom change.
void Machine::refresh(PreparedInstr &instr, const target::Sizes &sizes) {
  if (instr.known && sizes == instr.knownSizes)
    return;
  account.count(instr);
  instr.regions.clear();
  instr.writes = false;
  std::visit(
      [&](const auto &i) {
        isa::regions(i, sizes.value, [&](const isa::Region &region) {
          instr.regions.push_back(region);
          instr.writes |= region.write;
        });
      },
      *instr.instr);
  instr.knownSizes = sizes;
  instr.known = false;
}

isa::Happened Machine::execute(const PreparedInstr &instr, const Work &work) {
  return std::visit(
      [&]<class I>(const I &i) {
        if constexpr (std::is_same_v<I, isa::CopyIn>)
          if (refers(i, work))
            return isa::Happened();
        if constexpr (I::kHasSync)
          return sim::execute(i, work, kernels);
        else
          return isa::Happened();
      },
      *instr.instr);
}

/// Shorter copies are as fast as what it takes to remember them.
constexpr uint64_t kLeastReference = 4096;

/// Copies constants in one piece by reference; returns whether it did.
bool Machine::refers(const isa::CopyIn &copy, const Work &work) {
  auto [rows, bytes] = work.size;
  bool whole = rows == 1 || (work.pitch[0] == int64_t(bytes) && work.pitch[1] == int64_t(bytes));
  if (!whole || rows * bytes < kLeastReference || !dram.isConstant(work.address[1]))
    return false;
  tile.memories.refer(copy.dst.address.memory, work.address[0], rows * bytes, work.data[1]);
  return true;
}

bool Machine::start(Engine which) {
  EngineState &engine = tile.engines[size_t(which)];
  Work &work = engine.first();
  PreparedInstr &instr = program->code[work.index];
  uint64_t begin = engine.start;
  Cause cause = engine.startCause;
  tile.takeTokens(engine, instr);
  engine.clock[actorOf(which)] = ++engine.number;
  target::Sizes sizes{work.size, false};
  if (instr.dramOperand >= 0)
    sizes.contiguous = work.size[0] <= 1 || work.pitch[size_t(instr.dramOperand)] == int64_t(work.size[1]);
  refresh(instr, sizes);
  if (!access(work, instr,
              {actorOf(which), engine.number, work.index, program->number, work.index < program->program.setup},
              engine.clock))
    return false;
  isa::Happened happened = execute(instr, work);
  if (!instr.known || happened != instr.happened) {
    account.count(instr);
    instr.cost = target::cost(*instr.instr, sizes, happened, model);
    instr.happened = happened;
    instr.known = true;
  }
  uint64_t visible = engine.line.visible;
  account.start(instr, begin, cause, engine.line, channel);
  if (engine.line.visible > visible)
    engine.latest = work.index;
  bool reload = loadsAgain(work, instr);
  if (reload)
    account.reloaded(instr.cost.channel);
  if (instr.sync.posts.size)
    engine.completions.push_back({engine.line.visible, work.index, engine.clock, reload});
  if (options.trace) {
    trace(*options.trace, *program, TraceWriter::trackOf(which), work.index, work.position,
          {begin, engine.line.free, engine.line.visible});
    if (instr.cost.channel)
      trace(*options.trace, *program, TraceWriter::Track::Channel, work.index, work.position,
            {channel.free - instr.cost.channel, channel.free, channel.free});
  }
  ++instr.executions;
  ++instr.pending;
  engine.pop();
  tile.sequencer.roomIn(which, begin);
  return true;
}

bool Machine::access(Work &work, const PreparedInstr &instr, const Accessor &who, const VectorClock &clock) {
  extents.clear();
  for (const isa::Region &region : instr.regions)
    if (!accessRegion(work, instr, region, who, clock))
      return false;
  return !instr.writes || checkOverlaps(work);
}

bool Machine::accessRegion(Work &work, const PreparedInstr &instr, const isa::Region &region, const Accessor &who,
                           const VectorClock &clock) {
  alignas(std::max_align_t) static std::byte nothing[1];
  const Operand &operand = instr.operands[region.place];
  uint64_t address = work.address[region.place], rows = region.rows, bytes = region.bytes;
  int64_t pitch = work.pitch[region.place];
  if (rows == 0 || bytes == 0) {
    work.data[region.place] = nothing;
    work.pitch[region.place] = 0;
    return true;
  }
  if (rows > 1 && pitch == int64_t(bytes)) {
    bytes *= rows;
    rows = 1;
  }
  if (region.format)
    if (uint64_t low = isa::bytesOf(*region.format) - 1; address & low || (rows > 1 && uint64_t(pitch) & low))
      return faults.faultAt(TrapCause::Misaligned, "an " + std::string(isa::kFormatNames[size_t(*region.format)]),
                            work.index, operand.memory, address);
  unsigned __int128 reach = 0;
  if (rows > 1) {
    reach = (unsigned __int128)(pitch < 0 ? -uint64_t(pitch) : uint64_t(pitch)) * (rows - 1);
    if (region.write && reach < (unsigned __int128)bytes * (rows - 1))
      return faults.faultAt(TrapCause::Overlap,
                            "rows of " + std::to_string(bytes) + " bytes at a pitch of " + std::to_string(pitch),
                            work.index, operand.memory, address);
  }
  uint64_t low = pitch < 0 ? address - uint64_t(reach) : address;
  // A copy writes without reading what it writes to.
  bool overwrites = region.write && rows == 1 && std::holds_alternative<isa::CopyIn>(*instr.instr);
  AccessKind kind = overwrites ? AccessKind::Overwrite : region.write ? AccessKind::Write : AccessKind::Read;
  Range range;
  if (reach <= UINT64_MAX / 2 && (pitch >= 0 || low <= address))
    range = operand.memory == isa::Memory::Dram ? dram.find(low, uint64_t(reach) + bytes)
                                                : tile.memories.find(operand.memory, low, uint64_t(reach) + bytes, kind,
                                                                     region.format ? isa::bytesOf(*region.format) : 1);
  if (!range.data)
    return faults.faultAt(TrapCause::OutOfRange,
                          std::to_string(rows) + " rows of " + std::to_string(bytes) + " bytes at a pitch of " +
                              std::to_string(pitch),
                          work.index, operand.memory, address);
  if (region.write && range.segment && !range.segment->writable)
    return faults.faultAt(TrapCause::WriteProtected, "", work.index, operand.memory, address);
  work.data[region.place] = range.data + (address - low);
  extents.push_back({operand.memory, low, uint64_t(reach) + bytes, address, &region});
  if (range.segment && !range.segment->hazards)
    return true;
  uint64_t base = range.segment ? range.segment->begin : 0;
  HazardMap &hazards = range.segment ? *range.segment->hazards : tile.memories.hazards(operand.memory);
  // The addresses of loaded weights take as much memory.
  uint64_t others = intervals + loaded.size() - hazards.size();
  for (uint64_t row = 0; row < rows; ++row) {
    uint64_t at = address - base + row * uint64_t(pitch);
    Hazard c = region.write ? hazards.write(at, at + bytes, who, clock) : hazards.read(at, at + bytes, who, clock);
    if (c.kind)
      return faults.hazard(c, work.index, operand.memory, c.address + base, region.write);
    if (others + hazards.size() > options.maxIntervals)
      return faults.faultAt(TrapCause::IntervalLimit,
                            "more than " + std::to_string(options.maxIntervals) + " intervals", work.index,
                            operand.memory, at + base);
  }
  intervals = others + hazards.size() - loaded.size();
  return true;
}

/// An instruction's write may meet its other accesses only element by element.
bool Machine::checkOverlaps(const Work &work) {
  for (const Extent &a : extents) {
    if (!a.region->write)
      continue;
    for (const Extent &b : extents) {
      if (a.memory != b.memory || a.low >= b.low + b.bytes || b.low >= a.low + a.bytes)
        continue;
      bool same = a.region->place == b.region->place;
      bool aligned = a.region->elementwise && b.region->elementwise && a.address == b.address &&
                     a.region->format == b.region->format;
      if (!same && !aligned)
        return faults.faultAt(TrapCause::Overlap,
                              "operands " + std::to_string(a.region->place) + " and " + std::to_string(b.region->place),
                              work.index, a.memory, std::max(a.low, b.low));
    }
  }
  return true;
}

} // namespace rnn::sim
