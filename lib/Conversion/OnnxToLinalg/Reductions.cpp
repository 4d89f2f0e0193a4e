//===- Reductions.cpp - Operators over whole dimensions ---------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "OnnxLowering.h"

#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"

#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace rnn::onnx {

//===----------------------------------------------------------------------===//
// What all of them share
//===----------------------------------------------------------------------===//

/// Returns `value`, a float, as one of `type`.
static Value convert(OpBuilder &builder, Location loc, Value value, Type type) {
  return convertNumber(builder, loc, value, value.getType(), type);
}

/// The map from the dimensions of a value to those of its reduction.
static AffineMap reductionMap(MLIRContext *context, ArrayRef<bool> reduced) {
  SmallVector<AffineExpr> exprs;
  for (auto [dim, gone] : llvm::enumerate(reduced))
    exprs.push_back(gone ? getAffineConstantExpr(0, context) : getAffineDimExpr(dim, context));
  return AffineMap::get(reduced.size(), 0, exprs, context);
}

static SmallVector<utils::IteratorType> reductionIterators(ArrayRef<bool> reduced) {
  return llvm::map_to_vector(
      reduced, [](bool gone) { return gone ? utils::IteratorType::reduction : utils::IteratorType::parallel; });
}

/// The sizes of `value` with 1 for each marked dimension.
static SmallVector<OpFoldResult> reducedSizes(OpBuilder &builder, Location loc, Value value, ArrayRef<bool> reduced) {
  SmallVector<OpFoldResult> sizes = sizesOf(builder, loc, value);
  for (auto [size, gone] : llvm::zip(sizes, reduced))
    if (gone)
      size = builder.getIndexAttr(1);
  return sizes;
}

/// An array of `sizes` whose elements are all `value`.
static Value splat(OpBuilder &builder, Location loc, ArrayRef<OpFoldResult> sizes, TypedAttr value) {
  Value empty = tensor::EmptyOp::create(builder, loc, sizes, value.getType());
  Value scalar = arith::ConstantOp::create(builder, loc, value);
  return linalg::FillOp::create(builder, loc, scalar, empty).getResult(0);
}

Value reduce(OpBuilder &builder, Location loc, Value value, ArrayRef<bool> reduced, const Reducer &reducer) {
  SmallVector<OpFoldResult> sizes = reducedSizes(builder, loc, value, reduced);
  Type sum = reducer.initial.getType();
  Value start = splat(builder, loc, sizes, reducer.initial);
  SmallVector<AffineMap> maps = {builder.getMultiDimIdentityMap(reduced.size()),
                                 reductionMap(builder.getContext(), reduced)};
  auto generic =
      linalg::GenericOp::create(builder, loc, typeOf(sizes, sum), ValueRange{value}, ValueRange{start}, maps,
                                reductionIterators(reduced), [&](OpBuilder &builder, Location loc, ValueRange in) {
                                  Value element = signless(builder, loc, in[0]);
                                  if (llvm::isa<FloatType>(element.getType()) && llvm::isa<FloatType>(sum))
                                    element = convert(builder, loc, element, sum);
                                  linalg::YieldOp::create(builder, loc, reducer.step(builder, loc, in[1], element));
                                });
  return generic.getResult(0);
}

static Value add(OpBuilder &builder, Location loc, Value a, Value b) {
  if (llvm::isa<FloatType>(a.getType()))
    return arith::AddFOp::create(builder, loc, a, b);
  return arith::AddIOp::create(builder, loc, a, b);
}

static Value multiplied(OpBuilder &builder, Location loc, Value a, Value b) {
  if (llvm::isa<FloatType>(a.getType()))
    return arith::MulFOp::create(builder, loc, a, b);
  return arith::MulIOp::create(builder, loc, a, b);
}

/// The type that elements of a type are added up in.
static Type wideOf(Builder &builder, Type element) {
  if (llvm::isa<FloatType>(element))
    return builder.getF64Type();
  return builder.getIntegerType(element.getIntOrFloatBitWidth());
}

