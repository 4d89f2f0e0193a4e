//===- Faults.cpp - What went wrong, in words -------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Faults.h"

#include <algorithm>
#include <cstdio>

namespace rnn::sim {

using isa::Engine;
using isa::Memory;

std::string Faults::describe(uint32_t index) const {
  return sim::describe(index, program->instrs[index]);
}

std::string Faults::describe(Memory memory, uint64_t address) const {
  char hex[32];
  std::snprintf(hex, sizeof hex, "0x%llx", static_cast<unsigned long long>(address));
  std::string text = std::string(isa::kMemoryNames[size_t(memory)]) + " " + hex;
  if (memory == Memory::Dram)
    for (const Segment &segment : dram.segments())
      if (address >= segment.begin && address - segment.begin < segment.bytes)
        return text + " ('" + std::string(segment.name) + "' byte " + std::to_string(address - segment.begin) + ")";
  for (const isa::Buffer &buffer : program->program.buffers)
    if (buffer.memory == memory && memory != Memory::Dram && address >= buffer.address &&
        address - buffer.address < buffer.bytes)
      return text + " ('" + buffer.name + "' byte " + std::to_string(address - buffer.address) + ")";
  return text;
}

bool Faults::fault(TrapCause cause, const std::string &text, std::optional<uint32_t> instr) {
  trap = makeTrap(cause, text, *program, instr);
  return false;
}

bool Faults::cycleLimit(uint64_t most, uint32_t instr) {
  return fault(TrapCause::CycleLimit, "more than " + std::to_string(most) + " cycles", instr);
}

bool Faults::faultAt(TrapCause cause, const std::string &text, uint32_t instr, Memory memory, uint64_t address) {
  fault(cause, describe(memory, address) + (text.empty() ? "" : ", ") + text, instr);
  trap->memory = memory;
  trap->address = address;
  return false;
}

bool Faults::hazard(const Hazard &hazard, uint32_t instr, Memory memory, uint64_t address, bool write) {
  if (hazard.kind == Hazard::Unwritten)
    return faultAt(TrapCause::Uninitialised, "read before it is written", instr, memory, address);
  faultAt(TrapCause::Race,
          std::string(write ? "written" : "read") + " without an order to the " +
              (hazard.otherWrote ? "write" : "read") + " by " + describe(hazard.otherIndex),
          instr, memory, address);
  trap->other = hazard.otherIndex;
  return false;
}

/// Follows who waits for whom, from the first that waits, until somebody comes twice or nobody is left to wait for.
bool Faults::deadlock(const Tile &tile) {
  auto blockedAt = [&](Engine e) -> std::optional<uint32_t> {
    const EngineState &engine = tile.engines[size_t(e)];
    return engine.count ? std::optional(engine.first().index) : std::nullopt;
  };
  auto posts = [&](uint32_t index, uint8_t semaphore) {
    const isa::Sync::List &list = program->code[index].sync.posts;
    return std::find(list.begin(), list.end(), semaphore) != list.end();
  };
  std::array<bool, isa::kEngineCount> seen{};
  Engine at = Engine::Seq;
  std::optional<uint32_t> first;
  for (unsigned e = 1; e < isa::kEngineCount && at == Engine::Seq; ++e)
    if (blockedAt(Engine(e)))
      at = Engine(e), first = blockedAt(at);
  std::string text;
  while (!seen[size_t(at)]) {
    seen[size_t(at)] = true;
    text += text.empty() ? "" : "; ";
    if (at == Engine::Seq) {
      if (tile.sequencer.halted()) {
        text += "the sequencer has halted";
        break;
      }
      text += "the sequencer waits for a place in the queue of " +
              std::string(isa::kEngineNames[size_t(tile.sequencer.blockedOn())]);
      at = tile.sequencer.blockedOn();
      continue;
    }
    auto index = blockedAt(at);
    if (!index) {
      text += std::string(isa::kEngineNames[size_t(at)]) + " waits for instructions";
      at = Engine::Seq;
      continue;
    }
    // The semaphore that lacks a token.
    const isa::Sync::List &waits = program->code[*index].sync.waits;
    uint8_t semaphore = 0;
    for (unsigned i = 0; i < waits.size; ++i)
      if (tile.semaphores[waits.semaphores[i]].size() <=
          uint32_t(std::count(waits.begin(), waits.begin() + i, waits.semaphores[i])))
        semaphore = waits.semaphores[i];
    text += describe(*index) + " waits for semaphore " + std::to_string(semaphore);
    std::optional<uint32_t> poster;
    for (uint32_t i = 0; i < program->code.size() && !poster; ++i)
      if (posts(i, semaphore))
        poster = i;
    if (!poster) {
      text += ", which nothing posts";
      break;
    }
    text += ", posted by " + describe(*poster);
    at = program->code[*poster].engine;
  }
  return fault(TrapCause::Deadlock, text, first);
}

} // namespace rnn::sim
