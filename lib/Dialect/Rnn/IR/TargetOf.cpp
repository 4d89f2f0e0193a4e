//===- TargetOf.cpp - The target of a module --------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/IR/TargetOf.h"

#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"

#include "mlir/IR/Diagnostics.h"

using namespace mlir;

namespace rnn {

Result<const target::TargetModel *> TargetCache::get(StringAttr text) {
  std::lock_guard lock(mutex);
  std::unique_ptr<const target::TargetModel> &known = targets[text];
  if (!known) {
    auto model = target::TargetModel::parse(text.getValue(), kTargetAttr.str());
    if (!model)
      return model.error();
    known = std::make_unique<const target::TargetModel>(std::move(*model));
  }
  return known.get();
}

FailureOr<const target::TargetModel *> targetOf(Operation *op) {
  for (Operation *at = op; at; at = at->getParentOp()) {
    auto text = at->getAttrOfType<StringAttr>(kTargetAttr);
    if (!text)
      continue;
    auto *dialect = op->getContext()->getOrLoadDialect<RnnDialect>();
    auto model = dialect->getRegisteredInterface<TargetCache>()->get(text);
    if (!model)
      return op->emitError(model.error().message);
    return *model;
  }
  return nullptr;
}

FailureOr<const target::TargetModel *> requireTarget(Operation *op) {
  FailureOr<const target::TargetModel *> model = targetOf(op);
  if (succeeded(model) && !*model)
    return op->emitError("expects the module attribute ") << kTargetAttr;
  return model;
}

} // namespace rnn
