//===- rnn-translate.cpp - Between files and modules ----------------------===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Import/Onnx.h"

#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"

int main(int argc, char **argv) {
  rnn::registerOnnxImport();
  return failed(mlir::mlirTranslateMain(argc, argv, "rnn-mlir translation\n"));
}
