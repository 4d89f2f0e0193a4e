//===- Reproduce.cpp - rnnc reproduce -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Commands.h"
#include "rnn-mlir/Compiler/Library.h"
#include "rnn-mlir/Driver/Claims.h"
#include "rnn-mlir/Driver/JsonKeys.h"
#include "rnn-mlir/Runtime/Report.h"
#include "rnn-mlir/Runtime/Session.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace rnn::driver {
namespace {

using namespace runtime;
using nlohmann::ordered_json;

std::string numberText(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

std::string joined(const std::vector<std::string> &parts, const char *between) {
  std::string text;
  for (const std::string &part : parts)
    text += (text.empty() ? "" : between) + part;
  return text;
}

/// The number at a path of keys and `[k]` in a report; `[]` adds up over an array.
Result<double> figure(const ordered_json &value, std::string_view path) {
  if (path.empty()) {
    if (!value.is_number())
      return Error{"is no number"};
    return value.get<double>();
  }
  if (path[0] == '[') {
    size_t end = path.find(']');
    if (end == std::string_view::npos || !value.is_array())
      return Error{"is no array"};
    std::string_view rest = path.substr(end + 1);
    if (end > 1) {
      size_t index = std::strtoul(std::string(path.substr(1, end - 1)).c_str(), nullptr, 10);
      return index < value.size() ? figure(value[index], rest) : Result<double>(Error{"has no such element"});
    }
    double sum = 0;
    for (const ordered_json &each : value) {
      auto part = figure(each, rest);
      if (!part)
        return part;
      sum += *part;
    }
    return sum;
  }
  path.remove_prefix(path[0] == '.');
  std::string key(path.substr(0, path.find_first_of(".[")));
  if (!value.is_object() || !value.contains(key))
    return Error{"has no key '" + key + "'"};
  return figure(value[key], path.substr(key.size()));
}

/// Sets an option of the compiler by its name.
Result<void> setOption(OptionValues &values, const std::string &name, const std::string &value) {
  size_t row = optionRow(name);
  if (row == kOptionCount)
    return Error{"there is no option '" + name + "'"};
  if (auto set = values.set(row, value); !set)
    return Error{name + ": " + set.error().message};
  return {};
}

/// The highest byte in use of each memory over all programs, as the plan has it.
ordered_json memoryOf(const Program &program) {
  ordered_json memory;
  for (std::string_view name : isa::kMemoryNames)
    memory[std::string(name)] = 0;
  for (const isa::Program &each : program.container().programs())
    for (const isa::Buffer &buffer : each.buffers) {
      ordered_json &most = memory[std::string(isa::kMemoryNames[size_t(buffer.memory)])];
      most = std::max(most.get<uint64_t>(), buffer.address + buffer.bytes);
    }
  return memory;
}

/// Compiles and simulates; its report, and `memory` of the plan.
Result<ordered_json> measure(const RunSpec &run, const Scratch &scratch) {
  std::string model = (scratch.path / "layers.mlir").string(), file = (scratch.path / "layers.rpu").string();
  auto module = moduleOf(run.workload);
  if (!module)
    return module.error();
  if (auto written = writeTextFile(model, *module); !written)
    return written.error();
  CompileOptions options;
  if (auto set = setOption(options.values, "target", run.target); !set)
    return set.error();
  for (const auto &[name, value] : run.options)
    if (auto set = setOption(options.values, name, value); !set)
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
  auto x = Array::zeros(DType::Float32, {run.workload.steps, run.workload.batch, run.workload.layers.front().inputs});
  if (!x)
    return x.error();
  NamedArray input{"x", *x};
  if (auto outputs = (*session)->run({&input, 1}); !outputs)
    return outputs.error();
  ordered_json report = (*session)->report();
  report["memory"] = memoryOf(**program);
  return report;
}

/// Runs the cases of a claim.
class Reproduction {
public:
  Reproduction(const Claim &claim, const Scratch &scratch) : claim(claim), scratch(scratch) {}

  Result<ordered_json> row() {
    ordered_json row = {{"id", claim.id},     {"paper", claim.paper}, {"claim", claim.text},  {"grade", claim.grade},
                        {"unit", claim.unit}, {"published", nullptr}, {"simulated", nullptr}, {"deviation", nullptr}};
    row["tolerance"] = claim.value.empty() ? ordered_json(nullptr) : ordered_json(claim.tolerance);
    row["status"] = "not simulated";
    row["computed"] = claim.computed ? ordered_json(*claim.computed) : ordered_json(nullptr);
    row["arithmetic"] = claim.arithmetic;
    row["cases"] = row["beside"] = ordered_json::array();
    for (const Case &values : claim.cases)
      if (auto added = addCase(values, row); !added)
        return Error{claim.place + ": error: " + claim.id + ": " + added.error().message};
    row["calibrated"] = claim.calibrated;
    row["assumed"] = claim.assumed;
    row["how"] = how();
    return row;
  }

private:
  /// The value of arithmetic over reports and the case's names.
  Result<double> valueOf(const std::string &text, const Case &values) {
    auto runs = claim.runs(values);
    if (!runs)
      return runs.error();
    return evaluate(text, [&](std::string_view name) -> Result<double> {
      std::string word(name.substr(0, name.find('.')));
      if (values.contains(word))
        return numberIn(values, word);
      auto run = std::ranges::find(*runs, word, &RunSpec::name);
      if (run == runs->end())
        return Error{"there is no run or name of a case '" + word + "'"};
      auto report = reportOf(*run);
      if (!report)
        return report.error();
      auto found = figure(**report, name.substr(word.size()));
      return found ? found : Error{std::string(name) + ": the report " + found.error().message};
    });
  }

  Result<const ordered_json *> reportOf(const RunSpec &run) {
    RunSpec key = run;
    key.name.clear();
    if (auto found = reports.find(key); found != reports.end())
      return &found->second;
    auto report = measure(run, scratch);
    if (!report)
      return Error{describe(run) + ": " + report.error().message};
    return &reports.emplace(std::move(key), std::move(*report)).first->second;
  }

  Result<void> addCase(const Case &values, ordered_json &row) {
    auto published = valueOf(claim.published, values);
    if (!published)
      return published.error();
    if (claim.value.empty()) {
      row["published"] = *published;
      return {};
    }
    auto simulated = valueOf(claim.value, values);
    if (!simulated)
      return simulated.error();
    double deviation = *simulated / *published - 1;
    std::vector<std::string> names;
    for (const auto &[name, value] : values)
      names.push_back(name + " = " + value);
    if (!names.empty())
      row["cases"].push_back({{"case", joined(names, ", ")},
                              {"published", *published},
                              {"simulated", *simulated},
                              {"deviation", deviation}});
    // The claim's own figures are those of the case that is farthest off.
    if (row["deviation"].is_number() && std::abs(deviation) <= std::abs(row["deviation"].get<double>()))
      return {};
    row["published"] = *published;
    row["simulated"] = *simulated;
    row["deviation"] = deviation;
    row["status"] = std::abs(deviation) <= claim.tolerance ? "reproduced" : "differs";
    if (row["beside"].empty())
      for (const Beside &each : claim.beside) {
        auto value = valueOf(each.value, values);
        if (!value)
          return value.error();
        row["beside"].push_back({{"what", each.what}, {"value", *value}, {"unit", each.unit}});
      }
    return {};
  }

  std::string how() const {
    if (claim.value.empty())
      return "not simulated: " + claim.reason;
    std::string text = "simulated: " + claim.value;
    if (auto runs = claim.runs(claim.cases.front()))
      for (const RunSpec &run : *runs)
        text += "; " + describe(run);
    return text + (claim.note.empty() ? "" : "; " + claim.note);
  }

  const Claim &claim;
  const Scratch &scratch;
  /// By what was run, its name apart.
  std::map<RunSpec, ordered_json> reports;
};

void print(const ordered_json &row) {
  auto text = [&](const char *key) { return row[key].get<std::string>(); };
  bool simulated = row["simulated"].is_number();
  std::string unit = text("unit"), how = text("how"), deviation = "-", status = text("status");
  if (simulated) {
    char number[48];
    std::snprintf(number, sizeof number, "%+.2f %% (%s, within %g %%)", 100 * row["deviation"].get<double>(),
                  status.c_str(), 100 * row["tolerance"].get<double>());
    deviation = number;
  }
  if (!text("arithmetic").empty())
    how += "; by arithmetic " + text("arithmetic") + " = " + numberText(row["computed"]) + " " + unit;
  for (const ordered_json &each : row["beside"])
    how += "; " + each["what"].get<std::string>() + ": " + numberText(each["value"]) + " " +
           each["unit"].get<std::string>();
  for (const char *kind : {"calibrated", "assumed"})
    for (const ordered_json &each : row[kind])
      how += std::string("; ") + kind + ": " + each.get<std::string>();
  std::printf("| %s | %s: %s | %s %s (%s) | %s | %s | %s |\n", text("paper").c_str(), text("id").c_str(),
              text("claim").c_str(), numberText(row["published"]).c_str(), unit.c_str(), text("grade").c_str(),
              simulated ? (numberText(row["simulated"]) + " " + unit).c_str() : "-", deviation.c_str(), how.c_str());
  for (const ordered_json &each : row["cases"])
    std::printf("| | %s | %s %s | %s %s | %+.2f %% | |\n", each["case"].get<std::string>().c_str(),
                numberText(each["published"]).c_str(), unit.c_str(), numberText(each["simulated"]).c_str(),
                unit.c_str(), 100 * each["deviation"].get<double>());
}

} // namespace

int reproduceCommand(const std::string &wanted, const std::string &json) {
  auto claims = allClaims();
  if (!claims)
    return fail(claims.error().message);
  std::string known;
  std::vector<const Claim *> chosen;
  for (const Claim &claim : *claims) {
    known += (known.empty() ? "" : ", ") + claim.id;
    if (wanted.empty() || wanted == claim.id)
      chosen.push_back(&claim);
  }
  if (chosen.empty())
    return fail("no claim is called '" + wanted + "'; there are " + known, kMisused);
  if (auto code = checkOutputs({}, {json}))
    return *code;
  Scratch scratch;
  if (auto code = scratch.failed())
    return *code;
  ordered_json rows = ordered_json::array();
  std::map<std::string, size_t> counts;
  auto simulateAll = [&]() -> Result<void> {
    Progress progress;
    for (const Claim *claim : chosen) {
      if (Scratch::stoppedBy())
        break;
      progress.phase("simulating " + claim->id);
      auto row = Reproduction(*claim, scratch).row();
      if (!row)
        return row.error();
      ++counts[(*row)["status"].get<std::string>()];
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
  std::printf("%zu of %zu claims simulated: %zu reproduced, %zu differ\n", counts["reproduced"] + counts["differs"],
              rows.size(), counts["reproduced"], counts["differs"]);
  return counts["differs"] ? kFailed.code : kDone.code;
}

} // namespace rnn::driver
