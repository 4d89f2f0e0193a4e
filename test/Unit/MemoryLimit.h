//===- MemoryLimit.h - So much memory for a part of a test ------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <sys/resource.h>

namespace rnn::test {

/// While it lives the process can have so many bytes of its own beside those it has; files that are mapped to be read
/// count for nothing. More is an allocation that fails, whatever the system does with pages meanwhile. A sanitizer's
/// shadow is not the program's: there it limits nothing.
class MemoryLimit {
public:
  explicit MemoryLimit([[maybe_unused]] uint64_t bytes) {
    getrlimit(RLIMIT_DATA, &before);
#if !__has_feature(address_sanitizer)
    rlimit limit = before;
    limit.rlim_cur = taken() + bytes;
    setrlimit(RLIMIT_DATA, &limit);
#endif
  }
  ~MemoryLimit() { setrlimit(RLIMIT_DATA, &before); }
  MemoryLimit(const MemoryLimit &) = delete;
  MemoryLimit &operator=(const MemoryLimit &) = delete;

private:
  static uint64_t taken() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;)
      if (uint64_t kibibytes; word == "VmData:" && status >> kibibytes)
        return kibibytes << 10;
    return 0;
  }

  rlimit before{};
};

} // namespace rnn::test
