//===- Claims.cpp - What the papers claim, as data -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Driver/Claims.h"

#include "yaml-cpp/yaml.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>

namespace rnn::driver {
namespace {

struct Embedded {
  std::string_view name, text;
};
constexpr Embedded kFiles[] = {
#include "Claims.inc"
};

using Lookup = std::function<Result<double>(std::string_view)>;

/// Reads arithmetic by recursive descent; the first error stays.
class Arithmetic {
public:
  Arithmetic(std::string_view text, const Lookup &lookup) : text(text), lookup(lookup) {}

  Result<double> run() {
    double value = sum();
    skip();
    if (at < text.size())
      fail("expected an operator");
    if (!error.empty())
      return Error{error};
    return value;
  }

private:
  void skip() {
    while (at < text.size() && text[at] == ' ')
      ++at;
  }
  bool take(char wanted) {
    skip();
    bool found = at < text.size() && text[at] == wanted;
    at += found;
    return found;
  }
  double fail(const std::string &what) {
    if (error.empty())
      error = what + " at character " + std::to_string(at + 1) + " of '" + std::string(text) + "'";
    at = text.size();
    return 0;
  }

  double sum() {
    double value = product();
    for (;;)
      if (take('+'))
        value += product();
      else if (take('-'))
        value -= product();
      else
        return value;
  }
  double product() {
    double value = factor();
    for (;;)
      if (take('*'))
        value *= factor();
      else if (take('/'))
        value /= factor();
      else
        return value;
  }
  double factor() {
    if (take('-'))
      return -factor();
    if (take('(')) {
      double value = sum();
      return take(')') ? value : fail("expected ')'");
    }
    double number = 0;
    auto [end, status] = std::from_chars(text.data() + at, text.data() + text.size(), number);
    if (status == std::errc()) {
      at = static_cast<size_t>(end - text.data());
      return number;
    }
    size_t start = at;
    auto isPart = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || std::strchr("_.[]", c); };
    while (at < text.size() && isPart(text[at]))
      ++at;
    std::string_view name = text.substr(start, at - start);
    if (name.empty())
      return fail("expected a number or a name");
    if ((name == "min" || name == "max") && take('(')) {
      double first = sum();
      if (!take(','))
        return fail("expected ','");
      double second = sum();
      if (!take(')'))
        return fail("expected ')'");
      return name == "min" ? std::min(first, second) : std::max(first, second);
    }
    auto value = lookup(name);
    return value ? *value : fail(value.error().message);
  }

  std::string_view text;
  const Lookup &lookup;
  size_t at = 0;
  std::string error;
};

/// The text of a scalar, `$name` being the value that the case has for it.
std::string scalar(const YAML::Node &node, const Case &values) {
  std::string text = node.as<std::string>();
  if (!text.starts_with('$'))
    return text;
  auto found = values.find(text.substr(1));
  if (found == values.end())
    throw YAML::Exception(node.Mark(), "no case gives '" + text + "'");
  return found->second;
}

int64_t whole(const YAML::Node &node, const Case &values) {
  std::string text = scalar(node, values);
  int64_t value = 0;
  auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc() || end != text.data() + text.size())
    throw YAML::Exception(node.Mark(), "expected a whole number, found '" + text + "'");
  return value;
}

bool flag(const YAML::Node &node, const Case &values) {
  return node && scalar(node, values) == "true";
}

/// Refuses keys of a mapping that are not among these.
void checkKeys(const YAML::Node &node, std::initializer_list<std::string_view> known) {
  for (const auto &entry : node)
    if (std::string key = entry.first.as<std::string>(); std::ranges::find(known, key) == known.end())
      throw YAML::Exception(entry.first.Mark(), "unknown key '" + key + "'");
}

LayerSpec layerOf(const YAML::Node &node, const Case &values) {
  checkKeys(node, {"cell", "inputs", "units", "direction", "bias", "peepholes", "window", "times"});
  LayerSpec layer;
  layer.cell = scalar(node["cell"], values);
  layer.units = whole(node["units"], values);
  if (node["inputs"])
    layer.inputs = whole(node["inputs"], values);
  std::string direction = node["direction"] ? scalar(node["direction"], values) : "forward";
  if (direction != "forward" && direction != "reverse" && direction != "bidirectional")
    throw YAML::Exception(node["direction"].Mark(),
                          "expected forward, reverse or bidirectional, found '" + direction + "'");
  layer.reverse = direction == "reverse";
  layer.bidirectional = direction == "bidirectional";
  layer.bias = flag(node["bias"], values);
  layer.peepholes = flag(node["peepholes"], values);
  if (node["window"])
    layer.window = whole(node["window"], values);
  return layer;
}

