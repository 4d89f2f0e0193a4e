//===- Compile.cpp - From a model to a program file -------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Pipelines/Compile.h"

#include "LaunchPlans.h"

#include "rnn-mlir/Conversion/HostToLLVM/CodeGen.h"
#include "rnn-mlir/Conversion/HostToLLVM/Passes.h"
#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"
#include "rnn-mlir/Conversion/RpuToIsa/RpuToIsa.h"
#include "rnn-mlir/Dialect/Onnx/IR/Diagnostics.h"
#include "rnn-mlir/Dialect/Onnx/IR/Onnx.h"
#include "rnn-mlir/Dialect/Onnx/IR/Operators.h"
#include "rnn-mlir/Dialect/Rnn/IR/TargetOf.h"
#include "rnn-mlir/Import/Onnx.h"
#include "rnn-mlir/Isa/Container.h"
#include "rnn-mlir/Pipelines/Passes.h"
#include "rnn-mlir/Runtime/HostCpu.h"
#include "rnn-mlir/Support/ModuleText.h"
#include "rnn-mlir/Support/ShapeText.h"
#include "rnn-mlir/Target/TargetModel.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"

#include <map>

using namespace mlir;

namespace rnn {
namespace {

/// What the options name, read.
struct CheckedOptions {
  target::Description target;
};

/// The error of a target; in Python, where errors name the parameter, with its name unless it has a place.
Error ofTarget(const CompileOptions &options, Error error) {
  constexpr StringRef kUnlocated = "error: ";
  if (options.spelling == OptionSpelling::Keyword && StringRef(error.message).starts_with(kUnlocated))
    error.message.replace(0, kUnlocated.size(), "target: ");
  return error;
}

Result<CheckedOptions> checked(const CompileOptions &options) {
  std::string names;
  for (size_t row = 0; row < kOptionCount; ++row)
    if (kCompileOptions[row].scope == OptionScope::Later && options.values.given(row))
      names += (names.empty() ? "" : ", ") + spelled(kCompileOptions[row], options.spelling);
  if (!names.empty())
    return Error{"error: not supported yet: " + names};
  Result<target::Description> target = target::read(options.values.get<"target">());
  if (!target)
    return ofTarget(options, target.error());
  if (const auto &tell = options.warning ? options.warning : options.note)
    for (const std::string &warning : target->model.warnings)
      tell(warning);
  if (std::string wrong = wrongOptions(options.values, options.spelling); !wrong.empty())
    return Error{"error: " + wrong};
  return CheckedOptions{std::move(*target)};
}

/// Collects the diagnostics of a compilation as located lines.
class Diagnostics {
public:
  Diagnostics(MLIRContext &context, const CompileOptions &options)
      : handler(&context, [this, &options](Diagnostic &diagnostic) {
          if (options.unsupported && onnx::isMarkedUnsupported(diagnostic))
            options.unsupported();
          // Names of files and attributes may hold any bytes.
          std::string text = llvm::json::fixUTF8(onnx::formatDiagnostic(diagnostic));
          if (diagnostic.getSeverity() == DiagnosticSeverity::Error) {
            errors.push_back(std::move(text));
            ofSystem |= onnx::isSystemError(diagnostic);
          } else if (options.note) {
            options.note(text);
          }
          return success();
        }) {}

  /// All of them as one, a refusal where the model or the target is to blame for each; `fallback` where there is none.
  Error error(StringRef fallback) const {
    return {errors.empty() ? fallback.str() : llvm::join(errors, "\n"), !errors.empty() && !ofSystem};
  }

private:
  bool ofSystem = false;
  std::vector<std::string> errors;
  ScopedDiagnosticHandler handler;
};

/// Hands the remarks of passes on as located lines.
class RemarkLines : public remark::detail::MLIRRemarkStreamerBase {
public:
  explicit RemarkLines(const CompileOptions &options) : options(options) {}

