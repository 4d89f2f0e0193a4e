//===- Indexing.cpp - Elements chosen by indices ----------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "OnnxLowering.h"

#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace mlir;

namespace rnn::onnx {

static Value indexOf(OpBuilder &builder, Location loc, int64_t value) {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

Value checkedIndex(NodeLowering &node, OpBuilder &builder, Location loc, Value raw, Value size) {
  Value index = arith::IndexCastOp::create(builder, loc, builder.getIndexType(), raw);
  Value zero = indexOf(builder, loc, 0);
  Value negative = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::slt, index, zero);
  index = arith::SelectOp::create(builder, loc, negative, arith::AddIOp::create(builder, loc, index, size), index);
  Value low = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sge, index, zero);
  Value high = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::slt, index, size);
  cf::AssertOp::create(builder, loc, arith::AndIOp::create(builder, loc, low, high),
                       (node.op().getOpType() + " expects indices in range").str());
  return index;
}

/// Loops over an array of `sizes`, which hand on a tensor.
static Value forEach(OpBuilder &builder, Location loc, ArrayRef<OpFoldResult> sizes, Value initial,
                     llvm::function_ref<Value(OpBuilder &, Location, ValueRange index, Value)> body) {
  Value zero = indexOf(builder, loc, 0), one = indexOf(builder, loc, 1);
  SmallVector<Value> low(sizes.size(), zero), step(sizes.size(), one), high;
  for (OpFoldResult size : sizes)
    high.push_back(asIndex(builder, loc, size));
  if (sizes.empty())
    return body(builder, loc, {}, initial);
  auto nest = scf::buildLoopNest(builder, loc, low, high, step, initial,
                                 [&](OpBuilder &inner, Location loc, ValueRange index, ValueRange state) {
                                   return scf::ValueVector{body(inner, loc, index, state[0])};
                                 });
  return nest.results[0];
}

//===----------------------------------------------------------------------===//
// Made from positions
//===----------------------------------------------------------------------===//

LogicalResult lowerTile(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  RankedTensorType type = node.operandType(0);
  int64_t rank = type ? type.getRank() : 0;
  SmallVector<OpFoldResult> repeats(rank, builder.getIndexAttr(1));
  if (node.opset() >= 6) {
    std::optional<ElementList> list = sizesFrom(node, 1, Limit::KnownRepeats);
    if (type && list && static_cast<int64_t>(list->size()) != rank)
      (void)node.refuse("expects a repeat for each of the " + Twine(rank) + " dimensions, found " +
                        Twine(list->size()));
    else if (type && list)
      repeats = *list;
  } else {
    requireOne(node, 1, "tiles"), requireOne(node, 2, "axis");
    requireIntegers(node, 1), requireIntegers(node, 2);
    if (type && node.elementType(1) && node.elementType(2) && succeeded(node.accepted())) {
      std::optional<SmallVector<int64_t>> axis = node.constantInts(reshapeTo(builder, loc, node.operand(2), {}));
      std::optional<ElementList> tiles = node.elementsAtRunTime(reshapeTo(builder, loc, node.operand(1), {}));
      if (!axis)
        (void)node.refuseBeyond(Limit::KnownAxis, "what the model computes");
      else if (std::optional<int64_t> dim = normaliseAxis((*axis)[0], rank); !dim)
        (void)node.refuse("expects an axis from " + Twine(-rank) + " to " + Twine(rank - 1) + ", found " +
                          Twine((*axis)[0]));
      else
        repeats[*dim] = (*tiles)[0];
    }
  }
  if (failed(node.accepted()))
    return failure();
  Value x = node.operand(0);
  SmallVector<OpFoldResult> own = sizesOf(builder, loc, x), sizes;
  node.requireRoom(repeats, builder.getI8Type());
  for (auto [size, count] : llvm::zip(own, repeats)) {
    std::optional<int64_t> a = getConstantIntValue(size), b = getConstantIntValue(count);
    if (int64_t product; a && b && llvm::MulOverflow(*a, *b, product))
      return node.refuse("expects a result that can be counted, found " + Twine(*a) + " times " + Twine(*b));
    sizes.push_back(mulSizes(builder, loc, size, count));
  }
  node.requireRoom(sizes, type.getElementType());
  node.setResult(0, generate(builder, loc, sizes, type.getElementType(),
                             [&](OpBuilder &inner, Location loc, ValueRange index) -> Value {
                               SmallVector<Value> at;
                               for (auto [position, size] : llvm::zip(index, own))
                                 at.push_back(arith::RemUIOp::create(inner, loc, position, asIndex(inner, loc, size)));
                               return tensor::ExtractOp::create(inner, loc, x, at);
                             }));
  return success();
}

