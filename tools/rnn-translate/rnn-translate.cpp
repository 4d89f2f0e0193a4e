//===- rnn-translate.cpp - Between files and modules ------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "../Files.h"
#include "../Options.h"

#include "rnn-mlir/Conversion/RpuToIsa/RpuToIsa.h"
#include "rnn-mlir/Import/Onnx.h"
#include "rnn-mlir/Isa/Container.h"
#include "rnn-mlir/Pipelines/Passes.h"

#include "mlir/IR/AsmState.h"
#include "mlir/Support/ToolUtilities.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;

static void write(llvm::raw_ostream &os, const std::vector<std::byte> &bytes) {
  os.write(reinterpret_cast<const char *>(bytes.data()), bytes.size());
}

using Sources = std::shared_ptr<llvm::SourceMgr>;

static const llvm::MemoryBuffer &mainBuffer(const Sources &sources) {
  return *sources->getMemoryBuffer(sources->getMainFileID());
}

static LogicalResult fail(const Sources &sources, const rnn::Error &error) {
  llvm::errs() << mainBuffer(sources).getBufferIdentifier() << ": error: " << error.message << "\n";
  return failure();
}

/// The programs of a module, in bytes.
static LogicalResult programsToBinary(Operation *op, llvm::raw_ostream &os) {
  std::vector<rnn::isa::Program> programs;
  rnn::ConstantSection constants;
  if (auto module = dyn_cast<ModuleOp>(op))
    for (rnn::rpu::ProgramOp each : rnn::rpu::programsOf(module)) {
      FailureOr<rnn::isa::Program> program = rnn::encodeProgram(each, constants);
      if (failed(program))
        return failure();
      programs.push_back(std::move(*program));
    }
  if (programs.empty())
    return op->emitError("expects an rpu.program, found none");
  write(os, rnn::isa::serialisePrograms(programs));
  return success();
}

static LogicalResult binaryToAssembly(const Sources &sources, llvm::raw_ostream &os, MLIRContext *) {
  llvm::StringRef text = mainBuffer(sources).getBuffer();
  auto bytes = std::as_bytes(std::span(text.data(), text.size()));
  if (rnn::isa::isContainer(bytes)) {
    auto container = rnn::isa::Container::fromBytes({bytes.begin(), bytes.end()});
    if (!container)
      return fail(sources, container.error());
    for (const rnn::isa::Program &program : container->programs())
      os << rnn::isa::printProgram(program);
    return success();
  }
  auto programs = rnn::isa::deserialisePrograms(bytes);
  if (!programs)
    return fail(sources, {"is no program file and no list of programs: " + programs.error().message});
  for (const rnn::isa::Program &program : *programs)
    os << rnn::isa::printProgram(program);
  return success();
}

static LogicalResult assemblyToBinary(const Sources &sources, llvm::raw_ostream &os, MLIRContext *) {
  auto programs = rnn::isa::parsePrograms(mainBuffer(sources).getBuffer());
  if (!programs)
    return fail(sources, programs.error());
  write(os, rnn::isa::serialisePrograms(*programs));
  return success();
}

/// Translates the input; with `verify`, only the diagnostics that it announces must come.
static LogicalResult translate(const Translation &translation, std::unique_ptr<llvm::MemoryBuffer> input,
                               llvm::raw_ostream &os, bool verify) {
  MLIRContext context;
  auto sources = std::make_shared<llvm::SourceMgr>();
  sources->AddNewSourceBuffer(std::move(input), llvm::SMLoc());
  context.printOpOnDiagnostic(false);
  if (!verify) {
    SourceMgrDiagnosticHandler handler(*sources, &context);
    return translation(sources, os, &context);
  }
  SourceMgrDiagnosticVerifierHandler handler(*sources, &context);
  (void)translation(sources, os, &context);
  return handler.verify();
}

int main(int argc, char **argv) {
  rnn::prepareOptions("rnn-translate");
  llvm::InitLLVM init(argc, argv);
  rnn::registerOnnxImport();
  TranslateFromMLIRRegistration toBinary(
      "rpu-to-binary", "the bytes of a module's programs, as section PROG of a program file", programsToBinary,
      [](DialectRegistry &registry) { rnn::registerAllDialects(registry); });
  TranslateRegistration toAssembly("binary-to-asm", "the assembly of the programs in such bytes or in a program file",
                                   binaryToAssembly);
  TranslateRegistration fromAssembly("asm-to-binary", "the bytes of the programs in an assembly", assemblyToBinary);

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
  std::unique_ptr<llvm::MemoryBuffer> buffer =
      llvm::StringRef(input).ends_with(".mlir") ? rnn::openModule(input) : rnn::openInput(input);
  if (!buffer)
    return 1;
  std::unique_ptr<rnn::OutputFile> file = rnn::OutputFile::open(output);
  if (!file)
    return 1;
  LogicalResult done = splitAndProcessBuffer(
      std::move(buffer),
      [&](std::unique_ptr<llvm::MemoryBuffer> part, llvm::raw_ostream &os) {
        return translate(*translation, std::move(part), os, verify);
      },
      file->os(), split ? kDefaultSplitMarker : "");
  return failed(file->close(done));
}
