//===- MutateModules.cpp - Modules changed at random ------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// Changes the modules of test inputs and takes each through what rnn-opt and rnnc do, for a device and for the host:
//
//   mutate-modules FOLDER|FILE… [--seed=N] [--from=N] [--count=N] [--whole=N] [--keep=FOLDER]
//
// A mutant is known by seed and number. Each has a process of its own, with a limit of time. What must not happen, and
// ends the campaign with exit code 1: a signal, a hang, and a module that one target compiles and the other refuses for
// anything but the machine's limits. One of `whole` mutants that both compile becomes program files, which run on equal
// inputs; then outputs may not differ, and inputs may not change. A crash inside MLIR's parser is counted apart.
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Conversion/RpuToIsa/RpuToIsa.h"
#include "rnn-mlir/Dialect/Rnn/IR/TargetOf.h"
#include "rnn-mlir/Pipelines/Compile.h"
#include "rnn-mlir/Pipelines/Passes.h"
#include "rnn-mlir/Runtime/Session.h"
#include "rnn-mlir/Support/ModuleText.h"
#include "rnn-mlir/Target/TargetModel.h"

#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Regex.h"

#include <csignal>
#include <cstring>
#include <map>
#include <random>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mlir;

namespace {

/// Of the CPU; a process that waits for ever ends after twenty times as long.
constexpr unsigned kSeconds = 60;
constexpr rlim_t kMemory = rlim_t(8) << 30;

/// What a mutant's process is at, and what it found; in memory that it shares with the campaign.
struct Shared {
  enum Stage : uint32_t { Parse, Device, DeviceHost, Host, HostHost, Whole, Run, End } stage;
  uint32_t parsed, compiled, ran;
  char text[512];
};
const char *const kStages[] = {"parsing",
                               "rnn-compile for generic",
                               "host code beside generic",
                               "rnn-compile for cpu",
                               "host code of cpu",
                               "rnnc compile",
                               "rnnc run",
                               "the end"};

struct Campaign {
  uint64_t seed = 1, from = 0, count = 1000, whole = 20;
  std::string keep;
  std::vector<std::string> paths;
};

//===----------------------------------------------------------------------===//
// Mutants
//===----------------------------------------------------------------------===//

using Random = std::mt19937_64;

class Mutator {
public:
  void add(StringRef file) {
    SmallVector<StringRef> sections;
    file.split(sections, "// -----");
    for (StringRef section : sections) {
      std::vector<std::string> lines;
      for (StringRef line : llvm::split(section, '\n'))
        if (!line.trim().empty() && !line.trim().starts_with("//"))
          lines.push_back(line.str());
      if (lines.empty())
        continue;
      for (const std::string &line : lines) {
        allLines.push_back(line);
        for (const std::string &token : tokens(line))
          if (char kind = kindOf(token))
            dictionary[kind].push_back(token);
      }
      modules.push_back(std::move(lines));
    }
  }
  size_t size() const { return modules.size(); }

  std::string mutant(uint64_t seed, uint64_t number) const {
    std::seed_seq both{seed, number};
    Random random(both);
    std::vector<std::string> lines = modules[random() % modules.size()];
    for (uint64_t k = 0, changes = 1 + random() % 3; k < changes && !lines.empty(); ++k)
      change(lines, random);
    std::string text = llvm::join(lines, "\n") + "\n";
    // What is no main function would be compiled for no target.
    constexpr StringLiteral function = "func.func @";
    size_t name = text.find(function);
    if (name != std::string::npos && !StringRef(text).contains("@main")) {
      name += function.size();
      text.replace(name, text.find('(', name) - name, "main");
    }
    return text;
  }

private:
  /// A word, a number, a type with all between its brackets, or a single character.
  static std::vector<std::string> tokens(StringRef line) {
    std::vector<std::string> found;
    while (!line.empty()) {
      size_t length = line.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.%@#!^");
      length = length == 0 ? 1 : std::min(length, line.size());
      StringRef word = line.take_front(length);
      if (length < line.size() && line[length] == '<' && (word == "tensor" || word == "memref" || word == "vector"))
        length = std::min(line.find('>', length), line.size() - 1) + 1;
      found.push_back(line.take_front(length).str());
      line = line.drop_front(length);
    }
    return found;
  }
  /// Tokens of a kind stand for one another; 0 for none.
  static char kindOf(StringRef token) {
    if (token.starts_with("tensor<") || token.starts_with("memref<") || token.starts_with("vector<"))
      return 't';
    if (token.size() > 1 && StringRef("%@#!^").contains(token[0]))
      return token[0];
    if (std::isdigit(static_cast<unsigned char>(token[0])))
      return '0';
    if (token.size() > 1 && std::isalpha(static_cast<unsigned char>(token[0])))
      return token.contains('.') ? 'o' : 'w';
    return 0;
  }
  static const std::string &one(const std::vector<std::string> &of, Random &random) { return of[random() % of.size()]; }

