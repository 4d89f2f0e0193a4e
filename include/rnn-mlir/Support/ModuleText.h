//===- ModuleText.h - What MLIR's parser does not survive -------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rnn {

/// How deep brackets of a module's text may be nested: MLIR's parser calls itself for each.
inline constexpr int kDeepestBrackets = 256;

/// A fault of a module's text, at the byte `at`.
struct TextFault {
  size_t at;
  std::string message;
};

/// Finds what ends the process in MLIR's parser: brackets nested too deep, and `array<index>`, which has no elements of
/// a width. There is more that it does not survive, so that MLIR's text is trusted, and ONNX files are not. Bytecode is
/// not looked at.
inline std::optional<TextFault> screenModuleText(std::string_view text) {
  if (text.starts_with("ML\xefR"))
    return std::nullopt;
  int depth = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    if (c == '"') {
      for (++at; at < text.size() && text[at] != '"' && text[at] != '\n'; ++at)
        at += text[at] == '\\';
    } else if (text.substr(at, 2) == "//") {
      // Sections of a test are modules of their own.
      if (text.substr(at).starts_with("// -----"))
        depth = 0;
      at = std::min(text.find('\n', at), text.size());
    } else if (c == '(' || c == '[' || c == '{' || c == '<') {
      if (++depth > kDeepestBrackets)
        return TextFault{at, "expects brackets nested at most " + std::to_string(kDeepestBrackets) + " deep"};
    } else if (c == ')' || c == ']' || c == '}' || (c == '>' && (at == 0 || text[at - 1] != '-'))) {
      depth -= depth > 0;
    } else if (text.substr(at).starts_with("array")) {
      auto skip = [&](size_t from) {
        while (from < text.size() && std::isspace(static_cast<unsigned char>(text[from])))
          ++from;
        return from;
      };
      size_t open = skip(at + 5);
      if (open < text.size() && text[open] == '<' && text.substr(skip(open + 1)).starts_with("index"))
        return TextFault{at, "expects an array of integers or floats of a width, found array<index>"};
    }
  }
  return std::nullopt;
}

} // namespace rnn
