//===- Statistics.h - What a run took and cost ------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Isa/Program.h"
#include "rnn-mlir/Target/Cost.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>

namespace rnn::sim {

/// Why a resource did nothing: the constraint of its next instruction that was met last. The first are waits for data
/// or space from an engine, in the order of the engines with a queue: see `waitFor`; `kOtherCauses` has the rest.
enum class Cause : uint8_t { Reload = isa::kQueues, Chain, Issue, Queue, Fetch, Channel, Setup, Occupied, Drain };

/// A cause that is no wait for an engine: its key in a report, and what the resource did.
struct CauseRow {
  Cause cause;
  std::string_view name, meaning;
};
inline constexpr std::array kOtherCauses = {
    CauseRow{Cause::Reload, "reload", "waited for weights that had been on the tile before"},
    CauseRow{
        Cause::Chain, "chain",
        "waited, with an instruction of role recur, for another of that role: the chain of a step and between steps"},
    CauseRow{Cause::Issue, "issue", "waited for the sequencer to issue"},
    CauseRow{Cause::Queue, "queue", "waited while a full queue held the sequencer up"},
    CauseRow{Cause::Fetch, "fetch", "waited while a fetch from DRAM held the sequencer up"},
    CauseRow{Cause::Channel, "channel", "waited for the DRAM channel"},
    CauseRow{Cause::Setup, "setup", "waited while the dma set up a transfer"},
    CauseRow{Cause::Occupied, "occupied", "waited for an engine taken by other work"},
    CauseRow{Cause::Drain, "drain", "had finished"},
};
inline constexpr unsigned kCauses = isa::kQueues + kOtherCauses.size();
static_assert(
    [] {
      unsigned number = isa::kQueues;
      return std::ranges::all_of(kOtherCauses, [&](const CauseRow &row) { return unsigned(row.cause) == number++; });
    }(),
    "the causes stand in their order");

/// The wait for an engine with a queue.
constexpr Cause waitFor(isa::Engine engine) {
  return Cause(unsigned(engine) - 1);
}

/// By cause, its key in a report.
inline constexpr std::array<std::string_view, kCauses> kCauseNames = [] {
  std::array<std::string_view, kCauses> names;
  std::ranges::transform(kOtherCauses, std::ranges::copy(isa::kWaitNames, names.begin()).out, &CauseRow::name);
  return names;
}();

/// The time line of a resource; the parts add up to the cycles of the run.
struct TimeLine {
  uint64_t busy = 0;
  /// Pipelines filling and draining.
  uint64_t fill = 0;
  std::array<uint64_t, kCauses> idle{};

  uint64_t total() const;
  TimeLine &operator+=(const TimeLine &other);
};

/// Lower bounds of a layer's cycles on the target, whatever the schedule.
enum class Bound : uint8_t { Arithmetic, Weight, Mat, Dram, Dependency };
inline constexpr std::array<std::string_view, 5> kBoundNames = {"arithmetic", "weight", "mat", "dram", "dependency"};
inline constexpr unsigned kBounds = kBoundNames.size();
static_assert(unsigned(Bound::Dependency) + 1 == kBounds);

/// What the launches of one program took and cost.
struct Statistics {
  std::string program, node;
  uint64_t launches = 0;
  /// Steps of all sequences, by what the launch passed; of a layer that names no such arguments, as many as were taken.
  uint64_t steps = 0;
  uint64_t cycles = 0;
  double seconds = 0;

  std::array<TimeLine, isa::kEngineCount> engines;
  std::array<uint64_t, isa::kEngineCount> instructions{};
  /// The DRAM channel, and the instructions of role `recur` seen as one resource.
  TimeLine channel, recurrence;

  uint64_t macs = 0, microOps = 0;
  std::array<uint64_t, isa::kMemoryCount> bytesRead{}, bytesWritten{};
  target::Energy energy;
  std::array<uint64_t, kBounds> bounds{};
  /// Cycles of the DRAM channel for weights that it had brought before, and those of them that are in its bound.
  uint64_t reloaded = 0, boundReload = 0;
  /// How much longer each bound would be as the sequences of a batch, or tiles of them, ran one after another.
  std::array<uint64_t, kBounds> boundSequences{};

  Statistics &operator+=(const Statistics &other);

  Bound largestBound() const;
  /// The time line of the resource that the largest bound is about.
  const TimeLine &boundResource() const;
  /// Cycles of that resource's work for weights that are loaded again, beyond the bound; 0 where it is not the channel.
  uint64_t reload() const;
  /// Cycles of that resource's work for the sequences of a batch but the longest, or tiles of them, as these run one
  /// after another.
  uint64_t sequences() const;
  /// Cycles of that resource's other work beyond the bound: partial blocks, bursts, memories slower than the
  /// multipliers.
  int64_t excess() const;
  /// When and why that resource did nothing, by cause, beside what is in the bound: that of the recurrence has the way
  /// of the inputs to the first step and of the results from the last one.
  std::array<uint64_t, kCauses> beyondBound() const;
};

/// The report as JSON; its keys are those of `statisticsTable`.
nlohmann::ordered_json toJson(const Statistics &statistics);

/// The documentation of the keys: a table in Markdown with name, unit and meaning.
std::string statisticsTable();

} // namespace rnn::sim
