//===- FuzzTest.cpp - The import under mutated models -----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "../MemoryLimit.h"
#include "rnn-mlir/Dialect/Onnx/Transforms/Passes.h"
#include "rnn-mlir/Import/Onnx.h"

#include "mlir/IR/Verifier.h"

#include <gtest/gtest.h>
#include <onnx/onnx_pb.h>
#include <random>

using namespace mlir;

namespace {

using Random = std::mt19937_64;

void setTensorType(onnx::ValueInfoProto &info, const std::string &name, std::initializer_list<int64_t> dims) {
  info.set_name(name);
  auto *tensor = info.mutable_type()->mutable_tensor_type();
  tensor->set_elem_type(onnx::TensorProto::FLOAT);
  for (int64_t dim : dims)
    tensor->mutable_shape()->add_dim()->set_dim_value(dim);
}

void setWeight(onnx::TensorProto &tensor, const std::string &name, std::initializer_list<int64_t> dims) {
  int64_t count = 1;
  tensor.set_name(name);
  for (int64_t dim : dims) {
    tensor.add_dims(dim);
    count *= dim;
  }
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  tensor.set_raw_data(std::string(count * 4, '\x3e'));
}

onnx::NodeProto &addNode(onnx::GraphProto &graph, const std::string &op, std::initializer_list<const char *> inputs,
                         std::initializer_list<const char *> outputs) {
  onnx::NodeProto &node = *graph.add_node();
  node.set_op_type(op);
  for (const char *input : inputs)
    node.add_input(input);
  for (const char *output : outputs)
    node.add_output(output);
  return node;
}

/// A model with weights, typed fields, attributes of most kinds and subgraphs.
onnx::ModelProto makeModel() {
  onnx::ModelProto model;
  model.set_ir_version(8);
  model.add_opset_import()->set_version(17);
  onnx::GraphProto &graph = *model.mutable_graph();
  setTensorType(*graph.add_input(), "x", {3, 1, 2});
  setTensorType(*graph.add_output(), "z", {3, 1, 4});
  setWeight(*graph.add_initializer(), "w", {1, 16, 2});
  setWeight(*graph.add_initializer(), "r", {1, 16, 40});
  onnx::TensorProto &shape = *graph.add_initializer();
  shape.set_name("shape");
  shape.set_data_type(onnx::TensorProto::INT64);
  shape.add_dims(3);
  for (int64_t dim : {3, 1, 4})
    shape.add_int64_data(dim);

  onnx::NodeProto &lstm = addNode(graph, "LSTM", {"x", "w", "r", "", ""}, {"h", "", "c"});
  auto *size = lstm.add_attribute();
  size->set_name("hidden_size");
  size->set_type(onnx::AttributeProto::INT);
  size->set_i(4);
  auto *names = lstm.add_attribute();
  names->set_name("activations");
  names->set_type(onnx::AttributeProto::STRINGS);
  for (const char *name : {"Sigmoid", "Tanh", "Tanh"})
    names->add_strings(name);
  auto *value = addNode(graph, "Constant", {}, {"b"}).add_attribute();
  value->set_name("value_ints");
  value->set_type(onnx::AttributeProto::INTS);
  value->add_ints(1);
  addNode(graph, "Reshape", {"h", "shape"}, {"y"});
  onnx::NodeProto &branch = addNode(graph, "If", {"b"}, {"z"});
  for (const char *name : {"then_branch", "else_branch"}) {
    auto *attribute = branch.add_attribute();
    attribute->set_name(name);
    attribute->set_type(onnx::AttributeProto::GRAPH);
    addNode(*attribute->mutable_g(), "Relu", {"y"}, {"out"});
    setTensorType(*attribute->mutable_g()->add_output(), "out", {3, 1, 4});
  }
  return model;
}

/// Changes one to four places of the bytes.
std::string mutateBytes(std::string bytes, Random &random) {
  for (unsigned count = 1 + random() % 4; count != 0 && !bytes.empty(); --count) {
    size_t at = random() % bytes.size(), length = random() % 16;
    switch (random() % 6) {
    case 0:
      bytes[at] ^= char(1 << random() % 8);
      break;
    case 1:
      bytes[at] = char(random());
      break;
    case 2:
      bytes.resize(at);
      break;
    case 3:
      bytes.erase(at, length);
      break;
    case 4:
      bytes.insert(at, bytes.substr(random() % bytes.size(), length));
      break;
    default:
      bytes.insert(at, length, char(random()));
      break;
    }
  }
  return bytes;
}

/// Changes one tensor or node in a way that keeps the file well-formed.
std::string mutateFields(onnx::ModelProto model, Random &random) {
  static constexpr int64_t dims[] = {
      0, 1, -1, 2, 1 << 20, int64_t(1) << 31, INT64_MAX, INT64_MIN, 1 << 16, int64_t(1) << 62};
  static const char *const names[] = {"x", "w", "r", "h", "y", "z", "out", "", "nothing", "shape"};
  onnx::GraphProto &graph = *model.mutable_graph();
  onnx::TensorProto &tensor = *graph.mutable_initializer(random() % graph.initializer_size());
  onnx::NodeProto &node = *graph.mutable_node(random() % graph.node_size());
  switch (random() % 9) {
  case 0:
    tensor.set_dims(random() % tensor.dims_size(), dims[random() % std::size(dims)]);
    break;
  case 1:
    tensor.add_dims(dims[random() % std::size(dims)]);
    break;
  case 2:
    tensor.set_data_type(random() % 32);
    break;
  case 3:
    if (node.input_size())
      node.set_input(random() % node.input_size(), names[random() % std::size(names)]);
    break;
  case 4:
    node.set_output(random() % node.output_size(), names[random() % std::size(names)]);
    break;
  case 5:
    if (node.attribute_size())
      node.mutable_attribute(0)->set_type(onnx::AttributeProto::AttributeType(random() % 15));
    break;
  case 6:
    graph.mutable_node()->SwapElements(random() % graph.node_size(), random() % graph.node_size());
    break;
  case 7:
    graph.add_initializer()->CopyFrom(tensor);
    break;
  default:
    graph.mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim(0)->set_dim_value(
        dims[random() % std::size(dims)]);
    break;
  }
  return model.SerializeAsString();
}

/// Imports; a null module and errors must come together. Whether there was a module.
bool importAndCheck(MLIRContext &context, const std::string &bytes) {
  unsigned errors = 0;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &) { ++errors; });
  OwningOpRef<ModuleOp> module =
      rnn::importOnnxBytes(bytes, &context, {.name = "fuzz.onnx", .folder = {}, .output = {}, .inspectRefused = {}});
  EXPECT_EQ(!module, errors != 0);
  if (!module)
    return false;
  EXPECT_TRUE(succeeded(verify(*module)));
  module->walk([](rnn::onnx::NodeOp node) { (void)rnn::onnx::verifyNode(node, rnn::onnx::opsetOf(node)); });
  return true;
}

