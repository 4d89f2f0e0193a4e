//===- Broadcast.cpp - Operands of different shapes -------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "OnnxLowering.h"

#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"

#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace rnn::onnx {

Type plainType(Type element) {
  auto whole = dyn_cast<IntegerType>(element);
  return whole && !whole.isSignless() ? IntegerType::get(element.getContext(), whole.getWidth()) : element;
}

Value signless(OpBuilder &builder, Location loc, Value x) {
  return asElement(builder, loc, x, plainType(x.getType()));
}

Value constantElement(OpBuilder &builder, Location loc, Type element, TypedAttr value) {
  return asElement(builder, loc, arith::ConstantOp::create(builder, loc, value), element);
}

Value asElement(OpBuilder &builder, Location loc, Value x, Type type) {
  return x.getType() == type ? x : UnrealizedConversionCastOp::create(builder, loc, type, x).getResult(0);
}

Value generate(OpBuilder &builder, Location loc, ArrayRef<OpFoldResult> sizes, Type element,
               llvm::function_ref<Value(OpBuilder &, Location, ValueRange)> body) {
  Value empty = tensor::EmptyOp::create(builder, loc, sizes, element);
  SmallVector<AffineMap> maps = {builder.getMultiDimIdentityMap(sizes.size())};
  SmallVector<utils::IteratorType> iterators(sizes.size(), utils::IteratorType::parallel);
  auto generic = linalg::GenericOp::create(builder, loc, typeOf(sizes, element), ValueRange{}, ValueRange{empty}, maps,
                                           iterators, [&](OpBuilder &inner, Location loc, ValueRange) {
                                             SmallVector<Value> index;
                                             for (size_t dim = 0; dim < sizes.size(); ++dim)
                                               index.push_back(linalg::IndexOp::create(inner, loc, dim));
                                             Value value = body(inner, loc, index);
                                             linalg::YieldOp::create(inner, loc, asElement(inner, loc, value, element));
                                           });
  return generic.getResult(0);
}

/// The element of `value` at `index` of a larger shape: dimensions of size 1 are read at 0, at run time where the size
/// is known then only.
static Value readBroadcast(OpBuilder &builder, Location loc, Value value, ValueRange index) {
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<Value> at;
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    Value position = index[index.size() - type.getRank() + dim];
    if (type.getDimSize(dim) == 1) {
      position = arith::ConstantIndexOp::create(builder, loc, 0);
    } else if (type.isDynamicDim(dim)) {
      Value one = arith::ConstantIndexOp::create(builder, loc, 1),
            zero = arith::ConstantIndexOp::create(builder, loc, 0);
      Value size = tensor::DimOp::create(builder, loc, value, dim);
      Value single = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, size, one);
      position = arith::SelectOp::create(builder, loc, single, zero, position);
    }
    at.push_back(position);
  }
  return tensor::ExtractOp::create(builder, loc, value, at);
}

Value broadcastTo(OpBuilder &builder, Location loc, Value value, ArrayRef<OpFoldResult> sizes) {
  auto type = cast<RankedTensorType>(value.getType());
  if (llvm::equal(sizesOf(builder, loc, value), sizes, sameSize))
    return value;
  return generate(builder, loc, sizes, type.getElementType(), [&](OpBuilder &builder, Location loc, ValueRange index) {
    return readBroadcast(builder, loc, value, index);
  });
}

std::optional<int64_t> joinStatic(int64_t a, int64_t b) {
  if (a == b || b == 1)
    return a;
  if (a == 1 || ShapedType::isDynamic(a))
    return b;
  return ShapedType::isDynamic(b) ? std::optional(a) : std::nullopt;
}

void requireBroadcast(NodeLowering &node, ArrayRef<unsigned> operands) {
  SmallVector<int64_t> joint; // from the last dimension on
  for (unsigned index : operands) {
    RankedTensorType type = node.operandType(index);
    if (!type)
      continue;
    joint.resize(std::max<size_t>(joint.size(), type.getRank()), 1);
    for (auto [size, own] : llvm::zip(joint, llvm::reverse(type.getShape()))) {
      std::optional<int64_t> both = joinStatic(size, own);
      if (!both)
        return (void)node.refuse("expects operands whose shapes broadcast, found " + node.typesOf(operands));
      size = *both;
    }
  }
}

