//===- Register.cpp - The import as a translation ---------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Onnx/IR/Diagnostics.h"
#include "rnn-mlir/Dialect/Onnx/IR/Onnx.h"
#include "rnn-mlir/Import/Onnx.h"

#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;

namespace rnn {

void registerOnnxImportDialects(DialectRegistry &registry) {
  registry.insert<onnx::OnnxDialect, func::FuncDialect>();
}

/// The buffer's file, if it has one, is read anew: what the source manager has
/// mapped would count twice.
static OwningOpRef<Operation *> translate(llvm::SourceMgr &sourceManager, MLIRContext *context) {
  onnx::NodeDiagnosticHandler handler(context, llvm::errs());
  const llvm::MemoryBuffer *buffer = sourceManager.getMemoryBuffer(sourceManager.getMainFileID());
  StringRef name = buffer->getBufferIdentifier();
  if (llvm::sys::fs::is_regular_file(name))
    return importOnnxFile(name, context);
  return importOnnxBytes(buffer->getBuffer(), context,
                         {.name = name.str(), .folder = {}, .output = {}, .inspectRefused = {}});
}

void registerOnnxImport() {
  static TranslateToMLIRRegistration registration("import-onnx", "an ONNX model as a module of the onnx dialect",
                                                  translate, registerOnnxImportDialects);
}

} // namespace rnn
