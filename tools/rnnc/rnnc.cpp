//===- rnnc.cpp - Compiles, runs and inspects programs -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Driver/Driver.h"

int main(int argc, char **argv) {
  return rnn::driver::run(argc, argv);
}
