//===- Shapes.cpp - Operators that read or change shapes --------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "OnnxLowering.h"

#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"

#include "mlir/IR/Matchers.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace rnn::onnx {

LogicalResult lowerIdentity(NodeLowering &node) {
  if (failed(node.accepted()))
    return failure();
  node.setResult(0, node.operand(0));
  return success();
}

LogicalResult lowerShape(NodeLowering &node) {
  if (failed(node.accepted()))
    return failure();
  int64_t rank = node.operandType(0).getRank();
  auto bound = [&](StringRef name, int64_t fallback) {
    auto attr = dyn_cast_or_null<IntegerAttr>(node.op().getOnnxAttr(name));
    int64_t value = attr ? attr.getInt() : fallback;
    return std::clamp<int64_t>(value < 0 ? value + rank : value, 0, rank);
  };
  int64_t start = bound("start", 0), end = std::max(start, bound("end", rank));
  ElementList sizes;
  for (int64_t dim = start; dim < end; ++dim)
    sizes.push_back(sizeOf(node.builder(), node.loc(), node.operand(0), dim));
  node.setElements(0, RankedTensorType::get({end - start}, node.builder().getI64Type()), sizes);
  return success();
}

LogicalResult lowerSize(NodeLowering &node) {
  if (failed(node.accepted()))
    return failure();
  OpFoldResult count = node.builder().getIndexAttr(1);
  for (int64_t dim = 0; dim < node.operandType(0).getRank(); ++dim)
    count = mulSizes(node.builder(), node.loc(), count, sizeOf(node.builder(), node.loc(), node.operand(0), dim));
  node.setElements(0, RankedTensorType::get({}, node.builder().getI64Type()), {count});
  return success();
}

Value reshapeTo(OpBuilder &builder, Location loc, Value value, ArrayRef<OpFoldResult> sizes) {
  auto type = cast<RankedTensorType>(value.getType());
  RankedTensorType result = typeOf(sizes, type.getElementType());
  if (llvm::equal(sizesOf(builder, loc, value), sizes, sameSize))
    return value;
  if (result.hasStaticShape())
    if (Value constant = retypeConstant(builder, loc, value, result))
      return constant;
  auto shapeType = RankedTensorType::get({static_cast<int64_t>(sizes.size())}, builder.getIndexType());
  Value shape;
  if (std::optional<SmallVector<int64_t>> ints = getConstantIntValues(sizes)) {
    shape = arith::ConstantOp::create(builder, loc, shapeType, builder.getIndexTensorAttr(*ints));
  } else {
    SmallVector<Value> elements;
    for (OpFoldResult size : sizes)
      elements.push_back(asIndex(builder, loc, size));
    shape = tensor::FromElementsOp::create(builder, loc, shapeType, elements);
  }
  return tensor::ReshapeOp::create(builder, loc, result, value, shape);
}

/// Sets result 0 to operand 0 in another shape; tracked elements go along.
static LogicalResult setReshaped(NodeLowering &node, ArrayRef<OpFoldResult> sizes) {
  std::optional<ElementList> list = node.elements(node.operand(0));
  RankedTensorType type = typeOf(sizes, node.operandType(0).getElementType());
  if (list && type.hasStaticShape() && type.getRank() <= 1 &&
      type.getNumElements() == static_cast<int64_t>(list->size()))
    node.setElements(0, type, *list);
  else
    node.setResult(0, reshapeTo(node.builder(), node.loc(), node.operand(0), sizes));
  return success();
}

/// Axes of Squeeze and Unsqueeze, from the attribute or the second input, normalised where the rank is known and
/// sorted; those that are refused are left out. Fails where they are not known.
static FailureOr<std::optional<SmallVector<int64_t>>> axesOf(NodeLowering &node, bool adds) {
  auto axes = node.constantList(1, "axes", Limit::KnownAxes);
  if (failed(axes) || !*axes)
    return axes;
  RankedTensorType type = node.operandType(0);
  int64_t rank = (type ? type.getRank() : 0) + (adds ? (*axes)->size() : 0);
  SmallVector<int64_t> dims;
  for (int64_t axis : **axes) {
    std::optional<int64_t> dim = type ? normaliseAxis(axis, rank) : axis;
    if (!dim)
      (void)node.refuse("expects axes from " + Twine(-rank) + " to " + Twine(rank - 1) + ", found " + Twine(axis));
    else if (llvm::is_contained(dims, *dim))
      (void)node.refuse("expects each axis once, found " + Twine(axis) + " again");
    else
      dims.push_back(*dim);
  }
  llvm::sort(dims);
  return std::optional(dims);
}