  void change(std::vector<std::string> &lines, Random &random) const {
    size_t at = random() % lines.size();
    switch (random() % 12) {
    case 0:
      lines.erase(lines.begin() + at);
      return;
    case 1:
      lines.insert(lines.begin() + random() % (lines.size() + 1), std::string(lines[at]));
      return;
    case 2:
      std::swap(lines[at], lines[random() % lines.size()]);
      return;
    case 3:
      lines.insert(lines.begin() + at, one(allLines, random));
      return;
    case 4:
    case 5:
    case 6:
      return changeEverywhere(lines, random);
    case 7:
    case 8:
      return useAnother(lines, at, random);
    default:
      lines[at] = changed(lines[at], random);
    }
  }

  /// Puts something else for a token wherever it stands, so that more of what agreed agrees.
  void changeEverywhere(std::vector<std::string> &lines, Random &random) const {
    const std::string &line = lines[random() % lines.size()];
    std::vector<std::string> before = tokens(line), after = tokens(changed(line, random));
    for (size_t k = 0; k < before.size() && k < after.size(); ++k) {
      if (before[k] == after[k])
        continue;
      for (std::string &other : lines) {
        std::vector<std::string> parts = tokens(other);
        llvm::replace(parts, before[k], after[k]);
        other = llvm::join(parts, "");
      }
      return;
    }
  }

  /// Reads another value of the module in a line.
  void useAnother(std::vector<std::string> &lines, size_t at, Random &random) const {
    std::vector<std::string> values, parts = tokens(lines[at]);
    for (const std::string &line : lines)
      for (const std::string &token : tokens(line))
        if (kindOf(token) == '%')
          values.push_back(token);
    size_t begin = StringRef(lines[at]).contains(" = ") ? 1 : 0;
    for (int attempt = 0; attempt < 8 && !values.empty(); ++attempt) {
      size_t k = random() % parts.size();
      if (k < begin || kindOf(parts[k]) != '%')
        continue;
      parts[k] = one(values, random);
      lines[at] = llvm::join(parts, "");
      return;
    }
  }

  std::string changed(const std::string &line, Random &random) const {
    static const std::vector<std::string> numbers = {"0",
                                                     "1",
                                                     "-1",
                                                     "2",
                                                     "3",
                                                     "5",
                                                     "8",
                                                     "15",
                                                     "16",
                                                     "17",
                                                     "64",
                                                     "255",
                                                     "65536",
                                                     "16777216",
                                                     "2147483647",
                                                     "4294967296",
                                                     "4611686018427387904",
                                                     "9223372036854775807",
                                                     "?"};
    static const std::vector<std::string> elements = {"f32",          "f64",  "f16",           "bf16",       "i1",
                                                      "i8",           "i32",  "i64",           "index",      "ui8",
                                                      "complex<f32>", "i128", "!onnx.unknown", "!rpu.buffer"};
    std::vector<std::string> parts = tokens(line);
    for (int attempt = 0; attempt < 8; ++attempt) {
      std::string &part = parts[random() % parts.size()];
      char kind = kindOf(part);
      if (kind == 0)
        continue;
      if (kind == '0' || (kind == 't' && random() % 2)) {
        // A number, or one of the sizes of a type.
        size_t digit = part.find_first_of("0123456789?");
        for (int skip = random() % 3; skip > 0 && digit != std::string::npos; --skip)
          digit = std::min(part.find_first_of("0123456789?", digit + 1), part.size());
        if (digit >= part.size())
          continue;
        size_t end = part.find_first_not_of("0123456789?", digit);
        part.replace(digit, std::min(end, part.size()) - digit, one(numbers, random));
      } else if (kind == 't' && random() % 2) {
        size_t begin = part.find_last_of("x<");
        part = part.substr(0, begin + 1) + one(elements, random) + ">";
      } else {
        part = one(dictionary.at(kind), random);
      }
      break;
    }
    return llvm::join(parts, "");
  }

