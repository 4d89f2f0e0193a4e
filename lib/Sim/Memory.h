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
  /// Whether an address is that of a constant, which nobody writes.
  bool isConstant(uint64_t address) const { return address < constants.size(); }
  /// Address of argument `index`.
  uint64_t argumentAddress(size_t index) const { return arrays[index + 1].begin; }

private:
  uint64_t capacity;
  std::span<const std::byte> constants;
  std::vector<Segment> arrays;
  std::vector<std::unique_ptr<HazardMap>> outputs;
  size_t lastSegment = 0;
};

/// Bytes of a tile's memory that stand for constants and were not copied.
class References {
public:
  bool empty() const { return all.empty(); }
  void clear() { all.clear(); }
  /// [low, low + bytes) is as `data`, which stays.
  void put(uint64_t low, uint64_t bytes, const std::byte *data);
  /// [low, low + bytes) is written over.
  void cut(uint64_t low, uint64_t bytes);
  /// The bytes in a row that all of [low, low + bytes) stands for, or null.
  const std::byte *find(uint64_t low, uint64_t bytes);
  /// Copies whatever overlaps [low, low + bytes) to `memory`, which it does not stand for any more.
  void copy(uint64_t low, uint64_t bytes, std::byte *memory);

private:
  struct Reference {
    uint64_t low, high;
    const std::byte *data;
  };
  /// By their first byte; they do not overlap.
  std::vector<Reference> all;

  std::vector<Reference>::iterator firstBehind(uint64_t low);
};

/// How an instruction accesses bytes: it reads them, writes some of them or after reading them, or writes all of them.
enum class AccessKind : uint8_t { Read, Write, Overwrite };

/// The memories of a tile, which live as long as the simulator.
class TileMemories {
public:
  explicit TileMemories(const target::TargetModel &model);

  /// Forgets what they hold.
  void reset();
  /// The same for what does not stay from launch to launch.
  void beginLaunch();

  /// [low, low + bytes) of a memory of the tile, or null where it is not within it. What is found to be read may be
  /// constants, which must not be written; it is aligned to `unit`, a power of two, if `low` is.
  Range find(isa::Memory memory, uint64_t low, uint64_t bytes, AccessKind kind, uint64_t unit);

  HazardMap &hazards(isa::Memory memory) { return memories[size_t(memory)].hazards; }

  /// Copies constants by reference: their bytes are taken from `data` until they are written over.
  void refer(isa::Memory memory, uint64_t low, uint64_t bytes, const std::byte *data) {
    memories[size_t(memory)].references.put(low, bytes, data);
  }

private:
  struct Free {
    void operator()(std::byte *p) const { std::free(p); }
  };
  struct TileMemory {
    std::unique_ptr<std::byte[], Free> data;
    uint64_t capacity = 0;
    HazardMap hazards;
    References references;
  };
  /// That of DRAM stays empty.
  std::array<TileMemory, isa::kMemoryCount> memories;
};

} // namespace rnn::sim
