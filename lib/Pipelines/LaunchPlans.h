//===- LaunchPlans.h - Models that are launches and nothing else -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Runtime/Metadata.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace rnn {

/// Fills the launches, temporaries and output sizes of `meta` where `main` computes nothing itself: it launches
/// programs, numbered as in the module, and does no more with their arrays than to see the same elements under another
/// shape. Inputs and outputs of `meta` are those of `main`. False, and `meta` as it was, where host code is needed.
bool planLaunches(mlir::func::FuncOp main, runtime::Metadata &meta);

} // namespace rnn
