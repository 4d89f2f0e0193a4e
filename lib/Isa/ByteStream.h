//===- ByteStream.h - Little-endian values to bytes and back ----*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <vector>

namespace rnn::isa {

/// Appends values of fixed size to a vector of bytes.
class ByteWriter {
public:
  template <class T> void put(T value) {
    size_t at = out.size();
    out.resize(at + sizeof value);
    std::memcpy(out.data() + at, &value, sizeof value);
  }
  void put(const std::string &text) {
    put<uint32_t>(text.size());
    size_t at = out.size();
    out.resize(at + text.size());
    std::memcpy(out.data() + at, text.data(), text.size());
  }
  std::vector<std::byte> out;
};

/// Takes values of fixed size off a span; after the first that is missing every value is 0 and `ok` is false.
class ByteReader {
public:
  explicit ByteReader(std::span<const std::byte> bytes) : rest(bytes) {}

  template <class T> T get() {
    T value{};
    if (rest.size() < sizeof value) {
      ok = false;
      rest = {};
      return value;
    }
    std::memcpy(&value, rest.data(), sizeof value);
    rest = rest.subspan(sizeof value);
    return value;
  }
  std::string text() {
    size_t size = get<uint32_t>();
    if (size > rest.size()) {
      ok = false;
      return {};
    }
    std::string value(reinterpret_cast<const char *>(rest.data()), size);
    rest = rest.subspan(size);
    return value;
  }
  /// A count of items of at least `itemBytes` bytes each; 0 and not ok where the rest cannot hold them.
  size_t count(size_t itemBytes) {
    size_t value = get<uint32_t>();
    if (value > rest.size() / itemBytes) {
      ok = false;
      return 0;
    }
    return value;
  }

  std::span<const std::byte> rest;
  bool ok = true;
};

} // namespace rnn::isa
