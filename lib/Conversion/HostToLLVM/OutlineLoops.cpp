//===- OutlineLoops.cpp - Loops as functions of their own -------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "HostInterface.h"

#include "rnn-mlir/Dialect/Onnx/IR/Onnx.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace rnn {

/// Loops that may stay in one function: several of LLVM's analyses take time that grows with the square of the blocks
/// of a function.
static constexpr size_t kLoopsOfOneFunction = 32;

/// A function of `loop` alone; `arguments` gets what it takes. Constants move into it.
static func::FuncOp functionOf(scf::ForOp loop, SmallVectorImpl<Value> &arguments) {
  llvm::SetVector<Value> above(loop->operand_begin(), loop->operand_end());
  getUsedValuesDefinedAbove(loop.getRegion(), above);
  SmallVector<Operation *> constants;
  for (Value value : above) {
    Operation *source = value.getDefiningOp();
    if (source && (source->hasTrait<OpTrait::ConstantLike>() || isa<memref::GetGlobalOp>(source)))
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

void outlineLoops(ModuleOp host) {
  auto main = host.lookupSymbol<func::FuncOp>(onnx::kMainFunction);
  auto loops = llvm::to_vector(main.getOps<scf::ForOp>());
  if (loops.size() <= kLoopsOfOneFunction)
    return;
  llvm::StringMap<func::FuncOp> known;
  for (scf::ForOp loop : loops) {
    SmallVector<Value> arguments;
    OwningOpRef<func::FuncOp> made = functionOf(loop, arguments);
    std::string text;
    llvm::raw_string_ostream stream(text);
    made->print(stream, OpPrintingFlags().useLocalScope());
    func::FuncOp &function = known[text];
    if (!function) {
      function = made.release();
      function.setName("rnn_loop_" + std::to_string(known.size() - 1));
      host.push_back(function);
    }
    OpBuilder builder(loop);
    loop.replaceAllUsesWith(func::CallOp::create(builder, loop.getLoc(), function, arguments));
    loop.erase();
  }
}

} // namespace rnn
