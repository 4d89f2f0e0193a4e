//===- TensorProto.cpp - ONNX's tensor files -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// Protobuf's wire format is read directly: the runtime needs one message of it.
//===----------------------------------------------------------------------===//
#include "FileBytes.h"
#include "rnn-mlir/Runtime/ArrayFiles.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>

namespace rnn::runtime {
namespace {

/// Protobuf's wire types.
enum WireType : unsigned { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

/// Reads the fields of a protobuf message.
class WireReader {
public:
  explicit WireReader(std::span<const std::byte> bytes) : rest(bytes) {}

  unsigned field = 0, type = 0;
  uint64_t value = 0;
  std::span<const std::byte> bytes;

  bool done() const { return rest.empty(); }
  /// The next field with its value or bytes; false where the message is malformed.
  bool next() {
    uint64_t key;
    if (!varint(key))
      return false;
    field = unsigned(key >> 3);
    type = key & 7;
    switch (type) {
    case kVarint:
      return varint(value);
    case kFixed64:
      return fixed(8);
    case kBytes:
      return varint(value) && fixed(value);
    case kFixed32:
      return fixed(4);
    default:
      return false;
    }
  }
  bool varint(uint64_t &out) {
    out = 0;
    for (unsigned shift = 0; shift < 64 && !rest.empty(); shift += 7) {
      uint64_t byte = uint64_t(rest.front());
      rest = rest.subspan(1);
      out |= (byte & 127) << shift;
      if (byte < 128)
        return true;
    }
    return false;
  }

private:
  bool fixed(uint64_t size) {
    if (size > rest.size())
      return false;
    bytes = rest.first(size);
    rest = rest.subspan(size);
    return true;
  }

