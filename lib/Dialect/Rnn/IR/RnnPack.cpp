//===- RnnPack.cpp - Packing constant weights -------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/IR/Constants.h"
#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"

#include <cstring>

using namespace mlir;

namespace rnn {

/// Columns that are transposed at a time: a block of a panel stays in the
/// first-level cache, and every row is read in whole cache lines.
static constexpr int64_t kColumns = 16;

/// Packs a row-major matrix into panels; rows beyond the last are zero.
template <typename Element> static void packPanels(const char *weight, char *packed, int64_t rows, int64_t columns) {
  constexpr int64_t size = sizeof(Element);
  for (int64_t panel = 0; panel < rows; panel += kPanelRows) {
    int64_t height = std::min(kPanelRows, rows - panel);
    char *out = packed + panel * columns * size;
    for (int64_t begin = 0; begin < columns; begin += kColumns) {
      int64_t width = std::min(kColumns, columns - begin);
      Element block[kColumns][kPanelRows] = {};
      for (int64_t r = 0; r < height; ++r) {
        Element row[kColumns];
        std::memcpy(row, weight + ((panel + r) * columns + begin) * size, width * size);
        for (int64_t c = 0; c < width; ++c)
          block[c][r] = row[c];
      }
      std::memcpy(out + begin * kPanelRows * size, block, width * kPanelRows * size);
    }
  }
}

RankedTensorType PackOp::getPackedType(RankedTensorType weight) {
  int64_t panels = llvm::divideCeil(weight.getDimSize(0), kPanelRows);
  return RankedTensorType::get({panels, weight.getDimSize(1), kPanelRows}, weight.getElementType());
}

void PackOp::build(OpBuilder &builder, OperationState &state, Value weight) {
  build(builder, state, getPackedType(cast<RankedTensorType>(weight.getType())), weight);
}

LogicalResult PackOp::verify() {
  RankedTensorType weight = getWeight().getType();
  if (weight.getRank() != 2 || !weight.hasStaticShape())
    return emitOpError("(C1) expects a static matrix, found ") << weight;
  if (!llvm::all_of(weight.getShape(), isSize))
    return emitOpError("(C3) ") << kSizeRule << ", found " << weight;
  RankedTensorType expected = getPackedType(weight);
  if (getType() != expected)
    return emitOpError("(C2) expects a result of type ") << expected << ", found " << getType();
  return success();
}

OpFoldResult PackOp::fold(FoldAdaptor adaptor) {
  std::optional<ConstantData> data = constantData(adaptor.getWeight());
  if (!data)
    return nullptr;
  RankedTensorType weight = data->type, packed = getType();
  int64_t rows = weight.getDimSize(0), columns = weight.getDimSize(1);
  unsigned width = weight.getElementTypeBitWidth() / 8;
  if (data->splat && rows % kPanelRows == 0)
    return DenseElementsAttr::getFromRawBuffer(packed, data->bytes);
  std::optional<std::vector<char>> expanded;
  ArrayRef<char> bytes = data->bytes;
  if (data->splat) {
    if (!(expanded = expandSplat(*data)))
      return nullptr;
    bytes = *expanded;
  }
  AsmResourceBlob blob = HeapAsmResourceBlob::allocate(packed.getNumElements() * width, 64, /*dataIsMutable=*/false);
  char *out = const_cast<char *>(blob.getData().data());
  switch (width) {
  case 1:
    packPanels<uint8_t>(bytes.data(), out, rows, columns);
    break;
  case 2:
    packPanels<uint16_t>(bytes.data(), out, rows, columns);
    break;
  case 4:
    packPanels<uint32_t>(bytes.data(), out, rows, columns);
    break;
  case 8:
    packPanels<uint64_t>(bytes.data(), out, rows, columns);
    break;
  default:
    return nullptr;
  }
  return makeConstant(packed, "packed", std::move(blob));
}

} // namespace rnn
