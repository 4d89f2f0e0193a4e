//===- Encodings.cpp - The forms in which weights are stored ----*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/IR/Constants.h"
#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/Support/MathExtras.h"

#include <cstring>

using namespace mlir;

namespace rnn {

//===----------------------------------------------------------------------===//
// #rnn.panels
//===----------------------------------------------------------------------===//

/// More rows than any machine has sums for.
static constexpr int64_t kMostPanelRows = 4096;

/// Rows and columns that are transposed at a time: they stay in the first-level cache, and every row is read in whole
/// cache lines.
static constexpr int64_t kTransposed = 16;

LogicalResult PanelsAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t rows) {
  if (rows < 1 || rows > kMostPanelRows)
    return emitError() << "expects panels of 1 to " << kMostPanelRows << " rows, found " << rows;
  return success();
}

LogicalResult PanelsAttr::verifyEncoding(ArrayRef<int64_t> shape, Type element,
                                         function_ref<InFlightDiagnostic()> emitError) const {
  if (shape.size() != 2 || llvm::any_of(shape, ShapedType::isDynamic))
    return emitError() << "expects a static matrix in panels, found " << shape.size() << " dimensions"
                       << (shape.size() == 2 ? ", not all static" : "");
  if (!element.isIntOrFloat() || !llvm::is_contained({8, 16, 32, 64}, element.getIntOrFloatBitWidth()))
    return emitError() << "expects elements of 8, 16, 32 or 64 bits in panels, found " << element;
  int64_t bytes = element.getIntOrFloatBitWidth() / 8, rows;
  if (llvm::AddOverflow(shape[0], getRows() - 1, rows) || llvm::MulOverflow(rows, shape[1], bytes) ||
      llvm::MulOverflow<int64_t>(bytes, element.getIntOrFloatBitWidth() / 8, bytes))
    return emitError() << "expects a matrix whose bytes in panels fit 64 bits, found " << shape[0] << " x " << shape[1];
  return success();
}

RankedTensorType PanelsAttr::getStoredType(RankedTensorType weight) const {
  return RankedTensorType::get({getBlocks(weight).count, weight.getDimSize(1), getRows()}, weight.getElementType());
}

WeightBlocks PanelsAttr::getBlocks(RankedTensorType weight) const {
  return {.count = llvm::divideCeilSigned(weight.getDimSize(0), getRows()),
          .rows = getRows(),
          .bytes = weight.getDimSize(1) * getRows() * (weight.getElementTypeBitWidth() / 8)};
}

/// Transposes each panel of a row-major matrix; with `back`, the reverse. Rows beyond the last one are zero.
template <typename Element, bool back, class Dense, class Stored>
static void transposePanels(Dense *dense, Stored *stored, int64_t rows, int64_t columns, int64_t height) {
  constexpr int64_t size = sizeof(Element);
  int64_t end = llvm::divideCeilSigned(rows, height) * height;
  for (int64_t panel = 0; panel < end; panel += height)
    for (int64_t top = 0; top < height; top += kTransposed)
      for (int64_t begin = 0; begin < columns; begin += kTransposed)
        for (int64_t r = top; r < std::min(top + kTransposed, height); ++r) {
          Stored *inPanel = stored + (panel * columns + begin * height + r) * size;
          int64_t width = std::min(kTransposed, columns - begin);
          if (panel + r >= rows) {
            if constexpr (!back)
              for (int64_t c = 0; c < width; ++c)
                std::memset(inPanel + c * height * size, 0, size);
            continue;
          }
          Dense *inRow = dense + ((panel + r) * columns + begin) * size;
          for (int64_t c = 0; c < width; ++c)
            if constexpr (back)
              std::memcpy(inRow + c * size, inPanel + c * height * size, size);
            else
              std::memcpy(inPanel + c * height * size, inRow + c * size, size);
        }
}

template <bool back, class Dense, class Stored>
static void transposePanels(RankedTensorType weight, Dense dense, Stored stored, int64_t height) {
  auto transpose = [&]<class Element>(Element) {
    transposePanels<Element, back>(dense.data(), stored.data(), weight.getDimSize(0), weight.getDimSize(1), height);
  };
  switch (weight.getElementTypeBitWidth()) {
  case 8:
    return transpose(uint8_t());
  case 16:
    return transpose(uint16_t());
  case 32:
    return transpose(uint32_t());
  default:
    return transpose(uint64_t());
  }
}

bool PanelsAttr::keepsSplats(RankedTensorType weight) const {
  return weight.getDimSize(0) % getRows() == 0;
}

void PanelsAttr::encode(RankedTensorType weight, ArrayRef<char> dense, MutableArrayRef<char> stored) const {
  transposePanels<false>(weight, dense, stored, getRows());
}

void PanelsAttr::decode(RankedTensorType weight, ArrayRef<char> stored, MutableArrayRef<char> dense) const {
  transposePanels<true>(weight, dense, stored, getRows());
}

