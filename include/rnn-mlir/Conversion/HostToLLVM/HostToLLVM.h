//===- HostToLLVM.h - From the host function to machine code ----*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Support/ConstantSection.h"

#include "mlir/IR/BuiltinOps.h"

#include <string>
#include <vector>

namespace rnn {

struct HostOptions {
  /// `x86-64-v3`, `x86-64-v4`, or `native`.
  std::vector<std::string> cpus = {"x86-64-v3", "x86-64-v4"};
};

/// A position-independent shared object with the interface of Runtime/HostApi.h.
struct HostObject {
  /// As the options name it.
  std::string cpu;
  std::vector<char> elf;
};

/// Compiles `@main` of a module for each CPU: tensors to buffers, loops, LLVM, shared objects. Launches are numbered by
/// the order of the module's programs. Large constants go to `constants`. The module is not changed.
mlir::FailureOr<std::vector<HostObject>> compileHost(mlir::ModuleOp module, const HostOptions &options,
                                                     ConstantSection &constants);

} // namespace rnn
