//===- Plan.cpp - Addresses of the buffers of all programs ------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/IR/TargetOf.h"
#include "rnn-mlir/Dialect/Rpu/Transforms/Passes.h"

#include "mlir/IR/Remarks.h"

#include <limits>

using namespace mlir;

namespace rnn::rpu {
#define GEN_PASS_DEF_PLAN
#include "rnn-mlir/Dialect/Rpu/Transforms/Passes.h.inc"

namespace {

constexpr int64_t kAlignment = 64;

/// An address beyond every capacity, where sums end that would not fit.
constexpr int64_t kBeyond = std::numeric_limits<int64_t>::max() / kAlignment * kAlignment;

int64_t saturatingAdd(int64_t a, int64_t b) {
  int64_t sum;
  return __builtin_add_overflow(a, b, &sum) ? kBeyond : std::min(sum, kBeyond);
}

/// Bytes that a buffer takes of those that others cannot have.
int64_t alignedBytes(BufferOp buffer) {
  int64_t bytes = buffer.getBytes();
  return bytes > kBeyond - kAlignment ? kBeyond : llvm::alignTo(bytes, kAlignment);
}

/// A buffer, where it lies, and the top-level operations between which it is in use.
struct Placed {
  BufferOp buffer;
  int64_t address = 0, bytes = 0;
  unsigned first = 0, last = 0;

  int64_t end() const { return saturatingAdd(address, bytes); }
  bool livesWith(const Placed &other) const { return first <= other.last && other.first <= last; }
};

/// The buffers of a program in one memory.
struct ProgramPlan {
  ProgramOp program;
  /// Those that are used, by their first use; and the addresses of all that do not stay, from 0 on.
  SmallVector<Placed> buffers;
  SmallVector<Placed> placed;
  /// Bytes that these need.
  int64_t need = 0;
};

/// A buffer that could stay.
struct Candidate {
  unsigned program;
  BufferOp buffer;
};

struct Plan : impl::PlanBase<Plan> {
  void runOnOperation() override {
    SmallVector<ProgramOp> programs = programsOf(getOperation());
    if (programs.empty())
      return;
    FailureOr<const target::TargetModel *> found = requireTarget(getOperation());
    if (failed(found))
      return signalPassFailure();
    const target::TargetModel *model = *found;
    for (isa::Memory memory : isa::kTileMemories)
      if (failed(plan(programs, Memory(memory), static_cast<int64_t>(model->memory(memory).capacity), model->name)))
        return signalPassFailure();
  }

  LogicalResult plan(ArrayRef<ProgramOp> programs, Memory memory, int64_t capacity, StringRef target) {
    SmallVector<ProgramPlan> plans;
    SmallVector<Candidate> candidates;
    for (auto [index, program] : llvm::enumerate(programs)) {
      plans.push_back({program, usedBuffers(program, memory), {}});
      for (Placed &one : plans.back().buffers)
        if (isSetUp(one.buffer))
          candidates.push_back({static_cast<unsigned>(index), one.buffer});
    }
    llvm::SmallDenseSet<Operation *> staying = choose(plans, candidates, capacity);
    for (const ProgramPlan &one : plans)
      if (one.need > capacity)
        return refuse(one, memory, capacity, target);
    int64_t kept = 0;
    for (Candidate candidate : candidates)
      if (staying.contains(candidate.buffer)) {
        setAddress(candidate.buffer, kept);
        describe(memory, {candidate.buffer, kept, static_cast<int64_t>(candidate.buffer.getBytes())},
                 ", from launch to launch");
        kept += alignedBytes(candidate.buffer);
      } else {
        loadAtEveryLaunch(candidate.buffer);
      }
    int64_t most = 0;
    for (const ProgramPlan &one : plans)
      most = std::max(most, one.need);
    for (ProgramPlan &one : plans)
      finish(one, memory, kept, most, capacity);
    return success();
  }

  /// What stays: all that could, where that leaves every program room for the rest of its buffers; otherwise as much as
  /// does, the largest first, as a byte that stays is a byte less from DRAM in every call. Leaves the other buffers
  /// placed.
  static llvm::SmallDenseSet<Operation *> choose(MutableArrayRef<ProgramPlan> plans, ArrayRef<Candidate> candidates,
                                                 int64_t capacity) {
    llvm::SmallDenseSet<Operation *> staying;
    int64_t kept = 0;
    auto fits = [&] {
      return llvm::all_of(plans, [&](const ProgramPlan &one) { return saturatingAdd(kept, one.need) <= capacity; });
    };
    for (Candidate candidate : candidates) {
      staying.insert(candidate.buffer);
      kept = saturatingAdd(kept, alignedBytes(candidate.buffer));
    }
    for (ProgramPlan &one : plans)
      place(one, staying);
    if (fits())
      return staying;
    staying.clear();
    kept = 0;
    for (ProgramPlan &one : plans)
      place(one, staying);
    SmallVector<Candidate> order(candidates);
    llvm::stable_sort(order, [](Candidate a, Candidate b) { return a.buffer.getBytes() > b.buffer.getBytes(); });
    for (Candidate candidate : order) {
      int64_t before = kept;
      staying.insert(candidate.buffer);
      kept = saturatingAdd(kept, alignedBytes(candidate.buffer));
      place(plans[candidate.program], staying);
      if (fits())
        continue;
      staying.erase(candidate.buffer);
      kept = before;
      place(plans[candidate.program], staying);
    }
    return staying;
  }