static TypedAttr numberOf(Builder &builder, Type type, int64_t value) {
  if (auto real = dyn_cast<FloatType>(type))
    return builder.getFloatAttr(real, static_cast<double>(value));
  return builder.getIntegerAttr(type, value);
}

Value addUp(OpBuilder &builder, Location loc, Value value, ArrayRef<bool> reduced) {
  Type wide = wideOf(builder, cast<RankedTensorType>(value.getType()).getElementType());
  return reduce(builder, loc, value, reduced, {numberOf(builder, wide, 0), add});
}

Value countOf(OpBuilder &builder, Location loc, Value value, ArrayRef<bool> reduced) {
  OpFoldResult count = builder.getIndexAttr(1);
  for (auto [dim, gone] : llvm::enumerate(reduced))
    if (gone)
      count = mulSizes(builder, loc, count, sizeOf(builder, loc, value, dim));
  Value whole = arith::IndexCastOp::create(builder, loc, builder.getI64Type(), asIndex(builder, loc, count));
  return arith::SIToFPOp::create(builder, loc, builder.getF64Type(), whole);
}

Value meanOf(NodeLowering &node, Value value, ArrayRef<bool> reduced) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  Value sum = addUp(builder, loc, value, reduced), count = countOf(builder, loc, value, reduced);
  return elementwise(node, sum, builder.getF64Type(), [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
    return arith::DivFOp::create(builder, loc, in[0], count);
  });
}

/// `value`, a result of `reduce`, without the reduced dimensions unless the node keeps them.
static void setReduced(NodeLowering &node, unsigned index, Value value, ArrayRef<bool> reduced) {
  SmallVector<OpFoldResult> sizes;
  for (auto [dim, gone] : llvm::enumerate(reduced))
    if (!gone || *node.intAttr("keepdims"))
      sizes.push_back(sizeOf(node.builder(), node.loc(), value, dim));
  node.setResult(index, reshapeTo(node.builder(), node.loc(), value, sizes));
}

//===----------------------------------------------------------------------===//
// Reductions of ONNX
//===----------------------------------------------------------------------===//

/// The dimensions that the node reduces, after all checks; none where it has none and leaves the input as it is.
static FailureOr<std::optional<SmallVector<bool>>> reducedDims(NodeLowering &node) {
  RankedTensorType type = node.operandType(0);
  FailureOr<std::optional<SmallVector<int64_t>>> axes = node.constantList(1, "axes", Limit::KnownAxes);
  bool all = failed(axes) || !*axes || (*axes)->empty();
  SmallVector<bool> reduced(type ? type.getRank() : 0, all);
  if (type && !all)
    for (int64_t axis : **axes) {
      std::optional<int64_t> dim = normaliseAxis(axis, type.getRank());
      if (!dim)
        (void)node.refuse("expects axes from " + Twine(-type.getRank()) + " to " + Twine(type.getRank() - 1) +
                          ", found " + Twine(axis));
      else
        reduced[*dim] = true;
    }
  if (failed(node.accepted()))
    return failure();
  if (all && node.intAttr("noop_with_empty_axes") == 1)
    return std::optional<SmallVector<bool>>();
  return std::optional(reduced);
}

using Step = llvm::function_ref<Value(OpBuilder &, Location, Value sum, Value element)>;
using Map = llvm::function_ref<Value(OpBuilder &, Location, Value)>;

/// Reduces with `step` in the type `wide`, and ends with `finish`. Without dimensions to reduce each element is a sum
/// of its own.
static LogicalResult lowerReduction(NodeLowering &node, TypedAttr initial, Step step, Map finish = nullptr) {
  FailureOr<std::optional<SmallVector<bool>>> dims = reducedDims(node);
  if (failed(dims))
    return failure();
  OpBuilder &builder = node.builder();
  Type element = node.elementType(0);
  SmallVector<bool> reduced = dims->value_or(SmallVector<bool>(node.operandType(0).getRank(), false));
  Value sum = reduce(builder, node.loc(), node.operand(0), reduced, {initial, step});
  if (finish || initial.getType() != element)
    sum = elementwise(node, sum, element, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
      Value value = finish ? finish(builder, loc, in[0]) : in[0];
      return llvm::isa<FloatType>(element) ? convert(builder, loc, value, element) : value;
    });
  if (*dims)
    setReduced(node, 0, sum, reduced);
  else
    node.setResult(0, sum);
  return success();
}

