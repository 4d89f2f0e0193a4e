//===- Recurrent.cpp - LSTM, GRU and RNN in a graph -------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "OnnxLowering.h"

#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"
#include "rnn-mlir/Conversion/OnnxToRnn/RecurrentNode.h"

using namespace mlir;

namespace rnn::onnx {

static LogicalResult lowerRecurrentOperator(NodeLowering &node) {
  SmallVector<Value> inputs;
  bool complete = node.isKnown(0) && node.isKnown(1) && node.isKnown(2);
  for (unsigned index = 0; index < node.numOperands(); ++index) {
    inputs.push_back(node.operand(index));
    complete &= node.isKnown(index);
  }
  FailureOr<SmallVector<Value>> results =
      lowerRecurrentNode(node.builder(), node.op(), inputs, complete, succeeded(node.accepted()));
  if (failed(results))
    return failure();
  for (unsigned index = 0; index < std::min<size_t>(results->size(), node.op().getOutputs().size()); ++index)
    node.setResult(index, (*results)[index]);
  return success();
}

LogicalResult lowerLSTM(NodeLowering &node) {
  return lowerRecurrentOperator(node);
}
LogicalResult lowerGRU(NodeLowering &node) {
  return lowerRecurrentOperator(node);
}
LogicalResult lowerRNN(NodeLowering &node) {
  return lowerRecurrentOperator(node);
}

} // namespace rnn::onnx
