//===- WireCheck.h - A first look at the bytes of a model -------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace rnn::import {

/// Messages and strings of one model. A message of two bytes in the file takes
/// hundreds in memory, so their number is bounded before anything is parsed.
inline constexpr uint64_t kMaxParts = 1'000'000;

/// Whether the bytes are protobuf's wire format, with a number of messages that
/// is fit to be parsed. Skips tensor data unread.
llvm::Error checkWire(llvm::StringRef bytes);
/// The same for the first `size` bytes of an open file, which is mapped for it.
llvm::Error checkWire(int file, uint64_t size);

} // namespace rnn::import
