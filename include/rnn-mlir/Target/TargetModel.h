//===- TargetModel.h - Every number of a machine ----------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Isa/Isa.h"
#include "rnn-mlir/Support/Result.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rnn::target {

/// Where programs run: on the simulated device, or on the host alone.
enum class Kind : uint8_t { Device, Host };

/// A memory: one of a tile, or the DRAM behind its channel.
struct MemoryModel {
  uint64_t capacity = 0;  ///< bytes
  uint64_t bandwidth = 0; ///< bytes a cycle: of each access stream, or of the channel that everything shares
  uint64_t latency = 0;   ///< cycles from request to first byte; 0 within a tile
  uint64_t burst = 1;     ///< bytes; every row of a copy is rounded up to whole bursts
  double readEnergy = 0;  ///< J a byte
  double writeEnergy = 0; ///< J a byte
  double leakage = 0;     ///< W, the background power of the DRAM included
};

/// Reads the instruction stream and fills the engines' queues.
struct SequencerModel {
  uint64_t issue = 0;      ///< cycles to resolve and enqueue one engine instruction
  uint64_t scalar = 0;     ///< cycles of one scalar instruction, `loop` and `end` included
  uint64_t divide = 0;     ///< cycles of a scalar division
  uint64_t queueDepth = 0; ///< instructions each engine's queue holds
  double energy = 0;       ///< J an instruction
  double leakage = 0;      ///< W
};

/// Copies between DRAM and the tile's memories; one queue in each direction.
struct DmaModel {
  uint64_t setup = 0; ///< cycles an instruction needs beside its bytes
  double energy = 0;  ///< J an instruction
  double leakage = 0; ///< W
};

/// Weight times vector: `rows` by `columns` multipliers.
struct MatModel {
  uint64_t rows = 0;    ///< rows of a weight worked on at a time
  uint64_t columns = 0; ///< columns of a weight worked on at a time
  uint64_t latency = 0; ///< cycles from the last operand to the visible result
  double energy = 0;    ///< J a multiply-add
  double leakage = 0;   ///< W
};

/// Classes of micro-operations with a cost of their own.
enum class MicroClass : uint8_t { Move, Simple, Multiply, Divide, Exp, Log, Sigmoid, Tanh };
inline constexpr unsigned kMicroClasses = 8;

/// The keys of the classes in a target's file, which are the cost classes of the micro-operations' records.
inline constexpr std::array<std::string_view, kMicroClasses> kMicroClassNames = {"move", "simple", "multiply", "divide",
                                                                                 "exp",  "log",    "sigmoid",  "tanh"};

/// Lane programs: element-wise micro-programs.
struct VecModel {
  uint64_t lanes = 0;                  ///< elements worked on at a time
  uint64_t latency = 0;                ///< cycles to fill and drain the pipeline
  uint64_t cycles[kMicroClasses] = {}; ///< a micro-operation on one group of `lanes` elements
  double energy[kMicroClasses] = {};   ///< J a micro-operation on one element
  double leakage = 0;                  ///< W
};

/// One number of a target's file as it was written.
struct Parameter {
  std::string path; ///< `memories.weight.capacity`
  double value;
  std::string unit;
  std::string source; ///< a citation, or `assumed`
};

/// Every number of a machine, read from YAML; no constant of a machine lives elsewhere.
struct TargetModel {
  std::string name;
  std::string summary;
  Kind kind = Kind::Host;
  double clock = 0; ///< Hz

  SequencerModel sequencer;
  DmaModel dma;
  MatModel mat;
  VecModel vec;
  std::array<MemoryModel, isa::kMemoryCount> memories; ///< indexed by isa::Memory

  /// All numbers in the order of the schema, for display.
  std::vector<Parameter> parameters;

  bool isDevice() const { return kind == Kind::Device; }

  const MemoryModel &memory(isa::Memory which) const { return memories[size_t(which)]; }
  MemoryModel &memory(isa::Memory which) { return memories[size_t(which)]; }

  /// Reads a target. All problems are listed, one a line: `file:line:column: error: …`.
  static Result<TargetModel> parse(std::string_view yaml, std::string_view file);
};

/// A target that comes with the library.
struct BuiltinTarget {
  std::string_view name;
  std::string_view yaml;
};

/// The targets that come with the library, by name.
const std::vector<BuiltinTarget> &list();

/// The target `name` of `list`, or null.
const BuiltinTarget *find(std::string_view name);

/// Name (or path) and text of a target.
struct Description {
  std::string name, yaml;
};

/// The description of a built-in target, or of the file where `target` ends in `.yaml`. Errors: no target has
/// this name (those there are get listed), unreadable file.
Result<Description> read(const std::string &target);

/// The documentation of the keys of a target's file: a table in Markdown with key, units, range and meaning.
std::string keyTable();

} // namespace rnn::target
