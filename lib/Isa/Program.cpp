//===- Program.cpp - Programs to bytes and to assembly ----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Isa/Program.h"

#include "ByteStream.h"
#include "rnn-mlir/Support/Json.h"
#include "rnn-mlir/Support/Utf8.h"

#include <algorithm>
#include <concepts>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace rnn::isa {

static void write(ByteWriter &writer, const Word &word) {
  writer.put(word.lo);
  writer.put(word.hi);
}

static void write(ByteWriter &writer, Role role) {
  writer.put(static_cast<uint8_t>(role));
}

/// A dimension of an argument.
struct Dim {
  int64_t size = 0;
  uint8_t reg = 0;
};
static void write(ByteWriter &writer, const Dim &dim) {
  writer.put(dim.size);
  writer.put(dim.reg);
}

static void write(ByteWriter &writer, const Argument &argument) {
  writer.put(argument.name);
  writer.put<uint8_t>(argument.output);
  writer.put(argument.elementBytes);
  writer.put(argument.baseRegister);
  writer.put<uint32_t>(argument.shape.size());
  for (size_t dim = 0; dim < argument.shape.size(); ++dim)
    write(writer,
          Dim{argument.shape[dim], dim < argument.dimRegisters.size() ? argument.dimRegisters[dim] : uint8_t(0)});
}

static void write(ByteWriter &writer, const Buffer &buffer) {
  writer.put(buffer.name);
  writer.put(static_cast<uint8_t>(buffer.memory));
  writer.put(buffer.address);
  writer.put(buffer.bytes);
  writer.put(static_cast<uint8_t>(buffer.keeps));
}

/// A count of items, refused where the rest cannot hold so many, each of which takes at least the bytes of an empty
/// one.
template <class Item> static size_t readCount(ByteReader &reader) {
  ByteWriter empty;
  write(empty, Item{});
  return reader.count(empty.out.size());
}

template <class Items> static void writeAll(ByteWriter &writer, const Items &items) {
  writer.put<uint32_t>(items.size());
  for (const auto &item : items)
    write(writer, item);
}

std::vector<std::byte> serialise(const Program &program) {
  ByteWriter writer;
  writer.put(program.name);
  writeAll(writer, program.code);
  writeAll(writer, program.roles);
  writer.put(program.setup);
  for (uint16_t count : program.semaphores)
    writer.put(count);
  writeAll(writer, program.arguments);
  writeAll(writer, program.buffers);
  const Layer &layer = program.layer;
  writer.put(layer.node);
  for (const LayerNumber &number : kLayerNumbers)
    writer.put(layer.*number.value);
  return std::move(writer.out);
}

/// The first of the names in a program that is not UTF-8, by what it names.
static std::optional<std::string> findBadName(const Program &program) {
  if (!isUtf8(program.layer.node))
    return "the layer";
  for (size_t index = 0; index < program.arguments.size(); ++index)
    if (!isUtf8(program.arguments[index].name))
      return "argument " + std::to_string(index);
  for (size_t index = 0; index < program.buffers.size(); ++index)
    if (!isUtf8(program.buffers[index].name))
      return "buffer " + std::to_string(index);
  return std::nullopt;
}

static std::string labelOf(const Argument &argument) {
  return "argument '" + argument.name + "'";
}
/// A name stands for the same thing in DRAM and in a memory of the tile.
static std::string labelOf(const Buffer &buffer) {
  return "buffer '" + buffer.name + "' in " + std::string(kMemoryNames[size_t(buffer.memory)]);
}

