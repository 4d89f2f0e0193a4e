//===- Onnx.h - From an ONNX file to the onnx dialect -----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <functional>
#include <string>

namespace mlir {
class DialectRegistry;
}

namespace rnn {

struct OnnxImportOptions {
  /// The name of the model in locations, `name:node`; the path where it is empty.
  std::string name;
  /// The folder of external data; that of the file where it is empty. Bytes
  /// without a folder may not refer to external data.
  std::string folder;
  /// A file that is to be written afterwards: external data in it are refused.
  std::string output;
  /// Called with what could be read of a model that is refused, so that further checks tell what else is wrong with it.
  /// `ub.poison` stands for values and attributes that have an error already.
  std::function<void(mlir::ModuleOp)> inspectRefused;
};

/// Reads an ONNX model into a module of the onnx dialect. Nothing in the file is
/// trusted; every fault is an error at `name:node`, and null is returned. IR
/// versions up to `onnx::kNewestIrVersion` and opsets up to `onnx::kNewestOpset`
/// are read. Weights are held once, by `dense_resource` blobs of the context.
mlir::OwningOpRef<mlir::ModuleOp> importOnnxFile(llvm::StringRef path, mlir::MLIRContext *context,
                                                 const OnnxImportOptions &options = {});

/// The same for a model in memory, which is not needed afterwards.
mlir::OwningOpRef<mlir::ModuleOp> importOnnxBytes(llvm::StringRef bytes, mlir::MLIRContext *context,
                                                  const OnnxImportOptions &options);

/// The name that ONNX has for an element type, such as `STRING`; empty where it has none.
llvm::StringRef onnxElementTypeName(mlir::Type element);

/// Inserts the dialects that an imported module consists of.
void registerOnnxImportDialects(mlir::DialectRegistry &registry);

/// Registers `--import-onnx` for a tool built on mlirTranslateMain.
void registerOnnxImport();

} // namespace rnn
