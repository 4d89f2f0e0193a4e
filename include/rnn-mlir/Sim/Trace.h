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

/// Writes a trace in Chrome's JSON form, slice by slice: times in microseconds of the target's clock. An engine's
/// track shows while it is occupied, one instruction after the other; the latency until what it did is visible, which
/// overlaps later instructions, follows as an asynchronous event. The file appears whole when `finish` succeeds, or not
/// at all.
class TraceWriter {
public:
  static Result<std::unique_ptr<TraceWriter>> create(const std::string &path, double clock);
  TraceWriter(const TraceWriter &) = delete;
  TraceWriter &operator=(const TraceWriter &) = delete;

  /// One execution of an instruction, in cycles from the start of the run it belongs to.
  struct Slice {
    isa::Engine engine;
    std::string_view mnemonic;
    uint32_t instruction;
    std::string_view role, node, program;
    uint64_t step;
    /// The engine is occupied from `begin` to `end`; what it did is visible at `visible`.
    uint64_t begin, end, visible;
  };
  void slice(const Slice &slice);

  /// Later slices begin `cycles` later: the runs of a session follow one another.
  void advance(uint64_t cycles) { base += cycles; }

  Result<void> finish();

private:
  TraceWriter(WholeFile file, double clock) : file(std::move(file)), clock(clock) {}
  /// Picoseconds from the start of the session. Rounded, so that a slice ends exactly where the next begins.
  uint64_t picoseconds(uint64_t cycle) const;
  void latency(const Slice &slice, const std::string &engine);
  void write(std::string_view text);
  void flush();

  WholeFile file;
  std::string buffer;
  double clock;
  uint64_t base = 0;
  /// Where the last latency of each asynchronous track of an engine ends.
  std::array<std::vector<uint64_t>, isa::kEngineCount> lanes;
  Result<void> written;
};

} // namespace rnn::sim
