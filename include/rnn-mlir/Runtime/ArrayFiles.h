//===- ArrayFiles.h - Arrays in .npy and TensorProto files -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// Nothing in a file is trusted: sizes are checked against the file's before memory is taken.
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Runtime/Array.h"
#include "rnn-mlir/Support/WholeFile.h"

namespace rnn::runtime {

struct NamedArray {
  std::string name;
  Array array;
};

/// Reads a NumPy file of format 1, 2 or 3; Fortran order is turned into row-major order.
Result<Array> readNpy(const std::string &path);
/// Whether the file begins as NumPy's do, which no TensorProto does.
bool isNpy(const std::string &path);
/// A file of format 1 that gets its name when it is committed.
Result<WholeFile> npyFile(const Array &array, const std::string &path);

/// Reads an ONNX TensorProto. External data, strings and complex numbers are refused.
Result<NamedArray> readTensorProto(const std::string &path);

/// The arrays PREFIX_0.pb, PREFIX_1.pb, … of a data set's folder. A gap in the numbers is an error.
Result<std::vector<NamedArray>> readDataSet(const std::string &folder, const std::string &prefix);

} // namespace rnn::runtime
