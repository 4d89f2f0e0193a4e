//===- Functions.cpp - Functions of a model, for one call -------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Importer.h"

#include "rnn-mlir/Dialect/Onnx/IR/Operators.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

#include <google/protobuf/unknown_field_set.h>
#include <list>

using namespace mlir;
using ::onnx::AttributeProto;
using ::onnx::FunctionProto;
using ::onnx::GraphProto;
using ::onnx::NodeProto;

namespace rnn::import {

std::vector<std::string> unknownTexts(const google::protobuf::Message &message, int field) {
  std::vector<std::string> texts;
  const google::protobuf::UnknownFieldSet &unknown = message.GetReflection()->GetUnknownFields(message);
  for (int i = 0; i != unknown.field_count(); ++i)
    if (const auto &each = unknown.field(i);
        each.number() == field && each.type() == google::protobuf::UnknownField::TYPE_LENGTH_DELIMITED)
      texts.push_back(each.length_delimited());
  return texts;
}

std::string unknownText(const google::protobuf::Message &message, int field) {
  std::vector<std::string> texts = unknownTexts(message, field);
  return texts.empty() ? "" : texts.back();
}

namespace {
/// Fills in the attributes of one call.
class Instance {
public:
  Instance(Model &model, const FunctionProto &function, Location loc) : model(model), function(function), loc(loc) {}

  LogicalResult bind(const NodeProto &call) {
    for (const std::string &text : unknownTexts(function, kFunctionAttributes)) {
      AttributeProto &attribute = defaults.emplace_back();
      if (!attribute.ParseFromString(text))
        return model.error(loc, "expected attributes with defaults in function '" + function.name() +
                                    "', found malformed protobuf");
      given[attribute.name()] = &attribute;
    }
    for (const AttributeProto &attribute : call.attribute()) {
      if (!llvm::is_contained(function.attribute(), attribute.name()) && !given.contains(attribute.name()))
        return model.error(loc, "attribute '" + attribute.name() + "' is none of function '" + function.name() + "'");
      given[attribute.name()] = &attribute;
    }
    for (const std::string &name : function.attribute())
      declared.insert(name);
    return success();
  }

  LogicalResult fill(NodeProto &node, unsigned depth = 0) {
    auto *attributes = node.mutable_attribute();
    for (int i = 0; i < attributes->size();) {
      AttributeProto &attribute = (*attributes)[i];
      if (attribute.ref_attr_name().empty()) {
        if (attribute.has_t())
          attribute.mutable_t()->clear_doc_string(); // which says where data is that is read apart
        if (attribute.has_g() && failed(fill(*attribute.mutable_g(), depth + 1)))
          return failure();
        ++i;
        continue;
      }
      std::string name = attribute.name(), from = attribute.ref_attr_name();
      const AttributeProto *value = given.lookup(from);
      if (!value && !declared.contains(from))
        return model.error(loc, "attribute '" + name + "' refers to '" + from + "', which function '" +
                                    function.name() + "' does not have");
      if (!value) { // the operator's own default
        attributes->DeleteSubrange(i, 1);
        continue;
      }
      attribute = *value;
      attribute.set_name(name);
      ++i;
    }
    return success();
  }

private:
  LogicalResult fill(GraphProto &graph, unsigned depth) {
    if (depth > kMaxDepth)
      return model.error(loc, "expected subgraphs nested at most " + Twine(kMaxDepth) + " deep");
    for (auto &tensor : *graph.mutable_initializer())
      tensor.clear_doc_string();
    for (NodeProto &node : *graph.mutable_node())
      if (failed(fill(node, depth)))
        return failure();
    return success();
  }

  Model &model;
  const FunctionProto &function;
  Location loc;
  std::list<AttributeProto> defaults;
  llvm::StringMap<const AttributeProto *> given;
  llvm::StringSet<> declared;
};
} // namespace

/// Whether an operator is the same one in two versions of the default domain, as far as it is known.
static bool isSame(StringRef opType, int64_t a, int64_t b) {
  auto version = [&](int64_t opset) -> int64_t {
    const onnx::OperatorSpec *op = onnx::lookup(opType, "", opset);
    if (!op)
      return 0;
    return *std::prev(llvm::upper_bound(op->versions, opset));
  };
  return version(a) == version(b);
}

FailureOr<FunctionProto> instantiate(Model &model, const FunctionProto &function, const NodeProto &call, Location loc) {
  std::string name = function.name();
  for (const auto &import : function.opset_import())
    if (domainOf(import.domain()).empty() && import.version() != model.opset)
      for (const NodeProto &node : function.node())
        if (domainOf(node.domain()).empty() && !isSame(node.op_type(), import.version(), model.opset))
          return model.error(loc, "function '" + name + "' uses " + node.op_type() + " of opset " +
                                      Twine(import.version()) + ", which is another one than that of the model, " +
                                      Twine(model.opset));
  if (call.input_size() > function.input_size() || call.output_size() > function.output_size())
    return model.error(loc, "function '" + name + "' has " + Twine(function.input_size()) + " inputs and " +
                                Twine(function.output_size()) + " outputs, found " + Twine(call.input_size()) +
                                " and " + Twine(call.output_size()));
  Instance instance(model, function, loc);
  FunctionProto body = function;
  if (failed(instance.bind(call)))
    return failure();
  for (NodeProto &node : *body.mutable_node())
    if (failed(instance.fill(node)))
      return failure();
  return body;
}

} // namespace rnn::import
