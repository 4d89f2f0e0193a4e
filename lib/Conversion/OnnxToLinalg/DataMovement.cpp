//===- DataMovement.cpp - Operators that move elements ----------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "OnnxLowering.h"

#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"

#include "mlir/IR/Matchers.h"
#include "llvm/Support/FormatVariadic.h"

#include <cstring>

using namespace mlir;

namespace rnn::onnx {

/// The number of the element at `index` in a tensor of this shape.
static int64_t linearIndex(ArrayRef<int64_t> shape, ArrayRef<int64_t> index) {
  int64_t linear = 0;
  for (auto [size, at] : llvm::zip(shape, index))
    linear = linear * size + at;
  return linear;
}

LogicalResult lowerTranspose(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  RankedTensorType type = node.operandType(0);
  int64_t rank = type.getRank();
  SmallVector<int64_t> perm = node.intsAttr("perm").value_or(SmallVector<int64_t>());
  if (!node.op().getOnnxAttr("perm"))
    perm = llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(0, rank)));
  SmallVector<int64_t> sorted(perm);
  llvm::sort(sorted);
  if (!llvm::equal(sorted, llvm::seq<int64_t>(0, rank)))
    return node.refuse("expects perm to hold each of the " + Twine(rank) + " dimensions once");
  SmallVector<OpFoldResult> from = tensor::getMixedSizes(builder, node.loc(), node.operand(0)), sizes;
  for (int64_t dim : perm)
    sizes.push_back(from[dim]);
  RankedTensorType result = typeOf(sizes, type.getElementType());
  // Where only dimensions of size 1 move, the elements stay in order.
  SmallVector<int64_t> large;
  for (int64_t dim : perm)
    if (type.getDimSize(dim) != 1)
      large.push_back(dim);
  if (llvm::is_sorted(large)) {
    node.setResult(0, reshapeTo(builder, node.loc(), node.operand(0), sizes));
    return success();
  }
  bool fold = constantData(node.operand(0)) && node.mayFold(result);
  if (Value constant =
          !fold ? Value() : gatherConstant(builder, node.loc(), node.operand(0), result, [&](ArrayRef<int64_t> index) {
            SmallVector<int64_t> source(rank);
            for (int64_t dim = 0; dim < rank; ++dim)
              source[perm[dim]] = index[dim];
            return linearIndex(type.getShape(), source);
          })) {
    node.setResult(0, constant);
    return success();
  }
  Value empty = tensor::EmptyOp::create(builder, node.loc(), sizes, type.getElementType());
  node.setResult(0, linalg::TransposeOp::create(builder, node.loc(), node.operand(0), empty, perm).getResult()[0]);
  return success();
}

/// Constants one behind the other along `axis`, as a constant of type `result`.
static Value joinConstants(OpBuilder &builder, Location loc, ArrayRef<Value> parts, RankedTensorType result,
                           int64_t axis) {
  size_t width = result.getElementTypeBitWidth() / 8;
  AsmResourceBlob blob = HeapAsmResourceBlob::allocate(result.getNumElements() * width, 64);
  char *out = const_cast<char *>(blob.getData().data());
  int64_t outer = 1, inner = width;
  for (int64_t dim = 0; dim < result.getRank(); ++dim)
    (dim < axis ? outer : inner) *= dim == axis ? 1 : result.getDimSize(dim);
  size_t row = inner * result.getDimSize(axis), at = 0;
  for (Value part : parts) {
    std::vector<char> bytes = *constantBytes(part);
    size_t chunk = inner * cast<RankedTensorType>(part.getType()).getDimSize(axis);
    for (int64_t i = 0; i < outer && chunk; ++i)
      std::memcpy(out + i * row + at, bytes.data() + i * chunk, chunk);
    at += chunk;
  }
  return arith::ConstantOp::create(builder, loc, result,
                                   cast<TypedAttr>(Attribute(makeConstant(result, "joined", std::move(blob)))));
}

/// An array of `sizes` with the parts one behind the other along `axis`.
static Value insertParts(OpBuilder &builder, Location loc, ArrayRef<Value> parts, ArrayRef<OpFoldResult> sizes,
                         int64_t axis) {
  RankedTensorType result = typeOf(sizes, cast<RankedTensorType>(parts[0].getType()).getElementType());
  Value joined = tensor::EmptyOp::create(builder, loc, sizes, result.getElementType());
  SmallVector<OpFoldResult> offsets(result.getRank(), builder.getIndexAttr(0)),
      strides(result.getRank(), builder.getIndexAttr(1));
  for (Value part : parts) {
    // A slice op has to begin inside even where it is empty.
    if (llvm::is_contained(cast<RankedTensorType>(part.getType()).getShape(), 0) ||
        llvm::is_contained(result.getShape(), 0))
      continue;
    SmallVector<OpFoldResult> own(sizes);
    own[axis] = sizeOf(builder, loc, part, axis);
    RankedTensorType type = typeOf(own, result.getElementType());
    Value source = type == part.getType() ? part : Value(tensor::CastOp::create(builder, loc, type, part));
    joined = tensor::InsertSliceOp::create(builder, loc, source, joined, offsets, own, strides);
    offsets[axis] = addSizes(builder, loc, offsets[axis], own[axis]);
  }
  return joined;
}

