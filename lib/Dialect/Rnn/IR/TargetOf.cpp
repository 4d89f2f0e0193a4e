//===- TargetOf.cpp - The target of a module --------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/IR/TargetOf.h"

#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"

#include "mlir/IR/Diagnostics.h"

using namespace mlir;

namespace rnn {

Result<target::TargetModel> TargetCache::get(StringAttr text) {
  std::lock_guard lock(mutex);
  auto known = targets.find(text);
  if (known != targets.end())
    return known->second;
  auto model = target::TargetModel::parse(text.getValue(), kTargetAttr.str());
  if (model)
    targets.try_emplace(text, *model);
  return model;
}

FailureOr<std::optional<target::TargetModel>> targetOf(Operation *op) {
  for (Operation *at = op; at; at = at->getParentOp()) {
    auto text = at->getAttrOfType<StringAttr>(kTargetAttr);
    if (!text)
      continue;
    auto *dialect = op->getContext()->getLoadedDialect<RnnDialect>();
    auto *cache = dialect ? dialect->getRegisteredInterface<TargetCache>() : nullptr;
    auto model = cache ? cache->get(text) : target::TargetModel::parse(text.getValue(), kTargetAttr.str());
    if (!model)
      return op->emitError(model.error().message);
    return std::optional<target::TargetModel>(std::move(*model));
  }
  return std::optional<target::TargetModel>();
}

FailureOr<target::TargetModel> requireTarget(Operation *op) {
  FailureOr<std::optional<target::TargetModel>> model = targetOf(op);
  if (failed(model))
    return failure();
  if (!*model)
    return op->emitError("expects the module attribute ") << kTargetAttr;
  return std::move(**model);
}

} // namespace rnn
