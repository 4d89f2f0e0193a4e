//===- Inputs.cpp - The model's inputs, checked and in order -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Inputs.h"

#include "rnn-mlir/Support/Suggestion.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <set>

namespace rnn::runtime {
namespace {

/// The sizes that named dimensions have so far, and the input each was first seen in.
using NamedDims = std::map<std::string, std::pair<int64_t, std::string>>;

/// What is wrong with an input; empty if nothing.
std::string checkInput(const TensorInfo &info, const Array &array, NamedDims &dims) {
  if (array.dtype != info.dtype)
    return "expected " + std::string(dtypeName(info.dtype)) + ", found " + std::string(dtypeName(array.dtype));
  std::string shapes = "expected shape " + shapeText(info) + ", found " + shapeText(array.shape);
  if (array.shape.size() != info.shape.size() || !byteCount(array.dtype, array.shape))
    return shapes;
  for (size_t k = 0; k < info.shape.size(); ++k) {
    if (info.shape[k] >= 0 && info.shape[k] != array.shape[k])
      return shapes;
    if (info.shape[k] >= 0 || info.dims[k].empty())
      continue;
    auto [seen, fresh] = dims.try_emplace(info.dims[k], array.shape[k], info.name);
    if (!fresh && seen->second.first != array.shape[k])
      return "expected " + std::to_string(seen->second.first) + " for dimension '" + info.dims[k] + "', as in input '" +
             seen->second.second + "', found " + std::to_string(array.shape[k]);
  }
  auto elements = checkElements(array);
  return elements ? "" : elements.error().message;
}

} // namespace

std::vector<NamedArray> nameInputs(const Metadata &meta, std::vector<NamedArray> data) {
  std::vector<std::string> order;
  for (const TensorInfo &info : meta.inputs)
    order.push_back(info.name);
  order.insert(order.end(), meta.defaults.begin(), meta.defaults.end());
  std::set<std::string> names(order.begin(), order.end());
  bool own = std::all_of(data.begin(), data.end(), [&](const NamedArray &each) { return names.erase(each.name) == 1; });
  for (size_t k = 0; !own && k < data.size(); ++k)
    data[k].name = k < order.size() ? order[k] : "input_" + std::to_string(k);
  for (NamedArray &each : data)
    for (const TensorInfo &info : meta.inputs)
      if (info.name == each.name && info.shape.empty() && each.array.shape == std::vector<int64_t>{1})
        each.array.shape.clear();
  return data;
}

Result<std::vector<Array>> orderInputs(const Program &program, std::span<const NamedArray> inputs) {
  const Metadata &meta = program.metadata();
  std::string errors;
  auto fail = [&](const std::string &name, const std::string &text) {
    errors += (errors.empty() ? "" : "\n") + program.errorAt(name, text).message;
  };
  std::vector<std::string> names;
  for (const TensorInfo &info : meta.inputs)
    names.push_back(info.name);
  std::vector<const Array *> found(meta.inputs.size());
  for (const NamedArray &input : inputs) {
    auto info = std::find_if(meta.inputs.begin(), meta.inputs.end(),
                             [&](const TensorInfo &each) { return each.name == input.name; });
    if (info == meta.inputs.end())
      fail(input.name, std::ranges::count(meta.defaults, input.name)
                           ? "is a constant of the program, as the model has an initializer for it; without that it "
                             "is an input"
                           : "is no input of the model" + suggestion(input.name, names, "'"));
    else if (std::exchange(found[info - meta.inputs.begin()], &input.array))
      fail(input.name, "is given twice");
  }
  NamedDims dims;
  for (size_t k = 0; k < found.size(); ++k) {
    const TensorInfo &info = meta.inputs[k];
    std::string wrong = found[k] ? checkInput(info, *found[k], dims)
                                 : "expected a " + std::string(dtypeName(info.dtype)) + " input of shape " +
                                       shapeText(info) + ", found none";
    if (!wrong.empty())
      fail(info.name, wrong);
  }
  if (!errors.empty())
    return Error{errors};
  std::vector<Array> ordered;
  for (const Array *array : found) {
    if (reinterpret_cast<uintptr_t>(array->data.get()) % dtypeBytes(array->dtype) == 0) {
      ordered.push_back(*array);
      continue;
    }
    auto copy = Array::zeros(array->dtype, array->shape);
    if (!copy)
      return copy.error();
    std::memcpy(copy->data.get(), array->data.get(), array->bytes());
    ordered.push_back(std::move(*copy));
  }
  return ordered;
}

} // namespace rnn::runtime