static Result<void> checkParts(const Program &program) {
  if (auto what = findBadName(program))
    return Error{"the name of " + *what + " is not UTF-8"};
  auto instrs = decodeAll(program.code);
  if (!instrs)
    return instrs.error();
  if (instrs->size() != program.roles.size())
    return Error{"expects a role for each of the " + std::to_string(instrs->size()) + " instructions, found " +
                 std::to_string(program.roles.size())};
  if (program.setup > instrs->size())
    return Error{"expects a set-up part of at most " + std::to_string(instrs->size()) + " instructions, found " +
                 std::to_string(program.setup)};
  for (uint32_t index = 0; index < program.setup; ++index)
    if (engineOf((*instrs)[index]) == Engine::Seq)
      return Error{"expects instructions of engines in the set-up part, found '" +
                   std::string(mnemonicOf((*instrs)[index])) + "'"};
  for (size_t index = 0; index < instrs->size() && index < program.roles.size(); ++index)
    if (isLoopRole(program.roles[index]) && !std::holds_alternative<Begin>((*instrs)[index]))
      return Error{"expects the role " + std::string(kRoleNames[static_cast<uint8_t>(program.roles[index])]) +
                   " at 'begin' alone, found it at '" + std::string(mnemonicOf((*instrs)[index])) + "'"};
  for (const Argument &argument : program.arguments) {
    if (argument.baseRegister == 0 || argument.baseRegister >= kRegisters)
      return Error{"argument '" + argument.name + "' has base register " + std::to_string(argument.baseRegister)};
    if (argument.elementBytes == 0 || argument.elementBytes > kMaxElementBytes || argument.shape.size() > kMaxRank)
      return Error{"argument '" + argument.name + "' has an impossible type"};
    for (int64_t size : argument.shape)
      if (size < -1)
        return Error{"argument '" + argument.name + "' has size " + std::to_string(size)};
    for (uint8_t reg : argument.dimRegisters)
      if (reg >= kRegisters)
        return Error{"argument '" + argument.name + "' has dim register " + std::to_string(reg)};
  }
  const Layer &layer = program.layer;
  for (int64_t number : {layer.stepsArgument, layer.lengthsArgument})
    if (number < -1 || number >= int64_t(program.arguments.size()))
      return Error{"layer '" + layer.node + "' has no argument " + std::to_string(number)};
  for (const LayerNumber &number : kLayerNumbers)
    if (layer.*number.value < (number.key.ends_with("_argument") ? -1 : 0))
      return Error{"a bound of layer '" + layer.node + "' is negative"};
  return {};
}

Result<void> checkProgram(const Program &program) {
  if (!isUtf8(program.name))
    return Error{"the name of a program is not UTF-8"};
  if (auto checked = checkParts(program); !checked)
    return Error{"program '" + program.name + "': " + checked.error().message};
  return {};
}

Result<Program> deserialise(std::span<const std::byte> bytes) {
  ByteReader reader(bytes);
  Program program;
  program.name = reader.text();
  program.code.resize(readCount<Word>(reader));
  for (Word &word : program.code) {
    word.lo = reader.get<uint64_t>();
    word.hi = reader.get<uint64_t>();
  }
  program.roles.resize(readCount<Role>(reader));
  for (Role &role : program.roles) {
    uint8_t value = reader.get<uint8_t>();
    if (value >= kRoleNames.size())
      return Error{"unknown role " + std::to_string(value)};
    role = static_cast<Role>(value);
  }
  program.setup = reader.get<uint32_t>();
  for (uint16_t &count : program.semaphores)
    count = reader.get<uint16_t>();
  program.arguments.resize(readCount<Argument>(reader));
  for (Argument &argument : program.arguments) {
    argument.name = reader.text();
    uint8_t output = reader.get<uint8_t>();
    if (output > 1)
      return Error{"expected 0 or 1 for whether an argument is an output, found " + std::to_string(output)};
    argument.output = output;
    argument.elementBytes = reader.get<uint32_t>();
    argument.baseRegister = reader.get<uint8_t>();
    size_t rank = readCount<Dim>(reader);
    for (size_t dim = 0; dim < rank; ++dim) {
      argument.shape.push_back(reader.get<int64_t>());
      argument.dimRegisters.push_back(reader.get<uint8_t>());
    }
  }
  program.buffers.resize(readCount<Buffer>(reader));
  for (Buffer &buffer : program.buffers) {
    buffer.name = reader.text();
    uint8_t memory = reader.get<uint8_t>();
    if (memory >= kMemoryNames.size())
      return Error{"unknown memory " + std::to_string(memory)};
    buffer.memory = static_cast<Memory>(memory);
    buffer.address = reader.get<uint64_t>();
    buffer.bytes = reader.get<uint64_t>();
    uint8_t keeps = reader.get<uint8_t>();
    if (keeps >= kKeepsNames.size())
      return Error{"unknown use " + std::to_string(keeps) + " of buffer '" + buffer.name + "'"};
    buffer.keeps = static_cast<Keeps>(keeps);
  }
  Layer &layer = program.layer;
  layer.node = reader.text();
  for (const LayerNumber &number : kLayerNumbers)
    layer.*number.value = reader.get<int64_t>();
  if (!reader.ok || !reader.rest.empty())
    return Error{reader.ok ? "bytes follow the program" : "the program is truncated"};
  if (auto checked = checkProgram(program); !checked)
    return checked.error();
  return program;
}