LogicalResult lowerConcat(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  RankedTensorType first = node.operandType(0);
  std::optional<int64_t> axis = normaliseAxis(node.intAttr("axis"), first.getRank());
  if (!axis)
    (void)node.refuse("expects an axis from " + Twine(-first.getRank()) + " to " + Twine(first.getRank() - 1) +
                      ", found " + Twine(node.intAttr("axis")));
  SmallVector<Value> parts;
  bool tracked = first.getRank() == 1;
  ElementList list;
  for (unsigned i = 0; i < node.numOperands(); ++i) {
    RankedTensorType type = node.operandType(i);
    if (type.getRank() != first.getRank() || type.getElementType() != first.getElementType())
      (void)node.refuse("expects inputs of one rank and type, found " + llvm::formatv("{0} and {1}", first, type));
    parts.push_back(node.operand(i));
    std::optional<ElementList> one = tracked ? node.elements(node.operand(i)) : std::nullopt;
    tracked &= one.has_value();
    if (tracked)
      list.append(*one);
  }
  if (failed(node.accepted()))
    return failure();
  if (tracked) {
    node.setElements(0, RankedTensorType::get({static_cast<int64_t>(list.size())}, first.getElementType()), list);
    return success();
  }
  if (parts.size() == 1) {
    node.setResult(0, parts[0]);
    return success();
  }
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, parts[0]);
  for (int64_t dim = 0; dim < first.getRank(); ++dim)
    for (Value part : llvm::drop_begin(parts)) {
      OpFoldResult size = sizeOf(builder, loc, part, dim);
      if (dim == *axis) {
        // Arrays of no elements may have sizes without end.
        if (int64_t a = staticOf(sizes[dim]), b = staticOf(size);
            a != ShapedType::kDynamic && b != ShapedType::kDynamic && a > bounds::SumOfSizes - b)
          return node.refuseBeyond(Limit::SumOfSizes, "more in dimension " + Twine(dim));
        sizes[dim] = addSizes(builder, loc, sizes[dim], size);
        continue;
      }
      int64_t a = staticOf(sizes[dim]), b = staticOf(size);
      if (sizes[dim] == size)
        continue;
      if (a != ShapedType::kDynamic && b != ShapedType::kDynamic) {
        (void)node.refuse("expects equal sizes in dimension " + Twine(dim) + ", found " + Twine(a) + " and " +
                          Twine(b));
        break;
      }
      node.require(arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, asIndex(builder, loc, sizes[dim]),
                                         asIndex(builder, loc, size)),
                   "expects equal sizes in dimension " + Twine(dim));
      if (a == ShapedType::kDynamic)
        sizes[dim] = size;
    }
  if (failed(node.accepted()))
    return failure();
  RankedTensorType result = typeOf(sizes, first.getElementType());
  // Constants are joined here.
  if (result.hasStaticShape() && !result.getElementType().isInteger(1) &&
      llvm::all_of(parts,
                   [](Value part) {
                     std::optional<ConstantData> data = constantData(part);
                     return data && (!data->splat || expandedSize(*data) <= kLargestSplatBytes);
                   }) &&
      node.mayFold(result)) {
    node.setResult(0, joinConstants(builder, loc, parts, result, *axis));
    return success();
  }
  node.setResult(0, insertParts(builder, loc, parts, sizes, *axis));
  return success();
}