LogicalResult lowerRange(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  requireNumbers(node, {0, 1, 2});
  for (auto [index, name] : llvm::enumerate(std::array<StringRef, 3>{"start", "limit", "delta"}))
    requireOne(node, index, name);
  if (failed(node.accepted()))
    return failure();
  Type element = node.elementType(0);
  bool real = llvm::isa<FloatType>(element);
  Type wide = real ? Type(builder.getF64Type()) : Type(builder.getI64Type());
  std::array<Value, 3> bounds;
  for (unsigned index : {0, 1, 2})
    bounds[index] = convertNumber(builder, loc, elementOf(node, index), element, wide);
  auto [start, limit, delta] = bounds;
  Value zero = constantLike(builder, loc, wide, 0);
  // max(ceil((limit - start) / delta), 0), in f64: what does not fit an index does not fit memory.
  auto number = [&](Value x) { return convertNumber(builder, loc, x, wide, builder.getF64Type()); };
  Value moves = real ? Value(arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::ONE, delta, zero))
                     : Value(arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, delta, zero));
  node.require(moves, "expects a delta that is not 0");
  Value distance = arith::SubFOp::create(builder, loc, number(limit), number(start));
  Value steps = math::CeilOp::create(builder, loc, arith::DivFOp::create(builder, loc, distance, number(delta)));
  Value most = constantLike(builder, loc, builder.getF64Type(), double(int64_t(1) << 31));
  node.require(arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OLE, steps, most),
               "expects a result of at most 2 GiB");
  Value counted = convertNumber(builder, loc, steps, builder.getF64Type(), builder.getI64Type());
  Value count = arith::IndexCastOp::create(builder, loc, builder.getIndexType(), counted);
  count = arith::MaxSIOp::create(builder, loc, count, indexOf(builder, loc, 0));
  std::array<std::optional<SmallVector<int64_t>>, 3> known;
  for (unsigned index : {0, 1, 2})
    known[index] = node.constantInts(node.operand(index));
  OpFoldResult size = count;
  if (known[0] && known[1] && known[2]) {
    int64_t a = (*known[0])[0], b = (*known[1])[0], d = (*known[2])[0];
    if (d == 0)
      return node.refuse("expects a delta that is not 0");
    double exact = std::ceil((static_cast<double>(b) - static_cast<double>(a)) / static_cast<double>(d));
    if (exact > double(int64_t(1) << 31))
      return node.refuse("expects a result of at most 2 GiB");
    size = builder.getIndexAttr(std::max<int64_t>(0, static_cast<int64_t>(exact)));
  }
  node.requireRoom({size}, element);
  node.setResult(0, generate(builder, loc, {size}, element, [&](OpBuilder &inner, Location loc, ValueRange index) {
                   Value at = arith::IndexCastOp::create(inner, loc, inner.getI64Type(), index[0]), value;
                   if (real) {
                     Value step = arith::SIToFPOp::create(inner, loc, wide, at);
                     value = arith::AddFOp::create(inner, loc, start, arith::MulFOp::create(inner, loc, step, delta));
                   } else {
                     value = arith::AddIOp::create(inner, loc, start, arith::MulIOp::create(inner, loc, at, delta));
                   }
                   return convertNumber(inner, loc, value, wide, element);
                 }));
  return success();
}

