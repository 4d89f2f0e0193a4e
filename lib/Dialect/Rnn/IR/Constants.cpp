//===- Constants.cpp - Large constants without copies -----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/IR/Constants.h"

#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"
#include "rnn-mlir/Support/Resource.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/BuiltinDialect.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>
#include <cstring>
#include <functional>

using namespace mlir;

namespace rnn {

std::optional<ConstantData> constantData(Attribute attribute) {
  auto elements = dyn_cast_or_null<ElementsAttr>(attribute);
  auto type = elements ? dyn_cast<RankedTensorType>(elements.getShapedType()) : nullptr;
  if (!type || !type.getElementType().isIntOrFloat() || type.getElementTypeBitWidth() % 8)
    return std::nullopt;
  // A list of elements would be those of the matrix, not what is stored for it.
  bool encoded = bool(weightEncoding(type));
  type = storedType(type);
  if (auto dense = dyn_cast<DenseElementsAttr>(attribute)) {
    if (encoded && !dense.isSplat())
      return std::nullopt;
    return ConstantData{type, dense.getRawData(), dense.isSplat()};
  }
  auto resource = dyn_cast<DenseResourceElementsAttr>(attribute);
  AsmResourceBlob *blob = resource ? resource.getRawHandle().getBlob() : nullptr;
  if (!blob)
    return std::nullopt;
  uint64_t expected = static_cast<uint64_t>(type.getNumElements()) * (type.getElementTypeBitWidth() / 8);
  if (blob->getData().size() != expected)
    return std::nullopt;
  return ConstantData{type, blob->getData(), false};
}

std::optional<ConstantData> constantData(Value value) {
  Attribute attribute;
  if (!value || !matchPattern(value, m_Constant(&attribute)))
    return std::nullopt;
  return constantData(attribute);
}

uint64_t expandedSize(const ConstantData &data) {
  if (llvm::is_contained(data.type.getShape(), 0))
    return 0;
  uint64_t size = data.type.getElementTypeBitWidth() / 8;
  for (int64_t dim : data.type.getShape())
    size = llvm::SaturatingMultiply<uint64_t>(size, dim);
  return size;
}

std::optional<std::vector<char>> expandSplat(const ConstantData &data) {
  uint64_t size = expandedSize(data);
  if (size > kLargestSplatBytes)
    return std::nullopt;
  std::vector<char> bytes(size);
  for (size_t at = 0; at < size; at += data.bytes.size())
    std::memcpy(bytes.data() + at, data.bytes.data(), data.bytes.size());
  return bytes;
}

ElementsAttr makeConstant(RankedTensorType type, StringRef name, AsmResourceBlob blob) {
  if (blob.getData().size() < kResourceBytes)
    return DenseElementsAttr::getFromRawBuffer(type, blob.getData());
  return DenseResourceElementsAttr::get(type, name, std::move(blob));
}

ElementsAttr makeEncodedConstant(RankedTensorType type, StringRef name, AsmResourceBlob blob) {
  return DenseResourceElementsAttr::get(type, name, std::move(blob));
}

Attribute reinterpretConstant(Attribute constant, RankedTensorType type) {
  std::optional<ConstantData> data = constantData(constant);
  if (!data)
    return nullptr;
  if (data->splat || (!weightEncoding(type) && data->bytes.size() < kResourceBytes))
    return DenseElementsAttr::getFromRawBuffer(type, data->bytes);
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(constant))
    return DenseResourceElementsAttr::get(type, resource.getRawHandle());
  size_t alignment = type.getElementTypeBitWidth() / 8;
  return makeEncodedConstant(type, "encoded", HeapAsmResourceBlob::allocateAndCopyWithAlign(data->bytes, alignment));
}

static RankedTensorType withRows(RankedTensorType type, int64_t rows, bool dropLeading) {
  SmallVector<int64_t> shape(type.getShape());
  if (dropLeading)
    shape.erase(shape.begin());
  else
    shape[0] = rows;
  return RankedTensorType::get(shape, type.getElementType());
}

/// The name of the resource behind a value, for those cut from it.
static std::string resourceName(Attribute attribute) {
  if (auto resource = dyn_cast_or_null<DenseResourceElementsAttr>(attribute))
    return resource.getRawHandle().getKey().str();
  return "constant";
}

Value sliceRows(OpBuilder &builder, Location loc, Value value, int64_t begin, int64_t count, bool dropLeading) {
  auto type = cast<RankedTensorType>(value.getType());
  RankedTensorType resultType = withRows(type, count, dropLeading);
  if (type == resultType)
    return value;
  if (std::optional<ConstantData> data = constantData(value)) {
    if (data->splat)
      return arith::ConstantOp::create(builder, loc, resultType,
                                       DenseElementsAttr::getFromRawBuffer(resultType, data->bytes));
    Attribute attribute;
    matchPattern(value, m_Constant(&attribute));
    size_t rowBytes = type.getDimSize(0) ? data->bytes.size() / type.getDimSize(0) : 0;
    ArrayRef<char> rows = data->bytes.slice(begin * rowBytes, count * rowBytes);
    // The bytes stay with the resource they are cut from, which the context keeps.
    size_t alignment = type.getElementTypeBitWidth() / 8;
    AsmResourceBlob blob(rows, alignment, /*deleter=*/{}, /*dataIsMutable=*/false);
    return arith::ConstantOp::create(
        builder, loc, resultType,
        cast<TypedAttr>(Attribute(makeConstant(resultType, resourceName(attribute), std::move(blob)))));
  }
  SmallVector<OpFoldResult> offsets(type.getRank(), builder.getIndexAttr(0));
  SmallVector<OpFoldResult> strides(type.getRank(), builder.getIndexAttr(1));
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, value);
  offsets[0] = builder.getIndexAttr(begin);
  sizes[0] = builder.getIndexAttr(count);
  return tensor::ExtractSliceOp::create(builder, loc, resultType, value, offsets, sizes, strides);
}

