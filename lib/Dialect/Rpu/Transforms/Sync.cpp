//===- Sync.cpp - Semaphores between engines --------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "SyncModel.h"

#include "rnn-mlir/Dialect/Rpu/Transforms/Passes.h"

#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace rnn::rpu {
#define GEN_PASS_DEF_SYNC
#include "rnn-mlir/Dialect/Rpu/Transforms/Passes.h.inc"

namespace {

using VectorClock = std::array<uint32_t, isa::kEngineCount>;

/// Two instances that must not overlap in time.
struct Conflict {
  unsigned from, to;
};

/// An execution with its conflicts, by the later instance.
struct Execution {
  Trace trace;
  std::vector<Conflict> conflicts;
};

/// An ordering by one semaphore: posted on `source`'s engine after `sourceItem`, waited for on `target`'s engine before
/// `targetItem`, both of one block. `distance` is 0 within an iteration of the block, else the iterations between.
struct Ordering {
  isa::Engine source, target;
  Operation *sourceItem, *targetItem;
  int64_t distance;
  unsigned depth;

  bool needsFence() const { return engineOf(sourceItem) != source || engineOf(targetItem) != target; }
};

/// For each instance, the latest conflicting one of every other engine: the earlier ones are before that.
std::vector<Conflict> findConflicts(const Trace &trace, ArrayRef<Site> sites) {
  static constexpr unsigned none = ~0u;
  struct LastAccess {
    std::array<unsigned, isa::kEngineCount> written, read;
    LastAccess() { written.fill(none), read.fill(none); }
  };
  std::array<std::vector<int64_t>, isa::kMemoryNames.size()> bounds;
  for (const Instance &instance : trace.instances)
    for (const Instance::Access &access : instance.accesses)
      bounds[access.memory].insert(bounds[access.memory].end(), {access.begin, access.end});
  std::array<std::vector<LastAccess>, isa::kMemoryNames.size()> cells;
  for (auto [memory, points] : llvm::enumerate(bounds)) {
    llvm::sort(points);
    points.erase(llvm::unique(points), points.end());
    cells[memory].resize(points.size());
  }
  std::vector<Conflict> conflicts;
  for (unsigned index = 0; index < trace.instances.size(); ++index) {
    const Instance &instance = trace.instances[index];
    unsigned engine = static_cast<unsigned>(sites[instance.site].engine);
    std::array<unsigned, isa::kEngineCount> latest;
    latest.fill(none);
    auto forEachAccess = [&](auto &&visit) {
      for (const Instance::Access &access : instance.accesses) {
        const auto &points = bounds[access.memory];
        auto at = llvm::lower_bound(points, access.begin) - points.begin();
        for (; points[at] < access.end; ++at)
          visit(cells[access.memory][at], access.write);
      }
    };
    auto later = [](unsigned a, unsigned b) { return a == none ? b : b == none ? a : std::max(a, b); };
    forEachAccess([&](LastAccess &cell, bool write) {
      for (unsigned other = 0; other < isa::kEngineCount; ++other) {
        if (other == engine)
          continue;
        latest[other] = later(latest[other], cell.written[other]);
        if (write)
          latest[other] = later(latest[other], cell.read[other]);
      }
    });
    forEachAccess([&](LastAccess &cell, bool write) { (write ? cell.written : cell.read)[engine] = index; });
    for (unsigned from : latest)
      if (from != none)
        conflicts.push_back({from, index});
  }
  return conflicts;
}

/// The semaphore orderings of one program: candidates, and what of them is kept.
class Orderings {
public:
  Orderings(const Expansion &expansion, ArrayRef<Execution> executions)
      : expansion(expansion), executions(executions), postsAfter(expansion.size()), waitsBefore(expansion.size()) {}

  void collect() {
    for (const Execution &execution : executions)
      for (const Conflict &conflict : execution.conflicts)
        add(execution.trace.instances[conflict.from], execution.trace.instances[conflict.to]);
    for (auto &[key, ordering] : candidates)
      all.push_back(ordering);
    kept.assign(all.size(), true);
    for (auto [index, ordering] : llvm::enumerate(all)) {
      postsAfter[expansion.numberOf(ordering.sourceItem)].push_back(index);
      waitsBefore[expansion.numberOf(ordering.targetItem)].push_back(index);
    }
  }