/// The initial value of a sum over operand 0; null where its type is not known.
static TypedAttr initialOf(NodeLowering &node, int64_t value) {
  Type element = node.elementType(0);
  return element ? numberOf(node.builder(), wideOf(node.builder(), element), value) : TypedAttr();
}

static void requireFloatElements(NodeLowering &node) {
  if (Type element = node.elementType(0); element && !llvm::isa<FloatType>(element))
    (void)node.refuseBeyond(Limit::FloatElements, llvm::formatv("{0}", node.operandType(0)));
}

LogicalResult lowerReduceSum(NodeLowering &node) {
  requireNumbers(node, {0});
  return lowerReduction(node, initialOf(node, 0), add);
}
LogicalResult lowerReduceProd(NodeLowering &node) {
  requireNumbers(node, {0});
  return lowerReduction(node, initialOf(node, 1), multiplied);
}
LogicalResult lowerReduceSumSquare(NodeLowering &node) {
  requireNumbers(node, {0});
  return lowerReduction(node, initialOf(node, 0), [](OpBuilder &builder, Location loc, Value sum, Value x) {
    return add(builder, loc, sum, multiplied(builder, loc, x, x));
  });
}
LogicalResult lowerReduceL1(NodeLowering &node) {
  requireNumbers(node, {0});
  return lowerReduction(node, initialOf(node, 0), [&](OpBuilder &builder, Location loc, Value sum, Value x) {
    if (llvm::isa<FloatType>(x.getType()))
      x = math::AbsFOp::create(builder, loc, x);
    else if (!isUnsigned(node.elementType(0)))
      x = math::AbsIOp::create(builder, loc, x);
    return add(builder, loc, sum, x);
  });
}
LogicalResult lowerReduceL2(NodeLowering &node) {
  requireFloatElements(node);
  return lowerReduction(
      node, initialOf(node, 0),
      [](OpBuilder &builder, Location loc, Value sum, Value x) {
        return add(builder, loc, sum, multiplied(builder, loc, x, x));
      },
      [](OpBuilder &builder, Location loc, Value sum) -> Value { return math::SqrtOp::create(builder, loc, sum); });
}
LogicalResult lowerReduceLogSum(NodeLowering &node) {
  requireFloatElements(node);
  return lowerReduction(node, initialOf(node, 0), add, [](OpBuilder &builder, Location loc, Value sum) -> Value {
    return math::LogOp::create(builder, loc, sum);
  });
}

/// The greatest or the least element: booleans, too.
static LogicalResult lowerReduceExtremum(NodeLowering &node, TypedAttr (*initial)(Builder &, Type),
                                         Value (*choose)(OpBuilder &, Location, Type, Value, Value)) {
  Type element = node.elementType(0);
  if (element && element.isInteger(1) && node.opset() < 20)
    (void)node.refuse("expects numbers, found " + llvm::formatv("{0}", node.operandType(0)));
  return lowerReduction(
      node, element ? initial(node.builder(), element) : TypedAttr(),
      [&](OpBuilder &builder, Location loc, Value best, Value x) { return choose(builder, loc, element, best, x); });
}
LogicalResult lowerReduceMax(NodeLowering &node) {
  return lowerReduceExtremum(node, leastOf, greaterOf);
}
LogicalResult lowerReduceMin(NodeLowering &node) {
  return lowerReduceExtremum(node, greatestOf, lesserOf);
}

LogicalResult lowerReduceMean(NodeLowering &node) {
  requireFloatElements(node);
  FailureOr<std::optional<SmallVector<bool>>> dims = reducedDims(node);
  if (failed(dims))
    return failure();
  if (!*dims) {
    node.setResult(0, node.operand(0));
    return success();
  }
  Value sum = addUp(node.builder(), node.loc(), node.operand(0), **dims);
  Value count = countOf(node.builder(), node.loc(), node.operand(0), **dims);
  Type element = node.elementType(0);
  Value mean = elementwise(node, sum, element, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
    return convert(builder, loc, arith::DivFOp::create(builder, loc, in[0], count), element);
  });
  setReduced(node, 0, mean, **dims);
  return success();
}

