//===- HostCpu.cpp - Which host code this machine can run -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Runtime/HostCpu.h"
#include "rnn-mlir/Support/Choices.h"

#include <array>
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

/// Levels of the x86-64 psABI.
bool hasV3() {
  CpuId one = cpuId(1), seven = cpuId(7), extended = cpuId(0x80000001);
  return all(savedState(), {1, 2}) && all(one.ecx, {0, 9, 12, 13, 19, 20, 22, 23, 27, 28, 29}) &&
         all(seven.ebx, {3, 5, 8}) && all(extended.ecx, {0, 5});
}
bool hasV4() {
  return hasV3() && all(savedState(), {5, 6, 7}) && all(cpuId(7).ebx, {16, 17, 28, 30, 31});
}

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
  if (cpu == kHostCpus[0].name)
    return hasV3();
  if (cpu == kHostCpus[1].name)
    return hasV4();
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
