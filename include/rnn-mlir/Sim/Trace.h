//===- Trace.h - What the engines did when, for Perfetto --------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Isa/Isa.h"
#include "rnn-mlir/Support/WholeFile.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace rnn::sim {

/// Writes a trace in Chrome's JSON form, slice by slice: times in microseconds of the target's clock. Each program is a
/// process with a track for each engine and one for the DRAM channel; docs/trace.md has the fields. The file appears
/// whole when `finish` succeeds, or not at all.
class TraceWriter {
public:
  static Result<std::unique_ptr<TraceWriter>> create(const std::string &path, double clock);
  TraceWriter(const TraceWriter &) = delete;
  TraceWriter &operator=(const TraceWriter &) = delete;

  /// The tracks of the engines in their order, and that of the DRAM channel.
  enum class Track : uint8_t { Channel = isa::kEngineCount };
  static constexpr Track trackOf(isa::Engine engine) { return Track(engine); }

  /// Where an instruction is in the loops over sequences, tiles of steps and steps; -1 outside of one.
  struct Position {
    int64_t sequence = -1, tile = -1, step = -1;
  };

  /// What an execution of an instruction does on a track, in cycles from the start of the run it belongs to.
  struct Slice {
    Track track;
    /// The engine of the instruction, on whichever track.
    isa::Engine engine;
    std::string_view mnemonic;
    uint32_t instruction;
    std::string_view role, node, program;
    Position position;
    /// The track is occupied from `begin` to `end`; what an engine did is visible at `visible`.
    uint64_t begin, end, visible;
  };
  void slice(const Slice &slice);

  /// Later slices begin `cycles` later: the runs of a session follow one another.
  void advance(uint64_t cycles) { base += cycles; }

  Result<void> finish();

private:
  TraceWriter(WholeFile file, double clock) : file(std::move(file)), clock(clock) {}
  /// 64 bits would hold no more than 213 days, which a slow clock exceeds.
  using Picoseconds = unsigned __int128;
  /// The time from the start of the session. Rounded, so that a slice ends exactly where the next begins.
  Picoseconds picoseconds(uint64_t cycle) const;
  /// The number of the process of a program; names it and its tracks when it is new.
  size_t processOf(const Slice &slice);
  void event(const std::string &text);
  void latency(const Slice &slice, size_t process);
  void write(std::string_view text);
  void flush();

  WholeFile file;
  std::string buffer;
  double clock;
  uint64_t base = 0;
  bool empty = true;
  std::vector<std::string> programs;
  /// Where the last latency of each asynchronous track of an engine ends.
  std::array<std::vector<uint64_t>, isa::kEngineCount> lanes;
  Result<void> written;
};

} // namespace rnn::sim
