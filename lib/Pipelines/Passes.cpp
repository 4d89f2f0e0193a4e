//===- Passes.cpp - The order of passes -------------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Pipelines/Passes.h"

#include "rnn-mlir/Conversion/HostToLLVM/Passes.h"
#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"
#include "rnn-mlir/Conversion/RnnToRpu/Passes.h"
#include "rnn-mlir/Conversion/RnnToVector/Passes.h"
#include "rnn-mlir/Dialect/Onnx/Transforms/Passes.h"
#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h"
#include "rnn-mlir/Dialect/Rpu/Transforms/Passes.h"
#include "rnn-mlir/Import/Onnx.h"
#include "rnn-mlir/Target/TargetModel.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Bufferization/Pipelines/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

namespace rnn {

void buildPipeline(OpPassManager &manager, const PipelineOptions &options) {
  manager.addPass(createCheckFunctions());
  manager.addPass(onnx::createRefine());
  manager.addPass(createConvertOnnx());
  manager.addPass(createCSEPass());
  manager.addPass(createCanonicalizerPass());
  if (std::string formats = options.values.get<"quantize">(); formats != kQuantizations[0].name) {
    QuantizeOptions quantize;
    quantize.formats = percentEncoded(formats);
    quantize.releaseConstants = true; // of the module that is compiled
    manager.addPass(createQuantize(quantize));
  }
  ScheduleKind kind = *symbolizeScheduleKind(options.values.get<"schedule">());
  int64_t timeTile = options.values.get<"time-tile">();
  ScheduleOptions schedule;
  schedule.schedule = kind;
  schedule.timeTile = timeTile;
  schedule.batchTile = options.values.get<"batch-tile">();
  manager.addPass(createSchedule(schedule));
  EncodeWeightsOptions encode;
  encode.releaseConstants = true; // of the module that is compiled
  manager.addPass(createEncodeWeights(encode));
  manager.addPass(createExpandActivations());
  if (!options.device) {
    manager.addPass(createConvertRnnToVector());
    return;
  }
  manager.addPass(createOutline());
  if (kind == ScheduleKind::Auto) {
    ChooseScheduleOptions choice;
    choice.timeTile = timeTile;
    choice.batchTile = options.values.get<"batch-tile">();
    manager.addPass(createChooseSchedule(choice));
  }
  OpPassManager &program = manager.nest<rpu::ProgramOp>();
  program.addPass(createConvertRnnToRpu());
  manager.addPass(rpu::createPlan());
  manager.addNestedPass<rpu::ProgramOp>(rpu::createSync());
}

static void addBufferization(OpPassManager &manager) {
  manager.addPass(createConvertElementwiseToLinalgPass());
  manager.addPass(createSeparateDestinations());
  manager.addPass(bufferization::createEmptyTensorEliminationPass());
  bufferization::OneShotBufferizePassOptions options;
  options.bufferizeFunctionBoundaries = true;
  options.allowReturnAllocsFromLoops = true;
  options.functionBoundaryTypeConversion = bufferization::LayoutMapOption::IdentityLayoutMap;
  manager.addPass(bufferization::createOneShotBufferizePass(options));
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createCSEPass());
  // Upstream's pipeline of deallocation without its pass for reallocations, which nothing makes; but most buffers are
  // freed by a pass of ours, whose time is linear.
  manager.addPass(bufferization::createOwnershipBasedBufferDeallocationPass());
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createFreeBuffers());
  manager.addPass(bufferization::createBufferDeallocationSimplificationPass());
  manager.addPass(bufferization::createLowerDeallocationsPass());
  manager.addPass(createCSEPass());
  manager.addPass(createCanonicalizerPass());
  // Those that are left to upstream are freed behind their last use, too.
  manager.addNestedPass<func::FuncOp>(bufferization::createOptimizeAllocationLivenessPass());
  manager.addPass(createConvertBufferizationToMemRefPass());
}

static void addLoweringToLLVM(OpPassManager &manager) {
  manager.addPass(createSCFToControlFlowPass());
  manager.addPass(memref::createExpandStridedMetadataPass());
  manager.addPass(createLowerAffinePass());
  manager.addPass(createConvertVectorToLLVMPass());
  ConvertMathToLLVMPassOptions functions;
  functions.approximateLog1p = false; // as log(1 + x), which loses the digits of a small x
  manager.addPass(createConvertMathToLLVMPass(functions));
  manager.addPass(createConvertMathToLibmPass());
  FinalizeMemRefToLLVMConversionPassOptions memrefs;
  // So that allocations become calls that rnn-define-host-interface defines.
  memrefs.useGenericFunctions = true;
  manager.addPass(createFinalizeMemRefToLLVMConversionPass(memrefs));
  manager.addPass(createArithToLLVMConversionPass());
  manager.addPass(createConvertIndexToLLVMPass());
  manager.addPass(createConvertControlFlowToLLVMPass());
  manager.addPass(createConvertFuncToLLVMPass());
  manager.addPass(createReconcileUnrealizedCastsPass());
  manager.addPass(createCSEPass());
}

void buildHostPipeline(OpPassManager &manager, ConstantSection *constants) {
  manager.addPass(createCheckFunctions());
  manager.addPass(createLowerEncode());
  // For values that nothing uses, bufferization would make copies.
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createOutlineLaunches());
  manager.addPass(createExtractHost());
  addBufferization(manager);
  manager.addPass(createExpandStridedCopies());
  manager.addPass(createVectorizeContractions());
  manager.addPass(createConvertLinalgToLoopsPass());
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createCSEPass());
  manager.addPass(createBoundAllocations());
  manager.addPass(createOutlineAssertions());
  manager.addPass(createOutlineConstants());
  manager.addPass(constants ? createPlaceConstants(*constants) : createPlaceConstants());
  manager.addPass(createOutlineLoops());
  manager.addPass(createSplitFunctions());
  manager.addPass(createExpandMath());
  addLoweringToLLVM(manager);
  manager.addPass(createDefineHostInterface());
}

