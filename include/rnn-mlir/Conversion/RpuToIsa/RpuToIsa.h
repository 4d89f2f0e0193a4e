//===- RpuToIsa.h - From the rpu dialect to device programs -----*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Dialect/Rpu/IR/Rpu.h"
#include "rnn-mlir/Isa/Program.h"
#include "rnn-mlir/Support/ConstantSection.h"

namespace rnn {

/// Encodes a program whose buffers have addresses (`rpu-plan`). Its DRAM constants are added to `constants`, which
/// gives their addresses. A value that does not fit its field is an error at the instruction.
mlir::FailureOr<isa::Program> encodeProgram(rpu::ProgramOp program, ConstantSection &constants);

} // namespace rnn
