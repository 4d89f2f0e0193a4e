//===- rnn-docs.cpp - Prints pages of the documentation -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// For the build: the pages whose source are tables of the libraries.
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Driver/Claims.h"
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
         "A target is a YAML file, built in from `targets/` or given as `--target=FILE.yaml`. What it does not give, "
         "its\n"
         "`base` does. A number is a mapping of `value`, `unit` (one of those listed), `grade` and `source`; a word "
         "has no\n"
         "unit, and of several words the value is a list. Grades are `V` (verified against the paper's abstract or "
         "the\n"
         "authors' code), `C` (recalled, and an identity with verified figures gives it within 1 %), `M` (recalled), "
         "`D`\n"
         "(derived by arithmetic), `assumed`, and `calibrated against …`, which names the figure. Only `assumed` needs "
         "no\n"
         "source. Unknown keys are errors.\n\n"
         "An energy may be told of another technology, `at: {nm: 45, V: 0.9}`. The target's own is then\n"
         "E · (L / L₀) · (V / V₀)², L and V being its `technology` and `voltage`: switched capacitance goes with the\n"
         "feature size, and energy with capacitance times the square of the voltage. Nothing else is scaled.\n\n" +
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
  else if (page == "claims")
    text = rnn::driver::claimsPage();
  else if (page == "python")
    text = rnn::driver::pythonModule();
  else {
    std::fputs(page == "--help"
                   ? "usage: rnn-docs report|target|json|options|claims: prints the page in Markdown\n"
                     "       rnn-docs python: prints the Python package's module of the options\n"
                   : "rnn-docs: error: expected 'report', 'target', 'json', 'options', 'claims' or 'python'\n",
               page == "--help" ? stdout : stderr);
    return page == "--help" ? 0 : 1;
  }
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0 ? 0 : 1;
}
