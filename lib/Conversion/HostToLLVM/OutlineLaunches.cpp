//===- OutlineLaunches.cpp - Launches as calls on buffers ----- -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "HostInterface.h"

#include "rnn-mlir/Dialect/Rpu/IR/Rpu.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_OUTLINELAUNCHES
#include "rnn-mlir/Conversion/HostToLLVM/Passes.h.inc"

namespace {
struct OutlineLaunches : impl::OutlineLaunchesBase<OutlineLaunches> {
  void runOnOperation() override {
    ModuleOp host = getOperation();
    llvm::StringMap<int64_t> programs = rpu::programNumbers(host);
    SmallVector<rpu::LaunchOp> launches;
    for (auto function : host.getOps<func::FuncOp>())
      function.walk([&](rpu::LaunchOp launch) { launches.push_back(launch); });
    Declarations declarations(host);
    for (auto [index, launch] : llvm::enumerate(launches))
      // The verifier of a launch sees to it that the program exists.
      outline(launch, "rnn_launch_" + std::to_string(index), programs.at(launch.getProgram()), declarations);
    numLaunches += launches.size();
  }

  static MemRefType bufferType(Value tensor) {
    auto type = cast<RankedTensorType>(tensor.getType());
    return MemRefType::get(type.getShape(), type.getElementType());
  }

  static void outline(rpu::LaunchOp launch, const std::string &name, int64_t program, Declarations &declarations) {
    OpBuilder builder(launch);
    Location loc = launch.getLoc();
    SmallVector<Value> buffers;
    for (Value in : launch.getIns())
      buffers.push_back(bufferization::ToBufferOp::create(builder, loc, bufferType(in), in, /*read_only=*/true));
    for (Value out : launch.getOuts()) {
      SmallVector<Value> sizes;
      auto type = cast<RankedTensorType>(out.getType());
      for (int64_t dim = 0; dim < type.getRank(); ++dim)
        if (type.isDynamicDim(dim))
          sizes.push_back(tensor::DimOp::create(builder, loc, out, dim));
      buffers.push_back(
          memref::AllocOp::create(builder, loc, bufferType(out), sizes, builder.getI64IntegerAttr(kAlignment)));
    }
    SmallVector<int64_t> ranks, widths;
    DataLayout layout = DataLayout::closest(launch);
    for (Value buffer : buffers) {
      auto type = cast<MemRefType>(buffer.getType());
      ranks.push_back(type.getRank());
      widths.push_back(layout.getTypeSize(type.getElementType()));
    }
    func::FuncOp function = declarations.add(loc, name, ValueRange(buffers).getTypes(), {});
    function->setAttr(kProgramAttr, builder.getI64IntegerAttr(program));
    function->setAttr(kRanksAttr, builder.getDenseI64ArrayAttr(ranks));
    function->setAttr(kWidthsAttr, builder.getDenseI64ArrayAttr(widths));
    function->setAttr(kInputsAttr, builder.getI64IntegerAttr(launch.getIns().size()));
    // The runtime takes pointers to descriptors.
    function->setAttr(LLVM::LLVMDialect::getEmitCWrapperAttrName(), builder.getUnitAttr());
    func::CallOp::create(builder, loc, function, buffers);
    auto outs = ArrayRef(buffers).drop_front(launch.getIns().size());
    for (auto [buffer, result] : llvm::zip_equal(outs, launch.getResults()))
      result.replaceAllUsesWith(bufferization::ToTensorOp::create(builder, loc, result.getType(), buffer,
                                                                  /*restrict=*/true, /*writable=*/true));
    launch.erase();
  }

  /// Of memory that the runtime allocates, in bytes.
  static constexpr int64_t kAlignment = 64;
};
} // namespace
} // namespace rnn
