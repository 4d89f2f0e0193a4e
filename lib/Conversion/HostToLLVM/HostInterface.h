//===- HostInterface.h - Steps on the way to machine code -------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Conversion/HostToLLVM/HostToLLVM.h"

#include "mlir/IR/PatternMatch.h"

namespace llvm {
class Module;
}

namespace rnn {

/// What the host function calls: launches, failures and constants, as functions without bodies until the module is in
/// the LLVM dialect.
class HostInterface {
public:
  explicit HostInterface(mlir::ModuleOp host) : host(host) {}

  /// On tensors: launches become calls on buffers.
  mlir::LogicalResult outlineLaunches(const llvm::StringMap<unsigned> &programs);
  /// On buffers: failed assertions become calls.
  void outlineAssertions();
  /// On buffers: large constants become calls that give their buffers.
  void outlineConstants(ConstantSection &constants);
  /// In the LLVM dialect: gives all these functions, and those that allocate, their bodies, and makes the entry.
  void define(unsigned results, unsigned inputs);

private:
  mlir::ModuleOp host;
  struct Launch {
    unsigned program;
    llvm::SmallVector<int64_t> ranks;
  };
  std::vector<Launch> launches;
  std::vector<std::string> messages;
  struct Constant {
    uint64_t offset;
    llvm::SmallVector<int64_t> shape;
  };
  std::vector<Constant> largeConstants;
};

/// On buffers and loops: where the main function has many loops, each becomes a function, and equal ones one function,
/// so that the time of LLVM grows with their number and not faster.
void outlineLoops(mlir::ModuleOp host);

/// Patterns that express sigmoid, tanh, exp, expm1 and log1p of f32 by arith and fma, as Isa/Arithmetic.h defines them.
void populateExpandMathPatterns(mlir::RewritePatternSet &patterns);

/// Machine code for one CPU, as a shared object. Errors are reported at the module `where`.
mlir::FailureOr<HostObject> generateCode(mlir::ModuleOp where, llvm::Module &module, const std::string &cpu);

} // namespace rnn