std::vector<std::byte> serialisePrograms(std::span<const Program> programs) {
  ByteWriter writer;
  writer.put<uint32_t>(programs.size());
  for (const Program &program : programs) {
    std::vector<std::byte> bytes = serialise(program);
    writer.put<uint64_t>(bytes.size());
    writer.out.insert(writer.out.end(), bytes.begin(), bytes.end());
  }
  return std::move(writer.out);
}

Result<std::vector<Program>> deserialisePrograms(std::span<const std::byte> bytes) {
  ByteReader reader(bytes);
  std::vector<Program> programs;
  for (size_t left = reader.count(8); left > 0; --left) {
    uint64_t size = reader.get<uint64_t>();
    if (size > reader.rest.size())
      return Error{"the list of programs is truncated"};
    auto program = deserialise(reader.rest.first(size));
    if (!program)
      return program.error();
    reader.rest = reader.rest.subspan(size);
    programs.push_back(std::move(*program));
  }
  if (!reader.ok || !reader.rest.empty())
    return Error{"the list of programs is malformed"};
  return programs;
}

//===----------------------------------------------------------------------===//
// Assembly: a directive is a dot, a word and a JSON object; `.role` holds
// for the instructions up to the next one.
//===----------------------------------------------------------------------===//

using nlohmann::ordered_json;

std::string printProgram(const Program &program) {
  std::string out = ".program " + ordered_json{{"name", program.name}}.dump() + "\n";
  const Layer &layer = program.layer;
  ordered_json numbers = {{"node", layer.node}};
  for (const LayerNumber &number : kLayerNumbers)
    numbers[std::string(number.key)] = layer.*number.value;
  out += ".layer " + numbers.dump() + "\n";
  for (const Argument &argument : program.arguments)
    out += ".argument " +
           ordered_json{
               {"name", argument.name},   {"output", argument.output},     {"element_bytes", argument.elementBytes},
               {"shape", argument.shape}, {"base", argument.baseRegister}, {"dims", argument.dimRegisters}}
               .dump() +
           "\n";
  for (const Buffer &buffer : program.buffers) {
    ordered_json entry = {{"name", buffer.name},
                          {"memory", kMemoryNames[static_cast<uint8_t>(buffer.memory)]},
                          {"address", buffer.address},
                          {"bytes", buffer.bytes}};
    if (buffer.keeps != Keeps::Scratch)
      entry["keeps"] = kKeepsNames[static_cast<uint8_t>(buffer.keeps)];
    out += ".buffer " + entry.dump() + "\n";
  }
  if (program.setup)
    out += ".setup " + ordered_json{{"instructions", program.setup}}.dump() + "\n";
  for (unsigned semaphore = 0; semaphore < kSemaphores; ++semaphore)
    if (program.semaphores[semaphore] != 0)
      out +=
          ".semaphore " + ordered_json{{"number", semaphore}, {"count", program.semaphores[semaphore]}}.dump() + "\n";
  auto instrs = decodeAll(program.code);
  if (!instrs)
    return out + "; " + instrs.error().message + "\n";
  unsigned depth = 0;
  Role role = Role::Control;
  for (size_t index = 0; index < instrs->size(); ++index) {
    const Instr &instr = (*instrs)[index];
    if (program.roles[index] != role) {
      role = program.roles[index];
      out += ".role " + ordered_json{{"role", kRoleNames[static_cast<uint8_t>(role)]}}.dump() + "\n";
    }
    if (std::holds_alternative<End>(instr) && depth > 0)
      --depth;
    std::string text = print(instr), indent(2 * depth, ' ');
    for (size_t at = 0; (at = text.find('\n', at)) != text.npos; at += indent.size() + 1)
      text.insert(at + 1, indent);
    out += indent + text + "\n";
    if (std::holds_alternative<Begin>(instr))
      ++depth;
  }
  return out;
}

/// The JSON object of a directive. The first key that is missing or whose value is not of the wanted type is the error;
/// it reads as nothing.
struct Directive {
  std::string_view word;
  const nlohmann::json &value;
  std::optional<Error> error;
  /// The keys that were read.
  std::set<std::string, std::less<>> known;