/// Sets result `index` to a part of operand 0. Strides may be negative; offsets and sizes are in range.
static void setSlice(NodeLowering &node, unsigned index, ArrayRef<OpFoldResult> offsets, ArrayRef<OpFoldResult> given,
                     ArrayRef<int64_t> steps) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  Value value = node.operand(0);
  RankedTensorType type = node.operandType(0);
  // Nothing is left behind the last element.
  SmallVector<OpFoldResult> sizes(given);
  for (auto [size, offset, whole, step] : llvm::zip(sizes, offsets, type.getShape(), steps))
    if (step > 0 && getConstantIntValue(offset) == whole)
      size = builder.getIndexAttr(0);
  RankedTensorType result = typeOf(sizes, type.getElementType());
  std::optional<SmallVector<int64_t>> begin = getConstantIntValues(offsets);
  if (begin && result.hasStaticShape()) {
    if (std::optional<ElementList> list = type.getRank() == 1 ? node.elements(value) : std::nullopt) {
      ElementList part;
      for (int64_t i = 0; i < result.getDimSize(0); ++i)
        part.push_back((*list)[(*begin)[0] + i * steps[0]]);
      return node.setElements(index, result, part);
    }
    bool rows = type.getRank() > 0 && steps[0] == 1 && result.getShape().drop_front() == type.getShape().drop_front();
    if (rows && constantData(value))
      return node.setResult(index, sliceRows(builder, loc, value, (*begin)[0], result.getDimSize(0)));
    bool fold = constantData(value) && node.mayFold(result);
    if (Value constant = !fold ? Value() : gatherConstant(builder, loc, value, result, [&](ArrayRef<int64_t> at) {
          int64_t linear = 0;
          for (int64_t dim = 0; dim < type.getRank(); ++dim)
            linear = linear * type.getDimSize(dim) + (*begin)[dim] + at[dim] * steps[dim];
          return linear;
        }))
      return node.setResult(index, constant);
  }
  // A slice op has to begin inside even where it is empty.
  if (llvm::is_contained(result.getShape(), 0))
    return node.setResult(index, tensor::EmptyOp::create(builder, loc, sizes, type.getElementType()));
  if (llvm::all_of(steps, [](int64_t step) { return step > 0; })) {
    SmallVector<OpFoldResult> strides;
    for (int64_t step : steps)
      strides.push_back(builder.getIndexAttr(step));
    return node.setResult(index, tensor::ExtractSliceOp::create(builder, loc, result, value, offsets, sizes, strides));
  }
  Value empty = tensor::EmptyOp::create(builder, loc, sizes, type.getElementType());
  SmallVector<AffineMap> maps = {builder.getMultiDimIdentityMap(type.getRank())};
  SmallVector<utils::IteratorType> iterators(type.getRank(), utils::IteratorType::parallel);
  auto generic = linalg::GenericOp::create(
      builder, loc, result, ValueRange{}, ValueRange{empty}, maps, iterators,
      [&](OpBuilder &builder, Location loc, ValueRange) {
        SmallVector<Value> at;
        for (int64_t dim = 0; dim < type.getRank(); ++dim) {
          Value position = linalg::IndexOp::create(builder, loc, dim);
          Value step = arith::ConstantIndexOp::create(builder, loc, steps[dim]);
          position = arith::MulIOp::create(builder, loc, position, step);
          at.push_back(arith::AddIOp::create(builder, loc, position, asIndex(builder, loc, offsets[dim])));
        }
        linalg::YieldOp::create(builder, loc, tensor::ExtractOp::create(builder, loc, value, at).getResult());
      });
  node.setResult(index, generic.getResult(0));
}

namespace {
/// What a Slice says of each axis that it names.
struct SliceBounds {
  ElementList starts, ends;
  SmallVector<int64_t> axes, steps;
};

/// The part of a dimension that a Slice takes: `count` elements from `from` on, `step` apart.
struct SlicedDim {
  OpFoldResult from, count;
};
} // namespace

/// Reads the bounds of a Slice, from attributes before opset 10.
static FailureOr<SliceBounds> readSliceBounds(NodeLowering &node) {
  auto bounds = [&](unsigned input, StringRef name) -> std::optional<ElementList> {
    if (node.opset() >= 10)
      return node.elementsAtRunTime(node.operand(input));
    ElementList list;
    for (int64_t value : node.intsAttr(name).value_or(SmallVector<int64_t>()))
      list.push_back(node.builder().getIndexAttr(value));
    return list;
  };
  std::optional<ElementList> starts = bounds(1, "starts"), ends = bounds(2, "ends");
  if (!starts || !ends)
    (void)node.refuseBeyond(Limit::KnownLengthOfBounds,
                            llvm::formatv("{0} and {1}", node.operandType(1), node.operandType(2)));
  auto axes = node.constantList(3, "axes", Limit::KnownAxes);
  FailureOr<std::optional<SmallVector<int64_t>>> steps = std::optional<SmallVector<int64_t>>();
  if (node.opset() >= 10)
    steps = node.constantList(4, "steps", Limit::KnownSteps);
  if (failed(node.accepted()))
    return failure();
  size_t count = starts->size();
  SliceBounds result{*starts, *ends, *axes ? **axes : llvm::to_vector(llvm::seq<int64_t>(0, count)),
                     *steps ? **steps : SmallVector<int64_t>(count, 1)};
  if (result.ends.size() != count || result.axes.size() != count || result.steps.size() != count)
    return node.refuse("expects as many ends, axes and steps as starts");
  return result;
}