namespace {
/// The rows of the table that a pipeline takes, as its options; each of the passes' if `all`, else the target alone.
template <bool all> struct TableOptions : PassPipelineOptions<TableOptions<all>> {
  TableOptions() {
    for (size_t row = 0; row < kOptionCount; ++row) {
      const CompileOption &option = kCompileOptions[row];
      if (option.scope != OptionScope::Passes || !(all || row == optionRow("target")))
        continue;
      if (option.kind == OptionKind::Integer)
        integers.emplace_back(row, std::make_unique<Integer>(*this, option.name, llvm::cl::desc(help(row)),
                                                             llvm::cl::init(OptionValues().number(row))));
      else
        texts.emplace_back(row, std::make_unique<Text>(*this, option.name, llvm::cl::desc(help(row)),
                                                       llvm::cl::init(std::string(option.standard))));
    }
  }

  /// Errors: `NAME: expected …, found …`.
  Result<OptionValues> values() const {
    OptionValues values;
    std::string wrong;
    auto set = [&](size_t row, std::string text) {
      if (auto good = values.set(row, std::move(text)); !good && wrong.empty())
        wrong = std::string(kCompileOptions[row].name) + ": " + good.error().message;
    };
    for (const auto &[row, number] : integers)
      set(row, std::to_string(number->getValue()));
    for (const auto &[row, text] : texts)
      set(row, text->getValue());
    return wrong.empty() ? Result<OptionValues>(std::move(values)) : Error{wrong};
  }

private:
  using Integer = typename TableOptions::template Option<int64_t>;
  using Text = typename TableOptions::template Option<std::string>;

  /// LLVM's options keep references to their helps.
  static StringRef help(size_t row) {
    static const std::array<std::string, kOptionCount> helps = [] {
      std::array<std::string, kOptionCount> each;
      for (size_t k = 0; k < kOptionCount; ++k)
        each[k] = helpText(kCompileOptions[k]) + " (default " + std::string(kCompileOptions[k].standard) + ")";
      return each;
    }();
    return helps[row];
  }

  std::vector<std::pair<size_t, std::unique_ptr<Integer>>> integers;
  std::vector<std::pair<size_t, std::unique_ptr<Text>>> texts;
};

/// Adds the pass that puts the description of `target` on a module. Returns whether it is of a device.
Result<bool> addTarget(OpPassManager &manager, const std::string &target) {
  Result<target::Description> description = target::read(target);
  if (!description)
    return description.error();
  manager.addPass(createAttachTarget({percentEncoded(description->yaml)}));
  return description->model.isDevice();
}

/// Registers a pipeline for a target, which is read once, when the pipeline is built.
template <bool all>
void registerTargetPipeline(StringRef name, StringRef summary,
                            void (*build)(OpPassManager &manager, const PipelineOptions &options)) {
  registerPassPipeline(
      name, summary,
      [build](OpPassManager &manager, StringRef text, function_ref<LogicalResult(const Twine &)>) {
        TableOptions<all> options;
        if (failed(options.parseFromString(text)))
          return failure();
        // Messages have their place, or none; where options are wrong is told in this way, too.
        auto wrong = [](const Error &error) {
          llvm::errs() << error.message << "\n";
          return failure();
        };
        Result<OptionValues> values = options.values();
        if (!values)
          return wrong({"error: " + values.error().message});
        Result<bool> device = addTarget(manager, values->template get<"target">());
        if (!device)
          return wrong(device.error());
        build(manager, {std::move(*values), *device});
        return success();
      },
      [](function_ref<void(const mlir::detail::PassOptions &)> handle) { handle(TableOptions<all>()); });
}
} // namespace

std::string wrongOptions(const OptionValues &values, OptionSpelling spelling) {
  auto name = [&](std::string_view option) { return spelled(kCompileOptions[optionRow(option)], spelling); };
  return wrongTimeTileOption(*symbolizeScheduleKind(values.get<"schedule">()), values.get<"time-tile">(),
                             name("schedule"), name("time-tile"));
}

void inspectRefused(ModuleOp module) {
  PassManager passes(module.getContext(), ModuleOp::getOperationName());
  passes.addPass(onnx::createRefine());
  passes.addPass(createConvertOnnx());
  (void)passes.run(module);
}

void registerAllPasses() {
  mlir::registerAllPasses();
  registerHostToLLVMPasses();
  onnx::registerOnnxPasses();
  registerOnnxToLinalgPasses();
  registerRnnPasses();
  registerRnnToRpuPasses();
  registerRnnToVectorPasses();
  rpu::registerRpuPasses();
  registerTargetPipeline<false>("rnn-target", "Put the description of a target on a module",
                                [](OpPassManager &, const PipelineOptions &) {});
  registerTargetPipeline<true>("rnn-compile", "The whole way from an ONNX graph to programs of a target",
                               buildPipeline);
  static PassPipelineRegistration<> host("rnn-host-to-llvm", "The whole way from the host function to the LLVM dialect",
                                         [](OpPassManager &manager) { buildHostPipeline(manager); });
}

void registerAllDialects(DialectRegistry &registry) {
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registerOnnxImportDialects(registry);
  registry.insert<RnnDialect, rpu::RpuDialect, onnx::OnnxDialect>();
}

} // namespace rnn
