//===- Options.h - The options of a compilation -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// The one table of what a compilation can be asked for. The command line of rnnc, the pipeline rnn-compile, META and
// JSON, the keywords of Python and the documentation are made from it; docs/how-to/add-an-option.md.
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Support/Choices.h"
#include "rnn-mlir/Support/Result.h"

#include <charconv>
#include <span>

namespace rnn {

/// What the values of an option are: a whole number, one of its choices, several of them with commas between, a choice
/// for each layer (`CHOICE`, `LAYER:CHOICE` or several with commas between), a file or name that is read, or another
/// text.
enum class OptionKind : uint8_t { Integer, Choice, Choices, LayerChoices, Path, Text };

/// Where an option is taken beside `rnnc compile`, `rnnc check` and Python: by the passes over layers, so by
/// `rnn-opt --rnn-compile`, too; not at all yet.
enum class OptionScope : uint8_t { All, Passes, Later };

/// A row of the table.
struct CompileOption {
  /// In kebab-case, without dashes before it.
  std::string_view name;
  OptionKind kind;
  OptionScope scope;
  /// For the value in a help; where empty, the choices.
  std::string_view placeholder;
  std::string_view unit;
  /// As text.
  std::string_view standard;
  std::string_view help;
  /// Of an integer.
  int64_t least = 0, most = 0;
  std::span<const Choice> choices = {};
};

inline constexpr CompileOption kCompileOptions[] = {
    {.name = "target",
     .kind = OptionKind::Path,
     .scope = OptionScope::Passes,
     .placeholder = "NAME|FILE.yaml",
     .unit = "",
     .standard = kDefaultTarget,
     .help = "a target's name (see rnnc targets) or FILE.yaml"},
    {.name = "schedule",
     .kind = OptionKind::Choice,
     .scope = OptionScope::Passes,
     .placeholder = "",
     .unit = "",
     .standard = kDefaultSchedule,
     .help = "order of the products of a layer in time",
     .choices = kSchedules},
    {.name = "time-tile",
     .kind = OptionKind::Integer,
     .scope = OptionScope::Passes,
     .placeholder = "STEPS",
     .unit = "steps",
     .standard = "0",
     .help = "time steps of a tile (the plain schedule has none); 0: chosen by the compiler",
     .most = kMostTimeTile},
    {.name = "batch-tile",
     .kind = OptionKind::Integer,
     .scope = OptionScope::Passes,
     .placeholder = "SEQUENCES",
     .unit = "sequences",
     .standard = "0",
     .help =
         "sequences of a batch that a device runs in lock-step, so that what it fetches of a weight serves them all; "
         "without effect on a host; 0: chosen by the compiler",
     .most = kMostTimeTile},
    {.name = "host-cpu",
     .kind = OptionKind::Choices,
     .scope = OptionScope::All,
     .placeholder = "CPU,...",
     .unit = "",
     .standard = "x86-64-v3,x86-64-v4",
     .help = "CPUs to carry host code for; a model of recurrent layers of one direction alone has none on a target "
             "with a device",
     .choices = kHostCpus},
    {.name = "circulant",
     .kind = OptionKind::Text,
     .scope = OptionScope::Later,
     .placeholder = "ELEMENTS",
     .unit = "elements",
     .standard = "",
     .help = "block size of block-circulant weights"},
    {.name = "delta",
     .kind = OptionKind::Text,
     .scope = OptionScope::Later,
     .placeholder = "x:VALUE,h:VALUE",
     .unit = "",
     .standard = "",
     .help = "thresholds of delta updates"},
    {.name = "quantize",
     .kind = OptionKind::LayerChoices,
     .scope = OptionScope::Passes,
     .placeholder = "FORMAT|LAYER:FORMAT,...",
     .unit = "",
     .standard = kQuantizations[0].name,
     .help = "number format of all layers, or of the layer of a node's name",
     .choices = kQuantizations},
    {.name = "calibrate",
     .kind = OptionKind::Path,
     .scope = OptionScope::Later,
     .placeholder = "DIR",
     .unit = "",
     .standard = "",
     .help = "data sets to calibrate with"},
};
inline constexpr size_t kOptionCount = std::size(kCompileOptions);

/// The row of an option, by its name or its keyword; kOptionCount where there is none.
constexpr size_t optionRow(std::string_view name) {
  for (size_t row = 0; row < kOptionCount; ++row)
    if (std::ranges::equal(kCompileOptions[row].name, name,
                           [](char a, char b) { return a == b || (a == '-' && b == '_'); }))
      return row;
  return kOptionCount;
}

/// How messages spell an option: `time-tile`, `--time-tile` or `time_tile`.
enum class OptionSpelling : uint8_t { Name, Flag, Keyword };

inline std::string spelled(const CompileOption &option, OptionSpelling spelling) {
  std::string text((spelling == OptionSpelling::Flag ? "--" : "") + std::string(option.name));
  if (spelling == OptionSpelling::Keyword)
    std::ranges::replace(text, '-', '_');
  return text;
}

/// What a value is, for a help.
inline std::string placeholder(const CompileOption &option) {
  return option.placeholder.empty() ? listed(option.choices, "|", "|") : std::string(option.placeholder);
}

/// What an option is for and what its values mean; without its default.
inline std::string helpText(const CompileOption &option) {
  std::string text(option.help), values;
  for (const Choice &each : option.choices)
    values.append(values.empty() ? "" : ", ").append(each.name).append(" (").append(each.meaning).append(")");
  if (!values.empty())
    text += (option.kind == OptionKind::Choices ? "; some, comma separated, of " : ": ") + values;
  return text + (option.scope == OptionScope::Later ? " (not supported yet)" : "");
}

namespace detail {
/// The texts between the commas, without spaces around them; the last of `a,` is empty.
inline std::vector<std::string> commaSeparatedNames(std::string_view text) {
  std::vector<std::string> names;
  for (size_t at = 0; at <= text.size();) {
    size_t end = std::min(text.find(',', at), text.size());
    std::string_view name = text.substr(at, end - at);
    while (name.starts_with(' '))
      name.remove_prefix(1);
    while (name.ends_with(' '))
      name.remove_suffix(1);
    names.emplace_back(name);
    at = end + 1;
  }
  return names;
}

template <size_t N> struct OptionName {
  char text[N];
  constexpr OptionName(const char (&name)[N]) { std::copy(name, name + N, text); }
};
} // namespace detail

/// `expected …, found …` where an option cannot have the value; empty where it can.
inline std::string wrongValue(const CompileOption &option, std::string_view value) {
  std::string expected, found(value);
  auto known = [&](std::string_view name) { return placeOf(option.choices, name) < option.choices.size(); };
  switch (option.kind) {
  case OptionKind::Integer: {
    int64_t number = 0;
    auto [end, status] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (status != std::errc() || end != value.data() + value.size() || number < option.least || number > option.most)
      expected = "a whole number from " + std::to_string(option.least) + " to " + std::to_string(option.most);
    break;
  }
  case OptionKind::Choice:
    if (!known(value))
      expected = listed(option.choices);
    break;
  case OptionKind::Choices:
    for (const std::string &name : detail::commaSeparatedNames(value))
      if (expected.empty() && !known(name)) {
        expected = listed(option.choices);
        found = name;
      }
    break;
  case OptionKind::LayerChoices: {
    size_t whole = 0;
    for (const std::string &part : detail::commaSeparatedNames(value)) {
      size_t colon = part.rfind(':');
      std::string name = colon == std::string::npos ? part : part.substr(colon + 1);
      if (!expected.empty())
        continue;
      if (!known(name) || colon == 0) {
        expected = (colon == 0 ? "the name of a layer before " : "") + (colon == 0 ? name : listed(option.choices));
        found = part.empty() ? "nothing" : part;
      } else if (colon == std::string::npos && whole++ > 0) {
        expected = "one format for the layers that are not named";
      }
    }
    break;
  }
  case OptionKind::Path:
  case OptionKind::Text:
    break;
  }
  return expected.empty() ? "" : "expected " + expected + ", found " + (found.empty() ? "none" : found);
}

/// A value for each option of the table, at first its default.
class OptionValues {
public:
  OptionValues() {
    for (size_t row = 0; row < kOptionCount; ++row)
      texts[row] = kCompileOptions[row].standard;
  }

