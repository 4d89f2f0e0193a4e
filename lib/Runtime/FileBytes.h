//===- FileBytes.h - Whole files in, whole files out -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Support/MappedFile.h"
#include "rnn-mlir/Support/WholeFile.h"

#include <cstddef>
#include <span>
#include <string>

namespace rnn::runtime {

/// Writes the pieces one after another to a file that appears under its name only when it is whole.
inline Result<void> writeWhole(const std::string &path, std::span<const std::span<const std::byte>> pieces) {
  auto file = WholeFile::holding(path, pieces);
  if (!file)
    return file.error();
  return file->commit();
}

} // namespace rnn::runtime
