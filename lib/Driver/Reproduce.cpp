//===- Reproduce.cpp - rnnc reproduce -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Commands.h"
#include "rnn-mlir/Compiler/Library.h"
#include "rnn-mlir/Driver/JsonKeys.h"
#include "rnn-mlir/Runtime/Report.h"
#include "rnn-mlir/Runtime/Session.h"

#include "yaml-cpp/yaml.h"

#include <cmath>
#include <cstdio>
#include <cstring>

namespace rnn::driver {
namespace {

using namespace runtime;
using nlohmann::ordered_json;

struct Embedded {
  std::string_view name, text;
};
constexpr Embedded kClaims[] = {
#include "Claims.inc"
};

std::string numberText(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

/// A layer with every weight 0.01: traffic does not depend on the values.
std::string layerModule(int64_t inputs, int64_t units) {
  auto tensor = [](auto... sizes) {
    std::string text;
    ((text += std::to_string(sizes) + "x"), ...);
    return "tensor<" + text + "f32>";
  };
  std::string x = "tensor<?x1x" + std::to_string(inputs) + "xf32>", y = "tensor<?x1x" + std::to_string(units) + "xf32>";
  std::string w = tensor(4 * units, inputs), r = tensor(4 * units, units), state = tensor(1, units);
  return "func.func @main(%x: " + x + " {onnx.name = \"x\"}) -> (" + y + " {onnx.name = \"y\"}) {\n" +
         "  %w = arith.constant dense<0.01> : " + w + "\n  %r = arith.constant dense<0.01> : " + r + "\n" +
         "  %y, %h, %c = rnn.lstm %x, %w, %r {activations = [#rnn.act<sigmoid>, #rnn.act<tanh>, #rnn.act<tanh>]} : (" +
         x + ", " + w + ", " + r + ") -> (" + y + ", " + state + ", " + state + ")\n  return %y : " + y + "\n}\n";
}

/// Sets the target of a simulation, and the options of the compiler that `flags` gives by their keywords.
Result<void> setOptions(const YAML::Node &simulation, const YAML::Node &flags, OptionValues &values) {
  if (auto set = values.set(optionRow("target"), simulation["target"].as<std::string>()); !set)
    return set;
  for (const auto &flag : flags) {
    auto keyword = flag.first.as<std::string>();
    size_t row = optionRow(keyword);
    if (row == kOptionCount)
      return Error{"there is no option '" + keyword + "'"};
    if (auto set = values.set(row, flag.second.as<std::string>()); !set)
      return Error{keyword + ": " + set.error().message};
  }
  return {};
}

/// The number at `simulation.key` in the report of the layer, compiled with `flags`.
Result<double> measure(const YAML::Node &simulation, const YAML::Node &flags, const Scratch &scratch) {
  YAML::Node layer = simulation["layer"];
  int64_t inputs = layer["inputs"].as<int64_t>(), units = layer["units"].as<int64_t>();
  if (layer["cell"].as<std::string>() != "lstm")
    return Error{"expected a layer of cell lstm, found " + layer["cell"].as<std::string>()};
  std::string model = (scratch.path / "layer.mlir").string(), file = (scratch.path / "layer.rpu").string();
  if (auto written = writeTextFile(model, layerModule(inputs, units)); !written)
    return written.error();
  CompileOptions options;
  if (auto set = setOptions(simulation, flags, options.values); !set)
    return set.error();
  auto compiler = loadCompiler();
  if (!compiler)
    return compiler.error();
  if (auto compiled = (*compiler)->file(model, options, file); !compiled)
    return compiled.error();
  auto program = Program::open(file, Program::CalledBy::Model);
  if (!program)
    return program.error();
  SessionOptions stoppable;
  stoppable.stop = [] { return Scratch::stoppedBy() != 0; };
  auto session = Session::create(*program, stoppable);
  if (!session)
    return session.error();
  auto x = Array::zeros(DType::Float32, {layer["steps"].as<int64_t>(), 1, inputs});
  if (!x)
    return x.error();
  NamedArray input{"x", *x};
  if (auto outputs = (*session)->run({&input, 1}); !outputs)
    return outputs.error();
  ordered_json report = (*session)->report();
  ordered_json::json_pointer key(simulation["key"].as<std::string>());
  if (!report.contains(key) || !report[key].is_number())
    return Error{"expected the number " + key.to_string() + " in the report, found none"};
  return report[key].get<double>();
}

/// What was run, for the reader to run it again.
std::string describe(const YAML::Node &simulation) {
  YAML::Node layer = simulation["layer"];
  auto text = [](const YAML::Node &node) { return node.as<std::string>(); };
  auto options = [&](const YAML::Node &flags) {
    std::string given;
    for (const auto &flag : flags)
      given += (given.empty() ? "" : " ") +
               spelled(kCompileOptions[optionRow(text(flag.first))], OptionSpelling::Flag) + "=" + text(flag.second);
    return given;
  };
  return "simulated on " + text(simulation["target"]) + ": " + text(layer["cell"]) + " of " + text(layer["inputs"]) +
         " inputs and " + text(layer["units"]) + " units, " + text(layer["steps"]) + " steps; " +
         text(simulation["key"]) + " of " + options(simulation["measured"]) + " divided by that of " +
         options(simulation["reference"]) + "; " + text(simulation["note"]);
}

Result<ordered_json> reproduce(const YAML::Node &claim, const Scratch &scratch) {
  ordered_json row;
  for (const char *key : {"id", "paper", "claim"})
    row[key] = claim[key].as<std::string>();
  double published = claim["published"].as<double>();
  row["published"] = published;
  row["unit"] = claim["unit"].as<std::string>();
  row["grade"] = claim["grade"].as<std::string>();
  row["simulated"] = nullptr;
  row["deviation"] = nullptr;
  std::string how;
  if (YAML::Node simulation = claim["simulation"]) {
    auto measured = measure(simulation, simulation["measured"], scratch);
    auto reference = measured ? measure(simulation, simulation["reference"], scratch) : measured;
    if (!reference)
      return Error{row["id"].get<std::string>() + ": error: " + reference.error().message};
    row["status"] = "simulated";
    row["simulated"] = *measured / *reference;
    row["deviation"] = *measured / *reference / published - 1;
    how = describe(simulation);
  } else {
    row["status"] = "not simulated";
    how = "not simulated: needs ";
    for (size_t k = 0; k < claim["needs"].size(); ++k)
      how += (k ? ", " : "") + claim["needs"][k].as<std::string>();
    if (YAML::Node arithmetic = claim["arithmetic"])
      how += "; by arithmetic " + arithmetic["text"].as<std::string>() + " = " +
             numberText(arithmetic["value"].as<double>()) + " " + row["unit"].get<std::string>();
  }
  row["how"] = how;
  return row;
}

void print(const ordered_json &row) {
  auto text = [&](const char *key) { return row[key].get<std::string>(); };
  bool simulated = row["simulated"].is_number();
  char deviation[32] = "-";
  if (simulated)
    std::snprintf(deviation, sizeof deviation, "%+.1f %%", 100 * row["deviation"].get<double>());
  std::printf("| %s | %s: %s | %s %s (%s) | %s | %s | %s |\n", text("paper").c_str(), text("id").c_str(),
              text("claim").c_str(), numberText(row["published"]).c_str(), text("unit").c_str(), text("grade").c_str(),
              simulated ? (numberText(row["simulated"]) + " " + text("unit")).c_str() : "-", deviation,
              text("how").c_str());
}

} // namespace

int reproduceCommand(const std::string &wanted, const std::string &json) {
  YAML::Node claims = YAML::Load(std::string(kClaims[0].text));
  std::string known;
  std::vector<YAML::Node> chosen;
  for (const YAML::Node &claim : claims) {
    std::string id = claim["id"].as<std::string>();
    known += (known.empty() ? "" : ", ") + id;
    if (wanted.empty() || wanted == id)
      chosen.push_back(claim);
  }
  if (chosen.empty())
    return fail("no claim is called '" + wanted + "'; there are " + known, kMisused);
  if (auto code = checkOutputs({}, {json}))
    return *code;
  Scratch scratch;
  if (auto code = scratch.failed())
    return *code;
  ordered_json rows = ordered_json::array();
  size_t simulated = 0;
  auto simulateAll = [&]() -> Result<void> {
    Progress progress;
    for (const YAML::Node &claim : chosen) {
      if (Scratch::stoppedBy())
        break;
      progress.phase("simulating " + claim["id"].as<std::string>());
      auto row = reproduce(claim, scratch);
      if (!row)
        return row.error();
      simulated += (*row)["simulated"].is_number();
      rows.push_back(declared(reproduceKeys(), *row));
    }
    return {};
  };
  // The line of the progress is gone before an error is printed.
  auto done = simulateAll();
  if (int signal = Scratch::stoppedBy()) {
    fail("stopped by signal " + std::to_string(signal));
    return 128 + signal;
  }
  if (!done)
    return fail(done.error().message);
  if (!json.empty())
    if (auto done = writeTextFile(json, jsonText(rows, 1) + "\n"); !done)
      return fail(done.error().message);
  std::printf("| paper | claim | published (grade) | simulated | deviation | how |\n|---|---|---|---|---|---|\n");
  for (const ordered_json &row : rows)
    print(row);
  std::printf("%zu of %zu claims simulated\n", simulated, rows.size());
  return 0;
}

} // namespace rnn::driver
