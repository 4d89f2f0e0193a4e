//===- SplitFunctions.cpp - Long functions in pieces ----------- -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "HostInterface.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_SPLITFUNCTIONS
#include "rnn-mlir/Conversion/HostToLLVM/Passes.h.inc"

/// The operations of `op`, with those of the branches of an `scf.if`. A loop counts as one.
static size_t sizeOf(Operation &op) {
  size_t size = 1;
  if (isa<scf::IfOp>(op))
    for (Region &region : op.getRegions())
      for (Operation &inner : region.getOps())
        size += sizeOf(inner);
  return size;
}

namespace {
/// Makes functions of segments of long blocks.
class Splitter {
public:
  Splitter(ModuleOp host, size_t maxOperations) : symbols(host), maxOperations(maxOperations) {
    for (auto function : host.getOps<func::FuncOp>())
      if (function->hasAttr(kConstantAttr))
        constants.insert(function.getName());
  }

  /// False where nothing was done, since the block is not too long or could not become shorter.
  bool split(Block &block) {
    size_t size = 0;
    SmallVector<Operation *> operations, repeatable;
    for (Operation &op : block.without_terminator()) {
      // The memory of an alloca lives as long as the function that it is in.
      if (isa<memref::AllocaOp>(op))
        return false;
      (isConstant(op) ? repeatable : operations).push_back(&op);
      size += isConstant(op) ? 0 : sizeOf(op);
    }
    if (size <= maxOperations || operations.size() == 1)
      return false;
    size_t before = numSegments;
    SmallVector<Operation *> segment;
    size = 0;
    for (Operation *op : operations) {
      if (!segment.empty() && size + sizeOf(*op) > maxOperations) {
        outline(segment);
        segment.clear();
        size = 0;
      }
      segment.push_back(op);
      size += sizeOf(*op);
    }
    outline(segment);
    for (Operation *op : repeatable)
      if (op->use_empty())
        op->erase();
    return numSegments > before;
  }

  size_t made() const { return numSegments; }

private:
  bool isConstant(Operation &op) const {
    auto call = dyn_cast<func::CallOp>(op);
    return isRepeatable(&op) || (call && constants.contains(call.getCallee()));
  }

  /// Replaces operations by a call of a function of them, unless that has no fewer. Between them are only constants.
  void outline(ArrayRef<Operation *> segment) {
    if (segment.size() == 1 && sizeOf(*segment.front()) == 1)
      return;
    Location loc = segment.front()->getLoc();
    Operation *next = segment.back()->getNextNode();
    OpBuilder builder(loc.getContext());
    auto function =
        func::FuncOp::create(loc, "rnn_segment_" + std::to_string(numSegments++), builder.getFunctionType({}, {}));
    function.setPrivate();
    function->setAttr("passthrough", builder.getStrArrayAttr({"noinline"}));
    Block *body = function.addEntryBlock();
    for (Operation *op : segment)
      op->moveBefore(body, body->end());
    SmallVector<Value> arguments = takeArguments(function);

    auto isOutside = [&](OpOperand &use) { return !function->isAncestor(use.getOwner()); };
    SmallVector<Value> results;
    for (Operation *op : segment)
      llvm::append_range(results, llvm::make_filter_range(op->getResults(), [&](Value result) {
                           return llvm::any_of(result.getUses(), isOutside);
                         }));
    function.setFunctionType(builder.getFunctionType(ValueRange(arguments).getTypes(), ValueRange(results).getTypes()));
    symbols.insert(function);
    builder.setInsertionPoint(next);
    auto call = func::CallOp::create(builder, loc, function, arguments);
    for (auto [result, outside] : llvm::zip_equal(results, call.getResults()))
      result.replaceUsesWithIf(outside, isOutside);
    builder.setInsertionPointToEnd(body);
    func::ReturnOp::create(builder, loc, results);
  }

  /// Replaces the values that `function` uses from outside by arguments, but constants by copies. Returns the values
  /// that became arguments.
  SmallVector<Value> takeArguments(func::FuncOp function) const {
    Region &region = function.getBody();
    OpBuilder builder(function.getContext());
    builder.setInsertionPointToStart(&region.front());
    SmallVector<Value> arguments;
    llvm::DenseMap<Value, Value> inside;
    region.walk([&](Operation *op) {
      for (OpOperand &operand : op->getOpOperands()) {
        Value outside = operand.get();
        if (region.isAncestor(outside.getParentRegion()))
          continue;
        Value &replacement = inside[outside];
        if (!replacement) {
          Operation *source = outside.getDefiningOp();
          if (source && isConstant(*source)) {
            replacement = builder.clone(*source)->getResult(0);
          } else {
            arguments.push_back(outside);
            replacement = region.addArgument(outside.getType(), outside.getLoc());
          }
        }
        operand.set(replacement);
      }
    });
    return arguments;
  }

  SymbolTable symbols;
  size_t maxOperations;
  /// The names of functions that give large constants.
  llvm::StringSet<> constants;
  size_t numSegments = 0;
};

struct SplitFunctions : impl::SplitFunctionsBase<SplitFunctions> {
  using SplitFunctionsBase::SplitFunctionsBase;

  void runOnOperation() override {
    Splitter splitter(getOperation(), maxOperations);
    for (auto function : llvm::to_vector(getOperation().getOps<func::FuncOp>()))
      for (Block *block : straightBlocks(function))
        // Of very many segments the calls are again too many.
        while (splitter.split(*block))
          ;
    numFunctions += splitter.made();
  }
};
} // namespace
} // namespace rnn
