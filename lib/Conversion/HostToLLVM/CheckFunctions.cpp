//===- CheckFunctions.cpp - Calls and names of functions ------ -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Conversion/HostToLLVM/Passes.h"

#include "rnn-mlir/Dialect/Onnx/IR/Onnx.h"

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_CHECKFUNCTIONS
#include "rnn-mlir/Conversion/HostToLLVM/Passes.h.inc"

namespace {
constexpr llvm::StringLiteral kUserPrefix = "user.";

struct CheckFunctions : impl::CheckFunctionsBase<CheckFunctions> {
  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    if (failed(checkCalls(symbols)) || failed(rename(symbols)))
      signalPassFailure();
  }

  /// Looks at functions behind all that they call.
  LogicalResult checkCalls(SymbolTable &symbols) {
    enum State : uint8_t { Unknown, Open, Checked };
    llvm::DenseMap<Operation *, State> states;
    struct Visit {
      func::FuncOp function;
      SmallVector<func::CallOp> calls;
    };
    auto open = [&](func::FuncOp function) -> FailureOr<Visit> {
      states[function] = Open;
      Visit visit{function, {}};
      WalkResult result = function.walk([&](Operation *op) {
        if (isa<func::CallIndirectOp, func::ConstantOp>(op)) {
          op->emitError("expects calls of functions by their names");
          return WalkResult::interrupt();
        }
        if (auto call = dyn_cast<func::CallOp>(op))
          visit.calls.push_back(call);
        return WalkResult::advance();
      });
      return result.wasInterrupted() ? FailureOr<Visit>() : visit;
    };
    for (auto root : getOperation().getOps<func::FuncOp>()) {
      SmallVector<Visit> stack;
      func::FuncOp next = root;
      while (next || !stack.empty()) {
        if (next && states.lookup(next) == Unknown) {
          FailureOr<Visit> visit = open(next);
          if (failed(visit))
            return failure();
          stack.push_back(std::move(*visit));
        }
        next = nullptr;
        if (stack.empty())
          break;
        Visit &top = stack.back();
        if (top.calls.empty()) {
          states[top.function] = Checked;
          stack.pop_back();
          continue;
        }
        func::CallOp call = top.calls.pop_back_val();
        next = symbols.lookup<func::FuncOp>(call.getCallee());
        if (next && states.lookup(next) == Open)
          return call.emitError("expects no recursion, found a call of @")
                 << call.getCallee() << " in a function that @" << call.getCallee() << " calls";
      }
    }
    return success();
  }

  LogicalResult rename(SymbolTable &symbols) {
    for (auto function : llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>())) {
      StringRef name = function.getSymName();
      if (function.isExternal() || name == onnx::kMainFunction || name.starts_with(kUserPrefix))
        continue;
      std::string free = (kUserPrefix + name).str();
      while (symbols.lookup(free))
        free += "_";
      if (failed(symbols.rename(function, free)))
        return function.emitError("cannot be renamed to ") << free;
    }
    return success();
  }
};
} // namespace
} // namespace rnn
