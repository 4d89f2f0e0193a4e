//===- RpuBridge.h - From ops to instructions -------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// Made from RpuInstr.td, so that no list of instructions is written by hand:
//   engineOf(op)           the engine that executes an instruction's op
//   toInstr(op, encoder)   its struct; `encoder` turns operands into fields
//   visitInstr(op, f)      f(op as its class), for an instruction
//   visitMicroOp(op, f)    the same for a micro-operation of a lane program
//   createMicroOp(…)       the micro-operation that implements an element-wise operation
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Dialect/Rpu/IR/Rpu.h"
#include "rnn-mlir/Isa/Isa.h"

#include "llvm/ADT/TypeSwitch.h"

namespace rnn::rpu {
#include "rnn-mlir/Dialect/Rpu/IR/RpuBridge.h.inc"
} // namespace rnn::rpu
