//===- EncodingsTest.cpp - What is stored for weights -----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Conversion/RnnToRpu/Passes.h"
#include "rnn-mlir/Conversion/RnnToVector/Passes.h"
#include "rnn-mlir/Dialect/Rnn/IR/Constants.h"
#include "rnn-mlir/Dialect/Rnn/IR/TargetOf.h"
#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/TypeSwitch.h"

#include <gtest/gtest.h>

using namespace mlir;

#include "ToyDialect.h.inc"
#define GET_ATTRDEF_CLASSES
#include "ToyAttributes.h.inc"

#include "ToyDialect.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "ToyAttributes.cpp.inc"

void toy::ToyDialect::initialize() {
  addAttributes<BandsAttr>();
}

LogicalResult toy::BandsAttr::verifyEncoding(ArrayRef<int64_t> shape, Type,
                                             function_ref<InFlightDiagnostic()> emitError) const {
  if (shape.size() != 2 || llvm::any_of(shape, ShapedType::isDynamic))
    return emitError() << "expects a static matrix in bands";
  return success();
}

RankedTensorType toy::BandsAttr::getStoredType(RankedTensorType weight) const {
  return RankedTensorType::get({getBlocks(weight).count, getRows(), weight.getDimSize(1)}, weight.getElementType());
}

rnn::WeightBlocks toy::BandsAttr::getBlocks(RankedTensorType weight) const {
  return {.count = llvm::divideCeilSigned(weight.getDimSize(0), getRows()),
          .rows = getRows(),
          .bytes = getRows() * weight.getDimSize(1) * weight.getElementTypeBitWidth() / 8};
}

/// Calls `visit` with the positions of each element in the matrix and in what is stored.
static void forEachElement(RankedTensorType weight, llvm::function_ref<void(int64_t, int64_t)> visit) {
  int64_t columns = weight.getDimSize(1);
  for (int64_t row = 0; row < weight.getDimSize(0); ++row)
    for (int64_t column = 0; column < columns; ++column)
      visit(row * columns + column, row * columns + columns - 1 - column);
}

void toy::BandsAttr::encode(RankedTensorType weight, ArrayRef<char> dense, MutableArrayRef<char> stored) const {
  llvm::fill(stored, 0);
  size_t size = weight.getElementTypeBitWidth() / 8;
  forEachElement(weight, [&](int64_t from, int64_t to) {
    std::memcpy(stored.data() + to * size, dense.data() + from * size, size);
  });
}

void toy::BandsAttr::decode(RankedTensorType weight, ArrayRef<char> stored, MutableArrayRef<char> dense) const {
  size_t size = weight.getElementTypeBitWidth() / 8;
  forEachElement(weight, [&](int64_t to, int64_t from) {
    std::memcpy(dense.data() + to * size, stored.data() + from * size, size);
  });
}

Value toy::BandsAttr::buildEncode(OpBuilder &, Location, RankedTensorType, Value dense) const {
  return dense; // of constants alone in these tests
}

namespace {
struct EncodingsTest : testing::Test {
  MLIRContext context;
  OpBuilder builder{&context};
  OwningOpRef<ModuleOp> module;

  EncodingsTest() {
    context.loadDialect<rnn::RnnDialect, rnn::rpu::RpuDialect, toy::ToyDialect, func::FuncDialect,
                        bufferization::BufferizationDialect>();
    module = ModuleOp::create(builder.getUnknownLoc());
    builder.setInsertionPointToEnd(module->getBody());
  }

  /// A constant matrix whose elements count from 1, of that many bits each.
  Value matrix(int64_t rows, int64_t columns, unsigned bits) {
    auto type = RankedTensorType::get({rows, columns}, builder.getIntegerType(bits));
    size_t size = bits / 8;
    std::vector<char> bytes(rows * columns * size);
    for (uint64_t i = 0; i < bytes.size() / size; ++i)
      if (uint64_t value = i + 1; true)
        std::memcpy(bytes.data() + i * size, &value, size);
    AsmResourceBlob blob = HeapAsmResourceBlob::allocateAndCopyWithAlign(ArrayRef<char>(bytes), 8);
    ElementsAttr value = rnn::makeConstant(type, "matrix", std::move(blob));
    return arith::ConstantOp::create(builder, builder.getUnknownLoc(), type, cast<TypedAttr>(Attribute(value)));
  }

  static uint64_t at(ArrayRef<char> bytes, size_t index, unsigned bits) {
    uint64_t value = 0;
    std::memcpy(&value, bytes.data() + index * bits / 8, bits / 8);
    return value;
  }

  /// What a pass says about a module, or nothing where it succeeds.
  std::string complaint(std::unique_ptr<Pass> pass, StringRef text, bool onProgram = false) {
    std::string said;
    ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
      said += diagnostic.str();
      return success();
    });
    auto parsed = parseSourceString<ModuleOp>(text, &context);
    if (!parsed)
      return said;
    PassManager passes(&context);
    if (onProgram)
      passes.addNestedPass<rnn::rpu::ProgramOp>(std::move(pass));
    else
      passes.addPass(std::move(pass));
    (void)passes.run(*parsed);
    return said;
  }
};

