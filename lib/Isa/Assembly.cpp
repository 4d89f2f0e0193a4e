//===- Assembly.cpp - Instructions to text and back -------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// A line is a mnemonic and one `name=value` for each field. A lane program's
// micro-operations follow their `lanes` on lines of their own.
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Isa/Isa.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstdio>
#include <map>
#include <optional>
#include <set>

namespace rnn::isa {
namespace {

struct Printer {
  std::string &out;

  void operator()(const FieldInfo &f, uint32_t v) { field(f, std::to_string(v)); }
  void operator()(const FieldInfo &f, int64_t v) { field(f, std::to_string(v)); }
  void operator()(const FieldInfo &f, bool v) { field(f, v ? "1" : "0"); }
  void operator()(const FieldInfo &f, Reg v) { field(f, "s" + std::to_string(v.number)); }
  void operator()(const FieldInfo &f, LaneReg v) { field(f, "r" + std::to_string(v.number)); }
  void operator()(const FieldInfo &f, RegOrImm v) { field(f, (v.isReg ? "s" : "") + std::to_string(v.value)); }
  void operator()(const FieldInfo &f, float v) {
    char text[16];
    std::snprintf(text, sizeof text, "0x%08x", std::bit_cast<uint32_t>(v));
    field(f, text);
  }
  void operator()(const FieldInfo &f, const Element &v) { field(f, address(v.address) + format(v.format) + "]"); }
  void operator()(const FieldInfo &f, const View &v) {
    std::string text = address(v.address);
    if (v.pitchIsReg || v.pitch != 0)
      text += std::string(",pitch=") + (v.pitchIsReg ? "s" : "") + std::to_string(v.pitch);
    field(f, text + format(v.format) + "]");
  }
  static std::string format(Format format) {
    return format == Format() ? "" : ",format=" + std::string(kFormatNames[size_t(format)]);
  }

  static std::string address(const Address &v) {
    std::string text(kMemoryNames[static_cast<uint8_t>(v.memory)]);
    text += "[" + std::to_string(v.offset);
    if (v.base != 0)
      text += ",base=s" + std::to_string(v.base);
    for (unsigned level = 0; level < kLoopLevels; ++level)
      if (v.strides[level] != 0)
        text += ",i" + std::to_string(level) + "=s" + std::to_string(v.strides[level]);
    if (v.ringDepth != 0 || v.ringLevel != 0)
      text += ",ring=" + std::to_string(v.ringLevel) + "%" + std::to_string(v.ringDepth);
    return text;
  }
  void field(const FieldInfo &f, const std::string &value) { out += " " + std::string(f.name) + "=" + value; }
};

void printList(std::string_view name, const Sync::List &list, std::string &out) {
  if (list.size == 0)
    return;
  out += " " + std::string(name) + "=";
  for (const uint8_t &semaphore : list)
    out += (&semaphore == list.begin() ? "" : ",") + std::to_string(semaphore);
}

template <class T> void printOne(const T &instr, std::string &out) {
  out += T::kMnemonic;
  T::forEachField(instr, Printer{out});
  if constexpr (T::kHasSync) {
    printList("wait", instr.sync.waits, out);
    printList("post", instr.sync.posts, out);
  }
}

template <class T> std::optional<T> number(std::string_view text, int base = 10) {
  T value{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size() || text.empty())
    return std::nullopt;
  return value;
}

/// `s5` or `r5`.
std::optional<uint8_t> registerNumber(std::string_view text, char letter, unsigned count) {
  if (text.empty() || text[0] != letter)
    return std::nullopt;
  auto value = number<uint8_t>(text.substr(1));
  return value && *value < count ? value : std::nullopt;
}

/// Reads the fields of one instruction from its `name=value` words.
struct Parser {
  std::map<std::string_view, std::string_view> &values;
  std::optional<std::string> error;

  template <class T> void operator()(const FieldInfo &f, T &v) {
    auto at = values.find(f.name);
    if (at == values.end()) {
      fail("expects '" + std::string(f.name) + "='");
      return;
    }
    std::string_view text = at->second;
    values.erase(at);
    if (!read(text, v))
      fail("'" + std::string(text) + "' is no value for '" + std::string(f.name) + "'");
  }
  void fail(std::string message) {
    if (!error)
      error = std::move(message);
  }

