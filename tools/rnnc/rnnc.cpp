//===- rnnc.cpp - Compiles, runs and inspects programs -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Driver/Driver.h"

#include <csignal>

int main(int argc, char **argv) {
  // A file that grows beyond the limit is an error of writing.
  std::signal(SIGXFSZ, SIG_IGN);
  return rnn::driver::run(argc, argv);
}
