//===- Skeleton.cpp - A model without its weights ---------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Skeleton.h"

#include "Importer.h"

#include <limits>

using llvm::StringRef;

namespace rnn::import {

namespace {

enum class Message : uint8_t { Model, Graph, Node, Attribute, Tensor, Other };

/// Fields of TensorProto.
constexpr uint64_t kRawData = 9, kDocString = 12, kFloatData = 4, kDoubleData = 10;

/// The message in a length-delimited field, `Other` where it holds data.
Message messageIn(Message message, uint64_t field) {
  switch (message) {
  case Message::Model:
    return field == 7 ? Message::Graph : Message::Other;
  case Message::Graph:
    return field == 1 ? Message::Node : field == 5 ? Message::Tensor : Message::Other;
  case Message::Node:
    return field == 5 ? Message::Attribute : Message::Other;
  case Message::Attribute:
    if (field == 5 || field == 10)
      return Message::Tensor;
    return field == 6 || field == 11 ? Message::Graph : Message::Other;
  default:
    return Message::Other;
  }
}

/// Bytes of data that count as one part: what is not looked into may hold
/// messages or numbers of one byte. Raw data, floats and doubles count nothing.
uint64_t bytesPerPart(Message message, uint64_t field) {
  if (message != Message::Tensor)
    return 32;
  return field == kFloatData || field == kRawData || field == kDoubleData ? std::numeric_limits<uint64_t>::max() : 64;
}

bool readVarint(StringRef &bytes, uint64_t &value) {
  value = 0;
  for (unsigned i = 0; i != 10 && i != bytes.size(); ++i) {
    uint8_t byte = bytes[i];
    value |= uint64_t(byte & 127) << (7 * i);
    if (byte < 128) {
      bytes = bytes.drop_front(i + 1);
      return true;
    }
  }
  return false;
}

void writeVarint(std::string &out, uint64_t value) {
  for (; value > 127; value >>= 7)
    out += static_cast<char>(value | 128);
  out += static_cast<char>(value);
}

void writeField(std::string &out, uint64_t field, StringRef content) {
  writeVarint(out, field << 3 | 2);
  writeVarint(out, content.size());
  out += content;
}

class SkeletonReader {
public:
  explicit SkeletonReader(StringRef bytes) : start(bytes.data()) {}

  /// Appends the skeleton of the message in `bytes` to `out`.
  llvm::Error read(StringRef bytes, Message message, unsigned depth, std::string &out) {
    if (depth > 3 * kMaxDepth + 8)
      return fail("expected subgraphs nested at most " + llvm::Twine(kMaxDepth) + " deep");
    while (!bytes.empty()) {
      StringRef field = bytes;
      uint64_t tag, length;
      if (!readVarint(bytes, tag) || tag >> 3 == 0 || tag > std::numeric_limits<uint32_t>::max())
        return malformed();
      switch (tag & 7) {
      case 0:
        if (!readVarint(bytes, length))
          return malformed();
        break;
      case 1:
      case 5:
        length = (tag & 7) == 1 ? 8 : 4;
        if (bytes.size() < length)
          return malformed();
        bytes = bytes.drop_front(length);
        break;
      case 2:
        if (!readVarint(bytes, length) || length > bytes.size())
          return malformed();
        if (llvm::Error error = readContent(bytes.take_front(length), message, tag >> 3, depth, out))
          return error;
        bytes = bytes.drop_front(length);
        continue;
      default:
        return malformed();
      }
      out += field.drop_back(bytes.size());
    }
    return llvm::Error::success();
  }

  std::vector<DataRange> data;

private:
  static llvm::Error malformed() { return fail("expected an ONNX model, found malformed protobuf"); }

  llvm::Error readContent(StringRef content, Message message, uint64_t field, unsigned depth, std::string &out) {
    Message nested = messageIn(message, field);
    parts += nested == Message::Other ? 1 + content.size() / bytesPerPart(message, field) : 1;
    if (parts > kMaxParts)
      return fail("expected at most " + llvm::Twine(kMaxParts) + " nodes, tensors and names");
    if (nested != Message::Other) {
      std::string skeleton;
      if (llvm::Error error = read(content, nested, depth + 1, skeleton))
        return error;
      writeField(out, field, skeleton);
    } else if (message == Message::Tensor && field == kRawData && content.size() > kMaxKeptBytes) {
      writeField(out, kDocString, std::to_string(data.size()));
      data.push_back({static_cast<uint64_t>(content.data() - start), content.size()});
    } else if (message != Message::Tensor || field != kDocString) {
      writeField(out, field, content);
    }
    return llvm::Error::success();
  }

  const char *start;
  uint64_t parts = 0;
};

} // namespace

llvm::Expected<Skeleton> readSkeleton(StringRef bytes) {
  SkeletonReader reader(bytes);
  Skeleton skeleton;
  if (llvm::Error error = reader.read(bytes, Message::Model, 0, skeleton.bytes))
    return error;
  skeleton.data = std::move(reader.data);
  return skeleton;
}

} // namespace rnn::import
