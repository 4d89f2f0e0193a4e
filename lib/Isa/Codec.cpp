//===- Codec.cpp - Instructions to words and back ---------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Isa/Isa.h"

#include <bit>
#include <optional>
#include <type_traits>

namespace rnn::isa {
namespace {

/// Bits lo … lo+width-1 of a word; at most 64 of them.
uint64_t extract(const Word &word, unsigned lo, unsigned width) {
  uint64_t value = lo >= 64 ? word.hi >> (lo - 64) : lo == 0 ? word.lo : (word.lo >> lo) | (word.hi << (64 - lo));
  return width >= 64 ? value : value & ((uint64_t(1) << width) - 1);
}

void insert(Word &word, unsigned lo, unsigned width, uint64_t value) {
  if (lo >= 64) {
    word.hi |= value << (lo - 64);
    return;
  }
  word.lo |= value << lo;
  if (lo + width > 64)
    word.hi |= lo == 0 ? 0 : value >> (64 - lo);
}

/// Writes fields into words and keeps the first value that did not fit.
struct Writer {
  Word *words;
  std::string_view mnemonic;
  std::optional<Error> error;

  void put(const FieldInfo &field, unsigned at, unsigned width, uint64_t value) {
    if (width < 64 && value >> width != 0 && !error)
      error = Error{"value " + std::to_string(value) + " does not fit the " + std::to_string(width) + " bits of '" +
                    std::string(field.name) + "' in '" + std::string(mnemonic) + "'"};
    else
      insert(words[field.word], field.lo + at, width, value);
  }

  void put(const FieldInfo &field, const Part &part, uint64_t value, unsigned index = 0) {
    put(field, part.lo + index * part.width, part.width, value);
  }

  void operator()(const FieldInfo &f, uint32_t v) { put(f, 0, f.width, v); }
  void operator()(const FieldInfo &f, int64_t v) { put(f, 0, f.width, static_cast<uint64_t>(v)); }
  void operator()(const FieldInfo &f, float v) { put(f, 0, f.width, std::bit_cast<uint32_t>(v)); }
  void operator()(const FieldInfo &f, bool v) { put(f, 0, f.width, v); }
  void operator()(const FieldInfo &f, Reg v) { put(f, 0, f.width, v.number); }
  void operator()(const FieldInfo &f, RegOut v) {
    put(f, 0, f.width, v.number);
    if (v.number == 0 && !error)
      error = Error{"'" + std::string(f.name) + "' of '" + std::string(mnemonic) + "' is s0, which cannot be written"};
  }
  void operator()(const FieldInfo &f, LaneReg v) { put(f, 0, f.width, v.number); }
  void operator()(const FieldInfo &f, RegOrImm v) {
    if (v.isReg && v.value >= kRegisters)
      put(f, 0, part::kBase.width, v.value);
    put(f, 0, f.width - 1, v.value);
    put(f, f.width - 1, 1, v.isReg);
  }
  void operator()(const FieldInfo &f, const Address &v) {
    put(f, part::kMemory, static_cast<uint8_t>(v.memory));
    put(f, part::kBase, v.base);
    put(f, part::kOffset, v.offset);
    for (unsigned level = 0; level < kLoopLevels; ++level)
      put(f, part::kStrides, v.strides[level], level);
    put(f, part::kRingLevel, v.ringLevel);
    put(f, part::kRingDepth, v.ringDepth);
  }
  void format(const FieldInfo &f, Format format) {
    put(f, part::kFormat, static_cast<uint8_t>(format));
    if (f.bytes && format != Format() && !error)
      error =
          Error{"'" + std::string(f.name) + "' of '" + std::string(mnemonic) + "' is of bytes, which have no format"};
  }
  void operator()(const FieldInfo &f, const Element &v) {
    (*this)(f, v.address);
    format(f, v.format);
  }
  void operator()(const FieldInfo &f, const View &v) {
    (*this)(f, v.address);
    format(f, v.format);
    put(f, part::kPitchIsReg, v.pitchIsReg);
    bool fits =
        v.pitchIsReg ? v.pitch >= 0 && v.pitch < int32_t(kRegisters) : v.pitch >= -kPitchLimit && v.pitch < kPitchLimit;
    if (fits)
      put(f, part::kPitch, static_cast<uint32_t>(v.pitch) & (2 * kPitchLimit - 1));
    else if (!error)
      error = Error{"pitch " + std::string(v.pitchIsReg ? "s" : "") + std::to_string(v.pitch) + " does not fit '" +
                    std::string(f.name) + "' in '" + std::string(mnemonic) + "'"};
  }
};

/// Reads fields from words whose reserved bits have been checked.
struct WordReader {
  const Word *words;
  std::optional<Error> error;

  uint64_t get(const FieldInfo &f, unsigned at, unsigned width) { return extract(words[f.word], f.lo + at, width); }

  uint64_t get(const FieldInfo &f, const Part &part, unsigned index = 0) {
    return get(f, part.lo + index * part.width, part.width);
  }

