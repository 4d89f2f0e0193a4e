//===- ReadAttributes.cpp - Attributes of recurrent nodes -------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Conversion/OnnxToRnn/RecurrentNode.h"

using namespace mlir;

namespace rnn {

namespace {
/// Reads the attributes of one node; remembers whether one had a wrong type.
struct Reader {
  onnx::NodeOp node;
  bool failed = false;

  template <typename Attr> Attr read(StringRef name, StringRef expected) {
    Attribute given = node.getOnnxAttr(name);
    auto attribute = dyn_cast_or_null<Attr>(given);
    if (given && !attribute) {
      emitError(node.getLoc(), "attribute ") << name << ": expected " << expected << ", found " << given;
      failed = true;
    }
    return attribute;
  }
  void readInt(StringRef name, int64_t &value) {
    if (auto attribute = read<IntegerAttr>(name, "an integer"))
      value = attribute.getInt();
  }
  void readFloats(StringRef name, std::vector<float> &values) {
    if (auto attribute = read<DenseF32ArrayAttr>(name, "a list of floats"))
      values = attribute.asArrayRef().vec();
  }
};
} // namespace

FailureOr<RecurrentAttributes> readAttributes(onnx::NodeOp node) {
  Reader reader{node};
  RecurrentAttributes attributes;
  if (auto direction = reader.read<StringAttr>("direction", "a string"))
    attributes.direction = direction.str();
  // Version 1 of GRU spells its default so; the record permits it there.
  if (attributes.direction == "foward")
    attributes.direction = "forward";
  if (auto size = reader.read<IntegerAttr>("hidden_size", "an integer"))
    attributes.hiddenSize = size.getInt();
  if (auto clip = reader.read<FloatAttr>("clip", "a float"))
    attributes.clip = clip.getValue().convertToFloat();
  if (auto names = reader.read<ArrayAttr>("activations", "a list of strings")) {
    attributes.activations.emplace();
    for (Attribute name : names) {
      auto text = dyn_cast<StringAttr>(name);
      if (!text)
        return emitError(node.getLoc(), "attribute activations: expected strings, found ") << name;
      attributes.activations->push_back(text.str());
    }
  }
  reader.readFloats("activation_alpha", attributes.alphas);
  reader.readFloats("activation_beta", attributes.betas);
  reader.readInt("layout", attributes.layout);
  reader.readInt("input_forget", attributes.inputForget);
  reader.readInt("linear_before_reset", attributes.linearBeforeReset);
  reader.readInt("output_sequence", attributes.outputSequence);
  if (reader.failed)
    return failure();
  return attributes;
}

} // namespace rnn
