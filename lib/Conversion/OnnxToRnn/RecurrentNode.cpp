//===- RecurrentNode.cpp - LSTM, GRU and RNN nodes --------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Conversion/OnnxToRnn/RecurrentNode.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace rnn {
std::optional<Cell> recurrentCell(onnx::NodeOp node) {
  if (!node.getDomain().empty() && node.getDomain() != "ai.onnx")
    return std::nullopt;
  return llvm::StringSwitch<std::optional<Cell>>(node.getOpType())
      .Case("LSTM", Cell::Lstm)
      .Case("GRU", Cell::Gru)
      .Case("RNN", Cell::Elman)
      .Default(std::nullopt);
}

FailureOr<SmallVector<Value>> lowerRecurrentNode(OpBuilder &builder, onnx::NodeOp node, ValueRange inputs) {
  std::optional<Cell> cell = recurrentCell(node);
  if (!cell)
    return emitError(node.getLoc(), "expected a recurrent operator, found ") << node.getOpType();
  auto input = [&](size_t index) {
    Value value = index < inputs.size() ? inputs[index] : Value();
    return value && isa<onnx::OnnxNoneType>(value.getType()) ? Value() : value;
  };
  RecurrentInputs given{input(0), input(1), input(2), input(3), input(4), input(5), input(6), input(7)};
  for (auto [name, value] : {std::pair("X", given.x), std::pair("W", given.w), std::pair("R", given.r)})
    if (!value)
      return emitError(node.getLoc(), "input ") << name << ": expected a value, found none";
  size_t most = *cell == Cell::Lstm ? 8 : 6;
  if (inputs.size() > most)
    return emitError(node.getLoc(), "expected at most ") << most << " inputs, found " << inputs.size();
  FailureOr<RecurrentAttributes> attributes = readAttributes(node);
  if (failed(attributes))
    return failure();
  return lowerRecurrent(builder, node.getLoc(), *cell, *attributes, given);
}

} // namespace rnn