LogicalResult lowerUnsqueeze(NodeLowering &node) {
  auto axes = axesOf(node, /*adds=*/true);
  if (failed(node.accepted()))
    return failure();
  SmallVector<OpFoldResult> sizes = sizesOf(node.builder(), node.loc(), node.operand(0));
  for (int64_t axis : **axes)
    sizes.insert(sizes.begin() + axis, node.builder().getIndexAttr(1));
  return setReshaped(node, sizes);
}

LogicalResult lowerSqueeze(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  auto axes = axesOf(node, /*adds=*/false);
  RankedTensorType type = node.operandType(0);
  if (type && succeeded(axes) && *axes)
    for (int64_t dim : **axes)
      if (!type.isDynamicDim(dim) && type.getDimSize(dim) != 1)
        (void)node.refuse("expects size 1 in dimension " + Twine(dim) + ", found " + llvm::formatv("{0}", type));
  if (failed(node.accepted()))
    return failure();
  // Without axes the rank follows from the sizes. Those that are not known are taken to be larger than 1, unless the
  // model says otherwise with the rank of the result.
  bool dropsUnknown = false;
  if (!*axes && !type.hasStaticShape()) {
    int64_t unknown = type.getNumDynamicDims(), ones = llvm::count(type.getShape(), 1);
    auto declared = dyn_cast<RankedTensorType>(node.op().getOutputs()[0].getType());
    dropsUnknown = declared && declared.getRank() == type.getRank() - ones - unknown;
    if (declared && !dropsUnknown && declared.getRank() != type.getRank() - ones)
      return node.refuseBeyond(Limit::SqueezedSizes,
                               llvm::formatv("{0} and a result of rank {1}", type, declared.getRank()));
  }
  SmallVector<OpFoldResult> sizes;
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    bool dynamic = type.isDynamicDim(dim);
    bool drops = *axes ? llvm::is_contained(**axes, dim) : dynamic ? dropsUnknown : type.getDimSize(dim) == 1;
    OpFoldResult size = sizeOf(builder, node.loc(), node.operand(0), dim);
    if (!drops)
      sizes.push_back(size);
    if (!dynamic || (*axes && !drops))
      continue;
    auto predicate = drops ? arith::CmpIPredicate::eq : arith::CmpIPredicate::ne;
    Value one = arith::ConstantIndexOp::create(builder, node.loc(), 1);
    node.require(arith::CmpIOp::create(builder, node.loc(), predicate, asIndex(builder, node.loc(), size), one),
                 drops ? "expects size 1 in dimension " + Twine(dim)
                       : "without axes expects a size other than 1 in dimension " + Twine(dim));
  }
  return setReshaped(node, sizes);
}

LogicalResult lowerFlatten(NodeLowering &node) {
  std::optional<int64_t> given = node.intAttr("axis");
  RankedTensorType type = node.operandType(0);
  int64_t rank = type ? type.getRank() : 0;
  if (type && given && (*given < -rank || *given > rank))
    (void)node.refuse("expects an axis from " + Twine(-rank) + " to " + Twine(rank) + ", found " + Twine(*given));
  if (failed(node.accepted()))
    return failure();
  int64_t axis = *given < 0 ? *given + rank : *given;
  SmallVector<OpFoldResult> sizes(2, node.builder().getIndexAttr(1));
  for (int64_t dim = 0; dim < rank; ++dim)
    sizes[dim >= axis] = mulSizes(node.builder(), node.loc(), sizes[dim >= axis],
                                  sizeOf(node.builder(), node.loc(), node.operand(0), dim));
  return setReshaped(node, sizes);
}

