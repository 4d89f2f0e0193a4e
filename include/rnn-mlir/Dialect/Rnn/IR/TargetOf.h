//===- TargetOf.h - The target of a module ----------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Target/TargetModel.h"

#include "mlir/IR/Operation.h"

#include <optional>

namespace rnn {

/// The attribute of a module with the text of its target's file.
inline constexpr llvm::StringLiteral kTargetAttr = "rnn.target";

/// The target of `op`: that of the nearest op around it with `rnn.target`; none where there is none. Errors, at `op`:
/// the attribute is no target.
mlir::FailureOr<std::optional<target::TargetModel>> targetOf(mlir::Operation *op);

/// The target of `op`, which must have one. Errors, at `op`: none, or not a target.
mlir::FailureOr<target::TargetModel> requireTarget(mlir::Operation *op);

} // namespace rnn