  void operator()(const FieldInfo &f, uint32_t &v) { v = get(f, 0, f.width); }
  void operator()(const FieldInfo &f, int64_t &v) { v = static_cast<int64_t>(get(f, 0, f.width)); }
  void operator()(const FieldInfo &f, float &v) { v = std::bit_cast<float>(static_cast<uint32_t>(get(f, 0, 32))); }
  void operator()(const FieldInfo &f, bool &v) { v = get(f, 0, 1); }
  void operator()(const FieldInfo &f, Reg &v) { v.number = get(f, 0, f.width); }
  void operator()(const FieldInfo &f, RegOut &v) {
    v.number = get(f, 0, f.width);
    if (v.number == 0)
      error = Error{"'" + std::string(f.name) + "' is s0, which cannot be written"};
  }
  void operator()(const FieldInfo &f, LaneReg &v) { v.number = get(f, 0, f.width); }
  void operator()(const FieldInfo &f, RegOrImm &v) {
    v.isReg = get(f, f.width - 1, 1);
    v.value = get(f, 0, f.width - 1);
    if (v.isReg && v.value >= kRegisters)
      error = Error{"'" + std::string(f.name) + "' names register " + std::to_string(v.value) + ", there are " +
                    std::to_string(kRegisters)};
  }
  void operator()(const FieldInfo &f, Address &v) {
    uint64_t memory = get(f, part::kMemory);
    if (memory >= kMemoryNames.size())
      error = Error{"'" + std::string(f.name) + "' names memory " + std::to_string(memory)};
    v.memory = static_cast<Memory>(memory);
    v.base = get(f, part::kBase);
    v.offset = get(f, part::kOffset);
    for (unsigned level = 0; level < kLoopLevels; ++level)
      v.strides[level] = get(f, part::kStrides, level);
    v.ringLevel = get(f, part::kRingLevel);
    v.ringDepth = get(f, part::kRingDepth);
  }
  void format(const FieldInfo &f, Format &format) {
    uint64_t number = get(f, part::kFormat);
    if (number >= kFormatCount || (f.bytes && number != 0))
      error = Error{"'" + std::string(f.name) + "' names format " + std::to_string(number)};
    format = static_cast<Format>(number);
  }
  void operator()(const FieldInfo &f, Element &v) {
    (*this)(f, v.address);
    format(f, v.format);
  }
  void operator()(const FieldInfo &f, View &v) {
    (*this)(f, v.address);
    format(f, v.format);
    v.pitchIsReg = get(f, part::kPitchIsReg);
    auto pitch = static_cast<int64_t>(get(f, part::kPitch));
    v.pitch = static_cast<int32_t>(pitch < kPitchLimit ? pitch : pitch - 2 * kPitchLimit);
    if (v.pitchIsReg && pitch >= kRegisters)
      error = Error{"the pitch of '" + std::string(f.name) + "' names register " + std::to_string(pitch)};
  }
};

Result<void> encodeSync(const Sync::List &list, const Part &part, std::string_view mnemonic, Word &word) {
  if (list.size > kSyncSlots)
    return Error{"'" + std::string(mnemonic) + "' has " + std::to_string(list.size) +
                 " semaphores in a list, there is room for " + std::to_string(kSyncSlots)};
  for (unsigned slot = 0; slot < list.size; ++slot) {
    if (list.semaphores[slot] >= kSemaphores)
      return Error{"'" + std::string(mnemonic) + "' names semaphore " + std::to_string(list.semaphores[slot]) +
                   ", there are " + std::to_string(kSemaphores)};
    insert(word, part.lo + part.width * slot, part.width, kSemaphores | list.semaphores[slot]);
  }
  return {};
}

Result<Sync::List> decodeSync(const Word &word, const Part &part) {
  Sync::List list;
  for (unsigned slot = 0; slot < kSyncSlots; ++slot) {
    uint64_t bits = extract(word, part.lo + part.width * slot, part.width);
    if (bits == 0)
      continue;
    if (!(bits & kSemaphores) || list.size != slot)
      return Error{"a slot of the semaphore list is marked empty but is not, or follows an empty one"};
    list.push_back(bits & (kSemaphores - 1));
  }
  return list;
}

template <class T> Result<void> encodeOne(const T &instr, std::vector<Word> &words) {
  size_t begin = words.size();
  words.resize(begin + T::kWords);
  Writer writer{words.data() + begin, T::kMnemonic, std::nullopt};
  T::forEachField(instr, writer);
  if (writer.error)
    return *writer.error;
  insert(words[begin], part::kOpcode.lo, part::kOpcode.width, T::kOpcode);
  if constexpr (T::kHasSync) {
    if (auto done = encodeSync(instr.sync.waits, part::kWaits, T::kMnemonic, words[begin]); !done)
      return done;
    if (auto done = encodeSync(instr.sync.posts, part::kPosts, T::kMnemonic, words[begin]); !done)
      return done;
  }
  if constexpr (HasBody<T>) {
    if (instr.bodySize() != instr.body.size())
      return Error{"'" + std::string(T::kMnemonic) + "' counts " + std::to_string(instr.bodySize()) +
                   " micro-operations and has " + std::to_string(instr.body.size())};
    for (const MicroOp &op : instr.body)
      if (auto done = std::visit([&](const auto &micro) { return encodeOne(micro, words); }, op); !done)
        return done;
  }
  return {};
}

template <class T> Result<T> decodeOne(std::span<const Word> words) {
  if (words.size() < T::kWords)
    return Error{"'" + std::string(T::kMnemonic) + "' takes " + std::to_string(T::kWords) + " words, found " +
                 std::to_string(words.size())};
  for (unsigned k = 0; k < T::kWords; ++k)
    if ((words[k].lo & ~T::kUsed[k].lo) != 0 || (words[k].hi & ~T::kUsed[k].hi) != 0)
      return Error{"reserved bits of word " + std::to_string(k) + " of '" + std::string(T::kMnemonic) + "' are set"};
  T instr;
  WordReader reader{words.data(), std::nullopt};
  T::forEachField(instr, reader);
  if (reader.error)
    return Error{std::string(T::kMnemonic) + ": " + reader.error->message};
  if constexpr (T::kHasSync) {
    auto waits = decodeSync(words[0], part::kWaits), posts = decodeSync(words[0], part::kPosts);
    if (!waits || !posts)
      return Error{std::string(T::kMnemonic) + ": " + (waits ? posts : waits).error().message};
    instr.sync = Sync{*waits, *posts};
  }
  return instr;
}

template <class Variant> struct Table;
template <class... Ts> struct Table<std::variant<Ts...>> {
  /// The alternative with the opcode of the first word; empty where none has it.
  static std::optional<Result<std::variant<Ts...>>> decode(std::span<const Word> words) {
    std::optional<Result<std::variant<Ts...>>> result;
    unsigned opcode = extract(words[0], part::kOpcode.lo, part::kOpcode.width);
    auto attempt = [&]<class T>() {
      if (opcode != T::kOpcode)
        return false;
      auto one = decodeOne<T>(words);
      if (one)
        result.emplace(std::variant<Ts...>(std::move(*one)));
      else
        result.emplace(one.error());
      return true;
    };
    (attempt.template operator()<Ts>() || ...);
    return result;
  }
};

std::string hexOpcode(const Word &word) {
  static constexpr char digits[] = "0123456789abcdef";
  unsigned opcode = extract(word, part::kOpcode.lo, part::kOpcode.width);
  return {'0', 'x', digits[opcode >> 4], digits[opcode & 15]};
}

/// Decodes the micro-operations from word `at` on, which moves behind them.
template <HasBody T> Result<void> decodeBody(T &instr, std::span<const Word> words, size_t &at) {
  if (words.size() - at < instr.bodySize())
    return Error{"'" + std::string(T::kMnemonic) + "' counts " + std::to_string(instr.bodySize()) +
                 " micro-operations, found " + std::to_string(words.size() - at) + " words"};
  for (unsigned k = 0; k < instr.bodySize(); ++k) {
    auto micro = Table<MicroOp>::decode(words.subspan(at++, 1));
    if (!micro)
      return Error{"no micro-operation has opcode " + hexOpcode(words[at - 1])};
    if (!*micro)
      return micro->error();
    instr.body.push_back(std::move(**micro));
  }
  return {};
}

} // namespace

Result<void> encode(const Instr &instr, std::vector<Word> &words) {
  return std::visit([&](const auto &one) { return encodeOne(one, words); }, instr);
}

Result<Decoded> decode(std::span<const Word> words) {
  if (words.empty())
    return Error{"expects an instruction, found the end of the stream"};
  auto head = Table<Instr>::decode(words);
  if (!head)
    return Error{"no instruction has opcode " + hexOpcode(words[0])};
  if (!*head)
    return head->error();
  Decoded result{std::move(**head), 0};
  auto body = std::visit(
      [&]<class T>(T &one) -> Result<void> {
        result.words = T::kWords;
        if constexpr (HasBody<T>)
          return decodeBody(one, words, result.words);
        return {};
      },
      result.instr);
  if (!body)
    return body.error();
  return result;
}

Result<std::vector<Instr>> decodeAll(std::span<const Word> words) {
  std::vector<Instr> instrs;
  for (size_t at = 0; at < words.size();) {
    auto one = decode(words.subspan(at));
    if (!one)
      return Error{"word " + std::to_string(at) + ": " + one.error().message};
    at += one->words;
    instrs.push_back(std::move(one->instr));
  }
  return instrs;
}

Engine engineOf(const Instr &instr) {
  return std::visit([](const auto &one) { return engineOf(one); }, instr);
}

std::string_view mnemonicOf(const Instr &instr) {
  return std::visit([](const auto &one) { return one.kMnemonic; }, instr);
}

} // namespace rnn::isa
