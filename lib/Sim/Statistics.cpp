//===- Statistics.cpp - What a run took and cost ----------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Sim/Statistics.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace rnn::sim {

using nlohmann::ordered_json;

uint64_t TimeLine::total() const {
  return std::accumulate(idle.begin(), idle.end(), busy + fill);
}

/// Adds each number of `from` to the same of `to`: numbers, what has a sum of its own, and arrays of these.
template <class T> static void add(T &to, const T &from) {
  if constexpr (requires { std::tuple_size<T>::value; })
    for (size_t i = 0; i < to.size(); ++i)
      add(to[i], from[i]);
  else
    to += from;
}

TimeLine &TimeLine::operator+=(const TimeLine &other) {
  auto &[busyTo, fillTo, idleTo] = *this;
  const auto &[busyFrom, fillFrom, idleFrom] = other;
  add(busyTo, busyFrom);
  add(fillTo, fillFrom);
  add(idleTo, idleFrom);
  return *this;
}

template <auto... Members> static void addMembers(Statistics &to, const Statistics &from) {
  (add(to.*Members, from.*Members), ...);
}

Statistics &Statistics::operator+=(const Statistics &other) {
  using S = Statistics;
  // All but the names. One that is missing changes the number of members, which the binding below counts.
  addMembers<&S::launches, &S::steps, &S::cycles, &S::seconds, &S::engines, &S::instructions, &S::channel,
             &S::recurrence, &S::macs, &S::microOps, &S::bytesRead, &S::bytesWritten, &S::energy, &S::bounds,
             &S::reloaded, &S::boundReload, &S::boundSequences>(*this, other);
  [[maybe_unused]] const auto &[p, n, a, b, c, d, e, f, g, h, i, j, k, l, m, o, q, r, s] = other;
  return *this;
}

Bound Statistics::largestBound() const {
  return Bound(std::max_element(bounds.begin(), bounds.end()) - bounds.begin());
}

const TimeLine &Statistics::boundResource() const {
  switch (largestBound()) {
  case Bound::Dram:
    return channel;
  case Bound::Dependency:
    return recurrence;
  default:
    return engines[size_t(isa::Engine::Mat)];
  }
}

uint64_t Statistics::reload() const {
  return largestBound() == Bound::Dram && reloaded > boundReload ? reloaded - boundReload : 0;
}

uint64_t Statistics::sequences() const {
  return boundSequences[size_t(largestBound())];
}

/// What of a bound is none of its resource's own time: that of the recurrence has what comes before and after the
/// steps.
static uint64_t outside(const Statistics &statistics) {
  if (statistics.largestBound() != Bound::Dependency)
    return 0;
  uint64_t inside = statistics.boundResource().busy, all = statistics.bounds[size_t(Bound::Dependency)];
  all += statistics.sequences();
  return all > inside ? all - inside : 0;
}

int64_t Statistics::excess() const {
  uint64_t explained = bounds[size_t(largestBound())] + reload() + sequences();
  return int64_t(boundResource().busy + outside(*this)) - int64_t(explained);
}

std::array<uint64_t, kCauses> Statistics::beyondBound() const {
  std::array<uint64_t, kCauses> result = boundResource().idle;
  uint64_t rest = outside(*this);
  auto take = [&](Cause cause) {
    uint64_t taken = std::min(rest, result[size_t(cause)]);
    result[size_t(cause)] -= taken;
    rest -= taken;
  };
  // Inputs come and are multiplied, results leave; where there were other reasons at the same time, those.
  for (Cause cause : {waitFor(isa::Engine::Load), Cause::Occupied, Cause::Drain})
    take(cause);
  for (unsigned cause = 0; cause < kCauses; ++cause)
    take(Cause(cause));
  return result;
}

