//===- RecurrentNode.cpp - LSTM, GRU and RNN nodes --------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "ShapeChecks.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace rnn {

static Cell cellOf(onnx::NodeOp node) {
  return llvm::StringSwitch<Cell>(node.getOpType())
      .Case("LSTM", Cell::Lstm)
      .Case("GRU", Cell::Gru)
      .Case("RNN", Cell::Elman);
}

FailureOr<SmallVector<Value>> lowerRecurrentNode(OpBuilder &builder, onnx::NodeOp node, ValueRange inputs,
                                                 bool complete, bool accepted) {
  auto input = [&](size_t index) { return index < inputs.size() ? inputs[index] : Value(); };
  RecurrentInputs given = {input(0), input(1), input(2), input(3), input(4), input(5), input(6), input(7), complete};
  return lowerRecurrent(builder, node, cellOf(node), readAttributes(node), given, accepted);
}

} // namespace rnn