TEST_F(EncodingsTest, PanelsHoldRowsColumnByColumn) {
  for (unsigned bits : {8u, 16u, 32u, 64u})
    for (int64_t height : {1, 5, 16, 40})
      for (auto [rows, columns] : {std::pair<int64_t, int64_t>{1, 1}, {16, 16}, {20, 19}, {33, 7}, {5, 40}, {40, 0}}) {
        Value weight = matrix(rows, columns, bits);
        Value encoded = builder.createOrFold<rnn::EncodeOp>(
            builder.getUnknownLoc(), weight, rnn::WeightEncoding(rnn::PanelsAttr::get(&context, height)));
        std::optional<rnn::ConstantData> data = rnn::constantData(encoded);
        ASSERT_TRUE(data);
        int64_t panels = (rows + height - 1) / height;
        ASSERT_EQ(data->type.getShape(), ArrayRef<int64_t>({panels, columns, height}));
        rnn::WeightBlocks blocks =
            rnn::weightEncoding(encoded.getType()).getBlocks(cast<RankedTensorType>(encoded.getType()));
        EXPECT_EQ(blocks.count, panels);
        EXPECT_EQ(blocks.rows, height);
        EXPECT_EQ(blocks.bytes, columns * height * bits / 8);
        EXPECT_EQ(data->bytes.size(), static_cast<size_t>(blocks.count * blocks.bytes));
        uint64_t mask = bits == 64 ? ~uint64_t(0) : (uint64_t(1) << bits) - 1;
        for (int64_t row = 0; row < panels * height; ++row)
          for (int64_t column = 0; column < columns; ++column)
            ASSERT_EQ(at(data->bytes, (row / height * columns + column) * height + row % height, bits),
                      row < rows ? (row * columns + column + 1) & mask : 0)
                << rows << " x " << columns << " in panels of " << height << ", row " << row << ", column " << column;
      }
}

TEST_F(EncodingsTest, DecodingGivesTheMatrix) {
  Value weight = matrix(37, 21, 32);
  ArrayRef<char> dense = rnn::constantData(weight)->bytes;
  for (rnn::WeightEncoding encoding : {rnn::WeightEncoding(rnn::PanelsAttr::get(&context, 16)),
                                       rnn::WeightEncoding(toy::BandsAttr::get(&context, 5))}) {
    Value encoded = builder.createOrFold<rnn::EncodeOp>(builder.getUnknownLoc(), weight, encoding);
    std::vector<char> decoded(dense.size(), 0x55);
    encoding.decode(cast<RankedTensorType>(encoded.getType()), rnn::constantData(encoded)->bytes, decoded);
    EXPECT_EQ(ArrayRef<char>(decoded), dense);
  }
}

TEST_F(EncodingsTest, ElementsOfTheMatrixAreNotWhatIsStored) {
  auto type = RankedTensorType::get({3, 2}, builder.getF32Type(), rnn::PanelsAttr::get(&context, 16));
  EXPECT_FALSE(rnn::constantData(DenseElementsAttr::get(type, ArrayRef<float>{1, 2, 3, 4, 5, 6})));
  EXPECT_TRUE(rnn::constantData(DenseElementsAttr::get(type, 2.0f)));
}

TEST_F(EncodingsTest, AnEncodingOfAnotherDialectFolds) {
  Value encoded = builder.createOrFold<rnn::EncodeOp>(builder.getUnknownLoc(), matrix(3, 4, 32),
                                                      rnn::WeightEncoding(toy::BandsAttr::get(&context, 2)));
  std::optional<rnn::ConstantData> data = rnn::constantData(encoded);
  ASSERT_TRUE(data);
  EXPECT_EQ(data->type.getShape(), ArrayRef<int64_t>({2, 2, 4}));
  EXPECT_EQ(at(data->bytes, 0, 32), 4u);
  EXPECT_EQ(at(data->bytes, 11, 32), 9u);
  EXPECT_EQ(at(data->bytes, 12, 32), 0u);
}

constexpr llvm::StringLiteral kRecurrence = R"(
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<3xf32>):
    %p = rnn.product %w, %v : (tensor<4x3xf32, #toy.bands<2>>, tensor<3xf32>) -> tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } step {
  ^bb0(%p: tensor<4xf32>):
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x3xf32>) -> tensor<?x?x4xf32>
)";

TEST_F(EncodingsTest, HostCodeRefusesWhatItCannotMultiply) {
  std::string text = "func.func @f(%x: tensor<?x?x3xf32>, %w: tensor<4x3xf32, #toy.bands<2>>) -> tensor<?x?x4xf32> {" +
                     kRecurrence.str() + "return %y : tensor<?x?x4xf32> }";
  EXPECT_EQ(complaint(rnn::createConvertRnnToVector(), text),
            "host code multiplies weights in panels of 16 rows, found 'tensor<4x3xf32, #toy.bands<2>>'");
}

TEST_F(EncodingsTest, TheMachineRefusesWhatItCannotMultiply) {
  auto model = rnn::target::read("generic");
  ASSERT_TRUE(model);
  std::string text = "module attributes {rnn.target = \"" + llvm::toHex(model->yaml) + "\"} {" +
                     "rpu.program @p(%x: tensor<?x?x3xf32>, %w: tensor<4x3xf32, #toy.bands<2>>) {" + kRecurrence.str() +
                     "rpu.return %y : tensor<?x?x4xf32> } }";
  // Each byte of the description as an escape of MLIR's strings.
  std::string escaped;
  std::string hex = llvm::toHex(model->yaml);
  for (size_t i = 0; i < hex.size(); i += 2)
    escaped += "\\" + hex.substr(i, 2);
  text.replace(text.find(hex), hex.size(), escaped);
  EXPECT_EQ(complaint(rnn::createConvertRnnToRpu(), text, /*onProgram=*/true),
            "the machine multiplies weights in panels of 16 rows, found 'tensor<4x3xf32, #toy.bands<2>>'");
}
} // namespace
