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
  RankedTensorType type = node.operandType(0);
  FailureOr<std::optional<SmallVector<int64_t>>> given = node.intsAttr("perm");
  int64_t rank = type ? type.getRank() : 0;
  SmallVector<int64_t> perm = llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(0, rank)));
  if (succeeded(given) && *given) {
    perm = **given;
    if (!type)
      rank = perm.size();
    SmallVector<int64_t> sorted(perm);
    llvm::sort(sorted);
    if (!llvm::equal(sorted, llvm::seq<int64_t>(0, rank)))
      (void)node.refuse("expects perm to hold each of the " + Twine(rank) + " dimensions once");
  }
  if (failed(node.accepted()))
    return failure();
  node.setResult(0, transposed(node, node.operand(0), perm));
  return success();
}

Value transposed(NodeLowering &node, Value value, ArrayRef<int64_t> perm) {
  OpBuilder &builder = node.builder();
  auto type = cast<RankedTensorType>(value.getType());
  int64_t rank = type.getRank();
  SmallVector<OpFoldResult> from = sizesOf(builder, node.loc(), value), sizes;
  for (int64_t dim : perm)
    sizes.push_back(from[dim]);
  RankedTensorType result = typeOf(sizes, type.getElementType());
  // Where only dimensions of size 1 move, the elements stay in order.
  SmallVector<int64_t> large;
  for (int64_t dim : perm)
    if (type.getDimSize(dim) != 1)
      large.push_back(dim);
  if (llvm::is_sorted(large))
    return reshapeTo(builder, node.loc(), value, sizes);
  if (constantData(value) && node.mayFold(result))
    if (Value constant = gatherConstant(builder, node.loc(), value, result, [&](ArrayRef<int64_t> index) {
          SmallVector<int64_t> source(rank);
          for (int64_t dim = 0; dim < rank; ++dim)
            source[perm[dim]] = index[dim];
          return linearIndex(type.getShape(), source);
        }))
      return constant;
  Value empty = tensor::EmptyOp::create(builder, node.loc(), sizes, type.getElementType());
  return linalg::TransposeOp::create(builder, node.loc(), value, empty, perm).getResult()[0];
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

/// More parts are joined in groups first: bufferization compares the places of all parts of a tensor with each other.
constexpr size_t kPartsAtOnce = 16;

/// A size that bufferization does not know to be `size`: comparing places takes time that grows with the terms of their
/// sums.
static OpFoldResult opaque(OpBuilder &builder, Location loc, OpFoldResult size) {
  auto value = dyn_cast<Value>(size);
  if (!value)
    return size;
  Value wide = arith::IndexCastOp::create(builder, loc, builder.getI64Type(), value);
  return arith::IndexCastUIOp::create(builder, loc, builder.getIndexType(), wide).getResult();
}

/// An array of `sizes` with the parts one behind the other along `axis`.
static Value insertParts(OpBuilder &builder, Location loc, ArrayRef<Value> parts, ArrayRef<OpFoldResult> sizes,
                         int64_t axis) {
  if (parts.size() > kPartsAtOnce) {
    size_t length = llvm::divideCeil(parts.size(), llvm::divideCeil(parts.size(), kPartsAtOnce));
    SmallVector<Value> joined;
    for (; !parts.empty(); parts = parts.drop_front(std::min(length, parts.size()))) {
      ArrayRef<Value> some = parts.take_front(length);
      SmallVector<OpFoldResult> own(sizes);
      own[axis] = builder.getIndexAttr(0);
      for (Value part : some)
        own[axis] = addSizes(builder, loc, own[axis], sizeOf(builder, loc, part, axis));
      own[axis] = opaque(builder, loc, own[axis]);
      joined.push_back(insertParts(builder, loc, some, own, axis));
    }
    return insertParts(builder, loc, joined, sizes, axis);
  }
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
    offsets[axis] = opaque(builder, loc, addSizes(builder, loc, offsets[axis], own[axis]));
  }
  return joined;
}

