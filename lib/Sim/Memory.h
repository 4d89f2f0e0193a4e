//===- Memory.h - The memories of a run -------------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "Hazards.h"

#include "rnn-mlir/Isa/Program.h"
#include "rnn-mlir/Sim/Simulator.h"

#include <cstdlib>
#include <memory>
#include <optional>

namespace rnn::sim {

/// A contiguous array in the DRAM of a launch: the constants, or an argument.
struct Segment {
  uint64_t begin, bytes;
  std::byte *data;
  bool writable;
  std::string_view name;
  /// Of an output: who wrote and read it.
  HazardMap *hazards;
};

/// The tile's memories, which live as long as the simulator, and the DRAM of one launch.
class Memories {
public:
  Memories(const target::TargetModel &model, std::span<const std::byte> constants);

  /// Lays the arguments out behind the constants, each 64-byte aligned with a gap before it. Returns what is wrong.
  std::optional<std::string> bind(const isa::Program &program, std::span<const ArgumentView> arguments);

  /// Forgets what the tile's memories hold.
  void reset();

  struct Range {
    std::byte *data = nullptr;
    Segment *segment = nullptr;
  };
  /// [low, low + bytes) of a memory, or null where it is not within the memory or within one array of DRAM.
  Range find(isa::Memory memory, uint64_t low, uint64_t bytes);

  HazardMap &hazards(isa::Memory memory) { return tile[size_t(memory)].hazards; }
  const std::vector<Segment> &segments() const { return dram; }
  /// DRAM address of argument `index`.
  uint64_t argumentAddress(size_t index) const { return dram[index + 1].begin; }

private:
  struct Free {
    void operator()(std::byte *p) const { std::free(p); }
  };
  struct TileMemory {
    std::unique_ptr<std::byte[], Free> data;
    uint64_t capacity = 0;
    HazardMap hazards;
  };
  std::array<TileMemory, isa::kMemoryCount> tile;
  std::vector<Segment> dram;
  std::vector<std::unique_ptr<HazardMap>> outputs;
  std::span<const std::byte> constants;
  uint64_t dramCapacity;
  size_t lastSegment = 0;
};

} // namespace rnn::sim
