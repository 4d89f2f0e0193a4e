//===- Resource.h - Which constants are resources ---------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include <cstddef>

namespace rnn {

/// Constants of this many bytes and more are `dense_resource`: attributes of less are `dense`, compared and printed
/// element by element.
inline constexpr size_t kResourceBytes = 1024;

} // namespace rnn