LogicalResult lowerOneHot(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  RankedTensorType type = node.operandType(0), values = node.operandType(2);
  for (unsigned index : {0, 1})
    if (Type element = node.elementType(index); element && !isNumber(element))
      (void)node.refuse("expects numbers, found " + llvm::formatv("{0}", node.operandType(index)));
  requireOne(node, 1, "depth");
  if (values && (values.getRank() != 1 || failed(verifyCompatibleDims({values.getDimSize(0), 2}))))
    (void)node.refuse("expects two values, found " + llvm::formatv("{0}", values));
  std::optional<int64_t> axis = node.intAttr("axis");
  if (axis && type) {
    int64_t rank = type.getRank() + 1;
    std::optional<int64_t> dim = normaliseAxis(*axis, rank);
    if (!dim)
      (void)node.refuse("expects an axis from " + Twine(-rank) + " to " + Twine(rank - 1) + ", found " + Twine(*axis));
    axis = dim;
  }
  if (failed(node.accepted()))
    return failure();
  Type i64 = builder.getI64Type(), element = values.getElementType(), kind = node.elementType(0);
  std::optional<SmallVector<int64_t>> known = node.constantInts(reshapeTo(builder, loc, node.operand(1), {}));
  Value depth = convertNumber(builder, loc, elementOf(node, 1), node.elementType(1), i64);
  OpFoldResult count = arith::IndexCastOp::create(builder, loc, builder.getIndexType(), depth).getResult();
  if (known)
    count = builder.getIndexAttr((*known)[0]);
  if (known && (*known)[0] < 0)
    return node.refuse("expects a depth that is not negative, found " + Twine((*known)[0]));
  SmallVector<OpFoldResult> sizes = sizesOf(builder, loc, node.operand(0));
  sizes.insert(sizes.begin() + *axis, count);
  node.requireRoom(sizes, element);
  requireEqualAtRunTime(node, sizeOf(builder, loc, node.operand(2), 0), builder.getIndexAttr(2), "values and 2");
  Value off = tensor::ExtractOp::create(builder, loc, node.operand(2), ValueRange{indexOf(builder, loc, 0)}),
        on = tensor::ExtractOp::create(builder, loc, node.operand(2), ValueRange{indexOf(builder, loc, 1)});
  Value indices = node.operand(0);
  node.setResult(
      0, generate(builder, loc, sizes, element, [&](OpBuilder &inner, Location loc, ValueRange index) -> Value {
        SmallVector<Value> at(index);
        at.erase(at.begin() + *axis);
        Value raw = signless(inner, loc, tensor::ExtractOp::create(inner, loc, indices, at));
        Value place = convertNumber(inner, loc, raw, kind, i64);
        // Counted from the end; what is out of range is no place at all.
        Value negative =
            arith::CmpIOp::create(inner, loc, arith::CmpIPredicate::slt, place, constantLike(inner, loc, i64, 0));
        place = arith::SelectOp::create(inner, loc, negative, arith::AddIOp::create(inner, loc, place, depth), place);
        Value here = arith::IndexCastOp::create(inner, loc, i64, index[*axis]);
        Value is = arith::CmpIOp::create(inner, loc, arith::CmpIPredicate::eq, place, here);
        return arith::SelectOp::create(inner, loc, is, on, off);
      }));
  return success();
}

LogicalResult lowerTrilu(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  RankedTensorType type = node.operandType(0);
  if (type && type.getRank() < 2)
    (void)node.refuse("expects matrices, found " + llvm::formatv("{0}", type));
  requireOne(node, 1, "k");
  requireIntegers(node, 1);
  if (failed(node.accepted()))
    return failure();
  Type i64 = builder.getI64Type(), element = type.getElementType();
  Value k = node.operand(1) ? convertNumber(builder, loc, elementOf(node, 1), node.elementType(1), i64)
                            : constantLike(builder, loc, i64, 0);
  bool upper = *node.intAttr("upper");
  int64_t rank = type.getRank();
  node.setResult(0, elementwise(node, node.operand(0), element, [&](OpBuilder &inner, Location loc, ValueRange in) {
                   auto position = [&](int64_t dim) -> Value {
                     return arith::IndexCastOp::create(inner, loc, i64, linalg::IndexOp::create(inner, loc, dim));
                   };
                   Value offset = arith::SubIOp::create(inner, loc, position(rank - 1), position(rank - 2));
                   auto keeps = upper ? arith::CmpIPredicate::sge : arith::CmpIPredicate::sle;
                   Value kept = arith::CmpIOp::create(inner, loc, keeps, offset, k);
                   Value zero = arith::ConstantOp::create(inner, loc, inner.getZeroAttr(plainType(element)));
                   return arith::SelectOp::create(inner, loc, kept, in[0], zero).getResult();
                 }));
  return success();
}

LogicalResult lowerEyeLike(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  RankedTensorType type = node.operandType(0);
  if (type && type.getRank() != 2)
    (void)node.refuse("expects a matrix, found " + llvm::formatv("{0}", type));
  if (failed(node.accepted()))
    return failure();
  std::optional<int64_t> kind = node.intAttr("dtype");
  int64_t k = *node.intAttr("k");
  Type element = kind ? elementTypeOf(builder, *kind) : type.getElementType();
  SmallVector<OpFoldResult> sizes = sizesOf(builder, loc, node.operand(0));
  node.setResult(0, generate(builder, loc, sizes, element, [&](OpBuilder &inner, Location loc, ValueRange index) {
                   Value offset = arith::SubIOp::create(inner, loc, index[1], index[0]);
                   Value is =
                       arith::CmpIOp::create(inner, loc, arith::CmpIPredicate::eq, offset, indexOf(inner, loc, k));
                   return convertNumber(inner, loc, is, inner.getI1Type(), element);
                 }));
  return success();
}

//===----------------------------------------------------------------------===//
// As many as there are
//===----------------------------------------------------------------------===//

