//===- PlaceConstants.cpp - Offsets of large constants -------- -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "HostInterface.h"

#include "rnn-mlir/Dialect/Rnn/IR/Constants.h"

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
      std::optional<uint64_t> offset = place(*data, section);
      if (!offset) {
        function.emitError("expects a constant of at most 2 GiB, found ") << expandedSize(*data) << " bytes";
        return signalPassFailure();
      }
      function->setAttr(kOffsetAttr, builder.getI64IntegerAttr(*offset));
    }
  }

  /// None for a splat that is too large.
  static std::optional<uint64_t> place(const ConstantData &data, ConstantSection &section) {
    if (!data.splat)
      return section.add(data.bytes);
    std::optional<std::vector<char>> filled = expandSplat(data);
    return filled ? std::optional(section.own(std::move(*filled))) : std::nullopt;
  }

  ConstantSection *shared = nullptr;
};
} // namespace

std::unique_ptr<Pass> createPlaceConstants(ConstantSection &section) {
  return std::make_unique<PlaceConstants>(section);
}

} // namespace rnn
