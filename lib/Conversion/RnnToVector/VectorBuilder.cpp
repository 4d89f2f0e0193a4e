//===- VectorBuilder.cpp - Loops and products on scratch buffers -*- C++ -*-==//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "VectorBuilder.h"

using namespace mlir;

namespace rnn {

/// Sums held in registers at a time: with vectors of 16 half of AVX2's registers, a quarter of AVX-512's.
static constexpr int64_t kBlock = 4;

/// Vectors that a panel is multiplied by at a time, as many as are left. With 6, 12 sums of AVX2 hide the latency of
/// its additions and leave registers for the weights.
static constexpr int64_t kVectorBlocks[] = {6, 4, 1};

/// Columns of a panel that are multiplied by all vectors before the next: they stay in the first-level cache while as
/// many are fetched ahead, some at each of the vectors, as the memory is slower than the first of them alone. Without
/// that each page of weights begins with a wait: prefetchers stop at its end.
static constexpr int64_t kColumnBlock = 256;

static Type elementOf(const HostPlace &place) {
  return cast<MemRefType>(place.buffer.getType()).getElementType();
}

static Type withElement(Type type, Type element) {
  auto shaped = dyn_cast<ShapedType>(type);
  return shaped ? Type(shaped.clone(element)) : element;
}

Value VectorBuilder::widened(Value numbers) {
  Type type = numbers.getType(), wide = withElement(type, computeType(getElementTypeOrSelf(type)));
  return wide == type ? numbers : Value(arith::ExtFOp::create(builder, loc, wide, numbers));
}

Value VectorBuilder::narrowed(Value numbers, Type element) {
  Type type = numbers.getType(), narrow = withElement(type, element);
  return narrow == type ? numbers : Value(arith::TruncFOp::create(builder, loc, narrow, numbers));
}

HostPlace VectorBuilder::scratch(int64_t elements, Type element) {
  auto type = MemRefType::get({elements + kLanes}, element);
  return {memref::AllocOp::create(builder, loc, type, builder.getI64IntegerAttr(64)), nullptr, 0};
}

Value VectorBuilder::bufferOf(Value tensor) {
  auto type = cast<RankedTensorType>(tensor.getType());
  return bufferization::ToBufferOp::create(builder, loc, MemRefType::get(type.getShape(), type.getElementType()),
                                           tensor, /*read_only=*/true);
}

void VectorBuilder::loop(Value from, Value to, int64_t step, llvm::function_ref<void(Value)> fill) {
  auto loop = scf::ForOp::create(builder, loc, from, to, index(step));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loop.getBody());
  fill(loop.getInductionVar());
}

Value VectorBuilder::position(const HostPlace &place, Value at) {
  Value sum = place.base;
  if (place.offset != 0 || (!sum && !at))
    sum = sum ? add(sum, index(place.offset)) : index(place.offset);
  return !at ? sum : sum ? add(sum, at) : at;
}

Value VectorBuilder::loadVector(const HostPlace &place, Value at) {
  return vector::LoadOp::create(builder, loc, vectorType(elementOf(place)), place.buffer, position(place, at));
}

void VectorBuilder::storeVector(Value vector, const HostPlace &place, Value at) {
  vector::StoreOp::create(builder, loc, vector, place.buffer, position(place, at));
}

Value VectorBuilder::loadWeights(Value weight, Value panel, Value column) {
  auto type = vectorType(cast<MemRefType>(weight.getType()).getElementType());
  return widened(vector::LoadOp::create(builder, loc, type, weight, ValueRange{panel, column, index(0)}));
}

Value VectorBuilder::spread(Value x) {
  return vector::BroadcastOp::create(builder, loc, vectorType(), widened(x));
}

Value VectorBuilder::addColumn(Value weights, Value spread, Value sums, Type element) {
  return widened(narrowed(vector::FMAOp::create(builder, loc, weights, spread, sums), element));
}

