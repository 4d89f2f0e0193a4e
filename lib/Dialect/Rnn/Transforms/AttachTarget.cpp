//===- AttachTarget.cpp - The target of a module ----------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h"

#include "rnn-mlir/Dialect/Rnn/IR/TargetOf.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_ATTACHTARGET
#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h.inc"

std::string percentEncoded(StringRef text) {
  std::string encoded;
  for (char c : text) {
    if (llvm::isAlnum(c) || StringRef("-._:/").contains(c))
      encoded += c;
    else
      encoded.append({'%', llvm::hexdigit(uint8_t(c) >> 4), llvm::hexdigit(uint8_t(c) & 15)});
  }
  return encoded;
}

std::string percentDecoded(StringRef encoded) {
  std::string text;
  while (!encoded.empty()) {
    uint8_t byte;
    if (encoded.size() >= 3 && encoded[0] == '%' && llvm::tryGetHexFromNibbles(encoded[1], encoded[2], byte)) {
      text += char(byte);
      encoded = encoded.drop_front(3);
    } else {
      text += encoded[0];
      encoded = encoded.drop_front();
    }
  }
  return text;
}

namespace {
struct AttachTarget : impl::AttachTargetBase<AttachTarget> {
  using AttachTargetBase::AttachTargetBase;

  void runOnOperation() override {
    getOperation()->setAttr(kTargetAttr, StringAttr::get(&getContext(), percentDecoded(description.getValue())));
  }
};
} // namespace
} // namespace rnn
