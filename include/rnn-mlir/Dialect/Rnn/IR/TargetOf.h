//===- TargetOf.h - The target of a module ----------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Target/TargetModel.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/DialectInterface.h"
#include "mlir/IR/Operation.h"

#include <memory>
#include <mutex>

namespace rnn {

/// The attribute of a module with the text of its target's file.
inline constexpr llvm::StringLiteral kTargetAttr = "rnn.target";

/// The targets that a context has read, each once; of the rnn dialect.
class TargetCache : public mlir::DialectInterface::Base<TargetCache> {
public:
  explicit TargetCache(mlir::Dialect *dialect) : Base(dialect) {}

  /// The target with this text, which the context keeps. Passes on several threads may ask.
  Result<const target::TargetModel *> get(mlir::StringAttr text);

private:
  std::mutex mutex;
  llvm::DenseMap<mlir::StringAttr, std::unique_ptr<const target::TargetModel>> targets;
};

/// The target of `op`: that of the nearest op around it with `rnn.target`; null where there is none. Errors, at
/// `op`: the attribute is no target.
mlir::FailureOr<const target::TargetModel *> targetOf(mlir::Operation *op);

/// The target of `op`, which must have one. Errors, at `op`: none, or not a target.
mlir::FailureOr<const target::TargetModel *> requireTarget(mlir::Operation *op);

} // namespace rnn
