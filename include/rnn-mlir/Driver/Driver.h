//===- Driver.h - rnnc as a function -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

namespace rnn::driver {

/// Performs the command line of rnnc, for a process that does nothing else: `check` starts processes of its own and
/// sets handlers of signals. Returns the exit code; errors are printed.
int run(int argc, char **argv);

} // namespace rnn::driver
