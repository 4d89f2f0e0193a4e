//===- ProgramBuilder.h - Buffers, registers and views ----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Dialect/Rpu/IR/Rpu.h"
#include "rnn-mlir/Dialect/Rpu/IR/RpuBridge.h"
#include "rnn-mlir/Isa/Isa.h"

namespace rnn {

/// A scalar register; 0 is s0.
using Reg = int64_t;

/// A number of an instruction: itself, or the register that holds it.
struct Quantity {
  int64_t value = 0;
  bool inRegister = false;

  Quantity(int64_t number = 0) : value(number) {}
  static Quantity in(Reg reg) {
    Quantity quantity(reg);
    quantity.inRegister = true;
    return quantity;
  }
};

/// Bytes of one element of a tensor.
inline int64_t elementBytes(mlir::Value tensor) {
  return llvm::divideCeil(mlir::cast<mlir::RankedTensorType>(tensor.getType()).getElementTypeBitWidth(), 8);
}
/// Bytes of a vector; of a tensor, those along its last dimension.
inline int64_t vectorBytes(mlir::Value tensor) {
  return mlir::cast<mlir::RankedTensorType>(tensor.getType()).getShape().back() * elementBytes(tensor);
}

/// A part of a buffer as an operand sees it.
struct BufferSlice {
  mlir::Value buffer;
  /// Bytes from the buffer's address.
  int64_t offset = 0;
  /// Bytes for each iteration of a loop, by level.
  llvm::SmallVector<Quantity, 4> strides = {};
  int64_t ringLevel = 0, ringDepth = 0;
  /// Bytes between rows or vectors.
  Quantity pitch = 0;

  BufferSlice at(int64_t bytes) const {
    BufferSlice moved = *this;
    moved.offset += bytes;
    return moved;
  }
  BufferSlice stepping(unsigned level, Quantity bytes) const {
    BufferSlice moved = *this;
    moved.strides.resize(std::max<size_t>(moved.strides.size(), level + 1));
    Quantity &stride = moved.strides[level];
    assert(!stride.inRegister && (!bytes.inRegister || stride.value == 0) && "strides that add up in a register");
    stride.inRegister = bytes.inRegister;
    stride.value += bytes.value;
    return moved;
  }
  BufferSlice ring(unsigned level, int64_t depth, int64_t bytes) const {
    BufferSlice moved = stepping(level, bytes);
    moved.ringLevel = level;
    moved.ringDepth = depth;
    return moved;
  }
  /// Of a ring of two slots, the slot that the next iteration uses.
  BufferSlice nextSlot() const {
    assert(ringDepth == 2 && "expects a ring of two slots");
    BufferSlice moved = *this;
    Quantity &slot = moved.strides[ringLevel];
    moved.offset += slot.value;
    slot.value = -slot.value;
    return moved;
  }
  BufferSlice pitched(Quantity bytes) const {
    BufferSlice moved = *this;
    moved.pitch = bytes;
    return moved;
  }
};

/// Rows of bytes from one memory to another, of which one is DRAM.
struct Copy {
  BufferSlice from, to;
  Quantity rows = 1;
  /// Of a row.
  Quantity bytes;
  rpu::Role role;
};

/// The format in which a tensor's elements are stored; a mask as the numbers that lane registers hold.
inline rpu::Format formatOf(mlir::Value tensor) {
  mlir::Type element = mlir::cast<mlir::RankedTensorType>(tensor.getType()).getElementType();
  return element.isInteger(1) ? rpu::Format::F32 : static_cast<rpu::Format>(*rpu::formatOf(element));
}

/// Weight times vectors; the pitches of `acc` and `x` lead from one vector to the next.
struct Product {
  BufferSlice acc, weight, x;
  rpu::Format accFormat, weightFormat, xFormat;
  int64_t rows, cols;
  Quantity vectors = 1;
  bool accumulate;
  rpu::Role role;
  /// Where another piece of the product runs at each iteration of the loop over steps: that loop's level and how often
  /// it runs at most. Else none.
  std::optional<std::pair<int64_t, int64_t>> pieces = std::nullopt;
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
  /// Registers made while it lives, but for constants, are free again when it ends.
  class Scope {
  public:
    explicit Scope(ProgramBuilder &program) : program(program), begin(program.made.size()) {}
    ~Scope() {
      program.free.append(program.made.begin() + begin, program.made.end());
      program.made.truncate(begin);
    }
    Scope(const Scope &) = delete;

  private:
    ProgramBuilder &program;
    size_t begin;
  };
  bool exhausted() const { return overflow; }
  /// A register that holds `value` from the start.
  Reg constant(int64_t value);
  /// The register of the steps of a tile, or of the sequences in lock-step, marked as such.
  Reg timeTile(int64_t steps) { return marked(steps, rpu::kTimeTileAttr); }
  Reg batchTile(int64_t sequences) { return marked(sequences, rpu::kBatchTileAttr); }
  /// rd = ra op rb, in a new register.
  template <class Op> Reg scalar(Reg ra, Reg rb) {
    Reg rd = newReg();
    Op::create(builder, loc, rd, ra, rb);
    return rd;
  }
  /// The same, in a register that is there.
  template <class Op> Reg scalarIn(Reg rd, Reg ra, Reg rb) {
    Op::create(builder, loc, rd, ra, rb);
    return rd;
  }

  mlir::Value tileBuffer(rpu::Memory memory, const llvm::Twine &name, int64_t bytes);
  mlir::Value constantBuffer(const llvm::Twine &name, mlir::ElementsAttr value, int64_t bytes);
  /// The array of argument `number`; with `base` the address is in that register instead of the argument's own.
  mlir::Value argumentBuffer(const llvm::Twine &name, int64_t number, Reg base = 0);

  /// A view of `slice`, of numbers of `format` or, of the default, of bytes; its strides are put into registers.
  rpu::ViewAttr view(const BufferSlice &slice, rpu::Format format = rpu::Format::F32);
  rpu::RegOrImmAttr size(Quantity quantity) {
    return rpu::RegOrImmAttr::get(builder.getContext(), quantity.inRegister, quantity.value);
  }

  void copyIn(const Copy &copy);
  void copyOut(const Copy &copy);
  void product(const Product &product);
  /// A lane program over `n` elements; `fill` makes its micro-operations.
  void lanes(int64_t n, rpu::Role role, llvm::function_ref<void(mlir::OpBuilder &)> fill);
  /// Copies `source` to the tile for the whole launch: a constant in the set-up part, as it may stay from launch to
  /// launch; an argument is of one.
  void copyOnce(mlir::Value source, const Copy &copy);
  /// A loop; `fill` makes its body with `builder` inside. The role tells what it runs over.
  void loop(Quantity count, llvm::function_ref<void()> fill, rpu::Role role = rpu::Role::Control);

private:
  Reg marked(int64_t value, llvm::StringRef attr);
  /// A register that has never been used, as one that is set before all else must be.
  Reg freshReg();
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
  rpu::SetupOp setupPart;
  Reg next = 1;
  bool overflow = false;
  /// Registers that are in use, but for constants, in the order of their making; and those that are free again.
  llvm::SmallVector<Reg> made, free;
  llvm::DenseMap<int64_t, Reg> constants;
};

} // namespace rnn
