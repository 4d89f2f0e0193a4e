//===- Scratch.cpp - Files of a command -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Commands.h"
#include "rnn-mlir/Support/WholeFile.h"

#include <cstdlib>

namespace rnn::tool {

std::optional<int> checkOutputs(const std::vector<std::string> &inputs, const std::vector<std::string> &outputs) {
  std::error_code ignored;
  for (auto output = outputs.begin(); output != outputs.end(); ++output) {
    if (output->empty() || *output == "-")
      continue;
    for (const std::string &input : inputs)
      if (std::filesystem::equivalent(input, *output, ignored))
        return fail(*output + ": error: is an input, and would be overwritten", kMisused);
    if (std::find(outputs.begin(), output, *output) != output)
      return fail(*output + ": error: is the file of two outputs", kMisused);
    if (auto file = WholeFile::create(*output); !file)
      return fail(file.error().message);
  }
  return std::nullopt;
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