/// The runs of a claim; what a run does not say, the claim does for all.
std::vector<RunSpec> runsOf(const YAML::Node &claim, const Case &values) {
  std::vector<RunSpec> runs;
  for (const auto &entry : claim["runs"]) {
    const YAML::Node own = entry.second;
    if (own.IsMap())
      checkKeys(own, {"target", "layers", "steps", "batch", "options"});
    auto get = [&](const char *key) { return own.IsMap() && own[key] ? own[key] : claim[key]; };
    RunSpec run;
    run.name = entry.first.as<std::string>();
    run.target = scalar(get("target"), values);
    run.workload.steps = whole(get("steps"), values);
    if (get("batch"))
      run.workload.batch = whole(get("batch"), values);
    for (const YAML::Node &layer : get("layers")) {
      int64_t times = layer["times"] ? whole(layer["times"], values) : 1;
      for (int64_t k = 0; k < times; ++k) {
        run.workload.layers.push_back(layerOf(layer, values));
        // Those behind the first read what is before them.
        if (k > 0)
          run.workload.layers.back().inputs = 0;
      }
    }
    for (const char *level : {"claim", "run"})
      if (YAML::Node options = level[0] == 'c' ? claim["options"] : own.IsMap() ? own["options"] : YAML::Node())
        for (const auto &option : options)
          run.options[option.first.as<std::string>()] = scalar(option.second, values);
    runs.push_back(std::move(run));
  }
  return runs;
}

Claim claimOf(const YAML::Node &node, const std::string &paper) {
  checkKeys(node, {"id",     "claim",      "published", "unit",    "grade",  "tolerance",  "target",
                   "layers", "steps",      "batch",     "options", "cases",  "runs",       "value",
                   "beside", "calibrated", "assumed",   "note",    "reason", "arithmetic", "seconds"});
  auto text = [&](const char *key) { return node[key] ? node[key].as<std::string>() : std::string(); };
  auto texts = [&](const char *key) {
    return node[key] ? node[key].as<std::vector<std::string>>() : std::vector<std::string>();
  };
  Claim claim;
  claim.paper = paper;
  claim.id = node["id"].as<std::string>();
  claim.text = node["claim"].as<std::string>();
  claim.unit = node["unit"].as<std::string>();
  claim.grade = node["grade"].as<std::string>();
  claim.published = node["published"].as<std::string>();
  claim.value = text("value");
  claim.note = text("note");
  claim.reason = text("reason");
  claim.calibrated = texts("calibrated");
  claim.assumed = texts("assumed");
  auto isGrade = [&](const Grade &grade) { return claim.grade == std::string_view(&grade.letter, 1); };
  if (std::ranges::none_of(kGrades, isGrade)) {
    std::string letters;
    for (const Grade &grade : kGrades)
      letters.append(letters.empty() ? "" : ", ").push_back(grade.letter);
    throw YAML::Exception(node["grade"].Mark(), "expected a grade of " + letters + ", found '" + claim.grade + "'");
  }
  if (claim.value.empty() == claim.reason.empty())
    throw YAML::Exception(node.Mark(), "expected 'value', or 'reason' why nothing can be run");
  for (const char *key : {"runs", "tolerance", "seconds"})
    if (bool(node[key]) == claim.value.empty())
      throw YAML::Exception(node.Mark(), std::string("expected '") + key + "' with 'value', and not with 'reason'");
  if (node["seconds"])
    claim.seconds = node["seconds"].as<double>();
  if (node["tolerance"])
    claim.tolerance = node["tolerance"].as<double>();
  for (const YAML::Node &each : node["cases"]) {
    Case values;
    for (const auto &entry : each)
      values[entry.first.as<std::string>()] = entry.second.as<std::string>();
    claim.cases.push_back(std::move(values));
  }
  if (claim.cases.empty())
    claim.cases.emplace_back();
  for (const YAML::Node &each : node["beside"])
    claim.beside.push_back(
        {each["what"].as<std::string>(), each["value"].as<std::string>(), each["unit"].as<std::string>()});
  if (YAML::Node arithmetic = node["arithmetic"]) {
    claim.arithmetic = arithmetic["text"].as<std::string>();
    claim.computed = arithmetic["value"].as<double>();
  }
  YAML::Node held = node;
  claim.runs = [held](const Case &values) -> Result<std::vector<RunSpec>> {
    try {
      return runsOf(held, values);
    } catch (const YAML::Exception &exception) {
      return Error{exception.what()};
    }
  };
  return claim;
}

std::string shortNumber(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

} // namespace

