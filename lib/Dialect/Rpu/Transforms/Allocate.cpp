//===- Allocate.cpp - Addresses of buffers ----------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/IR/TargetOf.h"
#include "rnn-mlir/Dialect/Rpu/Transforms/Passes.h"

#include "mlir/IR/Remarks.h"

#include <limits>

using namespace mlir;

namespace rnn::rpu {
#define GEN_PASS_DEF_ALLOCATE
#include "rnn-mlir/Dialect/Rpu/Transforms/Passes.h.inc"

namespace {

constexpr int64_t kAlignment = 64;

/// An address beyond every capacity, where sums end that would not fit.
constexpr int64_t kBeyond = std::numeric_limits<int64_t>::max() / kAlignment * kAlignment;

/// A buffer, where it lies, and the top-level operations between which it is in use.
struct Placed {
  BufferOp buffer;
  int64_t address = 0, bytes = 0;
  unsigned first = 0, last = 0;

  int64_t end() const {
    int64_t end;
    return __builtin_add_overflow(address, bytes, &end) ? kBeyond : std::min(end, kBeyond);
  }
  bool livesWith(const Placed &other) const { return first <= other.last && other.first <= last; }
};

struct Allocate : impl::AllocateBase<Allocate> {
  void runOnOperation() override {
    ProgramOp program = getOperation();
    FailureOr<target::TargetModel> model = requireTarget(program);
    if (failed(model))
      return signalPassFailure();
    for (isa::Memory memory : isa::kTileMemories)
      if (failed(place(Memory(memory), static_cast<int64_t>(model->memory(memory).capacity), model->name)))
        return signalPassFailure();
  }

  /// Places buffers in order of their first use, each at the lowest address that is free while it lives.
  LogicalResult place(Memory memory, int64_t capacity, StringRef target) {
    SmallVector<Placed> placed;
    for (Placed &next : lifetimes(memory)) {
      SmallVector<const Placed *> neighbours;
      for (const Placed &other : placed)
        if (next.livesWith(other))
          neighbours.push_back(&other);
      llvm::sort(neighbours, [](auto *a, auto *b) { return a->address < b->address; });
      for (const Placed *other : neighbours)
        if (next.address < other->end() && other->address < next.end())
          next.address = llvm::alignTo(other->end(), kAlignment);
      placed.push_back(next);
    }
    int64_t need = 0;
    for (const Placed &one : placed)
      need = std::max(need, one.end());
    if (need > capacity) {
      InFlightDiagnostic error = getOperation().emitError("does not fit the ")
                                 << stringifyMemory(memory) << " memory: it needs " << need
                                 << " bytes, the capacity of " << target << " is " << capacity;
      for (Placed &one : placed)
        error.attachNote() << one.buffer.getName() << " takes " << one.bytes << " bytes";
      return error;
    }
    Builder builder(&getContext());
    auto options = remark::RemarkOpts::name("place").category("rpu-allocate");
    for (Placed &one : placed) {
      one.buffer.setAddressAttr(builder.getI64IntegerAttr(one.address));
      std::string sharers;
      for (Placed &other : placed)
        if (&other != &one && one.address < other.end() && other.address < one.end())
          sharers += (sharers.empty() ? ", in turn with " : ", ") + other.buffer.getName().str();
      remark::passed(one.buffer.getLoc(), options)
          << remark::add("{0} memory: {1} takes {2} bytes, [{3}, {4}){5}", stringifyMemory(memory),
                         one.buffer.getName(), one.bytes, one.address, one.end(), sharers);
    }
    if (need > 0)
      remark::passed(getOperation().getLoc(), options)
          << remark::add("{0} memory: {1} of {2} bytes are used", stringifyMemory(memory), need, capacity);
    return success();
  }

  /// The used buffers of a memory with their lifetimes, by first use.
  SmallVector<Placed> lifetimes(Memory memory) {
    SmallVector<Placed> result;
    Block &block = getOperation().getBody().front();
    DenseMap<Operation *, unsigned> position;
    for (auto [index, op] : llvm::enumerate(block))
      position[&op] = index;
    for (auto buffer : block.getOps<BufferOp>()) {
      if (buffer.getMemory() != memory || buffer->use_empty())
        continue;
      Placed one{buffer, 0, static_cast<int64_t>(buffer.getBytes()), ~0u, 0};
      for (Operation *user : buffer->getUsers()) {
        unsigned at = position[block.findAncestorOpInBlock(*user)];
        one.first = std::min(one.first, at);
        one.last = std::max(one.last, at);
      }
      result.push_back(one);
    }
    llvm::stable_sort(result, [](const Placed &a, const Placed &b) { return a.first < b.first; });
    return result;
  }
};
} // namespace
} // namespace rnn::rpu