  std::vector<std::vector<std::string>> modules;
  std::vector<std::string> allLines;
  std::map<char, std::vector<std::string>> dictionary;
};

//===----------------------------------------------------------------------===//
// A mutant's way
//===----------------------------------------------------------------------===//

class Way {
public:
  Way(MLIRContext &context, Shared &shared) : context(context), shared(shared) {}

  /// Returns false where the targets disagree.
  bool take(const std::string &text, bool whole) {
    context.getDiagEngine().registerHandler([&](Diagnostic &diagnostic) {
      if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
        last = diagnostic.str();
      return success();
    });
    shared.stage = Shared::Parse;
    if (rnn::screenModuleText(text))
      return true;
    OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
    if (!module)
      return true;
    shared.parsed = 1;
    // As rnnc does; rnn-opt takes these, too, but they need not mean the same for both targets.
    bool lowered = module
                       ->walk([](Operation *op) {
                         StringRef dialect = op->getName().getDialectNamespace();
                         return dialect == "rpu" || dialect == "llvm" ? WalkResult::interrupt() : WalkResult::advance();
                       })
                       .wasInterrupted();
    bool device = compile(*module, "generic", Shared::Device);
    std::string deviceError = std::exchange(last, "");
    bool host = compile(*module, "cpu", Shared::Host);
    if (lowered)
      return true;
    if (device != host && !isLimit(device ? last : deviceError))
      return report(std::string(device ? "cpu" : "generic") +
                    " refuses what the other target compiles: " + (device ? last : deviceError));
    if (!device || !host)
      return true;
    shared.compiled = 1;
    return !whole || runWhole(text);
  }

private:
  /// Whether a target may refuse for this what another compiles.
  static bool isLimit(StringRef error) {
    return error.contains("memory") || error.contains("scalar registers") || error.contains("semaphores") ||
           error.contains("does not fit") || error.contains("rnn.target") || error.contains("no launches") ||
           error.contains("the option quantize chooses the format");
  }

  bool report(const std::string &text) {
    std::strncpy(shared.text, text.c_str(), sizeof shared.text - 1);
    return false;
  }

  bool compile(ModuleOp original, const char *target, Shared::Stage stage) {
    shared.stage = stage;
    OwningOpRef<ModuleOp> module = original.clone();
    module->getOperation()->setAttr(rnn::kTargetAttr, StringAttr::get(&context, rnn::target::read(target)->yaml));
    rnn::PipelineOptions options;
    options.device = stage == Shared::Device;
    PassManager passes(&context, ModuleOp::getOperationName());
    rnn::buildPipeline(passes, options);
    if (failed(passes.run(*module)))
      return false;
    rnn::ConstantSection constants;
    for (rnn::rpu::ProgramOp program : rnn::rpu::programsOf(*module))
      if (failed(rnn::encodeProgram(program, constants)))
        return false;
    shared.stage = static_cast<Shared::Stage>(stage + 1);
    PassManager hostPasses(&context, ModuleOp::getOperationName());
    rnn::buildHostPipeline(hostPasses, &constants);
    return succeeded(hostPasses.run(*module));
  }

  /// Arrays of ones and of small numbers; sizes that are open are 3.
  static std::optional<std::vector<rnn::runtime::NamedArray>> inputsOf(const rnn::runtime::Metadata &meta) {
    std::vector<rnn::runtime::NamedArray> inputs;
    for (const rnn::runtime::TensorInfo &info : meta.inputs) {
      std::vector<int64_t> shape = info.shape;
      for (int64_t &size : shape)
        size = size < 0 ? 3 : size;
      auto bytes = rnn::runtime::byteCount(info.dtype, shape);
      if (!bytes || *bytes > (1 << 20))
        return std::nullopt;
      auto array = rnn::runtime::Array::zeros(info.dtype, shape);
      if (!array)
        return std::nullopt;
      if (info.dtype == rnn::runtime::DType::Float32)
        for (uint64_t k = 0; k < array->elements(); ++k)
          reinterpret_cast<float *>(array->data.get())[k] = float(k % 7) / 4 - 0.75f;
      else
        for (uint64_t k = 0; k < array->elements(); ++k)
          array->data.get()[k * rnn::runtime::dtypeBytes(info.dtype)] = std::byte(1);
      inputs.push_back({info.name, std::move(*array)});
    }
    return inputs;
  }