Value PanelsAttr::buildEncode(OpBuilder &builder, Location loc, RankedTensorType weight, Value dense) const {
  RankedTensorType stored = getStoredType(weight);
  Type element = weight.getElementType();
  int64_t panels = stored.getDimSize(0), columns = weight.getDimSize(1);
  if (int64_t missing = panels * getRows() - weight.getDimSize(0)) {
    Value zero = arith::ConstantOp::create(builder, loc, builder.getZeroAttr(element));
    SmallVector<OpFoldResult> low(2, builder.getIndexAttr(0));
    SmallVector<OpFoldResult> high = {builder.getIndexAttr(missing), builder.getIndexAttr(0)};
    dense = tensor::PadOp::create(builder, loc, RankedTensorType::get({panels * getRows(), columns}, element), dense,
                                  low, high, zero);
  }
  auto splitType = RankedTensorType::get({panels, getRows(), columns}, element);
  SmallVector<ReassociationIndices> split = {{0, 1}, {2}};
  Value rows = tensor::ExpandShapeOp::create(builder, loc, splitType, dense, split);
  Value empty = tensor::EmptyOp::create(builder, loc, stored.getShape(), element);
  return linalg::TransposeOp::create(builder, loc, rows, empty, ArrayRef<int64_t>{0, 2, 1}).getResults().front();
}

//===----------------------------------------------------------------------===//
// rnn.encode, rnn.reinterpret
//===----------------------------------------------------------------------===//

WeightEncoding weightEncoding(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor ? dyn_cast_or_null<WeightEncoding>(tensor.getEncoding()) : WeightEncoding();
}

RankedTensorType storedType(RankedTensorType type) {
  WeightEncoding encoding = weightEncoding(type);
  return encoding ? encoding.getStoredType(type) : type;
}

Value storedForm(OpBuilder &builder, Value weight) {
  auto type = cast<RankedTensorType>(weight.getType());
  if (!weightEncoding(type))
    return weight;
  return builder.createOrFold<ReinterpretOp>(weight.getLoc(), storedType(type), weight);
}

void EncodeOp::build(OpBuilder &builder, OperationState &state, Value weight, WeightEncoding encoding) {
  auto type = cast<RankedTensorType>(weight.getType());
  build(builder, state, RankedTensorType::get(type.getShape(), type.getElementType(), encoding), weight);
}

LogicalResult EncodeOp::verify() {
  RankedTensorType weight = getWeight().getType(), result = getType();
  if (weight.getEncoding() || weight.getRank() != 2 || !weight.hasStaticShape())
    return emitOpError("(C1) expects a static matrix without an encoding, found ") << weight;
  if (!weightEncoding(result))
    return emitOpError("(C2) expects a result with an encoding of weights, found ") << result;
  if (result.getShape() != weight.getShape() || result.getElementType() != weight.getElementType())
    return emitOpError("(C2) expects a result of the shape and the element type of ") << weight << ", found " << result;
  return success();
}

OpFoldResult EncodeOp::fold(FoldAdaptor adaptor) {
  std::optional<ConstantData> data = constantData(adaptor.getWeight());
  if (!data)
    return nullptr;
  RankedTensorType result = getType();
  if (data->splat && weightEncoding(result).keepsSplats(result))
    return DenseElementsAttr::getFromRawBuffer(result, data->bytes);
  std::optional<std::vector<char>> expanded;
  ArrayRef<char> bytes = data->bytes;
  if (data->splat) {
    if (!(expanded = expandSplat(*data)))
      return nullptr;
    bytes = *expanded;
  }
  RankedTensorType stored = storedType(result);
  AsmResourceBlob blob = HeapAsmResourceBlob::allocate(stored.getNumElements() * (stored.getElementTypeBitWidth() / 8),
                                                       64, /*dataIsMutable=*/true);
  weightEncoding(result).encode(result, bytes, blob.getMutableData());
  return makeEncodedConstant(result, "encoded", std::move(blob));
}

LogicalResult ReinterpretOp::verify() {
  RankedTensorType source = getSource().getType(), result = getType();
  WeightEncoding from = weightEncoding(source), to = weightEncoding(result);
  if (bool(from) == bool(to))
    return emitOpError("(C1) expects one type with an encoding of weights, found ") << source << " and " << result;
  RankedTensorType stored = storedType(from ? source : result), found = from ? result : source;
  if (found != stored)
    return emitOpError("(C2) expects ") << stored << ", which stores " << (from ? source : result) << ", found "
                                        << found;
  return success();
}

OpFoldResult ReinterpretOp::fold(FoldAdaptor adaptor) {
  if (auto other = getSource().getDefiningOp<ReinterpretOp>(); other && other.getSource().getType() == getType())
    return other.getSource();
  return reinterpretConstant(adaptor.getSource(), getType());
}

} // namespace rnn
