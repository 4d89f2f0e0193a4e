//===- Engines.cpp - Engines, semaphores, time and its account --*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Machine.h"

#include <algorithm>
#include <cstring>

namespace rnn::sim {

using isa::Engine;

const Machine::Token &Machine::Semaphore::peek(uint32_t k) const {
  static const Token none;
  return k < initial ? none : ring[(head + (k - initial)) & (ring.size() - 1)];
}

void Machine::Semaphore::push(const Token &token) {
  if (count == ring.size()) {
    std::rotate(ring.begin(), ring.begin() + head, ring.end());
    head = 0;
    ring.resize(std::max<size_t>(4, 2 * ring.size()));
  }
  ring[(head + count++) & (ring.size() - 1)] = token;
}

void Machine::Semaphore::pop() {
  if (initial) {
    --initial;
    return;
  }
  head = (head + 1) & uint32_t(ring.size() - 1);
  --count;
}

Machine::Machine(const target::TargetModel &model, Memories &memories, const Kernels &kernels)
    : model(model), memories(memories), kernels(kernels) {}

/// Why an instruction of role `waiter` waits for a token.
Cause Machine::causeOf(const Token &token, isa::Role waiter) {
  if (token.reload)
    return Cause::Reload;
  return token.recur && waiter == isa::Role::Recur ? Cause::Chain : Cause(token.engine - 1);
}

/// Whether a copy brings weights that one before it has brought.
bool Machine::loadsAgain(const Work &work, const PreparedInstr &instr) {
  return instr.role == isa::Role::Weights && std::holds_alternative<isa::CopyIn>(*instr.instr) && instr.cost.channel &&
         !loaded.insert(work.address[size_t(instr.dramPlace)]).second;
}

/// The earliest start of an engine's first instruction: engine free, issued, a token for every wait. Where several
/// constraints are met last, the cause is the first of: token, issue.
void Machine::updateStart(EngineState &engine) {
  engine.stale = false;
  engine.start = kNever;
  if (engine.count == 0)
    return;
  const Work &work = engine.slots[engine.head];
  const isa::Sync::List &waits = program->code[work.index].sync.waits;
  uint64_t start = engine.free;
  Cause cause = Cause::Occupied;
  if (work.enqueued >= start) {
    start = work.enqueued;
    cause = Cause(work.issueCause);
  }
  for (unsigned i = 0; i < waits.size; ++i) {
    uint32_t taken = 0;
    for (unsigned j = 0; j < i; ++j)
      taken += waits.semaphores[j] == waits.semaphores[i];
    const Semaphore &semaphore = semaphores[waits.semaphores[i]];
    if (semaphore.size() <= taken)
      return;
    const Token &token = semaphore.peek(taken);
    if (token.time >= start && token.engine) {
      start = token.time;
      cause = causeOf(token, program->code[work.index].role);
    }
  }
  engine.start = start;
  engine.startCause = cause;
}

bool Machine::runEngines() {
  while (true) {
    if (!runSequencer())
      return false;
    uint64_t best = kNever;
    Engine which = Engine::Seq;
    bool finishes = false;
    for (unsigned e = 1; e < isa::kEngineCount; ++e) {
      EngineState &engine = engines[e];
      if (engine.firstCompletion < engine.completions.size()) {
        uint64_t time = engine.completions[engine.firstCompletion].time;
        if (time < best || (time == best && !finishes))
          best = time, which = Engine(e), finishes = true;
      }
      if (engine.stale)
        updateStart(engine);
      if (engine.start < best)
        best = engine.start, which = Engine(e), finishes = false;
    }
    if (which == Engine::Seq) {
      bool idle = halted && std::all_of(engines.begin(), engines.end(), [](const auto &e) { return e.count == 0; });
      if (!idle)
        return deadlock();
      // What posts nothing is no event: it is compared when all has been started.
      for (const EngineState &engine : engines)
        if (engine.visible > options.maxCycles)
          return cycleLimit(engine.latest);
      return true;
    }
    if (best > options.maxCycles) {
      const EngineState &engine = engines[size_t(which)];
      return cycleLimit(finishes ? engine.completions[engine.firstCompletion].index : engine.slots[engine.head].index);
    }
    if (!(finishes ? finish(which) : start(which)))
      return false;
  }
}

bool Machine::finish(Engine which) {
  EngineState &engine = engines[size_t(which)];
  const Completion completion = engine.completions[engine.firstCompletion++];
  if (2 * engine.firstCompletion >= engine.completions.size()) {
    engine.completions.erase(engine.completions.begin(), engine.completions.begin() + engine.firstCompletion);
    engine.firstCompletion = 0;
  }
  for (uint8_t s : program->code[completion.index].sync.posts) {
    if (semaphores[s].size() == isa::kMaxTokens)
      return fault(TrapCause::SemaphoreOverflow,
                   "semaphore " + std::to_string(s) + " above " + std::to_string(isa::kMaxTokens), completion.index);
    semaphores[s].push({completion.time, completion.clock, uint8_t(which),
                        program->code[completion.index].role == isa::Role::Recur, completion.reload});
  }
  for (EngineState &other : engines)
    if (other.start == kNever)
      other.stale = true;
  return true;
}

bool Machine::start(Engine which) {
  EngineState &engine = engines[size_t(which)];
  Work &work = engine.slots[engine.head];
  PreparedInstr &instr = program->code[work.index];
  uint64_t begin = engine.start;
  Cause cause = engine.startCause;
  for (uint8_t s : instr.sync.waits) {
    const Token &token = semaphores[s].peek(0);
    for (unsigned a = 0; a < kActors; ++a)
      engine.clock[a] = std::max(engine.clock[a], token.clock[a]);
    semaphores[s].pop();
  }
  if (instr.sync.waits.size)
    for (EngineState &other : engines)
      other.stale = true;
  engine.clock[actorOf(which)] = ++engine.number;
  refresh(instr, work);
  if (!access(work, instr, which))
    return false;
  uint64_t visible = engine.visible;
  account(instr, which, begin, cause, instr.cost);
  if (engine.visible > visible)
    engine.latest = work.index;
  bool reload = loadsAgain(work, instr);
  if (reload)
    result.reloaded += instr.cost.channel;
  if (instr.sync.posts.size)
    engine.completions.push_back({engine.visible, work.index, engine.clock, reload});
  if (options.trace) {
    trace(TraceWriter::Track(which), work.index, work.position, begin, engine.free, engine.visible);
    if (instr.cost.channel)
      trace(TraceWriter::Track::Dram, work.index, work.position, channelFree - instr.cost.channel, channelFree,
            channelFree);
  }
  ++instr.executions;
  ++instr.pending;
  engine.head = (engine.head + 1) % uint32_t(engine.slots.size());
  --engine.count;
  engine.stale = true;
  if (blockedOn == which) {
    blockedOn = Engine::Seq;
    if (begin > sequencerTime) {
      blocked += begin - sequencerTime;
      sequencerTime = begin;
    }
  }
  return true;
}

bool Machine::access(Work &work, const PreparedInstr &instr, Engine which) {
  extents.clear();
  Accessor who{actorOf(which), engines[size_t(which)].number, work.index};
  for (const target::Region &region : instr.regions)
    if (!accessRegion(work, instr, region, who))
      return false;
  if (instr.writes && !checkOverlaps(work))
    return false;
  std::visit(
      [&]<class I>(const I &i) {
        if constexpr (I::kHasSync)
          execute(i, work, kernels);
      },
      *instr.instr);
  return true;
}

bool Machine::accessRegion(Work &work, const PreparedInstr &instr, const target::Region &region, const Accessor &who) {
  static std::byte nothing[4];
  const Place &place = instr.places[region.place];
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
  if (region.floats && (address % 4 || (rows > 1 && pitch % 4)))
    return faultAt(TrapCause::Misaligned, "an f32", work.index, place.memory, address);
  unsigned __int128 reach = 0;
  if (rows > 1) {
    reach = (unsigned __int128)(pitch < 0 ? -uint64_t(pitch) : uint64_t(pitch)) * (rows - 1);
    if (region.write && reach < (unsigned __int128)bytes * (rows - 1))
      return faultAt(TrapCause::Overlap,
                     "rows of " + std::to_string(bytes) + " bytes at a pitch of " + std::to_string(pitch), work.index,
                     place.memory, address);
  }
  uint64_t low = pitch < 0 ? address - uint64_t(reach) : address;
  Memories::Range range;
  if (reach <= UINT64_MAX / 2 && (pitch >= 0 || low <= address))
    range = memories.find(place.memory, low, uint64_t(reach) + bytes);
  if (!range.data)
    return faultAt(TrapCause::OutOfRange,
                   std::to_string(rows) + " rows of " + std::to_string(bytes) + " bytes at a pitch of " +
                       std::to_string(pitch),
                   work.index, place.memory, address);
  if (region.write && range.segment && !range.segment->writable)
    return faultAt(TrapCause::WriteProtected, "", work.index, place.memory, address);
  work.data[region.place] = range.data + (address - low);
  extents.push_back({place.memory, low, uint64_t(reach) + bytes, address, region});
  if (range.segment && !range.segment->hazards)
    return true;
  uint64_t base = range.segment ? range.segment->begin : 0;
  const Clock &clock = engines[who.actor + 1].clock;
  HazardMap &hazards = range.segment ? *range.segment->hazards : memories.hazards(place.memory);
  // The addresses of loaded weights take as much memory.
  uint64_t others = intervals + loaded.size() - hazards.size();
  for (uint64_t row = 0; row < rows; ++row) {
    uint64_t at = address - base + row * uint64_t(pitch);
    Conflict c = region.write ? hazards.write(at, at + bytes, who, clock) : hazards.read(at, at + bytes, who, clock);
    if (c.kind)
      return conflict(c, work.index, place.memory, c.address + base, region.write);
    if (others + hazards.size() > options.maxIntervals)
      return faultAt(TrapCause::IntervalLimit, "more than " + std::to_string(options.maxIntervals) + " intervals",
                     work.index, place.memory, at + base);
  }
  intervals = others + hazards.size() - loaded.size();
  return true;
}

/// An instruction's write may meet its other accesses only element by element.
bool Machine::checkOverlaps(const Work &work) {
  for (const Extent &a : extents) {
    if (!a.region.write)
      continue;
    for (const Extent &b : extents) {
      if (a.memory != b.memory || a.low >= b.low + b.bytes || b.low >= a.low + a.bytes)
        continue;
      bool same = a.region.place == b.region.place;
      bool aligned = a.region.elementwise && b.region.elementwise && a.address == b.address;
      if (!same && !aligned)
        return faultAt(TrapCause::Overlap,
                       "operands " + std::to_string(a.region.place) + " and " + std::to_string(b.region.place),
                       work.index, a.memory, std::max(a.low, b.low));
    }
  }
  return true;
}

/// Cost and regions of an instruction depend on its sizes alone, which seldom change.
void Machine::refresh(PreparedInstr &instr, const Work &work) {
  target::Sizes sizes{work.size, false};
  if (instr.dramPlace >= 0)
    sizes.contiguous = work.size[0] <= 1 || work.pitch[size_t(instr.dramPlace)] == int64_t(work.size[1]);
  if (instr.known && sizes == instr.knownSizes)
    return;
  count(instr);
  instr.cost = target::cost(*instr.instr, sizes, model);
  instr.regions.clear();
  instr.writes = false;
  std::visit(
      [&]<class I>(const I &i) {
        if constexpr (I::kHasSync)
          target::regions(i, sizes, [&](const target::Region &region) {
            instr.regions.push_back(region);
            instr.writes |= region.write;
          });
      },
      *instr.instr);
  instr.knownSizes = sizes;
  instr.known = true;
}

/// Adds the executions since the last call to the statistics.
void Machine::count(PreparedInstr &instr) {
  if (!instr.pending)
    return;
  const target::Cost &cost = instr.cost;
  result.instructions[size_t(instr.engine)] += instr.pending;
  result.macs += cost.macs * instr.pending;
  for (uint64_t micro : cost.micro)
    result.microOps += micro * instr.pending;
  for (unsigned m = 0; m < 4; ++m) {
    result.bytesRead[m] += cost.read[m] * instr.pending;
    result.bytesWritten[m] += cost.written[m] * instr.pending;
  }
  result.energy += target::energy(cost, instr.engine, instr.pending, model);
  instr.pending = 0;
}

/// More gaps of an engine, between two instructions of the recurrence or on the channel, are not told apart: the oldest
/// count as other work.
constexpr size_t kMostGaps = 1 << 16;

void Machine::idle(EngineState &engine, uint64_t from, uint64_t to, Cause cause) {
  if (from >= to)
    return;
  std::vector<Gap> &gaps = engine.gaps;
  size_t at = engine.gapCount % gaps.size();
  if (engine.gapCount >= gaps.size() && gaps.size() < kMostGaps &&
      gaps[at].end > std::min(recurrenceEnd, channelFree)) {
    std::rotate(gaps.begin(), gaps.begin() + at, gaps.end());
    at = engine.gapCount = gaps.size();
    gaps.resize(2 * gaps.size());
  }
  gaps[at] = {from, to, cause};
  ++engine.gapCount;
}

/// Explains [from, to) of a resource by what the engine whose instruction ends it did: its gaps by their causes, the
/// rest is other work.
void Machine::explain(const EngineState &engine, uint64_t from, uint64_t to, TimeLine &line) {
  uint64_t rest = to - from, count = std::min<uint64_t>(engine.gapCount, engine.gaps.size());
  for (uint64_t i = 1; i <= count; ++i) {
    const Gap &gap = engine.gaps[(engine.gapCount - i) % engine.gaps.size()];
    if (gap.end <= from)
      break;
    uint64_t begin = std::max(gap.begin, from), end = std::min(gap.end, to);
    if (begin < end) {
      line.idle[size_t(gap.cause)] += end - begin;
      rest -= end - begin;
    }
  }
  line.idle[size_t(Cause::Occupied)] += rest;
}

void Machine::account(const PreparedInstr &instr, Engine which, uint64_t begin, Cause cause, const target::Cost &cost) {
  EngineState &engine = engines[size_t(which)];
  TimeLine &line = result.engines[size_t(which)];
  idle(engine, engine.free, begin, cause);
  line.idle[size_t(cause)] += begin - engine.free;
  line.busy += cost.cycles + cost.channel;
  line.fill += cost.fill;
  uint64_t end = begin + cost.cycles + cost.fill;
  if (cost.channel) {
    uint64_t transfer = std::max(end, channelFree);
    idle(engine, end, transfer, Cause::Channel);
    line.idle[size_t(Cause::Channel)] += transfer - end;
    if (transfer > channelFree) {
      uint64_t setup = std::min(transfer - channelFree, transfer - begin);
      result.channel.idle[size_t(Cause::Setup)] += setup;
      explain(engine, channelFree, transfer - setup, result.channel);
    }
    result.channel.busy += cost.channel;
    end = channelFree = transfer + cost.channel;
  }
  engine.free = end;
  engine.visible = std::max(engine.visible, end + cost.latency);
  if (instr.role != isa::Role::Recur)
    return;
  if (begin > recurrenceEnd) {
    explain(engine, recurrenceEnd, begin, result.recurrence);
    recurrenceEnd = begin;
  }
  if (engine.visible > recurrenceEnd) {
    result.recurrence.busy += engine.visible - recurrenceEnd;
    recurrenceEnd = engine.visible;
  }
}

static uint64_t boundCycles(__int128 amount, uint64_t perCycle) {
  if (amount <= 0)
    return 0;
  __int128 cycles = (amount + perCycle - 1) / perCycle;
  return cycles > INT64_MAX ? INT64_MAX : uint64_t(cycles);
}

/// Lower bounds from `steps` valid steps of all of `sequences` and `longest` of the longest; docs/simulator.md has the
/// formulas. `once` is the dram bound with each weight read once.
static std::array<uint64_t, kBounds> boundsOf(const isa::Layer &layer, const target::TargetModel &model, uint64_t steps,
                                              uint64_t longest, uint64_t sequences, uint64_t &once) {
  once = 0;
  if (!longest)
    return {};
  __int128 all = steps, chain = longest, input = layer.inputWeightBytes, state = layer.stateWeightBytes;
  __int128 streamed = std::max<__int128>(0, state - model.weight.capacity);
  __int128 single = input + state + layer.dramBytesPerCall + __int128(sequences) * layer.dramBytesPerSequence +
                    all * layer.dramBytesPerStep;
  once = boundCycles(single, model.dram.bandwidth);
  return {boundCycles(all * layer.macsPerStep, model.mat.rows * model.mat.columns),
          boundCycles(input + chain * state, model.weight.bandwidth),
          boundCycles(single + (chain - 1) * streamed, model.dram.bandwidth),
          boundCycles(chain * layer.chainCyclesPerStep, 1)};
}

/// How much longer these bounds would be with `others` steps of other sequences, one after another: a step's chain and
/// its reads of the state's weights come again. The other bounds count all steps, or the weights' reads, anyway.
static std::array<uint64_t, kBounds> boundsOfOthers(const isa::Layer &layer, const target::TargetModel &model,
                                                    uint64_t others) {
  std::array<uint64_t, kBounds> result{};
  result[size_t(Bound::Weight)] = boundCycles(__int128(others) * layer.stateWeightBytes, model.weight.bandwidth);
  result[size_t(Bound::Dependency)] = boundCycles(__int128(others) * layer.chainCyclesPerStep, 1);
  return result;
}

/// Executions of the rarest instruction of role `recur` that was executed at all: steps, those of sequences in lock-step
/// once for all of them. With `lanes` of lane programs, which run for each sequence, where there are any: steps of all
/// sequences.
static uint64_t stepsOf(std::span<const PreparedInstr> code, bool lanes) {
  uint64_t steps = 0;
  for (const PreparedInstr &instr : code)
    if (instr.role == isa::Role::Recur && instr.executions && (!lanes || instr.engine == Engine::Vec))
      steps = steps ? std::min(steps, instr.executions) : instr.executions;
  return steps || !lanes ? steps : stepsOf(code, false);
}

/// Closes the time lines: every one ends with the run.
Statistics Machine::statistics() {
  result.program = program->program.name;
  result.node = program->program.layer.node;
  result.launches = 1;
  uint64_t end = sequencerTime, steps = stepsOf(program->code, /*lanes=*/true);
  for (const EngineState &engine : engines)
    end = std::max(end, engine.visible);
  for (PreparedInstr &instr : program->code)
    count(instr);
  constexpr auto drain = size_t(Cause::Drain);
  for (unsigned e = 1; e < isa::kEngineCount; ++e)
    result.engines[e].idle[drain] += end - engines[e].free;
  result.channel.idle[drain] += end - channelFree;
  result.recurrence.idle[drain] += end - recurrenceEnd;
  TimeLine &sequencer = result.engines[0];
  sequencer.busy = sequencerTime - blocked - fetched;
  sequencer.idle[size_t(Cause::Queue)] = blocked;
  sequencer.idle[size_t(Cause::Fetch)] = fetched;
  sequencer.idle[drain] = end - sequencerTime;
  result.steps = steps;
  result.cycles = end;
  result.seconds = double(end) / model.clock;
  result.energy.leakage = target::leakage(model) * result.seconds;
  uint64_t once, longest = std::min(steps, longestSequence);
  result.bounds = boundsOf(program->program.layer, model, steps, longest, sequences, once);
  result.boundSequences = boundsOfOthers(program->program.layer, model, std::max(stepsOf(program->code, /*lanes=*/false), longest) - longest);
  result.boundReload = result.bounds[size_t(Bound::Dram)] - once;
  return std::move(result);
}

/// The sequences of a launch.
static uint64_t sequencesOf(const isa::Layer &layer, std::span<const ArgumentView> arguments) {
  if (layer.stepsArgument < 0 || uint64_t(layer.stepsArgument) >= arguments.size())
    return 0;
  std::span<const int64_t> shape = arguments[layer.stepsArgument].shape;
  return shape.size() == 3 ? uint64_t(shape[1]) : 1;
}

/// Steps of the longest sequence of a launch with `steps` in all. Without lengths the mean, which is no more: it is
/// exact where all have the same.
static uint64_t longestOf(const isa::Layer &layer, std::span<const isa::Argument> declared,
                          std::span<const ArgumentView> arguments, uint64_t steps) {
  uint64_t longest = steps;
  auto valid = [&](int64_t number) { return number >= 0 && uint64_t(number) < arguments.size(); };
  std::span<const int64_t> shape;
  if (valid(layer.stepsArgument))
    shape = arguments[layer.stepsArgument].shape;
  if (!shape.empty())
    longest = std::min<uint64_t>(longest, shape[0]);
  if (!valid(layer.lengthsArgument))
    return shape.size() == 3 && shape[1] ? (steps + shape[1] - 1) / shape[1] : longest;
  const ArgumentView &lengths = arguments[layer.lengthsArgument];
  if (lengths.shape.size() != 1 || declared[layer.lengthsArgument].elementBytes != sizeof(int32_t))
    return longest;
  int32_t most = 0;
  for (int64_t i = 0; i < lengths.shape[0]; ++i) {
    int32_t length;
    std::memcpy(&length, static_cast<const std::byte *>(lengths.data) + i * sizeof(length), sizeof(length));
    most = std::max(most, length);
  }
  return std::min<uint64_t>(longest, most);
}

RunResult Machine::run(PreparedProgram &prepared, std::span<const ArgumentView> arguments,
                       const RunOptions &runOptions) {
  reset(prepared, runOptions);
  if (auto problem = memories.bind(prepared.program, arguments)) {
    fault(TrapCause::ArgumentMismatch, *problem);
    return std::move(*trap);
  }
  for (size_t i = 0; i < arguments.size(); ++i) {
    const isa::Argument &argument = prepared.program.arguments[i];
    if (argument.baseRegister)
      registers[argument.baseRegister] = int64_t(memories.argumentAddress(i));
    for (size_t d = 0; d < argument.dimRegisters.size() && d < arguments[i].shape.size(); ++d)
      if (argument.dimRegisters[d])
        registers[argument.dimRegisters[d]] = arguments[i].shape[d];
  }
  if (!runEngines())
    return std::move(*trap);
  sequences = sequencesOf(prepared.program.layer, arguments);
  longestSequence = longestOf(prepared.program.layer, prepared.program.arguments, arguments, stepsOf(prepared.code, /*lanes=*/true));
  for (const Segment &segment : memories.segments())
    if (segment.hazards && segment.hazards->covered() != segment.bytes) {
      fault(TrapCause::OutputIncomplete, "of the " + std::to_string(segment.bytes) + " bytes of '" +
                                             std::string(segment.name) + "' the program wrote " +
                                             std::to_string(segment.hazards->covered()));
      return std::move(*trap);
    }
  Statistics statistics = this->statistics();
  if (options.trace)
    options.trace->advance(statistics.cycles);
  return statistics;
}

} // namespace rnn::sim