  bool safe() const {
    return llvm::all_of(executions, [&](const Execution &execution) { return safe(execution); });
  }

  /// Whether the kept orderings order every conflict of an execution.
  bool safe(const Execution &execution) const {
    std::array<VectorClock, isa::kEngineCount> clocks{};
    std::vector<uint32_t> position(execution.trace.instances.size());
    std::vector<std::vector<VectorClock>> posted(all.size());
    std::vector<size_t> taken(all.size());
    auto conflict = execution.conflicts.begin();
    for (const Event &event : execution.trace.events) {
      switch (event.kind) {
      case Event::Before:
        for (unsigned index : waitsBefore[event.number]) {
          if (!kept[index])
            continue;
          // The k-th wait takes the post that many places back; the first ones take what the semaphore starts with.
          size_t turn = taken[index]++;
          if (turn < static_cast<size_t>(all[index].distance))
            continue;
          VectorClock &clock = clocks[static_cast<unsigned>(all[index].target)];
          const VectorClock &token = posted[index][turn - all[index].distance];
          for (unsigned engine = 0; engine < clock.size(); ++engine)
            clock[engine] = std::max(clock[engine], token[engine]);
        }
        break;
      case Event::Execute: {
        unsigned engine = static_cast<unsigned>(expansion.sites()[execution.trace.instances[event.number].site].engine);
        position[event.number] = ++clocks[engine][engine];
        for (; conflict != execution.conflicts.end() && conflict->to == event.number; ++conflict) {
          unsigned other =
              static_cast<unsigned>(expansion.sites()[execution.trace.instances[conflict->from].site].engine);
          if (clocks[engine][other] < position[conflict->from])
            return false;
        }
        break;
      }
      case Event::After:
        for (unsigned index : postsAfter[event.number])
          if (kept[index])
            posted[index].push_back(clocks[static_cast<unsigned>(all[index].source)]);
        break;
      }
    }
    return true;
  }

  /// Takes out what no conflict needs: fences first, outer loops before inner ones.
  void reduce() {
    SmallVector<unsigned> order(llvm::to_vector(llvm::seq<unsigned>(0, all.size())));
    llvm::stable_sort(order, [&](unsigned a, unsigned b) {
      auto rank = [&](const Ordering &o) { return std::tuple(!o.needsFence(), o.depth, o.distance == 0); };
      return rank(all[a]) < rank(all[b]);
    });
    for (unsigned index : order) {
      kept[index] = false;
      if (!safe())
        kept[index] = true;
    }
  }

  SmallVector<Ordering> result() const {
    SmallVector<Ordering> orderings;
    for (auto [ordering, keep] : llvm::zip(all, kept))
      if (keep)
        orderings.push_back(ordering);
    return orderings;
  }
  size_t numCandidates() const { return all.size(); }

private:
  using OrderingKey = std::tuple<isa::Engine, Operation *, isa::Engine, Operation *, bool>;

  void add(const Instance &from, const Instance &to) {
    const Site &source = expansion.sites()[from.site], &target = expansion.sites()[to.site];
    unsigned common = 0;
    while (common < source.loops.size() && common < target.loops.size() && source.loops[common] == target.loops[common])
      ++common;
    unsigned level = 0;
    while (level < common && from.iteration[level] == to.iteration[level])
      ++level;
    bool carried = level < common;
    unsigned depth = carried ? level + 1 : common;
    auto item = [&](const Site &site) -> Operation * {
      return depth < site.loops.size() ? LoopOp(site.loops[depth]).getOperation() : site.op;
    };
    int64_t distance = carried ? to.iteration[level] - from.iteration[level] : 0;
    Ordering ordering{source.engine, target.engine, item(source), item(target), distance, depth};
    auto [at, fresh] = candidates.insert(
        {OrderingKey{ordering.source, ordering.sourceItem, ordering.target, ordering.targetItem, carried}, ordering});
    if (!fresh)
      at->second.distance = std::min(at->second.distance, distance);
  }

