//===- Passes.cpp - The order of passes -------------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Pipelines/Passes.h"

#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"
#include "rnn-mlir/Conversion/RnnToRpu/Passes.h"
#include "rnn-mlir/Conversion/RnnToVector/Passes.h"
#include "rnn-mlir/Dialect/Onnx/Transforms/Passes.h"
#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h"
#include "rnn-mlir/Dialect/Rpu/Transforms/Passes.h"
#include "rnn-mlir/Import/Onnx.h"
#include "rnn-mlir/Target/TargetModel.h"

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

namespace {
/// `--rnn-compile="target=NAME schedule=mwl time-tile=T"`.
struct CompileOptionsOnCommandLine : PassPipelineOptions<CompileOptionsOnCommandLine> {
  Option<std::string> target{*this, "target", llvm::cl::desc("a built-in target"), llvm::cl::init("generic")};
  Option<ScheduleKind> schedule{*this, "schedule", llvm::cl::desc("order of the products of a layer in time"),
                                llvm::cl::init(ScheduleKind::Mwl), scheduleValues()};
  Option<int64_t> timeTile{*this, "time-tile", llvm::cl::desc("steps per tile of the mwl schedule; 0 chooses"),
                           llvm::cl::init(0)};
};

/// Puts a target's description on a module.
struct AttachTarget : PassWrapper<AttachTarget, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(AttachTarget)

  AttachTarget() = default;
  AttachTarget(const AttachTarget &other) : PassWrapper(other) { name = other.name; }
  StringRef getArgument() const override { return "rnn-attach-target"; }
  StringRef getDescription() const override { return "Put the description of a built-in target on a module"; }

  void runOnOperation() override {
    const target::BuiltinTarget *target = target::find(name.getValue());
    if (!target) {
      getOperation().emitError("no target is called '") << name.getValue() << "'";
      return signalPassFailure();
    }
    getOperation()->setAttr("rnn.target", StringAttr::get(&getContext(), target->yaml));
  }

  Option<std::string> name{*this, "target", llvm::cl::desc("a built-in target"), llvm::cl::init("generic")};
};
} // namespace

void registerAllPasses() {
  mlir::registerAllPasses();
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
        const target::BuiltinTarget *target = target::find(options.target.getValue());
        if (target)
          if (auto model = target::TargetModel::parse(target->yaml, target->name))
            pipeline.device = model->isDevice();
        auto attach = std::make_unique<AttachTarget>();
        attach->name = options.target;
        manager.addPass(std::move(attach));
        buildPipeline(manager, pipeline);
      });
}

void registerAllDialects(DialectRegistry &registry) {
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registerOnnxImportDialects(registry);
  registry.insert<RnnDialect, rpu::RpuDialect, onnx::OnnxDialect>();
}

} // namespace rnn
