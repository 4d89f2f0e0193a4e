//===- Loader.cpp - Loads the compiler's library -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Compiler/Library.h"

#include <dlfcn.h>

namespace rnn {

static Result<const CompilerLibrary *> load() {
  // Found by the run path of the program or module this is linked into.
  void *library = ::dlopen("librnn-compiler.so", RTLD_LAZY | RTLD_LOCAL);
  if (!library) {
    const char *reason = ::dlerror();
    return Error{std::string("the compiler cannot be loaded: ") + (reason ? reason : "unknown reason")};
  }
  auto *compiler = static_cast<const CompilerLibrary *>(::dlsym(library, "rnn_compiler"));
  if (!compiler)
    return Error{"the compiler cannot be loaded: expected the symbol rnn_compiler"};
  if (std::string(compiler->version) != RNN_VERSION)
    return Error{std::string("expected the compiler of version ") + RNN_VERSION + ", found " + compiler->version};
  return compiler;
}

Result<const CompilerLibrary *> loadCompiler() {
  static const Result<const CompilerLibrary *> loaded = load();
  return loaded;
}

} // namespace rnn