  /// Places what does not stay, in order of the first use, each at the lowest address that is free while it lives.
  static void place(ProgramPlan &plan, const llvm::SmallDenseSet<Operation *> &staying) {
    plan.placed.clear();
    plan.need = 0;
    for (Placed next : plan.buffers) {
      if (staying.contains(next.buffer))
        continue;
      SmallVector<const Placed *> neighbours;
      for (const Placed &other : plan.placed)
        if (next.livesWith(other))
          neighbours.push_back(&other);
      llvm::sort(neighbours, [](auto *a, auto *b) { return a->address < b->address; });
      for (const Placed *other : neighbours)
        if (next.address < other->end() && other->address < next.end())
          next.address = llvm::alignTo(other->end(), kAlignment);
      plan.placed.push_back(next);
      plan.need = std::max(plan.need, next.end());
    }
  }

  static LogicalResult refuse(const ProgramPlan &plan, Memory memory, int64_t capacity, StringRef target) {
    InFlightDiagnostic error = ProgramOp(plan.program).emitError("does not fit the ")
                               << stringifyMemory(memory) << " memory: it needs " << plan.need
                               << " bytes, the capacity of " << target << " is " << capacity;
    for (const Placed &one : plan.placed)
      error.attachNote() << BufferOp(one.buffer).getName() << " takes " << one.bytes << " bytes";
    return error;
  }

  void setAddress(BufferOp buffer, int64_t address) {
    buffer.setAddressAttr(Builder(&getContext()).getI64IntegerAttr(address));
  }

  static remark::RemarkOpts options() { return remark::RemarkOpts::name("place").category("rpu-plan"); }

  static void describe(Memory memory, const Placed &one, const std::string &more) {
    BufferOp buffer = one.buffer;
    remark::passed(buffer.getLoc(), options())
        << remark::add("{0} memory: {1} takes {2} bytes, [{3}, {4}){5}", stringifyMemory(memory), buffer.getName(),
                       one.bytes, one.address, one.end(), more);
  }

  /// Gives the buffers that do not stay their addresses behind the `kept` bytes that do, and tells how full the memory
  /// is while the program runs. A program of the module needs `most` bytes beside.
  void finish(ProgramPlan &plan, Memory memory, int64_t kept, int64_t most, int64_t capacity) {
    for (Placed &one : plan.placed)
      one.address += kept;
    for (Placed &one : plan.placed) {
      setAddress(one.buffer, one.address);
      std::string sharers;
      for (Placed &other : plan.placed)
        if (&other != &one && one.address < other.end() && other.address < one.end())
          sharers += (sharers.empty() ? ", in turn with " : ", ") + other.buffer.getName().str();
      describe(memory, one, sharers);
      if (isLoadedAtLaunch(one.buffer))
        remark::missed(one.buffer.getLoc(), options()) << remark::add(
            "{0} memory: {1} is loaded at every launch: its {2} bytes do not fit beside the {3} that stay "
            "and the {4} that a program needs while it runs",
            stringifyMemory(memory), one.buffer.getName(), one.bytes, kept, most);
    }
    if (kept + plan.need > 0 && !plan.buffers.empty())
      remark::passed(plan.program.getLoc(), options())
          << remark::add("{0} memory: {1} of {2} bytes are used, {3} of them from launch to launch",
                         stringifyMemory(memory), kept + plan.need, capacity, kept);
  }

  /// Whether the set-up part of a program fills the buffer.
  static bool isSetUp(BufferOp buffer) {
    return llvm::any_of(buffer->getUsers(), [](Operation *user) { return llvm::isa<SetupOp>(user->getParentOp()); });
  }
  /// Whether it did before the plan decided otherwise.
  bool isLoadedAtLaunch(BufferOp buffer) const { return evicted.contains(buffer); }

  /// Moves the instructions of the set-up part that use a buffer behind it.
  void loadAtEveryLaunch(BufferOp buffer) {
    evicted.insert(buffer);
    auto program = buffer->getParentOfType<ProgramOp>();
    auto setup = *program.getBody().getOps<SetupOp>().begin();
    Operation *&last = lastMoved.try_emplace(program, setup).first->second;
    for (Operation &op : llvm::make_early_inc_range(setup.getBody().front()))
      if (llvm::is_contained(op.getOperands(), buffer.getResult())) {
        op.moveAfter(last);
        last = &op;
      }
    if (setup.getBody().front().empty() && last != setup)
      setup.erase();
  }

  /// The used buffers of a memory with their lifetimes, by first use.
  static SmallVector<Placed> usedBuffers(ProgramOp program, Memory memory) {
    SmallVector<Placed> result;
    Block &block = program.getBody().front();
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

  llvm::SmallDenseSet<Operation *> evicted;
  /// By program, the last instruction that stands behind its set-up part now.
  llvm::DenseMap<Operation *, Operation *> lastMoved;
};
} // namespace
} // namespace rnn::rpu