OpFoldResult joinSizes(NodeLowering &node, OpFoldResult a, OpFoldResult b) {
  int64_t x = staticOf(a), y = staticOf(b);
  if (sameSize(a, b) || y == 1)
    return a;
  if (x == 1)
    return b;
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  Value one = arith::ConstantIndexOp::create(builder, loc, 1);
  Value p = asIndex(builder, loc, a), q = asIndex(builder, loc, b);
  auto equal = [&](Value l, Value r) -> Value {
    return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, l, r);
  };
  Value fits = equal(p, q);
  if (x == ShapedType::kDynamic)
    fits = arith::OrIOp::create(builder, loc, fits, equal(p, one));
  if (y == ShapedType::kDynamic)
    fits = arith::OrIOp::create(builder, loc, fits, equal(q, one));
  node.require(fits, "expects operands whose shapes broadcast");
  if (x != ShapedType::kDynamic)
    return a;
  if (y != ShapedType::kDynamic)
    return b;
  return arith::SelectOp::create(builder, loc, equal(p, one), q, p).getResult();
}

Value elementwise(NodeLowering &node, ArrayRef<Value> operands, Type element,
                  llvm::function_ref<Value(OpBuilder &, Location, ValueRange)> body) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  int64_t rank = 0;
  for (Value operand : operands)
    rank = std::max(rank, cast<RankedTensorType>(operand.getType()).getRank());
  SmallVector<OpFoldResult> sizes(rank, builder.getIndexAttr(1));
  SmallVector<SmallVector<OpFoldResult>> given;
  for (Value operand : operands) {
    ArrayRef<OpFoldResult> own = given.emplace_back(sizesOf(builder, loc, operand));
    for (size_t dim = 0; dim < own.size(); ++dim) {
      OpFoldResult &size = sizes[rank - own.size() + dim];
      size = joinSizes(node, size, own[dim]);
    }
  }
  SmallVector<Value> inputs;
  SmallVector<AffineMap> maps;
  for (auto [operand, own] : llvm::zip_equal(operands, given)) {
    SmallVector<AffineExpr> exprs;
    bool certain = true;
    for (size_t dim = 0; dim < own.size(); ++dim) {
      OpFoldResult joint = sizes[rank - own.size() + dim];
      bool single = staticOf(own[dim]) == 1;
      exprs.push_back(single ? builder.getAffineConstantExpr(0) : builder.getAffineDimExpr(rank - own.size() + dim));
      certain &= single || sameSize(own[dim], joint) || staticOf(own[dim]) != ShapedType::kDynamic;
    }
    if (certain) {
      inputs.push_back(operand);
      maps.push_back(AffineMap::get(rank, 0, exprs, builder.getContext()));
    } else {
      inputs.push_back(broadcastTo(builder, loc, operand, sizes));
      maps.push_back(builder.getMultiDimIdentityMap(rank));
    }
  }
  Value empty = tensor::EmptyOp::create(builder, loc, sizes, element);
  maps.push_back(builder.getMultiDimIdentityMap(rank));
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
  auto generic = linalg::GenericOp::create(builder, loc, typeOf(sizes, element), inputs, ValueRange{empty}, maps,
                                           iterators, [&](OpBuilder &builder, Location loc, ValueRange values) {
                                             SmallVector<Value> numbers;
                                             for (Value value : values.drop_back())
                                               numbers.push_back(signless(builder, loc, value));
                                             Value result =
                                                 asElement(builder, loc, body(builder, loc, numbers), element);
                                             linalg::YieldOp::create(builder, loc, result);
                                           });
  return generic.getResult(0);
}

void requireBroadcastTo(NodeLowering &node, Value c, ArrayRef<OpFoldResult> sizes, const Twine &what) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  SmallVector<OpFoldResult> own = sizesOf(builder, loc, c);
  for (auto [mine, size] : llvm::zip(own, sizes.take_back(own.size()))) {
    if (staticOf(mine) == 1 || sameSize(mine, size) ||
        (staticOf(mine) != ShapedType::kDynamic && staticOf(size) != ShapedType::kDynamic))
      continue;
    auto equals = [&](OpFoldResult to) -> Value {
      return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, asIndex(builder, loc, mine),
                                   asIndex(builder, loc, to));
    };
    node.require(arith::OrIOp::create(builder, loc, equals(size), equals(builder.getIndexAttr(1))), "expects " + what);
  }
}

} // namespace rnn::onnx
