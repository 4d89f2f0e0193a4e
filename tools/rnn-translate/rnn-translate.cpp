//===- rnn-translate.cpp - Between files and modules ------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "../Files.h"

#include "rnn-mlir/Conversion/RpuToIsa/RpuToIsa.h"
#include "rnn-mlir/Import/Onnx.h"
#include "rnn-mlir/Pipelines/Passes.h"

#include "mlir/IR/AsmState.h"
#include "mlir/Support/ToolUtilities.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;

static LogicalResult fail(const rnn::Error &error) {
  llvm::errs() << "error: " << error.message << "\n";
  return failure();
}

static void write(llvm::raw_ostream &os, const std::vector<std::byte> &bytes) {
  os.write(reinterpret_cast<const char *>(bytes.data()), bytes.size());
}

using Sources = std::shared_ptr<llvm::SourceMgr>;

static llvm::StringRef mainBuffer(const Sources &sources) {
  return sources->getMemoryBuffer(sources->getMainFileID())->getBuffer();
}

/// The one program of a module, in bytes.
static LogicalResult programToBinary(Operation *op, llvm::raw_ostream &os) {
  SmallVector<rnn::rpu::ProgramOp> programs;
  op->walk([&](rnn::rpu::ProgramOp program) { programs.push_back(program); });
  if (programs.size() != 1)
    return op->emitError("expects one rpu.program, found ") << programs.size();
  rnn::ConstantSection constants;
  FailureOr<rnn::isa::Program> program = rnn::encodeProgram(programs.front(), constants);
  if (failed(program))
    return failure();
  write(os, rnn::isa::serialise(*program));
  return success();
}

static LogicalResult binaryToAssembly(const Sources &sources, llvm::raw_ostream &os, MLIRContext *) {
  llvm::StringRef bytes = mainBuffer(sources);
  auto program = rnn::isa::deserialise(std::as_bytes(std::span(bytes.data(), bytes.size())));
  if (!program)
    return fail(program.error());
  os << rnn::isa::printProgram(*program);
  return success();
}

static LogicalResult assemblyToBinary(const Sources &sources, llvm::raw_ostream &os, MLIRContext *) {
  auto program = rnn::isa::parseProgram(mainBuffer(sources));
  if (!program)
    return fail(program.error());
  write(os, rnn::isa::serialise(*program));
  return success();
}

/// Translates the input; with `verify`, only the diagnostics that it announces must come.
static LogicalResult translate(const Translation &translation, std::unique_ptr<llvm::MemoryBuffer> input,
                               llvm::raw_ostream &os, bool verify) {
  MLIRContext context;
  auto sources = std::make_shared<llvm::SourceMgr>();
  sources->AddNewSourceBuffer(std::move(input), llvm::SMLoc());
  context.printOpOnDiagnostic(!verify);
  if (!verify) {
    SourceMgrDiagnosticHandler handler(*sources, &context);
    return translation(sources, os, &context);
  }
  SourceMgrDiagnosticVerifierHandler handler(*sources, &context);
  (void)translation(sources, os, &context);
  return handler.verify();
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  rnn::registerOnnxImport();
  TranslateFromMLIRRegistration toBinary("rpu-to-binary", "the bytes of a module's one program", programToBinary,
                                         [](DialectRegistry &registry) { rnn::registerAllDialects(registry); });
  TranslateRegistration toAssembly("binary-to-asm", "the assembly of a program's bytes", binaryToAssembly);
  TranslateRegistration fromAssembly("asm-to-binary", "the bytes of a program's assembly", assemblyToBinary);

  namespace cl = llvm::cl;
  cl::opt<std::string> input(cl::Positional, cl::desc("<input file>"), cl::init("-"));
  cl::opt<std::string> output("o", cl::desc("the file to write"), cl::value_desc("filename"), cl::init("-"));
  cl::opt<bool> split("split-input-file", cl::desc("translate the parts between lines of // ----- one by one"));
  cl::opt<bool> verify("verify-diagnostics", cl::desc("check that the diagnostics are those announced in the input"));
  cl::opt<const Translation *, false, TranslationParser> translation("", cl::desc("the translation:"));
  registerAsmPrinterCLOptions();
  registerMLIRContextCLOptions();
  cl::ParseCommandLineOptions(argc, argv,
                              "rnn-mlir translation between files and modules. Exit code: 0, 1 after an error.\n");

  if (!translation) {
    llvm::errs() << "error: expects a translation, see --help\n";
    return 1;
  }
  std::unique_ptr<llvm::MemoryBuffer> buffer = rnn::openInput(input);
  if (!buffer)
    return 1;
  std::unique_ptr<llvm::ToolOutputFile> file = rnn::openOutput(output);
  if (!file)
    return 1;
  LogicalResult done = splitAndProcessBuffer(
      std::move(buffer),
      [&](std::unique_ptr<llvm::MemoryBuffer> part, llvm::raw_ostream &os) {
        return translate(*translation, std::move(part), os, verify);
      },
      file->os(), split ? kDefaultSplitMarker : "");
  return failed(rnn::keepOutput(*file, done));
}
