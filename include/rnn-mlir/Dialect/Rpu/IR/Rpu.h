//===- Rpu.h - The rpu dialect ----------------------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/StringMap.h"

#include "rnn-mlir/Dialect/Rpu/IR/RpuDialect.h.inc"
#include "rnn-mlir/Dialect/Rpu/IR/RpuEnums.h.inc"

#define GET_TYPEDEF_CLASSES
#include "rnn-mlir/Dialect/Rpu/IR/RpuTypes.h.inc"

#define GET_ATTRDEF_CLASSES
#include "rnn-mlir/Dialect/Rpu/IR/RpuAttributes.h.inc"

namespace rnn::rpu {
/// Whether an instruction can wait for, or post, these semaphores.
bool fitSyncSlots(llvm::ArrayRef<int64_t> semaphores);
} // namespace rnn::rpu

#define GET_OP_CLASSES
#include "rnn-mlir/Dialect/Rpu/IR/RpuOps.h.inc"

namespace rnn::rpu {
/// Unit attribute of the `rpu.set` that gives the steps of a tile: passes that follow a program on paper may take
/// fewer.
inline constexpr llvm::StringLiteral kTimeTileAttr = "time_tile";
/// The same of the one that gives the sequences that run in lock-step.
inline constexpr llvm::StringLiteral kBatchTileAttr = "batch_tile";

/// Attribute of an `rpu.product` that does another piece of a product at each iteration of a loop: `[level, count]` of
/// that loop. Passes that follow a program on paper take it to do all of them.
inline constexpr llvm::StringLiteral kPiecesAttr = "pieces";

/// The programs of a module in the order of the numbers by which the host launches them, from 0 on.
llvm::SmallVector<ProgramOp> programsOf(mlir::ModuleOp module);
/// The number of each program of a module, by its name.
llvm::StringMap<int64_t> programNumbers(mlir::ModuleOp module);
} // namespace rnn::rpu
