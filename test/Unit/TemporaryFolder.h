//===- TemporaryFolder.h - A folder for the files of a test -----*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace rnn::test {

/// A folder of its own, so that tests can run at the same time; removed at the end.
class TemporaryFolder {
public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "rnn-mlir-test.XXXXXX").string();
    if (!::mkdtemp(name.data()))
      throw std::runtime_error("cannot create " + name);
    path = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  TemporaryFolder(const TemporaryFolder &) = delete;

  /// The path of a file in the folder.
  std::string file(const std::string &name) const { return (path / name).string(); }

  std::filesystem::path path;
};

} // namespace rnn::test
