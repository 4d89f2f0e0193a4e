//===- Program.h - A device program and what belongs to it ------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Isa/Isa.h"

#include <cstdint>
#include <string>
#include <vector>

namespace rnn::isa {

/// What an instruction does for its layer; the report accounts by it. Of a `begin` it may be what the loop runs over:
/// the sequences of a batch or tiles of them, tiles of time steps, or the steps of a tile.
enum class Role : uint8_t { Control, Weights, Input, Project, Recur, Output, Sequences, Tiles, Steps };
inline constexpr std::array<std::string_view, 9> kRoleNames = {"control", "weights",   "input", "project", "recur",
                                                               "output",  "sequences", "tiles", "steps"};
/// Whether a role is one of a loop's `begin` alone.
constexpr bool isLoopRole(Role role) {
  return role >= Role::Sequences;
}

/// Bytes of the largest element of an argument, and the most dimensions it has.
inline constexpr uint32_t kMaxElementBytes = 16, kMaxRank = 16;

/// An array in DRAM that a launch passes. Before the start the runtime writes the array's address to scalar register
/// `baseRegister` and size k to `dimRegisters[k]` where that is not 0.
struct Argument {
  std::string name;
  bool output = false;
  uint32_t elementBytes = bytesOf(Format());
  /// -1 for a run-time size.
  std::vector<int64_t> shape;
  uint8_t baseRegister = 0;
  std::vector<uint8_t> dimRegisters;
  bool operator==(const Argument &) const = default;
};

/// How long a buffer holds what is in it: it is worked in, or it holds weights and other constants that come at every
/// tile or step of a launch, that come once a launch, or that stay from launch to launch.
enum class Keeps : uint8_t { Scratch, Streamed, Launch, Session };
inline constexpr std::array<std::string_view, 4> kKeepsNames = {"scratch", "streamed", "launch", "session"};

/// An entry of the memory map: for the reader and for error messages.
struct Buffer {
  std::string name;
  Memory memory = Memory::Dram;
  uint64_t address = 0, bytes = 0;
  Keeps keeps = Keeps::Scratch;
  bool operator==(const Buffer &) const = default;
};

/// The layer a program computes, and what bounds its time (see `#rpu.layer`).
struct Layer {
  /// The ONNX node.
  std::string node;
  /// Multiply-adds of a valid step of one sequence.
  int64_t macsPerStep = 0;
  /// Bytes of the weights of the input, and of those of the state, without padding.
  int64_t inputWeightBytes = 0, stateWeightBytes = 0;
  /// Cycles of mat for a valid step of one sequence, weights aside: of the products of the input, and of the state.
  int64_t inputMatCyclesPerStep = 0, stateMatCyclesPerStep = 0;
  /// Bytes beside the weights that must cross the DRAM channel: once a launch, once a sequence, and per valid step of
  /// one sequence.
  int64_t dramBytesPerCall = 0, dramBytesPerSequence = 0, dramBytesPerStep = 0;
  /// Bytes of the weights, and of what must cross the channel for a call, that are constants: what stays on the tile
  /// of them crosses it once a session.
  int64_t constantBytes = 0;
  /// Cycles of the longest chain of dependent instructions: from state to state, per step, and beside the steps, from
  /// an input to the first and from the last to a result.
  int64_t chainCyclesPerStep = 0, chainCyclesOnce = 0;
  /// The argument whose first size is the most steps a sequence has and whose second is the number of sequences, and
  /// the one that holds the steps of each sequence; -1 where there is none.
  int64_t stepsArgument = -1, lengthsArgument = -1;
  bool operator==(const Layer &) const = default;
};

/// A number of a layer as bytes and assembly have it, in their order.
struct LayerNumber {
  std::string_view key;
  int64_t Layer::*value;
};
inline constexpr std::array<LayerNumber, 13> kLayerNumbers = {
    {{"macs_per_step", &Layer::macsPerStep},
     {"input_weight_bytes", &Layer::inputWeightBytes},
     {"state_weight_bytes", &Layer::stateWeightBytes},
     {"input_mat_cycles_per_step", &Layer::inputMatCyclesPerStep},
     {"state_mat_cycles_per_step", &Layer::stateMatCyclesPerStep},
     {"dram_bytes_per_call", &Layer::dramBytesPerCall},
     {"dram_bytes_per_sequence", &Layer::dramBytesPerSequence},
     {"dram_bytes_per_step", &Layer::dramBytesPerStep},
     {"constant_bytes", &Layer::constantBytes},
     {"chain_cycles_per_step", &Layer::chainCyclesPerStep},
     {"chain_cycles_once", &Layer::chainCyclesOnce},
     {"steps_argument", &Layer::stepsArgument},
     {"lengths_argument", &Layer::lengthsArgument}}};
static_assert(sizeof(Layer) == sizeof(std::string) + kLayerNumbers.size() * sizeof(int64_t),
              "every number of a layer goes into the program file");

/// What one launch runs.
struct Program {
  std::string name;
  std::vector<Word> code;
  /// One for each instruction, in the order of the code.
  std::vector<Role> roles;
  /// The set-up part: so many instructions at the start, of engines, run in the first launch of a session alone; later
  /// ones begin behind them. What they write stays on the tile.
  uint32_t setup = 0;
  /// Counts of the semaphores at the start.
  std::array<uint16_t, kSemaphores> semaphores{};
  std::vector<Argument> arguments;
  std::vector<Buffer> buffers;
  Layer layer;
  bool operator==(const Program &) const = default;
};

/// What a program must satisfy beyond its syntax: instructions that decode, each with a role; names in UTF-8;
/// arguments, bounds and numbers in their ranges. What `deserialise` and `parseProgram` return satisfies it.
Result<void> checkProgram(const Program &program);

/// The bytes of a program, and back. Nothing in the bytes is trusted.
std::vector<std::byte> serialise(const Program &program);
Result<Program> deserialise(std::span<const std::byte> bytes);

/// The bytes of several programs, as section PROG of a program file has them, and back.
std::vector<std::byte> serialisePrograms(std::span<const Program> programs);
Result<std::vector<Program>> deserialisePrograms(std::span<const std::byte> bytes);

/// The assembly of a program, directives included; `parseProgram` gives the same program back.
std::string printProgram(const Program &program);
Result<Program> parseProgram(std::string_view text);

/// The programs of an assembly text, each of which begins with `.program`.
Result<std::vector<Program>> parsePrograms(std::string_view text);

} // namespace rnn::isa
