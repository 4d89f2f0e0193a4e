//===- CodeGen.cpp - From LLVM IR to a shared object ------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "HostInterface.h"
#include "rnn-mlir/Support/Choices.h"

#include "rnn-mlir/Runtime/HostApi.h"

#include "llvm/Analysis/CGSCCPassManager.h"
#include "llvm/Analysis/LoopAnalysisManager.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"

#include <cerrno>
#include <cstring>
#include <mutex>
#include <sys/mman.h>
#include <unistd.h>

using namespace mlir;

namespace rnn {
namespace {

constexpr llvm::StringLiteral kTriple = "x86_64-unknown-linux-gnu";

std::unique_ptr<llvm::TargetMachine> makeMachine(ModuleOp where, const std::string &cpu) {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
  });
  std::string model = cpu, features;
  if (cpu == kNativeCpu) {
    model = llvm::sys::getHostCPUName().str();
    for (auto &[feature, present] : llvm::sys::getHostCPUFeatures())
      features += (features.empty() ? "" : ",") + std::string(present ? "+" : "-") + feature.str();
  } else if (placeOf(kHostCpus, cpu) == kHostCpus.size()) {
    where.emitError("expects --host-cpu ") << listed(kHostCpus) << ", found '" << cpu << "'";
    return nullptr;
  }
  std::string error;
  llvm::Triple triple(kTriple);
  const llvm::Target *target = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target) {
    where.emitError("LLVM cannot generate code for ") << kTriple << ": " << error;
    return nullptr;
  }
  return std::unique_ptr<llvm::TargetMachine>(target->createTargetMachine(
      triple, model, features, llvm::TargetOptions(), llvm::Reloc::PIC_, std::nullopt, llvm::CodeGenOptLevel::Default));
}

void optimise(llvm::Module &module, llvm::TargetMachine &machine) {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder(&machine);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O2).run(module, modules);
}

/// A file in memory, which other processes reach by its path; nothing is left of it whatever happens.
struct MemoryFile {
  int descriptor = -1;
  std::string path;

  LogicalResult create(ModuleOp where, const char *name) {
    descriptor = ::memfd_create(name, MFD_CLOEXEC);
    if (descriptor < 0)
      return where.emitError("cannot create a file in memory: ") << std::strerror(errno);
    path = "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(descriptor);
    return success();
  }
  ~MemoryFile() {
    if (descriptor >= 0)
      ::close(descriptor);
  }
};

LogicalResult link(ModuleOp where, StringRef object, StringRef output) {
  llvm::ErrorOr<std::string> linker = llvm::sys::findProgramByName("ld.lld-22");
  if (!linker)
    linker = llvm::sys::findProgramByName("ld.lld", {"/usr/lib/llvm-22/bin"});
  if (!linker)
    return where.emitError("expects the linker ld.lld-22 on the path; it comes with the package lld-22");
  // To standard output, since the linker would make a file beside a named one.
  StringRef arguments[] = {*linker, "-shared", "--gc-sections", "-s", "-z", "noexecstack", "-o", "-", object};
  std::string error;
  if (llvm::sys::ExecuteAndWait(*linker, arguments, std::nullopt, {std::nullopt, output, std::nullopt}, 120, 0,
                                &error) != 0)
    return where.emitError("the linker failed on host code") << (error.empty() ? "" : ": ") << error;
  return success();
}

/// Errors: the shared object needs a symbol that the runtime does not promise.
LogicalResult checkSymbols(ModuleOp where, llvm::MemoryBufferRef shared) {
  auto object = llvm::object::ObjectFile::createELFObjectFile(shared);
  if (!object)
    return where.emitError("cannot read the linked host code: ") << llvm::toString(object.takeError());
  SmallVector<StringRef> allowed;
  StringRef(RNN_HOST_LIBRARY).split(allowed, ' ', -1, /*KeepEmpty=*/false);
  for (const llvm::object::ELFSymbolRef &symbol :
       llvm::cast<llvm::object::ELFObjectFileBase>(**object).getDynamicSymbolIterators()) {
    llvm::Expected<uint32_t> flags = symbol.getFlags();
    llvm::Expected<StringRef> name = symbol.getName();
    if (!flags || !name)
      return where.emitError("cannot read the symbols of the linked host code: ")
             << llvm::toString(llvm::joinErrors(flags.takeError(), name.takeError()));
    if ((*flags & llvm::object::SymbolRef::SF_Undefined) && !name->empty() && !llvm::is_contained(allowed, *name))
      return where.emitError("host code would call '") << *name << "', which the runtime does not have";
  }
  return success();
}

} // namespace

FailureOr<HostObject> generateCode(ModuleOp where, llvm::Module &module, const std::string &cpu) {
  HostObject result{cpu, {}};
  std::unique_ptr<llvm::TargetMachine> machine = makeMachine(where, cpu);
  if (!machine)
    return failure();
  module.setTargetTriple(machine->getTargetTriple());
  module.setDataLayout(machine->createDataLayout());
  optimise(module, *machine);

  MemoryFile object, shared;
  if (failed(object.create(where, "host.o")) || failed(shared.create(where, "host.so")))
    return failure();
  {
    llvm::raw_fd_ostream stream(object.descriptor, /*shouldClose=*/false);
    llvm::legacy::PassManager passes;
    if (machine->addPassesToEmitFile(passes, stream, nullptr, llvm::CodeGenFileType::ObjectFile))
      return where.emitError("LLVM cannot write object files for ") << kTriple, failure();
    passes.run(module);
    stream.flush();
    if (stream.has_error()) {
      std::string reason = stream.error().message();
      stream.clear_error();
      return where.emitError("cannot write a temporary file: ") << reason, failure();
    }
  }
  if (failed(link(where, object.path, shared.path)))
    return failure();
  auto buffer = llvm::MemoryBuffer::getFile(shared.path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return where.emitError("cannot read the linked host code: ") << buffer.getError().message(), failure();
  if (failed(checkSymbols(where, **buffer)))
    return failure();
  result.elf.assign((*buffer)->getBufferStart(), (*buffer)->getBufferEnd());
  return result;
}

} // namespace rnn
