//===- Tensor.cpp - Tensors of a model as attributes ------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Importer.h"

#include "rnn-mlir/Import/Onnx.h"
#include "rnn-mlir/Support/Resource.h"

#include "mlir/IR/DialectResourceBlobManager.h"

#include <cstring>
#include <optional>

using namespace mlir;
using ::onnx::TensorProto;

namespace rnn::import {

Type elementType(MLIRContext *context, int32_t dataType) {
  Builder builder(context);
  auto unsignedType = [&](unsigned width) { return builder.getIntegerType(width, /*isSigned=*/false); };
  switch (dataType) {
  case TensorProto::FLOAT:
    return builder.getF32Type();
  case TensorProto::UINT8:
    return unsignedType(8);
  case TensorProto::INT8:
    return builder.getIntegerType(8);
  case TensorProto::UINT16:
    return unsignedType(16);
  case TensorProto::INT16:
    return builder.getIntegerType(16);
  case TensorProto::INT32:
    return builder.getIntegerType(32);
  case TensorProto::INT64:
    return builder.getIntegerType(64);
  case TensorProto::STRING:
    return onnx::StringType::get(context);
  case TensorProto::BOOL:
    return builder.getI1Type();
  case TensorProto::FLOAT16:
    return builder.getF16Type();
  case TensorProto::DOUBLE:
    return builder.getF64Type();
  case TensorProto::UINT32:
    return unsignedType(32);
  case TensorProto::UINT64:
    return unsignedType(64);
  case TensorProto::BFLOAT16:
    return builder.getBF16Type();
  default:
    return {};
  }
}

static constexpr StringLiteral kElementTypeNames[] = {
    "UNDEFINED",  "FLOAT",        "UINT8",          "INT8",       "UINT16",         "INT16",  "INT32",     "INT64",
    "STRING",     "BOOL",         "FLOAT16",        "DOUBLE",     "UINT32",         "UINT64", "COMPLEX64", "COMPLEX128",
    "BFLOAT16",   "FLOAT8E4M3FN", "FLOAT8E4M3FNUZ", "FLOAT8E5M2", "FLOAT8E5M2FNUZ", "UINT4",  "INT4",      "FLOAT4E2M1",
    "FLOAT8E8M0", "UINT2",        "INT2",           "FLOAT6E2M3", "FLOAT6E3M2"};

std::string elementTypeName(int32_t dataType) {
  if (dataType >= 0 && static_cast<size_t>(dataType) < std::size(kElementTypeNames))
    return kElementTypeNames[dataType].str();
  return "type " + std::to_string(dataType);
}

int64_t elementBytes(int32_t dataType) {
  switch (dataType) {
  case TensorProto::UINT8:
  case TensorProto::INT8:
  case TensorProto::BOOL:
    return 1;
  case TensorProto::UINT16:
  case TensorProto::INT16:
  case TensorProto::FLOAT16:
  case TensorProto::BFLOAT16:
    return 2;
  case TensorProto::FLOAT:
  case TensorProto::INT32:
  case TensorProto::UINT32:
    return 4;
  case TensorProto::INT64:
  case TensorProto::DOUBLE:
  case TensorProto::UINT64:
    return 8;
  default:
    return 0;
  }
}

llvm::Expected<int64_t> checkedBytes(ArrayRef<int64_t> dims, int64_t elementBytes) {
  if (static_cast<int64_t>(dims.size()) > kMaxRank)
    return fail("expected at most " + Twine(kMaxRank) + " dimensions, found " + Twine(dims.size()));
  int64_t bytes = elementBytes;
  bool empty = false;
  for (int64_t dim : dims) {
    if (dim < 0)
      return fail("expected dimensions of at least 0, found " + Twine(dim));
    if (dim == 0)
      empty = true;
    else if (bytes > kMaxBytes / dim)
      return fail("a shape of more than 2^46 bytes");
    else
      bytes *= dim;
  }
  return empty ? 0 : bytes;
}

/// The elements in the field that belongs to the tensor's type.
static int64_t typedCount(const TensorProto &tensor) {
  switch (tensor.data_type()) {
  case TensorProto::FLOAT:
    return tensor.float_data_size();
  case TensorProto::INT64:
    return tensor.int64_data_size();
  case TensorProto::DOUBLE:
    return tensor.double_data_size();
  case TensorProto::UINT32:
  case TensorProto::UINT64:
    return tensor.uint64_data_size();
  default:
    return tensor.int32_data_size();
  }
}

static int64_t typedCountOfAll(const TensorProto &tensor) {
  return int64_t(tensor.float_data_size()) + tensor.int32_data_size() + tensor.int64_data_size() +
         tensor.double_data_size() + tensor.uint64_data_size() + tensor.string_data_size();
}

static bool isExternal(const TensorProto &tensor) {
  return tensor.data_location() == TensorProto::EXTERNAL || tensor.external_data_size() != 0;
}

/// Where the raw data is that the skeleton of the model leaves out.
static std::optional<DataRange> rangeOf(const Model &model, const TensorProto &tensor) {
  size_t index;
  if (StringRef(tensor.doc_string()).getAsInteger(10, index) || index >= model.data.size())
    return std::nullopt;
  return model.data[index];
}

llvm::Error checkTensor(const Model &model, const TensorProto &tensor) {
  int64_t size = elementBytes(tensor.data_type());
  if (!size)
    return fail("a tensor of " + elementTypeName(tensor.data_type()) + " is not supported");
  if (tensor.has_segment())
    return fail("a tensor in segments is not supported");
  llvm::Expected<int64_t> bytes = checkedBytes(ArrayRef(tensor.dims().data(), tensor.dims_size()), size);
  if (!bytes)
    return bytes.takeError();
  int64_t typed = typedCount(tensor), typedOfAll = typedCountOfAll(tensor);
  std::optional<DataRange> range = rangeOf(model, tensor);
  int64_t raw = range ? range->length : tensor.raw_data().size();
  if (range.has_value() + !tensor.raw_data().empty() + (typedOfAll != 0) + isExternal(tensor) > 1)
    return fail("expected the elements of a tensor in one place, found them in several");
  if (isExternal(tensor))
    return llvm::Error::success();
  if (raw && raw != *bytes)
    return fail("expected " + Twine(*bytes) + " bytes for the shape, found " + Twine(raw));
  if (!raw && (typed != *bytes / size || typedOfAll != typed))
    return fail("expected " + Twine(*bytes / size) + " elements of " + elementTypeName(tensor.data_type()) +
                " for the shape, found " + Twine(typed));
  return llvm::Error::success();
}

/// All that makes a tensor, its data included; empty where that cannot be read.
static std::string contentOf(const Model &model, const TensorProto &tensor) {
  TensorProto rest = tensor;
  rest.clear_doc_string();
  std::string content = rest.SerializePartialAsString();
  if (std::optional<DataRange> range = rangeOf(model, tensor)) {
    size_t size = content.size();
    content.resize(size + range->length);
    if (llvm::Error error = model.readData({content.data() + size, range->length}, range->offset)) {
      llvm::consumeError(std::move(error));
      return {};
    }
  }
  return content;
}

bool areEqual(const Model &model, const TensorProto &a, const TensorProto &b) {
  std::string content = contentOf(model, a);
  return !content.empty() && content == contentOf(model, b);
}

/// Writes the values of a field as elements of type `To`.
template <class To, class Field> static llvm::Error narrow(const Field &field, char *out) {
  for (auto value : field) {
    To element = static_cast<To>(value);
    if (static_cast<std::remove_cvref_t<decltype(value)>>(element) != value)
      return fail("a tensor's value " + Twine(value) + " is out of range");
    std::memcpy(out, &element, sizeof(To));
    out += sizeof(To);
  }
  return llvm::Error::success();
}

template <class Field> static llvm::Error copy(const Field &field, MutableArrayRef<char> out) {
  std::memcpy(out.data(), field.data(), out.size());
  return llvm::Error::success();
}

static llvm::Error writeTyped(const TensorProto &tensor, MutableArrayRef<char> out) {
  switch (tensor.data_type()) {
  case TensorProto::FLOAT:
    return copy(tensor.float_data(), out);
  case TensorProto::INT32:
    return copy(tensor.int32_data(), out);
  case TensorProto::INT64:
    return copy(tensor.int64_data(), out);
  case TensorProto::DOUBLE:
    return copy(tensor.double_data(), out);
  case TensorProto::UINT64:
    return copy(tensor.uint64_data(), out);
  case TensorProto::UINT32:
    return narrow<uint32_t>(tensor.uint64_data(), out.data());
  case TensorProto::UINT8:
  case TensorProto::BOOL:
    return narrow<uint8_t>(tensor.int32_data(), out.data());
  case TensorProto::INT8:
    return narrow<int8_t>(tensor.int32_data(), out.data());
  case TensorProto::INT16:
    return narrow<int16_t>(tensor.int32_data(), out.data());
  default: // UINT16, and the bits of FLOAT16 and BFLOAT16
    return narrow<uint16_t>(tensor.int32_data(), out.data());
  }
}

static llvm::Expected<AsmResourceBlob> readElements(const Model &model, const TensorProto &tensor, int64_t bytes,
                                                    size_t elementBytes) {
  if (isExternal(tensor))
    return readExternalData(model, tensor, bytes, elementBytes);
  AsmResourceBlob blob = HeapAsmResourceBlob::allocate(bytes, kAlignment);
  MutableArrayRef<char> out = blob.getMutableData();
  std::optional<DataRange> range = rangeOf(model, tensor);
  llvm::Error error = range                       ? model.readData(out, range->offset)
                      : tensor.raw_data().empty() ? writeTyped(tensor, out)
                                                  : copy(tensor.raw_data(), out);
  if (error)
    return error;
  return blob;
}

llvm::Expected<ElementsAttr> convertTensor(const Model &model, TensorProto &tensor) {
  if (llvm::Error error = checkTensor(model, tensor))
    return error;
  int64_t size = elementBytes(tensor.data_type());
  ArrayRef<int64_t> dims(tensor.dims().data(), tensor.dims_size());
  int64_t bytes = llvm::cantFail(checkedBytes(dims, size));
  auto type = RankedTensorType::get(dims, elementType(model.context, tensor.data_type()));
  if (bytes == 0)
    return DenseElementsAttr::get(type, ArrayRef<Attribute>());

  llvm::Expected<AsmResourceBlob> blob = readElements(model, tensor, bytes, size);
  if (!blob)
    return blob.takeError();
  ArrayRef<char> data = blob->getData();
  if (tensor.data_type() == TensorProto::BOOL) {
    if (!llvm::all_of(data, [](char byte) { return byte == 0 || byte == 1; }))
      return fail("expected bytes of 0 or 1 in a tensor of BOOL");
    return DenseElementsAttr::get(type, ArrayRef(reinterpret_cast<const bool *>(data.data()), data.size()));
  }
  if (data.size() < kResourceBytes)
    return DenseElementsAttr::getFromRawBuffer(type, data);
  std::string key = tensor.name().empty() ? "constant" : tensor.name();
  TensorProto().Swap(&tensor);
  return DenseResourceElementsAttr::get(type, key, std::move(*blob));
}

} // namespace rnn::import

StringRef rnn::onnxElementTypeName(Type element) {
  for (auto [dataType, name] : llvm::enumerate(import::kElementTypeNames))
    if (import::elementType(element.getContext(), dataType) == element)
      return name;
  return "";
}