namespace {

/// What a key means, or each of the keys for `names`.
class Meaning {
public:
  Meaning(const char *text) : same(text) {}
  template <size_t N> Meaning(const std::array<std::string_view, N> &texts) : each(texts) {}
  std::string_view operator[](unsigned i) const { return each.empty() ? same : each[i]; }

private:
  std::string_view same;
  std::span<const std::string_view> each;
};

/// One key, or, where `names` is given, one for each name in place of the `*`.
struct StatisticsKey {
  std::string_view path;
  std::span<const std::string_view> names;
  std::string_view unit;
  Meaning meaning;
  ordered_json (*value)(const Statistics &, unsigned);
};

const std::vector<StatisticsKey> &keys() {
  static const std::vector<StatisticsKey> table = {
      {"program",
       {},
       "",
       "name of the device program",
       [](const Statistics &s, unsigned) { return ordered_json(s.program); }},
      {"node",
       {},
       "",
       "ONNX node of the layer, with the direction where it has two; of unnamed layers the program",
       [](const Statistics &s, unsigned) { return ordered_json(s.node); }},
      {"launches",
       {},
       "1",
       "launches that the figures add up",
       [](const Statistics &s, unsigned) { return ordered_json(s.launches); }},
      {"steps",
       {},
       "1",
       "steps of all sequences, by the sizes and lengths that a launch passes",
       [](const Statistics &s, unsigned) { return ordered_json(s.steps); }},
      {"cycles",
       {},
       "cycles",
       "from the start until everything is visible",
       [](const Statistics &s, unsigned) { return ordered_json(s.cycles); }},
      {"seconds",
       {},
       "s",
       "cycles at the target's clock",
       [](const Statistics &s, unsigned) { return ordered_json(s.seconds); }},
      {"macs",
       {},
       "1",
       "multiply-adds of products",
       [](const Statistics &s, unsigned) { return ordered_json(s.macs); }},
      {"micro_ops",
       {},
       "1",
       "micro-operations of lane programs, by element",
       [](const Statistics &s, unsigned) { return ordered_json(s.microOps); }},
      {"engines.*.instructions", isa::kEngineNames, "1", "instructions executed",
       [](const Statistics &s, unsigned i) { return ordered_json(s.instructions[i]); }},
      {"engines.*.busy", isa::kEngineNames, "cycles", "working",
       [](const Statistics &s, unsigned i) { return ordered_json(s.engines[i].busy); }},
      {"engines.*.fill", isa::kEngineNames, "cycles", "filling and draining the pipeline",
       [](const Statistics &s, unsigned i) { return ordered_json(s.engines[i].fill); }},
      {"bytes.*.read", isa::kMemoryNames, "B", "read from the memory",
       [](const Statistics &s, unsigned i) { return ordered_json(s.bytesRead[i]); }},
      {"bytes.*.written", isa::kMemoryNames, "B", "written to the memory",
       [](const Statistics &s, unsigned i) { return ordered_json(s.bytesWritten[i]); }},
      {"energy.total",
       {},
       "J",
       "sum of the components",
       [](const Statistics &s, unsigned) { return ordered_json(s.energy.total()); }},
      {"energy.*", isa::kComponentNames, "J", isa::kComponentEvents,
       [](const Statistics &s, unsigned i) { return ordered_json(s.energy[isa::Component(i)]); }},
      {"bounds.*", kBoundNames, "cycles", "lower bound of the layer on the target",
       [](const Statistics &s, unsigned i) { return ordered_json(s.bounds[i]); }},
      {"account.bound",
       {},
       "",
       "name of the largest bound; the parts of the account add up to cycles",
       [](const Statistics &s, unsigned) { return ordered_json(kBoundNames[size_t(s.largestBound())]); }},
      {"account.bound_cycles",
       {},
       "cycles",
       "the largest bound",
       [](const Statistics &s, unsigned) { return ordered_json(s.bounds[size_t(s.largestBound())]); }},
      {"account.sequences",
       {},
       "cycles",
       "work of the bound's resource for the sequences of a batch but the longest, as they run one after another; 0 "
       "where the bound does not tell them apart",
       [](const Statistics &s, unsigned) { return ordered_json(s.sequences()); }},
      {"account.excess",
       {},
       "cycles",
       "other work of the bound's resource beyond the bound: partial blocks, bursts, slower memories",
       [](const Statistics &s, unsigned) { return ordered_json(s.excess()); }},
      {"account.fill",
       {},
       "cycles",
       "the resource's pipeline filling and draining",
       [](const Statistics &s, unsigned) { return ordered_json(s.boundResource().fill); }},
  };
  return table;
}

/// Meaning of the causes, for engines and for the account.
std::string meaningOf(Cause cause) {
  if (unsigned(cause) < isa::kQueues)
    return "waited for data or space from " + std::string(isa::kEngineSpoken[unsigned(cause) + 1]);
  return std::string(kOtherCauses[unsigned(cause) - isa::kQueues].meaning);
}

std::string expand(std::string_view path, std::string_view name) {
  size_t star = path.find('*');
  return star == std::string_view::npos
             ? std::string(path)
             : std::string(path.substr(0, star)) + std::string(name) + std::string(path.substr(star + 1));
}

void set(ordered_json &root, const std::string &path, ordered_json value) {
  ordered_json *at = &root;
  size_t begin = 0;
  for (size_t dot; (dot = path.find('.', begin)) != std::string::npos; begin = dot + 1)
    at = &(*at)[path.substr(begin, dot - begin)];
  (*at)[path.substr(begin)] = std::move(value);
}

} // namespace

ordered_json toJson(const Statistics &statistics) {
  ordered_json root;
  for (const StatisticsKey &key : keys())
    for (unsigned i = 0; i < std::max<size_t>(1, key.names.size()); ++i)
      set(root, expand(key.path, key.names.empty() ? "" : key.names[i]), key.value(statistics, i));
  for (unsigned e = 0; e < isa::kEngineCount; ++e)
    for (unsigned c = 0; c < kCauses; ++c)
      set(root, expand("engines.*.stalls.", isa::kEngineNames[e]) + std::string(kCauseNames[c]),
          statistics.engines[e].idle[c]);
  const std::array<uint64_t, kCauses> idle = statistics.beyondBound();
  for (unsigned c = 0; c < kCauses; ++c)
    set(root, "account." + std::string(kCauseNames[c]),
        idle[c] + (Cause(c) == Cause::Reload ? statistics.reload() : 0));
  return root;
}

std::string statisticsTable() {
  std::string text = "| key | unit | meaning |\n|---|---|---|\n";
  auto row = [&](const std::string &path, std::string_view unit, std::string_view meaning) {
    text += "| `" + path + "` | " + std::string(unit) + " | " + std::string(meaning) + " |\n";
  };
  for (const StatisticsKey &key : keys())
    for (unsigned i = 0; i < std::max<size_t>(1, key.names.size()); ++i)
      row(expand(key.path, key.names.empty() ? "" : key.names[i]), key.unit, key.meaning[i]);
  for (std::string_view engine : isa::kEngineNames)
    for (unsigned c = 0; c < kCauses; ++c)
      row(expand("engines.*.stalls.", engine) + std::string(kCauseNames[c]), "cycles", meaningOf(Cause(c)));
  for (unsigned c = 0; c < kCauses; ++c)
    row("account." + std::string(kCauseNames[c]), "cycles",
        "the bound's resource " +
            std::string(Cause(c) == Cause::Reload ? "loaded weights again beyond the bound, if it is the channel, or "
                                                  : "") +
            meaningOf(Cause(c)));
  return text;
}

} // namespace rnn::sim
