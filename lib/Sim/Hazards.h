//===- Hazards.h - Decides races and uninitialised reads by order -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Isa/Isa.h"
#include "rnn-mlir/Sim/Limits.h"

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <vector>

namespace rnn::sim {

/// Engines with a program order of their own: those with a queue.
inline constexpr unsigned kActors = isa::kQueues;
inline unsigned actorOf(isa::Engine engine) {
  return unsigned(engine) - 1;
}

/// For each engine the number of its latest instruction that happens before.
using VectorClock = std::array<uint32_t, kActors>;
static_assert(kMostInstructions <= std::numeric_limits<VectorClock::value_type>::max());

/// Who accesses: the `number`-th instruction of an engine, which is instruction `index` of the program of that number,
/// from 1 on, and of its set-up part or not.
struct Accessor {
  unsigned actor;
  uint32_t number, index;
  uint32_t program = 1;
  bool setup = false;
};

/// What is wrong with an access, if anything.
struct Hazard {
  enum Kind : uint8_t { None, Unwritten, Unordered } kind = None;
  bool otherWrote = false;
  uint32_t otherIndex = 0;
  uint64_t address = 0;
};

/// Who last wrote and who has read since, by intervals of bytes. Accesses to the same bytes, one of them a write, must
/// be ordered by the clocks. What a program's set-up part wrote stays from launch to launch, for that program alone.
class IntervalList {
public:
  Hazard read(uint64_t begin, uint64_t end, const Accessor &who, const VectorClock &clock);
  Hazard write(uint64_t begin, uint64_t end, const Accessor &who, const VectorClock &clock);
  /// Bytes that were written.
  uint64_t covered() const;
  size_t size() const { return intervals.size(); }
  /// The first byte of the first interval.
  uint64_t begin() const { return intervals.front().begin; }
  IntervalList takeUpperHalf();
  /// Appends to `kept` the intervals that stay, as written and read before everything.
  void keepTo(IntervalList &kept) const;

private:
  struct Interval {
    uint64_t begin, end;
    uint32_t writer, writerIndex;
    std::array<uint32_t, kActors> readers, readerIndex;
    uint8_t writerActor;
    /// The program whose set-up part wrote it; 0 where it was another instruction.
    uint32_t stays;
  };
  /// Index of the first interval that ends after `address`.
  size_t find(uint64_t address) const;
  void split(size_t index, uint64_t address);
  static Hazard against(const Interval &interval, const Accessor &who, const VectorClock &clock);

  std::vector<Interval> intervals;
  mutable size_t hint = 0;
};

/// The same in lists of at most `most` intervals, so that many stay cheap.
class HazardMap {
public:
  explicit HazardMap(size_t most = 256) : most(most) { clear(); }
  HazardMap(const HazardMap &) = delete;
  HazardMap &operator=(const HazardMap &) = delete;

  Hazard read(uint64_t begin, uint64_t end, const Accessor &who, const VectorClock &clock);
  Hazard write(uint64_t begin, uint64_t end, const Accessor &who, const VectorClock &clock);
  void clear();
  /// Forgets what does not stay; the rest happened before all that comes.
  void beginLaunch();
  /// Bytes that were written.
  uint64_t covered() const;
  /// The number of intervals.
  size_t size() const { return others + list->size(); }

private:
  /// Makes the list that has an address the one at hand.
  void goTo(uint64_t address);
  /// Puts the upper half of the list at hand behind it.
  void divide();
  /// Calls f(list, begin, end) for the parts of a range in order, up to the first conflict.
  template <class F> Hazard access(uint64_t begin, uint64_t end, F &&f);

  size_t most;
  /// By their first byte; each has the bytes up to the next one's.
  std::map<uint64_t, IntervalList> lists;
  /// The list at hand, its bytes, and the intervals of all others.
  IntervalList *list;
  uint64_t listBegin, listEnd;
  size_t others;
};

} // namespace rnn::sim
