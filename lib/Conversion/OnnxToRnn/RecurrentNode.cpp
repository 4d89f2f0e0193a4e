//===- RecurrentNode.cpp - LSTM, GRU and RNN nodes --------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "ShapeChecks.h"

using namespace mlir;

namespace rnn {

static Operation *createLstm(OpBuilder &builder, Location loc, const LayerParts &parts,
                             const RecurrentAttributes &attributes) {
  return LstmOp::create(builder, loc, parts.y, parts.finals, parts.x, parts.w, parts.r, parts.inputBias,
                        parts.recurrentBias, parts.peephole, /*proj=*/Value(), parts.init, parts.lengths, parts.reverse,
                        parts.activations, parts.clip, attributes.inputForget);
}

static Operation *createGru(OpBuilder &builder, Location loc, const LayerParts &parts,
                            const RecurrentAttributes &attributes) {
  return GruOp::create(builder, loc, parts.y, parts.finals, parts.x, parts.w, parts.r, parts.inputBias,
                       parts.recurrentBias, parts.init, parts.lengths, parts.reverse, parts.activations, parts.clip,
                       attributes.linearBeforeReset);
}

static Operation *createElman(OpBuilder &builder, Location loc, const LayerParts &parts, const RecurrentAttributes &) {
  return ElmanOp::create(builder, loc, parts.y, parts.finals, parts.x, parts.w, parts.r, parts.inputBias,
                         parts.recurrentBias, parts.init, parts.lengths, parts.reverse, parts.activations, parts.clip);
}

const Cell &cellOf(onnx::NodeOp node) {
  // ONNX Runtime's tests expect zeros of an empty sequence of LSTM and GRU and a refusal of RNN.
  static const Cell cells[] = {
      {"LSTM", 4, 2, {"Sigmoid", "Tanh", "Tanh"}, false, 0, createLstm},
      {"GRU", 3, 1, {"Sigmoid", "Tanh"}, false, 0, createGru},
      {"RNN", 1, 1, {"Tanh"}, true, 1, createElman},
  };
  const Cell *cell = llvm::find_if(cells, [&](const Cell &cell) { return cell.name == node.getOpType(); });
  assert(cell != std::end(cells) && "expects a recurrent operator");
  return *cell;
}

FailureOr<SmallVector<Value>> lowerRecurrentNode(OpBuilder &builder, onnx::NodeOp node, ValueRange inputs,
                                                 bool complete, bool accepted) {
  auto input = [&](size_t index) { return index < inputs.size() ? inputs[index] : Value(); };
  RecurrentInputs given = {input(0), input(1), input(2), input(3), input(4), input(5), input(6), input(7), complete};
  return lowerRecurrent(builder, node, cellOf(node), readAttributes(node), given, accepted);
}

} // namespace rnn
