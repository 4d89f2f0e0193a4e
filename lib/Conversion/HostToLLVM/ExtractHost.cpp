//===- ExtractHost.cpp - The host's part of a module ---------- -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Conversion/HostToLLVM/Passes.h"

#include "rnn-mlir/Dialect/Onnx/IR/Onnx.h"
#include "rnn-mlir/Dialect/Rpu/IR/Rpu.h"

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_EXTRACTHOST
#include "rnn-mlir/Conversion/HostToLLVM/Passes.h.inc"

namespace {
/// Elements of tensors have a size in memory.
LogicalResult verifyElements(ModuleOp module) {
  WalkResult result = module.walk<WalkOrder::PreOrder>([](Operation *op) {
    if (isa<rpu::ProgramOp>(op))
      return WalkResult::skip();
    SmallVector<Type> types(op->getOperandTypes());
    llvm::append_range(types, op->getResultTypes());
    for (Region &region : op->getRegions())
      for (Block &block : region)
        llvm::append_range(types, block.getArgumentTypes());
    for (Type type : types) {
      Type element = isa<ShapedType>(type) ? cast<ShapedType>(type).getElementType() : Type();
      if (!element || isa<IntegerType, IndexType, FloatType, ComplexType, VectorType>(element))
        continue;
      op->emitError("expects tensors of numbers, found ") << type;
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

struct ExtractHost : impl::ExtractHostBase<ExtractHost> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    auto main = module.lookupSymbol<func::FuncOp>(onnx::kMainFunction);
    if (!main || main.isExternal()) {
      module.emitError("expects a function @main with a body");
      return signalPassFailure();
    }
    for (Type type : llvm::concat<const Type>(main.getArgumentTypes(), main.getResultTypes()))
      if (!isa<RankedTensorType>(type)) {
        main.emitError("expects @main to take and return tensors, found ") << type;
        return signalPassFailure();
      }
    if (failed(verifyElements(module)))
      return signalPassFailure();
    for (auto program : llvm::make_early_inc_range(module.getOps<rpu::ProgramOp>()))
      program.erase();
    main.removeArgAttrsAttr();
    for (unsigned index = 0; index < main.getNumArguments(); ++index)
      main.setArgAttr(index, bufferization::BufferizationDialect::kWritableAttrName,
                      BoolAttr::get(&getContext(), false));
    main.removeResAttrsAttr();
    main->setAttr(LLVM::LLVMDialect::getEmitCWrapperAttrName(), UnitAttr::get(&getContext()));
  }
};
} // namespace
} // namespace rnn
