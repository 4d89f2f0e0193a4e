//===- ArrayFilesTest.cpp - .npy and TensorProto files -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Runtime/ArrayFiles.h"
#include "../TemporaryFolder.h"

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <limits>
#include <sys/stat.h>

using namespace rnn;
using namespace rnn::runtime;

namespace {

struct ArrayFiles : testing::Test {
  test::TemporaryFolder folder;
  std::string path = folder.file("array");
  void write(const std::string &bytes) { std::ofstream(path, std::ios::binary) << bytes; }
  std::string npyError(const std::string &bytes) {
    write(bytes);
    auto array = readNpy(path);
    return array ? "" : array.error().message.substr(path.size());
  }
  std::string protoError(const std::string &bytes) {
    write(bytes);
    auto tensor = readTensorProto(path);
    return tensor ? "" : tensor.error().message.substr(path.size());
  }
};

std::string npy(const std::string &dictionary, const std::string &data) {
  std::string head("\x93NUMPY\x01\x00", 8);
  head += char(dictionary.size());
  head += '\0';
  return head + dictionary + data;
}

template <class T> std::string bytesOf(std::vector<T> values) {
  return {reinterpret_cast<const char *>(values.data()), values.size() * sizeof(T)};
}

TEST_F(ArrayFiles, NpyKeepsEveryTypeAndShape) {
  for (int dtype = 0; dtype < 12; ++dtype)
    for (std::vector<int64_t> shape : {std::vector<int64_t>{}, {3}, {2, 0, 4}, {2, 3, 4}}) {
      Array array = *Array::zeros(DType(dtype), shape);
      for (uint64_t k = 0; k < array.bytes(); ++k)
        array.data.get()[k] = std::byte(k & 1);
      ASSERT_TRUE(bool(npyFile(array, path)->commit()));
      EXPECT_TRUE(isNpy(path));
      auto back = readNpy(path);
      ASSERT_TRUE(bool(back)) << back.error().message;
      EXPECT_EQ(back->dtype, array.dtype);
      EXPECT_EQ(back->shape, shape);
      EXPECT_EQ(std::memcmp(back->data.get(), array.data.get(), array.bytes()), 0);
    }
}

TEST_F(ArrayFiles, NpyFortranOrderBecomesRowMajor) {
  write(npy("{'descr': '<i4', 'fortran_order': True, 'shape': (2, 3)}\n", bytesOf<int32_t>({0, 3, 1, 4, 2, 5})));
  auto array = readNpy(path);
  ASSERT_TRUE(bool(array));
  EXPECT_EQ(std::memcmp(array->data.get(), bytesOf<int32_t>({0, 1, 2, 3, 4, 5}).data(), 24), 0);
}

TEST_F(ArrayFiles, MalformedNpyIsRefused) {
  EXPECT_EQ(npyError(""), ": error: is empty, expected a .npy file");
  EXPECT_EQ(npyError("nonsense"), ": error: is no .npy file");
  EXPECT_FALSE(isNpy(path));
  // Nobody writes into this one: it is not waited for.
  std::string pipe = folder.file("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_FALSE(isNpy(pipe));
  EXPECT_FALSE(readTensorProto(pipe));
  EXPECT_EQ(npyError(std::string("\x93NUMPY\x09\x00\x00\x00\x00\x00", 12)),
            ": error: has .npy format 9, expected 1, 2 or 3");
  // The header begins at byte 10.
  auto header = [&](const std::string &dictionary) { return npyError(npy(dictionary, "abcd")); };
  const std::string start = "{'descr': '<f4', 'fortran_order': False, 'shape': ",
                    malformed = ": error: has a malformed header: expected ";
  EXPECT_EQ(header(start + "(1,)}  \n"), "");
  EXPECT_EQ(header("{'descr': '<f4'}"), malformed + "the keys descr, fortran_order and shape, each once at byte 26");
  EXPECT_EQ(header(start + "(1)}"), malformed + "',' at byte 62");
  EXPECT_EQ(header(start + "1}"), malformed + "a tuple of sizes at byte 60");
  EXPECT_EQ(header(start + "(1, -1)}"), malformed + "at most 32 sizes of 0 to 2^63 - 1 at byte 64");
  EXPECT_EQ(header(start + "(1,)} x"), malformed + "spaces and a new line at byte 66");
  EXPECT_EQ(header(start + "(1,)}" + std::string(1, '\0')), malformed + "spaces and a new line at byte 65");
  EXPECT_EQ(header(start + "(1,), 'order': 1}"),
            malformed + "the keys descr, fortran_order and shape, each once at byte 66");
  EXPECT_EQ(header(start + "(1,), 'shape': (1,)}"),
            malformed + "the keys descr, fortran_order and shape, each once at byte 66");
  EXPECT_EQ(header("{'descr': '<f4', 'fortran_order': 0}"), malformed + "True or False at byte 44");
  EXPECT_EQ(npyError(npy("{'descr': '>f4', 'fortran_order': False, 'shape': (1,)}", "abcd")),
            ": error: has element type '>f4', expected a little-endian number or boolean");
  // What stands in the file is no command to a terminal.
  EXPECT_EQ(npyError(npy("{'descr': '\x1b[2J\nf4', 'fortran_order': False, 'shape': (1,)}", "abcd")),
            ": error: has element type '?[2J?f4', expected a little-endian number or boolean");
  EXPECT_EQ(npyError(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (4,)}", "abcd")),
            ": error: holds 4 bytes of data, its shape [4] needs 16");
  EXPECT_EQ(npyError(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4)}", "abcd")),
            ": error: holds 4 bytes of data, its shape [4611686018427387904, 4] is too large");
}

TEST_F(ArrayFiles, TensorProtoFromRawAndTypedData) {
  // dims 2, data_type FLOAT, name "a", raw_data 1.0 2.0
  std::string head("\x08\x02\x10\x01\x42\x01"
                   "a");
  write(head + "\x4a\x08" + bytesOf<float>({1, 2}));
  auto raw = readTensorProto(path);
  ASSERT_TRUE(bool(raw)) << raw.error().message;
  EXPECT_EQ(raw->name, "a");
  EXPECT_EQ(raw->array.shape, std::vector<int64_t>{2});
  write(head + "\x22\x08" + bytesOf<float>({1, 2}));
  auto typed = readTensorProto(path);
  ASSERT_TRUE(bool(typed));
  EXPECT_EQ(std::memcmp(raw->array.data.get(), typed->array.data.get(), 8), 0);
  // An empty raw_data beside it is none.
  write(head + "\x22\x08" + bytesOf<float>({1, 2}) + std::string("\x4a\x00", 2));
  auto beside = readTensorProto(path);
  ASSERT_TRUE(bool(beside)) << beside.error().message;
  EXPECT_EQ(std::memcmp(raw->array.data.get(), beside->array.data.get(), 8), 0);
  // dims 1, data_type INT64, int64_data -1 not packed
  write(std::string("\x08\x01\x10\x07\x38\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
  auto integer = readTensorProto(path);
  ASSERT_TRUE(bool(integer));
  EXPECT_EQ(*reinterpret_cast<const int64_t *>(integer->array.data.get()), -1);
}

TEST_F(ArrayFiles, MalformedTensorProtoIsRefused) {
  const std::string expected = ": error: expected a .npy file or an ONNX TensorProto (.pb), found ";
  EXPECT_EQ(protoError(""), expected + "an empty file");
  EXPECT_EQ(protoError("PK\x03\x04"), expected + "an archive (.npz)");
  EXPECT_EQ(protoError(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", "abcd")),
            ": error: is a .npy file, expected its name to end so");
  // As protobuf reads it, the first is field 13, of external data; the second is a tensor without an element type.
  EXPECT_EQ(protoError("hello, world\n"), expected + "neither");
  EXPECT_EQ(protoError("\x08\x02"), expected + "neither");
  EXPECT_EQ(protoError("\x08\x02\x10\x01\x4a\x04xxxx"), ": error: holds 4 bytes of data, its dims [2] need 8");
  EXPECT_EQ(protoError("\x08\x02\x10\x01\x4a\x7fx"), expected + "neither");
  // Each of the fields 1, 2, 4, 5, 8, 9, 10 and 14 of a wire type that it does not have, and the field 0.
  for (const char *wrong : {"\x10\x01\x0d\x01\x01\x01\x01", "\x12\x01\x01", "\x10\x01\x42\x04wxyz\x20\x01",
                            "\x10\x06\x2d\x01\x01\x01\x01", "\x10\x01\x40\x01", "\x10\x01\x48\x01",
                            "\x10\x0b\x42\x08stuvwxyz\x50\x01", "\x10\x01\x72\x01\x01", "\x10\x01\x02\x01\x01"})
    EXPECT_EQ(protoError(wrong), expected + "neither");
  // More sizes than a shape has.
  std::string many = "\x08\x02\x10\x01";
  for (int k = 0; k < 32; ++k)
    many += "\x08\x01";
  EXPECT_EQ(protoError(many), ": error: has malformed dims");
  // Packed integers that end within one.
  EXPECT_EQ(protoError("\x10\x06\x2a\x01\x80"), ": error: has malformed elements");
  EXPECT_EQ(protoError("\x10\x08"), ": error: has element type 8, which is not supported");
  EXPECT_EQ(protoError("\x10\x01\x70\x01"), ": error: holds external data, which is not supported here");
  EXPECT_EQ(protoError("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x10\x01"),
            ": error: has a dimension of -1, expected at least 0");
  EXPECT_EQ(protoError("\x08\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x08\x04\x10\x01"),
            ": error: has impossible dims [9223372036854775807, 4]");
}

TEST_F(ArrayFiles, ABooleanIsZeroOrOne) {
  std::string message = ": error: holds the value 2 at element 1, which is none of bool";
  EXPECT_EQ(protoError(std::string("\x08\x03\x10\x09\x4a\x03\x01\x02\x00", 9)), message);
  EXPECT_EQ(protoError(std::string("\x08\x03\x10\x09\x4a\x03\x01\x01\x00", 9)), "");
  std::string dictionary = "{'descr': '|b1', 'fortran_order': False, 'shape': (3,)}";
  EXPECT_EQ(npyError(npy(dictionary, std::string("\x01\x02\x00", 3))), message);
  EXPECT_EQ(npyError(npy(dictionary, std::string("\x01\x01\x00", 3))), "");
}

TEST_F(ArrayFiles, TensorProtoHoldsValuesOfItsType) {
  // dims 1, a data_type, and one value in int32_data (5) or uint64_data (11).
  auto tensor = [](char type, const std::string &value) { return std::string("\x08\x01\x10") + type + value; };
  std::string minusOne = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", k256 = "\x80\x02", k65536 = "\x80\x80\x04";
  for (auto [type, value] :
       {std::pair('\x03', minusOne), {'\x02', "\xff\x01"}, {'\x0a', "\xff\xff\x03"}, {'\x09', "\x01"}})
    EXPECT_EQ(protoError(tensor(type, "\x28" + value)), "");
  EXPECT_EQ(protoError(tensor('\x03', "\x28\x80\x01")), ": error: holds the value 128, which is none of int8");
  EXPECT_EQ(protoError(tensor('\x02', "\x28" + k256)), ": error: holds the value 256, which is none of uint8");
  EXPECT_EQ(protoError(tensor('\x02', "\x28" + minusOne)), ": error: holds the value -1, which is none of uint8");
  EXPECT_EQ(protoError(tensor('\x05', "\x28" + k65536)), ": error: holds the value 65536, which is none of int16");
  EXPECT_EQ(protoError(tensor('\x04', "\x28" + k65536)), ": error: holds the value 65536, which is none of uint16");
  EXPECT_EQ(protoError(tensor('\x0a', "\x28" + k65536)), ": error: holds the value 65536, which is none of float16");
  EXPECT_EQ(protoError(tensor('\x09', "\x28\x02")), ": error: holds the value 2, which is none of bool");
  EXPECT_EQ(protoError(tensor('\x0c', "\x58\x80\x80\x80\x80\x10")),
            ": error: holds the value 4294967296, which is none of uint32");
}

TEST_F(ArrayFiles, TensorProtoOfTwoKindsOfDataIsRefused) {
  // Two floats in float_data (4), and beside them in raw_data (9), int64_data (7), string_data (6).
  std::string floats("\x08\x02\x10\x01\x22\x08uvwxuvwx");
  EXPECT_EQ(protoError(floats), "");
  for (const char *more : {"\x4a\x08uvwxuvwx", "\x38\x01", "\x32\x01s"})
    EXPECT_EQ(protoError(floats + more), ": error: holds its elements in several places, expected one");
  EXPECT_EQ(protoError("\x08\x01\x10\x07\x28\x01"), ": error: holds elements of another type than int64");
}

TEST(Compare, ToleranceFollowsTheLargestMagnitude) {
  auto make = [](float a, float b) {
    Array array = *Array::zeros(DType::Float32, {2});
    float values[] = {a, b};
    std::memcpy(array.data.get(), values, 8);
    return array;
  };
  Array wanted = make(100, 0);
  EXPECT_EQ(compare(make(100, 0.009f), wanted, 1e-4, 0)->outside, 0u);
  EXPECT_EQ(compare(make(100, 0.011f), wanted, 1e-4, 0)->outside, 1u);
  float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(compare(make(100, nan), wanted, 1, 1)->outside, 1u);
  EXPECT_EQ(compare(make(nan, 0), make(-nan, 0), 0, 0)->outside, 0u);
  EXPECT_FALSE(bool(compare(wanted, *Array::zeros(DType::Float32, {3}), 0, 0)));
}

} // namespace
