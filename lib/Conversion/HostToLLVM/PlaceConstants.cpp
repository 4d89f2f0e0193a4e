//===- PlaceConstants.cpp - Offsets of large constants -------- -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "HostInterface.h"

#include "rnn-mlir/Dialect/Rnn/IR/Constants.h"

#include <cstring>

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_PLACECONSTANTS
#include "rnn-mlir/Conversion/HostToLLVM/Passes.h.inc"

namespace {
struct PlaceConstants : impl::PlaceConstantsBase<PlaceConstants> {
  PlaceConstants() = default;
  explicit PlaceConstants(ConstantSection &shared) : shared(&shared) {}

  void runOnOperation() override {
    ConstantSection own;
    ConstantSection &section = shared ? *shared : own;
    Builder builder(&getContext());
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      Attribute constant = function->getAttr(kConstantAttr);
      if (!constant)
        continue;
      std::optional<ConstantData> data = constantData(constant);
      if (!data) {
        function.emitError("expects the elements of a constant, found ") << constant;
        return signalPassFailure();
      }
      function->setAttr(kOffsetAttr, builder.getI64IntegerAttr(place(*data, section)));
    }
  }

  static uint64_t place(const ConstantData &data, ConstantSection &section) {
    if (!data.splat)
      return section.add(data.bytes);
    std::vector<char> filled(data.bytes.size() * data.type.getNumElements());
    for (size_t at = 0; at < filled.size(); at += data.bytes.size())
      std::memcpy(filled.data() + at, data.bytes.data(), data.bytes.size());
    return section.own(std::move(filled));
  }

  ConstantSection *shared = nullptr;
};
} // namespace

std::unique_ptr<Pass> createPlaceConstants(ConstantSection &section) {
  return std::make_unique<PlaceConstants>(section);
}

} // namespace rnn
