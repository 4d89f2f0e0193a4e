//===- TargetOf.cpp - The target of a module --------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/IR/TargetOf.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;

namespace rnn {

FailureOr<std::optional<target::TargetModel>> targetOf(Operation *op) {
  for (Operation *at = op; at; at = at->getParentOp()) {
    auto text = at->getAttrOfType<StringAttr>(kTargetAttr);
    if (!text)
      continue;
    Result<target::TargetModel> model = target::TargetModel::parse(text.getValue(), kTargetAttr.str());
    if (!model)
      return op->emitError(model.error().message);
    return std::optional<target::TargetModel>(*model);
  }
  return std::optional<target::TargetModel>();
}

FailureOr<target::TargetModel> requireTarget(Operation *op) {
  FailureOr<std::optional<target::TargetModel>> model = targetOf(op);
  if (failed(model))
    return failure();
  if (!*model)
    return op->emitError("expects the module attribute ") << kTargetAttr;
  return **model;
}

} // namespace rnn
