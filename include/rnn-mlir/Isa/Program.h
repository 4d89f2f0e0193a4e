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

/// What an instruction does for its layer; the report accounts by it.
enum class Role : uint8_t { Control, Weights, Input, Project, Recur, Output };
inline constexpr std::array<std::string_view, 6> kRoleNames = {"control", "weights", "input",
                                                               "project", "recur",   "output"};

/// An array in DRAM that a launch passes. Before the start the runtime writes the array's address to scalar register
/// `baseRegister` and size k to `dimRegisters[k]` where that is not 0.
struct Argument {
  std::string name;
  bool output = false;
  uint32_t elementBytes = 4;
  /// -1 for a run-time size.
  std::vector<int64_t> shape;
  uint8_t baseRegister = 0;
  std::vector<uint8_t> dimRegisters;
  bool operator==(const Argument &) const = default;
};

/// An entry of the memory map: for the reader and for error messages.
struct Buffer {
  std::string name;
  Memory memory = Memory::Dram;
  uint64_t address = 0, bytes = 0;
  bool operator==(const Buffer &) const = default;
};

/// The layer a program computes, and what bounds its time (see `#rpu.layer`).
struct Layer {
  /// The ONNX node.
  std::string node;
  int64_t macsPerStep = 0;
  /// Bytes of weights that products read from the tile's weight memory, per valid step.
  int64_t weightBytesPerStep = 0;
  /// Bytes that must cross the DRAM channel, once a launch and per valid step.
  int64_t dramBytesPerCall = 0, dramBytesPerStep = 0;
  /// Cycles of the longest chain of dependent instructions from state to state, per valid step.
  int64_t chainCyclesPerStep = 0;
  bool operator==(const Layer &) const = default;
};

/// What one launch runs.
struct Program {
  std::string name;
  std::vector<Word> code;
  /// One for each instruction, in the order of the code.
  std::vector<Role> roles;
  /// Counts of the semaphores at the start.
  std::array<uint16_t, kSemaphores> semaphores{};
  std::vector<Argument> arguments;
  std::vector<Buffer> buffers;
  Layer layer;
  bool operator==(const Program &) const = default;
};

/// The bytes of a program, and back. Nothing in the bytes is trusted.
std::vector<std::byte> serialise(const Program &program);
Result<Program> deserialise(std::span<const std::byte> bytes);

/// The assembly of a program, directives included; `parseProgram` gives the same program back.
std::string printProgram(const Program &program);
Result<Program> parseProgram(std::string_view text);

} // namespace rnn::isa
