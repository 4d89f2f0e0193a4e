//===- rnn-docs.cpp - Prints pages of the documentation -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// For the build: the pages whose source are tables of the libraries.
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Driver/JsonKeys.h"
#include "rnn-mlir/Runtime/Report.h"
#include "rnn-mlir/Target/TargetModel.h"

#include <cstdio>
#include <string>

static std::string reportPage() {
  return "# The report\n\n"
         "`rnnc run --report=FILE.json` and `Session.report` in Python give one object with these keys; `layers` is "
         "an\n"
         "array with one entry for each device program that was launched. The parts of `layers[].account` add up to\n"
         "`layers[].cycles`, and so do `busy`, `fill` and the stalls of each engine.\n\n" +
         rnn::runtime::reportTable();
}

static std::string targetPage() {
  return "# The keys of a target\n\n"
         "A target is a YAML file, built in from `targets/` or given as `--target=FILE.yaml`. Every key must be there; "
         "a\n"
         "number is a mapping of `value`, `unit` (one of those listed) and `source` (a citation, or `assumed`). "
         "Unknown keys\n"
         "are errors.\n\n" +
         rnn::target::keyTable();
}

int main(int argc, char **argv) {
  std::string page = argc == 2 ? argv[1] : "", text;
  if (page == "report")
    text = reportPage();
  else if (page == "target")
    text = targetPage();
  else if (page == "json")
    text = rnn::driver::jsonPage();
  else if (page == "options")
    text = rnn::driver::optionsPage();
  else if (page == "python")
    text = rnn::driver::pythonModule();
  else {
    std::fputs(page == "--help" ? "usage: rnn-docs report|target|json|options: prints the page in Markdown\n"
                                  "       rnn-docs python: prints the Python package's module of the options\n"
                                : "rnn-docs: error: expected 'report', 'target', 'json', 'options' or 'python'\n",
               page == "--help" ? stdout : stderr);
    return page == "--help" ? 0 : 1;
  }
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0 ? 0 : 1;
}
