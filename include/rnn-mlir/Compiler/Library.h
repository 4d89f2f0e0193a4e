//===- Library.h - The compiler as a library loaded on demand -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// MLIR takes longer to load than most commands take to run, so only those that compile load it.
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Pipelines/Compile.h"

namespace rnn {

/// What the library librnn-compiler.so exports as `rnn_compiler`. Both sides are of one build.
struct CompilerLibrary {
  const char *version;
  decltype(&checkOptions) check;
  decltype(&compileFile) file;
  decltype(&compileBytes) bytes;
};

/// Loads the library when first called. Errors: it cannot be loaded, it is of another version.
Result<const CompilerLibrary *> loadCompiler();

} // namespace rnn
