//===- HostInterface.h - Between the passes of host code ------ -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Conversion/HostToLLVM/Passes.h"
#include "rnn-mlir/Conversion/RnnToVector/Passes.h"

namespace rnn {

// What host code asks of the runtime are private functions without bodies until `rnn-define-host-interface` makes these
// from attributes of the functions.

/// Of a launch: the number of its program, the ranks of its arrays, the bytes of an element of each, and how many are
/// inputs.
inline constexpr llvm::StringLiteral kProgramAttr = "rnn.program";
inline constexpr llvm::StringLiteral kRanksAttr = "rnn.ranks";
inline constexpr llvm::StringLiteral kWidthsAttr = "rnn.widths";
inline constexpr llvm::StringLiteral kInputsAttr = "rnn.inputs";
/// Of a large constant: its elements, and their place in the constants section.
inline constexpr llvm::StringLiteral kConstantAttr = "rnn.constant";
inline constexpr llvm::StringLiteral kOffsetAttr = "rnn.offset";

/// Whether a function may have a copy of `op` instead of taking its result.
inline bool isRepeatable(mlir::Operation *op) {
  return op->hasTrait<mlir::OpTrait::ConstantLike>() || mlir::isa<mlir::memref::GetGlobalOp>(op);
}

/// The blocks of `function` that no loop repeats: those of the function itself and of the branches of each `scf.if` in
/// them, inner ones first.
inline llvm::SmallVector<mlir::Block *> straightBlocks(mlir::func::FuncOp function) {
  llvm::SmallVector<mlir::Block *> blocks;
  auto add = [&](auto &&add, mlir::Region &region) -> void {
    for (mlir::Block &block : region) {
      for (auto branch : block.getOps<mlir::scf::IfOp>())
        for (mlir::Region &inner : branch->getRegions())
          add(add, inner);
      blocks.push_back(&block);
    }
  };
  add(add, function.getBody());
  return blocks;
}

/// Declares private functions at the begin of a module, one after another.
class Declarations {
public:
  explicit Declarations(mlir::ModuleOp host) : symbols(host), place(host.getBody()->begin()) {}

  /// The function is called `name`, or like it where that is taken.
  mlir::func::FuncOp add(mlir::Location loc, const llvm::Twine &name, mlir::TypeRange inputs, mlir::TypeRange results) {
    auto type = mlir::FunctionType::get(loc.getContext(), inputs, results);
    auto function = mlir::func::FuncOp::create(loc, name.str(), type);
    function.setPrivate();
    symbols.insert(function, place);
    return function;
  }

private:
  mlir::SymbolTable symbols;
  mlir::Block::iterator place;
};

} // namespace rnn
