//===- HostCode.h - Compiled host code in the process -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Runtime/HostApi.h"
#include "rnn-mlir/Runtime/Session.h"

#include <csetjmp>
#include <functional>
#include <unordered_map>

namespace rnn::runtime {

/// Memory of host code, kept between runs: a block that was released serves the next request of its size.
class Arena {
public:
  explicit Arena(uint64_t limit) : limit(limit) {}
  ~Arena();
  Arena(const Arena &) = delete;

  /// Aligned to 64 bytes; null where the limit or the machine has no more.
  void *allocate(uint64_t bytes);
  void release(void *pointer);
  /// The bytes of a live block; 0 where `pointer` is none.
  uint64_t size(const void *pointer) const;
  /// Hands a live block over to its reader.
  std::shared_ptr<std::byte> take(void *pointer);
  /// Releases all live blocks.
  void reset();
  uint64_t used() const { return liveBytes; }
  /// Whether `bytes` more are within the limit.
  bool allows(uint64_t bytes) const { return bytes <= limit && liveBytes <= limit - bytes; }

private:
  uint64_t limit, liveBytes = 0, spareBytes = 0;
  std::unordered_map<void *, uint64_t> live;
  std::unordered_multimap<uint64_t, void *> spare;
};

/// A shared object of host code, loaded from memory.
class HostCode {
public:
  /// Runs a launch; false ends the call of host code, the callee keeps the reason.
  using Launch = std::function<bool(int64_t program, std::span<const RnnTensor> arguments)>;

  /// Errors: it is none, reads beyond `constants`, or has other inputs and outputs than `types` says.
  static Result<std::unique_ptr<HostCode>> load(std::span<const std::byte> elf, std::span<const std::byte> constants,
                                                const std::string &types, const SessionOptions &options, Launch launch);
  ~HostCode();
  HostCode(const HostCode &) = delete;

  /// Calls the model; false where it failed: then `message` says why, or is empty where the launch keeps the reason.
  bool call(void **arguments);
  const std::string &message() const { return failure; }
  Arena &memory() { return arena; }
  /// Steps of all sequences of the calls since the last reset, of the layer that took most.
  uint64_t steps() const;
  void resetSteps() { layerSteps.clear(); }

private:
  HostCode(const SessionOptions &options, Launch launch)
      : arena(options.memoryLimit), limitText(memoryLimitText(options)), launch(std::move(launch)) {}
  /// Does what host code asked for and, where that fails, ends its call. Exceptions do not reach its frames.
  template <class Act> void perform(Act act);
  static void *allocate(void *context, uint64_t bytes, const char *node);
  static void release(void *context, void *pointer);
  static void launchProgram(void *context, int64_t program, int64_t count, const RnnTensor *arguments);
  static void fail(void *context, const char *message, const int64_t *values);
  static void countSteps(void *context, int64_t layer, int64_t steps);

  Arena arena;
  std::string limitText;
  Launch launch;
  RnnHostApi api{};
  std::string failure;
  std::unordered_map<int64_t, uint64_t> layerSteps;
  std::jmp_buf back;
  /// Open as long as the library is loaded: the loader knows it by the name `/proc/self/fd/N`.
  int file = -1;
  void *library = nullptr;
  RnnHostApi **apiSlot = nullptr;
  void (*entry)(void **) = nullptr;
};

} // namespace rnn::runtime
