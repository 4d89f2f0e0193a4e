//===- Skeleton.h - A model without its weights -----------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/FunctionExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace rnn::import {

/// Messages, strings and the like of one model. A message of two bytes in the
/// file takes hundreds in memory, so their number is bounded before anything is
/// parsed.
inline constexpr uint64_t kMaxParts = 1'000'000;
/// Raw data of a tensor of more bytes is left out of the skeleton.
inline constexpr uint64_t kMaxKeptBytes = 1024;

/// A range of the model's bytes.
struct DataRange {
  uint64_t offset, length;
};

/// A model in protobuf's wire format in which large raw data is left out, so that
/// it can be read straight to where it is held. A tensor that lacks its data has
/// the data's index in `data`, in decimal, as its doc string; no other tensor has
/// a doc string.
struct Skeleton {
  std::string bytes;
  std::vector<DataRange> data;
};

/// The skeleton of a model; an error where the bytes are not protobuf's wire
/// format, or the number or nesting of messages is not fit to be parsed.
llvm::Expected<Skeleton> readSkeleton(llvm::StringRef bytes);

} // namespace rnn::import