/// How many elements of a tensor of booleans are true, an index.
static Value countTrue(NodeLowering &node, Value flags) {
  OpBuilder &builder = node.builder();
  SmallVector<bool> all(cast<RankedTensorType>(flags.getType()).getRank(), true);
  Value sum =
      reduce(builder, node.loc(), flags, all,
             {builder.getI64IntegerAttr(0), [](OpBuilder &builder, Location loc, Value sum, Value flag) -> Value {
                Value one = arith::ExtUIOp::create(builder, loc, builder.getI64Type(), flag);
                return arith::AddIOp::create(builder, loc, sum, one);
              }});
  SmallVector<Value> zeros(all.size(), indexOf(builder, node.loc(), 0));
  Value count = tensor::ExtractOp::create(builder, node.loc(), sum, zeros);
  return arith::IndexCastOp::create(builder, node.loc(), builder.getIndexType(), count);
}

/// `count` positions at which `flags` is true, in order, as an array [rank, count] of integers.
static Value positionsOf(NodeLowering &node, Value flags, Value count) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  SmallVector<OpFoldResult> sizes = sizesOf(builder, loc, flags);
  int64_t rank = sizes.size();
  Type i64 = builder.getI64Type();
  Value empty = tensor::EmptyOp::create(builder, loc, {builder.getIndexAttr(rank), count}, i64);
  SmallVector<Value> low(rank, indexOf(builder, loc, 0)), step(rank, indexOf(builder, loc, 1)), high;
  for (OpFoldResult size : sizes)
    high.push_back(asIndex(builder, loc, size));
  auto body = [&](OpBuilder &inner, Location loc, ValueRange index, ValueRange state) -> scf::ValueVector {
    Value flag = tensor::ExtractOp::create(inner, loc, flags, index);
    auto choice = scf::IfOp::create(
        inner, loc, flag,
        [&](OpBuilder &then, Location loc) {
          Value array = state[0];
          for (int64_t dim = 0; dim < rank; ++dim) {
            Value position = arith::IndexCastOp::create(then, loc, i64, index[dim]);
            array = tensor::InsertOp::create(then, loc, position, array, ValueRange{indexOf(then, loc, dim), state[1]});
          }
          Value next = arith::AddIOp::create(then, loc, state[1], indexOf(then, loc, 1));
          scf::YieldOp::create(then, loc, ValueRange{array, next});
        },
        [&](OpBuilder &otherwise, Location loc) { scf::YieldOp::create(otherwise, loc, state); });
    return {choice.getResult(0), choice.getResult(1)};
  };
  return scf::buildLoopNest(builder, loc, low, high, step, ValueRange{empty, indexOf(builder, loc, 0)}, body)
      .results[0];
}

LogicalResult lowerNonZero(NodeLowering &node) {
  if (RankedTensorType type = node.operandType(0); type && type.getRank() == 0)
    (void)node.refuse("expects at least one dimension, found " + llvm::formatv("{0}", type));
  if (failed(node.accepted()))
    return failure();
  Value flags = convertElements(node, node.operand(0), node.builder().getI1Type());
  node.setResult(0, positionsOf(node, flags, countTrue(node, flags)));
  return success();
}

LogicalResult lowerCompress(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  requireBooleans(node, {1});
  RankedTensorType type = node.operandType(0), flags = node.operandType(1);
  if (flags && flags.getRank() != 1)
    (void)node.refuse("expects a condition of one dimension, found " + llvm::formatv("{0}", flags));
  bool flat = !node.op().getOnnxAttr("axis");
  std::optional<int64_t> axis = flat ? std::optional<int64_t>(0) : node.axisAttr(0);
  if (failed(node.accepted()))
    return failure();
  Value x = node.operand(0), condition = node.operand(1);
  if (flat) {
    OpFoldResult count = builder.getIndexAttr(1);
    for (OpFoldResult size : sizesOf(builder, loc, x))
      count = mulSizes(builder, loc, count, size);
    x = reshapeTo(builder, loc, x, {count});
  }
  SmallVector<OpFoldResult> sizes = sizesOf(builder, loc, x);
  // What the condition does not reach is left out.
  Value length = asIndex(builder, loc, sizeOf(builder, loc, condition, 0));
  node.require(
      arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sle, length, asIndex(builder, loc, sizes[*axis])),
      "expects a condition of at most as many elements as the axis has");
  Value count = countTrue(node, condition);
  Value places = positionsOf(node, condition, count);
  sizes[*axis] = count;
  node.setResult(0, generate(builder, loc, sizes, type.getElementType(),
                             [&](OpBuilder &inner, Location loc, ValueRange index) -> Value {
                               SmallVector<Value> at(index);
                               Value place = tensor::ExtractOp::create(
                                   inner, loc, places, ValueRange{indexOf(inner, loc, 0), index[*axis]});
                               at[*axis] = arith::IndexCastOp::create(inner, loc, inner.getIndexType(), place);
                               return tensor::ExtractOp::create(inner, loc, x, at);
                             }));
  return success();
}

