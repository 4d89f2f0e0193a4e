//===- AttachTarget.cpp - The target of a module ----------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h"

#include "rnn-mlir/Dialect/Rnn/IR/TargetOf.h"

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_ATTACHTARGET
#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h.inc"

namespace {
struct AttachTarget : impl::AttachTargetBase<AttachTarget> {
  using AttachTargetBase::AttachTargetBase;

  void runOnOperation() override {
    getOperation()->setAttr(kTargetAttr, StringAttr::get(&getContext(), description.getValue()));
  }
};
} // namespace
} // namespace rnn
