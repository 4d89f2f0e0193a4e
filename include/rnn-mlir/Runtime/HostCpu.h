//===- HostCpu.h - Which host code this machine can run -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace rnn::runtime {

/// The name under which host code for exactly this machine's CPU is stored: `native:` and a number that says family,
/// model and features.
std::string nativeCpuName();

/// Whether this machine runs host code for `cpu`: `x86-64-v3`, `x86-64-v4` or a name that `nativeCpuName` gave.
bool canRun(std::string_view cpu);

/// The index of the best of several that this machine can run: native, v4, v3.
std::optional<size_t> chooseHostCode(std::span<const std::string> cpus);

} // namespace rnn::runtime
