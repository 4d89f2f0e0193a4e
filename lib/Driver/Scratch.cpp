//===- Scratch.cpp - Files of a command -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Commands.h"
#include "rnn-mlir/Support/WholeFile.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

namespace rnn::driver {

namespace {

/// What a file is known by under all its names.
std::optional<std::pair<dev_t, ino_t>> identityOf(const std::string &path) {
  struct stat file;
  if (::stat(path.c_str(), &file) != 0)
    return std::nullopt;
  return std::pair(file.st_dev, file.st_ino);
}

/// The path without links, of a file that need not exist.
std::filesystem::path canonicalPath(const std::string &path) {
  std::error_code ignored;
  return std::filesystem::weakly_canonical(std::filesystem::absolute(path, ignored), ignored);
}

} // namespace

std::optional<int> checkOutputs(const std::vector<std::string> &inputs, const std::vector<std::string> &outputs) {
  std::set<std::pair<dev_t, ino_t>> read;
  for (const std::string &input : inputs)
    if (auto identity = identityOf(input))
      read.insert(*identity);
  std::set<std::filesystem::path> written;
  for (const std::string &output : outputs) {
    if (output.empty() || output == "-")
      continue;
    if (auto identity = identityOf(output); identity && read.contains(*identity))
      return fail(output + ": error: is an input, and would be overwritten", kMisused);
    if (!written.insert(canonicalPath(output)).second)
      return fail(output + ": error: is the file of two outputs", kMisused);
    if (auto file = WholeFile::create(output); !file)
      return fail(file.error().message);
  }
  return std::nullopt;
}

std::vector<std::string> filesIn(const std::string &folder) {
  std::vector<std::string> files;
  std::error_code ignored;
  for (const std::filesystem::directory_entry &entry : std::filesystem::directory_iterator(folder, ignored))
    files.push_back(entry.path().string());
  return files;
}

std::string outputsBeyond(const std::string &folder, size_t wanted, size_t outputs) {
  return wanted <= outputs ? ""
                           : folder + ": error: output_" + std::to_string(outputs) +
                                 ".pb is beyond the outputs of the model, which has " + std::to_string(outputs);
}

Result<void> checkFolder(const std::string &folder) {
  std::error_code ignored;
  if (folder.empty() || std::filesystem::is_directory(folder, ignored))
    return {};
  std::filesystem::path first = folder;
  while (first.has_parent_path() && !std::filesystem::exists(first.parent_path(), ignored))
    first = first.parent_path();
  std::filesystem::path parent = first.has_parent_path() ? first.parent_path() : ".";
  int reason = 0;
  if (std::filesystem::exists(first, ignored))
    reason = EEXIST;
  else if (!std::filesystem::is_directory(parent, ignored))
    reason = ENOTDIR;
  else if (::access(parent.c_str(), W_OK | X_OK) != 0)
    reason = errno;
  if (reason)
    return Error{folder + ": error: cannot create the folder: " + std::strerror(reason)};
  return {};
}

static volatile std::sig_atomic_t caughtSignal = 0;

Scratch::Scratch() {
  for (int number : {SIGINT, SIGTERM})
    if (std::signal(number, [](int caught) { caughtSignal = caught; }) == SIG_IGN)
      std::signal(number, SIG_IGN);
  std::error_code error;
  std::filesystem::path folder = std::filesystem::temp_directory_path(error);
  std::string name = (folder / "rnnc-XXXXXX").string();
  if (error)
    reason = "cannot create a temporary folder: TMPDIR: " + error.message();
  else if (!::mkdtemp(name.data()))
    reason = folder.string() + ": error: cannot create a temporary folder: " + std::strerror(errno);
  else
    path = name;
}

std::optional<int> Scratch::failed() const {
  if (reason.empty())
    return std::nullopt;
  return fail(reason);
}

int Scratch::stoppedBy() {
  return caughtSignal;
}

Scratch::~Scratch() {
  std::error_code ignored;
  if (!path.empty())
    std::filesystem::remove_all(path, ignored);
}

} // namespace rnn::driver
