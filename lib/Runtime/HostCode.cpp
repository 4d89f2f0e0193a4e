//===- HostCode.cpp - Compiled host code in the process -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "HostCode.h"

#include "FileBytes.h"
#include "SharedObject.h"

#include <cstdlib>
#include <dlfcn.h>

namespace rnn::runtime {

/// Spare memory beyond this is given back after a run.
static constexpr uint64_t kSpareLimit = uint64_t(512) << 20;

Arena::~Arena() {
  reset();
  for (auto [size, pointer] : spare)
    std::free(pointer);
}

void *Arena::allocate(uint64_t bytes) {
  if (!allows(bytes))
    return nullptr;
  uint64_t rounded = std::max<uint64_t>((bytes + 63) / 64 * 64, 64);
  void *pointer;
  if (auto found = spare.find(rounded); found != spare.end()) {
    pointer = found->second;
    spare.erase(found);
    spareBytes -= rounded;
  } else if (!(pointer = std::aligned_alloc(64, rounded))) {
    return nullptr;
  }
  try {
    live.emplace(pointer, rounded);
  } catch (const std::bad_alloc &) {
    std::free(pointer);
    return nullptr;
  }
  liveBytes += rounded;
  return pointer;
}

void Arena::release(void *pointer) {
  auto found = live.find(pointer);
  if (found == live.end())
    return;
  uint64_t size = found->second;
  live.erase(found);
  liveBytes -= size;
  if (spareBytes + size <= kSpareLimit) {
    try {
      spare.emplace(size, pointer);
      spareBytes += size;
      return;
    } catch (const std::bad_alloc &) {
      // No memory to remember it.
    }
  }
  std::free(pointer);
}

uint64_t Arena::size(const void *pointer) const {
  auto found = live.find(const_cast<void *>(pointer));
  return found == live.end() ? 0 : found->second;
}

std::shared_ptr<std::byte> Arena::take(void *pointer) {
  auto found = live.find(pointer);
  liveBytes -= found->second;
  live.erase(found);
  return {static_cast<std::byte *>(pointer), [](std::byte *p) { std::free(p); }};
}

void Arena::reset() {
  while (!live.empty())
    release(live.begin()->first);
}

Result<std::unique_ptr<HostCode>> HostCode::load(std::span<const std::byte> elf, std::span<const std::byte> constants,
                                                 const std::string &types, const SessionOptions &options,
                                                 Launch launch) {
  if (auto good = checkSharedObject(elf); !good)
    return Error{"host code: " + good.error().message};
  std::unique_ptr<HostCode> code(new HostCode(options, std::move(launch)));
  code->file = ::memfd_create("rnn-host-code", MFD_CLOEXEC);
  if (code->file < 0)
    return systemError("host code: cannot create a file in memory");
  for (std::span<const std::byte> rest = elf; !rest.empty();) {
    ssize_t done = ::write(code->file, rest.data(), rest.size());
    if (done <= 0)
      return systemError("host code: cannot write to memory");
    rest = rest.subspan(done);
  }
  code->library = ::dlopen(("/proc/self/fd/" + std::to_string(code->file)).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!code->library) {
    const char *reason = ::dlerror();
    return Error{std::string("host code: cannot be loaded: ") + (reason ? reason : "unknown reason")};
  }
  auto *abi = static_cast<const int64_t *>(::dlsym(code->library, "rnn_host_abi"));
  auto *needed = static_cast<const int64_t *>(::dlsym(code->library, "rnn_host_constants"));
  auto *ownTypes = static_cast<const char *>(::dlsym(code->library, "rnn_host_types"));
  code->apiSlot = static_cast<RnnHostApi **>(::dlsym(code->library, "rnn_host_api"));
  code->entry = reinterpret_cast<void (*)(void **)>(::dlsym(code->library, "rnn_host_main"));
  if (!abi || !code->apiSlot || !code->entry)
    return Error{"host code: expected the symbols rnn_host_abi, rnn_host_api and rnn_host_main"};
  if (*abi != RNN_HOST_ABI)
    return Error{"host code: has interface version " + std::to_string(*abi) + ", this runtime has version " +
                 std::to_string(RNN_HOST_ABI)};
  if (!needed || !ownTypes)
    return Error{"host code: expected the symbols rnn_host_constants and rnn_host_types"};
  if (types != ownTypes)
    return Error{"host code: expected inputs and outputs " + types + " as in the metadata, found " + ownTypes};
  if (*needed < 0 || uint64_t(*needed) > constants.size())
    return Error{"host code: expected " + std::to_string(*needed) + " bytes of constants, found " +
                 std::to_string(constants.size())};
  code->api = {code.get(), allocate, release, launchProgram, fail, reinterpret_cast<const uint8_t *>(constants.data()),
               countSteps};
  *code->apiSlot = &code->api;
  return code;
}

HostCode::~HostCode() {
  if (library)
    ::dlclose(library);
  if (file >= 0)
    ::close(file);
}

bool HostCode::call(void **arguments) {
  failure.clear();
  // Only frames of host code and of `perform`, which have no destructors, lie between here and longjmp.
  if (_setjmp(back))
    return false;
  entry(arguments);
  return true;
}

template <class Act> void HostCode::perform(Act act) {
  bool good = false;
  try {
    good = act();
  } catch (const std::bad_alloc &) {
    failure = "out of memory";
  } catch (...) {
    failure = "internal error";
  }
  if (!good)
    std::longjmp(back, 1);
}

void *HostCode::allocate(void *context, uint64_t bytes, const char *node) {
  auto *self = static_cast<HostCode *>(context);
  void *pointer = nullptr;
  self->perform([&] {
    pointer = self->arena.allocate(bytes);
    if (!pointer)
      self->failure =
          (node ? std::string(node) + ": error: " : "") + "needs another " + std::to_string(bytes) +
          " bytes of memory beside " + std::to_string(self->arena.used()) + ", " +
          (self->arena.allows(bytes) ? "which this machine does not have" : "beyond the " + self->limitText);
    return pointer != nullptr;
  });
  return pointer;
}

void HostCode::release(void *context, void *pointer) {
  static_cast<HostCode *>(context)->arena.release(pointer);
}

void HostCode::launchProgram(void *context, int64_t program, int64_t count, const RnnTensor *arguments) {
  auto *self = static_cast<HostCode *>(context);
  self->perform([&] { return self->launch(program, {arguments, size_t(count < 0 ? 0 : count)}); });
}

void HostCode::countSteps(void *context, int64_t layer, int64_t steps) {
  auto *self = static_cast<HostCode *>(context);
  self->perform([&] {
    self->layerSteps[layer] += uint64_t(std::max<int64_t>(steps, 0));
    return true;
  });
}

uint64_t HostCode::steps() const {
  uint64_t most = 0;
  for (auto [layer, steps] : layerSteps)
    most = std::max(most, steps);
  return most;
}

void HostCode::fail(void *context, const char *message, const int64_t *values) {
  auto *self = static_cast<HostCode *>(context);
  self->perform([&] {
    self->failure = message;
    for (size_t at = 0; values && (at = self->failure.find("{}", at)) != std::string::npos;)
      self->failure.replace(at, 2, std::to_string(*values++));
    return false;
  });
}

} // namespace rnn::runtime
