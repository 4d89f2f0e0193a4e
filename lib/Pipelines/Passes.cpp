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
  manager.addPass(createPackWeights());
  manager.addPass(createExpandActivations());
  if (!options.device) {
    manager.addPass(createConvertRnnToVector());
    return;
  }
  manager.addPass(createOutline());
  OpPassManager &program = manager.nest<rpu::ProgramOp>();
  program.addPass(createConvertRnnToRpu());
  program.addPass(rpu::createAllocate());
  program.addPass(rpu::createSync());
}

static void addBufferization(OpPassManager &manager) {
  manager.addPass(createConvertElementwiseToLinalgPass());
  manager.addPass(bufferization::createEmptyTensorEliminationPass());
  bufferization::OneShotBufferizePassOptions options;
  options.bufferizeFunctionBoundaries = true;
  options.functionBoundaryTypeConversion = bufferization::LayoutMapOption::IdentityLayoutMap;
  manager.addPass(bufferization::createOneShotBufferizePass(options));
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createCSEPass());
  bufferization::buildBufferDeallocationPipeline(manager, bufferization::BufferDeallocationPipelineOptions());
  // Arrays are freed behind their last use. Live to the end, those of a long graph add up, and LLVM's time grows with
  // the square of their number.
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
  manager.addPass(createLowerPack());
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
  manager.addPass(createExpandMath());
  addLoweringToLLVM(manager);
  manager.addPass(createDefineHostInterface());
}

namespace {
constexpr llvm::StringLiteral kTargetHelp = "a built-in target's name or FILE.yaml";

/// `--rnn-compile="target=NAME|FILE.yaml schedule=mwl time-tile=T"`.
struct CompileOptionsOnCommandLine : PassPipelineOptions<CompileOptionsOnCommandLine> {
  Option<std::string> target{*this, "target", llvm::cl::desc(kTargetHelp), llvm::cl::init(std::string(kDefaultTarget))};
  Option<ScheduleKind> schedule{*this, "schedule", llvm::cl::desc("order of the products of a layer in time"),
                                llvm::cl::init(defaultSchedule()), scheduleValues()};
  Option<int64_t> timeTile{*this, "time-tile", llvm::cl::desc("steps per tile of the mwl schedule; 0 chooses"),
                           llvm::cl::init(kDefaultTimeTile)};
};

/// The text of a target's description, and whether it is of a device.
Result<std::pair<std::string, bool>> describe(const std::string &target) {
  Result<target::Description> description = target::read(target);
  if (!description)
    return description.error();
  auto model = target::TargetModel::parse(description->yaml, description->name);
  if (!model)
    return model.error();
  return std::pair(std::move(description->yaml), model->isDevice());
}

/// Puts a target's description on a module.
struct AttachTarget : PassWrapper<AttachTarget, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(AttachTarget)

  AttachTarget() = default;
  AttachTarget(const AttachTarget &other) : PassWrapper(other) { name = other.name; }
  StringRef getArgument() const override { return "rnn-attach-target"; }
  StringRef getDescription() const override { return "Put the description of a target on a module"; }

  void runOnOperation() override {
    auto described = describe(name);
    if (!described) {
      StringRef reason = described.error().message;
      reason.consume_front("error: ");
      getOperation().emitError(reason);
      return signalPassFailure();
    }
    getOperation()->setAttr("rnn.target", StringAttr::get(&getContext(), described->first));
  }

  Option<std::string> name{*this, "target", llvm::cl::desc(kTargetHelp), llvm::cl::init(std::string(kDefaultTarget))};
};
} // namespace

void registerAllPasses() {
  mlir::registerAllPasses();
  registerHostToLLVMPasses();
  onnx::registerOnnxPasses();
  registerOnnxToLinalgPasses();
  registerRnnPasses();
  registerRnnToRpuPasses();
  registerRnnToVectorPasses();
  rpu::registerRpuPasses();
  PassRegistration<AttachTarget>();
  static PassPipelineRegistration<CompileOptionsOnCommandLine> compile(
      "rnn-compile", "The whole way from an ONNX graph to programs of a target",
      [](OpPassManager &manager, const CompileOptionsOnCommandLine &options) {
        PipelineOptions pipeline;
        pipeline.schedule = options.schedule;
        pipeline.timeTile = options.timeTile;
        // A target that cannot be read is refused where it is attached.
        if (auto described = describe(options.target))
          pipeline.device = described->second;
        auto attach = std::make_unique<AttachTarget>();
        attach->name = options.target;
        manager.addPass(std::move(attach));
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
