//===- TargetModel.h - Every number of a machine ----------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Isa/Isa.h"
#include "rnn-mlir/Support/Result.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rnn::target {

/// Where programs run: on the simulated device, or on the host alone.
enum class Kind : uint8_t { Device, Host };

/// Who decides what a memory holds.
enum class MemoryKind : uint8_t {
  Scratchpad, ///< the program
  Cache       ///< what was used last stays: of more than it holds, read over and over, nothing
};
inline constexpr std::array<std::string_view, 2> kMemoryKindNames = {"scratchpad", "cache"};

/// A memory: one of a tile, or the DRAM behind its channel.
struct MemoryModel {
  uint64_t capacity = 0; ///< bytes, over all banks
  MemoryKind kind = MemoryKind::Scratchpad;
  uint64_t banks = 1;     ///< equal parts that work side by side
  uint64_t bandwidth = 0; ///< bytes a cycle over all banks: of each access stream, or of the channel all share
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

/// How mat spreads a product over its multipliers.
enum class Mapping : uint8_t {
  Rows,   ///< `rows` dot products at a time, `columns` elements of each a cycle; a weight serves all vectors
  Columns ///< `columns` input elements a cycle, each broadcast to `rows` sums; weights are read for each vector
};
inline constexpr std::array<std::string_view, 2> kMappingNames = {"rows", "columns"};

/// Number formats, a bit each.
struct FormatSet {
  uint32_t bits = 1u << size_t(isa::Format::F32);
  bool has(isa::Format format) const { return bits >> size_t(format) & 1; }
  bool operator==(const FormatSet &) const = default;
};

/// Weight times vector: `rows` by `columns` multipliers.
struct MatModel {
  uint64_t rows = 0;    ///< rows of a weight worked on at a time
  uint64_t columns = 0; ///< columns of a weight worked on at a time
  Mapping mapping = Mapping::Rows;
  uint64_t vectors = 1;   ///< of a product with several, how many are worked on in a block
  FormatSet formats;      ///< of weights and vectors
  FormatSet accumulators; ///< of sums
  uint64_t latency = 0;   ///< cycles from the last operand to the visible result
  double energy = 0;      ///< J a multiply-add
  double leakage = 0;     ///< W
};

/// Classes of micro-operations with a cost of their own.
enum class MicroClass : uint8_t { Move, Simple, Multiply, Divide, Exp, Log, Sigmoid, Tanh };
inline constexpr unsigned kMicroClasses = 8;

/// The keys of the classes in a target's file, which are the cost classes of the micro-operations' records.
inline constexpr std::array<std::string_view, kMicroClasses> kMicroClassNames = {"move", "simple", "multiply", "divide",
                                                                                 "exp",  "log",    "sigmoid",  "tanh"};

/// How functions of integers are looked up; those of floating point are computed (the manual has the polynomials).
enum class Lookup : uint8_t { Computed, Table, Segments };
inline constexpr std::array<std::string_view, 3> kLookupNames = {"computed", "table", "segments"};

/// The units that compute exp, log, sigmoid and tanh.
struct ActivationModel {
  uint64_t units = 0; ///< elements worked on at a time
  Lookup lookup = Lookup::Computed;
  uint64_t entries = 0; ///< of the table, or segments
};

/// Lane programs: element-wise micro-programs.
struct VecModel {
  uint64_t lanes = 0; ///< elements worked on at a time
  FormatSet formats;
  uint64_t latency = 0; ///< cycles to fill and drain the pipeline
  ActivationModel activation;
  uint64_t cycles[kMicroClasses] = {}; ///< a micro-operation on one group of elements
  double energy[kMicroClasses] = {};   ///< J a micro-operation on one element
  double leakage = 0;                  ///< W

  /// Elements that a micro-operation of this class works on at a time.
  uint64_t width(size_t microClass) const {
    return MicroClass(microClass) >= MicroClass::Exp ? activation.units : lanes;
  }
};

/// Links to the neighbouring tiles.
struct LinkModel {
  uint64_t bandwidth = 0; ///< bytes a cycle, each direction
  uint64_t latency = 0;   ///< cycles
  double energy = 0;      ///< J a byte
  double leakage = 0;     ///< W
};

/// What a target without a device says of its schedules.
struct HostModel {
  uint64_t timeTile = 16; ///< steps whose input products are made at once, unless another number is asked for
  FormatSet accumulators; ///< of sums of products
};

/// Of what technology and voltage an energy is told.
struct OperatingPoint {
  double nanometres = 0, volts = 0;
};

/// The energy at `to` of an event that takes `energy` at `from`: switched capacitance goes with the feature size, and
/// energy with capacitance times the square of the voltage: E · (L/L₀) · (V/V₀)². The only scaling there is.
constexpr double scaledEnergy(double energy, OperatingPoint from, OperatingPoint to) {
  return energy * (to.nanometres / from.nanometres) * (to.volts / from.volts) * (to.volts / from.volts);
}

/// One entry of a target's file as it was written.
struct Parameter {
  std::string path;   ///< `memories.weight.capacity`
  std::string value;  ///< a number, a word, or words between brackets
  std::string unit;   ///< of a number
  std::string source; ///< a citation or a reason; empty only where the grade is `assumed`
  std::string grade;  ///< V, C, M, D, `assumed`, or `calibrated against …`
  std::optional<OperatingPoint> at;
};

/// Every number of a machine, read from YAML; no constant of a machine lives elsewhere.
struct TargetModel {
  std::string name;
  std::string summary;
  Kind kind = Kind::Host;
  double clock = 0; ///< Hz
  OperatingPoint point;

  SequencerModel sequencer;
  DmaModel dma;
  MatModel mat;
  VecModel vec;
  std::array<MemoryModel, isa::kMemoryCount> memories; ///< indexed by isa::Memory
  std::optional<LinkModel> link;                       ///< of a machine of several tiles
  HostModel host;

  /// Whether the description has a base.
  bool based = false;

  /// What is written of the machine, in its bases or itself, in the order of the schema.
  std::vector<Parameter> parameters;
  /// What a reader should know though it is no error, each `file:line:column: warning: …`.
  std::vector<std::string> warnings;

  bool isDevice() const { return kind == Kind::Device; }

  const MemoryModel &memory(isa::Memory which) const { return memories[size_t(which)]; }
  MemoryModel &memory(isa::Memory which) { return memories[size_t(which)]; }

  /// Operations of mat a second at full use, a multiply-add being two.
  double peak() const { return 2.0 * double(mat.rows) * double(mat.columns) * clock; }
  /// Bytes a second of the DRAM's channel.
  double channel() const { return double(memory(isa::Memory::Dram).bandwidth) * clock; }

  /// Reads a target; its `base` must be one that comes with the library. All problems are listed, one a line:
  /// `file:line:column: error: …`.
  static Result<TargetModel> parse(std::string_view yaml, std::string_view file);

  /// A description of the same machine that needs no base.
  std::string yaml() const;
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

/// A target as it is compiled for.
struct Description {
  std::string name; ///< the built-in target's, or the file
  std::string yaml; ///< needs no base
  TargetModel model;
};

/// The built-in target `target`, or that of the file where `target` ends in `.yaml`, whose `base` may be a file, too.
/// Errors: no target has this name (those there are get listed), unreadable file, all problems of `parse`.
Result<Description> read(const std::string &target);

/// The documentation of the keys of a target's file: a table in Markdown with key, unit, range, default and meaning.
std::string keyTable();

} // namespace rnn::target
