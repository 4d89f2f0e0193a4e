//===- Info.cpp - What a program file holds -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Runtime/Session.h"

namespace rnn::runtime {
namespace {

using nlohmann::ordered_json;

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
                       {"bytes", buffer.bytes},
                       {"keeps", isa::kKeepsNames[size_t(buffer.keeps)]}});
  return {{"name", program.name},
          {"node", program.layer.node},
          {"instructions", program.roles.size()},
          {"setup_instructions", program.setup},
          {"words", program.code.size()},
          {"arguments", program.arguments.size()},
          {"macs_per_step", program.layer.macsPerStep},
          {"buffers", buffers}};
}

} // namespace

ordered_json programInfo(const Program &program) {
  const Metadata &meta = program.metadata();
  ordered_json json = {{"model", meta.model},
                       {"target", meta.target},
                       {"compiler", meta.compiler},
                       {"bytes", program.container().bytes().size()},
                       {"inputs", tensorJson(meta.inputs)},
                       {"outputs", tensorJson(meta.outputs)},
                       {"nodes", meta.nodes}};
  if (meta.options)
    json["options"] = optionsJson(*meta.options);
  json["sections"] = ordered_json::array();
  for (const isa::Container::Section &section : program.container().sections())
    json["sections"].push_back({{"name", section.name}, {"offset", section.offset}, {"bytes", section.size}});
  json["programs"] = ordered_json::array();
  for (const isa::Program &each : program.container().programs())
    json["programs"].push_back(programJson(each));
  return json;
}

} // namespace rnn::runtime
