//===- OutlineAssertions.cpp - Assertions as calls ------------ -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "HostInterface.h"

#include "rnn-mlir/Dialect/Onnx/IR/Onnx.h"

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_OUTLINEASSERTIONS
#include "rnn-mlir/Conversion/HostToLLVM/Passes.h.inc"

namespace {
struct OutlineAssertions : impl::OutlineAssertionsBase<OutlineAssertions> {
  void runOnOperation() override {
    SmallVector<cf::AssertOp> assertions;
    getOperation().walk([&](cf::AssertOp assertion) { assertions.push_back(assertion); });
    Declarations declarations(getOperation());
    llvm::StringMap<func::FuncOp> known;
    for (cf::AssertOp assertion : assertions) {
      std::string node = onnx::nodeNameInProgram(getOperation(), assertion.getLoc());
      std::string message = (node.empty() ? "" : node + ": error: ") + assertion.getMsg().str();
      func::FuncOp &function = known[message];
      OpBuilder builder(assertion);
      Location loc = assertion.getLoc();
      if (!function) {
        function = declarations.add(loc, "rnn_fail_" + Twine(known.size() - 1), assertion.getArg().getType(), {});
        function->setAttr(kMessageAttr, builder.getStringAttr(message));
        function->setAttr("passthrough", builder.getStrArrayAttr({"noinline"}));
      }
      Value yes = arith::ConstantOp::create(builder, loc, builder.getBoolAttr(true));
      Value broken = arith::XOrIOp::create(builder, loc, assertion.getArg(), yes);
      // Outside loops only the function branches: a main function of thousands of blocks takes LLVM long.
      auto call = func::CallOp::create(builder, loc, function, broken);
      if (!isa<func::FuncOp>(assertion->getParentOp())) {
        auto branch = scf::IfOp::create(builder, loc, broken, /*withElseRegion=*/false);
        call->moveBefore(branch.getBody()->getTerminator());
      }
      assertion.erase();
    }
    numAssertions += assertions.size();
    numMessages += known.size();
  }
};
} // namespace
} // namespace rnn
