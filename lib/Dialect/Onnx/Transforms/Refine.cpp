//===- Refine.cpp - What is known of a graph before it is lowered -*- C++ -*-=//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Onnx/Transforms/Passes.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/Remarks.h"

using namespace mlir;

namespace rnn::onnx {
#define GEN_PASS_DEF_REFINE
#include "rnn-mlir/Dialect/Onnx/Transforms/Passes.h.inc"

namespace {

/// Whether the node is of the default domain. What others do beside their outputs is not known.
bool isStandard(NodeOp node) {
  return node.getDomain().empty() || node.getDomain() == "ai.onnx";
}

/// The branch that an If with a constant condition takes.
Region *takenBranch(NodeOp node) {
  DenseElementsAttr condition;
  if (node.getOpType() != "If" || !isStandard(node) || !node.getInput(0) ||
      !matchPattern(node.getInput(0), m_Constant(&condition)) || !condition.getElementType().isInteger(1) ||
      condition.getNumElements() != 1)
    return nullptr;
  return node.getSubgraph(*condition.value_begin<bool>() ? "then_branch" : "else_branch");
}

struct Refine : impl::RefineBase<Refine> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (!function.isDeclaration())
        refine(function.getBody().front());
  }

  /// From the last node to the first, so that what only feeds dead nodes is dead, too.
  void refine(Block &block) {
    SmallVector<Operation *> operations;
    for (Operation &op : block.without_terminator())
      operations.push_back(&op);
    for (Operation *op : llvm::reverse(operations)) {
      auto node = dyn_cast<NodeOp>(op);
      if (!node) {
        if (isa<ConstantOp, NoneOp>(op) && op->use_empty())
          op->erase();
      } else if (node->use_empty() && isStandard(node)) {
        remark::passed(node.getLoc(), remark::RemarkOpts::name("unused").category("onnx-refine"))
            << remark::add("{0} is left out, as nothing uses it", node.getOpType());
        node.erase();
        ++unused;
      } else if (!inlineBranch(node)) {
        for (Region &region : node.getSubgraphs())
          refine(region.front());
      }
    }
  }

  /// Puts the nodes of the branch that an If certainly takes in its place. Whether it did.
  bool inlineBranch(NodeOp node) {
    Region *branch = takenBranch(node);
    if (!branch || branch->getNumArguments() != 0 ||
        branch->front().getTerminator()->getNumOperands() != node.getNumResults())
      return false;
    refine(branch->front());
    Operation *end = branch->front().getTerminator();
    node->replaceAllUsesWith(SmallVector<Value>(end->getOperands()));
    end->erase();
    node->getBlock()->getOperations().splice(node->getIterator(), branch->front().getOperations());
    node.erase();
    ++decided;
    return true;
  }
};

} // namespace
} // namespace rnn::onnx
