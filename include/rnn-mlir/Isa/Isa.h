//===- Isa.h - Instructions of the RPU and their codec ----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// The structs are made from RpuInstr.td. The codec, the assembler and the
// disassembler walk the fields of a struct and know no instruction by name, save
// `begin` and `end`, between which a program's text is indented.
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Support/Result.h"

#include <array>
#include <cassert>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace rnn::isa {

/// A word of an instruction stream.
struct Word {
  uint64_t lo = 0, hi = 0;
  bool operator==(const Word &) const = default;
};

inline constexpr unsigned kRegisters = 64;
inline constexpr unsigned kSemaphores = 64;
/// Posts that a semaphore holds.
inline constexpr uint32_t kMaxTokens = 65535;
inline constexpr unsigned kLoopLevels = 8;
inline constexpr unsigned kLaneRegisters = 32;
inline constexpr unsigned kSyncSlots = 4;
/// Rows of a panel of a weight: the unit in which `product` reads it.
inline constexpr unsigned kPanelRows = 16;

#define GET_ISA_MACHINE
#include "rnn-mlir/Isa/Instructions.h.inc"

/// Bytes of `count` numbers; one number's are also the alignment.
constexpr uint64_t bytesOf(Format format, uint64_t count = 1) {
  return count * kFormatBytes[size_t(format)];
}

/// Rows of a weight with those that fill its last panel.
constexpr uint64_t wholePanels(uint64_t rows) {
  return (rows + kPanelRows - 1) / kPanelRows * kPanelRows;
}

/// Engines with a queue: all but the sequencer, which is the first.
inline constexpr size_t kQueues = kEngineCount - 1;
static_assert(size_t(Engine::Seq) == 0);

/// A scalar register, s0 to s63; s0 is 0.
struct Reg {
  uint8_t number = 0;
  bool operator==(const Reg &) const = default;
};

/// A scalar register that is written: not s0.
struct RegOut : Reg {
  bool operator==(const RegOut &) const = default;
};

/// A register of a lane program, r0 to r31.
struct LaneReg {
  uint8_t number = 0;
  bool operator==(const LaneReg &) const = default;
};

/// A size: a scalar register or an immediate.
struct RegOrImm {
  bool isReg = false;
  uint32_t value = 0;
  bool operator==(const RegOrImm &) const = default;
};

/// s[base] + offset + Σ_level index[level] · s[strides[level]], in bytes; the index of `ringLevel` is taken modulo
/// `ringDepth` where that is not 0.
struct Address {
  Memory memory = Memory::Dram;
  uint8_t base = 0;
  uint32_t offset = 0;
  std::array<uint8_t, kLoopLevels> strides{};
  uint8_t ringLevel = 0, ringDepth = 0;
  bool operator==(const Address &) const = default;
};

/// Where the first of some numbers is, and their format.
struct Element {
  Address address;
  Format format = Format::F32;
  bool operator==(const Element &) const = default;
};

/// The same, and the distance in bytes between consecutive rows or vectors.
struct View {
  Address address;
  bool pitchIsReg = false;
  int32_t pitch = 0;
  Format format = Format::F32;
  bool operator==(const View &) const = default;
};

/// Semaphores an instruction waits for before it starts and posts when its effects are visible.
struct Sync {
  struct List {
    std::array<uint8_t, kSyncSlots> semaphores{};
    uint8_t size = 0;
    bool operator==(const List &) const = default;
    const uint8_t *begin() const { return semaphores.data(); }
    const uint8_t *end() const { return semaphores.data() + size; }
    void push_back(uint8_t semaphore) {
      assert(size < kSyncSlots);
      semaphores[size++] = semaphore;
    }
  };
  List waits, posts;
  bool operator==(const Sync &) const = default;
};

/// Where a field stands in an instruction's words.
struct FieldInfo {
  std::string_view name;
  unsigned word, lo, width;
  /// Of a view or an element, a bit for each memory it may be in, and whether bytes are accessed and not numbers.
  unsigned memories = 0;
  bool bytes = false;
  bool allows(Memory memory) const { return memories >> unsigned(memory) & 1; }
};

