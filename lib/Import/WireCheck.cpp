//===- WireCheck.cpp - A first look at the bytes of a model -----*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "WireCheck.h"

#include "Importer.h"

#include <sys/mman.h>

namespace rnn::import {

namespace {

enum class Message : uint8_t { Model, Graph, Node, Attribute, Tensor, Other };

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
  return field == 4 || field == 9 || field == 10 ? std::numeric_limits<uint64_t>::max() : 64;
}

class Checker {
public:
  llvm::Error check(llvm::StringRef bytes, Message message, unsigned depth) {
    if (depth > 3 * kMaxDepth + 8)
      return fail("expected subgraphs nested at most " + llvm::Twine(kMaxDepth) + " deep");
    while (!bytes.empty()) {
      uint64_t tag, length;
      if (!readVarint(bytes, tag) || tag >> 3 == 0)
        return malformed();
      switch (tag & 7) {
      case 0:
        if (!readVarint(bytes, length))
          return malformed();
        continue;
      case 1:
      case 5:
        if (bytes.size() < ((tag & 7) == 1 ? 8u : 4u))
          return malformed();
        bytes = bytes.drop_front((tag & 7) == 1 ? 8 : 4);
        continue;
      case 2:
        break;
      default:
        return malformed();
      }
      if (!readVarint(bytes, length) || length > bytes.size())
        return malformed();
      Message content = messageIn(message, tag >> 3);
      parts += content == Message::Other ? 1 + length / bytesPerPart(message, tag >> 3) : 1;
      if (parts > kMaxParts)
        return fail("expected at most " + llvm::Twine(kMaxParts) + " nodes, tensors and names");
      if (content != Message::Other)
        if (llvm::Error error = check(bytes.take_front(length), content, depth + 1))
          return error;
      bytes = bytes.drop_front(length);
    }
    return llvm::Error::success();
  }

private:
  static llvm::Error malformed() { return fail("expected an ONNX model, found malformed protobuf"); }

  static bool readVarint(llvm::StringRef &bytes, uint64_t &value) {
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

  uint64_t parts = 0;
};

} // namespace

llvm::Error checkWire(llvm::StringRef bytes) { return Checker().check(bytes, Message::Model, 0); }

llvm::Error checkWire(int file, uint64_t size) {
  if (size == 0)
    return checkWire(llvm::StringRef());
  void *base = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  if (base == MAP_FAILED)
    return fail("the file cannot be mapped");
  llvm::Error error = checkWire(llvm::StringRef(static_cast<char *>(base), size));
  munmap(base, size);
  return error;
}

} // namespace rnn::import
