//===- ProgramBuilder.cpp - Buffers, registers and views --------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "ProgramBuilder.h"

using namespace mlir;

namespace rnn {

Reg ProgramBuilder::newReg() {
  if (next < isa::kRegisters)
    return next++;
  overflow = true;
  return 0;
}

Reg ProgramBuilder::constant(int64_t value) {
  if (value == 0)
    return 0;
  auto [at, fresh] = constants.try_emplace(value, 0);
  if (fresh) {
    at->second = newReg();
    declare<rpu::SetOp>(at->second, value);
  }
  return at->second;
}

Reg ProgramBuilder::timeTile(int64_t steps) {
  Reg reg = newReg();
  declare<rpu::SetOp>(reg, steps)->setAttr(rpu::kTimeTileAttr, builder.getUnitAttr());
  return reg;
}

Value ProgramBuilder::declareBuffer(rpu::Memory memory, const Twine &name, int64_t bytes, ElementsAttr constant,
                                    IntegerAttr argument, IntegerAttr base) {
  return declare<rpu::BufferOp>(rpu::BufferType::get(builder.getContext()),
                                rpu::MemoryAttr::get(builder.getContext(), memory), builder.getStringAttr(name),
                                builder.getI64IntegerAttr(bytes), IntegerAttr(), constant, argument, base);
}

Value ProgramBuilder::tileBuffer(rpu::Memory memory, const Twine &name, int64_t bytes) {
  return declareBuffer(memory, name, bytes);
}

Value ProgramBuilder::constantBuffer(const Twine &name, ElementsAttr value, int64_t bytes) {
  return declareBuffer(rpu::Memory::Dram, name, bytes, value);
}

Value ProgramBuilder::argumentBuffer(const Twine &name, int64_t number, Reg base) {
  return declareBuffer(rpu::Memory::Dram, name, 0, {}, builder.getI64IntegerAttr(number),
                       base ? builder.getI64IntegerAttr(base) : IntegerAttr());
}

rpu::ViewAttr ProgramBuilder::view(const Place &place, rpu::RegOrImmAttr pitch) {
  SmallVector<int64_t> strides;
  for (int64_t stride : place.strides)
    strides.push_back(constant(stride));
  return rpu::ViewAttr::get(builder.getContext(), place.offset, strides, place.ringLevel, place.ringDepth,
                            pitch ? pitch : imm(0));
}

rpu::ViewAttr ProgramBuilder::viewOf(ArrayRef<Reg> strides, rpu::RegOrImmAttr pitch) {
  return rpu::ViewAttr::get(builder.getContext(), 0, strides, 0, 0, pitch ? pitch : imm(0));
}

void ProgramBuilder::copyIn(const Place &dst, rpu::RegOrImmAttr dstPitch, Value src, rpu::ViewAttr srcView,
                            rpu::RegOrImmAttr rows, int64_t bytes, rpu::Role role) {
  rpu::CopyInOp::create(builder, loc, dst.buffer, view(dst, dstPitch), src, srcView, rows, imm(bytes),
                        ArrayRef<int64_t>(), ArrayRef<int64_t>(), role);
}

void ProgramBuilder::copyOut(Value dst, rpu::ViewAttr dstView, const Place &src, rpu::RegOrImmAttr srcPitch,
                             rpu::RegOrImmAttr rows, int64_t bytes, rpu::Role role) {
  rpu::CopyOutOp::create(builder, loc, dst, dstView, src.buffer, view(src, srcPitch), rows, imm(bytes),
                         ArrayRef<int64_t>(), ArrayRef<int64_t>(), role);
}

void ProgramBuilder::product(const Place &acc, int64_t accPitch, const Place &weight, const Place &x, int64_t xPitch,
                             int64_t rows, int64_t cols, rpu::RegOrImmAttr vectors, bool accumulate, rpu::Role role) {
  rpu::ProductOp::create(builder, loc, acc.buffer, view(acc, imm(accPitch)), weight.buffer, view(weight), x.buffer,
                         view(x, imm(xPitch)), rows, cols, vectors, accumulate, /*round=*/false, ArrayRef<int64_t>(),
                         ArrayRef<int64_t>(), role);
}

void ProgramBuilder::lanes(int64_t n, rpu::Role role, llvm::function_ref<void(OpBuilder &)> fill) {
  auto op = rpu::LanesOp::create(builder, loc, n, ArrayRef<int64_t>(), ArrayRef<int64_t>(), role);
  OpBuilder inner = OpBuilder::atBlockEnd(&op.getBody().emplaceBlock());
  fill(inner);
}

void ProgramBuilder::loop(rpu::RegOrImmAttr count, llvm::function_ref<void()> fill) {
  auto op = rpu::LoopOp::create(builder, loc, count);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(&op.getBody().emplaceBlock());
  fill();
}

} // namespace rnn
