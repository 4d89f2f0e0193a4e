//===- OutlineLoops.cpp - Loops as functions of their own -------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "HostInterface.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_OUTLINELOOPS
#include "rnn-mlir/Conversion/HostToLLVM/Passes.h.inc"

/// A function of `loop` alone; `arguments` gets what it takes. Constants move into it.
static func::FuncOp functionOf(scf::ForOp loop, SmallVectorImpl<Value> &arguments) {
  llvm::SetVector<Value> above(loop->operand_begin(), loop->operand_end());
  getUsedValuesDefinedAbove(loop.getRegion(), above);
  SmallVector<Operation *> constants;
  for (Value value : above) {
    Operation *source = value.getDefiningOp();
    if (source && isRepeatable(source))
      constants.push_back(source);
    else
      arguments.push_back(value);
  }
  OpBuilder builder(loop.getContext());
  auto type = builder.getFunctionType(ValueRange(arguments).getTypes(), loop.getResultTypes());
  auto function = func::FuncOp::create(loop.getLoc(), "rnn_loop", type);
  function.setPrivate();
  function->setAttr("passthrough", builder.getStrArrayAttr({"noinline"}));
  builder.setInsertionPointToStart(function.addEntryBlock());
  IRMapping mapping;
  mapping.map(arguments, function.getArguments());
  for (Operation *constant : constants)
    builder.clone(*constant, mapping);
  Operation *body = builder.clone(*loop, mapping);
  func::ReturnOp::create(builder, loop.getLoc(), body->getResults());
  return function;
}

namespace {
struct OutlineLoops : impl::OutlineLoopsBase<OutlineLoops> {
  using OutlineLoopsBase::OutlineLoopsBase;

  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    llvm::StringMap<func::FuncOp> known;
    for (auto function : llvm::to_vector(getOperation().getOps<func::FuncOp>())) {
      SmallVector<scf::ForOp> loops;
      for (Block *block : straightBlocks(function))
        llvm::append_range(loops, block->getOps<scf::ForOp>());
      if (loops.size() > maxLoops)
        for (scf::ForOp loop : loops)
          outline(loop, known, symbols);
    }
    numFunctions += known.size();
  }

  /// `known` has the functions made so far, by their text.
  void outline(scf::ForOp loop, llvm::StringMap<func::FuncOp> &known, SymbolTable &symbols) {
    SmallVector<Value> arguments;
    OwningOpRef<func::FuncOp> made = functionOf(loop, arguments);
    std::string text;
    llvm::raw_string_ostream stream(text);
    made->print(stream, OpPrintingFlags().useLocalScope());
    func::FuncOp &function = known[text];
    if (!function) {
      function = made.release();
      function.setName("rnn_loop_" + std::to_string(known.size() - 1));
      symbols.insert(function);
    }
    OpBuilder builder(loop);
    loop.replaceAllUsesWith(func::CallOp::create(builder, loop.getLoc(), function, arguments));
    loop.erase();
    ++numLoops;
  }
};
} // namespace
} // namespace rnn