  static bool read(std::string_view text, uint32_t &v) { return assign(number<uint32_t>(text), v); }
  static bool read(std::string_view text, int64_t &v) { return assign(number<int64_t>(text), v); }
  static bool read(std::string_view text, bool &v) {
    v = text == "1";
    return text == "0" || text == "1";
  }
  static bool read(std::string_view text, Reg &v) { return assign(registerNumber(text, 's', kRegisters), v.number); }
  static bool read(std::string_view text, RegOut &v) {
    return assign(registerNumber(text, 's', kRegisters), v.number) && v.number != 0;
  }
  static bool read(std::string_view text, LaneReg &v) {
    return assign(registerNumber(text, 'r', kLaneRegisters), v.number);
  }
  static bool read(std::string_view text, RegOrImm &v) {
    auto reg = registerNumber(text, 's', kRegisters);
    v.isReg = reg.has_value();
    return reg ? (v.value = *reg, true) : assign(number<uint32_t>(text), v.value);
  }
  static bool read(std::string_view text, float &v) {
    if (text.substr(0, 2) != "0x")
      return false;
    auto bits = number<uint32_t>(text.substr(2), 16);
    v = std::bit_cast<float>(bits.value_or(0));
    return bits.has_value();
  }
  static bool read(std::string_view text, Element &v) {
    View view;
    bool ok = read(text, view) && !view.pitchIsReg && view.pitch == 0;
    v = {view.address, view.format};
    return ok;
  }
  static bool read(std::string_view text, View &v) {
    size_t open = text.find('[');
    if (open == text.npos || text.back() != ']')
      return false;
    bool known = false;
    for (unsigned m = 0; m < kMemoryNames.size(); ++m)
      if (text.substr(0, open) == kMemoryNames[m])
        v.address.memory = static_cast<Memory>(m), known = true;
    text = text.substr(open + 1, text.size() - open - 2);
    std::set<std::string_view> given;
    size_t comma = text.find(',');
    if (!known || !assign(number<uint32_t>(text.substr(0, comma)), v.address.offset))
      return false;
    while (comma != text.npos) {
      text = text.substr(comma + 1);
      comma = text.find(',');
      std::string_view part = text.substr(0, comma);
      size_t equal = part.find('=');
      if (equal == part.npos || !given.insert(part.substr(0, equal)).second ||
          !readPart(part.substr(0, equal), part.substr(equal + 1), v))
        return false;
    }
    return true;
  }
  static bool readPart(std::string_view key, std::string_view value, View &v) {
    if (key == "base")
      return assign(registerNumber(value, 's', kRegisters), v.address.base);
    if (key == "ring") {
      size_t percent = value.find('%');
      return percent != value.npos && assign(number<uint8_t>(value.substr(0, percent)), v.address.ringLevel) &&
             assign(number<uint8_t>(value.substr(percent + 1)), v.address.ringDepth) &&
             v.address.ringLevel < kLoopLevels && v.address.ringDepth <= kMaxRingDepth;
    }
    if (key == "pitch") {
      auto reg = registerNumber(value, 's', kRegisters);
      v.pitchIsReg = reg.has_value();
      return reg ? (v.pitch = *reg, true) : assign(number<int32_t>(value), v.pitch);
    }
    if (key == "format") {
      auto name = std::ranges::find(kFormatNames, value);
      v.format = static_cast<Format>(name - kFormatNames.begin());
      return name != kFormatNames.end();
    }
    auto level = key.size() == 2 && key[0] == 'i' ? number<uint8_t>(key.substr(1)) : std::nullopt;
    return level && *level < kLoopLevels && assign(registerNumber(value, 's', kRegisters), v.address.strides[*level]);
  }
  static bool read(std::string_view text, Sync::List &list) {
    while (true) {
      size_t comma = text.find(',');
      auto semaphore = number<uint8_t>(text.substr(0, comma));
      if (!semaphore || *semaphore >= kSemaphores || list.size == kSyncSlots)
        return false;
      list.push_back(*semaphore);
      if (comma == text.npos)
        return true;
      text = text.substr(comma + 1);
    }
  }
  template <class V, class T> static bool assign(const std::optional<V> &value, T &target) {
    if (value)
      target = *value;
    return value.has_value();
  }
};

template <class T> Result<T> parseOne(std::map<std::string_view, std::string_view> values) {
  T instr;
  Parser parser{values, std::nullopt};
  T::forEachField(instr, parser);
  if constexpr (T::kHasSync)
    for (auto [name, list] : {std::pair{"wait", &instr.sync.waits}, std::pair{"post", &instr.sync.posts}})
      if (auto at = values.find(name); at != values.end()) {
        if (!Parser::read(at->second, *list))
          parser.fail("'" + std::string(at->second) + "' is no list of at most " + std::to_string(kSyncSlots) +
                      " semaphores");
        values.erase(at);
      }
  if (parser.error)
    return Error{*parser.error};
  if (!values.empty())
    return Error{"'" + std::string(T::kMnemonic) + "' has no field '" + std::string(values.begin()->first) + "'"};
  return instr;
}

template <class Variant> struct Mnemonics;
template <class... Ts> struct Mnemonics<std::variant<Ts...>> {
  static std::optional<Result<std::variant<Ts...>>> parse(std::string_view mnemonic,
                                                          const std::map<std::string_view, std::string_view> &values) {
    std::optional<Result<std::variant<Ts...>>> result;
    auto attempt = [&]<class T>() {
      if (mnemonic != T::kMnemonic)
        return false;
      auto one = parseOne<T>(values);
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

} // namespace

std::string print(const Instr &instr) {
  std::string out;
  std::visit(
      [&]<class T>(const T &one) {
        printOne(one, out);
        if constexpr (HasBody<T>)
          for (const MicroOp &op : one.body) {
            out += "\n  ";
            std::visit([&](const auto &micro) { printOne(micro, out); }, op);
          }
      },
      instr);
  return out;
}

Result<std::vector<Instr>> parse(std::string_view text, unsigned line, std::vector<unsigned> *lines) {
  std::vector<Instr> instrs;
  // The body of the last instruction, and how many micro-operations it still takes.
  std::vector<MicroOp> *body = nullptr;
  size_t wanted = 0;
  auto fail = [&](const std::string &message) { return Error{"line " + std::to_string(line) + ": " + message}; };
  for (; !text.empty(); ++line) {
    size_t newline = text.find('\n');
    std::string_view rest = text.substr(0, newline);
    text = newline == text.npos ? std::string_view() : text.substr(newline + 1);
    rest = rest.substr(0, rest.find(';'));
    std::string_view mnemonic;
    std::map<std::string_view, std::string_view> values;
    while (true) {
      size_t begin = rest.find_first_not_of(" \t\r");
      if (begin == rest.npos)
        break;
      size_t end = std::min(rest.find_first_of(" \t\r", begin), rest.size());
      std::string_view token = rest.substr(begin, end - begin);
      rest = rest.substr(end);
      size_t equal = token.find('=');
      if (mnemonic.empty())
        mnemonic = token;
      else if (equal == token.npos)
        return fail("expects name=value, found '" + std::string(token) + "'");
      else if (!values.try_emplace(token.substr(0, equal), token.substr(equal + 1)).second)
        return fail("'" + std::string(token.substr(0, equal)) + "' is given twice");
    }
    if (mnemonic.empty())
      continue;
    if (wanted > 0) {
      auto micro = Mnemonics<MicroOp>::parse(mnemonic, values);
      if (!micro)
        return fail("expects a micro-operation, found '" + std::string(mnemonic) + "'");
      if (!*micro)
        return fail(micro->error().message);
      body->push_back(std::move(**micro));
      --wanted;
      continue;
    }
    auto instr = Mnemonics<Instr>::parse(mnemonic, values);
    if (!instr)
      return fail("no instruction is called '" + std::string(mnemonic) + "'");
    if (!*instr)
      return fail(instr->error().message);
    instrs.push_back(std::move(**instr));
    if (lines)
      lines->push_back(line);
    std::visit(
        [&]<class T>(T &one) {
          if constexpr (HasBody<T>)
            body = &one.body, wanted = one.bodySize();
        },
        instrs.back());
  }
  if (wanted > 0)
    return fail("expects " + std::to_string(wanted) + " more micro-operations");
  return instrs;
}

} // namespace rnn::isa