  void streamOptimizationRemark(const remark::detail::Remark &remark) override {
    std::string text;
    for (const remark::detail::Remark::Arg &part : remark.getArgs())
      text += part.val;
    options.note(onnx::formatDiagnostic(remark.getLocation(), "remark", text));
  }

private:
  const CompileOptions &options;
};

std::string dtypeOf(Type element) {
  if (element.isF32())
    return "float32";
  if (element.isF64())
    return "float64";
  if (element.isF16())
    return "float16";
  if (element.isInteger(1))
    return "bool";
  if (element.isInteger())
    return (element.isUnsignedInteger() ? "uint" : "int") + std::to_string(element.getIntOrFloatBitWidth());
  return "";
}

/// The names of a tensor's run-time sizes, empty for others; `dims` may be null.
std::vector<std::string> dimNames(RankedTensorType tensor, ArrayAttr dims) {
  std::vector<std::string> names(tensor.getRank());
  if (dims && dims.size() == names.size())
    for (auto [dim, name] : llvm::enumerate(dims.getAsRange<StringAttr>()))
      if (tensor.isDynamicDim(dim))
        names[dim] = name.str();
  return names;
}

/// A type in ONNX's words, `STRING of shape [N, 1]`, or in MLIR's where ONNX has no such type.
std::string typeText(Type type, ArrayAttr dims) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  StringRef element = tensor ? onnxElementTypeName(tensor.getElementType()) : "";
  if (element.empty())
    return llvm::formatv("'{0}'", type);
  return element.str() + " of shape " + shapeText(tensor.getShape(), dimNames(tensor, dims));
}

/// The inputs or outputs of the main function for the metadata. Of a type that programs do not take, an error is
/// emitted and `failed` set.
nlohmann::json tensorsOf(func::FuncOp main, bool inputs, bool &failed) {
  nlohmann::json list = nlohmann::json::array();
  ArrayRef<Type> types = inputs ? main.getArgumentTypes() : main.getResultTypes();
  if (types.size() > runtime::kMaxTensors) {
    main.emitError("programs take at most ")
        << runtime::kMaxTensors << (inputs ? " inputs" : " outputs") << ", found " << types.size();
    failed = true;
    return list;
  }
  for (auto [index, type] : llvm::enumerate(types)) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    auto given = inputs ? main.getArgAttrOfType<StringAttr>(index, onnx::kNameAttr)
                        : main.getResultAttrOfType<StringAttr>(index, onnx::kNameAttr);
    std::string name = given ? given.str() : (inputs ? "input_" : "output_") + std::to_string(index);
    auto dims = inputs ? main.getArgAttrOfType<ArrayAttr>(index, onnx::kDimsAttr)
                       : main.getResultAttrOfType<ArrayAttr>(index, onnx::kDimsAttr);
    Location loc = onnx::valueLocation(main->getParentOfType<ModuleOp>(), given, main.getLoc());
    std::string dtype = tensor ? dtypeOf(tensor.getElementType()) : "";
    if (dtype.empty()) {
      emitError(loc) << (inputs ? "input '" : "output '") << name
                     << "' has a type that programs do not take: " << typeText(type, dims);
      failed = true;
      continue;
    }
    if (tensor.getRank() > static_cast<int64_t>(runtime::kMaxRank)) {
      emitError(loc) << (inputs ? "input '" : "output '") << name << "': programs take at most " << runtime::kMaxRank
                     << " dimensions, found " << tensor.getRank();
      failed = true;
      continue;
    }
    nlohmann::json shape = nlohmann::json::array();
    for (int64_t size : tensor.getShape())
      shape.push_back(ShapedType::isDynamic(size) ? -1 : size);
    list.push_back({{"name", name}, {"dtype", dtype}, {"shape", shape}, {"dims", dimNames(tensor, dims)}});
  }
  return list;
}

/// An operation that is there only behind the pipeline; null where there is none.
Operation *loweredOperation(ModuleOp module) {
  Operation *found = nullptr;
  module.walk([&](Operation *op) {
    StringRef dialect = op->getName().getDialectNamespace();
    bool lowered = dialect == rpu::RpuDialect::getDialectNamespace() || dialect == "llvm";
    found = lowered ? op : nullptr;
    return lowered ? WalkResult::interrupt() : WalkResult::advance();
  });
  return found;
}

/// The nodes of a model, to tell which of them are left to host code.
class NodesByLocation {
public:
  explicit NodesByLocation(ModuleOp module) {
    module.walk([&](onnx::NodeOp node) { operators.insert({node.getLoc(), node.getOpType()}); });
  }

