//===- ReadAttributes.cpp - Attributes of recurrent nodes -------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Conversion/OnnxToRnn/RecurrentNode.h"
#include "rnn-mlir/Dialect/Onnx/IR/Operators.h"

using namespace mlir;

namespace rnn {

/// What the node says or the operator's record has for it; null where there is neither or it is refused.
template <class Attr> static Attr read(onnx::NodeOp node, StringRef name) {
  return dyn_cast_or_null<Attr>(onnx::attributeOrDefault(node, name));
}

/// Whether an attribute is 1. The operator may not have it at the model's opset.
static bool isSet(onnx::NodeOp node, StringRef name) {
  auto flag = read<IntegerAttr>(node, name);
  return flag && flag.getInt() == 1;
}

static std::optional<std::vector<float>> readFloats(onnx::NodeOp node, StringRef name) {
  if (!onnx::isKnown(node, name))
    return std::nullopt;
  auto floats = read<DenseF32ArrayAttr>(node, name);
  return floats ? floats.asArrayRef().vec() : std::vector<float>();
}

RecurrentAttributes readAttributes(onnx::NodeOp node) {
  RecurrentAttributes attributes;
  if (auto direction = read<StringAttr>(node, "direction"))
    attributes.direction = direction.str();
  // Version 1 of GRU spells its default so; the record permits it there.
  if (attributes.direction == "foward")
    attributes.direction = "forward";
  attributes.leavesHiddenSize = !node.getOnnxAttr("hidden_size");
  if (auto size = read<IntegerAttr>(node, "hidden_size"))
    attributes.hiddenSize = size.getInt();
  if (auto clip = read<FloatAttr>(node, "clip"))
    attributes.clip = clip.getValue().convertToFloat();
  attributes.activationsRefused = !onnx::isKnown(node, "activations");
  if (auto names = read<ArrayAttr>(node, "activations")) {
    attributes.activations.emplace();
    for (auto name : names.getAsRange<StringAttr>())
      attributes.activations->push_back(name.str());
  }
  attributes.alphas = readFloats(node, "activation_alpha");
  attributes.betas = readFloats(node, "activation_beta");
  if (onnx::isKnown(node, "layout"))
    attributes.batchFirst = isSet(node, "layout");
  attributes.inputForget = isSet(node, "input_forget");
  attributes.linearBeforeReset = isSet(node, "linear_before_reset");
  return attributes;
}

} // namespace rnn
