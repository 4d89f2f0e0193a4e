//===- Inspect.cpp - rnnc targets, info, asm, dis -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Commands.h"
#include "JsonKeys.h"
#include "rnn-mlir/Runtime/Report.h"
#include "rnn-mlir/Runtime/Session.h"
#include "rnn-mlir/Target/TargetModel.h"

#include "yaml-cpp/yaml.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace rnn::tool {
namespace {

using namespace runtime;
using nlohmann::ordered_json;

/// Writes what is told of device programs.
int emit(const std::string &text, const std::string &program, const std::string &output) {
  if (text.empty())
    remark(program + " holds no device programs, host code alone; rnnc info lists its sections");
  if (sameFile(program, output))
    return fail(output + ": error: is the program file, and would be overwritten");
  if (output.empty() || output == "-") {
    bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    return written ? 0 : fail(std::string("cannot write to standard output: ") + std::strerror(errno));
  }
  auto done = writeTextFile(output, text);
  return done ? 0 : fail(done.error().message);
}

ordered_json tensorJson(const std::vector<TensorInfo> &tensors) {
  ordered_json list = ordered_json::array();
  for (const TensorInfo &info : tensors) {
    ordered_json shape = ordered_json::array();
    for (size_t k = 0; k < info.shape.size(); ++k)
      shape.push_back(info.shape[k] >= 0     ? ordered_json(info.shape[k])
                      : info.dims[k].empty() ? ordered_json(nullptr)
                                             : ordered_json(info.dims[k]));
    list.push_back({{"name", info.name}, {"dtype", dtypeName(info.dtype)}, {"shape", shape}});
  }
  return list;
}

ordered_json programJson(const isa::Program &program) {
  ordered_json buffers = ordered_json::array();
  for (const isa::Buffer &buffer : program.buffers)
    buffers.push_back({{"name", buffer.name},
                       {"memory", isa::kMemoryNames[size_t(buffer.memory)]},
                       {"address", buffer.address},
                       {"bytes", buffer.bytes}});
  return {{"name", program.name},
          {"node", program.layer.node},
          {"instructions", program.roles.size()},
          {"words", program.code.size()},
          {"arguments", program.arguments.size()},
          {"macs_per_step", program.layer.macsPerStep},
          {"buffers", buffers}};
}

ordered_json programFileJson(const Program &program) {
  const Metadata &meta = program.metadata();
  ordered_json json = {{"model", meta.model},
                       {"target", meta.target},
                       {"compiler", meta.compiler},
                       {"bytes", program.container().bytes().size()},
                       {"inputs", tensorJson(meta.inputs)},
                       {"outputs", tensorJson(meta.outputs)},
                       {"nodes", meta.nodes},
                       {"options", meta.options}};
  json["sections"] = ordered_json::array();
  for (const isa::Container::Section &section : program.container().sections())
    json["sections"].push_back({{"name", section.name}, {"offset", section.offset}, {"bytes", section.size}});
  json["programs"] = ordered_json::array();
  for (const isa::Program &each : program.container().programs())
    json["programs"].push_back(programJson(each));
  return declared(infoKeys(), json);
}

/// A description as JSON; what is not quoted and reads as a number is one.
ordered_json yamlJson(const YAML::Node &node) {
  if (node.IsMap()) {
    ordered_json object = ordered_json::object();
    for (const auto &entry : node)
      object[entry.first.as<std::string>()] = yamlJson(entry.second);
    return object;
  }
  if (node.IsSequence()) {
    ordered_json list = ordered_json::array();
    for (const YAML::Node &each : node)
      list.push_back(yamlJson(each));
    return list;
  }
  bool quoted = node.Tag() == "!";
  if (int64_t whole; !quoted && YAML::convert<int64_t>::decode(node, whole))
    return whole;
  if (double number; !quoted && YAML::convert<double>::decode(node, number))
    return number;
  return node.as<std::string>();
}

/// `[T, 1, ?]`: names and numbers, `?` for a size that has neither.
std::string shapeOf(const ordered_json &tensor) {
  std::string text = "[";
  for (const ordered_json &size : tensor["shape"])
    text += (text.size() > 1 ? ", " : "") + (size.is_null()     ? std::string("?")
                                             : size.is_string() ? size.get<std::string>()
                                                                : size.dump());
  return text + "]";
}

void printInfo(const ordered_json &json) {
  std::printf("%s for %s, %s, %llu bytes\n", json["model"].get<std::string>().c_str(),
              json["target"].get<std::string>().c_str(), json["compiler"].get<std::string>().c_str(),
              json["bytes"].get<unsigned long long>());
  for (const char *kind : {"inputs", "outputs"})
    for (const ordered_json &tensor : json[kind])
      std::printf("%.*s %s: %s %s\n", kind[0] == 'i' ? 5 : 6, kind, tensor["name"].get<std::string>().c_str(),
                  tensor["dtype"].get<std::string>().c_str(), shapeOf(tensor).c_str());
  for (const ordered_json &section : json["sections"])
    std::printf("section %s: %llu bytes\n", section["name"].get<std::string>().c_str(),
                section["bytes"].get<unsigned long long>());
  for (const ordered_json &program : json["programs"]) {
    std::printf("program %s: node %s, %llu instructions, %llu words\n", program["name"].get<std::string>().c_str(),
                program["node"].get<std::string>().c_str(), program["instructions"].get<unsigned long long>(),
                program["words"].get<unsigned long long>());
    for (const ordered_json &buffer : program["buffers"])
      std::printf("  %s %s: %llu bytes at %llu\n", buffer["memory"].get<std::string>().c_str(),
                  buffer["name"].get<std::string>().c_str(), buffer["bytes"].get<unsigned long long>(),
                  buffer["address"].get<unsigned long long>());
  }
}

/// For each instruction its number, the address of its first word and its role beside the text, then its words.
Result<void> appendListing(const isa::Program &program, std::string &text) {
  std::span<const isa::Word> rest = program.code;
  for (size_t number = 0; !rest.empty(); ++number) {
    auto decoded = isa::decode(rest);
    if (!decoded)
      return decoded.error();
    char line[96];
    std::string_view role = number < program.roles.size() ? isa::kRoleNames[size_t(program.roles[number])] : "";
    std::snprintf(line, sizeof line, "%5zu %6zu  %-8s ", number, program.code.size() - rest.size(),
                  std::string(role).c_str());
    std::string lines = isa::print(decoded->instr);
    for (size_t at = 0; at < lines.size();) {
      size_t end = std::min(lines.find('\n', at), lines.size());
      text += (at == 0 ? std::string(line) : std::string(23, ' ')) + lines.substr(at, end - at) + "\n";
      at = end + 1;
    }
    for (size_t k = 0; k < decoded->words; ++k) {
      std::snprintf(line, sizeof line, "%23s; %016llx %016llx\n", "", (unsigned long long)rest[k].hi,
                    (unsigned long long)rest[k].lo);
      text += line;
    }
    rest = rest.subspan(decoded->words);
  }
  return {};
}

} // namespace