/// Checks the inputs of a Concat against the first that is known.
static void checkConcat(NodeLowering &node) {
  std::optional<unsigned> reference;
  for (unsigned i = 0; i < node.numOperands() && !reference; ++i)
    if (node.operandType(i))
      reference = i;
  if (!reference)
    return;
  std::optional<int64_t> axis = node.axisAttr(*reference);
  RankedTensorType first = node.operandType(*reference);
  SmallVector<int64_t> sizes(first.getShape());
  for (unsigned i = *reference + 1; i < node.numOperands(); ++i) {
    RankedTensorType type = node.operandType(i);
    if (!type)
      continue;
    Type a = node.elementType(*reference), b = node.elementType(i);
    bool ranked = type.getRank() == first.getRank();
    if (!ranked || (a && b && a != b))
      (void)node.refuse("expects inputs of one rank and type, found " + node.typesOf({*reference, i}));
    if (!ranked || !axis)
      continue;
    for (auto [dim, size, own] : llvm::enumerate(sizes, type.getShape())) {
      bool known = !ShapedType::isDynamic(size) && !ShapedType::isDynamic(own),
           joins = static_cast<int64_t>(dim) == *axis;
      // Arrays of no elements may have sizes without end.
      if (known && joins && size > bounds::SumOfSizes - own) {
        (void)node.refuseBeyond(Limit::SumOfSizes, "more in dimension " + Twine(dim));
        size = ShapedType::kDynamic;
      } else if (joins) {
        size = known ? size + own : ShapedType::kDynamic;
      } else if (known && size != own) {
        (void)node.refuse("expects equal sizes in dimension " + Twine(dim) + ", found " + Twine(size) + " and " +
                          Twine(own));
      } else if (!ShapedType::isDynamic(own)) {
        size = own;
      }
    }
  }
}

LogicalResult lowerConcat(NodeLowering &node) {
  checkConcat(node);
  if (failed(node.accepted()))
    return failure();
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  RankedTensorType first = node.operandType(0);
  int64_t axis = *node.axisAttr(0);
  SmallVector<Value> parts;
  bool tracked = first.getRank() == 1;
  ElementList list;
  for (unsigned i = 0; i < node.numOperands(); ++i) {
    parts.push_back(node.operand(i));
    std::optional<ElementList> one = tracked ? node.elements(node.operand(i)) : std::nullopt;
    tracked &= one.has_value();
    if (tracked)
      list.append(*one);
  }
  if (tracked) {
    node.setElements(0, RankedTensorType::get({static_cast<int64_t>(list.size())}, first.getElementType()), list);
    return success();
  }
  if (parts.size() == 1) {
    node.setResult(0, parts[0]);
    return success();
  }
  SmallVector<OpFoldResult> sizes = sizesOf(builder, loc, parts[0]);
  for (int64_t dim = 0; dim < first.getRank(); ++dim)
    for (Value part : llvm::drop_begin(parts)) {
      OpFoldResult size = sizeOf(builder, loc, part, dim);
      if (dim == axis) {
        sizes[dim] = addSizes(builder, loc, sizes[dim], size);
        continue;
      }
      if (sameSize(sizes[dim], size))
        continue;
      node.require(arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, asIndex(builder, loc, sizes[dim]),
                                         asIndex(builder, loc, size)),
                   "expects equal sizes in dimension " + Twine(dim));
      if (staticOf(sizes[dim]) == ShapedType::kDynamic)
        sizes[dim] = size;
    }
  RankedTensorType result = typeOf(sizes, first.getElementType());
  // Constants are joined here.
  if (result.hasStaticShape() && !result.getElementType().isInteger(1) &&
      llvm::all_of(parts,
                   [](Value part) {
                     std::optional<ConstantData> data = constantData(part);
                     return data && (!data->splat || expandedSize(*data) <= kLargestSplatBytes);
                   }) &&
      node.mayFold(result)) {
    node.setResult(0, joinConstants(builder, loc, parts, result, axis));
    return success();
  }
  node.setResult(0, insertParts(builder, loc, parts, sizes, axis));
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
    bool forward = llvm::all_of(steps, [](int64_t step) { return step == 1; });
    bool rows = type.getRank() > 0 && forward && result.getShape().drop_front() == type.getShape().drop_front();
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
/// What a Slice says of each axis that it names; none where it is not known.
struct SliceBounds {
  std::optional<ElementList> starts, ends;
  std::optional<SmallVector<int64_t>> axes, steps;
};