/// Runs `rounds` mutations of `mutate` with a fixed seed; the share that still imports.
template <class Mutate> double fuzz(unsigned rounds, Mutate mutate) {
  rnn::test::MemoryLimit limit(1 << 30);
  Random random(20240607);
  unsigned imported = 0;
  auto context = std::make_unique<MLIRContext>(MLIRContext::Threading::DISABLED);
  for (unsigned round = 0; round != rounds; ++round) {
    if (round % 500 == 499)
      context = std::make_unique<MLIRContext>(MLIRContext::Threading::DISABLED);
    SCOPED_TRACE(round);
    imported += importAndCheck(*context, mutate(random));
  }
  return double(imported) / rounds;
}

TEST(ImportFuzz, ImportsTheModelItself) {
  MLIRContext context;
  EXPECT_TRUE(importAndCheck(context, makeModel().SerializeAsString()));
}

TEST(ImportFuzz, SurvivesMutatedBytes) {
  std::string bytes = makeModel().SerializeAsString();
  double imported = fuzz(6000, [&](Random &random) { return mutateBytes(bytes, random); });
  EXPECT_GT(imported, 0.05);
  EXPECT_LT(imported, 0.95);
}

TEST(ImportFuzz, SurvivesMutatedFields) {
  onnx::ModelProto model = makeModel();
  double imported = fuzz(3000, [&](Random &random) { return mutateFields(model, random); });
  EXPECT_GT(imported, 0.05);
  EXPECT_LT(imported, 0.95);
}

TEST(ImportFuzz, SurvivesEveryTruncation) {
  std::string bytes = makeModel().SerializeAsString();
  MLIRContext context(MLIRContext::Threading::DISABLED);
  for (size_t length = 0; length < bytes.size(); ++length)
    importAndCheck(context, bytes.substr(0, length));
}

// A message of two bytes becomes hundreds in memory: their number is bounded.
TEST(ImportFuzz, RefusesTooManyMessages) {
  std::string graph;
  for (unsigned i = 0; i != 1'100'000; ++i)
    graph += std::string("\x0a\x00", 2);
  std::string bytes = "\x08\x08\x3a";
  for (size_t length = graph.size(); length; length >>= 7)
    bytes += char((length & 127) | (length > 127 ? 128 : 0));
  MLIRContext context;
  EXPECT_FALSE(importAndCheck(context, bytes + graph));
}

} // namespace
