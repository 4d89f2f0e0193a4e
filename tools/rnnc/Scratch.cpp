//===- Scratch.cpp - Files of a command -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Commands.h"

#include <cstdlib>

namespace rnn::tool {

bool sameFile(const std::string &a, const std::string &b) {
  std::error_code ignored;
  return std::filesystem::equivalent(a, b, ignored);
}

Scratch::Scratch() {
  std::error_code error;
  std::string name = (std::filesystem::temp_directory_path(error) / "rnnc-XXXXXX").string();
  if (!error && ::mkdtemp(name.data()))
    path = name;
}

Scratch::~Scratch() {
  std::error_code ignored;
  if (!path.empty())
    std::filesystem::remove_all(path, ignored);
}

} // namespace rnn::tool