/// The greatest element over the marked dimensions, for exponents: what is not finite is 0.
static Value greatestFinite(NodeLowering &node, Value value, ArrayRef<bool> reduced) {
  OpBuilder &builder = node.builder();
  Type element = node.elementType(0);
  Value greatest = reduce(builder, node.loc(), value, reduced,
                          {leastOf(builder, element), [&](OpBuilder &builder, Location loc, Value best, Value x) {
                             return greaterOf(builder, loc, element, best, x);
                           }});
  return elementwise(node, greatest, element, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
    Value infinity = arith::ConstantOp::create(builder, loc, greatestOf(builder, element));
    Value size = math::AbsFOp::create(builder, loc, in[0]);
    Value finite = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OLT, size, infinity);
    return arith::SelectOp::create(builder, loc, finite, in[0], constantLike(builder, loc, element, 0));
  });
}

LogicalResult lowerReduceLogSumExp(NodeLowering &node) {
  requireFloatElements(node);
  FailureOr<std::optional<SmallVector<bool>>> dims = reducedDims(node);
  if (failed(dims))
    return failure();
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  Type element = node.elementType(0), wide = builder.getF64Type();
  Value x = node.operand(0);
  if (!*dims) {
    node.setResult(0, x);
    return success();
  }
  Value greatest = greatestFinite(node, x, **dims);
  Value powers = elementwise(node, {x, greatest}, wide, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
    Value distance = arith::SubFOp::create(builder, loc, in[0], in[1]);
    return convert(builder, loc, math::ExpOp::create(builder, loc, distance), wide);
  });
  Value sum = addUp(builder, loc, powers, **dims);
  Value result =
      elementwise(node, {sum, greatest}, element, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
        Value log = math::LogOp::create(builder, loc, in[0]);
        return convert(builder, loc, arith::AddFOp::create(builder, loc, log, convert(builder, loc, in[1], wide)),
                       element);
      });
  setReduced(node, 0, result, **dims);
  return success();
}

//===----------------------------------------------------------------------===//
// Places of extremes
//===----------------------------------------------------------------------===//

/// The positions of the greatest (least) elements along `axis`, the first or the last of equal ones; that dimension is
/// of size 1.
static Value argument(NodeLowering &node, Value value, int64_t axis, bool greatest, bool last) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  Type element = cast<RankedTensorType>(value.getType()).getElementType(), i64 = builder.getI64Type();
  Type plain = wideOf(builder, element);
  if (llvm::isa<FloatType>(element))
    plain = element;
  SmallVector<bool> reduced(cast<RankedTensorType>(value.getType()).getRank(), false);
  reduced[axis] = true;
  SmallVector<OpFoldResult> sizes = reducedSizes(builder, loc, value, reduced);
  Value best = splat(builder, loc, sizes, numberOf(builder, plain, 0)),
        place = splat(builder, loc, sizes, builder.getI64IntegerAttr(-1));
  AffineMap map = reductionMap(builder.getContext(), reduced);
  SmallVector<AffineMap> maps = {builder.getMultiDimIdentityMap(reduced.size()), map, map};
  auto generic = linalg::GenericOp::create(
      builder, loc, TypeRange{best.getType(), place.getType()}, ValueRange{value}, ValueRange{best, place}, maps,
      reductionIterators(reduced), [&](OpBuilder &builder, Location loc, ValueRange in) {
        Value x = signless(builder, loc, in[0]);
        Value first =
            arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::slt, in[2], constantLike(builder, loc, i64, 0));
        Value a = greatest ? in[1] : x, b = greatest ? x : in[1];
        Value better = isLess(builder, loc, element, a, b);
        if (last) {
          Value worse = isLess(builder, loc, element, b, a);
          Value yes = arith::ConstantOp::create(builder, loc, builder.getBoolAttr(true));
          better = arith::XOrIOp::create(builder, loc, worse, yes);
        }
        better = arith::OrIOp::create(builder, loc, first, better);
        Value at = arith::IndexCastOp::create(builder, loc, i64, linalg::IndexOp::create(builder, loc, axis));
        linalg::YieldOp::create(builder, loc,
                                ValueRange{arith::SelectOp::create(builder, loc, better, x, in[1]),
                                           arith::SelectOp::create(builder, loc, better, at, in[2])});
      });
  return generic.getResult(1);
}

