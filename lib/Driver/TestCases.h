//===- TestCases.h - ONNX-style tests in a folder -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Support/Result.h"

#include <optional>
#include <string>
#include <vector>

namespace rnn::driver {

/// A model with its data sets.
struct TestCase {
  /// The path of its folder, or of the model without its ending, from the folder that was searched.
  std::string name;
  std::string model;
  /// Folders test_data_set_N in the order of N.
  std::vector<std::string> dataSets;
  /// The test's own, absolute and relative.
  std::optional<double> tolerance;
  /// Named EXPECT_FAIL_…: it must be refused.
  bool expectFailure = false;
};

/// The tests below `folder`, by name: folders with model.onnx or test_data_set_N, and NAME.onnx with golden/NAME beside
/// it. A model may be missing. Errors: no such folder, no test in it, a malformed index.json.
Result<std::vector<TestCase>> findTests(const std::string &folder);

} // namespace rnn::driver
