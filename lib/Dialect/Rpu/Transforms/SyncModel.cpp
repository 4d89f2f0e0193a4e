//===- SyncModel.cpp - Executions of a program, for their order -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "SyncModel.h"

#include "rnn-mlir/Dialect/Rpu/IR/RpuBridge.h"
#include "rnn-mlir/Isa/Scalar.h"

#include "llvm/Support/MathExtras.h"

#include <numeric>

using namespace mlir;

namespace rnn::rpu {

/// Steps of a tile that are followed.
static constexpr int64_t kTileSteps = 3;

/// Sequences in lock-step that are followed.
static constexpr int64_t kTileSequences = 3;

/// What a `set` sets on paper: of the steps and the sequences of a tile no more than are followed.
static int64_t followedValue(SetOp set) {
  int64_t value = set.getValue();
  if (set->hasAttr(kTimeTileAttr))
    value = std::min(value, kTileSteps);
  if (set->hasAttr(kBatchTileAttr))
    value = std::min(value, kTileSequences);
  return value;
}

/// Iterations of all loops together that are followed in an execution. LSTMs of up to 4097 units stay below.
static constexpr int64_t kMostIterations = int64_t(1) << 17;

/// Ranges of bytes that the instructions of an execution may access together.
static constexpr size_t kMostAccesses = size_t(1) << 22;

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
/// Operands of an instruction as `isa::regions` numbers them, from the same bridge that encodes it.
struct Operands {
  struct Operand {
    Value buffer;
    ViewAttr view;
  };
  SmallVector<Operand> inMemory;
  SmallVector<RegOrImmAttr, 2> sizes;

  isa::Sync sync(Operation *, ArrayRef<int64_t>, ArrayRef<int64_t>) { return {}; }
  isa::Reg reg(int64_t number) { return {static_cast<uint8_t>(number)}; }
  isa::RegOrImm regOrImm(Operation *, StringRef, RegOrImmAttr attr, unsigned) {
    sizes.push_back(attr);
    return {};
  }
  isa::View view(Operation *, Value buffer, ViewAttr attr) {
    inMemory.push_back({buffer, attr});
    isa::View view;
    view.format = static_cast<isa::Format>(attr.getFormat());
    return view;
  }
  isa::Element element(Operation *, Value buffer, ViewAttr attr) {
    inMemory.push_back({buffer, attr});
    return {{}, static_cast<isa::Format>(attr.getFormat())};
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
  for (auto set : program.getBody().getOps<SetOp>()) {
    if (set->hasAttr(kTimeTileAttr))
      tile = followedValue(set);
    if (set->hasAttr(kBatchTileAttr)) {
      sequences = followedValue(set);
      ownSequences = set.getValue();
    }
  }
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
  accesses = 0;
  trace = Trace();
  // The runtime writes sizes and addresses before the start. Addresses in DRAM do not matter: arguments are distinct
  // arrays, constants are only read, and all writes of arrays are of one engine.
  LayerAttr layer = program.getLayerAttr();
  for (auto [number, argument] : llvm::enumerate(program.getArgumentsAttr().getAsRange<ArgumentAttr>())) {
    bool isSteps = layer && layer.getStepsArgument() == static_cast<int64_t>(number);
    for (auto [dim, reg, size] : llvm::enumerate(argument.getDims(), argument.getShape())) {
      if (reg == 0)
        continue;
      if (isSteps && dim < 2)
        registers[reg] = dim == 0 ? sizes.steps : sizes.batch;
      else if (size >= 0)
        registers[reg] = size;
      else
        return program.emitOpError("expects no run-time sizes in registers but the steps and the sequences of its "
                                   "layer, found dimension ")
               << dim << " of argument '" << argument.getName().getValue() << "'";
    }
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
    registers[rd] = result;
    return success();
  };
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<BufferOp, HaltOp>([](auto) { return success(); })
      .Case<SetupOp>([&](SetupOp setup) { return runBlock(setup.getBody().front(), level); })
      .Case<SetOp>([&](SetOp o) { return set(o.getRd(), followedValue(o)); })
      .Case<IndexOp>([&](IndexOp o) { return set(o.getRd(), indices[o.getLevel()]); })
      .Case<FetchOp>([&](FetchOp o) -> LogicalResult {
        FailureOr<int64_t> length = fetchLength(o);
        return failed(length) ? failure() : set(o.getRd(), *length);
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
        if (failed(record(other)))
          return failure();
        trace.events.push_back({Event::After, numberOf(other)});
        return success();
      });
}

FailureOr<int64_t> Expansion::fetchLength(FetchOp op) {
  auto declared = op.getSource().getDefiningOp<BufferOp>();
  LayerAttr layer = program.getLayerAttr();
  bool isArgument = layer && layer.getLengthsArgument() >= 0;
  if (!layer || (isArgument ? declared.getArgument() != static_cast<uint64_t>(layer.getLengthsArgument())
                            : !declared.getConstant().has_value()))
    return op.emitOpError("expects to fetch the lengths of the sequences of its layer");
  ViewAttr view = op.getSourceView();
  uint64_t address = view.getOffset() + (declared.getBase() ? registers[*declared.getBase()] : 0);
  for (auto [level, reg] : llvm::enumerate(view.getStrides())) {
    uint64_t index = indices[level];
    if (view.getRingDepth() != 0 && view.getRingLevel() == static_cast<int64_t>(level))
      index %= view.getRingDepth();
    address += index * static_cast<uint64_t>(registers[reg]);
  }
  if (address % sizeof(int32_t) != 0 || static_cast<int64_t>(address) < 0)
    return op.emitOpError("expects the address of a length, found byte ") << static_cast<int64_t>(address);
  // Addresses are of the program's own tiles, lengths of those that are followed.
  uint64_t sequence = address / sizeof(int32_t);
  sequence = sequence / ownSequences * sequences + sequence % ownSequences;
  return sequence < launch->lengths.size() ? launch->lengths[sequence] : launch->steps;
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
      registers[instr.rd.number] = isa::scalar(instr, a, b);
      result = success();
    }
  });
  if (!result)
    return op->emitOpError("cannot be ordered");
  return *result;
}

