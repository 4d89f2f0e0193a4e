//===- ProgramBuilder.cpp - Buffers, registers and views --------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "ProgramBuilder.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace rnn {

Reg ProgramBuilder::newReg() {
  Reg reg = free.empty() ? freshReg() : free.pop_back_val();
  made.push_back(reg);
  return reg;
}

Reg ProgramBuilder::freshReg() {
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
    at->second = freshReg();
    declare<rpu::SetOp>(at->second, value);
  }
  return at->second;
}

Reg ProgramBuilder::marked(int64_t value, StringRef attr) {
  Reg reg = freshReg();
  declare<rpu::SetOp>(reg, value)->setAttr(attr, builder.getUnitAttr());
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

rpu::ViewAttr ProgramBuilder::view(const BufferSlice &slice, rpu::Format format) {
  SmallVector<int64_t> strides;
  for (Quantity stride : slice.strides)
    strides.push_back(stride.inRegister ? stride.value : constant(stride.value));
  return rpu::ViewAttr::get(builder.getContext(), slice.offset, strides, slice.ringLevel, slice.ringDepth,
                            size(slice.pitch), format);
}

void ProgramBuilder::copyIn(const Copy &copy) {
  rpu::ViewAttr from = view(copy.from), to = view(copy.to);
  rpu::CopyInOp::create(builder, loc, copy.to.buffer, to, copy.from.buffer, from, size(copy.rows), size(copy.bytes),
                        ArrayRef<int64_t>(), ArrayRef<int64_t>(), copy.role);
}

void ProgramBuilder::copyOut(const Copy &copy) {
  rpu::ViewAttr to = view(copy.to), from = view(copy.from);
  rpu::CopyOutOp::create(builder, loc, copy.to.buffer, to, copy.from.buffer, from, size(copy.rows), size(copy.bytes),
                         ArrayRef<int64_t>(), ArrayRef<int64_t>(), copy.role);
}

void ProgramBuilder::product(const Product &product) {
  rpu::ViewAttr acc = view(product.acc, product.accFormat), weight = view(product.weight, product.weightFormat),
                x = view(product.x, product.xFormat);
  // Sums of a narrow type are so from column to column.
  bool round = product.accFormat != rpu::Format::F32;
  auto op = rpu::ProductOp::create(builder, loc, product.acc.buffer, acc, product.weight.buffer, weight,
                                   product.x.buffer, x, product.rows, product.cols, size(product.vectors),
                                   product.accumulate, round, ArrayRef<int64_t>(), ArrayRef<int64_t>(), product.role);
  if (product.pieces)
    op->setAttr(rpu::kPiecesAttr, builder.getDenseI64ArrayAttr({product.pieces->first, product.pieces->second}));
}

void ProgramBuilder::lanes(int64_t n, rpu::Role role, llvm::function_ref<void(OpBuilder &)> fill) {
  auto op = rpu::LanesOp::create(builder, loc, n, ArrayRef<int64_t>(), ArrayRef<int64_t>(), role);
  OpBuilder inner = OpBuilder::atBlockEnd(&op.getBody().emplaceBlock());
  fill(inner);
}

void ProgramBuilder::copyOnce(Value source, const Copy &copy) {
  OpBuilder::InsertionGuard guard(builder);
  if (matchPattern(source, m_Constant())) {
    if (!setupPart) {
      if (lastDeclared)
        builder.setInsertionPointAfter(lastDeclared);
      else
        builder.setInsertionPointToStart(body);
      setupPart = rpu::SetupOp::create(builder, loc);
      setupPart.getBody().emplaceBlock();
    }
    builder.setInsertionPointToEnd(&setupPart.getBody().front());
  }
  copyIn(copy);
}

void ProgramBuilder::loop(Quantity count, llvm::function_ref<void()> fill, rpu::Role role) {
  auto op = rpu::LoopOp::create(builder, loc, size(count), role);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(&op.getBody().emplaceBlock());
  fill();
}

} // namespace rnn