  void fail(std::string text) {
    if (!error)
      error = Error{std::move(text)};
  }
  void expect(std::string_view what, std::string_view key, const nlohmann::json &found) {
    fail("expects " + std::string(what) + " for '" + std::string(key) + "', found " + found.dump());
  }
  const nlohmann::json *find(std::string_view key) {
    auto entry = value.find(*known.emplace(key).first);
    if (entry != value.end())
      return &*entry;
    fail("'" + std::string(word) + "' lacks the key '" + std::string(key) + "'");
    return nullptr;
  }

  std::string text(std::string_view key) {
    const nlohmann::json *found = find(key);
    if (found && found->is_string())
      return found->get<std::string>();
    if (found)
      expect("a text", key, *found);
    return {};
  }
  bool boolean(std::string_view key) {
    const nlohmann::json *found = find(key);
    if (found && found->is_boolean())
      return found->get<bool>();
    if (found)
      expect("true or false", key, *found);
    return false;
  }
  template <std::integral T> T integer(std::string_view key, const nlohmann::json &number) {
    if (number.is_number_unsigned() && std::in_range<T>(number.get<uint64_t>()))
      return static_cast<T>(number.get<uint64_t>());
    if (number.is_number_integer() && !number.is_number_unsigned() && std::in_range<T>(number.get<int64_t>()))
      return static_cast<T>(number.get<int64_t>());
    expect("an integer from " + std::to_string(std::numeric_limits<T>::min()) + " to " +
               std::to_string(std::numeric_limits<T>::max()),
           key, number);
    return 0;
  }
  template <std::integral T> T integer(std::string_view key) {
    const nlohmann::json *found = find(key);
    return found ? integer<T>(key, *found) : 0;
  }
  template <std::integral T> std::vector<T> integers(std::string_view key) {
    std::vector<T> result;
    const nlohmann::json *found = find(key);
    if (found && !found->is_array())
      expect("a list of integers", key, *found);
    else if (found)
      for (const nlohmann::json &number : *found)
        result.push_back(integer<T>(key, number));
    return result;
  }
};

/// `given` holds the directives that stand in a program once, and the names of others.
static Result<void> readDirective(std::string_view word, const nlohmann::json &value, Program &program, Role &role,
                                  std::set<std::string> &given) {
  Directive directive{word, value, std::nullopt, {}};
  if ((word == ".program" || word == ".layer" || word == ".setup") && !given.emplace(word).second)
    return Error{"expects one " + std::string(word) + ", found a second"};
  if (word == ".program") {
    program.name = directive.text("name");
  } else if (word == ".layer") {
    program.layer.node = directive.text("node");
    for (const LayerNumber &number : kLayerNumbers)
      program.layer.*number.value = directive.integer<int64_t>(number.key);
  } else if (word == ".argument") {
    program.arguments.push_back(Argument{
        directive.text("name"), directive.boolean("output"), directive.integer<uint32_t>("element_bytes"),
        directive.integers<int64_t>("shape"), directive.integer<uint8_t>("base"), directive.integers<uint8_t>("dims")});
    if (directive.error)
      return *directive.error;
    if (program.arguments.back().shape.size() != program.arguments.back().dimRegisters.size())
      return Error{"expects as many dims as sizes"};
    if (std::string label = labelOf(program.arguments.back()); !given.insert(label).second)
      return Error{label + " is given twice"};
  } else if (word == ".setup") {
    program.setup = directive.integer<uint32_t>("instructions");
  } else if (word == ".buffer") {
    std::string name = directive.text("memory"), use(kKeepsNames[0]);
    if (value.contains("keeps"))
      use = directive.text("keeps");
    auto memory = std::ranges::find(kMemoryNames, name);
    auto keeps = std::ranges::find(kKeepsNames, use);
    if (directive.error)
      return *directive.error;
    if (memory == kMemoryNames.end())
      return Error{"no memory is called \"" + name + "\""};
    if (keeps == kKeepsNames.end())
      return Error{"no use of a buffer is called \"" + use + "\""};
    program.buffers.push_back(Buffer{directive.text("name"), static_cast<Memory>(memory - kMemoryNames.begin()),
                                     directive.integer<uint64_t>("address"), directive.integer<uint64_t>("bytes"),
                                     static_cast<Keeps>(keeps - kKeepsNames.begin())});
    if (directive.error)
      return *directive.error;
    if (std::string label = labelOf(program.buffers.back()); !given.insert(label).second)
      return Error{label + " is given twice"};
  } else if (word == ".semaphore") {
    unsigned number = directive.integer<unsigned>("number");
    if (directive.error)
      return *directive.error;
    if (number >= kSemaphores)
      return Error{"there is no semaphore " + std::to_string(number)};
    if (!given.insert("semaphore " + std::to_string(number)).second)
      return Error{"semaphore " + std::to_string(number) + " is given twice"};
    program.semaphores[number] = directive.integer<uint16_t>("count");
  } else if (word == ".role") {
    std::string name = directive.text("role");
    auto found = std::ranges::find(kRoleNames, name);
    if (directive.error)
      return *directive.error;
    if (found == kRoleNames.end())
      return Error{"no role is called \"" + name + "\""};
    role = static_cast<Role>(found - kRoleNames.begin());
  } else {
    return Error{"no directive is called '" + std::string(word) + "'"};
  }
  if (directive.error)
    return *directive.error;
  for (const auto &[key, ignored] : value.items())
    if (!directive.known.contains(key))
      return Error{"'" + std::string(word) + "' has no key '" + key + "'"};
  return {};
}

