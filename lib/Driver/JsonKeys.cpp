//===- JsonKeys.cpp - The keys of what rnnc writes as JSON -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Driver/JsonKeys.h"

#include "rnn-mlir/Runtime/Metadata.h"

#include <list>
#include <stdexcept>

namespace rnn::driver {
namespace {

using nlohmann::ordered_json;

constexpr JsonKey kTargetKeys[] = {
    {"name", "", "name for `--target`"},
    {"summary", "", "the machine in a line"},
    {"kind", "", "`device` or `host`"},
    {"clock", "Hz", "the device's clock; null for a host"},
};

constexpr JsonKey kDerivedKeys[] = {
    {"operations_per_second", "Op/s", "operations of mat at full use, a multiply-add being two"},
    {"weight_bytes_per_second", "B/s", "bandwidth of the weight memory"},
    {"dram_bytes_per_second", "B/s", "bandwidth of the DRAM's channel"},
    {"ridge", "Op/B", "operations a byte of DRAM below which the channel binds, not mat"},
    {"energy_per_operation", "J", "half a multiply-add of mat, memories apart"},
    {"energy_per_operation_resident", "J", "the same with half a read of a weight, in mat's narrowest format"},
    {"energy_per_operation_streamed", "J", "the same with the way of the weight from DRAM, where it is used once"},
    {"leakage", "W", "leakage of all engines and memories, the DRAM's background included"},
};

constexpr JsonKey kInfoKeys[] = {
    {"model", "", "the ONNX file, as it stands in errors"},
    {"target", "", "name of the target"},
    {"compiler", "", "version of the compiler"},
    {"bytes", "B", "size of the program file"},
    {"inputs[].name", "", "name of an input of the model"},
    {"inputs[].dtype", "", "as NumPy spells it"},
    {"inputs[].shape", "1", "sizes; a run-time size is its name in the model, or null without one"},
    {"outputs[].name", "", "name of an output of the model"},
    {"outputs[].dtype", "", "as NumPy spells it"},
    {"outputs[].shape", "1", "sizes, as those of the inputs"},
    {"nodes", "", "names of the layers that are device programs, in their order"},
    {"sections[].name", "", "name of a section of the file"},
    {"sections[].offset", "B", "its place in the file"},
    {"sections[].bytes", "B", "its size"},
    {"programs[].name", "", "name of a device program"},
    {"programs[].node", "", "ONNX node of its layer"},
    {"programs[].instructions", "1", "number of instructions"},
    {"programs[].setup_instructions", "1", "those with which it begins in the first launch of a session alone"},
    {"programs[].words", "1", "words of 16 bytes that they take"},
    {"programs[].arguments", "1", "number of arrays that a launch passes"},
    {"programs[].macs_per_step", "1", "multiply-adds of a step of one sequence"},
    {"programs[].buffers[].name", "", "name of a buffer"},
    {"programs[].buffers[].memory", "", "the memory it is in"},
    {"programs[].buffers[].address", "B", "its address there"},
    {"programs[].buffers[].bytes", "B", "its size"},
    {"programs[].buffers[].keeps", "",
     "`session` for weights and other constants that stay from launch to launch, `launch` for those that are loaded at "
     "every launch, as they are arguments or do not fit beside what stays, `streamed` for weights of which all or a "
     "part "
     "come at every tile or step, as they do not fit; `scratch` for all else"},
};

constexpr JsonKey kCheckKeys[] = {
    {"name", "", "name of the test"},
    {"target", "", "the target, as it was given"},
    {"status", "", "`PASS`, `FAIL` or `REFUSED`"},
    {"detail", "", "the largest difference, or the reason; of several the first"},
    {"errors", "", "every reason, a text each, notes on lines of their own; of a test that failed or was refused"},
    {"data_sets", "1", "data sets of the test; this and the next four only of a test that ran"},
    {"outputs", "1", "outputs of the model"},
    {"outputs_compared", "1", "outputs that every data set has expected values for"},
    {"largest_absolute", "", "largest difference of an element, in the output's own unit; null where it is not finite"},
    {"largest_relative", "1",
     "largest difference divided by the largest magnitude expected of that output; null where it is not finite"},
    {"steps", "1",
     "steps of the report, over all data sets; this and the next two only of a test that passed without being refused"},
    {"cycles", "cycles", "cycles of the report; null for a target without a device"},
    {"energy", "J", "energy of the report; null for a target without a device"},
    {"seconds", "s", "wall time of compilation and runs; not the same in two runs"},
};

constexpr JsonKey kReproduceKeys[] = {
    {"id", "", "name for `rnnc reproduce`"},
    {"paper", "", "the paper"},
    {"claim", "", "what it claims"},
    {"grade", "", "how sure the published number is: V, C, M or D"},
    {"unit", "", "unit of the numbers"},
    {"published", "as `unit` says", "the number in the paper; of several cases that which is farthest off"},
    {"simulated", "as `unit` says", "the number from compiled and simulated layers; null where it is not simulated"},
    {"deviation", "1", "simulated / published - 1; null where it is not simulated"},
    {"tolerance", "1", "the largest deviation that counts as reproduced; null where it is not simulated"},
    {"status", "", "`reproduced`, `differs` or `not simulated`"},
    {"computed", "as `unit` says", "what the closed form gives; null where there is none"},
    {"arithmetic", "", "the closed form; empty where there is none"},
    {"cases[].case", "", "the values that one of several cases has"},
    {"cases[].published", "as `unit` says", "the published number of the case"},
    {"cases[].simulated", "as `unit` says", "the simulated number of the case"},
    {"cases[].deviation", "1", "simulated / published - 1 of the case"},
    {"beside[].what", "", "a figure of the same runs that stands beside the claim"},
    {"beside[].value", "as its `unit` says", "that figure"},
    {"beside[].unit", "", "its unit"},
    {"calibrated", "", "constants that were fitted to a published figure, and to which"},
    {"assumed", "", "constants that are assumed and decide the number"},
    {"how", "", "how the number was obtained, or why there is none"},
};

ordered_json select(std::span<const JsonKey> keys, const ordered_json &record, const std::string &prefix) {
  ordered_json result = ordered_json::object();
  for (const JsonKey &key : keys) {
    if (!key.name.starts_with(prefix))
      continue;
    std::string_view rest = key.name.substr(prefix.size());
    size_t end = rest.find_first_of("[.");
    std::string name(rest.substr(0, end));
    if (!record.contains(name) || result.contains(name))
      continue;
    const ordered_json &value = record[name];
    if (end == std::string_view::npos) {
      result[name] = value;
    } else if (rest[end] == '.') {
      result[name] = select(keys, value, prefix + name + ".");
    } else {
      result[name] = ordered_json::array();
      for (const ordered_json &each : value)
        result[name].push_back(select(keys, each, prefix + name + "[]."));
    }
  }
  for (const auto &[name, value] : record.items())
    if (!result.contains(name))
      throw std::logic_error("the key '" + prefix + name + "' is not declared");
  return result;
}

std::string section(std::string_view title, std::string_view text, std::span<const JsonKey> keys) {
  std::string page =
      "\n## " + std::string(title) + "\n\n" + std::string(text) + "\n\n| key | unit | meaning |\n|---|---|---|\n";
  for (const JsonKey &key : keys)
    page += "| `" + std::string(key.name) + "` | " + std::string(key.unit) + " | " + std::string(key.meaning) + " |\n";
  return page;
}

} // namespace

std::span<const JsonKey> targetKeys() {
  return kTargetKeys;
}
std::span<const JsonKey> derivedKeys() {
  return kDerivedKeys;
}
std::span<const JsonKey> infoKeys() {
  static const std::vector<JsonKey> keys = [] {
    std::vector<JsonKey> all(std::begin(kInfoKeys), std::end(kInfoKeys));
    // Keys hold no texts of their own.
    static std::list<std::string> texts;
    auto kept = [&](std::string text) -> std::string_view { return texts.emplace_back(std::move(text)); };
    const nlohmann::json options = runtime::optionsJson({});
    for (const auto &[keyword, value] : options.items()) {
      const CompileOption &option = kCompileOptions[optionRow(keyword)];
      all.push_back({kept("options." + keyword), option.unit,
                     kept("`" + spelled(option, OptionSpelling::Flag) + "` of the compilation")});
    }
    return all;
  }();
  return keys;
}
std::span<const JsonKey> checkKeys() {
  return kCheckKeys;
}
std::span<const JsonKey> reproduceKeys() {
  return kReproduceKeys;
}

ordered_json declared(std::span<const JsonKey> keys, const ordered_json &record) {
  return select(keys, record, "");
}

std::string jsonText(const ordered_json &value, int indent) {
  return value.dump(indent, ' ', false, ordered_json::error_handler_t::replace);
}

std::string optionsPage() {
  std::string page =
      "# The options of a compilation\n\nOf `rnnc compile` and `rnnc check`, and as keywords of `rnn_mlir.compile` in "
      "Python, with an underscore for a dash; those that are\ntold so are options of `rnn-opt "
      "--rnn-compile=\"NAME=VALUE "
      "...\"`, too.\n\n| option | value | unit | default | meaning | rnn-compile |\n|---|---|---|---|---|---|\n";
  for (const CompileOption &option : kCompileOptions) {
    std::string value = option.kind == OptionKind::Integer
                            ? std::to_string(option.least) + " to " + std::to_string(option.most)
                            : placeholder(option);
    for (size_t at = 0; (at = value.find('|', at)) != std::string::npos; at += 2)
      value.insert(at, "\\");
    std::string standard(option.standard);
    page += "| `" + spelled(option, OptionSpelling::Flag) + "` | " + value + " | " + std::string(option.unit) + " | " +
            (standard.empty() ? "" : "`" + standard + "`") + " | " + helpText(option) + " | " +
            (option.scope == OptionScope::Passes ? "yes" : "no") + " |\n";
  }
  return page;
}

std::string pythonModule() {
  std::string parameters, passed, help;
  for (const CompileOption &option : kCompileOptions) {
    std::string keyword = spelled(option, OptionSpelling::Keyword), type, standard = "None";
    bool later = option.scope == OptionScope::Later, text = option.kind != OptionKind::Integer;
    if (!later)
      standard = (text ? "\"" : "") + std::string(option.standard) + (text ? "\"" : "");
    type = later                                ? "None"
           : option.kind == OptionKind::Integer ? "int"
           : option.kind == OptionKind::Choices ? "str | Sequence[str]"
           : option.kind == OptionKind::Path    ? "str | os.PathLike[str]"
                                                : "str";
    bool target = &option == &kCompileOptions[optionRow("target")];
    parameters += "    " + keyword + ": " + type + " = " + standard + ",\n";
    if (target)
      parameters += "    *,\n    name: str = \"model.onnx\",\n";
    passed += "        \"" + keyword + "\": " + keyword + ",\n";
    help += "    ``" + keyword + "``: " + helpText(option) +
            (option.unit.empty() ? "" : ", in " + std::string(option.unit)) + ".\n";
  }
  return "\"\"\"Made by the build from the table of the compiler's options.\"\"\"\n\n"
         "from __future__ import annotations\n\nimport os\nfrom collections.abc import Sequence\nfrom typing import "
         "TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from . import Program\n\n__all__ = [\"compile\"]\n\n\ndef compile(\n"
         "    model: str | os.PathLike[str] | bytes | bytearray | memoryview,\n" +
         parameters +
         ") -> Program:\n    \"\"\"Compiles an ONNX model, given as a path or as bytes; ``name`` stands for the file "
         "in "
         "errors where it is bytes.\n\n" +
         help +
         "\n    Raises CompileError where the model cannot be read or is refused, or an option has no such value.\n    "
         "\"\"\"\n    from . import _compile\n\n    return _compile(model, name, {\n" +
         passed + "    })\n";
}

std::string jsonPage() {
  return "# What rnnc writes as JSON\n\nThe keys of a report, `rnnc run --report=FILE.json`, are in `report.md`.\n" +
         section("rnnc targets --json", "An array, one object a built-in target.", kTargetKeys) +
         section("rnnc targets TARGET --json",
                 "One object with the keys of `target.md`, each with `value`, `unit`, `source`, `grade` and `at` as "
                 "they are written, and for a device `derived`, an object of these:",
                 kDerivedKeys) +
         section("rnnc info --json", "One object.", infoKeys()) +
         section("rnnc check --json=FILE", "An array, one object a test and target.", kCheckKeys) +
         section("rnnc reproduce --json=FILE", "An array, one object a claim.", kReproduceKeys);
}

} // namespace rnn::driver