int targetsCommand(const std::string &target, bool json) {
  if (!target.empty()) {
    auto described = target::read(target);
    if (!described)
      return fail(described.error().message);
    if (auto model = target::TargetModel::parse(described->yaml, described->name); !model)
      return fail(model.error().message);
    if (json) {
      std::printf("%s\n", yamlJson(YAML::Load(std::string(described->yaml))).dump(2).c_str());
      return 0;
    }
    std::fwrite(described->yaml.data(), 1, described->yaml.size(), stdout);
    return 0;
  }
  ordered_json list = ordered_json::array();
  for (const target::BuiltinTarget &each : target::list()) {
    auto model = target::TargetModel::parse(each.yaml, each.name);
    if (!model)
      return fail(model.error().message);
    if (json)
      list.push_back(declared(targetKeys(), {{"name", each.name},
                                             {"summary", model->summary},
                                             {"kind", model->isDevice() ? "device" : "host"},
                                             {"clock", model->isDevice() ? ordered_json(model->clock) : nullptr}}));
    else
      std::printf("%-12s %s\n", std::string(each.name).c_str(), model->summary.c_str());
  }
  if (json)
    std::printf("%s\n", list.dump(2).c_str());
  return 0;
}

int infoCommand(const std::string &path, bool json) {
  auto program = Program::open(path);
  if (!program)
    return fail(program.error().message);
  ordered_json info = programFileJson(**program);
  if (json)
    std::printf("%s\n", info.dump(2, ' ', false, ordered_json::error_handler_t::replace).c_str());
  else
    printInfo(info);
  return 0;
}

int assemblyCommand(const std::string &path, const std::string &output) {
  auto program = Program::open(path);
  if (!program)
    return fail(program.error().message);
  std::string text;
  for (const isa::Program &each : (*program)->container().programs())
    text += isa::printProgram(each);
  return emit(text, path, output);
}

int listingCommand(const std::string &path, const std::string &output) {
  auto program = Program::open(path);
  if (!program)
    return fail(program.error().message);
  std::string text;
  for (const isa::Program &each : (*program)->container().programs()) {
    text += "program " + each.name + ", node " + each.layer.node + "\n";
    if (auto listed = appendListing(each, text); !listed)
      return fail(path + ": error: program '" + each.name + "': " + listed.error().message);
  }
  return emit(text, path, output);
}

} // namespace rnn::tool
