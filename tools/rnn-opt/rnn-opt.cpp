//===- rnn-opt.cpp - Runs passes on modules ---------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "../Files.h"
#include "../Options.h"

#include "rnn-mlir/Dialect/Onnx/IR/Diagnostics.h"
#include "rnn-mlir/Import/Onnx.h"
#include "rnn-mlir/Pipelines/Passes.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "llvm/Support/InitLLVM.h"

/// The bytecode of the module that an ONNX file is imported to; null after errors have been printed.
static std::unique_ptr<llvm::MemoryBuffer> importOnnx(llvm::StringRef path, const mlir::DialectRegistry &registry) {
  mlir::MLIRContext context(registry);
  rnn::onnx::NodeDiagnosticHandler diagnostics(&context, llvm::errs());
  mlir::OwningOpRef<mlir::ModuleOp> module = rnn::importOnnxFile(
      path, &context, {.name = {}, .folder = {}, .output = {}, .inspectRefused = rnn::inspectRefused});
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

/// Leaves operations as text out of diagnostics, unless they are asked for.
static void printNoOperations() {
  mlir::registerMLIRContextCLOptions();
  llvm::cl::Option *option = llvm::cl::getRegisteredOptions().lookup("mlir-print-op-on-diagnostic");
  static_cast<llvm::cl::opt<bool> *>(option)->setInitialValue(false);
}

/// The configuration under which diagnostics with no place in the text that is read are printed as
/// `file:node: error: …`.
static mlir::MlirOptMainConfig withNodeDiagnostics(const mlir::MlirOptMainConfig &config, std::string input) {
  mlir::MlirOptMainConfig changed = config;
  changed.setPassPipelineSetupFn([config, input](mlir::PassManager &manager) {
    // Those of a test are compared where they are.
    if (!config.shouldVerifyDiagnostics())
      manager.getContext()->getDiagEngine().registerHandler([input](mlir::Diagnostic &diagnostic) {
        auto line = diagnostic.getLocation()->findInstanceOf<mlir::FileLineColLoc>();
        if (line && line.getLine() > 0)
          return mlir::failure();
        std::string text = rnn::onnx::formatDiagnostic(diagnostic);
        llvm::StringRef rest = text;
        bool nowhere = rest.consume_front("<unknown>: ");
        llvm::errs() << (nowhere ? input + ": " : "") << rest << "\n";
        return mlir::success();
      });
    return config.setupPassPipeline(manager);
  });
  return changed;
}

int main(int argc, char **argv) {
  rnn::prepareOptions("rnn-opt");
  mlir::DialectRegistry registry;
  rnn::registerAllPasses();
  rnn::registerAllDialects(registry);
  llvm::InitLLVM init(argc, argv);
  printNoOperations();
  auto [input, output] = mlir::registerAndParseCLIOptions(argc, argv,
                                                          "rnn-mlir optimizer: runs passes on a .mlir module or .onnx "
                                                          "model; --rnn-compile=\"target=NAME|FILE.yaml\" is the\n"
                                                          "whole way to programs of a target. Exit code: 0, 1\n"
                                                          "after an error.\n",
                                                          registry);
  std::unique_ptr<llvm::MemoryBuffer> module =
      llvm::StringRef(input).ends_with(".onnx") ? importOnnx(input, registry) : rnn::openModule(input);
  if (!module)
    return 1;
  std::unique_ptr<rnn::OutputFile> file = rnn::OutputFile::open(output);
  if (!file)
    return 1;
  mlir::MlirOptMainConfig config = withNodeDiagnostics(mlir::MlirOptMainConfig::createFromCLOptions(), input);
  mlir::LogicalResult done = mlir::MlirOptMain(file->os(), std::move(module), registry, config);
  return mlir::asMainReturnCode(file->close(done));
}
