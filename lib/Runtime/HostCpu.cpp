//===- HostCpu.cpp - Which host code this machine can run -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Runtime/HostCpu.h"
#include "rnn-mlir/Support/Choices.h"

#include <algorithm>
#include <cpuid.h>
#include <cstdint>
#include <cstdio>

namespace rnn::runtime {
namespace {

struct CpuId {
  uint32_t eax = 0, ebx = 0, ecx = 0, edx = 0;
};

CpuId cpuId(uint32_t leaf, uint32_t subleaf = 0) {
  CpuId r;
  if (!__get_cpuid_count(leaf, subleaf, &r.eax, &r.ebx, &r.ecx, &r.edx))
    return {};
  return r;
}

/// The register states the operating system saves: bits 1, 2 for AVX, 5 to 7 for AVX-512.
uint64_t savedState() {
  if (!(cpuId(1).ecx >> 27 & 1))
    return 0;
  uint32_t low, high;
  asm("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return uint64_t(high) << 32 | low;
}

bool all(uint64_t word, std::initializer_list<unsigned> bits) {
  for (unsigned bit : bits)
    if (!(word >> bit & 1))
      return false;
  return true;
}

/// Each level of the x86-64 psABI beside those below it.
bool hasV3() {
  CpuId one = cpuId(1), seven = cpuId(7), extended = cpuId(0x80000001);
  return all(savedState(), {1, 2}) && all(one.ecx, {0, 9, 12, 13, 19, 20, 22, 23, 27, 28, 29}) &&
         all(seven.ebx, {3, 5, 8}) && all(extended.ecx, {0, 5});
}
bool hasV4() {
  return all(savedState(), {5, 6, 7}) && all(cpuId(7).ebx, {16, 17, 28, 30, 31});
}

/// The level of the psABI that a CPU's name ends in, as in `x86-64-v3`; 0 where it is the name of no level.
constexpr unsigned psabiLevel(std::string_view cpu) {
  constexpr std::string_view prefix = "x86-64-v";
  bool isLevel = cpu.size() == prefix.size() + 1 && cpu.starts_with(prefix) && cpu.back() >= '0' && cpu.back() <= '9';
  return isLevel ? cpu.back() - '0' : 0;
}

struct Level {
  unsigned number;
  bool (*has)();
};
constexpr Level kLevels[] = {{3, hasV3}, {4, hasV4}};

/// Whether this machine has a level and all below it; no for one that is not known.
bool hasLevel(unsigned number) {
  bool known = false;
  for (const Level &level : kLevels) {
    if (level.number <= number && !level.has())
      return false;
    known |= level.number == number;
  }
  return known;
}

constexpr bool allLevelsKnown() {
  return std::ranges::all_of(kHostCpus, [](const Choice &cpu) {
    return cpu.name == kNativeCpu || std::ranges::count(kLevels, psabiLevel(cpu.name), &Level::number) == 1;
  });
}
static_assert(allLevelsKnown(), "a level of the table of CPUs has no row here");

} // namespace

std::string nativeCpuName() {
  CpuId one = cpuId(1), seven = cpuId(7), sevenOne = cpuId(7, 1), extended = cpuId(0x80000001);
  uint32_t family = (one.eax >> 8 & 15) + (one.eax >> 20 & 255);
  uint32_t model = (one.eax >> 4 & 15) | (one.eax >> 12 & 0xf0);
  uint64_t state = savedState();
  uint64_t hash = 0xcbf29ce484222325;
  for (uint32_t word : {one.ecx, one.edx, seven.ebx, seven.ecx, seven.edx, sevenOne.eax, extended.ecx, extended.edx,
                        uint32_t(state), uint32_t(state >> 32)})
    hash = (hash ^ word) * 0x100000001b3;
  char text[40];
  std::snprintf(text, sizeof text, "native:%x-%x-%08x", family, model, uint32_t(hash ^ hash >> 32));
  return text;
}

bool canRun(std::string_view cpu) {
  if (unsigned level = psabiLevel(cpu))
    return hasLevel(level);
  return cpu == nativeCpuName();
}

std::optional<size_t> chooseHostCode(std::span<const std::string> cpus) {
  std::optional<size_t> best;
  // What a machine can run beside the levels is its own code, the best.
  auto rank = [](std::string_view cpu) { return placeOf(kHostCpus, cpu); };
  for (size_t k = 0; k < cpus.size(); ++k)
    if (canRun(cpus[k]) && (!best || rank(cpus[k]) > rank(cpus[*best])))
      best = k;
  return best;
}

} // namespace rnn::runtime