  const Expansion &expansion;
  ArrayRef<Execution> executions;
  llvm::MapVector<OrderingKey, Ordering, std::map<OrderingKey, unsigned>> candidates;
  SmallVector<Ordering> all;
  std::vector<char> kept;
  /// By the number of an item.
  std::vector<SmallVector<unsigned, 2>> postsAfter, waitsBefore;
};

/// All rows of `count` numbers of `values`.
SmallVector<SmallVector<int64_t>> tuples(ArrayRef<int64_t> values, int64_t count) {
  SmallVector<SmallVector<int64_t>> all = {{}};
  for (int64_t k = 0; k < count; ++k) {
    SmallVector<SmallVector<int64_t>> longer;
    for (const SmallVector<int64_t> &row : all)
      for (int64_t value : values)
        llvm::append_range(longer.emplace_back(row), ArrayRef(value));
    all = std::move(longer);
  }
  return all;
}

/// Sizes that exercise every dependence. What orders two instances lies between them, so of a launch matter the tiles
/// of sequences that the two are in, and those between can be left out: two tiles, the first whole and the second of
/// any size, or one. In a tile the sequences have no, one, few and many steps, in every combination: all at once and
/// one after another, in every order.
SmallVector<LaunchSizes> launches(int64_t tile, int64_t sequences, bool hasLengths) {
  SmallVector<LaunchSizes> all;
  if (!hasLengths) {
    for (int64_t steps : {int64_t(0), int64_t(1), int64_t(2), tile, tile + 1, 2 * tile + 1, 3 * tile + 2, 4 * tile})
      for (int64_t batch = 1; batch <= std::max<int64_t>(2 * sequences, 3); ++batch)
        all.push_back({steps, batch, {}});
    return all;
  }
  auto add = [&](ArrayRef<int64_t> first, ArrayRef<int64_t> second) {
    SmallVector<int64_t> lengths(first);
    llvm::append_range(lengths, second);
    all.push_back({4 * tile + 2, static_cast<int64_t>(lengths.size()), lengths});
  };
  // Lengths and their differences are of one step, of which a window has few rows, and of one, two and more tiles of
  // steps, whole ones and others.
  SmallVector<int64_t> few = {0, 1}, many = {0, 1, 2, tile + 2, 3 * tile + 2};
  if (sequences == 1)
    many = {0, 1, 2, tile, tile + 1, 2 * tile, 2 * tile + 1, 3 * tile + 2, 4 * tile};
  size_t turn = 0;
  SmallVector<SmallVector<int64_t>> whole = tuples(many, sequences), wholeOfFew = tuples(few, sequences);
  for (int64_t count = 1; count <= sequences; ++count) {
    for (const SmallVector<int64_t> &second : tuples(many, count)) {
      add({}, second);
      if (sequences == 1)
        for (const SmallVector<int64_t> &first : whole)
          add(first, second);
      else
        add(whole[turn++ * 37 % whole.size()], second);
    }
    for (const SmallVector<int64_t> &second : tuples(few, count))
      for (const SmallVector<int64_t> &first : wholeOfFew)
        add(first, second);
  }
  return all;
}

struct Sync : impl::SyncBase<Sync> {
  void runOnOperation() override {
    ProgramOp program = getOperation();
    if (!program.getArgumentsAttr()) {
      program.emitOpError("is not in machine form, run convert-rnn-to-rpu");
      return signalPassFailure();
    }
    if (failed(verifyBuffers(program)))
      return signalPassFailure();
    Expansion expansion(program);
    if (LoopOp loop = expansion.unfollowedRing()) {
      loop.emitOpError("expects rings of at most two slots in a loop whose count is in a register");
      return signalPassFailure();
    }
    bool hasLengths = false;
    program.walk([&](FetchOp) { hasLengths = true; });
    SmallVector<LaunchSizes> sizes = launches(expansion.tileSteps(), expansion.tileSequences(), hasLengths);
    // Orderings are chosen for the executions at hand, and one that they do not order joins these, until there is none:
    // so most of the many launches are followed to be looked at, and taking out an ordering tries few.
    std::vector<Execution> executions;
    SmallVector<Ordering> kept;
    for (bool ordersAll = false; !ordersAll;) {
      Orderings orderings(expansion, executions);
      orderings.collect();
      if (!orderings.safe()) {
        program.emitError("has conflicting accesses that no semaphore between its instructions can order");
        return signalPassFailure();
      }
      orderings.reduce();
      FailureOr<std::optional<Execution>> unordered = findUnordered(expansion, orderings, sizes);
      if (failed(unordered))
        return signalPassFailure();
      ordersAll = !unordered->has_value();
      if (ordersAll) {
        kept = orderings.result();
        numCandidates += orderings.numCandidates();
      } else {
        executions.push_back(std::move(**unordered));
      }
    }
    if (kept.size() > isa::kSemaphores) {
      program.emitError("needs ") << kept.size() << " semaphores, there are " << isa::kSemaphores;
      return signalPassFailure();
    }
    numSemaphores += kept.size();
    SmallVector<int64_t> initial;
    for (auto [semaphore, ordering] : llvm::enumerate(kept)) {
      insert(ordering.sourceItem, ordering.source, semaphore, /*post=*/true);
      insert(ordering.targetItem, ordering.target, semaphore, /*post=*/false);
      initial.push_back(ordering.distance);
    }
    program.setSemaphores(initial);
  }