  bool runWhole(const std::string &text) {
    std::string folder = "/dev/shm/mutate-" + std::to_string(::getpid());
    std::string model = folder + ".mlir", file = folder + ".rpu";
    std::error_code error;
    {
      llvm::raw_fd_ostream out(model, error);
      out << text;
    }
    struct Remove {
      ~Remove() {
        for (const std::string &path : paths)
          ::unlink(path.c_str());
      }
      std::vector<std::string> paths;
    } remove{{model, file}};
    std::vector<std::vector<rnn::runtime::Array>> results;
    std::vector<std::string> errors;
    for (const char *target : {"generic", "cpu"}) {
      shared.stage = Shared::Whole;
      rnn::CompileOptions options;
      for (auto [option, value] : {std::pair{"target", target}, {"host-cpu", "x86-64-v3"}})
        if (auto set = options.values.set(rnn::optionRow(option), value); !set)
          return report("an option cannot be set: " + set.error().message);
      if (auto done = rnn::compileFile(model, options, file); !done) {
        errors.push_back(done.error().message);
        continue;
      }
      shared.stage = Shared::Run;
      auto program = rnn::runtime::Program::open(file);
      if (!program)
        return report("a program file cannot be read: " + program.error().message);
      rnn::runtime::SessionOptions limits;
      limits.memoryLimit = uint64_t(1) << 30;
      auto session = rnn::runtime::Session::create(*program, limits);
      if (!session)
        return report("a program file cannot be run: " + session.error().message);
      auto inputs = inputsOf((*program)->metadata());
      if (!inputs)
        return true;
      auto kept = inputsOf((*program)->metadata());
      auto outputs = (*session)->run(*inputs);
      for (size_t k = 0; k < inputs->size(); ++k)
        if (std::memcmp((*inputs)[k].array.data.get(), (*kept)[k].array.data.get(), (*kept)[k].array.bytes()) != 0)
          return report(std::string(target) + " writes to input " + std::to_string(k));
      if (outputs)
        results.push_back(std::move(*outputs));
      else
        errors.push_back(outputs.error().message);
    }
    if (results.size() == 1)
      return isLimit(errors[0]) || report("one target fails where the other does not: " + errors[0]);
    if (results.empty())
      return true;
    shared.ran = 1;
    for (size_t k = 0; k < results[0].size(); ++k) {
      const rnn::runtime::Array &a = results[0][k], &b = results[1][k];
      if (a.shape != b.shape || a.dtype != b.dtype)
        return report("output " + std::to_string(k) + " has another shape");
      auto difference = rnn::runtime::compare(a, b, 0, 0);
      if (!difference || difference->outside)
        return report("output " + std::to_string(k) + " differs by " +
                      (difference ? std::to_string(difference->absolute) : difference.error().message));
    }
    return true;
  }

