//===- HostToLLVM.cpp - From the host function to machine code --*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "HostInterface.h"

#include "rnn-mlir/Dialect/Onnx/IR/Onnx.h"
#include "rnn-mlir/Dialect/Rnn/Transforms/Passes.h"
#include "rnn-mlir/Dialect/Rpu/IR/Rpu.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/Pipelines/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

using namespace mlir;

namespace rnn {
namespace {

/// A module with a copy of the main function alone.
OwningOpRef<ModuleOp> extractMain(ModuleOp module) {
  auto main = module.lookupSymbol<func::FuncOp>(onnx::kMainFunction);
  if (!main) {
    module.emitError("expects a function @main");
    return {};
  }
  OwningOpRef<ModuleOp> host = ModuleOp::create(module.getLoc());
  auto copy = cast<func::FuncOp>(main->clone());
  copy.removeArgAttrsAttr();
  copy.removeResAttrsAttr();
  copy->setAttr(LLVM::LLVMDialect::getEmitCWrapperAttrName(), UnitAttr::get(module.getContext()));
  host->push_back(copy);
  return host;
}

LogicalResult runPasses(ModuleOp host, llvm::function_ref<void(OpPassManager &)> fill) {
  PassManager manager(host.getContext(), ModuleOp::getOperationName());
  fill(manager);
  return manager.run(host);
}

LogicalResult bufferize(ModuleOp host) {
  return runPasses(host, [](OpPassManager &manager) {
    manager.addPass(createConvertElementwiseToLinalgPass());
    manager.addPass(bufferization::createEmptyTensorEliminationPass());
    bufferization::OneShotBufferizePassOptions options;
    options.bufferizeFunctionBoundaries = true;
    options.functionBoundaryTypeConversion = bufferization::LayoutMapOption::IdentityLayoutMap;
    manager.addPass(bufferization::createOneShotBufferizePass(options));
    manager.addPass(createCanonicalizerPass());
    manager.addPass(createCSEPass());
    bufferization::BufferDeallocationPipelineOptions deallocation;
    bufferization::buildBufferDeallocationPipeline(manager, deallocation);
    // Arrays are freed behind their last use. Live to the end, those of a long graph add up, and LLVM's time grows with
    // the square of their number.
    manager.addNestedPass<func::FuncOp>(bufferization::createOptimizeAllocationLivenessPass());
    manager.addPass(createConvertBufferizationToMemRefPass());
  });
}

/// Copies between buffers that are not both contiguous become loops: there is no library to call.
void expandStridedCopies(ModuleOp host) {
  SmallVector<memref::CopyOp> copies;
  host.walk([&](memref::CopyOp copy) { copies.push_back(copy); });
  for (memref::CopyOp copy : copies) {
    auto from = cast<MemRefType>(copy.getSource().getType()), to = cast<MemRefType>(copy.getTarget().getType());
    if (from.getLayout().isIdentity() && to.getLayout().isIdentity())
      continue;
    OpBuilder builder(copy);
    int64_t rank = from.getRank();
    SmallVector<AffineMap> maps(2, builder.getMultiDimIdentityMap(rank));
    SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
    linalg::GenericOp::create(
        builder, copy.getLoc(), copy.getSource(), copy.getTarget(), maps, iterators,
        [](OpBuilder &inner, Location loc, ValueRange values) { linalg::YieldOp::create(inner, loc, values[0]); });
    copy.erase();
  }
}

/// Refuses arrays so large that their size in bytes could overflow: at compile time where the shape is static, before
/// the allocation otherwise. Anything below is for the memory limit of the session.
LogicalResult boundAllocations(ModuleOp host) {
  constexpr double largest = double(int64_t(1) << 48);
  bool fits = true;
  DataLayout layout(host);
  host.walk([&](memref::AllocOp alloc) {
    MemRefType type = alloc.getType();
    double bytes = layout.getTypeSize(type.getElementType());
    for (int64_t size : type.getShape())
      if (!ShapedType::isDynamic(size))
        bytes *= size;
    if (bytes > largest) {
      emitError(alloc.getLoc(), "takes an array of more than 2^48 bytes: ") << type;
      fits = false;
    }
    if (alloc.getDynamicSizes().empty())
      return;
    // In floating point, where nothing overflows; a negative size is a large one without its sign.
    ImplicitLocOpBuilder builder(alloc.getLoc(), alloc);
    Value product = arith::ConstantOp::create(builder, builder.getF64FloatAttr(std::max(bytes, 1.0)));
    for (Value size : alloc.getDynamicSizes()) {
      Value number = arith::IndexCastOp::create(builder, builder.getI64Type(), size);
      Value one = arith::ConstantOp::create(builder, builder.getI64IntegerAttr(1));
      number = arith::MaxUIOp::create(builder, number, one);
      product = arith::MulFOp::create(builder, product, arith::UIToFPOp::create(builder, builder.getF64Type(), number));
    }
    Value limit = arith::ConstantOp::create(builder, builder.getF64FloatAttr(largest));
    Value small = arith::CmpFOp::create(builder, arith::CmpFPredicate::OLE, product, limit);
    cf::AssertOp::create(builder, small, "takes an array of more than 2^48 bytes");
  });
  return success(fits);
}

LogicalResult expandMath(ModuleOp host) {
  RewritePatternSet patterns(host.getContext());
  populateExpandActivationsPatterns(patterns);
  populateExpandMathPatterns(patterns);
  if (failed(applyPatternsGreedily(host, std::move(patterns))))
    return failure();
  // What the machine has no function for: within f32's accuracy, and without a library. Powers and what is left of f64
  // are calls of the C library, which every process has: an expanded power is wrong at infinities, zeros and NaN.
  RewritePatternSet others(host.getContext());
  math::populateExpansionPatterns(others, {"fpowi", "ceil", "roundeven"});
  MathPolynomialApproximationOptions approximation;
  populateMathPolynomialApproximationPatterns(others, approximation);
  if (failed(applyPatternsGreedily(host, std::move(others))))
    return failure();
  RewritePatternSet again(host.getContext());
  populateExpandMathPatterns(again);
  return applyPatternsGreedily(host, std::move(again));
}

LogicalResult lowerToLLVM(ModuleOp host) {
  return runPasses(host, [](OpPassManager &manager) {
    manager.addPass(createSCFToControlFlowPass());
    manager.addPass(memref::createExpandStridedMetadataPass());
    manager.addPass(createLowerAffinePass());
    manager.addPass(createConvertVectorToLLVMPass());
    manager.addPass(createConvertMathToLLVMPass());
    manager.addPass(createConvertMathToLibmPass());
    FinalizeMemRefToLLVMConversionPassOptions memrefs;
    memrefs.useGenericFunctions = true;
    manager.addPass(createFinalizeMemRefToLLVMConversionPass(memrefs));
    manager.addPass(createArithToLLVMConversionPass());
    manager.addPass(createConvertIndexToLLVMPass());
    manager.addPass(createConvertControlFlowToLLVMPass());
    manager.addPass(createConvertFuncToLLVMPass());
    manager.addPass(createReconcileUnrealizedCastsPass());
    manager.addPass(createCSEPass());
  });
}

} // namespace

FailureOr<std::vector<HostObject>> compileHost(ModuleOp module, const HostOptions &options,
                                               ConstantSection &constants) {
  OwningOpRef<ModuleOp> host = extractMain(module);
  if (!host)
    return failure();
  llvm::StringMap<unsigned> programs;
  for (auto program : module.getOps<rpu::ProgramOp>())
    programs.try_emplace(program.getSymName(), programs.size());

  RewritePatternSet packs(module.getContext());
  populateLowerPackPatterns(packs);
  if (failed(applyPatternsGreedily(*host, std::move(packs))))
    return failure();
  HostInterface interface(*host);
  if (failed(interface.outlineLaunches(programs)))
    return failure();
  auto main = host->lookupSymbol<func::FuncOp>(onnx::kMainFunction);
  unsigned results = main.getNumResults(), inputs = main.getNumArguments();
  if (failed(bufferize(*host)))
    return failure();
  expandStridedCopies(*host);
  auto toLoops = [](OpPassManager &manager) {
    manager.addPass(createConvertLinalgToLoopsPass());
    manager.addPass(createCanonicalizerPass());
    manager.addPass(createCSEPass());
  };
  if (failed(runPasses(*host, toLoops)))
    return failure();
  if (failed(boundAllocations(*host)))
    return failure();
  interface.outlineAssertions();
  interface.outlineConstants(constants);
  outlineLoops(*host);
  if (failed(expandMath(*host)) || failed(lowerToLLVM(*host)))
    return failure();
  interface.define(results, inputs);

  registerBuiltinDialectTranslation(*module.getContext());
  registerLLVMDialectTranslation(*module.getContext());
  std::vector<HostObject> objects;
  for (const std::string &cpu : options.cpus) {
    llvm::LLVMContext context;
    std::unique_ptr<llvm::Module> code = translateModuleToLLVMIR(*host, context, "host");
    if (!code)
      return module.emitError("host code cannot be expressed in LLVM"), failure();
    FailureOr<HostObject> object = generateCode(module, *code, cpu);
    if (failed(object))
      return failure();
    objects.push_back(std::move(*object));
  }
  return objects;
}

} // namespace rnn
