//===- SharedObject.h - What the loader trusts in host code -----*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Support/Result.h"

#include <cstddef>
#include <span>

namespace rnn::runtime {

/// Checks all that the system's loader reads of an ELF shared object for x86-64, and does not check itself: headers,
/// segments, the dynamic section, symbols, the hash table and relocations. An object may need no other libraries and
/// run no code when it is loaded. Machine code is not looked at. The message has no file in front.
Result<void> checkSharedObject(std::span<const std::byte> elf);

} // namespace rnn::runtime
