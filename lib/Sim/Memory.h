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

/// Bytes of a memory, and of DRAM the array they are in.
struct Range {
  std::byte *data = nullptr;
  Segment *segment = nullptr;
};

/// The DRAM of one launch: the constants and the arguments.
class Dram {
public:
  Dram(uint64_t capacity, std::span<const std::byte> constants) : capacity(capacity), constants(constants) {}

  /// Lays the arguments out behind the constants, each 64-byte aligned with a gap before it. Returns what is wrong.
  std::optional<std::string> bind(const isa::Program &program, std::span<const ArgumentView> arguments);

  /// [low, low + bytes), or null where it is not within one array.
  Range find(uint64_t low, uint64_t bytes);

  const std::vector<Segment> &segments() const { return arrays; }
  /// Address of argument `index`.
  uint64_t argumentAddress(size_t index) const { return arrays[index + 1].begin; }

private:
  uint64_t capacity;
  std::span<const std::byte> constants;
  std::vector<Segment> arrays;
  std::vector<std::unique_ptr<HazardMap>> outputs;
  size_t lastSegment = 0;
};

/// The memories of a tile, which live as long as the simulator.
class TileMemories {
public:
  explicit TileMemories(const target::TargetModel &model);

  /// Forgets what they hold.
  void reset();

  /// [low, low + bytes) of a memory of the tile, or null where it is not within it.
  Range find(isa::Memory memory, uint64_t low, uint64_t bytes);

  HazardMap &hazards(isa::Memory memory) { return memories[size_t(memory)].hazards; }

private:
  struct Free {
    void operator()(std::byte *p) const { std::free(p); }
  };
  struct TileMemory {
    std::unique_ptr<std::byte[], Free> data;
    uint64_t capacity = 0;
    HazardMap hazards;
  };
  /// That of DRAM stays empty.
  std::array<TileMemory, isa::kMemoryCount> memories;
};

} // namespace rnn::sim
