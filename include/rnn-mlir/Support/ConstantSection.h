//===- ConstantSection.h - Constants of a program file ----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/xxhash.h"

#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

namespace rnn {

/// Collects the constants of device and host code. The bytes are not copied: their owners outlive the section.
class ConstantSection {
public:
  static constexpr uint64_t kAlignment = 64;

  struct Piece {
    uint64_t offset;
    llvm::ArrayRef<char> bytes;
  };

  /// The offset of `bytes` in the section, a multiple of 64. Equal bytes are stored once, as those of layers that share
  /// a weight.
  uint64_t add(llvm::ArrayRef<char> bytes) {
    uint64_t hash = llvm::xxh3_64bits(llvm::StringRef(bytes.data(), bytes.size()));
    for (auto [at, last] = numbers.equal_range(hash); at != last; ++at)
      if (pieces[at->second].bytes == bytes)
        return pieces[at->second].offset;
    numbers.emplace(hash, pieces.size());
    pieces.push_back({end, bytes});
    end = (end + bytes.size() + kAlignment - 1) / kAlignment * kAlignment;
    return pieces.back().offset;
  }

  /// The offset of bytes that the section keeps itself.
  uint64_t own(std::vector<char> bytes) {
    size_t before = pieces.size();
    owned.push_back(std::move(bytes));
    uint64_t offset = add(owned.back());
    if (pieces.size() == before)
      owned.pop_back();
    return offset;
  }

  llvm::ArrayRef<Piece> all() const { return pieces; }
  /// Bytes from the start to the end of the last constant.
  uint64_t size() const { return pieces.empty() ? 0 : pieces.back().offset + pieces.back().bytes.size(); }

private:
  /// Numbers of pieces by the hash of their bytes.
  std::unordered_multimap<uint64_t, size_t> numbers;
  std::vector<Piece> pieces;
  std::deque<std::vector<char>> owned;
  uint64_t end = 0;
};

} // namespace rnn
