//===- Passes.h - Passes over the rnn dialect -------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/Pass/Pass.h"

#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"
#include "rnn-mlir/Support/Choices.h"

namespace mlir {
class RewritePatternSet;
namespace linalg {
class LinalgDialect;
} // namespace linalg
} // namespace mlir

namespace rnn {

/// The values of an option of ScheduleKind: kSchedules.
llvm::cl::ValuesClass scheduleValues();

/// What is wrong with a time tile that is asked for, where 0 lets the compiler choose, by the names of the options that
/// ask; empty where nothing is.
std::string wrongTimeTileOption(ScheduleKind schedule, int64_t timeTile, llvm::StringRef scheduleName,
                                llvm::StringRef timeTileName);

/// `text` for the option of a pass, so that a printed pipeline can be read again: all but letters, digits and `-._:/`
/// as %XX.
std::string percentEncoded(llvm::StringRef text);
/// The text that was encoded; a percent sign without two digits stands for itself.
std::string percentDecoded(llvm::StringRef encoded);

/// kDefaultSchedule as a ScheduleKind.
inline ScheduleKind defaultSchedule() {
  return *symbolizeScheduleKind(kDefaultSchedule);
}

#define GEN_PASS_DECL
#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h.inc"

/// Patterns that leave no activation but sigmoid and tanh, on scalars, vectors
/// and tensors of static shape.
void populateExpandActivationsPatterns(mlir::RewritePatternSet &patterns);

} // namespace rnn
