//===- Compile.h - From an ONNX model to a program file ---------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Support/Options.h"
#include "rnn-mlir/Support/Result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rnn {

/// What a model is compiled for, and how.
struct CompileOptions {
  /// The options of the table.
  OptionValues values;
  /// How messages spell the options.
  OptionSpelling spelling = OptionSpelling::Name;
  /// Called with a short phrase when a phase begins; may be empty.
  std::function<void(std::string_view)> progress;
  /// Called with every remark and warning, one located line each; may be empty.
  std::function<void(std::string_view)> note;
  /// Called with each warning about the description of the target; where it is empty, `note` is.
  std::function<void(std::string_view)> warning;
  /// Called at every refusal of an operator, or of a part of it, that is not supported; may be empty.
  std::function<void()> unsupported;
};

/// Errors: a target that there is not or whose description is wrong, values that options cannot have together, options
/// that are not supported yet.
Result<void> checkOptions(const CompileOptions &options);

/// Compiles the ONNX model (or `.mlir` module) at `model` into the program file `output`, which is written whole or not
/// at all. The error holds all refusals, one `file:node: error: …` line each; it is no refusal where a file
/// cannot be read or written, or the linker fails.
Result<void> compileFile(const std::string &model, const CompileOptions &options, const std::string &output);

/// The same for a serialised ONNX model in memory; `name` stands for the file in errors. Returns the program file's
/// bytes. External data is refused.
Result<std::vector<std::byte>> compileBytes(std::span<const std::byte> model, std::string_view name,
                                            const CompileOptions &options);

} // namespace rnn
