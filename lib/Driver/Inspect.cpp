//===- Inspect.cpp - rnnc info, asm, dis -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Commands.h"
#include "rnn-mlir/Driver/JsonKeys.h"
#include "rnn-mlir/Runtime/Report.h"
#include "rnn-mlir/Runtime/Session.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace rnn::driver {
namespace {

using namespace runtime;
using nlohmann::ordered_json;

/// Writes what is told of device programs.
int emit(const std::string &text, const std::string &program, const std::string &output) {
  if (text.empty())
    remark(program + " holds no device programs, host code alone; rnnc info lists its sections");
  if (output.empty() || output == "-") {
    bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    return written ? 0 : fail(std::string("cannot write to standard output: ") + std::strerror(errno));
  }
  auto done = writeTextFile(output, text);
  return done ? 0 : fail(done.error().message);
}

void printTensors(const char *kind, const std::vector<TensorInfo> &tensors) {
  for (const TensorInfo &info : tensors)
    std::printf("%s %s: %s %s\n", kind, info.name.c_str(), std::string(dtypeName(info.dtype)).c_str(),
                shapeText(info).c_str());
}

void printInfo(const ordered_json &json, const Metadata &meta) {
  std::printf("%s for %s, %s, %llu bytes\n", json["model"].get<std::string>().c_str(),
              json["target"].get<std::string>().c_str(), json["compiler"].get<std::string>().c_str(),
              json["bytes"].get<unsigned long long>());
  printTensors("input", meta.inputs);
  printTensors("output", meta.outputs);
  for (const ordered_json &section : json["sections"])
    std::printf("section %s: %llu bytes\n", section["name"].get<std::string>().c_str(),
                section["bytes"].get<unsigned long long>());
  for (const ordered_json &program : json["programs"]) {
    std::printf("program %s: node %s, %llu instructions, %llu words\n", program["name"].get<std::string>().c_str(),
                program["node"].get<std::string>().c_str(), program["instructions"].get<unsigned long long>(),
                program["words"].get<unsigned long long>());
    for (const ordered_json &buffer : program["buffers"])
      std::printf("  %s %s: %llu bytes at %llu, %s\n", buffer["memory"].get<std::string>().c_str(),
                  buffer["name"].get<std::string>().c_str(), buffer["bytes"].get<unsigned long long>(),
                  buffer["address"].get<unsigned long long>(), buffer["keeps"].get<std::string>().c_str());
  }
}

/// The columns of a listing: number and address of an instruction, its role.
std::string columns(const char *number, const char *address, const char *role) {
  char text[96];
  std::snprintf(text, sizeof text, "%5s %6s  %-8s ", number, address, role);
  return text;
}

/// A heading; for each instruction its number, the address of its first word and its role beside the text, then its
/// words.
Result<void> appendListing(const isa::Program &program, std::string &text) {
  text += "program " + program.name + ", node " + program.layer.node + "\n" + columns("no.", "word", "role") +
          "instruction; its words, 64 bits each\n";
  std::span<const isa::Word> rest = program.code;
  for (size_t number = 0; !rest.empty(); ++number) {
    auto decoded = isa::decode(rest);
    if (!decoded)
      return decoded.error();
    std::string_view role = number < program.roles.size() ? isa::kRoleNames[size_t(program.roles[number])] : "";
    std::string line = columns(std::to_string(number).c_str(),
                               std::to_string(program.code.size() - rest.size()).c_str(), std::string(role).c_str());
    std::string lines = isa::print(decoded->instr);
    for (size_t at = 0; at < lines.size();) {
      size_t end = std::min(lines.find('\n', at), lines.size());
      text += (at == 0 ? line : std::string(line.size(), ' ')) + lines.substr(at, end - at) + "\n";
      at = end + 1;
    }
    for (size_t k = 0; k < decoded->words; ++k) {
      char word[40];
      std::snprintf(word, sizeof word, "; %016llx %016llx\n", (unsigned long long)rest[k].hi,
                    (unsigned long long)rest[k].lo);
      text += std::string(line.size(), ' ') + word;
    }
    rest = rest.subspan(decoded->words);
  }
  return {};
}

/// Writes what `append` says of each program of a file.
template <class Append> int textCommand(const std::string &path, const std::string &output, Append append) {
  if (auto code = checkOutputs({path}, {output}))
    return *code;
  auto program = Program::open(path);
  if (!program)
    return fail(program.error().message);
  std::string text;
  for (const isa::Program &each : (*program)->container().programs())
    if (auto appended = append(each, text); !appended)
      return fail(path + ": error: program '" + each.name + "': " + appended.error().message);
  return emit(text, path, output);
}

} // namespace

int infoCommand(const std::string &path, bool json) {
  auto program = Program::open(path);
  if (!program)
    return fail(program.error().message);
  ordered_json info = declared(infoKeys(), programInfo(**program));
  if (json)
    std::printf("%s\n", info.dump(2, ' ', false, ordered_json::error_handler_t::replace).c_str());
  else
    printInfo(info, (*program)->metadata());
  return 0;
}

int assemblyCommand(const std::string &path, const std::string &output) {
  return textCommand(path, output, [](const isa::Program &program, std::string &text) -> Result<void> {
    text += isa::printProgram(program);
    return {};
  });
}

int listingCommand(const std::string &path, const std::string &output) {
  return textCommand(path, output, appendListing);
}

} // namespace rnn::driver