  MLIRContext &context;
  Shared &shared;
  std::string last;
};

//===----------------------------------------------------------------------===//
// The campaign
//===----------------------------------------------------------------------===//

bool readOptions(int argc, char **argv, Campaign &campaign) {
  for (int k = 1; k < argc; ++k) {
    StringRef argument = argv[k];
    auto number = [&](StringRef name, uint64_t &value) {
      return argument.consume_front(name) && !argument.getAsInteger(10, value);
    };
    if (number("--seed=", campaign.seed) || number("--from=", campaign.from) || number("--count=", campaign.count) ||
        number("--whole=", campaign.whole))
      continue;
    if (argument.consume_front("--keep="))
      campaign.keep = argument.str();
    else if (argument.starts_with("--"))
      return false;
    else
      campaign.paths.push_back(argument.str());
  }
  return !campaign.paths.empty();
}

bool collect(const std::vector<std::string> &paths, Mutator &mutator) {
  std::vector<std::string> files;
  for (const std::string &path : paths) {
    std::error_code error;
    if (!llvm::sys::fs::is_directory(path)) {
      files.push_back(path);
      continue;
    }
    for (llvm::sys::fs::recursive_directory_iterator at(path, error), end; at != end && !error; at.increment(error))
      if (StringRef(at->path()).ends_with(".mlir"))
        files.push_back(at->path());
  }
  // Numbers mean the same mutants everywhere.
  llvm::sort(files);
  for (const std::string &file : files) {
    auto buffer = llvm::MemoryBuffer::getFile(file);
    if (!buffer) {
      llvm::errs() << file << ": error: " << buffer.getError().message() << "\n";
      return false;
    }
    mutator.add((*buffer)->getBuffer());
  }
  return mutator.size() > 0;
}

} // namespace

int main(int argc, char **argv) {
  Campaign campaign;
  Mutator mutator;
  if (!readOptions(argc, argv, campaign) || !collect(campaign.paths, mutator)) {
    llvm::errs() << "error: expects FOLDER|FILE… [--seed=N] [--from=N] [--count=N] [--whole=N] [--keep=FOLDER]\n";
    return 2;
  }
  DialectRegistry registry;
  rnn::registerAllDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  context.printOpOnDiagnostic(false);
  auto *shared =
      static_cast<Shared *>(::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  llvm::outs() << "seed " << campaign.seed << ", mutants " << campaign.from << " to "
               << campaign.from + campaign.count - 1 << " of " << mutator.size() << " modules\n";
  llvm::outs().flush();

  uint64_t parsed = 0, compiled = 0, ran = 0, faults = 0, inParser = 0;
  for (uint64_t number = campaign.from; number < campaign.from + campaign.count; ++number) {
    std::string text = mutator.mutant(campaign.seed, number);
    std::memset(static_cast<void *>(shared), 0, sizeof *shared);
    pid_t child = ::fork();
    if (child == 0) {
      rlimit memory{kMemory, kMemory}, core{0, 0};
#if !defined(__SANITIZE_ADDRESS__) && !__has_feature(address_sanitizer)
      ::setrlimit(RLIMIT_AS, &memory);
#endif
      ::setrlimit(RLIMIT_CORE, &core);
      rlimit seconds{kSeconds, kSeconds + 1};
      ::setrlimit(RLIMIT_CPU, &seconds);
      ::alarm(20 * kSeconds);
      bool good = Way(context, *shared).take(text, campaign.whole && number % campaign.whole == 0);
      shared->stage = Shared::End;
      ::_exit(good ? 0 : 1);
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR)
      ;
    parsed += shared->parsed;
    compiled += shared->compiled;
    ran += shared->ran;
    if (number % 1000 == 999) {
      llvm::outs() << number + 1 << ": " << parsed << " modules, " << compiled << " compiled, " << ran << " ran\n";
      llvm::outs().flush();
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
      continue;
    bool signalled = WIFSIGNALED(status);
    bool parser = signalled && shared->stage == Shared::Parse;
    ++(parser ? inParser : faults);
    llvm::outs() << "mutant " << number << ": ";
    if (signalled)
      llvm::outs() << (WTERMSIG(status) == SIGALRM || WTERMSIG(status) == SIGXCPU
                           ? "a hang"
                           : "signal " + std::to_string(WTERMSIG(status)))
                   << " in " << kStages[shared->stage] << "\n";
    else
      llvm::outs() << (shared->text[0] ? shared->text : "exit code " + std::to_string(WEXITSTATUS(status))) << "\n";
    llvm::outs().flush();
    if (!campaign.keep.empty()) {
      std::error_code error = llvm::sys::fs::create_directories(campaign.keep);
      llvm::raw_fd_ostream out(
          campaign.keep + "/" + std::to_string(campaign.seed) + "-" + std::to_string(number) + ".mlir", error);
      out << text;
    }
  }
  llvm::outs() << campaign.count << " mutants: " << parsed << " are modules, " << compiled << " compile, " << ran
               << " ran on both targets; " << inParser << " crashes in MLIR's parser, " << faults << " faults\n";
  return faults != 0;
}