/// The part of a dimension that a Slice takes: `count` elements from `from` on, `step` apart.
struct SlicedDim {
  OpFoldResult from, count;
};
} // namespace

/// Reads the bounds of a Slice, from attributes before opset 10, as far as they are known.
static SliceBounds readSliceBounds(NodeLowering &node) {
  auto bounds = [&](unsigned input, StringRef name) -> std::optional<ElementList> {
    if (node.opset() >= 10)
      return node.elementType(input) ? node.elementsAtRunTime(node.operand(input)) : std::nullopt;
    auto list = node.intsAttr(name);
    if (failed(list) || !*list)
      return std::nullopt;
    return getAsIndexOpFoldResult(node.op().getContext(), **list);
  };
  std::optional<ElementList> starts = bounds(1, "starts"), ends = bounds(2, "ends");
  if ((node.elementType(1) && !starts) || (node.elementType(2) && !ends))
    (void)node.refuseBeyond(Limit::KnownLengthOfBounds, node.typesOf({1, 2}));
  SliceBounds result{starts, ends, std::nullopt, std::nullopt};
  auto axes = node.constantList(3, "axes", Limit::KnownAxes);
  FailureOr<std::optional<SmallVector<int64_t>>> steps = std::optional<SmallVector<int64_t>>();
  if (node.opset() >= 10)
    steps = node.constantList(4, "steps", Limit::KnownSteps);
  if (succeeded(axes))
    result.axes = *axes;
  if (succeeded(steps))
    result.steps = *steps;
  std::optional<size_t> count;
  bool equal = true;
  auto compare = [&](const auto &list) {
    if (list)
      equal &= list->size() == *(count = count.value_or(list->size()));
  };
  compare(starts), compare(ends), compare(result.axes), compare(result.steps);
  if (!equal)
    (void)node.refuse("expects as many ends, axes and steps as starts");
  if (equal && count && succeeded(axes) && !result.axes)
    result.axes = llvm::to_vector(llvm::seq<int64_t>(0, *count));
  if (equal && count && succeeded(steps) && !result.steps)
    result.steps = SmallVector<int64_t>(*count, 1);
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

SmallVector<std::optional<int64_t>> checkAxes(NodeLowering &node, ArrayRef<int64_t> axes, std::optional<int64_t> rank) {
  SmallVector<std::optional<int64_t>> dims;
  llvm::SmallDenseSet<int64_t> seen;
  for (int64_t axis : axes) {
    std::optional<int64_t> dim = rank ? normaliseAxis(axis, *rank) : axis;
    bool fits = dim && seen.insert(*dim).second;
    if (!fits && rank)
      (void)node.refuse("expects different axes from " + Twine(-*rank) + " to " + Twine(*rank - 1) + ", found " +
                        Twine(axis));
    else if (!fits)
      (void)node.refuse("expects different axes, found " + Twine(axis) + " twice");
    dims.push_back(fits ? dim : std::nullopt);
  }
  return dims;
}

LogicalResult lowerSlice(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  SliceBounds bounds = readSliceBounds(node);
  RankedTensorType type = node.operandType(0);
  if (bounds.steps)
    for (auto [index, step] : llvm::enumerate(*bounds.steps))
      if (step == 0)
        (void)node.refuse("expects steps that are not 0, found 0" +
                          (bounds.axes && index < bounds.axes->size()
                               ? " for axis " + Twine((*bounds.axes)[index]).str()
                               : std::string()));
  SmallVector<std::optional<int64_t>> dims;
  if (bounds.axes)
    dims = checkAxes(node, *bounds.axes, type ? std::optional(type.getRank()) : std::nullopt);
  if (failed(node.accepted()))
    return failure();
  SmallVector<OpFoldResult> offsets(type.getRank(), builder.getIndexAttr(0)),
      sizes = sizesOf(builder, node.loc(), node.operand(0));
  SmallVector<int64_t> steps(type.getRank(), 1);
  for (auto [start, end, dim, wanted] : llvm::zip(*bounds.starts, *bounds.ends, dims, *bounds.steps)) {
    int64_t step = cutFar(wanted);
    auto [from, count] = sliceDim(node, sizes[*dim], start, end, step);
    offsets[*dim] = from;
    sizes[*dim] = count;
    steps[*dim] = step;
  }
  setSlice(node, 0, offsets, sizes, steps);
  return success();
}

/// Checks the parts that a Split lists of `size` elements, which may not be known.
static void checkParts(NodeLowering &node, ArrayRef<int64_t> parts, int64_t size) {
  int64_t count = node.op().getOutputs().size();
  if (static_cast<int64_t>(parts.size()) != count)
    (void)node.refuse("expects " + Twine(count) + " parts, found " + Twine(parts.size()));
  int64_t total = 0, most = ShapedType::isDynamic(size) ? bounds::SumOfParts : size;
  bool countable = true;
  for (int64_t part : parts) {
    if (part < 0) {
      (void)node.refuse("expects parts that are not negative, found " + Twine(part));
      countable = false;
    } else if (countable && part > most - total) {
      (void)(ShapedType::isDynamic(size) ? node.refuseBeyond(Limit::SumOfParts, "more")
                                         : node.refuse("expects parts that add up to " + Twine(size) + ", found more"));
      countable = false;
    } else if (countable) {
      total += part;
    }
  }
  if (countable && !ShapedType::isDynamic(size) && total != size)
    (void)node.refuse("expects parts that add up to " + Twine(size) + ", found " + Twine(total));
}

LogicalResult lowerSplit(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  RankedTensorType type = node.operandType(0);
  std::optional<int64_t> axis = node.axisAttr(0);
  auto given = node.constantList(1, "split", Limit::KnownSplit);
  int64_t count = node.op().getOutputs().size(), size = axis ? type.getDimSize(*axis) : ShapedType::kDynamic;
  bool uneven = node.opset() >= 18; // the last part may be smaller
  std::optional<int64_t> wanted = uneven ? node.intAttr("num_outputs") : std::nullopt;
  if (wanted && succeeded(given) && *given)
    (void)node.refuse("expects split or num_outputs, found both");
  if (wanted && *wanted != count)
    (void)node.refuse("expects num_outputs to be the number of outputs, " + Twine(count) + ", found " + Twine(*wanted));
  if (succeeded(given) && *given)
    checkParts(node, **given, size);
  // Without parts all are equal.
  int64_t each = count && size != ShapedType::kDynamic ? llvm::divideCeil(size, count) : 0;
  if (succeeded(given) && !*given && onnx::isKnown(node.op(), "num_outputs") && (!wanted || *wanted == count) &&
      count && size != ShapedType::kDynamic && (uneven ? size < each * (count - 1) : size % count != 0))
    (void)node.refuse("cannot divide " + Twine(size) + " elements into " + Twine(count) +
                      (uneven ? " parts" : " equal parts"));
  if (failed(node.accepted()))
    return failure();
  SmallVector<OpFoldResult> sizes = sizesOf(builder, node.loc(), node.operand(0));
  OpFoldResult whole = sizes[*axis];
  SmallVector<OpFoldResult> parts;
  if (*given) {
    parts = getAsIndexOpFoldResult(builder.getContext(), **given);
    if (size == ShapedType::kDynamic)
      node.require(
          arith::CmpIOp::create(builder, node.loc(), arith::CmpIPredicate::eq, asIndex(builder, node.loc(), whole),
                                arith::ConstantIndexOp::create(builder, node.loc(), llvm::sum_of(**given, int64_t(0)))),
          "expects parts that add up to the size");
  } else {
    OpFoldResult zero = builder.getIndexAttr(0);
    OpFoldResult each =
        floorDivSize(builder, node.loc(), addSizes(builder, node.loc(), whole, builder.getIndexAttr(count - 1)), count);
    OpFoldResult before = mulSizes(builder, node.loc(), each, builder.getIndexAttr(count - 1));
    OpFoldResult last = subSizes(builder, node.loc(), whole, before);
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
  std::optional<int64_t> axis = node.axisAttr(0);
  if (Type element = node.elementType(1); element && !element.isSignlessInteger())
    (void)node.refuse("expects integer indices, found " + llvm::formatv("{0}", indexType));
  int64_t bound = axis ? type.getDimSize(*axis) : ShapedType::kDynamic;
  std::optional<SmallVector<int64_t>> known = node.constantInts(indices);
  if (known && bound != ShapedType::kDynamic)
    for (int64_t &index : *known) {
      if (index < -bound || index >= bound)
        (void)node.refuse("expects indices from " + Twine(-bound) + " to " + Twine(bound - 1) + ", found " +
                          Twine(index));
      index = index < 0 ? index + bound : index;
    }
  if (failed(node.accepted()))
    return failure();
  SmallVector<OpFoldResult> from = sizesOf(builder, loc, data), at = sizesOf(builder, loc, indices), sizes;
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

/// Checks the value that pads are filled with in the mode `constant`.
static void checkPadValue(NodeLowering &node) {
  RankedTensorType type = node.operandType(2);
  if (type && (!type.hasStaticShape() || type.getNumElements() != 1))
    (void)node.refuse("expects one constant value, found " + llvm::formatv("{0}", type));
  Type element = node.elementType(0), given = node.elementType(2);
  if (element && given && given != element)
    (void)node.refuse("expects a constant value of type " + llvm::formatv("{0}, found {1}", element, type));
}

/// The value that pads are filled with, after its check.
static Value padValue(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  Type element = node.elementType(0);
  if (Value scalar = node.operand(2)) {
    SmallVector<Value> zeros(node.operandType(2).getRank(), arith::ConstantIndexOp::create(builder, loc, 0));
    return tensor::ExtractOp::create(builder, loc, scalar, zeros);
  }
  auto real = dyn_cast<FloatType>(element);
  if (real && node.opset() < 11)
    return arith::ConstantOp::create(builder, loc, builder.getFloatAttr(real, node.floatAttr("value")));
  return constantElement(builder, loc, element, builder.getZeroAttr(plainType(element)));
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
/// Pads before and behind of one axis that a Pad names; none where it is refused.
struct GivenPads {
  std::optional<int64_t> dim;
  std::array<OpFoldResult, 2> pads;
};
} // namespace

/// Reads the pads, from an attribute before opset 11, and their axes, as far as they are known.
static SmallVector<GivenPads> readPads(NodeLowering &node) {
  std::optional<int64_t> rank;
  if (RankedTensorType type = node.operandType(0))
    rank = type.getRank();
  auto given = node.listAtRunTime(1, "pads", Limit::KnownLengthOfPads);
  FailureOr<std::optional<SmallVector<int64_t>>> axes = std::optional<SmallVector<int64_t>>();
  if (node.opset() >= 18)
    axes = node.constantList(3, "axes", Limit::KnownAxes);
  std::optional<size_t> count;
  SmallVector<std::optional<int64_t>> dims;
  if (succeeded(axes) && *axes)
    dims = checkAxes(node, **axes, rank), count = dims.size();
  else if (succeeded(axes) && rank)
    llvm::append_range(dims, llvm::seq<int64_t>(0, *rank)), count = dims.size();
  if (failed(given) || !*given)
    return {};
  size_t found = (*given)->size();
  if (count && found != 2 * *count)
    (void)node.refuse("expects two pads for each of " + Twine(*count) + " axes, found " + Twine(found));
  SmallVector<GivenPads> result;
  for (size_t i = 0; i < found / 2; ++i) {
    bool known = rank && count && found == 2 * *count;
    result.push_back({known ? dims[i] : std::nullopt, {(**given)[i], (**given)[i + found / 2]}});
  }
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

/// Requires pads in range. Whether they are as far as that is known here.
static bool requirePadRange(NodeLowering &node, std::array<OpFoldResult, 2> pads) {
  using arith::CmpIPredicate;
  std::string range = ("expects " + textOf(Limit::PadRange)).str();
  OpFoldResult least = node.builder().getIndexAttr(-bounds::PadRange),
               most = node.builder().getIndexAttr(bounds::PadRange);
  bool fits = true;
  for (OpFoldResult pad : pads)
    if (!mayHold(node, pad, CmpIPredicate::sge, least, range) || !mayHold(node, pad, CmpIPredicate::sle, most, range))
      fits = succeeded(node.refuseBeyond(Limit::PadRange, Twine(staticOf(pad))));
  return fits;
}

/// Checks the pads of dimension `dim`, and enters them into `parts` and `sizes`, which hold the input's size there. The
/// mode may not be known.
static LogicalResult padDim(NodeLowering &node, int64_t dim, std::array<OpFoldResult, 2> pads,
                            std::optional<StringRef> mode, PadParts &parts, SmallVectorImpl<OpFoldResult> &sizes) {
  using arith::CmpIPredicate;
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  OpFoldResult from = sizes[dim], zero = builder.getIndexAttr(0);
  auto found = [](OpFoldResult size) { return Twine(staticOf(size)).str(); };
  std::string at = (" in dimension " + Twine(dim)).str();
  sizes[dim] = addSizes(builder, loc, from, addSizes(builder, loc, pads[0], pads[1]));
  if ((staticOf(pads[0]) < 0 || staticOf(pads[1]) < 0) &&
      !mayHold(node, sizes[dim], CmpIPredicate::sge, zero, "removes more elements than there are" + at))
    return node.refuse("removes more elements than there are" + at);
  if (!mode)
    return failure();
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
  // Nothing is needed of a dimension that gets no elements, which may be known at run time only.
  OpFoldResult one = builder.getIndexAttr(1);
  if (mode == "reflect") {
    OpFoldResult enough = maxSizes(builder, loc, left, one);
    for (OpFoldResult pad : {before, after})
      if (staticOf(pad) != 0 &&
          !mayHold(node, enough, CmpIPredicate::sgt, pad, "expects to reflect fewer elements than there are" + at))
        (void)node.refuseBeyond(Limit::ReflectedElements, found(pad) + " of " + found(left) + at);
    return node.accepted();
  }
  OpFoldResult needed = minSizes(builder, loc, addSizes(builder, loc, before, after), one);
  if (staticOf(needed) != 0 && !mayHold(node, left, CmpIPredicate::sge, needed, "has no edge to repeat" + at))
    return node.refuse("has no edge to repeat" + at);
  return success();
}

LogicalResult lowerPad(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  Value data = node.operand(0);
  SmallVector<OpFoldResult> sizes;
  if (data)
    sizes = sizesOf(builder, loc, data);
  SmallVector<OpFoldResult> none(sizes.size(), builder.getIndexAttr(0));
  PadParts parts{none, none, none, sizes};
  std::optional<StringRef> mode = node.stringAttr("mode");
  for (auto [dim, pads] : readPads(node))
    if (requirePadRange(node, pads) && dim)
      (void)padDim(node, *dim, pads, mode, parts, sizes);
  if (mode == "constant")
    checkPadValue(node);
  if (failed(node.accepted()))
    return failure();
  node.requireRoom(sizes, node.elementType(0));
  Value fill = mode == "constant" ? padValue(node) : Value();
  node.setResult(0, padElements(builder, loc, data, sizes, parts, *mode, fill));
  return success();
}

} // namespace rnn::onnx
