//===- HostSymbolsTest.cpp - What host code may call ------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Conversion/HostToLLVM/HostToLLVM.h"
#include "rnn-mlir/Pipelines/Passes.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>

using namespace mlir;

/// The errors of compiling a main function of one operation on two tensors of `element`.
static std::string errorsOf(const std::string &operation, const std::string &element) {
  DialectRegistry registry;
  rnn::registerAllDialects(registry);
  MLIRContext context(registry);
  std::string type = "tensor<2x" + element + ">", errors;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) { errors += diagnostic.str() + "\n"; });
  auto module = parseSourceString<ModuleOp>("func.func @main(%a: " + type + ", %b: " + type + ") -> " + type +
                                                " {\n  %c = " + operation + " %a, %b : " + type +
                                                "\n  return %c : " + type + "\n}\n",
                                            &context);
  if (!module)
    return "not parsed: " + errors;
  rnn::ConstantSection constants;
  bool done = succeeded(rnn::compileHost(*module, {{"x86-64-v3"}}, constants));
  EXPECT_EQ(done, errors.empty()) << errors;
  return errors;
}

TEST(HostSymbols, FunctionsOfTheListMayBeCalled) {
  EXPECT_EQ(errorsOf("math.powf", "f32"), "");
  EXPECT_EQ(errorsOf("math.atan2", "f64"), "");
  EXPECT_EQ(errorsOf("arith.remf", "f64"), "");
}

TEST(HostSymbols, AnythingElseIsAnError) {
  EXPECT_EQ(errorsOf("arith.divsi", "i128"), "host code would call '__divti3', which the runtime does not have\n");
}
