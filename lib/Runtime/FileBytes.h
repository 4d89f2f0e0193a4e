//===- FileBytes.h - Whole files in, whole files out -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Support/WholeFile.h"

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
#include <vector>

namespace rnn::runtime {

inline Error systemError(const std::string &what) {
  return Error{what + ": " + std::strerror(errno)};
}

/// A file mapped for reading.
struct MappedFile {
  std::shared_ptr<const std::byte> owner;
  std::span<const std::byte> bytes;
};

inline Result<MappedFile> mapFile(const std::string &path) {
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return systemError(path + ": error: cannot open");
  struct stat info;
  bool regular = ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
  size_t size = regular ? info.st_size : 0;
  void *address = size ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
  ::close(fd);
  if (!regular)
    return Error{path + ": error: is no regular file"};
  if (size == 0)
    return MappedFile{};
  if (address == MAP_FAILED)
    return systemError(path + ": error: cannot map");
  auto *bytes = static_cast<const std::byte *>(address);
  return MappedFile{{bytes, [size](const std::byte *p) { ::munmap(const_cast<std::byte *>(p), size); }}, {bytes, size}};
}

/// Writes the pieces one after another to a file that appears under its name only when it is whole.
inline Result<void> writeWhole(const std::string &path, std::span<const std::span<const std::byte>> pieces) {
  auto file = WholeFile::create(path);
  if (!file)
    return file.error();
  for (std::span<const std::byte> piece : pieces)
    if (auto done = file->write(piece); !done)
      return done;
  return file->commit();
}

} // namespace rnn::runtime