/// Bits of a field, or of the head of an instruction, that say one thing: `count` times, upwards from `lo`.
struct Part {
  unsigned lo, width, count;
};

namespace part {
#define GET_ISA_PARTS
#include "rnn-mlir/Isa/Instructions.h.inc"
} // namespace part

/// Slots of a ring.
inline constexpr unsigned kMaxRingDepth = (1u << part::kRingDepth.width) - 1;
/// Pitches are from -kPitchLimit to kPitchLimit - 1 bytes.
inline constexpr int64_t kPitchLimit = int64_t(1) << (part::kPitch.width - 1);
static_assert(1u << part::kBase.width == kRegisters && 1u << part::kStrides.width == kRegisters &&
              part::kStrides.count == kLoopLevels && 1u << part::kRingLevel.width == kLoopLevels);
static_assert(kMemoryCount <= 1u << part::kMemory.width && kFormatCount <= 1u << part::kFormat.width);
static_assert(1u << (part::kWaits.width - 1) == kSemaphores && part::kPosts.width == part::kWaits.width &&
              part::kWaits.count == kSyncSlots && part::kPosts.count == kSyncSlots);

#define GET_ISA_MICRO_STRUCTS
#include "rnn-mlir/Isa/Instructions.h.inc"

/// A micro-operation of a lane program.
using MicroOp = std::variant<
#define GET_ISA_MICRO_LIST
#include "rnn-mlir/Isa/Instructions.h.inc"
    >;

#define GET_ISA_STRUCTS
#include "rnn-mlir/Isa/Instructions.h.inc"

/// An instruction.
using Instr = std::variant<
#define GET_ISA_LIST
#include "rnn-mlir/Isa/Instructions.h.inc"
    >;

/// An instruction whose micro-operations follow its head.
template <class I>
concept HasBody = requires(const I &instr) { instr.body; };

/// Bytes that an instruction accesses: `rows` rows of `bytes` bytes from an operand on, its pitch apart.
struct Region {
  /// The operand: its number among the views and elements of the instruction, those of the micro-operations included.
  unsigned place;
  uint64_t rows, bytes;
  bool write;
  /// Of the numbers there, which must be aligned; none of mere bytes.
  std::optional<Format> format;
  /// Element i of the instruction accesses number i alone.
  bool elementwise;
};

/// What an execution of an instruction did, as far as its data decided it: time and energy depend on it.
struct Happened {
  /// Columns of the weight that a product took.
  uint64_t columns = 0;
  bool operator==(const Happened &) const = default;
};

// void regions(instr, sizes, f) calls f(Region) for all that an instruction accesses, in the order in which faults are
// found. `sizes` are the values of its fields of type RegOrImm, in their order.
#define GET_ISA_REGIONS
#include "rnn-mlir/Isa/Instructions.h.inc"

/// Appends the words of `instr`. A value that does not fit its field is an error that names both.
Result<void> encode(const Instr &instr, std::vector<Word> &words);

/// An instruction and the number of words it takes.
struct Decoded {
  Instr instr;
  size_t words;
};
/// Decodes the instruction at the head of `words`. Errors: unknown opcode, reserved bits set, words missing.
Result<Decoded> decode(std::span<const Word> words);
/// Decodes a whole stream.
Result<std::vector<Instr>> decodeAll(std::span<const Word> words);

/// The assembly text of an instruction: one line, and one more for each micro-operation.
std::string print(const Instr &instr);
/// Parses lines of assembly into instructions. Errors name the line, counted from `firstLine`; `lines` takes the line
/// on which each instruction begins.
Result<std::vector<Instr>> parse(std::string_view text, unsigned firstLine = 1, std::vector<unsigned> *lines = nullptr);

/// The engine that executes an instruction (of `fence`, the engine it names).
Engine engineOf(const Instr &instr);
std::string_view mnemonicOf(const Instr &instr);

} // namespace rnn::isa
