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
  EXPECT_FALSE(lookup("", "", 17));
  EXPECT_FALSE(lookup("Zzz", "", 17));
}

TEST(Operators, LookupFindsEveryOperator) {
  for (const OperatorSpec &op : operators())
    EXPECT_EQ(lookup(op.name, "", kNewestOpset), &op) << op.name.str();
}

TEST(Operators, VersionIsTheNewestNotAboveTheOpset) {
  const OperatorSpec *lstm = lookup("LSTM", "", 17);
  ASSERT_TRUE(lstm);
  EXPECT_EQ(versionAt(*lstm, 6), 1);
  EXPECT_EQ(versionAt(*lstm, 7), 7);
  EXPECT_EQ(versionAt(*lstm, 21), 14);
  EXPECT_EQ(versionAt(*lstm, kNewestOpset), 22);
}

/// The attribute or default `name` of a node of `op` in a model of `opset`.
std::string attributeOf(StringRef op, StringRef attributes, int opset, StringRef name) {
  MLIRContext context;
  context.loadDialect<OnnxDialect, func::FuncDialect>();
  std::string text = ("module attributes {onnx.opset = " + Twine(opset) +
                      " : i64} { func.func @main(%x: tensor<2xf32>) { %y = onnx.node \"" + op + "\"(%x) " + attributes +
                      " : (tensor<2xf32>) -> tensor<2xf32> onnx.return } }")
                         .str();
  auto module = parseSourceString<ModuleOp>(text, &context);
  std::string result;
  llvm::raw_string_ostream os(result);
  module->walk([&](NodeOp node) {
    if (Attribute attribute = attributeOrDefault(node, name))
      os << attribute;
  });
  return result;
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
