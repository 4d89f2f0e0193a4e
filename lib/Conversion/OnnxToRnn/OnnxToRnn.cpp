//===- OnnxToRnn.cpp - The pass onnx-to-rnn ---------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Conversion/OnnxToRnn/Passes.h"
#include "rnn-mlir/Conversion/OnnxToRnn/RecurrentNode.h"

#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_ONNXTORNN
#include "rnn-mlir/Conversion/OnnxToRnn/Passes.h.inc"

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

namespace {
struct OnnxToRnn : impl::OnnxToRnnBase<OnnxToRnn> {
  using OnnxToRnnBase::OnnxToRnnBase;

  void runOnOperation() override {
    SmallVector<onnx::NodeOp> nodes;
    getOperation().walk([&](onnx::NodeOp node) {
      if (recurrentCell(node))
        nodes.push_back(node);
    });
    for (onnx::NodeOp node : nodes)
      if (failed(lower(node)))
        signalPassFailure();
  }

  LogicalResult lower(onnx::NodeOp node) {
    OpBuilder builder(node);
    FailureOr<SmallVector<Value>> values = lowerRecurrentNode(builder, node, node.getInputs());
    if (failed(values))
      return failure();
    if (node->getNumResults() > values->size())
      return emitError(node.getLoc(), "expected at most ")
             << values->size() << " outputs, found " << node->getNumResults();
    for (auto [output, value] : llvm::zip(node.getOutputs(), *values))
      if (failed(replace(builder, node, output, value)))
        return failure();
    node.erase();
    ++numNodes;
    return success();
  }

  /// Replaces an output; the type that the file gives must agree with ours.
  static LogicalResult replace(OpBuilder &builder, onnx::NodeOp node, Value output, Value value) {
    if (output.use_empty())
      return success();
    Type said = output.getType();
    if (said != value.getType() && isa<TensorType>(said)) {
      if (!tensor::CastOp::areCastCompatible(value.getType(), said))
        return emitError(node.getLoc(), "expected an output of type ") << value.getType() << ", found " << said;
      value = tensor::CastOp::create(builder, node.getLoc(), said, value);
    }
    output.replaceAllUsesWith(value);
    return success();
  }
};
} // namespace
} // namespace rnn