static LogicalResult lowerArgument(NodeLowering &node, bool greatest) {
  requireNumbers(node, {0});
  std::optional<int64_t> axis = node.axisAttr(0);
  if (axis && node.operandType(0).getDimSize(*axis) == 0)
    (void)node.refuse("expects elements along the axis, found " + llvm::formatv("{0}", node.operandType(0)));
  if (failed(node.accepted()))
    return failure();
  OpBuilder &builder = node.builder();
  if (node.operandType(0).isDynamicDim(*axis)) {
    Value size = asIndex(builder, node.loc(), sizeOf(builder, node.loc(), node.operand(0), *axis));
    node.require(arith::CmpIOp::create(builder, node.loc(), arith::CmpIPredicate::sgt, size,
                                       arith::ConstantIndexOp::create(builder, node.loc(), 0)),
                 "expects elements along the axis");
  }
  bool last = node.opset() >= 12 && *node.intAttr("select_last_index");
  SmallVector<bool> reduced(node.operandType(0).getRank(), false);
  reduced[*axis] = true;
  setReduced(node, 0, argument(node, node.operand(0), *axis, greatest, last), reduced);
  return success();
}
LogicalResult lowerArgMax(NodeLowering &node) {
  return lowerArgument(node, /*greatest=*/true);
}
LogicalResult lowerArgMin(NodeLowering &node) {
  return lowerArgument(node, /*greatest=*/false);
}