/// Reshape to sizes that the model computes: what 0 and -1 stand for is decided at run time.
static LogicalResult reshapeComputed(NodeLowering &node, ArrayRef<OpFoldResult> from, ArrayRef<OpFoldResult> wanted) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  bool allowZero = node.opset() >= 14 && *node.intAttr("allowzero");
  auto index = [&](int64_t value) -> Value { return arith::ConstantIndexOp::create(builder, loc, value); };
  auto compare = [&](arith::CmpIPredicate predicate, Value a, Value b) -> Value {
    return arith::CmpIOp::create(builder, loc, predicate, a, b);
  };
  auto select = [&](Value condition, Value a, Value b) -> Value {
    return arith::SelectOp::create(builder, loc, condition, a, b);
  };
  Value zero = index(0), one = index(1), minusOne = index(-1), limit = index(int64_t(1) << 40);
  Value total = one, part = one, inferred = zero,
        valid = arith::ConstantOp::create(builder, loc, builder.getBoolAttr(true));
  for (OpFoldResult size : from)
    total = arith::MulIOp::create(builder, loc, total, asIndex(builder, loc, size));
  SmallVector<Value> sizes;
  for (auto [dim, given] : llvm::enumerate(wanted)) {
    Value size = asIndex(builder, loc, given);
    if (!allowZero) {
      Value copies = compare(arith::CmpIPredicate::eq, size, zero);
      if (dim < from.size()) {
        size = select(copies, asIndex(builder, loc, from[dim]), size);
      } else {
        Value yes = arith::ConstantOp::create(builder, loc, builder.getBoolAttr(true));
        valid = arith::AndIOp::create(builder, loc, valid, arith::XOrIOp::create(builder, loc, copies, yes));
      }
    }
    valid = arith::AndIOp::create(builder, loc, valid, compare(arith::CmpIPredicate::sge, size, minusOne));
    Value infers = compare(arith::CmpIPredicate::eq, size, minusOne);
    inferred = arith::AddIOp::create(builder, loc, inferred, select(infers, one, zero));
    // Sizes beyond what memory holds are refused first, so that the product of two cannot overflow.
    valid = arith::AndIOp::create(builder, loc, valid, compare(arith::CmpIPredicate::sle, size, limit));
    Value factor = arith::MinSIOp::create(builder, loc,
                                          arith::MaxSIOp::create(builder, loc, select(infers, one, size), zero), limit);
    Value room = arith::DivSIOp::create(builder, loc, limit, arith::MaxSIOp::create(builder, loc, factor, one));
    valid = arith::AndIOp::create(builder, loc, valid, compare(arith::CmpIPredicate::sle, part, room));
    part = arith::MulIOp::create(builder, loc, arith::MinSIOp::create(builder, loc, part, room), factor);
    sizes.push_back(size);
  }
  valid = arith::AndIOp::create(builder, loc, valid, compare(arith::CmpIPredicate::sle, inferred, one));
  Value some = compare(arith::CmpIPredicate::eq, inferred, one);
  Value safe = arith::MaxSIOp::create(builder, loc, part, one);
  Value rest = arith::RemSIOp::create(builder, loc, total, safe),
        quotient = arith::DivSIOp::create(builder, loc, total, safe);
  Value divides = arith::AndIOp::create(builder, loc, compare(arith::CmpIPredicate::eq, rest, zero),
                                        compare(arith::CmpIPredicate::sgt, part, zero));
  Value fits = select(some, divides, compare(arith::CmpIPredicate::eq, part, total));
  node.require(arith::AndIOp::create(builder, loc, valid, fits),
               "expects a shape of as many elements as the input has");
  SmallVector<OpFoldResult> result;
  for (auto [given, size] : llvm::zip(wanted, sizes)) {
    Value filled = select(compare(arith::CmpIPredicate::eq, size, minusOne), quotient, size);
    std::optional<int64_t> known = getConstantIntValue(given);
    result.push_back(known && *known > 0 ? given : OpFoldResult(filled));
  }
  return setReshaped(node, result);
}

/// What is known of the shape that a Reshape wants: its sizes, 1 in place of the one that is inferred.
struct WantedShape {
  SmallVector<OpFoldResult> sizes;
  std::optional<size_t> inferred;
};

