//===- Metadata.cpp - What a program file says about its model -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Runtime/Metadata.h"

#include <set>

namespace rnn::runtime {
namespace {

using nlohmann::json;

/// Whether META has the option of a row.
bool inMetadata(size_t row) {
  return kCompileOptions[row].scope != OptionScope::Later && row != optionRow("target");
}

/// Walks META; the first thing that is not as it should be is remembered.
class MetadataReader {
public:
  std::string wrong;

  bool fail(const std::string &where, const std::string &expected) {
    if (wrong.empty())
      wrong = "metadata: expected " + expected + " at '" + where + "'";
    return false;
  }

  const json *find(const json &object, const char *key) {
    auto found = object.is_object() ? object.find(key) : object.end();
    return found == object.end() ? nullptr : &*found;
  }

  bool text(const json &object, const char *key, std::string &out, bool required = true) {
    const json *value = find(object, key);
    if (!value)
      return !required || fail(key, "a string");
    if (!value->is_string())
      return fail(key, "a string");
    out = value->get<std::string>();
    return true;
  }

  /// The elements of an array of at most `limit`; an absent key is an empty one.
  bool list(const json &object, const char *key, size_t limit, const json *&out) {
    static const json empty = json::array();
    const json *value = find(object, key);
    out = value ? value : &empty;
    if (!out->is_array() || out->size() > limit) {
      out = &empty;
      return fail(key, "an array of at most " + std::to_string(limit));
    }
    return true;
  }

  bool strings(const json &object, const char *key, size_t limit, std::vector<std::string> &out) {
    const json *all;
    if (!list(object, key, limit, all))
      return false;
    for (const json &each : *all) {
      if (!each.is_string())
        return fail(key, "strings");
      out.push_back(each.get<std::string>());
    }
    return true;
  }

  bool integer(const json &value, const std::string &where, int64_t low, int64_t high, int64_t &out) {
    if (!value.is_number_integer() || (value.is_number_unsigned() && value.get<uint64_t>() > uint64_t(INT64_MAX)))
      return fail(where, "an integer");
    out = value.get<int64_t>();
    return (out >= low && out <= high) ||
           fail(where, "a number in " + std::to_string(low) + ".." + std::to_string(high));
  }

  bool tensors(const json &meta, const char *key, std::vector<TensorInfo> &out) {
    const json *all;
    if (!find(meta, key))
      return fail(key, "an array");
    if (!list(meta, key, kMaxTensors, all))
      return false;
    std::set<std::string> names;
    for (const json &entry : *all) {
      TensorInfo &info = out.emplace_back();
      std::string dtype;
      const json *shape, *dims;
      if (!text(entry, "name", info.name) || !text(entry, "dtype", dtype) || !list(entry, "shape", kMaxRank, shape) ||
          !list(entry, "dims", kMaxRank, dims))
        return false;
      if (!names.insert(info.name).second)
        return fail(key, "different names");
      std::optional<DType> known = dtypeFromName(dtype);
      if (!known)
        return fail("dtype", "a known element type");
      info.dtype = *known;
      for (const json &size : *shape)
        if (!integer(size, "shape", -1, INT64_MAX, info.shape.emplace_back()))
          return false;
      if (!dims->empty() && dims->size() != shape->size())
        return fail("dims", "as many entries as in shape");
      info.dims.resize(shape->size());
      for (size_t k = 0; k < dims->size(); ++k) {
        if (!(*dims)[k].is_string())
          return fail("dims", "strings");
        info.dims[k] = (*dims)[k].get<std::string>();
      }
    }
    return true;
  }

