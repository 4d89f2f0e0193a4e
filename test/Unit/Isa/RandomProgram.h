//===- RandomProgram.h - Programs with fields drawn at random ---*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Isa/Program.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <random>

namespace rnn::isa {

/// Fills the fields of an instruction: with the ends of their ranges and with values between.
struct RandomFields {
  std::mt19937_64 &random;

  /// Up to `width` bits: none, all, or any.
  uint64_t bits(unsigned width) {
    uint64_t all = width >= 64 ? ~uint64_t(0) : (uint64_t(1) << width) - 1;
    uint64_t kind = random() % 4;
    return kind == 0 ? 0 : kind == 1 ? all : random() & all;
  }
  void operator()(const FieldInfo &f, uint32_t &v) { v = bits(f.width); }
  void operator()(const FieldInfo &f, int64_t &v) { v = static_cast<int64_t>(bits(64)); }
  void operator()(const FieldInfo &f, float &v) { v = std::bit_cast<float>(static_cast<uint32_t>(bits(32))); }
  void operator()(const FieldInfo &f, bool &v) { v = bits(1); }
  void operator()(const FieldInfo &f, Reg &v) { v.number = bits(6); }
  void operator()(const FieldInfo &f, RegOut &v) { v.number = std::max<uint64_t>(bits(6), 1); }
  void operator()(const FieldInfo &f, LaneReg &v) { v.number = bits(5); }
  void operator()(const FieldInfo &f, RegOrImm &v) {
    v.isReg = bits(1);
    v.value = bits(v.isReg ? 6 : f.width - 1);
  }
  void operator()(const FieldInfo &f, Address &v) {
    v.memory = static_cast<Memory>(random() % kMemoryCount);
    v.base = bits(6);
    v.offset = bits(32);
    for (uint8_t &stride : v.strides)
      stride = bits(6);
    v.ringLevel = bits(3);
    v.ringDepth = bits(4);
  }
  Format format(const FieldInfo &f) { return f.bytes ? Format() : static_cast<Format>(random() % kFormatCount); }
  void operator()(const FieldInfo &f, Element &v) {
    (*this)(f, v.address);
    v.format = format(f);
  }
  void operator()(const FieldInfo &f, View &v) {
    (*this)(f, v.address);
    v.pitchIsReg = bits(1);
    v.pitch =
        v.pitchIsReg ? static_cast<int32_t>(bits(6)) : static_cast<int32_t>(bits(part::kPitch.width) - kPitchLimit);
    v.format = format(f);
  }
  void list(Sync::List &list) {
    for (uint64_t left = random() % (kSyncSlots + 1); left > 0; --left)
      list.push_back(bits(6));
  }
};

template <class T> T randomInstr(std::mt19937_64 &random);

template <class... Ts> void appendMicroOps(std::mt19937_64 &random, std::vector<MicroOp> &body, std::variant<Ts...> *) {
  (body.emplace_back(randomInstr<Ts>(random)), ...);
}

/// An instruction with random fields; a lane program has every micro-operation.
template <class T> T randomInstr(std::mt19937_64 &random) {
  T instr;
  RandomFields fields{random};
  T::forEachField(instr, fields);
  if constexpr (T::kHasSync) {
    fields.list(instr.sync.waits);
    fields.list(instr.sync.posts);
  }
  if constexpr (HasBody<T>) {
    appendMicroOps(random, instr.body, static_cast<MicroOp *>(nullptr));
    instr.count = instr.body.size();
  }
  return instr;
}

template <class... Ts> std::vector<Instr> oneOfEach(std::mt19937_64 &random, std::variant<Ts...> *) {
  return {Instr(randomInstr<Ts>(random))...};
}
inline std::vector<Instr> oneOfEach(std::mt19937_64 &random) {
  return oneOfEach(random, static_cast<Instr *>(nullptr));
}

/// A program of every instruction, with an argument, a buffer and a layer.
inline Program randomProgram(std::mt19937_64 &random) {
  Program program;
  program.name = "recurrence \"0\"";
  for (const Instr &instr : oneOfEach(random)) {
    if (!encode(instr, program.code))
      return {};
    size_t roles = std::holds_alternative<Begin>(instr) ? kRoleNames.size() : static_cast<size_t>(Role::Sequences);
    program.roles.push_back(static_cast<Role>(random() % roles));
  }
  program.semaphores[3] = 2;
  program.semaphores[kSemaphores - 1] = std::numeric_limits<uint16_t>::max();
  program.arguments.push_back({"x", false, 4, {-1, 3}, 1, {2, 0}});
  program.arguments.push_back({"y", true, 4, {}, 63, {}});
  program.buffers.push_back({"state", Memory::Vector, 64, 128});
  program.buffers.push_back({"weight", Memory::Weight, 0, 64, Keeps::Session});
  program.layer = {"/rnn/LSTM", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, -1};
  return program;
}

} // namespace rnn::isa