//===----------------------------------------------------------------------===//
// Gather and Scatter
//===----------------------------------------------------------------------===//

/// Refuses operands whose sizes do not fit along dimensions other than `axis`: those of `part` are at most those of
/// the data.
static void requireWithin(NodeLowering &node, unsigned part, int64_t axis) {
  RankedTensorType type = node.operandType(0), own = node.operandType(part);
  if (type.getRank() != own.getRank()) {
    (void)node.refuse("expects operands of one rank, found " + node.typesOf({0, part}));
    return;
  }
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    int64_t a = own.getDimSize(dim), b = type.getDimSize(dim);
    if (dim != axis && !ShapedType::isDynamic(a) && !ShapedType::isDynamic(b) && a > b)
      (void)node.refuse("expects sizes of at most those of the data, found " + node.typesOf({0, part}));
  }
}

static void requireWithinAtRunTime(NodeLowering &node, unsigned part, int64_t axis) {
  OpBuilder &builder = node.builder();
  for (int64_t dim = 0; dim < node.operandType(0).getRank(); ++dim) {
    OpFoldResult a = sizeOf(builder, node.loc(), node.operand(part), dim),
                 b = sizeOf(builder, node.loc(), node.operand(0), dim);
    if (dim == axis || sameSize(a, b) || (getConstantIntValue(a) && getConstantIntValue(b)))
      continue;
    node.require(arith::CmpIOp::create(builder, node.loc(), arith::CmpIPredicate::sle, asIndex(builder, node.loc(), a),
                                       asIndex(builder, node.loc(), b)),
                 "expects sizes of at most those of the data");
  }
}

LogicalResult lowerGatherElements(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  std::optional<int64_t> axis = node.axisAttr(0);
  requireIntegers(node, 1);
  if (axis && node.operandType(1))
    requireWithin(node, 1, *axis);
  if (failed(node.accepted()))
    return failure();
  requireWithinAtRunTime(node, 1, *axis);
  Value data = node.operand(0), indices = node.operand(1);
  Value size = asIndex(builder, loc, sizeOf(builder, loc, data, *axis));
  node.setResult(0, generate(builder, loc, sizesOf(builder, loc, indices), node.elementType(0),
                             [&](OpBuilder &inner, Location loc, ValueRange index) -> Value {
                               SmallVector<Value> at(index);
                               Value raw = tensor::ExtractOp::create(inner, loc, indices, index);
                               at[*axis] = checkedIndex(node, inner, loc, raw, size);
                               return tensor::ExtractOp::create(inner, loc, data, at);
                             }));
  return success();
}

/// The length of the indices in the last dimension of operand 1, checked against the rank of the data behind `batch`
/// dimensions; none where it is not known.
static std::optional<int64_t> indexLength(NodeLowering &node, int64_t batch) {
  RankedTensorType data = node.operandType(0), indices = node.operandType(1);
  requireIntegers(node, 1);
  if (!indices)
    return std::nullopt;
  if (indices.getRank() < 1) {
    (void)node.refuse("expects indices of at least one dimension, found " + llvm::formatv("{0}", indices));
    return std::nullopt;
  }
  int64_t length = indices.getShape().back();
  if (ShapedType::isDynamic(length)) {
    (void)node.refuseBeyond(Limit::KnownIndexLength, llvm::formatv("{0}", indices));
    return std::nullopt;
  }
  if (data && (length < 1 || length > data.getRank() - batch)) {
    (void)node.refuse("expects indices of 1 to " + Twine(data.getRank() - batch) + " numbers, found " + Twine(length));
    return std::nullopt;
  }
  return length;
}

