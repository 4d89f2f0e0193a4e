//===- Metadata.h - What a program file says about its model -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// The section META; docs/container.md has its keys.
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Runtime/Array.h"
#include "rnn-mlir/Support/Options.h"

#include <nlohmann/json.hpp>

namespace rnn::runtime {

/// Arrays and dimensions beyond these make no sense; they bound what a foreign file can ask for.
inline constexpr size_t kMaxTensors = 4096, kMaxRank = 32;

/// An input or output of the model.
struct TensorInfo {
  std::string name;
  DType dtype = DType::Float32;
  /// -1 for a run-time size.
  std::vector<int64_t> shape;
  /// The model's names of the dimensions, empty where there is none.
  std::vector<std::string> dims;
};

/// A size of a launch without host code: a number, or a dimension of an input.
struct SizeSource {
  int64_t value = 0;
  int32_t input = -1, dim = 0;
};

/// `[T, 1, ?]`: a run-time size is the model's name of it, or a question mark.
std::string shapeText(const TensorInfo &info);

/// Where an array of such a launch is.
enum class ArrayKind : uint8_t { Input, Output, Temporary };
inline constexpr std::string_view kArrayKindNames[] = {"input", "output", "temporary"};

/// An argument of such a launch: an array under the program's shape.
struct ArgumentSource {
  ArrayKind kind = ArrayKind::Input;
  uint32_t index = 0;
  std::vector<SizeSource> shape;
};

/// An array between launches.
struct TemporaryInfo {
  DType dtype = DType::Float32;
  std::vector<SizeSource> shape;
};

struct LaunchPlan {
  uint32_t program = 0;
  std::vector<ArgumentSource> arguments;
};

/// The options of a compilation as META and `rnnc info --json` hold them: those that are supported, by their keywords,
/// but the target, which has a key of its own.
nlohmann::json optionsJson(const OptionValues &options);

struct Metadata {
  std::string model, target, compiler;
  std::vector<TensorInfo> inputs, outputs;
  std::vector<std::string> nodes;
  /// Inputs of the model that are constants of the program, because they have an initializer.
  std::vector<std::string> defaults;
  std::optional<OptionValues> options;
  /// Bytes at the start of the constants that are the device's, and in its DRAM; where nothing is said, all of them.
  std::optional<uint64_t> deviceConstants;
  /// Where the model is launches and nothing else: the launches, the arrays between them, and the sizes of the outputs.
  /// Then there is no host code.
  std::vector<LaunchPlan> launches;
  std::vector<TemporaryInfo> temporaries;
  std::vector<std::vector<SizeSource>> outputSizes;

  /// Reads and checks META. Errors name the key.
  static Result<Metadata> parse(const nlohmann::json &meta);
  /// META for a program file; `parse` gives the same back.
  nlohmann::json toJson() const;
};

/// The types of inputs and outputs as host code says them, `float32[?, 4] -> float32[?, 8] float32[8]`.
std::string typesText(const Metadata &meta);

} // namespace rnn::runtime