  /// Tells of how many nodes of each operator `main` has operations beside launches.
  void tell(func::FuncOp main) const {
    llvm::SmallDenseSet<Location> launched, seen;
    main.walk([&](rpu::LaunchOp launch) {
      launch.getLoc()->walk([&](Location location) {
        launched.insert(location);
        return WalkResult::advance();
      });
    });
    std::map<StringRef, unsigned> counts;
    main.walk([&](Operation *op) {
      op->getLoc()->walk([&](Location location) {
        auto found = operators.find(location);
        if (found != operators.end() && !launched.contains(location) && seen.insert(location).second)
          ++counts[found->second];
        return WalkResult::advance();
      });
    });
    std::string text;
    for (auto [name, count] : counts)
      text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + name.str();
    if (!text.empty())
      remark::passed(main->getParentOfType<ModuleOp>().getLoc(), remark::RemarkOpts::name("host").category("rnn-host"))
          << remark::add("host code: {0}", text);
  }

private:
  llvm::DenseMap<Location, StringRef> operators;
};

/// One compilation.
class Compilation {
public:
  Compilation(const CompileOptions &options, std::string model)
      : options(options), model(std::move(model)), context(makeRegistry(), MLIRContext::Threading::DISABLED) {
    context.loadAllAvailableDialects();
    // Operations as text are of no use to someone who has a model.
    context.printOpOnDiagnostic(false);
    if (!options.note)
      return;
    remark::RemarkCategories all;
    all.passed = all.missed = all.analysis = all.failed = ".*";
    (void)remark::enableOptimizationRemarks(context, std::make_unique<RemarkLines>(options),
                                            std::make_unique<remark::RemarkEmittingPolicyAll>(), all);
  }

  /// Compiles, and hands the contents of the program file to `write`.
  template <class Import, class Write> Result<void> run(Import &&import, Write &&write) {
    auto chosen = checked(options);
    if (!chosen)
      return chosen.error();
    const target::TargetModel &machine = chosen->target.model;

    Diagnostics diagnostics(context, options);
    phase("importing");
    OwningOpRef<ModuleOp> module = import(context);
    if (!module)
      return diagnostics.error(model + ": error: cannot be imported");
    if (Operation *lowered = loweredOperation(*module)) {
      lowered->emitError("is lowered already: expected a graph or layers, found ") << lowered->getName();
      return diagnostics.error(model + ": error: is lowered already");
    }
    (*module)->setAttr(kTargetAttr, StringAttr::get(&context, chosen->target.yaml));

    const NodesByLocation nodesByLocation(*module);
    phase("compiling layers");
    PipelineOptions pipeline;
    pipeline.values = options.values;
    pipeline.device = machine.isDevice();
    PassManager passes(&context, ModuleOp::getOperationName());
    buildPipeline(passes, pipeline);
    if (failed(passes.run(*module)))
      return diagnostics.error(model + ": error: cannot be compiled");

    isa::ContainerContents contents;
    ConstantSection constants;
    nlohmann::json nodes = nlohmann::json::array();
    for (rpu::ProgramOp program : rpu::programsOf(*module)) {
      FailureOr<isa::Program> encoded = encodeProgram(program, constants);
      if (failed(encoded))
        return diagnostics.error(model + ": error: a program cannot be encoded");
      // The arguments come on top at run time, where their sizes are known.
      if (auto need = constants.size(), capacity = uint64_t(machine.memory(isa::Memory::Dram).capacity);
          need > capacity) {
        program.emitError("does not fit the dram memory: the constants up to this layer need ")
            << need << " bytes, the capacity of " << machine.name << " is " << capacity;
        return diagnostics.error(model + ": error: does not fit the dram memory");
      }
      if (constants.size())
        remark::passed(program.getLoc(), remark::RemarkOpts::name("place").category("rpu-to-isa"))
            << remark::add("dram memory: {0} of {1} bytes are used by the constants up to this layer", constants.size(),
                           uint64_t(machine.memory(isa::Memory::Dram).capacity));
      nodes.push_back(encoded->layer.node);
      contents.programs.push_back(std::move(*encoded));
    }
    const uint64_t deviceConstants = constants.size();
    auto main = module->lookupSymbol<func::FuncOp>(onnx::kMainFunction);
    bool bad = false;
    contents.meta = {{"model", llvm::sys::path::filename(model)},
                     {"target", machine.name},
                     {"compiler", RNN_VERSION},
                     {"inputs", tensorsOf(main, true, bad)},
                     {"outputs", tensorsOf(main, false, bad)},
                     {"nodes", nodes},
                     {"device_constants", deviceConstants},
                     {"options", runtime::optionsJson(options.values)}};
    if (bad)
      return diagnostics.error(model + ": error: cannot be compiled");
    if (auto defaults = (*module)->getAttrOfType<ArrayAttr>(onnx::kDefaultsAttr))
      for (auto name : defaults.getAsRange<StringAttr>())
        contents.meta["defaults"].push_back(name.str());
    contents.target = chosen->target.yaml;

    auto described = runtime::Metadata::parse(contents.meta);
    if (!described)
      return Error{model + ": error: " + described.error().message, /*refusal=*/true};
    if (planLaunches(main, *described)) {
      contents.meta = described->toJson();
    } else {
      nodesByLocation.tell(main);
      (*module)->setAttr(kHostTypesAttr, StringAttr::get(&context, runtime::typesText(*described)));
      if (Result<void> done = addHostCode(*module, options.values.get<"host-cpu">(), constants, contents); !done)
        return diagnostics.error(model + ": error: host code cannot be compiled");
    }
    for (const ConstantSection::Piece &piece : constants.all())
      contents.constants.push_back({piece.offset, std::as_bytes(std::span(piece.bytes.data(), piece.bytes.size()))});
    phase("writing");
    return write(contents);
  }

private:
  static DialectRegistry makeRegistry() {
    DialectRegistry registry;
    rnn::registerAllDialects(registry);
    return registry;
  }

