//===- Targets.cpp - rnnc targets -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Commands.h"
#include "rnn-mlir/Driver/JsonKeys.h"
#include "rnn-mlir/Target/Cost.h"

#include "yaml-cpp/yaml.h"

#include <algorithm>
#include <cstdio>

namespace rnn::driver {
namespace {

using isa::Memory;
using nlohmann::ordered_json;
using target::TargetModel;

/// `1.5 G` of 1.5e9, with as many digits as tell it.
std::string scaled(double value) {
  struct Prefix {
    double factor;
    const char *name;
  };
  constexpr Prefix prefixes[] = {{1e12, "T"}, {1e9, "G"},  {1e6, "M"},  {1e3, "k"},   {1, ""},
                                 {1e-3, "m"}, {1e-6, "u"}, {1e-9, "n"}, {1e-12, "p"}, {1e-15, "f"}};
  const Prefix *prefix = std::ranges::find_if(prefixes, [&](const Prefix &each) { return value >= each.factor; });
  if (prefix == std::end(prefixes))
    return "0 ";
  char text[32];
  std::snprintf(text, sizeof text, "%.4g %s", value / prefix->factor, prefix->name);
  return text;
}

/// Bytes of a weight in the narrowest format that mat takes.
uint64_t weightBytes(const TargetModel &model) {
  uint64_t bytes = UINT64_MAX;
  for (size_t format = 0; format < isa::kFormatCount; ++format)
    if (model.mat.formats.has(isa::Format(format)))
      bytes = std::min(bytes, isa::bytesOf(isa::Format(format)));
  return bytes;
}

/// What follows from a machine's numbers: the keys below `derived`.
ordered_json derivedOf(const TargetModel &model) {
  const target::MemoryModel &weight = model.memory(Memory::Weight), &dram = model.memory(Memory::Dram);
  double arithmetic = model.mat.energy / 2, bytes = double(weightBytes(model));
  return {
      {"operations_per_second", model.peak()},
      {"weight_bytes_per_second", double(weight.bandwidth) * model.clock},
      {"dram_bytes_per_second", model.channel()},
      {"ridge", model.peak() / model.channel()},
      {"energy_per_operation", arithmetic},
      {"energy_per_operation_resident", arithmetic + bytes * weight.readEnergy / 2},
      {"energy_per_operation_streamed",
       arithmetic + bytes * (dram.readEnergy + weight.writeEnergy + weight.readEnergy) / 2},
      {"leakage", target::leakage(model)},
  };
}

ordered_json jsonOf(const TargetModel &model) {
  ordered_json json = {
      {"name", model.name}, {"summary", model.summary}, {"kind", model.isDevice() ? "device" : "host"}};
  for (const target::Parameter &each : model.parameters) {
    std::string pointer = "/" + each.path;
    std::ranges::replace(pointer, '.', '/');
    ordered_json &entry = json[ordered_json::json_pointer(pointer)];
    // A number as it was written; words in brackets are a list.
    YAML::Node value = YAML::Load(each.value);
    if (value.IsSequence())
      entry["value"] = value.as<std::vector<std::string>>();
    else if (double number; !each.unit.empty() && YAML::convert<double>::decode(value, number))
      entry["value"] = number == double(int64_t(number)) ? ordered_json(int64_t(number)) : ordered_json(number);
    else
      entry["value"] = each.value;
    if (!each.unit.empty())
      entry["unit"] = each.unit;
    if (each.at)
      entry["at"] = {{"nm", each.at->nanometres}, {"V", each.at->volts}};
    if (!each.source.empty())
      entry["source"] = each.source;
    entry["grade"] = each.grade;
  }
  if (model.isDevice())
    json["derived"] = declared(derivedKeys(), derivedOf(model));
  return json;
}

void printRow(const std::string &what, const std::string &value, const std::string &note) {
  std::printf("  %-32s %-18s %s\n", what.c_str(), value.c_str(), note.c_str());
}

/// A machine as a person reads it: what it can do, then each number with its grade and source.
void print(const TargetModel &model) {
  std::printf("%s: %s\n", model.name.c_str(), model.summary.c_str());
  if (model.isDevice()) {
    ordered_json derived = derivedOf(model);
    auto value = [&](const char *key, const char *unit) { return scaled(derived[key].get<double>()) + unit; };
    std::string bytes = std::to_string(weightBytes(model)) + " bytes";
    std::printf("\nAt full use\n");
    printRow("operations of mat", value("operations_per_second", "Op/s"),
             "2 x " + std::to_string(model.mat.rows) + " rows x " + std::to_string(model.mat.columns) + " columns x " +
                 scaled(model.clock) + "Hz, mapping " + std::string(target::kMappingNames[size_t(model.mat.mapping)]));
    printRow("weight memory", value("weight_bytes_per_second", "B/s"),
             scaled(double(model.memory(Memory::Weight).capacity)) + "B");
    printRow("DRAM", value("dram_bytes_per_second", "B/s"), scaled(double(model.memory(Memory::Dram).capacity)) + "B");
    char ridge[32];
    std::snprintf(ridge, sizeof ridge, "%.4g Op/B", derived["ridge"].get<double>());
    printRow("ridge of the roofline", ridge, "operations a byte of DRAM below which the channel binds");
    printRow("energy of an operation", value("energy_per_operation", "J"), "half a multiply-add of mat");
    printRow("  weight on the tile", value("energy_per_operation_resident", "J"),
             "with a weight of " + bytes + " from the weight memory");
    printRow("  weight from DRAM", value("energy_per_operation_streamed", "J"), "with its way from DRAM, used once");
    printRow("leakage", value("leakage", "W"), "all engines and memories, the DRAM's background included");
  }
  std::printf("\n  %-32s %-18s %s\n", "key", "value", "grade: source");
  for (const target::Parameter &each : model.parameters) {
    std::string unit = each.unit == "1" || each.unit.empty() ? "" : " " + each.unit;
    std::string note = each.grade + (each.source.empty() ? "" : ": " + each.source);
    if (each.at) {
      char point[64];
      std::snprintf(point, sizeof point, "; told of %g nm and %g V", each.at->nanometres, each.at->volts);
      note += point;
    }
    printRow(each.path, each.value + unit, note);
  }
}

} // namespace

int targetsCommand(const TargetSettings &settings) {
  if (!settings.target.empty()) {
    auto described = target::read(settings.target);
    if (!described)
      return fail(described.error().message, kMisused);
    for (const std::string &warning : described->model.warnings)
      std::fprintf(stderr, "%s\n", warning.c_str());
    if (settings.yaml)
      std::fwrite(described->yaml.data(), 1, described->yaml.size(), stdout);
    else if (settings.json)
      std::printf("%s\n", jsonText(jsonOf(described->model), 2).c_str());
    else
      print(described->model);
    return 0;
  }
  if (settings.yaml)
    return fail("--yaml: expected a target to print, found none", kMisused);
  ordered_json list = ordered_json::array();
  for (const target::BuiltinTarget &each : target::list()) {
    auto model = TargetModel::parse(each.yaml, each.name);
    if (!model)
      return fail(model.error().message);
    if (settings.json)
      list.push_back(declared(targetKeys(), {{"name", each.name},
                                             {"summary", model->summary},
                                             {"kind", model->isDevice() ? "device" : "host"},
                                             {"clock", model->isDevice() ? ordered_json(model->clock) : nullptr}}));
    else
      std::printf("%-12s %s\n", std::string(each.name).c_str(), model->summary.c_str());
  }
  if (settings.json)
    std::printf("%s\n", jsonText(list, 2).c_str());
  return 0;
}

} // namespace rnn::driver
