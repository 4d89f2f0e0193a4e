//===- RecurrentNode.cpp - LSTM, GRU and RNN nodes --------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "ShapeChecks.h"

#include "rnn-mlir/Dialect/Onnx/IR/Operators.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace rnn {

static Cell cellOf(onnx::NodeOp node) {
  return llvm::StringSwitch<Cell>(node.getOpType())
      .Case("LSTM", Cell::Lstm)
      .Case("GRU", Cell::Gru)
      .Case("RNN", Cell::Elman);
}

static RecurrentInputs inputsOf(ValueRange inputs) {
  auto input = [&](size_t index) { return index < inputs.size() ? inputs[index] : Value(); };
  return {input(0), input(1), input(2), input(3), input(4), input(5), input(6), input(7)};
}

FailureOr<SmallVector<Value>> lowerRecurrentNode(OpBuilder &builder, onnx::NodeOp node, ValueRange inputs) {
  return lowerRecurrent(builder, node, cellOf(node), readAttributes(node), inputsOf(inputs));
}

LogicalResult checkRecurrentNode(OpBuilder &builder, onnx::NodeOp node, ValueRange inputs) {
  RecurrentAttributes attributes = readAttributes(node);
  RecurrentInputs given = inputsOf(inputs);
  // Shapes have a meaning where these two are known.
  bool known = !attributes.direction.empty() && (!node.getOnnxAttr("layout") || onnx::isPermitted(node, "layout"));
  if (given.x && given.w && given.r && known)
    return lowerRecurrent(builder, node, cellOf(node), attributes, given);
  bool bounded = succeeded(checkBounds(node.getLoc(), attributes));
  return success(succeeded(resolveActivations(node.getLoc(), cellOf(node), attributes)) && bounded);
}

} // namespace rnn
