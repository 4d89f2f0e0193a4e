//===- rnn-opt.cpp - Runs passes on modules ---------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Onnx/IR/Diagnostics.h"
#include "rnn-mlir/Import/Onnx.h"
#include "rnn-mlir/Pipelines/Passes.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/ToolOutputFile.h"

/// The bytecode of the module that an ONNX file is imported to; null after errors have been printed.
static std::unique_ptr<llvm::MemoryBuffer> importOnnx(llvm::StringRef path, const mlir::DialectRegistry &registry) {
  mlir::MLIRContext context(registry);
  rnn::onnx::NodeDiagnosticHandler diagnostics(&context, llvm::errs());
  mlir::OwningOpRef<mlir::ModuleOp> module = rnn::importOnnxFile(path, &context);
  if (!module)
    return nullptr;
  std::string bytes;
  llvm::raw_string_ostream stream(bytes);
  if (failed(mlir::writeBytecodeToFile(*module, stream)))
    return nullptr;
  // Sections of bytecode are aligned with respect to the buffer's begin.
  auto buffer = llvm::WritableMemoryBuffer::getNewUninitMemBuffer(bytes.size(), path, llvm::Align(4096));
  llvm::copy(bytes, buffer->getBufferStart());
  return buffer;
}

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  rnn::registerAllPasses();
  rnn::registerAllDialects(registry);
  llvm::InitLLVM init(argc, argv);
  auto [input, output] = mlir::registerAndParseCLIOptions(argc, argv,
                                                          "rnn-mlir optimizer: runs passes on a .mlir module or .onnx "
                                                          "model; --rnn-compile=\"target=NAME\" is the whole way to\n"
                                                          "programs of a target. Exit code: 0, 1 after an error.\n",
                                                          registry);
  std::string reason;
  std::unique_ptr<llvm::MemoryBuffer> module;
  if (llvm::StringRef(input).ends_with(".onnx")) {
    module = importOnnx(input, registry);
    if (!module)
      return 1;
  } else if (module = mlir::openInputFile(input, &reason); !module) {
    llvm::errs() << input << ": error: " << reason << "\n";
    return 1;
  }
  std::unique_ptr<llvm::ToolOutputFile> file = mlir::openOutputFile(output, &reason);
  if (!file) {
    llvm::errs() << output << ": error: " << reason << "\n";
    return 1;
  }
  mlir::LogicalResult done =
      mlir::MlirOptMain(file->os(), std::move(module), registry, mlir::MlirOptMainConfig::createFromCLOptions());
  llvm::raw_fd_ostream &stream = file->os();
  stream.flush();
  if (std::error_code wrong = stream.error()) {
    llvm::errs() << "error: cannot write " << output << ": " << wrong.message() << "\n";
    stream.clear_error();
    return 1;
  }
  if (succeeded(done))
    file->keep();
  return mlir::asMainReturnCode(done);
}