/// The JSON object behind the word of a directive.
static Result<nlohmann::json> readObject(const std::string &text) {
  std::set<std::string> keys;
  std::optional<std::string> repeated;
  auto value = parseJson(text, [&](std::string_view key, int depth) {
    if (depth == 1 && !keys.emplace(key).second && !repeated)
      repeated = key;
  });
  if (!value || !value->is_object())
    return Error{"expects a directive and a JSON object"};
  if (repeated)
    return Error{"key '" + *repeated + "' is given twice"};
  return std::move(*value);
}

/// The program of a text that begins after `line` lines of a file.
static Result<Program> parseOne(std::string_view text, unsigned line) {
  Program program;
  Role role = Role::Control;
  std::string block;
  unsigned blockLine = line + 1;
  std::set<std::string> given;
  auto flush = [&]() -> Result<void> {
    std::vector<unsigned> lines;
    auto instrs = parse(block, blockLine, &lines);
    if (!instrs)
      return instrs.error();
    for (size_t index = 0; index < instrs->size(); ++index) {
      if (auto done = encode((*instrs)[index], program.code); !done)
        return Error{"line " + std::to_string(lines[index]) + ": " + done.error().message};
      program.roles.push_back(role);
    }
    block.clear();
    return {};
  };
  while (!text.empty()) {
    size_t newline = text.find('\n');
    std::string_view one = text.substr(0, newline);
    text = newline == text.npos ? std::string_view() : text.substr(newline + 1);
    ++line;
    if (one.empty() || one[0] != '.') {
      if (block.empty())
        blockLine = line;
      block += std::string(one) + "\n";
      continue;
    }
    if (auto done = flush(); !done)
      return done.error();
    size_t space = one.find_first_of(" \t");
    auto value = readObject(std::string(space == one.npos ? "" : one.substr(space + 1)));
    if (!value)
      return Error{"line " + std::to_string(line) + ": " + value.error().message};
    if (auto done = readDirective(one.substr(0, space), *value, program, role, given); !done)
      return Error{"line " + std::to_string(line) + ": " + done.error().message};
  }
  if (auto done = flush(); !done)
    return done.error();
  if (auto checked = checkProgram(program); !checked)
    return checked.error();
  return program;
}

Result<Program> parseProgram(std::string_view text) {
  return parseOne(text, 0);
}

Result<std::vector<Program>> parsePrograms(std::string_view text) {
  std::vector<Program> programs;
  unsigned line = 0;
  size_t begin = text.npos;
  unsigned beginLine = 0;
  auto take = [&](size_t end) -> Result<void> {
    if (begin == text.npos)
      return {};
    auto program = parseOne(text.substr(begin, end - begin), beginLine);
    if (!program)
      return program.error();
    programs.push_back(std::move(*program));
    return {};
  };
  for (size_t at = 0; at < text.size(); ++line) {
    size_t end = std::min(text.find('\n', at), text.size());
    std::string_view one = text.substr(at, end - at);
    if (one.substr(0, one.find_first_of(" \t")) == ".program") {
      if (auto done = take(at); !done)
        return done.error();
      begin = at;
      beginLine = line;
    } else if (size_t first = one.find_first_not_of(" \t\r");
               begin == text.npos && first != one.npos && one[first] != ';') {
      return Error{"line " + std::to_string(line + 1) + ": expects .program, found '" + std::string(one) + "'"};
    }
    at = end + 1;
  }
  if (auto done = take(text.size()); !done)
    return done.error();
  return programs;
}

} // namespace rnn::isa