/// Far bounds and steps stand for the end of the dimension; they are cut before they are added to anything.
static int64_t cutFar(int64_t value) {
  constexpr int64_t far = int64_t(1) << 48;
  return std::clamp(value, -far, far);
}

/// What a Slice from `start` to `end` takes of a dimension of `size` elements.
static SlicedDim sliceDim(NodeLowering &node, OpFoldResult size, OpFoldResult start, OpFoldResult end, int64_t step) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  OpFoldResult zero = builder.getIndexAttr(0), one = builder.getIndexAttr(1);
  // A bound below 0 counts from the end; then it is clamped to what a walk in the step's direction can reach.
  auto bound = [&](OpFoldResult value, OpFoldResult low, OpFoldResult high) {
    std::optional<int64_t> known = getConstantIntValue(value);
    if (known) {
      value = builder.getIndexAttr(cutFar(*known));
      if (*known < 0)
        value = addSizes(builder, loc, value, size);
      if (*known == 0 && staticOf(low) == 0)
        return zero;
    } else {
      Value v = cast<Value>(value), z = arith::ConstantIndexOp::create(builder, loc, 0);
      Value wrapped = arith::AddIOp::create(builder, loc, v, asIndex(builder, loc, size));
      Value negative = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::slt, v, z);
      value = arith::SelectOp::create(builder, loc, negative, wrapped, v).getResult();
    }
    if (known && *known >= (int64_t(1) << 31) - 1 && step > 0)
      return high;
    return maxSizes(builder, loc, low, minSizes(builder, loc, value, high));
  };
  OpFoldResult minusOne = builder.getIndexAttr(-1), last = subSizes(builder, loc, size, one);
  OpFoldResult from = step > 0 ? bound(start, zero, size) : bound(start, zero, maxSizes(builder, loc, zero, last));
  OpFoldResult to = step > 0 ? bound(end, zero, size) : bound(end, minusOne, last);
  OpFoldResult distance = step > 0 ? subSizes(builder, loc, to, from) : subSizes(builder, loc, from, to);
  int64_t stride = std::abs(step);
  OpFoldResult count =
      floorDivSize(builder, loc, addSizes(builder, loc, distance, builder.getIndexAttr(stride - 1)), stride);
  if (!(staticOf(from) == 0 && to == size))
    count = maxSizes(builder, loc, count, zero);
  if (step < 0) // an empty dimension has no last element to start from
    count = minSizes(builder, loc, count, size);
  return {from, count};
}

LogicalResult lowerSlice(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  int64_t rank = node.operandType(0).getRank();
  FailureOr<SliceBounds> bounds = readSliceBounds(node);
  if (failed(bounds))
    return failure();
  SmallVector<OpFoldResult> offsets(rank, builder.getIndexAttr(0)),
      sizes = tensor::getMixedSizes(builder, node.loc(), node.operand(0));
  SmallVector<int64_t> steps(rank, 1);
  llvm::SmallDenseSet<int64_t> seen;
  for (auto [start, end, axis, wanted] : llvm::zip(bounds->starts, bounds->ends, bounds->axes, bounds->steps)) {
    int64_t step = cutFar(wanted);
    std::optional<int64_t> dim = normaliseAxis(axis, rank);
    if (step == 0)
      (void)node.refuse("expects steps that are not 0, found 0 for axis " + Twine(axis));
    if (!dim || !seen.insert(*dim).second)
      (void)node.refuse("expects different axes from " + Twine(-rank) + " to " + Twine(rank - 1) + ", found " +
                        Twine(axis));
    if (failed(node.accepted()))
      continue;
    auto [from, count] = sliceDim(node, sizes[*dim], start, end, step);
    offsets[*dim] = from;
    sizes[*dim] = count;
    steps[*dim] = step;
  }
  if (failed(node.accepted()))
    return failure();
  setSlice(node, 0, offsets, sizes, steps);
  return success();
}

