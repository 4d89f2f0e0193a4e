//===- SyncModel.cpp - Executions of a program, for their order -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "SyncModel.h"

#include "rnn-mlir/Dialect/Rpu/IR/RpuBridge.h"
#include "rnn-mlir/Isa/Scalar.h"
#include "rnn-mlir/Target/Regions.h"

#include <numeric>

using namespace mlir;

namespace rnn::rpu {

/// Steps of a tile that are followed.
static constexpr int64_t kTileSteps = 3;

/// Iterations of all loops together that are followed in an execution. LSTMs of up to 4097 units stay below.
static constexpr int64_t kMostIterations = int64_t(1) << 17;

/// Iterations that stand for a fixed count: as many where that is small, else more than two periods of the rings and
/// the same remainder, so that every iteration that is left out has one like it on each side.
static int64_t followed(int64_t count, int64_t period) {
  int64_t least = 2 * period + 1;
  return count < least ? count : least + (count - least) % period;
}

isa::Engine engineOf(Operation *op) {
  isa::Engine engine = isa::Engine::Seq;
  visitInstr(op, [&](auto instr) { engine = engineOf(instr); });
  return engine;
}

namespace {
/// Operands of an instruction as `target::regions` numbers them, from the same bridge that encodes it.
struct Operands {
  struct Place {
    Value buffer;
    ViewAttr view;
  };
  SmallVector<Place> places;
  SmallVector<RegOrImmAttr, 2> sizes;

  isa::Sync sync(Operation *, ArrayRef<int64_t>, ArrayRef<int64_t>) { return {}; }
  isa::Reg reg(int64_t number) { return {static_cast<uint8_t>(number)}; }
  isa::RegOrImm regOrImm(Operation *, StringRef, RegOrImmAttr attr, unsigned) {
    sizes.push_back(attr);
    return {};
  }
  isa::View view(Operation *, Value buffer, ViewAttr attr) {
    places.push_back({buffer, attr});
    return {};
  }
  isa::Address address(Operation *, Value buffer, ViewAttr attr) {
    places.push_back({buffer, attr});
    return {};
  }
  isa::LaneReg lane(Value) { return {}; }
  uint32_t bodySize(LanesOp) { return 0; }
};
} // namespace

Expansion::Expansion(ProgramOp program) : program(program) {
  program.getBody().walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (engineOf(op) == isa::Engine::Seq)
      return;
    Site site{op, engineOf(op), {}};
    for (auto loop = op->getParentOfType<LoopOp>(); loop; loop = loop->getParentOfType<LoopOp>())
      site.loops.insert(site.loops.begin(), loop);
    numbers[op] = allSites.size();
    allSites.push_back(std::move(site));
  });
  program.getBody().walk([&](LoopOp loop) { numbers.try_emplace(loop, numbers.size()); });
  for (const Site &site : allSites)
    site.op->walk([&](Operation *op) {
      for (NamedAttribute attr : op->getAttrs())
        if (auto view = dyn_cast<ViewAttr>(attr.getValue());
            view && view.getRingDepth() > 0 && view.getRingLevel() < static_cast<int64_t>(site.loops.size())) {
          int64_t &period = periods.try_emplace(site.loops[view.getRingLevel()], 1).first->second;
          period = std::lcm(period, view.getRingDepth());
        }
    });
  for (auto set : program.getBody().getOps<SetOp>())
    if (set->hasAttr(kTimeTileAttr))
      tile = std::min<int64_t>(set.getValue(), kTileSteps);
}

LoopOp Expansion::unfollowedRing() const {
  for (auto [loop, period] : periods)
    if (cast<LoopOp>(loop).getCount().getIsReg() && period > 2)
      return cast<LoopOp>(loop);
  return {};
}

FailureOr<Trace> Expansion::run(const LaunchSizes &sizes) {
  launch = &sizes;
  registers.fill(0);
  indices.fill(0);
  fixedCounts.fill(0);
  iterations = 0;
  trace = Trace();
  // The runtime writes sizes and addresses before the start. Addresses in DRAM do not matter: arguments are distinct
  // arrays, constants are only read, and all writes of arrays are of one engine.
  for (auto argument : program.getArgumentsAttr().getAsRange<ArgumentAttr>()) {
    SmallVector<int64_t> known = {sizes.steps, sizes.batch};
    for (auto [dim, reg] : llvm::enumerate(argument.getDims()))
      if (reg != 0)
        registers[reg] = dim < known.size() ? known[dim] : 1;
  }
  if (failed(runBlock(program.getBody().front(), 0)))
    return failure();
  return std::move(trace);
}

LogicalResult Expansion::runBlock(Block &block, unsigned level) {
  for (Operation &op : block)
    if (failed(runOp(&op, level)))
      return failure();
  return success();
}

