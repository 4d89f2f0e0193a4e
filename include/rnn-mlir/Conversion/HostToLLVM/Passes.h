//===- Passes.h - From the host function to LLVM -------------- -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Support/ConstantSection.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/Pass.h"

namespace rnn {

/// Of the module: the types of the inputs and outputs of its host code, as `runtime::typesText` writes them.
inline constexpr llvm::StringLiteral kHostTypesAttr = "rnn.host_types";

#define GEN_PASS_DECL
#include "rnn-mlir/Conversion/HostToLLVM/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "rnn-mlir/Conversion/HostToLLVM/Passes.h.inc"

/// `rnn-place-constants` that places them in `section`, which must outlive the pass.
std::unique_ptr<mlir::Pass> createPlaceConstants(ConstantSection &section);

} // namespace rnn