LogicalResult lowerGatherND(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  RankedTensorType type = node.operandType(0), indexType = node.operandType(1);
  int64_t batch = node.opset() >= 12 ? node.intAttr("batch_dims").value_or(0) : 0;
  if (batch < 0 || (type && batch >= type.getRank()) ||
      (indexType && batch >= std::max<int64_t>(indexType.getRank(), 1))) {
    (void)node.refuse("expects fewer batch dimensions than those of the operands, found " + Twine(batch));
    batch = 0;
  } else if (type && indexType) {
    for (int64_t dim = 0; dim < batch; ++dim)
      requireEqual(node, type.getDimSize(dim), indexType.getDimSize(dim), "batch sizes of the operands");
  }
  std::optional<int64_t> length = indexLength(node, batch);
  if (failed(node.accepted()))
    return failure();
  Value data = node.operand(0), indices = node.operand(1);
  SmallVector<OpFoldResult> from = sizesOf(builder, loc, data), sizes = sizesOf(builder, loc, indices);
  for (int64_t dim = 0; dim < batch; ++dim)
    requireEqualAtRunTime(node, from[dim], sizes[dim], "batch sizes of the operands");
  sizes.pop_back();
  int64_t outer = sizes.size();
  sizes.append(from.begin() + batch + *length, from.end());
  SmallVector<Value> bounds;
  for (int64_t i = 0; i < *length; ++i)
    bounds.push_back(asIndex(builder, loc, from[batch + i]));
  node.setResult(0, generate(builder, loc, sizes, node.elementType(0),
                             [&](OpBuilder &inner, Location loc, ValueRange index) -> Value {
                               SmallVector<Value> at(index.take_front(batch));
                               for (int64_t i = 0; i < *length; ++i) {
                                 SmallVector<Value> place(index.take_front(outer));
                                 place.push_back(indexOf(inner, loc, i));
                                 Value raw = tensor::ExtractOp::create(inner, loc, indices, place);
                                 at.push_back(checkedIndex(node, inner, loc, raw, bounds[i]));
                               }
                               llvm::append_range(at, index.drop_front(outer));
                               return tensor::ExtractOp::create(inner, loc, data, at);
                             }));
  return success();
}

/// What a scattered element makes of the one that is there.
static Value scattered(OpBuilder &builder, Location loc, StringRef reduction, Type element, Value old, Value update) {
  bool real = llvm::isa<FloatType>(element);
  if (reduction == "add")
    return real ? Value(arith::AddFOp::create(builder, loc, old, update))
                : Value(arith::AddIOp::create(builder, loc, old, update));
  if (reduction == "mul")
    return real ? Value(arith::MulFOp::create(builder, loc, old, update))
                : Value(arith::MulIOp::create(builder, loc, old, update));
  if (reduction == "max")
    return greaterOf(builder, loc, element, old, update);
  if (reduction == "min")
    return lesserOf(builder, loc, element, old, update);
  return update;
}

static StringRef reductionOf(NodeLowering &node) {
  return node.stringAttr("reduction").value_or("none");
}

static void requireReducible(NodeLowering &node) {
  requireSameType(node, {0, 2});
  if (Type element = node.elementType(0); element && element.isInteger(1) && reductionOf(node) != "none")
    (void)node.refuse("expects numbers, found " + llvm::formatv("{0}", node.operandType(0)));
}

LogicalResult lowerScatterElements(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  std::optional<int64_t> axis = node.axisAttr(0);
  requireReducible(node);
  requireIntegers(node, 1);
  if (axis && node.operandType(1))
    requireWithin(node, 1, *axis);
  RankedTensorType indexType = node.operandType(1), updateType = node.operandType(2);
  if (indexType && updateType && failed(verifyCompatibleShape(indexType.getShape(), updateType.getShape())))
    (void)node.refuse("expects indices and updates of one shape, found " + node.typesOf({1, 2}));
  if (failed(node.accepted()))
    return failure();
  requireWithinAtRunTime(node, 1, *axis);
  Value data = node.operand(0), indices = node.operand(1), updates = node.operand(2);
  SmallVector<OpFoldResult> sizes = sizesOf(builder, loc, indices), own = sizesOf(builder, loc, updates);
  for (auto [a, b] : llvm::zip(sizes, own))
    requireEqualAtRunTime(node, a, b, "sizes of indices and updates");
  Type element = node.elementType(0);
  StringRef reduction = reductionOf(node);
  Value size = asIndex(builder, loc, sizeOf(builder, loc, data, *axis));
  node.setResult(
      0, forEach(builder, loc, sizes, data, [&](OpBuilder &inner, Location loc, ValueRange index, Value into) -> Value {
        SmallVector<Value> at(index);
        Value raw = tensor::ExtractOp::create(inner, loc, indices, index);
        if (*axis < static_cast<int64_t>(at.size()))
          at[*axis] = checkedIndex(node, inner, loc, raw, size);
        Value update = signless(inner, loc, tensor::ExtractOp::create(inner, loc, updates, index));
        Value old = signless(inner, loc, tensor::ExtractOp::create(inner, loc, into, at));
        Value value = scattered(inner, loc, reduction, element, old, update);
        return tensor::InsertOp::create(inner, loc, asElement(inner, loc, value, element), into, at);
      }));
  return success();
}
LogicalResult lowerScatter(NodeLowering &node) {
  return lowerScatterElements(node);
}