  /// The execution of a launch with a conflict that is not ordered, if any. The last launches are the largest.
  static FailureOr<std::optional<Execution>> findUnordered(Expansion &expansion, const Orderings &orderings,
                                                           ArrayRef<LaunchSizes> launches) {
    for (const LaunchSizes &sizes : llvm::reverse(launches)) {
      FailureOr<Trace> trace = expansion.run(sizes);
      if (failed(trace))
        return failure();
      std::vector<Conflict> conflicts = findConflicts(*trace, expansion.sites());
      Execution execution{std::move(*trace), std::move(conflicts)};
      if (!orderings.safe(execution))
        return std::optional<Execution>(std::move(execution));
    }
    return std::optional<Execution>();
  }

  /// Conflicts are of addresses: every buffer that is used on the tile has one, and every operand is such a buffer.
  static LogicalResult verifyBuffers(ProgramOp program) {
    WalkResult result = program.walk([](Operation *op) {
      for (Value operand : op->getOperands()) {
        if (!llvm::isa<BufferType>(operand.getType()))
          continue;
        auto buffer = operand.getDefiningOp<BufferOp>();
        if (!buffer)
          return op->emitOpError("expects operands that rpu.buffer makes"), WalkResult::interrupt();
        if (buffer.getMemory() != Memory::Dram && !buffer.getAddress())
          return buffer.emitOpError("has no address, run rpu-plan"), WalkResult::interrupt();
      }
      return WalkResult::advance();
    });
    return failure(result.wasInterrupted());
  }

  /// The semaphores an instruction waits for or posts.
  static SmallVector<int64_t> listOf(Operation *op, StringRef name) {
    auto attr = op->getAttrOfType<DenseI64ArrayAttr>(name);
    return attr ? SmallVector<int64_t>(attr.asArrayRef()) : SmallVector<int64_t>();
  }

  /// Adds a semaphore to `item`, or where that is of another engine or full, to a fence behind or before it.
  void insert(Operation *item, isa::Engine engine, int64_t semaphore, bool post) {
    StringRef name = post ? "posts" : "waits";
    OpBuilder builder(item);
    Operation *op = item;
    auto full = [&](Operation *candidate) { return listOf(candidate, name).size() == isa::kSyncSlots; };
    auto usable = [&](Operation *candidate) { return candidate && engineOf(candidate) == engine && !full(candidate); };
    if (!usable(op)) {
      Operation *fence = post ? item->getNextNode() : item->getPrevNode();
      while (isa_and_nonnull<FenceOp>(fence) && !usable(fence))
        fence = post ? fence->getNextNode() : fence->getPrevNode();
      if (isa_and_nonnull<FenceOp>(fence)) {
        op = fence;
      } else {
        if (post)
          builder.setInsertionPointAfter(item);
        op = FenceOp::create(builder, item->getLoc(), static_cast<int64_t>(engine), ArrayRef<int64_t>(),
                             ArrayRef<int64_t>(), Role::Control);
        ++numFences;
      }
    }
    SmallVector<int64_t> list = listOf(op, name);
    list.push_back(semaphore);
    op->setAttr(name, builder.getDenseI64ArrayAttr(list));
  }
};
} // namespace
} // namespace rnn::rpu