/// Reads the wanted sizes with what 0 and -1 stand for; `from` are those of operand 0 where it is known.
static WantedShape readShape(NodeLowering &node, ArrayRef<OpFoldResult> from, ArrayRef<OpFoldResult> wanted) {
  OpBuilder &builder = node.builder();
  std::optional<int64_t> allowZero = node.opset() >= 14 ? node.intAttr("allowzero") : 0;
  WantedShape shape;
  // The wanted sizes may be anyone's: their product is not allowed to wrap.
  int64_t product = 1;
  for (auto [dim, size] : llvm::enumerate(wanted)) {
    std::optional<int64_t> known = getConstantIntValue(size);
    OpFoldResult result = size;
    if (known && *known == 0 && allowZero != 1) {
      if (allowZero && node.operand(0) && dim >= from.size())
        (void)node.refuse("copies dimension " + Twine(dim) + " of a tensor of rank " + Twine(from.size()));
      result = dim < from.size() ? from[dim] : builder.getIndexAttr(1);
    } else if (known && *known == -1) {
      if (shape.inferred)
        (void)node.refuse("expects at most one -1");
      shape.inferred = dim;
      result = builder.getIndexAttr(1);
    } else if (known && *known < -1) {
      (void)node.refuse("expects sizes of at least -1, found " + Twine(*known));
      result = builder.getIndexAttr(1);
    }
    if (std::optional<int64_t> factor = getConstantIntValue(result);
        factor && llvm::MulOverflow(product, *factor, product)) {
      (void)node.refuse("expects a shape of at most 2^63 elements");
      product = 1;
    }
    shape.sizes.push_back(result);
  }
  return shape;
}

LogicalResult lowerReshape(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  FailureOr<std::optional<ElementList>> list = node.listAtRunTime(1, "shape", Limit::KnownLengthOfShape);
  ElementList wanted = succeeded(list) && *list ? **list : ElementList();
  SmallVector<OpFoldResult> from;
  if (Value data = node.operand(0))
    from = sizesOf(builder, loc, data);
  auto [sizes, inferred] = readShape(node, from, wanted);
  if (failed(node.accepted()))
    return failure();
  if (llvm::any_of(wanted, isComputed))
    return reshapeComputed(node, from, wanted);
  // Sizes that both shapes have cancel, so that more of the result is static.
  SmallVector<OpFoldResult> have(from), need;
  for (auto [dim, size] : llvm::enumerate(sizes)) {
    if (inferred == dim)
      continue;
    auto same = llvm::find_if(have, [&](OpFoldResult other) { return sameSize(other, size); });
    if (same != have.end() && !getConstantIntValue(size))
      have.erase(same);
    else
      need.push_back(size);
  }
  OpFoldResult elements = builder.getIndexAttr(1), divisor = elements;
  for (OpFoldResult size : have)
    elements = mulSizes(builder, loc, elements, size);
  for (OpFoldResult size : need) {
    std::optional<int64_t> a = getConstantIntValue(divisor), b = getConstantIntValue(size);
    if (!(a && b) && a != 1 && b != 1) {
      auto wide =
          arith::MulUIExtendedOp::create(builder, loc, asIndex(builder, loc, divisor), asIndex(builder, loc, size));
      node.require(arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, wide.getHigh(),
                                         arith::ConstantIndexOp::create(builder, loc, 0)),
                   "expects a shape of at most 2^63 elements");
      divisor = wide.getLow();
      continue;
    }
    divisor = mulSizes(builder, loc, divisor, size);
  }
  int64_t count = staticOf(elements), given = staticOf(divisor);
  if (count != ShapedType::kDynamic && given != ShapedType::kDynamic) {
    bool fits = inferred ? given != 0 && count % given == 0 : count == given;
    if (!fits)
      return node.refuse("cannot give " + llvm::formatv("{0}", node.operand(0).getType()) + " " + Twine(given) +
                         " elements in the other dimensions");
    if (inferred)
      sizes[*inferred] = builder.getIndexAttr(count / given);
    return setReshaped(node, sizes);
  }
  Value total = asIndex(builder, loc, elements), part = asIndex(builder, loc, divisor);
  if (inferred) {
    Value zero = arith::ConstantIndexOp::create(builder, loc, 0), one = arith::ConstantIndexOp::create(builder, loc, 1);
    Value positive = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sgt, part, zero);
    Value safe = arith::MaxSIOp::create(builder, loc, part, one);
    Value rest = arith::RemSIOp::create(builder, loc, total, safe);
    Value whole = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, rest, zero);
    node.require(arith::AndIOp::create(builder, loc, positive, whole),
                 "expects sizes that divide the number of elements");
    sizes[*inferred] = arith::DivSIOp::create(builder, loc, total, safe).getResult();
  } else {
    node.require(arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, total, part),
                 "expects a shape of as many elements");
  }
  return setReshaped(node, sizes);
}