  std::span<const std::byte> rest;
};

/// TensorProto.DataType; none for what is refused.
std::optional<DType> fromOnnx(uint64_t code) {
  switch (code) {
  case 1:
    return DType::Float32;
  case 2:
    return DType::UInt8;
  case 3:
    return DType::Int8;
  case 4:
    return DType::UInt16;
  case 5:
    return DType::Int16;
  case 6:
    return DType::Int32;
  case 7:
    return DType::Int64;
  case 9:
    return DType::Bool;
  case 10:
    return DType::Float16;
  case 11:
    return DType::Float64;
  case 12:
    return DType::UInt32;
  case 13:
    return DType::UInt64;
  default:
    return std::nullopt;
  }
}

/// The fields of a TensorProto that hold elements.
enum DataField : unsigned {
  kFloatData = 4,
  kInt32Data = 5,
  kStringData = 6,
  kInt64Data = 7,
  kRawData = 9,
  kDoubleData = 10,
  kUInt64Data = 11
};

bool isDataField(unsigned field) {
  return (field >= kFloatData && field <= kInt64Data) || (field >= kRawData && field <= kUInt64Data);
}

/// The field of the elements of a type, where they are not raw.
DataField typedField(DType dtype) {
  switch (dtype) {
  case DType::Float32:
    return kFloatData;
  case DType::Float64:
    return kDoubleData;
  case DType::Int64:
    return kInt64Data;
  case DType::UInt32:
  case DType::UInt64:
    return kUInt64Data;
  default:
    return kInt32Data;
  }
}

struct Fields {
  std::vector<int64_t> dims;
  uint64_t dataType = 0;
  std::string name;
  std::span<const std::byte> raw;
  /// The elements of a typed field as little-endian bytes of the field's type.
  std::vector<std::byte> floats, doubles;
  std::vector<uint64_t> integers;
  /// The fields that hold elements.
  std::set<unsigned> filled;
};

/// Whether a type has the value of a typed field, which has been extended to 64 bits. The bits of f16 are a number.
bool holds(DType dtype, uint64_t value) {
  auto is = [value]<class To>(To) { return uint64_t(To(value)) == value; };
  switch (dtype) {
  case DType::Bool:
    return value <= 1;
  case DType::Int8:
    return is(int8_t());
  case DType::Int16:
    return is(int16_t());
  case DType::UInt8:
    return is(uint8_t());
  case DType::UInt16:
  case DType::Float16:
    return is(uint16_t());
  case DType::UInt32:
    return is(uint32_t());
  default:
    return true;
  }
}

/// Appends a repeated integer, packed or not.
bool integers(WireReader &wire, std::vector<uint64_t> &out) {
  if (wire.type == kVarint) {
    out.push_back(wire.value);
    return true;
  }
  if (wire.type != kBytes)
    return false;
  WireReader packed(wire.bytes);
  for (uint64_t value; !packed.done(); out.push_back(value))
    if (!packed.varint(value))
      return false;
  return true;
}

/// Whether a field of a TensorProto can be of a wire type; fields of later versions can be of any.
bool canBe(unsigned field, unsigned type) {
  switch (field) {
  case 0:
    return false;
  case 2:
  case 14:
    return type == kVarint;
  case 1:
  case kInt32Data:
  case kInt64Data:
  case kUInt64Data:
    // Packed, or one after another.
    return type == kVarint || type == kBytes;
  case kFloatData:
    return type == kFixed32 || type == kBytes;
  case kDoubleData:
    return type == kFixed64 || type == kBytes;
  case 3:
  case kStringData:
  case 8:
  case kRawData:
  case 12:
  case 13:
  case 16:
    return type == kBytes;
  default:
    return true;
  }
}

/// Whether these are the fields of a TensorProto. It has an element type.
bool isTensorProto(std::span<const std::byte> bytes) {
  bool typed = false;
  for (WireReader wire(bytes); !wire.done(); typed |= wire.field == 2)
    if (!wire.next() || !canBe(wire.field, wire.type))
      return false;
  return typed;
}

/// The fields of what `isTensorProto`; empty text, or what is wrong.
std::string readFields(std::span<const std::byte> bytes, Fields &fields) {
  WireReader wire(bytes);
  while (!wire.done()) {
    wire.next();
    if (isDataField(wire.field) && (wire.type != kBytes || !wire.bytes.empty()))
      fields.filled.insert(wire.field);
    switch (wire.field) {
    case 1: {
      std::vector<uint64_t> sizes;
      if (!integers(wire, sizes) || fields.dims.size() + sizes.size() > 32)
        return "has malformed dims";
      fields.dims.insert(fields.dims.end(), sizes.begin(), sizes.end());
      break;
    }
    case 2:
      fields.dataType = wire.value;
      break;
    case 3:
      return "is a segment of a tensor, which is not supported";
    case kFloatData:
      fields.floats.insert(fields.floats.end(), wire.bytes.begin(), wire.bytes.end());
      break;
    case kInt32Data: {
      size_t before = fields.integers.size();
      if (!integers(wire, fields.integers))
        return "has malformed elements";
      // As protobuf reads them, whatever the bytes say beyond 32 bits.
      for (uint64_t &value : std::span(fields.integers).subspan(before))
        value = uint64_t(int64_t(int32_t(value)));
      break;
    }
    case kInt64Data:
    case kUInt64Data:
      if (!integers(wire, fields.integers))
        return "has malformed elements";
      break;
    case 8:
      fields.name.assign(reinterpret_cast<const char *>(wire.bytes.data()), wire.bytes.size());
      break;
    case kRawData:
      fields.raw = wire.bytes;
      break;
    case kDoubleData:
      fields.doubles.insert(fields.doubles.end(), wire.bytes.begin(), wire.bytes.end());
      break;
    case 13:
      return "holds external data, which is not supported here";
    case 14:
      if (wire.value != 0)
        return "holds external data, which is not supported here";
      break;
    default:
      break;
    }
  }
  return "";
}

Result<NamedArray> decode(std::span<const std::byte> bytes) {
  const std::string expected = "expected a .npy file or an ONNX TensorProto (.pb), found ";
  std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  if (text.empty())
    return Error{expected + "an empty file"};
  // A ZIP archive begins with this.
  if (text.starts_with("PK\x03\x04"))
    return Error{expected + "an archive (.npz)"};
  if (text.starts_with("\x93NUMPY"))
    return Error{"is a .npy file, expected its name to end so"};
  if (!isTensorProto(bytes))
    return Error{expected + "neither"};
  Fields fields;
  if (std::string wrong = readFields(bytes, fields); !wrong.empty())
    return Error{wrong};
  std::optional<DType> dtype = fromOnnx(fields.dataType);
  if (!dtype)
    return Error{"has element type " + std::to_string(fields.dataType) + ", which is not supported"};
  for (int64_t dim : fields.dims)
    if (dim < 0)
      return Error{"has a dimension of " + std::to_string(dim) + ", expected at least 0"};
  if (fields.filled.size() > 1)
    return Error{"holds its elements in several places, expected one"};
  if (!fields.filled.empty() && *fields.filled.begin() != kRawData && *fields.filled.begin() != typedField(*dtype))
    return Error{"holds elements of another type than " + std::string(dtypeName(*dtype))};
  std::optional<uint64_t> wanted = byteCount(*dtype, fields.dims);
  if (!wanted)
    return Error{"has impossible dims " + shapeText(fields.dims)};
  size_t width = dtypeBytes(*dtype);
  std::span<const std::byte> content;
  std::vector<std::byte> narrowed;
  if (!fields.raw.empty()) {
    content = fields.raw;
  } else if (*dtype == DType::Float32) {
    content = fields.floats;
  } else if (*dtype == DType::Float64) {
    content = fields.doubles;
  } else {
    narrowed.reserve(fields.integers.size() * width);
    for (uint64_t value : fields.integers) {
      if (!holds(*dtype, value))
        return Error{"holds the value " + std::to_string(int64_t(value)) + ", which is none of " +
                     std::string(dtypeName(*dtype))};
      for (size_t k = 0; k < width; ++k)
        narrowed.push_back(std::byte(value >> 8 * k));
    }
    content = narrowed;
  }
  if (content.size() != *wanted)
    return Error{"holds " + std::to_string(content.size()) + " bytes of data, its dims " + shapeText(fields.dims) +
                 " need " + std::to_string(*wanted)};
  auto array = Array::zeros(*dtype, fields.dims);
  if (!array)
    return array.error();
  if (*wanted)
    std::memcpy(array->data.get(), content.data(), *wanted);
  if (auto good = checkElements(*array); !good)
    return good.error();
  return NamedArray{std::move(fields.name), std::move(*array)};
}

} // namespace

Result<NamedArray> readTensorProto(const std::string &path) {
  auto file = mapFile(path);
  if (!file)
    return file.error();
  auto tensor = decode(file->bytes);
  if (!tensor)
    return Error{path + ": error: " + tensor.error().message};
  return tensor;
}

Result<std::vector<NamedArray>> readDataSet(const std::string &folder, const std::string &prefix) {
  std::vector<NamedArray> arrays;
  std::error_code ignored;
  auto file = [&](size_t k) { return prefix + "_" + std::to_string(k) + ".pb"; };
  for (std::string path; std::filesystem::exists(path = folder + "/" + file(arrays.size()), ignored);) {
    auto tensor = readTensorProto(path);
    if (!tensor)
      return tensor.error();
    arrays.push_back(std::move(*tensor));
  }
  for (const auto &entry : std::filesystem::directory_iterator(folder, ignored)) {
    std::string name = entry.path().filename().string();
    size_t number = 0;
    if (!name.starts_with(prefix + "_"))
      continue;
    const char *begin = name.data() + prefix.size() + 1, *end = name.data() + name.size();
    auto [stop, wrong] = std::from_chars(begin, end, number);
    if (wrong == std::errc() && std::string_view(stop, end) == ".pb" && name == file(number) && number >= arrays.size())
      return Error{folder + ": error: " + name + " without " + file(arrays.size())};
  }
  return arrays;
}

} // namespace rnn::runtime