  /// Sizes: numbers, or [input, dimension].
  bool sizes(const json &shape, const std::vector<TensorInfo> &inputs, std::vector<SizeSource> &out) {
    if (!shape.is_array() || shape.size() > kMaxRank)
      return fail("shape", "an array");
    for (const json &size : shape) {
      SizeSource &source = out.emplace_back();
      if (!size.is_array()) {
        if (!integer(size, "shape", 0, INT64_MAX, source.value))
          return false;
        continue;
      }
      int64_t input, dim;
      if (size.size() != 2)
        return fail("shape", "[input, dimension]");
      if (!integer(size[0], "shape", 0, int64_t(inputs.size()) - 1, input) ||
          !integer(size[1], "shape", 0, int64_t(inputs[input].shape.size()) - 1, dim))
        return false;
      source.input = int32_t(input);
      source.dim = int32_t(dim);
    }
    return true;
  }

  bool argument(const json &entry, const Metadata &meta, ArgumentSource &out) {
    const size_t counts[] = {meta.inputs.size(), meta.outputs.size(), meta.temporaries.size()};
    const json *index = nullptr, *shape = find(entry, "shape");
    for (size_t kind = 0; kind < std::size(counts) && !index; ++kind) {
      out.kind = ArrayKind(kind);
      index = find(entry, kArrayKindNames[kind].data());
    }
    int64_t number;
    if (!index || !shape)
      return fail("launches", "'input', 'output' or 'temporary', and 'shape'");
    if (!integer(*index, "launches", 0, int64_t(counts[size_t(out.kind)]) - 1, number))
      return false;
    out.index = uint32_t(number);
    return sizes(*shape, meta.inputs, out.shape);
  }

  bool deviceConstants(const json &object, Metadata &meta) {
    const json *bytes = find(object, "device_constants");
    int64_t number;
    if (bytes && !integer(*bytes, "device_constants", 0, INT64_MAX, number))
      return false;
    if (bytes)
      meta.deviceConstants = uint64_t(number);
    return true;
  }

  bool options(const json &object, Metadata &meta) {
    const json *given = find(object, "options");
    if (!given)
      return true;
    OptionValues &options = meta.options.emplace();
    for (size_t row = 0; row < kOptionCount; ++row)
      if (inMetadata(row) && !option(*given, row, options))
        return false;
    return true;
  }

  /// The value of a row.
  bool option(const json &given, size_t row, OptionValues &options) {
    std::string key = spelled(kCompileOptions[row], OptionSpelling::Keyword), value;
    if (kCompileOptions[row].kind == OptionKind::Integer) {
      const json *found = find(given, key.c_str());
      int64_t number;
      if (!found)
        return fail(key, "an integer");
      if (!integer(*found, key, kCompileOptions[row].least, kCompileOptions[row].most, number))
        return false;
      value = std::to_string(number);
    } else if (!text(given, key.c_str(), value)) {
      return false;
    }
    if (!options.set(row, value))
      return fail(key, "a value of --" + std::string(kCompileOptions[row].name));
    return true;
  }

  bool temporaries(const json &object, Metadata &meta) {
    const json *all;
    if (!list(object, "temporaries", 1 << 16, all))
      return false;
    for (const json &entry : *all) {
      TemporaryInfo &info = meta.temporaries.emplace_back();
      std::string dtype;
      const json *shape = find(entry, "shape");
      if (!text(entry, "dtype", dtype))
        return false;
      std::optional<DType> known = dtypeFromName(dtype);
      if (!known || !shape)
        return fail("temporaries", "a known 'dtype' and a 'shape'");
      info.dtype = *known;
      if (!sizes(*shape, meta.inputs, info.shape))
        return false;
    }
    return true;
  }

