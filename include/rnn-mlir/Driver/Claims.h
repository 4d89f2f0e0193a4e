//===- Claims.h - What the papers claim, as data -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// The format is in benchmarks/claims/README.md. Files are embedded in the
// library; each is of one paper.
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Support/Result.h"

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rnn::driver {

/// The value of arithmetic over numbers and names: + - * / and parentheses, `min` and `max` of two. A name is a letter
/// and letters, digits, `_`, `.`, `[` and `]`. Errors: not such a text, a name that `lookup` does not know.
Result<double> evaluate(std::string_view text, const std::function<Result<double>(std::string_view)> &lookup);

/// How far a claim's figure can be relied on.
struct Grade {
  char letter;
  std::string_view meaning;
};
inline constexpr std::array kGrades = {
    Grade{'V', "verified against the paper's abstract or the authors' code"},
    Grade{'C', "recalled and reproduced by arithmetic within 1 %"},
    Grade{'M', "recalled"},
    Grade{'D', "derived from the paper's method"},
};

/// One layer of a workload, or two where it is bidirectional.
struct LayerSpec {
  std::string cell;
  int64_t inputs = 0, units = 0;
  bool reverse = false, bidirectional = false, bias = false, peepholes = false;
  int64_t window = 2; ///< of a qrnn
  auto operator<=>(const LayerSpec &) const = default;
};

/// Layers on random numbers' shapes: traffic, cycles and energy do not depend on values.
struct Workload {
  std::vector<LayerSpec> layers;
  int64_t steps = 0, batch = 1;
  auto operator<=>(const Workload &) const = default;
};

/// Something compiled and run: its report is what a claim's value is made of.
struct RunSpec {
  std::string name, target;
  Workload workload;
  std::map<std::string, std::string> options; ///< of `rnnc compile`, without dashes
  auto operator<=>(const RunSpec &) const = default;
};

/// A case of a claim: the values of its names.
using Case = std::map<std::string, std::string>;

/// The number that a case has for a name. Errors: it has none, or another text.
Result<double> numberIn(const Case &values, std::string_view name);

/// A figure that stands beside a claim's.
struct Beside {
  std::string what, value, unit;
};

struct Claim {
  std::string place; ///< `FILE:LINE:COLUMN`
  std::string id, paper, text, unit, grade, published;
  double tolerance = 0;
  double seconds = 0;                           ///< of a processor, to run it
  std::vector<Case> cases;                      ///< one at least; empty names where there is nothing to vary
  std::string value;                            ///< arithmetic over reports; empty where nothing can be run
  std::vector<Beside> beside;                   ///< of the first case
  std::vector<std::string> calibrated, assumed; ///< constants that decide the value
  std::string note, reason, arithmetic;         ///< why it differs or cannot be run; the closed form
  std::optional<double> computed;               ///< what the closed form gives
  std::function<Result<std::vector<RunSpec>>(const Case &)> runs;
};

/// All claims, paper after paper. Errors: a file is not as it should be, with its place.
Result<std::vector<Claim>> allClaims();

/// A module with the layers of a workload, one behind another, from input `x` to output `y`.
Result<std::string> moduleOf(const Workload &workload);

/// What a run is, for the reader to run it again: all but what is as it is by default.
std::string describe(const RunSpec &run);

/// The claims as a page in Markdown.
std::string claimsPage();

} // namespace rnn::driver
