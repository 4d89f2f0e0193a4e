//===- CodeGen.cpp - From LLVM IR to a shared object ------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Conversion/HostToLLVM/CodeGen.h"

#include "rnn-mlir/Dialect/Onnx/IR/Diagnostics.h"
#include "rnn-mlir/Runtime/HostApi.h"
#include "rnn-mlir/Support/Choices.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/Analysis/CGSCCPassManager.h"
#include "llvm/Analysis/LoopAnalysisManager.h"
#include "llvm/IR/LLVMContext.h"
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
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <mutex>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mlir;

namespace rnn {
namespace {

constexpr llvm::StringLiteral kTriple = "x86_64-unknown-linux-gnu";

std::unique_ptr<llvm::TargetMachine> makeMachine(ModuleOp host, const std::string &cpu) {
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
    host.emitError("expects the host CPU ") << listed(kHostCpus) << ", found '" << cpu << "'";
    return nullptr;
  }
  std::string error;
  llvm::Triple triple(kTriple);
  const llvm::Target *target = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target) {
    host.emitError("LLVM cannot generate code for ") << kTriple << ": " << error;
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

  LogicalResult create(ModuleOp host, const char *name) {
    descriptor = ::memfd_create(name, MFD_CLOEXEC);
    if (descriptor < 0)
      return onnx::emitSystemError(host.getLoc()) << "cannot create a file in memory: " << std::strerror(errno);
    path = "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(descriptor);
    return success();
  }
  ~MemoryFile() {
    if (descriptor >= 0)
      ::close(descriptor);
  }
};

/// Runs a program to its end, with a file as its standard output. It has no time limit, unlike LLVM's own wait, which
/// sets an alarm and takes a signal of the caller for its end: signals and timers are the caller's. Returns why it
/// failed, empty where it did not.
std::string runProgram(const std::string &program, std::vector<std::string> arguments, const std::string &output) {
  std::vector<char *> pointers;
  for (std::string &argument : arguments)
    pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&files);
  posix_spawnattr_init(&attributes);
  // In the group of the caller, with which it ends; signals that the caller blocks are not blocked for it.
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  int error = posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, output.c_str(), O_WRONLY, 0);
  pid_t child = -1;
  if (!error)
    error = posix_spawn(&child, program.c_str(), &files, &attributes, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  if (error)
    return std::string("cannot be started: ") + std::strerror(error);
  int status = 0;
  pid_t ended;
  do
    ended = ::waitpid(child, &status, 0);
  while (ended < 0 && errno == EINTR);
  // Where the caller takes the ends of all children, the output tells whether it worked.
  if (ended < 0)
    return errno == ECHILD ? "" : std::string("cannot be waited for: ") + std::strerror(errno);
  if (WIFSIGNALED(status))
    return "ended by signal " + std::to_string(WTERMSIG(status));
  return WEXITSTATUS(status) == 0 ? "" : "exit code " + std::to_string(WEXITSTATUS(status));
}

LogicalResult link(ModuleOp host, StringRef object, StringRef output) {
  llvm::ErrorOr<std::string> linker = llvm::sys::findProgramByName("ld.lld-22");
  if (!linker)
    linker = llvm::sys::findProgramByName("ld.lld", {"/usr/lib/llvm-22/bin"});
  if (!linker)
    return onnx::emitSystemError(host.getLoc())
           << "expects the linker ld.lld-22 on the path; it comes with the package lld-22";
  // To standard output, since the linker would make a file beside a named one.
  std::string error = runProgram(
      *linker,
      {*linker, "-shared", "--hash-style=sysv", "--gc-sections", "-s", "-z", "noexecstack", "-o", "-", object.str()},
      output.str());
  if (!error.empty())
    return onnx::emitSystemError(host.getLoc()) << "the linker failed on host code: " << error;
  return success();
}

/// Where a function is called, or the module where only code generation calls it.
Location callOf(ModuleOp host, StringRef function) {
  Location loc = host.getLoc();
  host.walk([&](LLVM::CallOp call) {
    if (call.getCallee() != function)
      return WalkResult::advance();
    loc = call.getLoc();
    return WalkResult::interrupt();
  });
  return loc;
}

/// Errors: the shared object needs a symbol that the runtime does not promise.
LogicalResult checkSymbols(ModuleOp host, llvm::MemoryBufferRef shared) {
  auto object = llvm::object::ObjectFile::createELFObjectFile(shared);
  if (!object)
    return onnx::emitSystemError(host.getLoc())
           << "cannot read the linked host code: " << llvm::toString(object.takeError());
  SmallVector<StringRef> allowed;
  StringRef(RNN_HOST_LIBRARY).split(allowed, ' ', -1, /*KeepEmpty=*/false);
  for (const llvm::object::ELFSymbolRef &symbol :
       llvm::cast<llvm::object::ELFObjectFileBase>(**object).getDynamicSymbolIterators()) {
    llvm::Expected<uint32_t> flags = symbol.getFlags();
    llvm::Expected<StringRef> name = symbol.getName();
    if (!flags || !name)
      return onnx::emitSystemError(host.getLoc())
             << "cannot read the symbols of the linked host code: "
             << llvm::toString(llvm::joinErrors(flags.takeError(), name.takeError()));
    if ((*flags & llvm::object::SymbolRef::SF_Undefined) && !name->empty() && !llvm::is_contained(allowed, *name))
      return emitError(callOf(host, *name), "host code would call '") << *name << "', which the runtime does not have";
  }
  return success();
}

} // namespace

FailureOr<std::vector<char>> generateCode(ModuleOp host, const std::string &cpu) {
  std::unique_ptr<llvm::TargetMachine> machine = makeMachine(host, cpu);
  if (!machine)
    return failure();
  registerBuiltinDialectTranslation(*host.getContext());
  registerLLVMDialectTranslation(*host.getContext());
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> module = translateModuleToLLVMIR(host, context, "host");
  if (!module)
    return host.emitError("host code cannot be expressed in LLVM"), failure();
  module->setTargetTriple(machine->getTargetTriple());
  module->setDataLayout(machine->createDataLayout());
  optimise(*module, *machine);

  MemoryFile object, shared;
  if (failed(object.create(host, "host.o")) || failed(shared.create(host, "host.so")))
    return failure();
  {
    llvm::raw_fd_ostream stream(object.descriptor, /*shouldClose=*/false);
    llvm::legacy::PassManager passes;
    if (machine->addPassesToEmitFile(passes, stream, nullptr, llvm::CodeGenFileType::ObjectFile))
      return host.emitError("LLVM cannot write object files for ") << kTriple, failure();
    passes.run(*module);
    stream.flush();
    if (stream.has_error()) {
      std::string reason = stream.error().message();
      stream.clear_error();
      return onnx::emitSystemError(host.getLoc()) << "cannot write a temporary file: " << reason, failure();
    }
  }
  if (failed(link(host, object.path, shared.path)))
    return failure();
  auto buffer = llvm::MemoryBuffer::getFile(shared.path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return onnx::emitSystemError(host.getLoc()) << "cannot read the linked host code: " << buffer.getError().message(),
           failure();
  if (failed(checkSymbols(host, **buffer)))
    return failure();
  return std::vector<char>((*buffer)->getBufferStart(), (*buffer)->getBufferEnd());
}

} // namespace rnn
