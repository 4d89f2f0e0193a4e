//===- OperatorsTest.cpp - The operator records as tables -------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Onnx/IR/Operators.h"

#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>

using namespace mlir;
using namespace rnn::onnx;

namespace {

TEST(Operators, LookupObeysDomainAndOpset) {
  EXPECT_TRUE(lookup("LSTM", "", 1));
  EXPECT_TRUE(lookup("LSTM", "ai.onnx", kNewestOpset));
  EXPECT_FALSE(lookup("LSTM", "org.example", 17));
  EXPECT_FALSE(lookup("LSTM", "", kNewestOpset + 1));
  EXPECT_FALSE(lookup("Expand", "", 7));
  EXPECT_TRUE(lookup("Expand", "", 8));
  EXPECT_FALSE(lookup("", "", 17));
  EXPECT_FALSE(lookup("Zzz", "", 17));
}

TEST(Operators, LookupFindsEveryOperator) {
  for (const OperatorSpec &op : operators())
    EXPECT_EQ(lookup(op.name, "", kNewestOpset), &op) << op.name.str();
}

TEST(Operators, OperandsDependOnTheOpset) {
  auto inputs = [](StringRef name, int64_t opset) {
    std::vector<std::string> names;
    for (const OperandSpec *input : operandsAt(lookup(name, "", opset)->inputs, opset))
      names.push_back(input->name.str());
    return names;
  };
  // Bounds that were attributes became inputs.
  EXPECT_EQ(inputs("Clip", 10), std::vector<std::string>({"input"}));
  EXPECT_EQ(inputs("Clip", 11), std::vector<std::string>({"input", "min", "max"}));
  EXPECT_EQ(inputs("Slice", 9), std::vector<std::string>({"data"}));
  EXPECT_EQ(inputs("Slice", 10), std::vector<std::string>({"data", "starts", "ends", "axes", "steps"}));
}

/// A graph of one node of `op` in a model of `opset`.
OwningOpRef<ModuleOp> graphOf(MLIRContext &context, StringRef op, StringRef attributes, int opset) {
  context.loadDialect<OnnxDialect, func::FuncDialect>();
  std::string text = ("module attributes {onnx.opset = " + Twine(opset) +
                      " : i64} { func.func @main(%x: tensor<2xf32>) { %y = onnx.node \"" + op + "\"(%x) " + attributes +
                      " : (tensor<2xf32>) -> tensor<2xf32> onnx.return } }")
                         .str();
  return parseSourceString<ModuleOp>(text, &context);
}

/// The attribute or default `name` of a node of `op` in a model of `opset`.
std::string attributeOf(StringRef op, StringRef attributes, int opset, StringRef name) {
  MLIRContext context;
  OwningOpRef<ModuleOp> module = graphOf(context, op, attributes, opset);
  std::string result;
  llvm::raw_string_ostream os(result);
  module->walk([&](NodeOp node) {
    if (Attribute attribute = attributeOrDefault(node, name))
      os << attribute;
  });
  return result;
}

TEST(Operators, ALimitIsOneOfTheRecord) {
  MLIRContext context;
  OwningOpRef<ModuleOp> module = graphOf(context, "Gemm", "", 13);
  std::vector<std::pair<std::string, bool>> refusals;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    refusals.emplace_back(diagnostic.str(), isMarkedUnsupported(diagnostic));
    return success();
  });
  module->walk([&](NodeOp node) {
    refuseBeyond(node, Limit::FloatElements) << "i32";
    refuseBeyond(node, Limit::KnownAxes) << "i32";
  });
  ASSERT_EQ(refusals.size(), 2u);
  EXPECT_EQ(refusals[0], std::pair(std::string("Gemm supports floats, found i32"), true));
  EXPECT_EQ(refusals[1], std::pair(std::string("internal error: a limit that is not in the operator's record: Gemm "
                                               "supports axes known at compile time, found i32"),
                                   false));
}

TEST(Operators, DefaultsDependOnTheOpset) {
  EXPECT_EQ(attributeOf("Softmax", "", 12, "axis"), "1 : i64");
  EXPECT_EQ(attributeOf("Softmax", "", 13, "axis"), "-1 : i64");
  EXPECT_EQ(attributeOf("Softmax", "with {axis = 0 : i64}", 13, "axis"), "0 : i64");
  EXPECT_EQ(attributeOf("LeakyRelu", "", 17, "alpha"), "0.00999999977 : f32");
  EXPECT_EQ(attributeOf("LSTM", "", 17, "direction"), "\"forward\"");
  EXPECT_EQ(attributeOf("LSTM", "", 17, "clip"), "");
  EXPECT_EQ(attributeOf("LSTM", "", 7, "layout"), "");
}

} // namespace
