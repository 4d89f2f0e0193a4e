//===- HostSymbolsTest.cpp - What host code may call ------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Conversion/HostToLLVM/CodeGen.h"
#include "rnn-mlir/Pipelines/Passes.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>

using namespace mlir;

/// The errors of compiling a module to host code, each with the line that it is at.
static std::string errorsOf(const std::string &text) {
  DialectRegistry registry;
  rnn::registerAllDialects(registry);
  MLIRContext context(registry);
  std::string errors;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    auto place = diagnostic.getLocation()->findInstanceOf<FileLineColLoc>();
    errors += "line " + std::to_string(place ? place.getLine() : 0) + ": " + diagnostic.str() + "\n";
  });
  auto module = parseSourceString<ModuleOp>(text, &context);
  if (!module)
    return "not parsed: " + errors;
  PassManager passes(&context, ModuleOp::getOperationName());
  rnn::buildHostPipeline(passes);
  bool done = succeeded(passes.run(*module)) && succeeded(rnn::generateCode(*module, "x86-64-v3"));
  EXPECT_EQ(done, errors.empty()) << errors;
  return errors;
}

/// A main function of one operation on two tensors of `element`.
static std::string mainOf(const std::string &operation, const std::string &element) {
  std::string type = "tensor<2x" + element + ">";
  return "module {\nfunc.func @main(%a: " + type + ", %b: " + type + ") -> " + type + " {\n  %c = " + operation +
         " %a, %b : " + type + "\n  return %c : " + type + "\n}\n}\n";
}

TEST(HostSymbols, FunctionsOfTheListMayBeCalled) {
  EXPECT_EQ(errorsOf(mainOf("math.powf", "f32")), "");
  EXPECT_EQ(errorsOf(mainOf("math.atan2", "f64")), "");
  EXPECT_EQ(errorsOf(mainOf("arith.remf", "f64")), "");
}

TEST(HostSymbols, AnythingElseIsAnErrorWhereItIsCalled) {
  EXPECT_EQ(errorsOf("func.func private @elsewhere(f32) -> f32\n"
                     "func.func @main(%a: tensor<f32>) -> tensor<f32> {\n"
                     "  %x = tensor.extract %a[] : tensor<f32>\n"
                     "  %y = call @elsewhere(%x) : (f32) -> f32\n"
                     "  %b = tensor.from_elements %y : tensor<f32>\n"
                     "  return %b : tensor<f32>\n"
                     "}\n"),
            "line 4: host code would call 'elsewhere', which the runtime does not have\n");
}

// No operation calls this: code generation does, and the error is the module's.
TEST(HostSymbols, AFunctionOfTheCompilersOwnIsAnErrorOfTheModule) {
  EXPECT_EQ(errorsOf(mainOf("arith.divsi", "i128")),
            "line 1: host code would call '__divti3', which the runtime does not have\n");
}