LogicalResult lowerTopK(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  requireNumbers(node, {0});
  std::optional<int64_t> axis = node.axisAttr(0);
  requireOne(node, 1, "K");
  requireIntegers(node, 1);
  FailureOr<std::optional<ElementList>> list = std::optional<ElementList>();
  if (node.opset() < 10) {
    if (std::optional<int64_t> k = node.intAttr("k"))
      list = std::optional(ElementList{builder.getIndexAttr(*k)});
  } else if (node.elementType(1) && succeeded(node.accepted())) {
    list = node.elementsAtRunTime(reshapeTo(builder, loc, node.operand(1), {}));
  }
  std::optional<int64_t> known =
      succeeded(list) && *list && list->value().size() == 1 ? getConstantIntValue((**list)[0]) : std::nullopt;
  if (known && axis) {
    int64_t size = node.operandType(0).getDimSize(*axis);
    if (*known < 0 || (!ShapedType::isDynamic(size) && *known > size))
      (void)node.refuse("expects K of at most the elements along the axis, found " + Twine(*known));
  }
  if (failed(node.accepted()))
    return failure();
  Value x = node.operand(0);
  OpFoldResult k = (**list)[0], whole = sizeOf(builder, loc, x, *axis);
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0), one = arith::ConstantIndexOp::create(builder, loc, 1);
  Value count = asIndex(builder, loc, k);
  if (!known || ShapedType::isDynamic(staticOf(whole))) {
    Value enough = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sle, count, asIndex(builder, loc, whole));
    Value natural = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sge, count, zero);
    node.require(arith::AndIOp::create(builder, loc, enough, natural),
                 "expects K of at most the elements along the axis");
  }
  bool largest = node.opset() < 11 || *node.intAttr("largest");
  Type element = node.elementType(0), i64 = builder.getI64Type();
  Type plain = llvm::isa<FloatType>(element) ? element : wideOf(builder, element);
  int64_t rank = node.operandType(0).getRank();
  SmallVector<bool> reduced(rank, false);
  reduced[*axis] = true;
  SmallVector<OpFoldResult> one_sizes = reducedSizes(builder, loc, x, reduced), sizes = sizesOf(builder, loc, x);
  sizes[*axis] = k;
  // Each turn finds the best of those behind the one found last, in the order of values and then of positions.
  Value values = tensor::EmptyOp::create(builder, loc, sizes, plain),
        places = tensor::EmptyOp::create(builder, loc, sizes, i64);
  Value lastValue = splat(builder, loc, one_sizes, numberOf(builder, plain, 0)),
        lastPlace = splat(builder, loc, one_sizes, builder.getI64IntegerAttr(-1));
  AffineMap map = reductionMap(builder.getContext(), reduced);
  SmallVector<AffineMap> maps = {builder.getMultiDimIdentityMap(rank), map, map, map, map};
  auto loop = scf::ForOp::create(
      builder, loc, zero, count, one, ValueRange{values, places, lastValue, lastPlace},
      [&](OpBuilder &builder, Location loc, Value turn, ValueRange state) {
        Value best = splat(builder, loc, one_sizes, numberOf(builder, plain, 0)),
              place = splat(builder, loc, one_sizes, builder.getI64IntegerAttr(-1));
        auto found = linalg::GenericOp::create(
            builder, loc, TypeRange{best.getType(), place.getType()}, ValueRange{x, state[2], state[3]},
            ValueRange{best, place}, maps, reductionIterators(reduced),
            [&](OpBuilder &builder, Location loc, ValueRange in) {
              Value y = signless(builder, loc, in[0]), none = constantLike(builder, loc, i64, 0);
              auto before = [&](Value a, Value b) {
                return isLess(builder, loc, element, largest ? b : a, largest ? a : b);
              };
              auto both = [&](Value a, Value b) -> Value { return arith::AndIOp::create(builder, loc, a, b); };
              auto either = [&](Value a, Value b) -> Value { return arith::OrIOp::create(builder, loc, a, b); };
              auto negated = [&](Value a) -> Value {
                Value yes = arith::ConstantOp::create(builder, loc, builder.getBoolAttr(true));
                return arith::XOrIOp::create(builder, loc, a, yes);
              };
              auto compare = [&](arith::CmpIPredicate predicate, Value a, Value b) -> Value {
                return arith::CmpIOp::create(builder, loc, predicate, a, b);
              };
              Value at = arith::IndexCastOp::create(builder, loc, i64, linalg::IndexOp::create(builder, loc, *axis));
              Value behind = both(negated(before(y, in[1])), compare(arith::CmpIPredicate::sgt, at, in[2]));
              Value open = either(compare(arith::CmpIPredicate::slt, in[2], none), either(before(in[1], y), behind));
              Value better = either(compare(arith::CmpIPredicate::slt, in[4], none), before(y, in[3]));
              Value takes = both(open, better);
              linalg::YieldOp::create(builder, loc,
                                      ValueRange{arith::SelectOp::create(builder, loc, takes, y, in[3]),
                                                 arith::SelectOp::create(builder, loc, takes, at, in[4])});
            });
        SmallVector<OpFoldResult> offsets(rank, builder.getIndexAttr(0)), strides(rank, builder.getIndexAttr(1));
        offsets[*axis] = turn;
        auto insert = [&](Value part, Value into) -> Value {
          return tensor::InsertSliceOp::create(builder, loc, part, into, offsets, one_sizes, strides);
        };
        scf::YieldOp::create(builder, loc,
                             ValueRange{insert(found.getResult(0), state[0]), insert(found.getResult(1), state[1]),
                                        found.getResult(0), found.getResult(1)});
      });
  Value best = loop.getResult(0);
  if (plain != element)
    best = elementwise(node, best, element, [](OpBuilder &, Location, ValueRange in) { return in[0]; });
  node.setResult(0, best);
  node.setResult(1, loop.getResult(1));
  return success();
}

//===----------------------------------------------------------------------===//
// Running sums
//===----------------------------------------------------------------------===//

