//===- Suggestion.h - The word that was meant -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

namespace rnn {

/// The fewest insertions, removals and replacements of a character that turn one word into the other.
inline size_t editDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t(0));
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0]++;
    for (size_t j = 0; j < b.size(); ++j) {
      size_t replaced = diagonal + (a[i] != b[j]);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

/// `; did you mean WORD?` for the word that is nearest, between `quotes`, or an empty text where none is near.
inline std::string suggestion(std::string_view word, const std::vector<std::string> &known,
                              std::string_view quotes = "") {
  std::string nearest;
  size_t least = word.size() / 3 + 1;
  for (const std::string &each : known)
    if (size_t distance = editDistance(word, each); distance < least) {
      least = distance;
      nearest = each;
    }
  std::string quote(quotes);
  return nearest.empty() ? "" : "; did you mean " + quote + nearest + quote + "?";
}

} // namespace rnn
