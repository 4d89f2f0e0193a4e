//===- Hazards.cpp - Decides races and uninitialised reads by order -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Hazards.h"

#include <algorithm>

namespace rnn::sim {

size_t HazardMap::find(uint64_t address) const {
  auto isAt = [&](size_t i) {
    return i < intervals.size() && intervals[i].end > address && (i == 0 || intervals[i - 1].end <= address);
  };
  if (isAt(hint))
    return hint;
  if (isAt(hint + 1))
    return ++hint;
  auto it =
      std::partition_point(intervals.begin(), intervals.end(), [&](const Interval &i) { return i.end <= address; });
  hint = size_t(it - intervals.begin());
  return hint;
}

void HazardMap::split(size_t index, uint64_t address) {
  intervals.insert(intervals.begin() + std::ptrdiff_t(index), intervals[index]);
  intervals[index].end = address;
  intervals[index + 1].begin = address;
}

Conflict HazardMap::against(const Interval &interval, const Accessor &who, const Clock &clock) {
  if (interval.writerActor != who.actor && clock[interval.writerActor] < interval.writer)
    return {Conflict::Unordered, true, interval.writerIndex, 0};
  return {};
}

Conflict HazardMap::read(uint64_t begin, uint64_t end, const Accessor &who, const Clock &clock) {
  uint64_t at = begin;
  for (size_t i = find(begin); at < end; ++i) {
    if (i == intervals.size() || intervals[i].begin > at)
      return {Conflict::Unwritten, false, 0, at};
    if (Conflict conflict = against(intervals[i], who, clock); conflict.kind) {
      conflict.address = at;
      return conflict;
    }
    if (intervals[i].begin < at)
      split(i++, at);
    if (intervals[i].end > end)
      split(i, end);
    intervals[i].readers[who.actor] = who.number;
    intervals[i].readerIndex[who.actor] = who.index;
    at = intervals[i].end;
  }
  return {};
}

Conflict HazardMap::write(uint64_t begin, uint64_t end, const Accessor &who, const Clock &clock) {
  size_t first = find(begin), last = first;
  for (; last < intervals.size() && intervals[last].begin < end; ++last) {
    const Interval &interval = intervals[last];
    Conflict conflict = against(interval, who, clock);
    for (unsigned actor = 0; actor < kActors && !conflict.kind; ++actor)
      if (actor != who.actor && clock[actor] < interval.readers[actor])
        conflict = {Conflict::Unordered, false, interval.readerIndex[actor], 0};
    if (conflict.kind) {
      conflict.address = std::max(begin, interval.begin);
      return conflict;
    }
  }
  if (first < last && intervals[first].begin < begin) {
    split(first++, begin);
    ++last;
  }
  if (first < last && intervals[last - 1].end > end)
    split(last - 1, end);
  Interval fresh{begin, end, who.number, who.index, {}, {}, uint8_t(who.actor)};
  if (first == last) {
    intervals.insert(intervals.begin() + std::ptrdiff_t(first), fresh);
    return {};
  }
  intervals[first] = fresh;
  if (last - first > 1)
    intervals.erase(intervals.begin() + std::ptrdiff_t(first) + 1, intervals.begin() + std::ptrdiff_t(last));
  return {};
}

uint64_t HazardMap::covered() const {
  uint64_t bytes = 0;
  for (const Interval &interval : intervals)
    bytes += interval.end - interval.begin;
  return bytes;
}

void PagedHazardMap::reset(uint64_t bytes) {
  pages.clear();
  pages.resize((bytes >> kPageBits) + 1);
}

template <class F> static Conflict byPage(uint64_t begin, uint64_t end, unsigned bits, F &&access) {
  for (uint64_t at = begin; at < end;) {
    uint64_t stop = std::min(end, ((at >> bits) + 1) << bits);
    if (Conflict conflict = access(at >> bits, at, stop); conflict.kind)
      return conflict;
    at = stop;
  }
  return {};
}

Conflict PagedHazardMap::read(uint64_t begin, uint64_t end, const Accessor &who, const Clock &clock) {
  return byPage(begin, end, kPageBits,
                [&](uint64_t page, uint64_t a, uint64_t b) { return pages[page].read(a, b, who, clock); });
}

Conflict PagedHazardMap::write(uint64_t begin, uint64_t end, const Accessor &who, const Clock &clock) {
  return byPage(begin, end, kPageBits,
                [&](uint64_t page, uint64_t a, uint64_t b) { return pages[page].write(a, b, who, clock); });
}

uint64_t PagedHazardMap::covered() const {
  uint64_t bytes = 0;
  for (const HazardMap &page : pages)
    bytes += page.covered();
  return bytes;
}

} // namespace rnn::sim
