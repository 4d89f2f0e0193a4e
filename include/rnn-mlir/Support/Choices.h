//===- Choices.h - What options of the compiler may be -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rnn {

/// A value of an option, and what it means.
struct Choice {
  std::string_view name, meaning;
};

/// The built-in target that is meant where none is named.
inline constexpr std::string_view kDefaultTarget = "generic";

/// Orders of the products of a layer in time, by the names of rnn::ScheduleKind; the first is the default.
inline constexpr std::array kSchedules = {
    Choice{"mwl", "input products of a tile of steps first"},
    Choice{"plain", "input products and recurrence alternate"},
    Choice{"overlap", "input products of the next tile of steps beside the steps of this one"},
    Choice{"auto", "for each layer the cheapest of these on the target"},
};
inline constexpr std::string_view kDefaultSchedule = kSchedules[0].name;

/// The most steps of a tile of the mwl schedule.
inline constexpr int64_t kMostTimeTile = int64_t(1) << 30;

/// Number formats of a layer; the first is the default. A row here is one of `kFormats` in
/// lib/Dialect/Rnn/Transforms/Quantize.cpp.
inline constexpr std::array kQuantizations = {
    Choice{"none", "that of the model"},
    Choice{"fp16", "weights, vectors and states of 16-bit floats, computed with f32"},
};

/// CPUs that host code is generated for, the least able first: levels of the x86-64 psABI, and this machine's own.
inline constexpr std::string_view kNativeCpu = "native";
inline constexpr std::array kHostCpus = {
    Choice{"x86-64-v3", "CPUs with AVX2"},
    Choice{"x86-64-v4", "CPUs with AVX-512"},
    Choice{kNativeCpu, "exactly this machine's CPU"},
};

/// The place of `name` in `choices`, or their number where it is none of them.
constexpr size_t placeOf(std::span<const Choice> choices, std::string_view name) {
  return std::find_if(choices.begin(), choices.end(), [&](const Choice &each) { return each.name == name; }) -
         choices.begin();
}

/// `a, b or c`.
inline std::string listed(std::span<const Choice> choices, std::string_view comma = ", ",
                          std::string_view last = " or ") {
  std::string text;
  for (size_t k = 0; k < choices.size(); ++k)
    text.append(k == 0 ? "" : k + 1 == choices.size() ? last : comma).append(choices[k].name);
  return text;
}

} // namespace rnn
