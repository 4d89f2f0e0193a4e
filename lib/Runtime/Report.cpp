//===- Report.cpp - Reports of runs -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Runtime/Report.h"

#include "FileBytes.h"
#include "SessionReport.h"

#include <algorithm>
#include <cstdio>

namespace rnn::runtime {
namespace {

using nlohmann::ordered_json;

/// What the keys beside those of the layers are made of.
struct Totals {
  const ReportFacts &facts;
  uint64_t launches = 0, cycles = 0, bound = 0, operations = 0;
  double seconds = 0;
  target::Energy energy = {};
};

struct ReportKey {
  std::string_view name, unit, meaning;
  ordered_json (*value)(const Totals &);
};

/// A quotient; null where there is nothing to divide by.
ordered_json per(double amount, double divisor) {
  return divisor > 0 ? ordered_json(amount / divisor) : nullptr;
}

/// A figure of the device; null where the target has none.
template <class T> ordered_json ofDevice(const Totals &t, T figure) {
  return t.facts.clock ? ordered_json(figure) : nullptr;
}

/// The energy of each component; null where the target has no device.
ordered_json components(const Totals &t) {
  ordered_json parts;
  for (size_t k = 0; k < isa::kComponentCount; ++k)
    parts[std::string(isa::kComponentNames[k])] = ofDevice(t, t.energy[isa::Component(k)]);
  return parts;
}

/// Why there is nothing to say of the device.
std::string note(const Totals &t) {
  if (t.launches)
    return "";
  if (!t.facts.clock)
    return "target " + t.facts.target + " has no device; wall times differ from run to run";
  if (!t.facts.programs)
    return "nothing ran on the device: the model has no layers for it, all of it is host code";
  return "no launch of a device program has ended without an error";
}

constexpr ReportKey kKeys[] = {
    {"model", "", "the ONNX file", [](const Totals &t) { return ordered_json(t.facts.model); }},
    {"target", "", "name of the target", [](const Totals &t) { return ordered_json(t.facts.target); }},
    {"machine", "", "the target in a line; what stands in for something else is said there",
     [](const Totals &t) { return ordered_json(t.facts.machine); }},
    {"host_cpu", "", "the host code in use; empty without",
     [](const Totals &t) { return ordered_json(t.facts.hostCpu); }},
    {"clock", "Hz", "the device's clock; this and the figures of the device are null for a target without one",
     [](const Totals &t) { return ofDevice(t, t.facts.clock); }},
    {"runs", "1", "runs of the model that the figures add up, those that failed on the way too",
     [](const Totals &t) { return ordered_json(t.facts.runs); }},
    {"programs", "1", "device programs of the file", [](const Totals &t) { return ordered_json(t.facts.programs); }},
    {"launches", "1", "launches of device programs", [](const Totals &t) { return ordered_json(t.launches); }},
    {"steps", "1",
     "steps of all sequences: in each run the most that any layer took, on the device or in host code, which is time "
     "steps times the batch; the runs added up",
     [](const Totals &t) { return ordered_json(t.facts.steps); }},
    {"cycles", "cycles", "sum over the layers; null without a device",
     [](const Totals &t) { return ofDevice(t, t.cycles); }},
    {"seconds", "s", "cycles at the device's clock; null without a device",
     [](const Totals &t) { return ofDevice(t, t.seconds); }},
    {"energy", "J", "sum over the layers; null without a device",
     [](const Totals &t) { return ofDevice(t, t.energy.total()); }},
    {"bound_cycles", "cycles", "sum of the layers' largest lower bounds; null without a device",
     [](const Totals &t) { return ofDevice(t, t.bound); }},
    {"cycles_per_step", "cycles", "cycles / steps; null without steps or a device",
     [](const Totals &t) { return ofDevice(t, per(double(t.cycles), double(t.facts.steps))); }},
    {"seconds_per_step", "s", "seconds / steps",
     [](const Totals &t) { return ofDevice(t, per(t.seconds, double(t.facts.steps))); }},
    {"energy_per_step", "J", "energy / steps",
     [](const Totals &t) { return ofDevice(t, per(t.energy.total(), double(t.facts.steps))); }},
    {"first_runs", "1",
     "runs that began with an empty tile: the first one of a session, and those behind a reset of it or an error; this "
     "and "
     "the next ones null without a device",
     [](const Totals &t) { return ofDevice(t, t.facts.first.runs); }},
    {"first_cycles", "cycles", "cycles of these runs",
     [](const Totals &t) { return ofDevice(t, t.facts.first.cycles); }},
    {"first_bound_cycles", "cycles", "bound_cycles of these runs",
     [](const Totals &t) { return ofDevice(t, t.facts.first.boundCycles); }},
    {"first_dram_bytes", "B", "bytes that these runs read from DRAM",
     [](const Totals &t) { return ofDevice(t, t.facts.first.dramBytes); }},
    {"first_energy", "J", "energy of these runs", [](const Totals &t) { return ofDevice(t, t.facts.first.energy); }},
    {"later_runs", "1", "the other runs, which find on the tile the weights that stay there",
     [](const Totals &t) { return ofDevice(t, t.facts.later.runs); }},
    {"later_cycles", "cycles", "cycles of these runs",
     [](const Totals &t) { return ofDevice(t, t.facts.later.cycles); }},
    {"later_cycles_per_run", "cycles", "later_cycles / later_runs; null without such runs",
     [](const Totals &t) { return ofDevice(t, per(double(t.facts.later.cycles), double(t.facts.later.runs))); }},
    {"later_bound_cycles", "cycles", "bound_cycles of these runs",
     [](const Totals &t) { return ofDevice(t, t.facts.later.boundCycles); }},
    {"later_dram_bytes", "B", "bytes that these runs read from DRAM",
     [](const Totals &t) { return ofDevice(t, t.facts.later.dramBytes); }},
    {"later_energy", "J", "energy of these runs", [](const Totals &t) { return ofDevice(t, t.facts.later.energy); }},
    {"energy_per_run", "J", "energy / runs: of an inference",
     [](const Totals &t) { return ofDevice(t, per(t.energy.total(), double(t.facts.runs))); }},
    {"energy_per_operation", "J", "energy / (2 x multiply-adds of mat); null without any",
     [](const Totals &t) { return ofDevice(t, per(t.energy.total(), double(t.operations))); }},
    {"power", "W", "energy / seconds: the average while device programs run",
     [](const Totals &t) { return ofDevice(t, per(t.energy.total(), t.seconds)); }},
    {"leakage_share", "1", "leakage and background power's part of the energy",
     [](const Totals &t) { return ofDevice(t, per(t.energy[isa::Component::Leakage], t.energy.total())); }},
    {"energy_components", "J", "", components},
    {"host_seconds", "s", "wall time of host code on this machine; not the same in two runs",
     [](const Totals &t) { return ordered_json(t.facts.hostSeconds); }},
    {"host_seconds_per_step", "s", "host_seconds / steps; wall time, not the same in two runs",
     [](const Totals &t) { return per(t.facts.hostSeconds, double(t.facts.steps)); }},
    {"simulation_seconds", "s", "wall time of the simulation on this machine; not the same in two runs",
     [](const Totals &t) { return ordered_json(t.facts.simulationSeconds); }},
    {"note", "", "why there are no figures of the device; empty where there are",
     [](const Totals &t) { return ordered_json(note(t)); }},
};

double number(const ordered_json &report, const char *key) {
  auto found = report.find(key);
  return found != report.end() && found->is_number() ? found->get<double>() : 0;
}

template <class... T> std::string format(const char *pattern, T... values) {
  char text[512];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

/// An amount with the unit's prefix that leaves one to three digits before the point.
std::string scaled(double amount, char unit) {
  constexpr std::pair<double, const char *> kPrefixes[] = {{1, ""}, {1e-3, "m"}, {1e-6, "u"}, {1e-9, "n"}};
  auto prefix = std::begin(kPrefixes);
  // An amount that is rounded to 1000 has the next prefix.
  while (prefix + 1 != std::end(kPrefixes) && amount < 0.9999995 * prefix->first)
    ++prefix;
  return format("%.3f %s%c", amount / prefix->first, prefix->second, unit);
}

} // namespace

ordered_json makeReport(const ReportFacts &facts, const std::vector<const sim::Statistics *> &layers) {
  Totals totals{facts};
  ordered_json list = ordered_json::array();
  for (const sim::Statistics *layer : layers) {
    totals.launches += layer->launches;
    totals.cycles += layer->cycles;
    totals.seconds += layer->seconds;
    totals.energy += layer->energy;
    totals.operations += 2 * layer->macs;
    totals.bound += layer->bounds[size_t(layer->largestBound())];
    list.push_back(sim::toJson(*layer));
  }
  ordered_json report;
  for (const ReportKey &key : kKeys)
    report[std::string(key.name)] = key.value(totals);
  report["layers"] = std::move(list);
  return report;
}

std::string reportTable() {
  std::string text = "| key | unit | meaning |\n|---|---|---|\n";
  auto row = [&](std::string_view name, std::string_view unit, std::string_view meaning) {
    text += "| `" + std::string(name) + "` | " + std::string(unit) + " | " + std::string(meaning) + " |\n";
  };
  for (const ReportKey &key : kKeys)
    if (key.value != components)
      row(key.name, key.unit, key.meaning);
    else
      for (size_t k = 0; k < isa::kComponentCount; ++k)
        row(std::string(key.name) + "." + std::string(isa::kComponentNames[k]), key.unit,
            "sum over the layers: " + std::string(isa::kComponentEvents[k]));
  std::string layers = sim::statisticsTable();
  for (size_t at = 0, line = 0; at < layers.size(); ++line) {
    size_t end = std::min(layers.find('\n', at), layers.size() - 1);
    if (line >= 2)
      text += "| `layers[]." + layers.substr(at + 3, end + 1 - at - 3);
    at = end + 1;
  }
  return text;
}

ordered_json reportUnits() {
  ordered_json units;
  for (const ReportKey &key : kKeys)
    units[std::string(key.name)] = key.unit;
  return units;
}

std::string reportSummary(const ordered_json &report) {
  std::string text = report.at("note").get<std::string>();
  if (!text.empty())
    text += "\n";
  bool simulated = number(report, "launches") > 0;
  if (simulated) {
    text += format("%.0f cycles, ", number(report, "cycles")) + scaled(number(report, "seconds"), 's');
    if (double steps = number(report, "steps"); steps > 0)
      text += format("; %.0f steps of %.1f cycles, ", steps, number(report, "cycles_per_step")) +
              scaled(number(report, "seconds_per_step"), 's') + ", " + scaled(number(report, "energy_per_step"), 'J');
    text += "; energy " + scaled(number(report, "energy"), 'J') +
            format(", %.1f %% of it leakage; on average ", 100 * number(report, "leakage_share")) +
            scaled(number(report, "power"), 'W') + "\n";
    if (double later = number(report, "later_runs"), first = number(report, "first_runs"); later > 0 && first > 0)
      text += format("a first run: %.0f cycles, %.0f bytes from DRAM; a later one: %.0f cycles, %.0f bytes\n",
                     number(report, "first_cycles") / first, number(report, "first_dram_bytes") / first,
                     number(report, "later_cycles_per_run"), number(report, "later_dram_bytes") / later);
    for (const ordered_json &layer : report.at("layers")) {
      double cycles = std::max(number(layer, "cycles"), 1.0);
      const ordered_json &account = layer.at("account");
      text += "  " + layer.at("node").get<std::string>();
      text += format(": %.0f cycles, bound %.0f (%s, %.1f %%); busy", cycles, number(account, "bound_cycles"),
                     account.at("bound").get<std::string>().c_str(), 100 * number(account, "bound_cycles") / cycles);
      for (const auto &[engine, line] : layer.at("engines").items())
        text += format(" %s %.1f %%", engine.c_str(), 100 * number(line, "busy") / cycles);
      text += "\n";
    }
  }
  std::string wall;
  if (!report.at("host_cpu").get_ref<const std::string &>().empty())
    wall = "host code " + scaled(number(report, "host_seconds"), 's');
  if (simulated)
    wall += (wall.empty() ? "simulation " : ", simulation ") + scaled(number(report, "simulation_seconds"), 's');
  return text + (wall.empty() ? "" : wall + "\n");
}

Result<void> writeTextFile(const std::string &path, const std::string &text) {
  std::span<const std::byte> bytes = std::as_bytes(std::span(text));
  return writeWhole(path, {&bytes, 1});
}

} // namespace rnn::runtime
