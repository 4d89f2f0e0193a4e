//===- Passes.h - The order of passes ---------------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h"
#include "rnn-mlir/Support/ConstantSection.h"
#include "rnn-mlir/Support/Options.h"

#include "mlir/Pass/PassManager.h"

namespace rnn {

/// What the passes need of the options of a compilation.
struct PipelineOptions {
  OptionValues values;
  /// Whether recurrences become programs of a device; otherwise they stay in the host function.
  bool device = true;
};

/// What is wrong with values that options cannot have together; empty where nothing is.
std::string wrongOptions(const OptionValues &values, OptionSpelling spelling);

/// From an ONNX graph to a host function and, for a device, programs with addresses and semaphores. The module carries
/// the target's description as `rnn.target`.
void buildPipeline(mlir::OpPassManager &manager, const PipelineOptions &options);

/// From the host function of such a module to the LLVM dialect: tensors to buffers, loops, calls of the runtime. The
/// programs of the device go. Large constants are added to `constants`, if given, which must outlive the manager.
void buildHostPipeline(mlir::OpPassManager &manager, ConstantSection *constants = nullptr);

/// Reports what the operators of a refused model are refused for, as `convert-onnx` does: for
/// `OnnxImportOptions::inspectRefused`.
void inspectRefused(mlir::ModuleOp module);

/// Registers all passes of MLIR and of the project, and the pipelines `rnn-compile` and `rnn-host-to-llvm`.
void registerAllPasses();

/// Inserts all dialects of MLIR, with their extensions, and of the project.
void registerAllDialects(mlir::DialectRegistry &registry);

} // namespace rnn
