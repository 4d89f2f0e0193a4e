//===- Compile.cpp - rnnc compile -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Commands.h"
#include "rnn-mlir/Compiler/Library.h"

#include <cstdio>

namespace rnn::driver {

int compileCommand(CompileSettings settings) {
  if (auto code = checkOutputs({settings.model, settings.options.values.get<"target">()}, {settings.output}))
    return *code;
  bool unsupported = false, misused = false;
  settings.options.unsupported = [&] { unsupported = true; };
  auto compileAll = [&]() -> Result<void> {
    Progress progress;
    progress.phase("loading the compiler");
    auto compiler = loadCompiler();
    if (!compiler)
      return compiler.error();
    if (auto good = (*compiler)->check(settings.options); !good) {
      misused = true;
      return good;
    }
    settings.options.warning = [](std::string_view warning) {
      std::fprintf(stderr, "%.*s\n", int(warning.size()), warning.data());
    };
    settings.options.progress = [&](std::string_view phase) { progress.phase(phase); };
    if (settings.verbose)
      settings.options.note = [](std::string_view note) {
        std::fprintf(stderr, "%.*s\n", int(note.size()), note.data());
      };
    return (*compiler)->file(settings.model, settings.options, settings.output);
  };
  // The line of the progress is gone before an error is printed.
  auto done = compileAll();
  if (done)
    return 0;
  std::string seeAlso = unsupported ? "\nrnnc: note: build/docs/operators.md has what is supported" : "";
  return fail(done.error().message + seeAlso, misused ? kMisused : kFailed);
}

} // namespace rnn::driver
