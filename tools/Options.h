//===- Options.h - What tools show of their options -------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/Config/llvm-config.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

namespace rnn {

/// Leaves the options of LLVM's libraries but `--help` and `--version` to `--help-hidden`, and has `--version` say
/// `TOOL VERSION` and LLVM's version behind it. To be called before a tool registers options, its own and MLIR's.
inline void prepareOptions(const char *tool) {
  for (auto &each : llvm::cl::getRegisteredOptions()) {
    llvm::cl::Option &option = *each.second;
    bool generic = option.Categories.front()->getName() == "Generic Options";
    if (!generic && option.getOptionHiddenFlag() == llvm::cl::NotHidden)
      option.setHiddenFlag(llvm::cl::Hidden);
  }
  llvm::cl::SetVersionPrinter(
      [tool](llvm::raw_ostream &os) { os << tool << " " RNN_VERSION "\nLLVM and MLIR " LLVM_VERSION_STRING "\n"; });
}

} // namespace rnn
