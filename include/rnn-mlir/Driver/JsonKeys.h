//===- JsonKeys.h - The keys of what rnnc writes as JSON -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include <nlohmann/json.hpp>

#include <span>
#include <string>
#include <string_view>

namespace rnn::driver {

/// A key of a JSON object, in the order in which they are written. `inputs[].name` is a key of each object of the array
/// `inputs`, `options.schedule` one of the object `options`.
struct JsonKey {
  std::string_view name, unit, meaning;
};

/// `rnnc targets --json`, one object a target.
std::span<const JsonKey> targetKeys();
/// `derived` of `rnnc targets TARGET --json`.
std::span<const JsonKey> derivedKeys();
/// `rnnc info --json`.
std::span<const JsonKey> infoKeys();
/// `rnnc check --json=FILE`, one object a test and target.
std::span<const JsonKey> checkKeys();
/// `rnnc reproduce --json=FILE`, one object a claim.
std::span<const JsonKey> reproduceKeys();

/// The declared keys of `record`, in their order; those it does not have are left out.
nlohmann::ordered_json declared(std::span<const JsonKey> keys, const nlohmann::ordered_json &record);

/// JSON as text, indented by so many spaces, on one line where it is -1. What is not UTF-8, as a file's name may be, is
/// replaced by U+FFFD.
std::string jsonText(const nlohmann::ordered_json &value, int indent);

/// The documentation of all keys: a page in Markdown.
std::string jsonPage();

/// The documentation of the options of a compilation: a page in Markdown.
std::string optionsPage();

/// The module `_options` of the Python package: `compile`, with the options of a compilation for keywords.
std::string pythonModule();

} // namespace rnn::driver
