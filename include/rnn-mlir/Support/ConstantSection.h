//===- ConstantSection.h - Constants of a program file ----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"

#include <cstdint>
#include <deque>
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

  /// The offset of `bytes` in the section, a multiple of 64. The same range is added once.
  uint64_t add(llvm::ArrayRef<char> bytes) {
    auto [at, fresh] = offsets.try_emplace({bytes.data(), bytes.size()}, end);
    if (fresh) {
      pieces.push_back({end, bytes});
      end = (end + bytes.size() + kAlignment - 1) / kAlignment * kAlignment;
    }
    return at->second;
  }

  /// The offset of bytes that the section keeps itself.
  uint64_t own(std::vector<char> bytes) {
    owned.push_back(std::move(bytes));
    return add(owned.back());
  }

  llvm::ArrayRef<Piece> all() const { return pieces; }
  uint64_t size() const { return end; }

private:
  llvm::DenseMap<std::pair<const char *, size_t>, uint64_t> offsets;
  std::vector<Piece> pieces;
  std::deque<std::vector<char>> owned;
  uint64_t end = 0;
};

} // namespace rnn