/// The sum of two constants of one type, each element rounded to nearest.
template <class Number>
static Value addConstants(OpBuilder &builder, Location loc, const ConstantData &a, const ConstantData &b) {
  int64_t count = a.type.getNumElements();
  AsmResourceBlob blob = HeapAsmResourceBlob::allocate(count * sizeof(Number), 64);
  char *out = const_cast<char *>(blob.getData().data());
  for (int64_t i = 0; i < count; ++i) {
    Number x, y;
    std::memcpy(&x, a.bytes.data() + (a.splat ? 0 : i * sizeof(Number)), sizeof(Number));
    std::memcpy(&y, b.bytes.data() + (b.splat ? 0 : i * sizeof(Number)), sizeof(Number));
    Number sum = x + y;
    std::memcpy(out + i * sizeof(Number), &sum, sizeof(Number));
  }
  return arith::ConstantOp::create(builder, loc, a.type,
                                   cast<TypedAttr>(Attribute(makeConstant(a.type, "sum", std::move(blob)))));
}

Value addTensors(OpBuilder &builder, Location loc, Value lhs, Value rhs) {
  std::optional<ConstantData> a = constantData(lhs), b = constantData(rhs);
  if (!a || !b || a->type != b->type || !(a->type.getElementType().isF32() || a->type.getElementType().isF16()))
    return arith::AddFOp::create(builder, loc, lhs, rhs);
  if (a->type.getElementType().isF16())
    return addConstants<_Float16>(builder, loc, *a, *b);
  return addConstants<float>(builder, loc, *a, *b);
}

Value roundConstant(OpBuilder &builder, Location loc, const ConstantData &data, ConstantRounding &rounding) {
  size_t count = data.bytes.size() / sizeof(float);
  AsmResourceBlob blob = HeapAsmResourceBlob::allocate(count * sizeof(_Float16), 64);
  char *out = const_cast<char *>(blob.getData().data());
  for (size_t i = 0; i < count; ++i) {
    float number;
    std::memcpy(&number, data.bytes.data() + i * sizeof(float), sizeof(float));
    auto rounded = static_cast<_Float16>(number);
    std::memcpy(out + i * sizeof(_Float16), &rounded, sizeof(_Float16));
    if (!std::isfinite(number))
      continue;
    if (!std::isfinite(static_cast<float>(rounded))) {
      if (!rounding.lost)
        rounding.lost = number;
      continue;
    }
    rounding.largest = std::max(rounding.largest, std::abs(double(number)));
    rounding.largestError = std::max(rounding.largestError, std::abs(double(number) - double(rounded)));
  }
  auto type = RankedTensorType::get(data.type.getShape(), builder.getF16Type());
  Attribute attr = data.splat ? Attribute(DenseElementsAttr::getFromRawBuffer(type, blob.getData()))
                              : Attribute(makeConstant(type, "rounded", std::move(blob)));
  return arith::ConstantOp::create(builder, loc, type, cast<TypedAttr>(attr));
}

Value floatConstant(OpBuilder &builder, Location loc, Type type, const APFloat &value) {
  bool lossy;
  APFloat converted = value;
  converted.convert(cast<FloatType>(getElementTypeOrSelf(type)).getFloatSemantics(), APFloat::rmNearestTiesToEven,
                    &lossy);
  if (auto shaped = dyn_cast<ShapedType>(type))
    return arith::ConstantOp::create(builder, loc, type, DenseElementsAttr::get(shaped, converted));
  return arith::ConstantOp::create(builder, loc, type, builder.getFloatAttr(type, converted));
}

static bool overlap(ArrayRef<char> a, ArrayRef<char> b) {
  std::less<const char *> before;
  return before(a.begin(), b.end()) && before(b.begin(), a.end());
}

void releaseUnusedResource(Operation *root, ArrayRef<char> bytes) {
  if (bytes.empty())
    return;
  DialectResourceBlobManager &manager =
      DenseResourceElementsHandle::getManagerInterface(root->getContext()).getBlobManager();
  std::string key;
  ArrayRef<char> owned;
  manager.getBlobMap([&](const llvm::StringMap<DialectResourceBlobManager::BlobEntry> &entries) {
    for (const auto &entry : entries) {
      const AsmResourceBlob *blob = entry.second.getBlob();
      if (!blob || !blob->getDeleter() || !overlap(blob->getData(), bytes))
        continue;
      key = entry.first().str();
      owned = blob->getData();
    }
  });
  if (owned.empty())
    return;
  bool used = false;
  AttrTypeWalker walker;
  walker.addWalk([&](DenseResourceElementsAttr attribute) {
    const AsmResourceBlob *blob = attribute.getRawHandle().getBlob();
    used |= blob && overlap(blob->getData(), owned);
    return used ? WalkResult::interrupt() : WalkResult::advance();
  });
  root->walk([&](Operation *op) { return walker.walk<WalkOrder::PreOrder>(Attribute(op->getAttrDictionary())); });
  if (!used)
    manager.lookup(key)->setBlob(AsmResourceBlob({}, 1, {}, /*dataIsMutable=*/false));
}

} // namespace rnn
