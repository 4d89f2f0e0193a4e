//===- Passes.h - The order of passes ---------------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"

#include "mlir/Pass/PassManager.h"

namespace rnn {

/// What the passes need of the options of a compilation.
struct PipelineOptions {
  ScheduleKind schedule = ScheduleKind::Mwl;
  int64_t timeTile = 0;
  /// Whether recurrences become programs of a device; otherwise they stay in the host function.
  bool device = true;
};

/// From an ONNX graph to a host function and, for a device, programs with addresses and semaphores. The module carries
/// the target's description as `rnn.target`.
void buildPipeline(mlir::OpPassManager &manager, const PipelineOptions &options);

/// Registers all passes of MLIR and of the project, and the pipeline `rnn-compile`.
void registerAllPasses();

/// Inserts all dialects of MLIR, with their extensions, and of the project.
void registerAllDialects(mlir::DialectRegistry &registry);

} // namespace rnn