LogicalResult Expansion::runOp(Operation *op, unsigned level) {
  auto set = [&](int64_t rd, int64_t result) {
    if (rd != 0)
      registers[rd] = result;
    return success();
  };
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<BufferOp, HaltOp>([](auto) { return success(); })
      .Case<SetOp>([&](SetOp o) {
        return set(o.getRd(), o->hasAttr(kTimeTileAttr) ? std::min<int64_t>(o.getValue(), kTileSteps) : o.getValue());
      })
      .Case<IndexOp>([&](IndexOp o) { return set(o.getRd(), indices[o.getLevel()]); })
      .Case<FetchOp>([&](FetchOp o) {
        // The lengths of the sequences are all that programs fetch, in the loop over the batch.
        int64_t sequence = level > 0 ? indices[0] : 0;
        bool given = sequence < static_cast<int64_t>(launch->lengths.size());
        return set(o.getRd(), given ? launch->lengths[sequence] : launch->steps);
      })
      .Case<LoopOp>([&](LoopOp loop) -> LogicalResult {
        if (level >= isa::kLoopLevels)
          return loop.emitOpError("is nested deeper than ") << isa::kLoopLevels << " levels";
        int64_t count = value(loop.getCount());
        bool fixed = !loop.getCount().getIsReg();
        fixedCounts[level] = fixed ? count : 0;
        if (fixed)
          count = followed(count, periodOf(loop));
        trace.events.push_back({Event::Before, numberOf(loop)});
        for (int64_t index = 0; index < count; ++index) {
          if (++iterations > kMostIterations)
            return loop.emitOpError("expects loops of at most ")
                   << kMostIterations << " iterations together in a launch of few steps, found more";
          indices[level] = index;
          if (failed(runBlock(loop.getBody().front(), level + 1)))
            return failure();
        }
        indices[level] = 0;
        fixedCounts[level] = 0;
        trace.events.push_back({Event::After, numberOf(loop)});
        return success();
      })
      .Default([&](Operation *other) -> LogicalResult {
        if (engineOf(other) == isa::Engine::Seq)
          return runScalar(other);
        trace.events.push_back({Event::Before, numberOf(other)});
        trace.events.push_back({Event::Execute, static_cast<unsigned>(trace.instances.size())});
        record(other);
        trace.events.push_back({Event::After, numberOf(other)});
        return success();
      });
}

LogicalResult Expansion::runScalar(Operation *op) {
  std::optional<LogicalResult> result;
  visitInstr(op, [&](auto typed) {
    Operands operands;
    auto instr = toInstr(typed, operands);
    if constexpr (isa::Scalar<decltype(instr)>) {
      int64_t a = registers[instr.ra.number], b = registers[instr.rb.number];
      if (std::is_same_v<decltype(instr), isa::Div> && b == 0) {
        result = op->emitError("divides by zero");
        return;
      }
      if (instr.rd.number != 0)
        registers[instr.rd.number] = isa::scalar(instr, a, b);
      result = success();
    }
  });
  if (!result)
    return op->emitOpError("cannot be ordered");
  return *result;
}

void Expansion::access(Instance &instance, Value buffer, ViewAttr view, bool write, int64_t rows, int64_t bytes) {
  auto declared = buffer.getDefiningOp<BufferOp>();
  if (declared.getMemory() == Memory::Dram || rows <= 0 || bytes <= 0)
    return;
  int64_t begin = static_cast<int64_t>(*declared.getAddress()) + view.getOffset();
  int64_t pitch = value(view.getPitch());
  if (pitch == bytes)
    bytes *= std::exchange(rows, 1);
  for (auto [level, reg] : llvm::enumerate(view.getStrides())) {
    int64_t stride = registers[reg];
    if (view.getRingDepth() != 0 && view.getRingLevel() == static_cast<int64_t>(level)) {
      begin += indices[level] % view.getRingDepth() * stride;
    } else if (fixedCounts[level] > 1) {
      // All iterations at once.
      int64_t reach = (fixedCounts[level] - 1) * stride;
      begin += std::min<int64_t>(reach, 0);
      bytes += std::abs(reach);
    } else {
      begin += indices[level] * stride;
    }
  }
  if (rows == 1) {
    instance.accesses.push_back({static_cast<uint8_t>(declared.getMemory()), write, begin, begin + bytes * rows});
    return;
  }
  for (int64_t row = 0; row < rows; ++row)
    instance.accesses.push_back(
        {static_cast<uint8_t>(declared.getMemory()), write, begin + row * pitch, begin + row * pitch + bytes});
}

void Expansion::record(Operation *op) {
  Instance instance{numberOf(op), indices, {}};
  visitInstr(op, [&]<class Op>(Op typed) {
    Operands operands;
    auto instr = toInstr(typed, operands);
    if constexpr (std::is_same_v<Op, LanesOp>)
      for (Operation &micro : typed.getBody().front())
        visitMicroOp(&micro, [&](auto one) { instr.body.emplace_back(toInstr(one, operands)); });
    target::Sizes sizes;
    for (auto [size, attr] : llvm::zip(sizes.value, operands.sizes))
      size = std::max<int64_t>(value(attr), 0);
    if constexpr (decltype(instr)::kEngine != isa::Engine::Seq)
      target::regions(instr, sizes, [&](const target::Region &region) {
        const Operands::Place &place = operands.places[region.place];
        access(instance, place.buffer, place.view, region.write, region.rows, region.bytes);
      });
  });
  trace.instances.push_back(std::move(instance));
}

} // namespace rnn::rpu
