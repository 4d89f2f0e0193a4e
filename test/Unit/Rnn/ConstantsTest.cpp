//===- ConstantsTest.cpp - Large constants without copies -------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/IR/Constants.h"
#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"
#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h"

#include "mlir/Pass/PassManager.h"

#include <gtest/gtest.h>

using namespace mlir;

namespace {
struct ConstantsTest : testing::Test {
  /// Set when a resource goes, at the latest with the context.
  bool freed = false;
  MLIRContext context;
  OpBuilder builder{&context};
  OwningOpRef<ModuleOp> module;

  ConstantsTest() {
    context.loadDialect<rnn::RnnDialect>();
    module = ModuleOp::create(builder.getUnknownLoc());
    builder.setInsertionPointToEnd(module->getBody());
  }

  Location loc() { return builder.getUnknownLoc(); }

  /// A constant resource that counts from 0; `freed` is set when it goes.
  Value resource(ArrayRef<int64_t> shape, bool *freed = nullptr) {
    auto type = RankedTensorType::get(shape, builder.getF32Type());
    auto *data = new std::vector<float>(type.getNumElements());
    for (size_t i = 0; i < data->size(); ++i)
      (*data)[i] = i;
    AsmResourceBlob blob(
        ArrayRef<float>(*data),
        [=](void *, size_t, size_t) {
          delete data;
          if (freed)
            *freed = true;
        },
        /*dataIsMutable=*/false);
    ElementsAttr value = rnn::makeConstant(type, "weight", std::move(blob));
    return arith::ConstantOp::create(builder, loc(), type, cast<TypedAttr>(Attribute(value)));
  }

  static ArrayRef<char> bytes(Value value) { return rnn::constantData(value)->bytes; }
  static float at(Value value, size_t index) { return reinterpret_cast<const float *>(bytes(value).data())[index]; }

  /// Whether encoding a weight, in a product, frees its plain form, whose flag is `freed`.
  bool encodingFrees(Value weight, bool asked) {
    auto vector = [&](int64_t size) { return RankedTensorType::get({size}, builder.getF32Type()); };
    Value x = arith::ConstantOp::create(builder, loc(), DenseElementsAttr::get(vector(32), 1.0f));
    rnn::ProductOp::create(builder, loc(), vector(16), weight, x, Value());
    PassManager passes(&context);
    rnn::EncodeWeightsOptions options;
    options.releaseConstants = asked;
    passes.addPass(rnn::createEncodeWeights(options));
    EXPECT_TRUE(succeeded(passes.run(*module)));
    return freed;
  }
};

TEST_F(ConstantsTest, RowsOfAResourceAreNotCopied) {
  Value weight = resource({2, 64, 16});
  Value second = rnn::sliceRows(builder, loc(), weight, 1, 1, /*dropLeading=*/true);
  EXPECT_EQ(cast<RankedTensorType>(second.getType()).getShape(), ArrayRef<int64_t>({64, 16}));
  EXPECT_EQ(bytes(second).data(), bytes(weight).data() + 64 * 16 * sizeof(float));
  Value rows = rnn::sliceRows(builder, loc(), second, 32, 32);
  EXPECT_EQ(at(rows, 0), 64 * 16 + 32 * 16);
}

TEST_F(ConstantsTest, RowsOfASplatAreASplat) {
  auto type = RankedTensorType::get({4, 3}, builder.getF32Type());
  Value splat = arith::ConstantOp::create(builder, loc(), DenseElementsAttr::get(type, 2.0f));
  Value rows = rnn::sliceRows(builder, loc(), splat, 1, 2);
  EXPECT_TRUE(rnn::constantData(rows)->splat);
}

TEST_F(ConstantsTest, SumOfConstantsIsAConstant) {
  Value a = resource({512}), b = resource({512});
  Value sum = rnn::addTensors(builder, loc(), a, b);
  EXPECT_EQ(at(sum, 511), 1022);
}

TEST_F(ConstantsTest, AResourceIsFreedWithItsLastReader) {
  Value weight = resource({2, 64, 16}, &freed);
  Value first = rnn::sliceRows(builder, loc(), weight, 0, 1, /*dropLeading=*/true);
  ArrayRef<char> data = bytes(weight);
  weight.getDefiningOp()->erase();
  rnn::releaseUnusedResource(*module, data);
  EXPECT_FALSE(freed);
  first.getDefiningOp()->erase();
  rnn::releaseUnusedResource(*module, data);
  EXPECT_TRUE(freed);
}

TEST_F(ConstantsTest, EncodingFreesThePlainWeightWhereAsked) {
  EXPECT_TRUE(encodingFrees(resource({16, 32}, &freed), /*asked=*/true));
}

TEST_F(ConstantsTest, EncodingKeepsThePlainWeightWhereNotAsked) {
  EXPECT_FALSE(encodingFrees(resource({16, 32}, &freed), /*asked=*/false));
}
} // namespace