  /// The value of the option of that name: a number, or a text, or for some of its choices the list of them.
  template <detail::OptionName name> auto get() const {
    constexpr size_t row = optionRow(name.text);
    static_assert(row < kOptionCount, "no option has this name");
    if constexpr (kCompileOptions[row].kind == OptionKind::Integer)
      return number(row);
    else if constexpr (kCompileOptions[row].kind == OptionKind::Choices)
      return detail::commaSeparatedNames(texts[row]);
    else
      return texts[row];
  }
  /// The value of a row as text.
  const std::string &text(size_t row) const { return texts[row]; }
  /// The value of a row of integers.
  int64_t number(size_t row) const {
    int64_t value = 0;
    std::from_chars(texts[row].data(), texts[row].data() + texts[row].size(), value);
    return value;
  }
  /// Whether a row has another value than its default.
  bool given(size_t row) const { return texts[row] != kCompileOptions[row].standard; }

  /// Errors: the option cannot have the value, `expected …, found …`; it keeps the one it has.
  Result<void> set(size_t row, std::string value) {
    if (std::string wrong = wrongValue(kCompileOptions[row], value); !wrong.empty())
      return Error{wrong};
    texts[row] = std::move(value);
    return {};
  }

  bool operator==(const OptionValues &) const = default;

private:
  std::array<std::string, kOptionCount> texts;
};

} // namespace rnn
