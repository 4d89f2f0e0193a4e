//===- MemoryTest.cpp - What the import of large models takes ---*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "../MemoryLimit.h"
#include "../TemporaryFolder.h"
#include "rnn-mlir/Dialect/Onnx/IR/Onnx.h"
#include "rnn-mlir/Import/Onnx.h"

#include "mlir/IR/DialectResourceBlobManager.h"

#include <fstream>
#include <gtest/gtest.h>

using namespace mlir;

namespace {

std::string varint(uint64_t value) {
  std::string out;
  for (; value > 127; value >>= 7)
    out += static_cast<char>(value | 128);
  return out + static_cast<char>(value);
}

std::string field(unsigned number, const std::string &content) {
  return varint(number << 3 | 2) + varint(content.size()) + content;
}

/// A model that returns one tensor of `elements` floats, written piece by piece:
/// the test must not hold it itself.
void writeModel(const std::string &path, uint64_t elements) {
  uint64_t bytes = 4 * elements;
  std::string tensor = "\x08" + varint(elements) + "\x10\x01" + field(8, "w") + varint(9 << 3 | 2) + varint(bytes);
  std::string output = field(12, field(1, "w"));
  std::string graph = varint(5 << 3 | 2) + varint(tensor.size() + bytes) + tensor;
  std::string model = "\x08\x08" + field(8, "\x10\x11") + varint(7 << 3 | 2) +
                      varint(output.size() + graph.size() + bytes) + output + graph;
  std::ofstream file(path, std::ios::binary);
  file << model;
  std::string piece(1 << 20, '\x3e');
  for (uint64_t written = 0; written < bytes; written += piece.size())
    file.write(piece.data(), std::min<uint64_t>(piece.size(), bytes - written));
}

TEST(ImportMemory, HoldsWeightsOnce) {
  constexpr uint64_t elements = 40 << 20;
  rnn::test::TemporaryFolder folder;
  std::string path = folder.file("m.onnx");
  writeModel(path, elements);
  MLIRContext context(MLIRContext::Threading::DISABLED);
  OwningOpRef<ModuleOp> module;
  {
    rnn::test::MemoryLimit limit(4 * elements + 4 * elements / 10);
    module = rnn::importOnnxFile(path, &context);
  }
  ASSERT_TRUE(module);

  DenseResourceElementsAttr value;
  module->walk(
      [&](rnn::onnx::ConstantOp constant) { value = dyn_cast<DenseResourceElementsAttr>(constant.getValue()); });
  ASSERT_TRUE(value);
  AsmResourceBlob *blob = value.getRawHandle().getBlob();
  EXPECT_EQ(blob->getData().size(), 4 * elements);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(blob->getData().data()) % 64, 0u);
  EXPECT_EQ(blob->getData().back(), '\x3e');
}

} // namespace
