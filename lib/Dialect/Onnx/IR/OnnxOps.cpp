//===- OnnxOps.cpp - Operations of the onnx dialect -------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Onnx/IR/Onnx.h"

#include "llvm/ADT/SmallPtrSet.h"

using namespace mlir;

#define GET_OP_CLASSES
#include "rnn-mlir/Dialect/Onnx/IR/OnnxOps.cpp.inc"

namespace rnn::onnx {

Value NodeOp::getInput(unsigned index) {
  if (index >= getInputs().size() || isa<OnnxNoneType>(getInputs()[index].getType()))
    return {};
  return getInputs()[index];
}

bool NodeOp::wantsOutput(unsigned index) {
  return index < getNumResults() && !getResult(index).use_empty();
}

Region *NodeOp::getSubgraph(StringRef name) {
  for (auto [attr, region] : llvm::zip(getSubgraphNames(), getSubgraphs()))
    if (cast<StringAttr>(attr).getValue() == name)
      return &region;
  return nullptr;
}

LogicalResult NodeOp::verify() {
  if (getSubgraphNames().size() != getSubgraphs().size())
    return emitOpError("(C1) expects a name for each of the ")
           << getSubgraphs().size() << " subgraphs, found " << getSubgraphNames().size();
  llvm::SmallPtrSet<Attribute, 2> seen;
  for (Attribute name : getSubgraphNames())
    if (!seen.insert(name).second)
      return emitOpError("(C1) expects different names of its subgraphs, found ") << name << " twice";
  return success();
}

OpFoldResult ConstantOp::fold(FoldAdaptor) {
  return getValueAttr();
}

LogicalResult ReturnOp::verify() {
  auto function = dyn_cast<func::FuncOp>((*this)->getParentOp());
  if (!function)
    return success();
  if (getValues().getTypes() != function.getResultTypes())
    return emitOpError("(C1) expects values of types ")
           << function.getResultTypes() << ", the function's results, found " << getValues().getTypes();
  return success();
}

} // namespace rnn::onnx