static LogicalResult lowerCumulative(NodeLowering &node, int64_t initial,
                                     Value (*step)(OpBuilder &, Location, Value, Value)) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  requireNumbers(node, {0});
  RankedTensorType type = node.operandType(0);
  requireOne(node, 1, "axis");
  std::optional<int64_t> axis;
  if (node.elementType(1) && succeeded(node.accepted())) {
    std::optional<SmallVector<int64_t>> known = node.constantInts(reshapeTo(builder, loc, node.operand(1), {}));
    if (!known)
      (void)node.refuseBeyond(Limit::KnownAxis, "what the model computes");
    else if (axis = normaliseAxis((*known)[0], type.getRank()); !axis)
      (void)node.refuse("expects an axis from " + Twine(-type.getRank()) + " to " + Twine(type.getRank() - 1) +
                        ", found " + Twine((*known)[0]));
  }
  if (failed(node.accepted()))
    return failure();
  bool exclusive = *node.intAttr("exclusive"), reverse = *node.intAttr("reverse");
  Type element = type.getElementType(), plain = llvm::isa<FloatType>(element) ? element : wideOf(builder, element);
  SmallVector<bool> reduced(type.getRank(), false);
  reduced[*axis] = true;
  Value x = node.operand(0);
  if (plain != element)
    x = elementwise(node, x, plain, [](OpBuilder &, Location, ValueRange in) { return in[0]; });
  SmallVector<OpFoldResult> sizes = sizesOf(builder, loc, x), row = reducedSizes(builder, loc, x, reduced);
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0), one = arith::ConstantIndexOp::create(builder, loc, 1);
  Value count = asIndex(builder, loc, sizes[*axis]);
  Value empty = tensor::EmptyOp::create(builder, loc, sizes, plain);
  Value start = splat(builder, loc, row, numberOf(builder, plain, initial));
  auto loop = scf::ForOp::create(
      builder, loc, zero, count, one, ValueRange{empty, start},
      [&](OpBuilder &builder, Location loc, Value turn, ValueRange state) {
        Value at = turn;
        if (reverse)
          at = arith::SubIOp::create(builder, loc, arith::SubIOp::create(builder, loc, count, one), turn);
        SmallVector<OpFoldResult> offsets(type.getRank(), builder.getIndexAttr(0)),
            strides(type.getRank(), builder.getIndexAttr(1));
        offsets[*axis] = at;
        Value part = tensor::ExtractSliceOp::create(builder, loc, x, offsets, row, strides);
        Value target = tensor::EmptyOp::create(builder, loc, row, plain);
        SmallVector<AffineMap> maps(3, builder.getMultiDimIdentityMap(type.getRank()));
        SmallVector<utils::IteratorType> iterators(type.getRank(), utils::IteratorType::parallel);
        auto sum =
            linalg::GenericOp::create(builder, loc, target.getType(), ValueRange{state[1], part}, ValueRange{target},
                                      maps, iterators, [&](OpBuilder &builder, Location loc, ValueRange in) {
                                        linalg::YieldOp::create(builder, loc, step(builder, loc, in[0], in[1]));
                                      });
        Value given = exclusive ? state[1] : sum.getResult(0);
        Value joined = tensor::InsertSliceOp::create(builder, loc, given, state[0], offsets, row, strides);
        scf::YieldOp::create(builder, loc, ValueRange{joined, sum.getResult(0)});
      });
  Value result = loop.getResult(0);
  if (plain != element)
    result = elementwise(node, result, element, [](OpBuilder &, Location, ValueRange in) { return in[0]; });
  node.setResult(0, result);
  return success();
}
LogicalResult lowerCumSum(NodeLowering &node) {
  return lowerCumulative(node, 0, add);
}
LogicalResult lowerCumProd(NodeLowering &node) {
  return lowerCumulative(node, 1, multiplied);
}

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

/// The dimensions that Softmax and its like go over, after all checks: before opset 13 all from the axis on are one.
static FailureOr<SmallVector<bool>> softmaxDims(NodeLowering &node) {
  RankedTensorType type = node.operandType(0);
  if (Type element = node.elementType(0); element && !llvm::isa<FloatType>(element))
    (void)node.refuse("expects floats, found " + llvm::formatv("{0}", type));
  std::optional<int64_t> axis = node.axisAttr(0);
  if (failed(node.accepted()))
    return failure();
  SmallVector<bool> reduced(type.getRank(), false);
  for (int64_t dim = *axis; dim < (node.opset() < 13 ? type.getRank() : *axis + 1); ++dim)
    reduced[dim] = true;
  return reduced;
}

