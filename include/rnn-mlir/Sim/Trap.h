//===- Trap.h - Faults of a simulated program -------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Isa/Isa.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rnn::sim {

enum class TrapCause : uint8_t {
  Race,              ///< two accesses to the same bytes, one of them a write, that nothing orders
  Uninitialised,     ///< a read of bytes that were never written
  OutOfRange,        ///< an address outside its memory, or a row across the end of an array
  Misaligned,        ///< a number at an address that is no multiple of its bytes
  Overlap,           ///< an instruction whose own accesses overlap other than element by element
  WriteProtected,    ///< a write to a constant or to an input argument
  SemaphoreOverflow, ///< a semaphore above 65535
  Deadlock,          ///< every engine waits
  DivisionByZero,    ///< `div` by 0
  CycleLimit,        ///< more cycles than the run allows
  InstructionLimit,  ///< more instructions than the run allows
  IntervalLimit,     ///< more intervals of bytes with accesses of their own than the run allows
  LoopNesting,       ///< `end` without `begin`, too many levels, or the index of a loop that is not open
  InvalidOperand,    ///< an operand the instruction cannot take
  InvalidProgram,    ///< no instruction stream
  ArgumentMismatch,  ///< arguments that are not those the program declares
  Stopped,           ///< whoever started the run stopped it
  OutputIncomplete,  ///< an output argument the program did not write to the last byte
};

/// A cause and its name in messages and reports.
struct TrapCauseRow {
  TrapCause cause;
  std::string_view name;
};
inline constexpr TrapCauseRow kTrapCauses[] = {
    {TrapCause::Race, "race"},
    {TrapCause::Uninitialised, "uninitialised read"},
    {TrapCause::OutOfRange, "address out of range"},
    {TrapCause::Misaligned, "misaligned address"},
    {TrapCause::Overlap, "overlapping operands"},
    {TrapCause::WriteProtected, "write to protected memory"},
    {TrapCause::SemaphoreOverflow, "semaphore overflow"},
    {TrapCause::Deadlock, "deadlock"},
    {TrapCause::DivisionByZero, "division by zero"},
    {TrapCause::CycleLimit, "cycle limit"},
    {TrapCause::InstructionLimit, "instruction limit"},
    {TrapCause::IntervalLimit, "interval limit"},
    {TrapCause::LoopNesting, "bad loop nesting"},
    {TrapCause::InvalidOperand, "invalid operand"},
    {TrapCause::InvalidProgram, "invalid program"},
    {TrapCause::ArgumentMismatch, "argument mismatch"},
    {TrapCause::Stopped, "stopped"},
    {TrapCause::OutputIncomplete, "incomplete output"},
};

/// The name of a cause in messages and reports.
std::string_view trapCauseName(TrapCause cause);

/// A fault of a simulated program: a value, never an exception.
struct Trap {
  TrapCause cause;
  /// Index of the instruction in the program; none where the program as a whole is at fault.
  std::optional<uint32_t> instruction;
  /// Of a race, the access before.
  std::optional<uint32_t> other;
  isa::Engine engine = isa::Engine::Seq;
  /// The first byte at fault, where there is one.
  std::optional<isa::Memory> memory;
  uint64_t address = 0;
  std::string program;
  /// The ONNX node the program computes.
  std::string node;
  /// All of it in words.
  std::string message;
};

} // namespace rnn::sim