Result<double> numberIn(const Case &values, std::string_view name) {
  auto given = values.find(std::string(name));
  if (given == values.end())
    return Error{"the case has no '" + std::string(name) + "'"};
  const std::string &text = given->second;
  double value = 0;
  auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc() || end != text.data() + text.size())
    return Error{"expected a number for the case's '" + std::string(name) + "', found '" + text + "'"};
  return value;
}

Result<double> evaluate(std::string_view text, const Lookup &lookup) {
  return Arithmetic(text, lookup).run();
}

Result<std::vector<Claim>> allClaims() {
  std::vector<Claim> claims;
  for (const Embedded &file : kFiles) {
    auto placeAt = [&](const YAML::Mark &mark) {
      return "benchmarks/claims/" + std::string(file.name) + ".yaml:" + std::to_string(mark.line + 1) + ":" +
             std::to_string(mark.column + 1);
    };
    try {
      YAML::Node root = YAML::Load(std::string(file.text));
      checkKeys(root, {"paper", "claims"});
      for (const YAML::Node &each : root["claims"])
        claims.push_back(claimOf(each, root["paper"].as<std::string>())), claims.back().place = placeAt(each.Mark());
    } catch (const YAML::Exception &exception) {
      return Error{placeAt(exception.mark) + ": error: " + exception.msg};
    }
  }
  return claims;
}

std::string describe(const RunSpec &run) {
  std::string text = run.name + " is ";
  for (size_t k = 0, times = 1; k < run.workload.layers.size(); k += times) {
    const LayerSpec &layer = run.workload.layers[k];
    LayerSpec behind = layer;
    behind.inputs = 0;
    times = 1;
    while (k + times < run.workload.layers.size() && run.workload.layers[k + times] == behind)
      ++times;
    text += (k ? ", " : "") + (times > 1 ? std::to_string(times) + " " : std::string()) +
            (layer.bidirectional ? "bidirectional "
             : layer.reverse     ? "reverse "
                                 : "") +
            layer.cell + "-" + std::to_string(layer.units) +
            (layer.inputs ? " on " + std::to_string(layer.inputs) + " inputs" : "");
    std::string with;
    auto add = [&](bool has, const std::string &what) {
      if (has)
        with += (with.empty() ? " with " : " and ") + what;
    };
    add(layer.bias, "biases");
    add(layer.peepholes, "peepholes");
    add(layer.window != LayerSpec().window, "a window of " + std::to_string(layer.window));
    text += with;
  }
  text += ", " + std::to_string(run.workload.steps) + " steps";
  if (run.workload.batch > 1)
    text += " of " + std::to_string(run.workload.batch) + " sequences";
  text += " on " + run.target;
  for (const auto &[name, value] : run.options)
    text += " --" + name + "=" + value;
  return text;
}

std::string claimsPage() {
  std::string page =
      "# What the papers claim\n\n"
      "From the files of `benchmarks/claims/`. `rnnc reproduce [CLAIM]` compiles and simulates what can be run and "
      "sets it\n"
      "beside the published figure; a claim that is farther off than its tolerance makes it fail. Constants that "
      "were\n"
      "fitted or assumed, and decide the figure, are named. Grades:\n\n";
  for (const Grade &grade : kGrades)
    page += std::string("- `") + grade.letter + "`: " + std::string(grade.meaning) + "\n";
  auto claims = allClaims();
  std::string paper;
  for (const Claim &claim : claims ? *claims : std::vector<Claim>()) {
    if (claim.paper != paper)
      page += "\n## " + claim.paper + "\n\n| claim | published | grade | how |\n|---|---|---|---|\n";
    paper = claim.paper;
    std::string how = claim.value.empty()
                          ? "Not run: " + claim.reason
                          : "Within " + shortNumber(100 * claim.tolerance) + " %: `" + claim.value + "`";
    if (auto runs = claim.runs(claim.cases.front()); runs && !claim.value.empty())
      for (const RunSpec &run : *runs)
        how += "; " + describe(run);
    if (claim.cases.size() > 1)
      how += "; and " + std::to_string(claim.cases.size() - 1) + " more cases";
    if (!claim.arithmetic.empty())
      how += "; by arithmetic " + claim.arithmetic + " = " + shortNumber(*claim.computed) + " " + claim.unit;
    for (const std::string &each : claim.calibrated)
      how += "; calibrated: " + each;
    for (const std::string &each : claim.assumed)
      how += "; assumed: " + each;
    if (!claim.note.empty())
      how += "; " + claim.note;
    page += "| `" + claim.id + "`: " + claim.text + " | " + claim.published + " " + claim.unit + " | " + claim.grade +
            " | " + how + " |\n";
  }
  return page;
}

} // namespace rnn::driver