  /// Compiles the host function, of which the module is left in the LLVM dialect. Why it cannot be is told by
  /// diagnostics.
  Result<void> addHostCode(ModuleOp module, const std::vector<std::string> &cpus, ConstantSection &constants,
                           isa::ContainerContents &contents) {
    phase("compiling host code");
    PassManager passes(&context, ModuleOp::getOperationName());
    buildHostPipeline(passes, &constants);
    if (failed(passes.run(module)))
      return Error{};
    for (const std::string &cpu : cpus) {
      FailureOr<std::vector<char>> code = generateCode(module, cpu);
      if (failed(code))
        return Error{};
      contents.host.push_back({cpu == kNativeCpu ? runtime::nativeCpuName() : cpu, std::move(*code)});
    }
    return {};
  }

  void phase(std::string_view name) const {
    if (options.progress)
      options.progress(name);
  }

  const CompileOptions &options;
  std::string model;
  MLIRContext context;
};

} // namespace

Result<void> checkOptions(const CompileOptions &options) {
  auto good = checked(options);
  return good ? Result<void>() : good.error();
}

/// A module in MLIR's text or bytecode; null after an error has been emitted.
static OwningOpRef<ModuleOp> parseFile(const std::string &path, MLIRContext &context) {
  std::string reason;
  std::unique_ptr<llvm::MemoryBuffer> buffer = openInputFile(path, &reason);
  if (!buffer) {
    onnx::emitSystemError(NameLoc::get(StringAttr::get(&context, path))) << reason;
    return {};
  }
  if (std::optional<TextFault> fault = screenModuleText(buffer->getBuffer())) {
    StringRef before = buffer->getBuffer().take_front(fault->at);
    unsigned line = before.count('\n') + 1, column = before.size() - (before.rfind('\n') + 1) + 1;
    emitError(FileLineColLoc::get(&context, path, line, column)) << fault->message;
    return {};
  }
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(std::move(buffer), SMLoc());
  return parseSourceFile<ModuleOp>(sources, &context);
}

Result<void> compileFile(const std::string &model, const CompileOptions &options, const std::string &output) {
  Compilation compilation(options, model);
  return compilation.run(
      [&](MLIRContext &context) -> OwningOpRef<ModuleOp> {
        if (StringRef(model).ends_with(".mlir"))
          return parseFile(model, context);
        return importOnnxFile(model, &context,
                              {.name = {}, .folder = {}, .output = output, .inspectRefused = inspectRefused});
      },
      [&](const isa::ContainerContents &contents) { return isa::writeContainer(contents, output); });
}

Result<std::vector<std::byte>> compileBytes(std::span<const std::byte> model, std::string_view name,
                                            const CompileOptions &options) {
  Compilation compilation(options, std::string(name));
  std::vector<std::byte> bytes;
  Result<void> done = compilation.run(
      [&](MLIRContext &context) {
        OnnxImportOptions import;
        import.name = name;
        import.inspectRefused = inspectRefused;
        return importOnnxBytes({reinterpret_cast<const char *>(model.data()), model.size()}, &context, import);
      },
      [&](const isa::ContainerContents &contents) -> Result<void> {
        auto written = isa::containerBytes(contents);
        if (!written)
          return written.error();
        bytes = std::move(*written);
        return {};
      });
  if (!done)
    return done.error();
  return bytes;
}

} // namespace rnn
