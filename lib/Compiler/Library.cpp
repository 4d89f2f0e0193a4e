//===- Library.cpp - What the compiler's library exports -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Compiler/Library.h"

extern "C" __attribute__((visibility("default"))) const rnn::CompilerLibrary rnn_compiler;
const rnn::CompilerLibrary rnn_compiler = {RNN_VERSION, &rnn::checkOptions, &rnn::compileFile, &rnn::compileBytes};
