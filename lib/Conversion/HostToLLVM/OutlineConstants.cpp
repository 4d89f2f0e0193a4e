//===- OutlineConstants.cpp - Large constants out of the code - -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "HostInterface.h"

#include "rnn-mlir/Dialect/Rnn/IR/Constants.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_OUTLINECONSTANTS
#include "rnn-mlir/Conversion/HostToLLVM/Passes.h.inc"

namespace {
struct OutlineConstants : impl::OutlineConstantsBase<OutlineConstants> {
  using OutlineConstantsBase::OutlineConstantsBase;

  void runOnOperation() override {
    ModuleOp host = getOperation();
    SymbolTable symbols(host);
    SmallVector<memref::GetGlobalOp> uses;
    host.walk([&](memref::GetGlobalOp use) { uses.push_back(use); });
    Declarations declarations(host);
    llvm::StringMap<func::FuncOp> functions;
    llvm::StringSet<> used;
    for (memref::GetGlobalOp use : uses) {
      auto global = symbols.lookup<memref::GlobalOp>(use.getName());
      if (!isLarge(global)) {
        used.insert(global.getName());
        continue;
      }
      func::FuncOp &function = functions[use.getName()];
      if (!function) {
        function = declarations.add(global.getLoc(), "rnn_constant_" + Twine(functions.size() - 1), {}, use.getType());
        function->setAttr(kConstantAttr, *global.getInitialValue());
      }
      OpBuilder builder(use);
      use.replaceAllUsesWith(func::CallOp::create(builder, use.getLoc(), function, ValueRange()).getResult(0));
      use.erase();
    }
    for (auto global : llvm::make_early_inc_range(host.getOps<memref::GlobalOp>()))
      if (!used.contains(global.getName()))
        global.erase();
    numConstants += functions.size();
  }

  bool isLarge(memref::GlobalOp global) const {
    std::optional<ConstantData> data = constantData(global.getInitialValue().value_or(Attribute()));
    MemRefType type = global.getType();
    if (!data || !type.getLayout().isIdentity())
      return false;
    return expandedSize(*data) >= static_cast<uint64_t>(bytes);
  }
};
} // namespace
} // namespace rnn