LogicalResult Expansion::access(Instance &instance, Value buffer, ViewAttr view, bool write, int64_t rows,
                                int64_t bytes) {
  auto declared = buffer.getDefiningOp<BufferOp>();
  if (declared.getMemory() == Memory::Dram || rows <= 0 || bytes <= 0)
    return success();
  Operation *op = allSites[instance.site].op;
  bool overflows = false;
  auto add = [&](int64_t a, int64_t b) {
    overflows |= llvm::AddOverflow(a, b, a);
    return a;
  };
  auto multiply = [&](int64_t a, int64_t b) {
    overflows |= llvm::MulOverflow(a, b, a);
    return a;
  };
  auto pieces = op->getAttrOfType<DenseI64ArrayAttr>(kPiecesAttr);
  int64_t begin = add(*declared.getAddress(), view.getOffset());
  int64_t pitch = value(view.getPitch());
  if (pitch == bytes)
    bytes = multiply(bytes, std::exchange(rows, 1));
  for (auto [level, reg] : llvm::enumerate(view.getStrides())) {
    int64_t stride = registers[reg], count = fixedCounts[level];
    if (pieces && pieces.size() == 2 && pieces[0] == static_cast<int64_t>(level))
      count = pieces[1];
    if (view.getRingDepth() != 0 && view.getRingLevel() == static_cast<int64_t>(level)) {
      begin = add(begin, multiply(indices[level] % view.getRingDepth(), stride));
    } else if (count > 1) {
      // All iterations at once.
      int64_t reach = multiply(count - 1, stride);
      begin = add(begin, std::min<int64_t>(reach, 0));
      bytes = add(bytes, reach < 0 ? multiply(reach, -1) : reach);
    } else {
      begin = add(begin, multiply(indices[level], stride));
    }
  }
  add(add(begin, multiply(rows - 1, pitch)), bytes);
  add(begin, bytes);
  if (overflows)
    return op->emitOpError("expects addresses that fit 64 bits");
  if (static_cast<uint64_t>(rows) > kMostAccesses - accesses)
    return op->emitOpError("expects instructions that access at most ")
           << kMostAccesses << " rows together in a launch of few steps, found more";
  accesses += rows;
  for (int64_t row = 0; row < rows; ++row)
    instance.accesses.push_back(
        {static_cast<uint8_t>(declared.getMemory()), write, begin + row * pitch, begin + row * pitch + bytes});
  return success();
}

LogicalResult Expansion::record(Operation *op) {
  Instance instance{numberOf(op), indices, {}};
  LogicalResult result = success();
  visitInstr(op, [&]<class Op>(Op typed) {
    Operands operands;
    auto instr = toInstr(typed, operands);
    if constexpr (std::is_same_v<Op, LanesOp>)
      for (Operation &micro : typed.getBody().front())
        visitMicroOp(&micro, [&](auto one) { instr.body.emplace_back(toInstr(one, operands)); });
    SmallVector<uint64_t, 2> sizes;
    for (RegOrImmAttr attr : operands.sizes)
      sizes.push_back(std::max<int64_t>(value(attr), 0));
    if constexpr (decltype(instr)::kEngine != isa::Engine::Seq)
      isa::regions(instr, std::span<const uint64_t>(sizes.data(), sizes.size()), [&](const isa::Region &region) {
        const Operands::Operand &operand = operands.inMemory[region.place];
        if (succeeded(result))
          result = access(instance, operand.buffer, operand.view, region.write, region.rows, region.bytes);
      });
  });
  if (failed(result))
    return failure();
  trace.instances.push_back(std::move(instance));
  return success();
}

} // namespace rnn::rpu