/// The greatest element over the marked dimensions.
static Value greatestOver(NodeLowering &node, ArrayRef<bool> reduced) {
  return reduce(
      node.builder(), node.loc(), node.operand(0), reduced,
      {leastOf(node.builder(), node.elementType(0)), [](OpBuilder &builder, Location loc, Value a, Value b) -> Value {
         return arith::MaximumFOp::create(builder, loc, b, a);
       }});
}

LogicalResult lowerSoftmax(NodeLowering &node) {
  FailureOr<SmallVector<bool>> reduced = softmaxDims(node);
  if (failed(reduced))
    return failure();
  Type element = node.elementType(0);
  Value powers = elementwise(node, {node.operand(0), greatestOver(node, *reduced)}, element,
                             [](OpBuilder &builder, Location loc, ValueRange in) -> Value {
                               Value distance = arith::SubFOp::create(builder, loc, in[0], in[1]);
                               return math::ExpOp::create(builder, loc, distance);
                             });
  Value sum = addUp(node.builder(), node.loc(), powers, *reduced);
  node.setResult(
      0, elementwise(node, {powers, sum}, element, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
        return arith::DivFOp::create(builder, loc, in[0], convert(builder, loc, in[1], element));
      }));
  return success();
}

LogicalResult lowerLogSoftmax(NodeLowering &node) {
  FailureOr<SmallVector<bool>> reduced = softmaxDims(node);
  if (failed(reduced))
    return failure();
  Type element = node.elementType(0);
  Value below = elementwise(node, {node.operand(0), greatestOver(node, *reduced)}, element,
                            [](OpBuilder &builder, Location loc, ValueRange in) -> Value {
                              return arith::SubFOp::create(builder, loc, in[0], in[1]);
                            });
  Value powers = elementwise(node, below, element, [](OpBuilder &builder, Location loc, ValueRange in) -> Value {
    return math::ExpOp::create(builder, loc, in[0]);
  });
  Value sum = addUp(node.builder(), node.loc(), powers, *reduced);
  node.setResult(
      0, elementwise(node, {below, sum}, element, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
        Value log = convert(builder, loc, math::LogOp::create(builder, loc, in[1]), element);
        return arith::SubFOp::create(builder, loc, in[0], log);
      }));
  return success();
}

/// 1 for the first of the greatest elements, 0 for the others.
LogicalResult lowerHardmax(NodeLowering &node) {
  FailureOr<SmallVector<bool>> reduced = softmaxDims(node);
  if (failed(reduced))
    return failure();
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  Type element = node.elementType(0);
  Value x = node.operand(0);
  SmallVector<OpFoldResult> sizes = sizesOf(builder, loc, x), flat = sizes;
  int64_t axis = llvm::find(*reduced, true) - reduced->begin();
  if (llvm::count(*reduced, true) > 1) {
    flat.resize(axis);
    OpFoldResult rest = builder.getIndexAttr(1);
    for (OpFoldResult size : ArrayRef(sizes).drop_front(axis))
      rest = mulSizes(builder, loc, rest, size);
    flat.push_back(rest);
    x = reshapeTo(builder, loc, x, flat);
  }
  Value best = argument(node, x, axis, /*greatest=*/true, /*last=*/false);
  Value y = elementwise(node, {x, best}, element, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
    Value at =
        arith::IndexCastOp::create(builder, loc, builder.getI64Type(), linalg::IndexOp::create(builder, loc, axis));
    Value is = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, at, in[1]);
    return arith::SelectOp::create(builder, loc, is, constantLike(builder, loc, element, 1),
                                   constantLike(builder, loc, element, 0));
  });
  node.setResult(0, reshapeTo(builder, loc, y, sizes));
  return success();
}

} // namespace rnn::onnx
