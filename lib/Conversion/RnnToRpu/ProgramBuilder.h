//===- ProgramBuilder.h - Buffers, registers and views ----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Dialect/Rpu/IR/Rpu.h"
#include "rnn-mlir/Isa/Isa.h"

namespace rnn {

/// A scalar register; 0 is s0.
using Reg = int64_t;

/// A range of a buffer as an operand sees it.
struct Place {
  mlir::Value buffer;
  /// Bytes from the buffer's address.
  int64_t offset = 0;
  /// Bytes for each iteration of a loop, by level.
  llvm::SmallVector<int64_t, 4> strides;
  int64_t ringLevel = 0, ringDepth = 0;

  Place at(int64_t bytes) const {
    Place moved = *this;
    moved.offset += bytes;
    return moved;
  }
  Place stepping(unsigned level, int64_t bytes) const {
    Place moved = *this;
    moved.strides.resize(std::max<size_t>(moved.strides.size(), level + 1), 0);
    moved.strides[level] += bytes;
    return moved;
  }
  Place ring(unsigned level, int64_t depth, int64_t bytes) const {
    Place moved = stepping(level, bytes);
    moved.ringLevel = level;
    moved.ringDepth = depth;
    return moved;
  }
};

/// Makes the ops of a program: constants of registers and buffers in its prologue, the rest where `builder` stands.
class ProgramBuilder {
public:
  ProgramBuilder(mlir::Block *body, mlir::Location loc) : builder(loc.getContext()), loc(loc), body(body) {
    builder.setInsertionPointToEnd(body);
  }

  mlir::OpBuilder builder;
  mlir::Location loc;

  /// A register that nothing else uses. After the last one `exhausted` is set and s0 is returned.
  Reg newReg();
  bool exhausted() const { return overflow; }
  /// A register that holds `value` from the start.
  Reg constant(int64_t value);
  /// The register of the steps of a tile, marked as such.
  Reg timeTile(int64_t steps);
  /// rd = ra op rb, in a new register.
  template <class Op> Reg scalar(Reg ra, Reg rb) {
    Reg rd = newReg();
    Op::create(builder, loc, rd, ra, rb);
    return rd;
  }

  mlir::Value tileBuffer(rpu::Memory memory, const llvm::Twine &name, int64_t bytes);
  mlir::Value constantBuffer(const llvm::Twine &name, mlir::ElementsAttr value, int64_t bytes);
  /// The array of argument `number`; with `base` the address is in that register instead of the argument's own.
  mlir::Value argumentBuffer(const llvm::Twine &name, int64_t number, Reg base = 0);

  rpu::RegOrImmAttr imm(int64_t value) { return rpu::RegOrImmAttr::get(builder.getContext(), false, value); }
  rpu::RegOrImmAttr reg(Reg number) { return rpu::RegOrImmAttr::get(builder.getContext(), true, number); }
  /// A view of `place`; its strides are put into registers.
  rpu::ViewAttr view(const Place &place, rpu::RegOrImmAttr pitch = {});
  /// A view whose strides are in registers already.
  rpu::ViewAttr viewOf(llvm::ArrayRef<Reg> strides, rpu::RegOrImmAttr pitch = {});
  rpu::RoleAttr role(rpu::Role role) { return rpu::RoleAttr::get(builder.getContext(), role); }

  void copyIn(const Place &dst, rpu::RegOrImmAttr dstPitch, mlir::Value src, rpu::ViewAttr srcView,
              rpu::RegOrImmAttr rows, int64_t bytes, rpu::Role role);
  void copyOut(mlir::Value dst, rpu::ViewAttr dstView, const Place &src, rpu::RegOrImmAttr srcPitch,
               rpu::RegOrImmAttr rows, int64_t bytes, rpu::Role role);
  void product(const Place &acc, int64_t accPitch, const Place &weight, const Place &x, int64_t xPitch, int64_t rows,
               int64_t cols, rpu::RegOrImmAttr vectors, bool accumulate, rpu::Role role);
  /// A lane program over `n` elements; `fill` makes its micro-operations.
  void lanes(int64_t n, rpu::Role role, llvm::function_ref<void(mlir::OpBuilder &)> fill);
  /// A loop; `fill` makes its body with `builder` inside.
  void loop(rpu::RegOrImmAttr count, llvm::function_ref<void()> fill);

private:
  /// Makes an op behind the others of the prologue.
  template <class Op, class... Args> Op declare(Args &&...args) {
    mlir::OpBuilder::InsertionGuard guard(builder);
    if (lastDeclared)
      builder.setInsertionPointAfter(lastDeclared);
    else
      builder.setInsertionPointToStart(body);
    auto op = Op::create(builder, loc, std::forward<Args>(args)...);
    lastDeclared = op;
    return op;
  }
  mlir::Value declareBuffer(rpu::Memory memory, const llvm::Twine &name, int64_t bytes,
                            mlir::ElementsAttr constant = {}, mlir::IntegerAttr argument = {},
                            mlir::IntegerAttr base = {});

  mlir::Block *body;
  mlir::Operation *lastDeclared = nullptr;
  Reg next = 1;
  bool overflow = false;
  llvm::DenseMap<int64_t, Reg> constants;
};

} // namespace rnn