LogicalResult lowerScatterND(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  requireReducible(node);
  std::optional<int64_t> length = indexLength(node, 0);
  RankedTensorType type = node.operandType(0), indexType = node.operandType(1), updateType = node.operandType(2);
  if (length && type && updateType) {
    SmallVector<int64_t> wanted(indexType.getShape().drop_back());
    llvm::append_range(wanted, type.getShape().drop_front(*length));
    if (failed(verifyCompatibleShape(wanted, updateType.getShape())))
      (void)node.refuse("expects updates of the shape that the indices choose, found " +
                        llvm::formatv("{0}", updateType));
  }
  if (failed(node.accepted()))
    return failure();
  Value data = node.operand(0), indices = node.operand(1), updates = node.operand(2);
  SmallVector<OpFoldResult> from = sizesOf(builder, loc, data), wanted = sizesOf(builder, loc, indices),
                            sizes = sizesOf(builder, loc, updates);
  wanted.pop_back();
  int64_t outer = wanted.size();
  wanted.append(from.begin() + *length, from.end());
  for (auto [a, b] : llvm::zip(wanted, sizes))
    requireEqualAtRunTime(node, a, b, "sizes of the updates and of what the indices choose");
  SmallVector<Value> bounds;
  for (int64_t i = 0; i < *length; ++i)
    bounds.push_back(asIndex(builder, loc, from[i]));
  Type element = node.elementType(0);
  StringRef reduction = reductionOf(node);
  node.setResult(
      0, forEach(builder, loc, sizes, data, [&](OpBuilder &inner, Location loc, ValueRange index, Value into) -> Value {
        SmallVector<Value> at;
        for (int64_t i = 0; i < *length; ++i) {
          SmallVector<Value> place(index.take_front(outer));
          place.push_back(indexOf(inner, loc, i));
          Value raw = tensor::ExtractOp::create(inner, loc, indices, place);
          at.push_back(checkedIndex(node, inner, loc, raw, bounds[i]));
        }
        llvm::append_range(at, index.drop_front(outer));
        Value update = signless(inner, loc, tensor::ExtractOp::create(inner, loc, updates, index));
        Value old = signless(inner, loc, tensor::ExtractOp::create(inner, loc, into, at));
        Value value = scattered(inner, loc, reduction, element, old, update);
        return tensor::InsertOp::create(inner, loc, asElement(inner, loc, value, element), into, at);
      }));
  return success();
}

//===----------------------------------------------------------------------===//
// Other orders
//===----------------------------------------------------------------------===//

LogicalResult lowerReverseSequence(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  RankedTensorType type = node.operandType(0), lengths = node.operandType(1);
  std::optional<int64_t> batch = node.intAttr("batch_axis"), time = node.intAttr("time_axis");
  requireIntegers(node, 1);
  if (batch && time && *batch == *time)
    (void)node.refuse("expects different axes of batch and time, found " + Twine(*batch) + " for both");
  if (type && type.getRank() < 2)
    (void)node.refuse("expects at least two dimensions, found " + llvm::formatv("{0}", type));
  else if (lengths &&
           (lengths.getRank() != 1 ||
            (type && batch && failed(verifyCompatibleDims({lengths.getDimSize(0), type.getDimSize(*batch)})))))
    (void)node.refuse("expects a length for each sequence, found " + llvm::formatv("{0}", lengths));
  if (failed(node.accepted()))
    return failure();
  Value x = node.operand(0), list = node.operand(1);
  SmallVector<OpFoldResult> sizes = sizesOf(builder, loc, x);
  requireEqualAtRunTime(node, sizeOf(builder, loc, list, 0), sizes[*batch], "lengths and sequences");
  Value steps = asIndex(builder, loc, sizes[*time]);
  node.setResult(0, generate(builder, loc, sizes, node.elementType(0),
                             [&](OpBuilder &inner, Location loc, ValueRange index) -> Value {
                               Value raw = tensor::ExtractOp::create(inner, loc, list, index[*batch]);
                               Value length = arith::IndexCastOp::create(inner, loc, inner.getIndexType(), raw);
                               auto compare = [&](arith::CmpIPredicate predicate, Value a, Value b) -> Value {
                                 return arith::CmpIOp::create(inner, loc, predicate, a, b);
                               };
                               Value natural = compare(arith::CmpIPredicate::sge, length, indexOf(inner, loc, 0));
                               Value fits = compare(arith::CmpIPredicate::sle, length, steps);
                               cf::AssertOp::create(inner, loc, arith::AndIOp::create(inner, loc, natural, fits),
                                                    "ReverseSequence expects lengths of at most the steps there are");
                               Value last = arith::SubIOp::create(inner, loc, length, indexOf(inner, loc, 1));
                               Value mirrored = arith::SubIOp::create(inner, loc, last, index[*time]);
                               Value inside = compare(arith::CmpIPredicate::slt, index[*time], length);
                               SmallVector<Value> at(index);
                               at[*time] = arith::SelectOp::create(inner, loc, inside, mirrored, index[*time]);
                               return tensor::ExtractOp::create(inner, loc, x, at);
                             }));
  return success();
}