LogicalResult lowerSplit(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  RankedTensorType type = node.operandType(0);
  std::optional<int64_t> axis = normaliseAxis(node.intAttr("axis"), type.getRank());
  if (!axis)
    return node.refuse("expects an axis from " + Twine(-type.getRank()) + " to " + Twine(type.getRank() - 1));
  auto given = node.constantList(1, "split", Limit::KnownSplit);
  if (failed(given))
    return failure();
  int64_t count = node.op().getOutputs().size(), size = type.getDimSize(*axis);
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, node.loc(), node.operand(0));
  OpFoldResult whole = sizes[*axis];
  if (node.opset() >= 18 && node.op().getOnnxAttr("num_outputs")) {
    if (*given)
      (void)node.refuse("expects split or num_outputs, found both");
    if (node.intAttr("num_outputs") != count)
      (void)node.refuse("expects num_outputs to be the number of outputs, " + Twine(count) + ", found " +
                        Twine(node.intAttr("num_outputs")));
  }
  SmallVector<OpFoldResult> parts;
  if (*given) {
    int64_t total = 0, most = size == ShapedType::kDynamic ? bounds::SumOfParts : size;
    for (int64_t part : **given) {
      if (part < 0)
        return node.refuse("expects parts that are not negative, found " + Twine(part));
      if (part > most - total)
        return size == ShapedType::kDynamic
                   ? node.refuseBeyond(Limit::SumOfParts, "more")
                   : node.refuse("expects parts that add up to " + Twine(size) + ", found more");
      parts.push_back(builder.getIndexAttr(part));
      total += part;
    }
    if (static_cast<int64_t>(parts.size()) != count)
      return node.refuse("expects " + Twine(count) + " parts, found " + Twine(parts.size()));
    if (size != ShapedType::kDynamic && total != size)
      return node.refuse("expects parts that add up to " + Twine(size) + ", found " + Twine(total));
    if (size == ShapedType::kDynamic)
      node.require(arith::CmpIOp::create(builder, node.loc(), arith::CmpIPredicate::eq,
                                         asIndex(builder, node.loc(), whole),
                                         arith::ConstantIndexOp::create(builder, node.loc(), total)),
                   "expects parts that add up to the size");
  } else {
    // All parts are equal; since opset 18 the last may be smaller.
    OpFoldResult zero = builder.getIndexAttr(0);
    OpFoldResult each =
        floorDivSize(builder, node.loc(), addSizes(builder, node.loc(), whole, builder.getIndexAttr(count - 1)), count);
    OpFoldResult before = mulSizes(builder, node.loc(), each, builder.getIndexAttr(count - 1));
    OpFoldResult last = subSizes(builder, node.loc(), whole, before);
    bool uneven = node.opset() >= 18;
    if (size != ShapedType::kDynamic && (uneven ? staticOf(last) < 0 : size % count != 0))
      return node.refuse("cannot divide " + Twine(size) + " elements into " + Twine(count) +
                         (uneven ? " parts" : " equal parts"));
    if (size == ShapedType::kDynamic)
      node.require(
          arith::CmpIOp::create(builder, node.loc(), uneven ? arith::CmpIPredicate::sge : arith::CmpIPredicate::eq,
                                asIndex(builder, node.loc(), last), asIndex(builder, node.loc(), uneven ? zero : each)),
          "cannot divide the elements into " + Twine(count) + (uneven ? " parts" : " equal parts"));
    parts.assign(count, each);
    if (uneven)
      parts.back() = last;
  }
  SmallVector<OpFoldResult> offsets(type.getRank(), builder.getIndexAttr(0));
  for (auto [index, part] : llvm::enumerate(parts)) {
    sizes[*axis] = part;
    setSlice(node, index, offsets, sizes, SmallVector<int64_t>(type.getRank(), 1));
    offsets[*axis] = addSizes(builder, node.loc(), offsets[*axis], part);
  }
  return success();
}

/// The elements that `indices` say along `axis` of `data`, whose size there is `bound`, each checked at run time;
/// `sizes` are the result's.
static Value gatherElements(OpBuilder &builder, Location loc, Value data, Value indices, ArrayRef<OpFoldResult> sizes,
                            int64_t axis, OpFoldResult bound) {
  auto type = cast<RankedTensorType>(data.getType()), indexType = cast<RankedTensorType>(indices.getType());
  RankedTensorType result = typeOf(sizes, type.getElementType());
  Value empty = tensor::EmptyOp::create(builder, loc, sizes, type.getElementType());
  SmallVector<AffineMap> maps = {builder.getMultiDimIdentityMap(result.getRank())};
  SmallVector<utils::IteratorType> iterators(result.getRank(), utils::IteratorType::parallel);
  Value limit = asIndex(builder, loc, bound);
  auto generic = linalg::GenericOp::create(
      builder, loc, result, ValueRange{}, ValueRange{empty}, maps, iterators,
      [&](OpBuilder &inner, Location loc, ValueRange) {
        SmallVector<Value> position, source;
        for (int64_t dim = 0; dim < indexType.getRank(); ++dim)
          position.push_back(linalg::IndexOp::create(inner, loc, axis + dim));
        Value raw = tensor::ExtractOp::create(inner, loc, indices, position);
        Value index = arith::IndexCastOp::create(inner, loc, inner.getIndexType(), raw);
        Value zero = arith::ConstantIndexOp::create(inner, loc, 0);
        Value negative = arith::CmpIOp::create(inner, loc, arith::CmpIPredicate::slt, index, zero);
        index = arith::SelectOp::create(inner, loc, negative, arith::AddIOp::create(inner, loc, index, limit), index);
        Value low = arith::CmpIOp::create(inner, loc, arith::CmpIPredicate::sge, index, zero);
        Value high = arith::CmpIOp::create(inner, loc, arith::CmpIPredicate::slt, index, limit);
        cf::AssertOp::create(inner, loc, arith::AndIOp::create(inner, loc, low, high),
                             "Gather expects indices in range");
        for (int64_t dim = 0; dim < type.getRank(); ++dim)
          source.push_back(
              dim == axis
                  ? index
                  : linalg::IndexOp::create(inner, loc, dim < axis ? dim : dim + indexType.getRank() - 1).getResult());
        linalg::YieldOp::create(inner, loc, tensor::ExtractOp::create(inner, loc, data, source).getResult());
      });
  return generic.getResult(0);
}

