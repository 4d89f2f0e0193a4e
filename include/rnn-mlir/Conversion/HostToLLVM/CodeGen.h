//===- CodeGen.h - From the LLVM dialect to machine code ------ -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/BuiltinOps.h"

#include <string>
#include <vector>

namespace rnn {

/// Machine code for one of kHostCpus of a module that `rnn-define-host-interface` has completed: a position-independent
/// shared object (ELF) with the interface of Runtime/HostApi.h.
mlir::FailureOr<std::vector<char>> generateCode(mlir::ModuleOp host, const std::string &cpu);

} // namespace rnn
