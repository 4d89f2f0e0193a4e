//===- Progress.cpp - What is going on, on the terminal -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Commands.h"

#include <chrono>
#include <cstdio>
#include <unistd.h>

namespace rnn::driver {

Progress::Progress() {
  if (::isatty(STDERR_FILENO))
    thread = std::thread([this] { show(); });
}

Progress::~Progress() {
  {
    std::lock_guard lock(mutex);
    done = true;
  }
  wake.notify_one();
  if (thread.joinable())
    thread.join();
  if (shown)
    std::fputs("\r\033[K", stderr);
}

void Progress::phase(std::string_view phase) {
  std::lock_guard lock(mutex);
  text = phase;
}

void Progress::show() {
  auto begun = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex);
  for (auto next = begun + std::chrono::seconds(1); !wake.wait_until(lock, next, [this] { return done; });
       next += std::chrono::seconds(1)) {
    long seconds = std::chrono::duration_cast<std::chrono::seconds>(next - begun).count();
    std::fprintf(stderr, "\r\033[K%s, %ld s", text.empty() ? "working" : text.c_str(), seconds);
    std::fflush(stderr);
    shown = true;
  }
}

void remark(const std::string &text) {
  std::fprintf(stderr, "rnnc: remark: %s\n", text.c_str());
}

int fail(const std::string &message, const ExitCode &why) {
  for (size_t at = 0; at < message.size();) {
    size_t end = std::min(message.find('\n', at), message.size());
    std::string line = message.substr(at, end - at);
    bool placed = line.find(": error: ") != std::string::npos || line.find(": note: ") != std::string::npos;
    const char *prefix = placed ? "" : line.starts_with("error: ") ? "rnnc: " : "rnnc: error: ";
    std::fprintf(stderr, "%s%s\n", prefix, line.c_str());
    at = end + 1;
  }
  return why.code;
}

} // namespace rnn::driver