LogicalResult lowerGather(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  Value data = node.operand(0), indices = node.operand(1);
  RankedTensorType type = node.operandType(0), indexType = node.operandType(1);
  std::optional<int64_t> axis = normaliseAxis(node.intAttr("axis"), type.getRank());
  if (!axis)
    (void)node.refuse("expects an axis from " + Twine(-type.getRank()) + " to " + Twine(type.getRank() - 1));
  if (!indexType.getElementType().isSignlessInteger())
    (void)node.refuse("expects integer indices, found " + llvm::formatv("{0}", indexType));
  if (failed(node.accepted()))
    return failure();
  int64_t bound = type.getDimSize(*axis);
  std::optional<SmallVector<int64_t>> known = node.constantInts(indices);
  if (known && bound != ShapedType::kDynamic)
    for (int64_t &index : *known) {
      if (index < -bound || index >= bound)
        return node.refuse("expects indices from " + Twine(-bound) + " to " + Twine(bound - 1) + ", found " +
                           Twine(index));
      index = index < 0 ? index + bound : index;
    }
  SmallVector<OpFoldResult> from = tensor::getMixedSizes(builder, loc, data),
                            at = tensor::getMixedSizes(builder, loc, indices), sizes;
  sizes.append(from.begin(), from.begin() + *axis);
  sizes.append(at);
  sizes.append(from.begin() + *axis + 1, from.end());
  RankedTensorType result = typeOf(sizes, type.getElementType());
  if (known && bound != ShapedType::kDynamic) {
    if (std::optional<ElementList> list = node.elements(data)) {
      ElementList picked;
      for (int64_t index : *known)
        picked.push_back((*list)[index]);
      if (result.getRank() <= 1) {
        node.setElements(0, result, picked);
        return success();
      }
    }
    if (result.hasStaticShape() && constantData(data) && node.mayFold(result))
      if (Value constant = gatherConstant(builder, loc, data, result, [&](ArrayRef<int64_t> index) {
            int64_t picked = 0, linear = 0;
            for (int64_t dim = 0; dim < indexType.getRank(); ++dim)
              picked = picked * indexType.getDimSize(dim) + index[*axis + dim];
            for (int64_t dim = 0; dim < type.getRank(); ++dim)
              linear = linear * type.getDimSize(dim) + (dim < *axis    ? index[dim]
                                                        : dim == *axis ? (*known)[picked]
                                                                       : index[dim + indexType.getRank() - 1]);
            return linear;
          })) {
        node.setResult(0, constant);
        return success();
      }
  }
  node.setResult(0, gatherElements(builder, loc, data, indices, sizes, *axis, from[*axis]));
  return success();
}

/// What a pad has of each dimension: elements before and after, the first one left of the input, and how many are left.
/// A negative pad cuts elements off.
struct PadParts {
  SmallVector<OpFoldResult> before, after, first, left;
};

/// The value that pads are filled with in the mode `constant`.
static FailureOr<Value> padValue(NodeLowering &node, Type element) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  Value fill;
  Value scalar = node.opset() >= 11 && node.numOperands() > 2 ? node.operand(2) : Value();
  if (scalar && cast<RankedTensorType>(scalar.getType()).hasStaticShape() &&
      cast<RankedTensorType>(scalar.getType()).getNumElements() == 1) {
    SmallVector<Value> zeros(cast<RankedTensorType>(scalar.getType()).getRank(),
                             arith::ConstantIndexOp::create(builder, loc, 0));
    fill = tensor::ExtractOp::create(builder, loc, scalar, zeros);
  } else if (scalar) {
    return node.refuse("expects one constant value");
  } else if (auto real = dyn_cast<FloatType>(element)) {
    fill = arith::ConstantOp::create(builder, loc,
                                     builder.getFloatAttr(real, node.opset() < 11 ? node.floatAttr("value") : 0.0));
  } else {
    fill = arith::ConstantOp::create(builder, loc, builder.getZeroAttr(element));
  }
  if (fill.getType() != element)
    return node.refuse("expects a constant value of type " + llvm::formatv("{0}", element));
  return fill;
}

