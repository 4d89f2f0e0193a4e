//===- Machine.h - A running program --------------------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "Account.h"
#include "Faults.h"
#include "Tile.h"

#include <unordered_set>

namespace rnn::sim {

/// Runs one prepared program at a time: a tile, the DRAM and its channel, the clock that says what is next, and the
/// account. Engines start and finish in the order of (cycle, finish before start, engine), so that a run is a function
/// of its input.
class Machine {
public:
  Machine(const target::TargetModel &model, std::span<const std::byte> constants, const Kernels &kernels);

  /// Forgets what is on the tile, and what was.
  void forget();
  RunResult run(PreparedProgram &of, std::span<const ArgumentView> arguments, const RunOptions &runOptions);

private:
  /// An instruction of an engine starts, or its posts become visible.
  struct Event {
    uint64_t time = kNever;
    isa::Engine engine = isa::Engine::Seq;
    bool finishes = false;
  };

  bool bind(std::span<const ArgumentView> arguments);
  bool runEngines();
  Event nextEvent();
  bool atEnd();
  bool finish(isa::Engine which);
  bool start(isa::Engine which);
  bool access(Work &work, const PreparedInstr &instr, const Accessor &who, const VectorClock &clock);
  bool accessRegion(Work &work, const PreparedInstr &instr, const isa::Region &region, const Accessor &who,
                    const VectorClock &clock);
  bool checkOverlaps(const Work &work);
  isa::Happened execute(const PreparedInstr &instr, const Work &work);
  bool refers(const isa::CopyIn &copy, const Work &work);
  bool loadsAgain(const Work &work, const PreparedInstr &instr);
  void refresh(PreparedInstr &instr, const target::Sizes &sizes);
  bool checkOutputs();

  const target::TargetModel &model;
  const Kernels &kernels;
  Dram dram;
  Faults faults;
  Tile tile;
  Channel channel;
  Account account;

  PreparedProgram *program = nullptr;
  RunOptions options;
  /// Of the hazard maps together.
  uint64_t intervals = 0;
  /// DRAM addresses of the weights copied so far in the session.
  std::unordered_set<uint64_t> loaded;

  /// The regions of the instruction at hand, for `checkOverlaps`.
  struct Extent {
    isa::Memory memory;
    uint64_t low, bytes, address;
    const isa::Region *region;
  };
  std::vector<Extent> extents;
};

} // namespace rnn::sim