  bool launches(const json &object, Metadata &meta) {
    const json *all;
    if (!temporaries(object, meta) || !list(object, "launches", 1 << 16, all))
      return false;
    for (const json &entry : *all) {
      LaunchPlan &plan = meta.launches.emplace_back();
      const json *program = find(entry, "program"), *arguments;
      int64_t number;
      if (!program)
        return fail("launches", "'program'");
      if (!integer(*program, "program", 0, INT32_MAX, number) || !list(entry, "arguments", kMaxTensors, arguments))
        return false;
      plan.program = uint32_t(number);
      for (const json &each : *arguments)
        if (!argument(each, meta, plan.arguments.emplace_back()))
          return false;
    }
    const json *outputSizes;
    if (!list(object, "output_sizes", kMaxTensors, outputSizes))
      return false;
    for (const json &shape : *outputSizes)
      if (!sizes(shape, meta.inputs, meta.outputSizes.emplace_back()))
        return false;
    if (!meta.launches.empty() && meta.outputSizes.size() != meta.outputs.size())
      return fail("output_sizes", "one entry for each output");
    for (size_t k = 0; k < meta.outputSizes.size() && k < meta.outputs.size(); ++k)
      if (meta.outputSizes[k].size() != meta.outputs[k].shape.size())
        return fail("output_sizes", "the rank of the output");
    return true;
  }
};

json sizesJson(const std::vector<SizeSource> &sizes) {
  json list = json::array();
  for (const SizeSource &size : sizes)
    list.push_back(size.input < 0 ? json(size.value) : json::array({size.input, size.dim}));
  return list;
}

json tensorsJson(const std::vector<TensorInfo> &tensors) {
  json list = json::array();
  for (const TensorInfo &info : tensors)
    list.push_back({{"name", info.name}, {"dtype", dtypeName(info.dtype)}, {"shape", info.shape}, {"dims", info.dims}});
  return list;
}

} // namespace

json optionsJson(const OptionValues &options) {
  json object = json::object();
  for (size_t row = 0; row < kOptionCount; ++row)
    if (inMetadata(row)) {
      json &value = object[spelled(kCompileOptions[row], OptionSpelling::Keyword)];
      if (kCompileOptions[row].kind == OptionKind::Integer)
        value = options.number(row);
      else
        value = options.text(row);
    }
  return object;
}

json Metadata::toJson() const {
  json object = {{"model", model},
                 {"target", target},
                 {"compiler", compiler},
                 {"inputs", tensorsJson(inputs)},
                 {"outputs", tensorsJson(outputs)},
                 {"nodes", nodes}};
  if (options)
    object["options"] = optionsJson(*options);
  if (deviceConstants)
    object["device_constants"] = *deviceConstants;
  if (!defaults.empty())
    object["defaults"] = defaults;
  if (launches.empty())
    return object;
  for (const LaunchPlan &plan : launches) {
    json arguments = json::array();
    for (const ArgumentSource &argument : plan.arguments)
      arguments.push_back(
          {{kArrayKindNames[size_t(argument.kind)], argument.index}, {"shape", sizesJson(argument.shape)}});
    object["launches"].push_back({{"program", plan.program}, {"arguments", arguments}});
  }
  for (const TemporaryInfo &info : temporaries)
    object["temporaries"].push_back({{"dtype", dtypeName(info.dtype)}, {"shape", sizesJson(info.shape)}});
  for (const std::vector<SizeSource> &sizes : outputSizes)
    object["output_sizes"].push_back(sizesJson(sizes));
  return object;
}

std::string shapeText(const TensorInfo &info) {
  return shapeText(info.shape, info.dims);
}

Result<Metadata> Metadata::parse(const json &object) {
  Metadata meta;
  MetadataReader reader;
  bool good = reader.text(object, "model", meta.model) && reader.text(object, "target", meta.target) &&
              reader.text(object, "compiler", meta.compiler) && reader.tensors(object, "inputs", meta.inputs) &&
              reader.tensors(object, "outputs", meta.outputs) && reader.strings(object, "nodes", 1 << 24, meta.nodes) &&
              reader.strings(object, "defaults", 1 << 24, meta.defaults) && reader.deviceConstants(object, meta) &&
              reader.options(object, meta) && reader.launches(object, meta);
  if (!good)
    return Error{reader.wrong};
  return meta;
}

std::string typesText(const Metadata &meta) {
  std::string text;
  for (const TensorInfo &info : meta.inputs)
    text += std::string(dtypeName(info.dtype)) + shapeText(info.shape) + " ";
  text += "->";
  for (const TensorInfo &info : meta.outputs)
    text += " " + std::string(dtypeName(info.dtype)) + shapeText(info.shape);
  return text;
}

} // namespace rnn::runtime