/// `data` with its pads, an array of `sizes`. Every mode is a map from positions to the input's, cut to what is left of
/// it; outside of that, `constant` gives `fill`.
static Value padElements(OpBuilder &builder, Location loc, Value data, ArrayRef<OpFoldResult> sizes,
                         const PadParts &parts, StringRef mode, Value fill) {
  const auto &[before, after, first, left] = parts;
  int64_t rank = sizes.size();
  Type element = cast<RankedTensorType>(data.getType()).getElementType();
  Value empty = tensor::EmptyOp::create(builder, loc, sizes, element);
  SmallVector<AffineMap> maps = {builder.getMultiDimIdentityMap(rank)};
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
  auto generic = linalg::GenericOp::create(
      builder, loc, typeOf(sizes, element), ValueRange{}, ValueRange{empty}, maps, iterators,
      [&](OpBuilder &inner, Location loc, ValueRange) {
        SmallVector<Value> at;
        Value inside = arith::ConstantOp::create(inner, loc, inner.getBoolAttr(true));
        Value start = arith::ConstantIndexOp::create(inner, loc, 0),
              one = arith::ConstantIndexOp::create(inner, loc, 1);
        for (int64_t dim = 0; dim < rank; ++dim) {
          Value position = linalg::IndexOp::create(inner, loc, dim), size = asIndex(inner, loc, left[dim]);
          Value last = arith::SubIOp::create(inner, loc, size, one);
          position = arith::SubIOp::create(inner, loc, position, asIndex(inner, loc, before[dim]));
          if (mode == "reflect" && !(staticOf(before[dim]) == 0 && staticOf(after[dim]) == 0)) {
            position = math::AbsIOp::create(inner, loc, position);
            Value mirrored = arith::SubIOp::create(inner, loc, arith::AddIOp::create(inner, loc, last, last), position);
            position = arith::MinSIOp::create(inner, loc, position, mirrored);
          } else if (mode == "constant") {
            Value low = arith::CmpIOp::create(inner, loc, arith::CmpIPredicate::sge, position, start);
            Value high = arith::CmpIOp::create(inner, loc, arith::CmpIPredicate::slt, position, size);
            inside = arith::AndIOp::create(inner, loc, inside, arith::AndIOp::create(inner, loc, low, high));
          }
          position = arith::MaxSIOp::create(inner, loc, arith::MinSIOp::create(inner, loc, position, last), start);
          if (staticOf(first[dim]) != 0)
            position = arith::AddIOp::create(inner, loc, position, asIndex(inner, loc, first[dim]));
          at.push_back(position);
        }
        Value result;
        if (mode == "constant") {
          auto choice = scf::IfOp::create(
              inner, loc, inside,
              [&](OpBuilder &then, Location loc) {
                scf::YieldOp::create(then, loc, tensor::ExtractOp::create(then, loc, data, at).getResult());
              },
              [&](OpBuilder &otherwise, Location loc) { scf::YieldOp::create(otherwise, loc, fill); });
          result = choice.getResult(0);
        } else {
          result = tensor::ExtractOp::create(inner, loc, data, at);
        }
        linalg::YieldOp::create(inner, loc, result);
      });
  return generic.getResult(0);
}

namespace {
/// Pads before and behind, for each axis that a Pad names.
struct GivenPads {
  SmallVector<int64_t> axes;
  SmallVector<std::array<OpFoldResult, 2>> pads;
};
} // namespace

/// Reads the pads, from an attribute before opset 11, and their axes.
static FailureOr<GivenPads> readPads(NodeLowering &node) {
  std::optional<ElementList> given;
  if (node.opset() >= 11) {
    given = node.elementsAtRunTime(node.operand(1));
    if (!given)
      return node.refuseBeyond(Limit::KnownLengthOfPads, llvm::formatv("{0}", node.operandType(1)));
  } else {
    given.emplace();
    for (int64_t pad : node.intsAttr("pads").value_or(SmallVector<int64_t>()))
      given->push_back(node.builder().getIndexAttr(pad));
  }
  GivenPads result{llvm::to_vector(llvm::seq<int64_t>(0, node.operandType(0).getRank())), {}};
  if (node.opset() >= 18 && node.numOperands() > 3 && node.operand(3)) {
    auto axes = node.constantList(3, "axes", Limit::KnownAxes);
    if (failed(axes))
      return failure();
    result.axes = **axes;
  }
  size_t count = result.axes.size();
  if (given->size() != 2 * count)
    return node.refuse("expects two pads for each of " + Twine(count) + " axes, found " + Twine(given->size()));
  for (size_t i = 0; i < count; ++i)
    result.pads.push_back({(*given)[i], (*given)[i + count]});
  return result;
}

