//===- FreeBuffers.cpp - Buffers freed behind their last use ----*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Conversion/HostToLLVM/Passes.h"

#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_FREEBUFFERS
#include "rnn-mlir/Conversion/HostToLLVM/Passes.h.inc"

/// Whether `op`, which takes a buffer, may free it, keep it or hand it on, other than as a view.
static bool mayHandOn(Operation *op) {
  return op->hasTrait<OpTrait::IsTerminator>() ||
         isa<RegionBranchOpInterface, bufferization::DeallocOp, memref::DeallocOp,
             memref::ExtractAlignedPointerAsIndexOp>(op) ||
         llvm::any_of(op->getResultTypes(), llvm::IsaPred<BaseMemRefType, TensorType>);
}

/// The last operation of the block of `alloc` that uses its buffer or a view of it. Null where `dealloc` is not the
/// only operation by which the buffer could be freed or leave the block.
static Operation *lastUse(memref::AllocOp alloc, bufferization::DeallocOp dealloc) {
  Operation *last = alloc;
  SmallVector<Value> views = {alloc.getResult()};
  while (!views.empty()) {
    Value view = views.pop_back_val();
    for (OpOperand &use : view.getUses()) {
      Operation *user = use.getOwner();
      if (user == dealloc) {
        // Its memrefs come first among its operands.
        if (view != alloc.getResult() || use.getOperandNumber() >= dealloc.getMemrefs().size())
          return nullptr;
        continue;
      }
      if (auto made = dyn_cast<ViewLikeOpInterface>(user)) {
        if (made.getViewSource() == view)
          llvm::append_range(views, llvm::make_filter_range(user->getResults(), [](Value result) {
                               return isa<BaseMemRefType>(result.getType());
                             }));
      } else if (mayHandOn(user)) {
        return nullptr;
      }
      Operation *ancestor = alloc->getBlock()->findAncestorOpInBlock(*user);
      if (!ancestor)
        return nullptr;
      if (last->isBeforeInBlock(ancestor))
        last = ancestor;
    }
  }
  return last;
}

namespace {
struct FreeBuffers : impl::FreeBuffersBase<FreeBuffers> {
  void runOnOperation() override {
    getOperation()->walk([&](bufferization::DeallocOp dealloc) { free(dealloc); });
  }

  void free(bufferization::DeallocOp dealloc) {
    SmallVector<std::pair<memref::AllocOp, Operation *>> freed;
    SmallVector<Value> memrefs, conditions;
    OpBuilder builder(dealloc);
    // One that is given several times is freed once, if any of the conditions is true.
    llvm::SmallMapVector<Value, Value, 8> given;
    for (auto [memref, condition] : llvm::zip_equal(dealloc.getMemrefs(), dealloc.getConditions())) {
      auto [entry, isNew] = given.insert({memref, condition});
      if (isNew || matchPattern(entry->second, m_One()))
        continue;
      entry->second = matchPattern(condition, m_One())
                          ? condition
                          : Value(arith::OrIOp::create(builder, dealloc.getLoc(), entry->second, condition));
    }
    for (auto [memref, condition] : given) {
      auto alloc = memref.getDefiningOp<memref::AllocOp>();
      bool owned = alloc && alloc->getBlock() == dealloc->getBlock() && matchPattern(condition, m_One());
      if (Operation *last = owned ? lastUse(alloc, dealloc) : nullptr) {
        freed.push_back({alloc, last});
      } else {
        memrefs.push_back(memref);
        conditions.push_back(condition);
      }
    }
    // Insertions make the order of a block unknown, which is then found anew in the time that the block's length takes.
    for (auto [alloc, last] : freed) {
      builder.setInsertionPointAfter(last);
      memref::DeallocOp::create(builder, alloc.getLoc(), alloc.getResult());
    }
    dealloc.getMemrefsMutable().assign(memrefs);
    dealloc.getConditionsMutable().assign(conditions);
    numBuffers += freed.size();
  }
};
} // namespace
} // namespace rnn
