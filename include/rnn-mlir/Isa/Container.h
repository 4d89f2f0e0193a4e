//===- Container.h - The program file model.rpu -----------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// A header and a table of sections with their CRC-32, and the sections, each with its size and CRC-32:
//
//   META   JSON: inputs, outputs, nodes, options (see docs/container.md)
//   CNST   all constants, 64-byte aligned; DRAM address of a constant = offset
//   PROG   the device programs, in the order of their numbers
//   TARG   the target's description, YAML
//   HOST:… a shared object of host code for the CPU named after the colon
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Isa/Program.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <memory>

namespace rnn::isa {

/// Version of the file format, of the bytes of a program and of the keys of META; a reader takes its own only.
inline constexpr uint32_t kContainerVersion = 7;

/// Host code for one kind of CPU: `x86-64-v3`, `x86-64-v4`, or the host's own name as `native:NAME`.
struct HostCode {
  std::string cpu;
  std::span<const std::byte> elf;
};

/// A program file in memory: read from a file, or given.
class Container {
public:
  /// Maps and checks the file. Errors: not a program file, other version, truncated, checksum, malformed section.
  static Result<Container> open(const std::string &path);
  /// Takes the bytes of a program file.
  static Result<Container> fromBytes(std::vector<std::byte> bytes);

  const nlohmann::json &meta() const { return metadata; }
  std::span<const std::byte> constants() const { return constantBytes; }
  const std::vector<Program> &programs() const { return devicePrograms; }
  const std::string &target() const { return targetText; }
  const std::vector<HostCode> &hostCode() const { return host; }
  /// The whole file.
  std::span<const std::byte> bytes() const { return file; }
  struct Section {
    std::string name;
    uint64_t offset, size;
    uint32_t crc;
  };
  const std::vector<Section> &sections() const { return table; }

private:
  Container() = default;
  static Result<Container> parse(std::shared_ptr<const void> owner, std::span<const std::byte> bytes);

  std::shared_ptr<const void> owner;
  std::span<const std::byte> file;
  std::vector<Section> table;
  nlohmann::json metadata;
  std::span<const std::byte> constantBytes;
  std::vector<Program> devicePrograms;
  std::string targetText;
  std::vector<HostCode> host;
};

/// Whether the bytes begin as those of a program file.
bool isContainer(std::span<const std::byte> bytes);

/// What goes into a program file; spans are not copied.
struct ContainerContents {
  nlohmann::json meta;
  /// Pieces of the constants section with their offsets, rising.
  struct Piece {
    uint64_t offset;
    std::span<const std::byte> bytes;
  };
  std::vector<Piece> constants;
  std::vector<Program> programs;
  std::string target;
  struct Host {
    std::string cpu;
    std::vector<char> elf;
  };
  std::vector<Host> host;
};

/// Writes a program file beside `path` and renames it: whole or not at all.
Result<void> writeContainer(const ContainerContents &contents, const std::string &path);
/// The same into memory.
Result<std::vector<std::byte>> containerBytes(const ContainerContents &contents);

} // namespace rnn::isa