/// Requires `a predicate b`, here or at run time. Whether it holds as far as that is known here.
static bool mayHold(NodeLowering &node, OpFoldResult a, arith::CmpIPredicate predicate, OpFoldResult b,
                    const Twine &message) {
  std::optional<int64_t> x = getConstantIntValue(a), y = getConstantIntValue(b);
  if (x && y)
    return arith::applyCmpPredicate(predicate, APInt(64, *x, true), APInt(64, *y, true));
  OpBuilder &builder = node.builder();
  node.require(arith::CmpIOp::create(builder, node.loc(), predicate, asIndex(builder, node.loc(), a),
                                     asIndex(builder, node.loc(), b)),
               message);
  return true;
}

/// Checks the pads of dimension `dim`, and enters them into `parts` and `sizes`, which hold the input's size there.
static LogicalResult padDim(NodeLowering &node, int64_t dim, std::array<OpFoldResult, 2> pads, StringRef mode,
                            PadParts &parts, SmallVectorImpl<OpFoldResult> &sizes) {
  using arith::CmpIPredicate;
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  OpFoldResult from = sizes[dim], zero = builder.getIndexAttr(0);
  auto found = [](OpFoldResult size) { return Twine(staticOf(size)).str(); };
  std::string at = (" in dimension " + Twine(dim)).str(), range = ("expects " + textOf(Limit::PadRange)).str();
  OpFoldResult least = builder.getIndexAttr(-bounds::PadRange), most = builder.getIndexAttr(bounds::PadRange);
  for (OpFoldResult pad : pads)
    if (!mayHold(node, pad, CmpIPredicate::sge, least, range) || !mayHold(node, pad, CmpIPredicate::sle, most, range))
      return node.refuseBeyond(Limit::PadRange, found(pad));
  sizes[dim] = addSizes(builder, loc, from, addSizes(builder, loc, pads[0], pads[1]));
  if ((staticOf(pads[0]) < 0 || staticOf(pads[1]) < 0) &&
      !mayHold(node, sizes[dim], CmpIPredicate::sge, zero, "removes more elements than there are" + at))
    return node.refuse("removes more elements than there are" + at);
  if (mode == "constant") {
    parts.before[dim] = pads[0];
    return success();
  }
  OpFoldResult before = maxSizes(builder, loc, pads[0], zero), after = maxSizes(builder, loc, pads[1], zero);
  OpFoldResult first = subSizes(builder, loc, before, pads[0]);
  OpFoldResult last = addSizes(builder, loc, from, subSizes(builder, loc, pads[1], after));
  OpFoldResult left = subSizes(builder, loc, last, first);
  parts.before[dim] = before;
  parts.after[dim] = after;
  parts.first[dim] = first;
  parts.left[dim] = left;
  if (mode == "reflect") {
    for (OpFoldResult pad : {before, after})
      if (staticOf(pad) != 0 &&
          !mayHold(node, left, CmpIPredicate::sgt, pad, "expects to reflect fewer elements than there are" + at))
        return node.refuseBeyond(Limit::ReflectedElements, found(pad) + " of " + found(left) + at);
    return success();
  }
  if ((staticOf(before) != 0 || staticOf(after) != 0) &&
      !mayHold(node, left, CmpIPredicate::sgt, zero, "has no edge to repeat" + at))
    return node.refuse("has no edge to repeat" + at);
  return success();
}

LogicalResult lowerPad(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  Value data = node.operand(0);
  RankedTensorType type = node.operandType(0);
  int64_t rank = type.getRank();
  FailureOr<GivenPads> given = readPads(node);
  if (failed(given))
    return failure();
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, data), none(rank, builder.getIndexAttr(0));
  PadParts parts{none, none, none, sizes};
  llvm::SmallDenseSet<int64_t> seen;
  StringRef mode = node.stringAttr("mode");
  for (auto [axis, pads] : llvm::zip(given->axes, given->pads)) {
    std::optional<int64_t> dim = normaliseAxis(axis, rank);
    if (!dim || !seen.insert(*dim).second)
      return node.refuse("expects different axes from " + Twine(-rank) + " to " + Twine(rank - 1) + ", found " +
                         Twine(axis));
    if (failed(padDim(node, *dim, pads, mode, parts, sizes)))
      return failure();
  }
  node.requireRoom(sizes, type.getElementType());
  Type element = type.getElementType();
  Value fill;
  if (mode == "constant") {
    FailureOr<Value> value = padValue(node, element);
    if (failed(value))
      return failure();
    fill = *value;
  }
  node.setResult(0, padElements(builder, loc, data, sizes, parts, mode, fill));
  return success();
}

} // namespace rnn::onnx
