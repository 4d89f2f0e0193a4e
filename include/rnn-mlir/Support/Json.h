//===- Json.h - JSON of others ----------------------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace rnn {

/// Copies and texts of a value recurse once for each level of arrays and objects in one another.
inline constexpr int kMaxJsonDepth = 32;

/// The value of a text that is not trusted; none where it is malformed or has more levels than that. `onKey` is called
/// with each key and the number of objects and arrays around it.
inline std::optional<nlohmann::json> parseJson(std::string_view text,
                                               const std::function<void(std::string_view key, int depth)> &onKey = {}) {
  using Event = nlohmann::json::parse_event_t;
  bool tooDeep = false;
  auto note = [&](int depth, Event event, nlohmann::json &parsed) {
    // What begins is inside of `depth` others.
    if ((event == Event::array_start || event == Event::object_start) && depth >= kMaxJsonDepth)
      tooDeep = true;
    if (event == Event::key && onKey)
      onKey(parsed.get_ref<const std::string &>(), depth);
    return !tooDeep;
  };
  nlohmann::json value = nlohmann::json::parse(text, note, /*allow_exceptions=*/false);
  if (tooDeep || value.is_discarded())
    return std::nullopt;
  return value;
}

} // namespace rnn
