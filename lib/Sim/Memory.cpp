//===- Memory.cpp - The memories of a run -----------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Memory.h"

#include "rnn-mlir/Support/ShapeText.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace rnn::sim {

using isa::Memory;

constexpr uint64_t kAlignment = 64;

TileMemories::TileMemories(const target::TargetModel &model) {
  for (Memory memory : isa::kTileMemories) {
    uint64_t capacity = model.memory(memory).capacity;
    TileMemory &result = memories[size_t(memory)];
    uint64_t rounded = (capacity + kAlignment - 1) / kAlignment * kAlignment;
    result.data.reset(static_cast<std::byte *>(std::aligned_alloc(kAlignment, rounded)));
    if (!result.data)
      throw std::bad_alloc();
    result.capacity = capacity;
  }
}

std::optional<std::string> Dram::bind(const isa::Program &program, std::span<const ArgumentView> arguments) {
  if (arguments.size() != program.arguments.size())
    return "expected " + std::to_string(program.arguments.size()) + " arguments, found " +
           std::to_string(arguments.size());
  arrays.clear();
  lastSegment = 0;
  // Constants are only read: `writable` keeps every write away from them.
  arrays.push_back({0, constants.size(), const_cast<std::byte *>(constants.data()), false, "constants", nullptr});
  uint64_t end = constants.size();
  size_t output = 0;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const isa::Argument &declared = program.arguments[i];
    const ArgumentView &view = arguments[i];
    bool fits = view.shape.size() == declared.shape.size();
    unsigned __int128 bytes = declared.elementBytes;
    for (size_t d = 0; fits && d < view.shape.size(); ++d) {
      fits = view.shape[d] >= 0 && (declared.shape[d] < 0 || declared.shape[d] == view.shape[d]);
      bytes *= uint64_t(view.shape[d]);
      fits &= bytes <= capacity;
    }
    if (!fits)
      return "expected shape " + shapeText(declared.shape) + " for argument '" + declared.name + "', found " +
             shapeText(view.shape);
    if (bytes && !view.data)
      return "argument '" + declared.name + "' has no data";
    uint64_t begin = (end + 2 * kAlignment - 1) / kAlignment * kAlignment;
    end = begin + uint64_t(bytes);
    if (end > capacity)
      return "constants and arguments up to '" + declared.name + "' do not fit the dram memory: they need " +
             std::to_string(end) + " bytes, the capacity is " + std::to_string(capacity);
    HazardMap *hazards = nullptr;
    if (declared.output) {
      if (output == outputs.size())
        outputs.push_back(std::make_unique<HazardMap>());
      hazards = outputs[output++].get();
      hazards->clear();
    }
    arrays.push_back(
        {begin, uint64_t(bytes), static_cast<std::byte *>(view.data), declared.output, declared.name, hazards});
  }
  return std::nullopt;
}

Range Dram::find(uint64_t low, uint64_t bytes) {
  auto within = [&](const Segment &s) {
    return low >= s.begin && bytes <= s.bytes && low - s.begin <= s.bytes - bytes;
  };
  if (!within(arrays[lastSegment])) {
    size_t i = 0;
    while (i < arrays.size() && !within(arrays[i]))
      ++i;
    if (i == arrays.size())
      return {};
    lastSegment = i;
  }
  Segment &s = arrays[lastSegment];
  return {s.data + (low - s.begin), &s};
}

void References::put(uint64_t low, uint64_t bytes, const std::byte *data) {
  cut(low, bytes);
  all.insert(firstBehind(low), {low, low + bytes, data});
}

/// The first that ends behind `low`.
std::vector<References::Reference>::iterator References::firstBehind(uint64_t low) {
  return std::ranges::upper_bound(all, low, {}, &Reference::high);
}

void References::cut(uint64_t low, uint64_t bytes) {
  uint64_t high = low + bytes;
  for (auto at = firstBehind(low); at != all.end() && at->low < high;) {
    Reference behind{high, at->high, at->data + (high - at->low)};
    if (at->low < low)
      at++->high = low;
    else
      at = all.erase(at);
    if (behind.low < behind.high)
      at = all.insert(at, behind) + 1;
  }
}

const std::byte *References::find(uint64_t low, uint64_t bytes) {
  auto at = firstBehind(low);
  bool within = at != all.end() && at->low <= low && low + bytes <= at->high;
  return within ? at->data + (low - at->low) : nullptr;
}

void References::copy(uint64_t low, uint64_t bytes, std::byte *memory) {
  auto first = firstBehind(low), last = first;
  for (; last != all.end() && last->low < low + bytes; ++last)
    std::memcpy(memory + last->low, last->data, last->high - last->low);
  all.erase(first, last);
}

void TileMemories::reset() {
  for (TileMemory &memory : memories) {
    memory.hazards.clear();
    memory.references.clear();
  }
}

void TileMemories::beginLaunch() {
  for (TileMemory &memory : memories)
    memory.hazards.beginLaunch();
}

Range TileMemories::find(Memory memory, uint64_t low, uint64_t bytes, AccessKind kind, uint64_t unit) {
  TileMemory &m = memories[size_t(memory)];
  if (bytes > m.capacity || low > m.capacity - bytes)
    return {};
  if (m.references.empty())
    return {m.data.get() + low, nullptr};
  if (kind == AccessKind::Overwrite) {
    m.references.cut(low, bytes);
  } else {
    const std::byte *constants = kind == AccessKind::Read ? m.references.find(low, bytes) : nullptr;
    if (constants && (reinterpret_cast<uintptr_t>(constants) & (unit - 1)) == 0)
      return {const_cast<std::byte *>(constants), nullptr};
    m.references.copy(low, bytes, m.data.get());
  }
  return {m.data.get() + low, nullptr};
}

} // namespace rnn::sim
