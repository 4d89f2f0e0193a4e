//===- MappedFile.h - Whole files for reading -------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Support/Result.h"

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <span>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rnn {

/// Says what the system says of the call that failed last.
inline Error systemError(const std::string &what) {
  return Error{what + ": " + std::strerror(errno)};
}

/// A file's bytes, mapped or read, which are there as long as their owner.
struct MappedFile {
  std::shared_ptr<const std::byte> owner;
  std::span<const std::byte> bytes;
};

/// Opens a file for reading; a pipe does not block. Errors have no name before them.
inline Result<int> openFile(const std::string &path) {
  int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  return file < 0 ? Result<int>(systemError("cannot open")) : file;
}

/// Maps an open file, which may be closed afterwards. Errors, without a name before them: it is no regular file, the
/// system cannot map it.
inline Result<MappedFile> mapFile(int file) {
  struct stat status;
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
    return Error{"expected a regular file"};
  size_t size = status.st_size;
  if (size == 0)
    return MappedFile{};
  void *address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  if (address == MAP_FAILED)
    return systemError("cannot map");
  auto *bytes = static_cast<const std::byte *>(address);
  return MappedFile{{bytes, [size](const std::byte *p) { ::munmap(const_cast<std::byte *>(p), size); }}, {bytes, size}};
}

/// Maps the file of that name. Errors begin with it.
inline Result<MappedFile> mapFile(const std::string &path) {
  auto file = openFile(path);
  if (!file)
    return Error{path + ": error: " + file.error().message};
  auto mapped = mapFile(*file);
  ::close(*file);
  if (!mapped)
    return Error{path + ": error: " + mapped.error().message};
  return mapped;
}

/// Asks for large pages behind bytes that are read over and over, as weights are: their addresses are found faster. Of
/// bytes that are `filled` what there is moves there. Where the system has none nothing changes.
inline void askForLargePages(const std::byte *data, size_t size, bool filled) {
  constexpr uintptr_t page = 2 << 20;
  constexpr int collapse = 25; // MADV_COLLAPSE, from Linux 6.1 on
  auto address = reinterpret_cast<uintptr_t>(data);
  uintptr_t begin = (address + page - 1) / page * page, end = (address + size) / page * page;
  if (size < 2 * page || begin >= end)
    return;
  auto *first = reinterpret_cast<void *>(begin);
  if (::madvise(first, end - begin, MADV_HUGEPAGE) == 0 && filled)
    ::madvise(first, end - begin, collapse);
}

/// Reads a regular file into memory of its own, aligned to a page: what becomes of the file later does not show. Errors
/// begin with its name.
inline Result<MappedFile> readFile(const std::string &path) {
  auto file = openFile(path);
  if (!file)
    return Error{path + ": error: " + file.error().message};
  auto read = [&]() -> Result<MappedFile> {
    struct stat status;
    if (::fstat(*file, &status) != 0 || !S_ISREG(status.st_mode))
      return Error{"expected a regular file"};
    size_t size = status.st_size, done = 0;
    if (size == 0)
      return MappedFile{};
    void *address = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (address == MAP_FAILED)
      return systemError("no memory for its " + std::to_string(size) + " bytes");
    auto *bytes = static_cast<std::byte *>(address);
    askForLargePages(bytes, size, /*filled=*/false);
    auto unmap = [size](const std::byte *p) { ::munmap(const_cast<std::byte *>(p), size); };
    MappedFile result{{bytes, unmap}, {bytes, size}};
    while (done < size) {
      ssize_t count = ::read(*file, bytes + done, size - done);
      if (count < 0 && errno == EINTR)
        continue;
      if (count < 0)
        return systemError("cannot read");
      if (count == 0)
        return Error{"became shorter while it was read"};
      done += count;
    }
    return result;
  }();
  ::close(*file);
  if (!read)
    return Error{path + ": error: " + read.error().message};
  return read;
}

} // namespace rnn
