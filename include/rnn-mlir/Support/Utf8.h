//===- Utf8.h - Texts that others can read ----------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rnn {

/// The offset of the first character that is not UTF-8: no overlong form, no surrogate, nothing above U+10FFFF
/// (RFC 3629). The size of the text where all of it is.
inline size_t utf8Prefix(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    size_t begin = at;
    uint8_t lead = text[at++];
    if (lead < 0x80)
      continue;
    if (lead < 0xc2 || lead > 0xf4)
      return begin;
    uint8_t least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    uint8_t most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    for (unsigned left = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3; left > 0; --left, ++at) {
      if (at == text.size() || uint8_t(text[at]) < least || uint8_t(text[at]) > most)
        return begin;
      least = 0x80, most = 0xbf;
    }
  }
  return text.size();
}

inline bool isUtf8(std::string_view text) {
  return utf8Prefix(text) == text.size();
}

/// The text with `?` for each byte that is NUL or no part of a character of UTF-8.
inline std::string readable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    size_t good = utf8Prefix(text);
    for (char c : text.substr(0, good))
      result += c ? c : '?';
    if (good < text.size())
      result += '?', ++good;
    text.remove_prefix(good);
  }
  return result;
}

/// What a file says, for one line of a message: readable, without control characters, at most `most` bytes and `…`.
inline std::string printable(std::string_view text, size_t most = 64) {
  bool whole = text.size() <= most;
  std::string result = readable(text.substr(0, most));
  for (char &c : result)
    if (uint8_t(c) < 32 || c == 127)
      c = '?';
  return whole ? result : result + "…";
}

} // namespace rnn
