//===- WholeFile.h - Files that appear whole or not at all ------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Support/Result.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <span>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace rnn {

/// A file that gets its name when it is whole. Until then it has none (O_TMPFILE), so that a process that is killed
/// leaves nothing behind; only where the file system cannot do that, it has one beside the name. Errors begin with the
/// name.
class WholeFile {
public:
  /// Errors: the name is that of a folder or device, its folder does not exist, no file can be made beside it.
  static Result<WholeFile> create(const std::string &path) {
    struct stat existing;
    if (::stat(path.c_str(), &existing) == 0 && !S_ISREG(existing.st_mode))
      return Error{path + (S_ISDIR(existing.st_mode) ? ": error: is a directory" : ": error: is no regular file")};
    // A link keeps its place: the file it leads to is written.
    std::string name = path;
    if (::lstat(path.c_str(), &existing) == 0 && S_ISLNK(existing.st_mode)) {
      char *resolved = ::realpath(path.c_str(), nullptr);
      if (!resolved)
        return Error{path + ": error: cannot follow the link: " + std::strerror(errno)};
      name = resolved;
      std::free(resolved);
    }
    size_t slash = name.rfind('/');
    std::string folder = slash == std::string::npos ? "." : name.substr(0, slash + 1);
    if (::stat(folder.c_str(), &existing) != 0 || !S_ISDIR(existing.st_mode))
      return Error{path + ": error: there is no folder " + folder};
    int fd = ::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    std::string beside;
    if (fd < 0) {
      beside = name + ".XXXXXX";
      fd = ::mkstemp(beside.data());
      if (fd < 0)
        return Error{path + ": error: cannot create a file beside it: " + std::strerror(errno)};
      mode_t mask = ::umask(0);
      ::umask(mask);
      ::fchmod(fd, 0666 & ~mask);
    }
    return WholeFile(std::move(name), std::move(beside), fd);
  }

  /// A file that holds the pieces one after another and lacks nothing but its name, so that several files can get
  /// theirs together.
  static Result<WholeFile> holding(const std::string &path, std::span<const std::span<const std::byte>> pieces) {
    auto file = create(path);
    if (!file)
      return file.error();
    for (std::span<const std::byte> piece : pieces)
      if (auto done = file->write(piece); !done)
        return done.error();
    if (auto done = file->sync(); !done)
      return done.error();
    return file;
  }

  WholeFile(WholeFile &&other) noexcept
      : path(std::move(other.path)), beside(std::exchange(other.beside, {})), fd(std::exchange(other.fd, -1)),
        synced(other.synced) {}
  WholeFile &operator=(WholeFile &&) = delete;
  ~WholeFile() {
    if (fd >= 0)
      ::close(fd);
    if (!beside.empty())
      ::unlink(beside.c_str());
  }

  Result<void> write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      ssize_t done = ::write(fd, bytes.data(), std::min<size_t>(bytes.size(), 1 << 30));
      if (done < 0 && errno == EINTR)
        continue;
      if (done <= 0)
        return failed("cannot write");
      bytes = bytes.subspan(done);
    }
    return {};
  }

  /// Gives the file its name, in place of one that has it.
  Result<void> commit() {
    if (auto done = sync(); !done)
      return done;
    if (beside.empty()) {
      std::string self = "/proc/self/fd/" + std::to_string(fd);
      auto link = [&](const std::string &name) {
        return ::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
      };
      if (link(path))
        return {};
      // Nothing replaces a name but a rename.
      for (unsigned tries = 0; errno == EEXIST && beside.empty() && tries < 100; ++tries)
        if (std::string name = path + "." + std::to_string(::getpid()) + "-" + std::to_string(tries); link(name))
          beside = std::move(name);
      if (beside.empty())
        return failed("cannot write");
    }
    if (::rename(beside.c_str(), path.c_str()) != 0)
      return failed("cannot write");
    beside.clear();
    return {};
  }

private:
  WholeFile(std::string path, std::string beside, int fd) : path(std::move(path)), beside(std::move(beside)), fd(fd) {}
  Result<void> failed(const char *what) const { return Error{path + ": error: " + what + ": " + std::strerror(errno)}; }

  Result<void> sync() {
    if (!synced && ::fsync(fd) != 0)
      return failed("cannot write");
    synced = true;
    return {};
  }

  std::string path, beside;
  int fd;
  bool synced = false;
};

} // namespace rnn
