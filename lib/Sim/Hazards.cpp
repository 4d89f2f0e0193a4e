//===- Hazards.cpp - Decides races and uninitialised reads by order -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Hazards.h"

#include <algorithm>
#include <iterator>

namespace rnn::sim {

size_t IntervalList::find(uint64_t address) const {
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

void IntervalList::split(size_t index, uint64_t address) {
  intervals.insert(intervals.begin() + std::ptrdiff_t(index), intervals[index]);
  intervals[index].end = address;
  intervals[index + 1].begin = address;
}

Hazard IntervalList::against(const Interval &interval, const Accessor &who, const VectorClock &clock) {
  if (interval.writerActor != who.actor && clock[interval.writerActor] < interval.writer)
    return {Hazard::Unordered, true, interval.writerIndex, 0};
  return {};
}

Hazard IntervalList::read(uint64_t begin, uint64_t end, const Accessor &who, const VectorClock &clock) {
  uint64_t at = begin;
  for (size_t i = find(begin); at < end; ++i) {
    if (i == intervals.size() || intervals[i].begin > at || (intervals[i].stays && intervals[i].stays != who.program))
      return {Hazard::Unwritten, false, 0, at};
    if (Hazard conflict = against(intervals[i], who, clock); conflict.kind) {
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

Hazard IntervalList::write(uint64_t begin, uint64_t end, const Accessor &who, const VectorClock &clock) {
  size_t first = find(begin), last = first;
  for (; last < intervals.size() && intervals[last].begin < end; ++last) {
    const Interval &interval = intervals[last];
    Hazard conflict = against(interval, who, clock);
    for (unsigned actor = 0; actor < kActors && !conflict.kind; ++actor)
      if (actor != who.actor && clock[actor] < interval.readers[actor])
        conflict = {Hazard::Unordered, false, interval.readerIndex[actor], 0};
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
  Interval fresh{begin, end, who.number, who.index, {}, {}, uint8_t(who.actor), who.setup ? who.program : 0};
  if (first == last) {
    intervals.insert(intervals.begin() + std::ptrdiff_t(first), fresh);
    return {};
  }
  intervals[first] = fresh;
  if (last - first > 1)
    intervals.erase(intervals.begin() + std::ptrdiff_t(first) + 1, intervals.begin() + std::ptrdiff_t(last));
  return {};
}

uint64_t IntervalList::covered() const {
  uint64_t bytes = 0;
  for (const Interval &interval : intervals)
    bytes += interval.end - interval.begin;
  return bytes;
}

IntervalList IntervalList::takeUpperHalf() {
  IntervalList upper;
  auto middle = intervals.begin() + std::ptrdiff_t(intervals.size() / 2);
  upper.intervals.assign(middle, intervals.end());
  intervals.erase(middle, intervals.end());
  intervals.shrink_to_fit();
  return upper;
}

void IntervalList::keepTo(IntervalList &kept) const {
  for (const Interval &interval : intervals) {
    if (!interval.stays)
      continue;
    Interval *last = kept.intervals.empty() ? nullptr : &kept.intervals.back();
    if (last && last->end == interval.begin && last->stays == interval.stays)
      last->end = interval.end;
    else
      kept.intervals.push_back({interval.begin, interval.end, 0, 0, {}, {}, 0, interval.stays});
  }
}

void HazardMap::beginLaunch() {
  IntervalList kept;
  for (const auto &[begin, part] : lists)
    part.keepTo(kept);
  clear();
  *list = std::move(kept);
}

void HazardMap::clear() {
  lists.clear();
  list = &lists[0];
  listBegin = others = 0;
  listEnd = UINT64_MAX;
}

void HazardMap::goTo(uint64_t address) {
  others += list->size();
  auto next = lists.upper_bound(address), at = std::prev(next);
  list = &at->second;
  listBegin = at->first;
  listEnd = next == lists.end() ? UINT64_MAX : next->first;
  others -= list->size();
}

void HazardMap::divide() {
  IntervalList upper = list->takeUpperHalf();
  others += upper.size();
  listEnd = upper.begin();
  lists.try_emplace(listEnd, std::move(upper));
}

template <class F> Hazard HazardMap::access(uint64_t begin, uint64_t end, F &&f) {
  while (true) {
    if (begin < listBegin || begin >= listEnd)
      goTo(begin);
    uint64_t stop = std::min(end, listEnd);
    Hazard conflict = f(*list, begin, stop);
    if (conflict.kind)
      return conflict;
    if (list->size() > most)
      divide();
    if (stop == end)
      return {};
    begin = stop;
  }
}

Hazard HazardMap::read(uint64_t begin, uint64_t end, const Accessor &who, const VectorClock &clock) {
  return access(begin, end, [&](IntervalList &part, uint64_t a, uint64_t b) { return part.read(a, b, who, clock); });
}

Hazard HazardMap::write(uint64_t begin, uint64_t end, const Accessor &who, const VectorClock &clock) {
  return access(begin, end, [&](IntervalList &part, uint64_t a, uint64_t b) { return part.write(a, b, who, clock); });
}

uint64_t HazardMap::covered() const {
  uint64_t bytes = 0;
  for (const auto &[begin, part] : lists)
    bytes += part.covered();
  return bytes;
}

} // namespace rnn::sim