void VectorBuilder::multiplyVector(Value weight, Value backward, llvm::function_ref<Value(Value)> x,
                                   const HostPlace *acc, const HostPlace &out) {
  auto type = cast<MemRefType>(weight.getType());
  int64_t panels = type.getDimSize(0), columns = type.getDimSize(1);
  Value none = index(0);
  Type element = elementOf(out);
  auto block = [&](Value panel, int64_t count) {
    SmallVector<Value> sums, at;
    for (int64_t i = 0; i < count; ++i) {
      at.push_back(add(panel, index(i)));
      if (acc)
        sums.push_back(widened(loadVector(*acc, mul(at.back(), index(kLanes)))));
      else
        sums.push_back(arith::ConstantOp::create(builder, loc, vectorType(), builder.getZeroAttr(vectorType())));
    }
    auto loop = scf::ForOp::create(builder, loc, none, index(columns), index(1), sums,
                                   [&](OpBuilder &inner, Location loc, Value column, ValueRange carried) {
                                     OpBuilder::InsertionGuard guard(builder);
                                     builder.setInsertionPoint(inner.getInsertionBlock(), inner.getInsertionPoint());
                                     Value factor = spread(x(column));
                                     SmallVector<Value> next;
                                     for (int64_t i = 0; i < count; ++i)
                                       next.push_back(
                                           addColumn(loadWeights(weight, at[i], column), factor, carried[i], element));
                                     scf::YieldOp::create(builder, loc, next);
                                   });
    for (int64_t i = 0; i < count; ++i)
      storeVector(narrowed(loop.getResult(i), element), out, mul(at[i], index(kLanes)));
  };
  int64_t whole = panels / kBlock * kBlock;
  if (whole > 0)
    loop(none, index(whole), kBlock, [&](Value panel) {
      Value mirrored = sub(index(whole - kBlock), panel);
      block(arith::SelectOp::create(builder, loc, backward, mirrored, panel), kBlock);
    });
  if (whole < panels)
    block(index(whole), panels - whole);
}

void VectorBuilder::multiplyVectors(Value weight, Value count, int64_t most, llvm::function_ref<Value(Value, Value)> x,
                                    Type element, llvm::function_ref<HostPlace(Value)> out) {
  auto type = cast<MemRefType>(weight.getType());
  int64_t panels = type.getDimSize(0), columns = type.getDimSize(1);
  Value none = index(0),
        zeros = arith::ConstantOp::create(builder, loc, vectorType(), builder.getZeroAttr(vectorType()));
  Value last = index(panels - 1);
  auto equal = [&](Value a, Value b) {
    return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, a, b).getResult();
  };
  // The sums of a block of columns begin with those of the block before.
  auto block = [&](Value panel, Value begin, Value end, Value first, int64_t vectors) {
    SmallVector<Value> sums, at;
    Value row = mul(panel, index(kLanes));
    Value isFirst = equal(begin, none);
    // Behind the columns of a panel are those of the next; behind the last are none.
    Value isLast = arith::AndIOp::create(builder, loc, equal(panel, last), equal(end, index(columns)));
    Value ahead = arith::SelectOp::create(builder, loc, isLast, begin, end), done = mul(first, sub(end, begin));
    for (int64_t i = 0; i < vectors; ++i) {
      at.push_back(add(first, index(i)));
      sums.push_back(
          columns <= kColumnBlock
              ? zeros
              : Value(arith::SelectOp::create(builder, loc, isFirst, zeros, widened(loadVector(out(at.back()), row)))));
    }
    auto loop = scf::ForOp::create(
        builder, loc, begin, end, index(1), sums,
        [&](OpBuilder &inner, Location loc, Value column, ValueRange carried) {
          OpBuilder::InsertionGuard guard(builder);
          builder.setInsertionPoint(inner.getInsertionBlock(), inner.getInsertionPoint());
          Value w = loadWeights(weight, panel, column);
          Value share =
              arith::DivUIOp::create(builder, loc, add(done, mul(sub(column, begin), index(vectors))), index(most));
          memref::PrefetchOp::create(builder, loc, weight, ValueRange{panel, add(ahead, share), none},
                                     /*isWrite=*/false, /*localityHint=*/3, /*isDataCache=*/true);
          SmallVector<Value> next;
          for (int64_t i = 0; i < vectors; ++i)
            next.push_back(addColumn(w, spread(x(at[i], column)), carried[i], element));
          scf::YieldOp::create(builder, loc, next);
        });
    for (int64_t i = 0; i < vectors; ++i)
      storeVector(narrowed(loop.getResult(i), element), out(at[i]), row);
  };
  loop(none, index(panels), 1, [&](Value panel) {
    loop(none, index(columns), kColumnBlock, [&](Value begin) {
      Value end = min(add(begin, index(kColumnBlock)), index(columns)), done = none;
      for (int64_t size : kVectorBlocks) {
        Value left = arith::DivSIOp::create(builder, loc, sub(count, done), index(size));
        Value until = add(done, mul(left, index(size)));
        loop(done, until, size, [&](Value first) { block(panel, begin, end, first, size); });
        done = until;
      }
    });
  });
}

} // namespace rnn
