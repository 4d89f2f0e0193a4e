//===- RecurrentNode.h - ONNX's recurrent operators -------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Dialect/Onnx/IR/Onnx.h"
#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"

#include <optional>
#include <string>
#include <vector>

namespace rnn {

struct RecurrentAttributes;

/// What a layer of one direction is made of; values that the node does not give are null.
struct LayerParts {
  mlir::Type y;
  llvm::SmallVector<mlir::Type> finals;
  mlir::Value x, w, r, inputBias, recurrentBias, peephole, lengths;
  llvm::SmallVector<mlir::Value> init;
  bool reverse;
  mlir::ArrayAttr activations;
  mlir::FloatAttr clip;
};

/// A recurrent operator of ONNX: all that tells it from the others.
struct Cell {
  /// Of the operator.
  llvm::StringLiteral name;
  /// Blocks of H rows in W and R.
  int64_t gates;
  /// States that it carries.
  size_t states;
  /// The activation functions of one direction, where the node lists none.
  llvm::SmallVector<llvm::StringLiteral, 3> activations;
  /// Whether a list of two of its default is accepted for one direction: it is what the operator's record says, and
  /// exporters write it out.
  bool acceptsTwoDefaults;
  /// The least number of steps of a sequence.
  int32_t leastLength;
  /// Makes the layer.
  mlir::Operation *(*create)(mlir::OpBuilder &, mlir::Location, const LayerParts &, const RecurrentAttributes &);
};

/// The cell of a node, which is an LSTM, GRU or RNN.
const Cell &cellOf(onnx::NodeOp node);

/// The attributes of an LSTM, GRU or RNN node; what the node does not say has
/// the default of the operator's record. `output_sequence` of version 1 is not
/// among them: which outputs are wanted is known from their names.
struct RecurrentAttributes {
  /// `forward`, `reverse` or `bidirectional`; empty where the node's is refused.
  std::string direction;
  /// Whether `layout` is 1; none where the node's is refused.
  std::optional<bool> batchFirst;
  std::optional<int64_t> hiddenSize;
  /// Whether the node gives no hidden size, not even one that is refused.
  bool leavesHiddenSize = true;
  std::optional<float> clip;
  /// Absent: the operator's defaults, unless the node's are refused.
  std::optional<std::vector<std::string>> activations;
  bool activationsRefused = false;
  /// None where the node's are refused.
  std::optional<std::vector<float>> alphas, betas;
  bool inputForget = false;
  bool linearBeforeReset = false;

  bool bidirectional() const { return direction == "bidirectional"; }
  int64_t directions() const { return bidirectional() ? 2 : 1; }
};

/// Reads the attributes of a node that are known (see `isKnown`).
RecurrentAttributes readAttributes(onnx::NodeOp node);

/// The inputs of an LSTM, GRU or RNN node; null where absent or not known.
struct RecurrentInputs {
  mlir::Value x, w, r, b, lengths, initialH, initialC, peephole;
  /// Whether none of them is not known.
  bool complete;
};

/// The activation functions of all directions in order, with the alphas and
/// betas that they consume. Refuses, at `loc`, unknown names, a wrong number of
/// names, surplus alphas or betas, and functions without default parameters.
/// Fails without a word where it depends on what is not known.
mlir::FailureOr<llvm::SmallVector<ActivationAttr>> resolveActivations(mlir::Location loc, const Cell &cell,
                                                                      const RecurrentAttributes &attributes);

/// Lowers a node to one or two layers. Returns Y, Y_h and, for LSTM, Y_c. Every
/// refusal is an error at `node`, and all refusals are reported: as far as they can
/// be found with what is known, where the node is not `accepted` already.
mlir::FailureOr<llvm::SmallVector<mlir::Value>> lowerRecurrent(mlir::OpBuilder &builder, onnx::NodeOp node,
                                                               const Cell &cell, const RecurrentAttributes &attributes,
                                                               const RecurrentInputs &inputs, bool accepted);

/// Lowers a recurrent node with `inputs` in place of its own: null where absent or not known. `complete` is whether
/// all that it has are known, `accepted` whether nothing else of it has been refused. Returns all outputs of the
/// operator in order.
mlir::FailureOr<llvm::SmallVector<mlir::Value>>
lowerRecurrentNode(mlir::OpBuilder &builder, onnx::NodeOp node, mlir::ValueRange inputs, bool complete, bool accepted);

} // namespace rnn