std::optional<ElementList> sizesFrom(NodeLowering &node, unsigned index, Limit limit) {
  auto list = node.listAtRunTime(index, "", limit);
  if (failed(list) || !*list)
    return std::nullopt;
  for (OpFoldResult size : **list)
    if (std::optional<int64_t> known = getConstantIntValue(size); known && *known < 0)
      (void)node.refuse("expects sizes that are not negative, found " + Twine(*known));
  return *list;
}

LogicalResult lowerConstantOfShape(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  std::optional<ElementList> sizes = sizesFrom(node, 0, Limit::KnownLengthOfShape);
  TypedAttr value = builder.getF32FloatAttr(0);
  if (auto given = dyn_cast_or_null<ElementsAttr>(node.op().getOnnxAttr("value"))) {
    if (given.getNumElements() == 1)
      value = cast<TypedAttr>(*given.value_begin<Attribute>());
    else
      (void)node.refuse("expects a value of one element, found " + llvm::formatv("{0}", given.getType()));
  }
  if (failed(node.accepted()))
    return failure();
  RankedTensorType type = typeOf(*sizes, value.getType());
  if (type.hasStaticShape() && node.mayFoldSplat(type)) {
    node.setResult(
        0, arith::ConstantOp::create(builder, node.loc(), type, SplatElementsAttr::get(type, Attribute(value))));
    return success();
  }
  node.requireRoom(*sizes, value.getType());
  Type element = value.getType();
  if (auto whole = dyn_cast<IntegerAttr>(value))
    value = builder.getIntegerAttr(plainType(element), whole.getValue());
  Value scalar = constantElement(builder, node.loc(), element, value);
  Value empty = tensor::EmptyOp::create(builder, node.loc(), *sizes, element);
  node.setResult(0, linalg::FillOp::create(builder, node.loc(), scalar, empty).getResult(0));
  return success();
}

LogicalResult lowerExpand(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  std::optional<ElementList> wanted = sizesFrom(node, 1, Limit::KnownLengthOfShape);
  if (RankedTensorType type = node.operandType(0); type && wanted)
    for (auto [own, size] : llvm::zip(llvm::reverse(type.getShape()), llvm::reverse(*wanted)))
      if (int64_t to = staticOf(size); !ShapedType::isDynamic(to) && to >= 0 && !joinStatic(own, to))
        (void)node.refuse("cannot expand size " + Twine(own) + " to " + Twine(to));
  if (failed(node.accepted()))
    return failure();
  SmallVector<OpFoldResult> own = sizesOf(builder, node.loc(), node.operand(0));
  SmallVector<OpFoldResult> sizes(std::max(wanted->size(), own.size()), builder.getIndexAttr(1));
  llvm::copy(*wanted, sizes.end() - wanted->size());
  for (size_t dim = 0; dim < own.size(); ++dim) {
    OpFoldResult &size = sizes[sizes.size() - own.size() + dim];
    int64_t a = staticOf(own[dim]), b = staticOf(size);
    if (sameSize(own[dim], size) || a == 1)
      continue;
    if (b == 1) {
      size = own[dim];
    } else if (a == ShapedType::kDynamic || b == ShapedType::kDynamic) {
      Value p = asIndex(builder, node.loc(), own[dim]), q = asIndex(builder, node.loc(), size);
      Value one = arith::ConstantIndexOp::create(builder, node.loc(), 1);
      auto equal = [&](Value l, Value r) -> Value {
        return arith::CmpIOp::create(builder, node.loc(), arith::CmpIPredicate::eq, l, r);
      };
      Value fits = arith::OrIOp::create(builder, node.loc(), equal(p, q), equal(p, one));
      fits = arith::OrIOp::create(builder, node.loc(), fits, equal(q, one));
      node.require(fits, "expects a shape to which the input broadcasts");
      size = arith::SelectOp::create(builder, node.loc(), equal(q, one), p, q).getResult();
    }
  }
  node.requireRoom(sizes, node.operandType(0).getElementType());
  RankedTensorType type = typeOf(sizes, node.operandType(0).getElementType());
  DenseElementsAttr dense;
  if (type.hasStaticShape() && matchPattern(node.operand(0), m_Constant(&dense)) && dense.isSplat() &&
      node.mayFoldSplat(type)) {
    node.setResult(0, arith::ConstantOp::create(builder, node.loc(), type, dense.resizeSplat(type)));
    return success();
  }
  node.setResult(0, broadcastTo(builder, node.loc(), node.operand(0), sizes));
  return success();
}

} // namespace rnn::onnx