/// Checks the input [N, C, H, W] of DepthToSpace or its inverse, whose `divided` dimensions consist of blocks; the size
/// of a block where it is known.
static std::optional<int64_t> checkBlocks(NodeLowering &node, ArrayRef<std::pair<int64_t, bool>> divided) {
  RankedTensorType type = node.operandType(0);
  std::optional<int64_t> block = node.intAttr("blocksize");
  if (block && (*block < 1 || *block > (1 << 15))) {
    (void)node.refuse("expects a blocksize from 1 to 32768, found " + Twine(*block));
    return std::nullopt;
  }
  if (type && type.getRank() != 4) {
    (void)node.refuse("expects an input [N, C, H, W], found " + llvm::formatv("{0}", type));
    return std::nullopt;
  }
  if (type && block)
    for (auto [dim, squared] : divided)
      if (!type.isDynamicDim(dim) && type.getDimSize(dim) % (*block * (squared ? *block : 1)))
        (void)node.refuse("expects whole blocks in dimension " + Twine(dim) + ", found " + llvm::formatv("{0}", type));
  return block;
}

/// `size` in `parts` equal parts, with a check at run time where it is not known.
static OpFoldResult dividedBy(NodeLowering &node, OpFoldResult size, int64_t parts) {
  OpBuilder &builder = node.builder();
  OpFoldResult each = floorDivSize(builder, node.loc(), size, parts);
  requireEqualAtRunTime(node, mulSizes(builder, node.loc(), each, builder.getIndexAttr(parts)), size,
                        "the size and that of whole blocks");
  return each;
}

LogicalResult lowerDepthToSpace(NodeLowering &node) {
  std::optional<int64_t> block = checkBlocks(node, {{1, true}});
  if (failed(node.accepted()))
    return failure();
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  bool rowsFirst = node.opset() < 11 || node.stringAttr("mode") == "DCR";
  SmallVector<OpFoldResult> in = sizesOf(builder, loc, node.operand(0));
  OpFoldResult b = builder.getIndexAttr(*block), depth = dividedBy(node, in[1], *block * *block);
  SmallVector<OpFoldResult> parts = rowsFirst ? SmallVector<OpFoldResult>{in[0], b, b, depth, in[2], in[3]}
                                              : SmallVector<OpFoldResult>{in[0], depth, b, b, in[2], in[3]};
  Value split = reshapeTo(builder, loc, node.operand(0), parts);
  Value moved =
      transposed(node, split, rowsFirst ? ArrayRef<int64_t>{0, 3, 4, 1, 5, 2} : ArrayRef<int64_t>{0, 1, 4, 2, 5, 3});
  node.setResult(0, reshapeTo(builder, loc, moved,
                              {in[0], depth, mulSizes(builder, loc, in[2], b), mulSizes(builder, loc, in[3], b)}));
  return success();
}

LogicalResult lowerSpaceToDepth(NodeLowering &node) {
  std::optional<int64_t> block = checkBlocks(node, {{2, false}, {3, false}});
  if (failed(node.accepted()))
    return failure();
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  SmallVector<OpFoldResult> in = sizesOf(builder, loc, node.operand(0));
  OpFoldResult b = builder.getIndexAttr(*block), rows = dividedBy(node, in[2], *block),
               columns = dividedBy(node, in[3], *block);
  Value split = reshapeTo(builder, loc, node.operand(0), {in[0], in[1], rows, b, columns, b});
  bool depthFirst = node.opset() >= 28 && node.stringAttr("mode") == "CRD";
  Value moved =
      transposed(node, split, depthFirst ? ArrayRef<int64_t>{0, 1, 3, 5, 2, 4} : ArrayRef<int64_t>{0, 3, 5, 1, 2, 4});
  OpFoldResult depth = mulSizes(builder, loc, in[1], builder.getIndexAttr(*block * *block));
  node.setResult(0, reshapeTo(builder, loc, moved, {in[0], depth, rows, columns}));
  return success();
}

} // namespace rnn::onnx
