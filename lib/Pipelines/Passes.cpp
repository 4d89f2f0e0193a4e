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
  manager.addPass(createConvertOnnx());
  manager.addPass(createCSEPass());
  manager.addPass(createCanonicalizerPass());
  ScheduleOptions schedule;
  schedule.schedule = options.schedule;
  schedule.timeTile = options.timeTile;
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
  if (options.schedule == ScheduleKind::Auto) {
    ChooseScheduleOptions choice;
    choice.timeTile = options.timeTile;
    manager.addPass(createChooseSchedule(choice));
  }
  OpPassManager &program = manager.nest<rpu::ProgramOp>();
  program.addPass(createConvertRnnToRpu());
  program.addPass(rpu::createAllocate());
  program.addPass(rpu::createSync());
}

static void addBufferization(OpPassManager &manager) {
  manager.addPass(createConvertElementwiseToLinalgPass());
  manager.addPass(createSeparateDestinations());
  manager.addPass(bufferization::createEmptyTensorEliminationPass());
  bufferization::OneShotBufferizePassOptions options;
  options.bufferizeFunctionBoundaries = true;
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
  manager.addPass(createConvertMathToLLVMPass());
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
  manager.addPass(createLowerEncode());
  // For values that nothing uses, bufferization would make copies.
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createOutlineLaunches());
  manager.addPass(createExtractHost());
  addBufferization(manager);
  manager.addPass(createExpandStridedCopies());
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
// The helps of options, which keep only references to them.
const std::string kTargetHelp = "a built-in target's name or FILE.yaml (default " + std::string(kDefaultTarget) + ")";
const std::string kScheduleHelp =
    "order of the products of a layer in time (default " + std::string(kDefaultSchedule) + ")";
const std::string kTimeTileHelp =
    "time steps per tile of the mwl schedule; 0 chooses (default " + std::to_string(kDefaultTimeTile) + ")";

/// `--rnn-compile="target=NAME|FILE.yaml schedule=mwl time-tile=T"`.
struct CompileOptionsOnCommandLine : PassPipelineOptions<CompileOptionsOnCommandLine> {
  Option<std::string> target{*this, "target", llvm::cl::desc(kTargetHelp), llvm::cl::init(std::string(kDefaultTarget))};
  Option<ScheduleKind> schedule{*this, "schedule", llvm::cl::desc(kScheduleHelp), llvm::cl::init(defaultSchedule()),
                                scheduleValues()};
  Option<int64_t> timeTile{*this, "time-tile", llvm::cl::desc(kTimeTileHelp), llvm::cl::init(kDefaultTimeTile)};
};

/// Of `rnn-target`.
struct TargetOptions : PassPipelineOptions<TargetOptions> {
  Option<std::string> target{*this, "target", llvm::cl::desc(kTargetHelp), llvm::cl::init(std::string(kDefaultTarget))};
};

/// Adds the pass that puts the description of `target` on a module. Returns whether it is of a device.
Result<bool> addTarget(OpPassManager &manager, const std::string &target) {
  Result<target::Description> description = target::read(target);
  if (!description)
    return description.error();
  auto model = target::TargetModel::parse(description->yaml, description->name);
  if (!model)
    return model.error();
  manager.addPass(createAttachTarget({percentEncoded(description->yaml)}));
  return model->isDevice();
}

/// Registers a pipeline for a target, which is read once, when the pipeline is built.
template <class Options>
void registerTargetPipeline(StringRef name, StringRef summary,
                            void (*build)(OpPassManager &manager, const Options &options, bool device)) {
  registerPassPipeline(
      name, summary,
      [build](OpPassManager &manager, StringRef text, function_ref<LogicalResult(const Twine &)>) {
        Options options;
        if (failed(options.parseFromString(text)))
          return failure();
        Result<bool> device = addTarget(manager, options.target);
        if (!device) {
          // The message has its place; where options are wrong is told in this way, too.
          llvm::errs() << device.error().message << "\n";
          return failure();
        }
        build(manager, options, *device);
        return success();
      },
      [](function_ref<void(const mlir::detail::PassOptions &)> handle) { handle(Options()); });
}
} // namespace

void inspectRefused(ModuleOp module) {
  PassManager passes(module.getContext(), ModuleOp::getOperationName());
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
  registerTargetPipeline<TargetOptions>("rnn-target", "Put the description of a target on a module",
                                        [](OpPassManager &, const TargetOptions &, bool) {});
  registerTargetPipeline<CompileOptionsOnCommandLine>(
      "rnn-compile", "The whole way from an ONNX graph to programs of a target",
      [](OpPassManager &manager, const CompileOptionsOnCommandLine &options, bool device) {
        PipelineOptions pipeline;
        pipeline.schedule = options.schedule;
        pipeline.timeTile = options.timeTile;
        pipeline.device = device;
        buildPipeline(manager, pipeline);
      });
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
