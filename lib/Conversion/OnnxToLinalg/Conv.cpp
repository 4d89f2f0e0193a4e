//===- Conv.cpp - Convolutions and matrix products --------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "OnnxLowering.h"

#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace rnn::onnx {

/// A zero of the element type.
static Value zeroOf(OpBuilder &builder, Location loc, Type type) {
  return arith::ConstantOp::create(builder, loc, builder.getZeroAttr(type));
}

static Value filled(OpBuilder &builder, Location loc, ArrayRef<OpFoldResult> sizes, Type element) {
  Value empty = tensor::EmptyOp::create(builder, loc, sizes, element);
  return linalg::FillOp::create(builder, loc, zeroOf(builder, loc, element), empty).getResult(0);
}

/// acc + a · b of floats or integers.
static void yieldMultiplyAdd(OpBuilder &builder, Location loc, ValueRange values) {
  Value product, sum;
  if (llvm::isa<FloatType>(values[0].getType())) {
    product = arith::MulFOp::create(builder, loc, values[0], values[1]);
    sum = arith::AddFOp::create(builder, loc, values[2], product);
  } else {
    product = arith::MulIOp::create(builder, loc, values[0], values[1]);
    sum = arith::AddIOp::create(builder, loc, values[2], product);
  }
  linalg::YieldOp::create(builder, loc, sum);
}

/// Refuses two static sizes that differ.
static void requireEqual(NodeLowering &node, int64_t a, int64_t b, const Twine &what) {
  if (failed(verifyCompatibleDims({a, b})))
    (void)node.refuse("expects " + what + " to be equal, found " + Twine(a) + " and " + Twine(b));
}

/// Checks at run time that two sizes are equal, where that is not known.
static void requireEqualAtRunTime(NodeLowering &node, OpFoldResult a, OpFoldResult b, const Twine &what) {
  if (sameSize(a, b))
    return;
  node.require(arith::CmpIOp::create(node.builder(), node.loc(), arith::CmpIPredicate::eq,
                                     asIndex(node.builder(), node.loc(), a), asIndex(node.builder(), node.loc(), b)),
               "expects " + what + " to be equal");
}

//===----------------------------------------------------------------------===//
// Conv
//===----------------------------------------------------------------------===//

namespace {
/// Sizes of a convolution over `spatial` dimensions.
struct Window {
  SmallVector<int64_t> kernel, strides, dilations, pads;
  /// Elements from the first to the last that a window reads.
  SmallVector<int64_t> extents;
  SmallVector<OpFoldResult> padBefore, padAfter;
};
} // namespace

/// Reads an attribute that lists `count` values, any number of them where that is not known: absent ones are
/// `fallback`. Refuses values below `least` or beyond the limit. None where they are not known.
static std::optional<SmallVector<int64_t>> readList(NodeLowering &node, StringRef name, std::optional<int64_t> count,
                                                    int64_t fallback, int64_t least) {
  FailureOr<std::optional<SmallVector<int64_t>>> given = node.intsAttr(name);
  if (failed(given) || (!*given && !count))
    return std::nullopt;
  if (!*given)
    return SmallVector<int64_t>(*count, fallback);
  SmallVector<int64_t> &values = **given;
  bool valid = true;
  if (count && static_cast<int64_t>(values.size()) != *count) {
    (void)node.refuse("expects " + Twine(*count) + " values in " + name + ", found " + Twine(values.size()));
    valid = false;
  }
  for (int64_t value : values) {
    if (value < least)
      (void)node.refuse("expects " + name + " of at least " + Twine(least) + ", found " + Twine(value));
    else if (value > bounds::WindowStep)
      (void)node.refuseBeyond(Limit::WindowStep, Twine(value));
    valid &= value >= least && value <= bounds::WindowStep;
  }
  return valid ? std::optional(values) : std::nullopt;
}

/// Reads the sizes of the window over `spatial` dimensions, of which some may not be known, and refuses those that
/// contradict each other.
static Window readWindow(NodeLowering &node, std::optional<int64_t> spatial) {
  Window window;
  RankedTensorType x = node.operandType(0), w = node.operandType(1);
  bool shaped = spatial && w && w.getRank() == *spatial + 2;
  if (shaped)
    window.kernel.assign(w.getShape().begin() + 2, w.getShape().end());
  auto positive = [](int64_t size) { return ShapedType::isDynamic(size) || size >= 1; };
  bool real = llvm::all_of(window.kernel, positive);
  if (!real)
    (void)node.refuse("expects a kernel of at least 1, found " + llvm::formatv("{0}", w));
  // The shape of W is the kernel's.
  FailureOr<std::optional<SmallVector<int64_t>>> kernel = node.intsAttr("kernel_shape");
  if (succeeded(kernel) && *kernel) {
    if (spatial && static_cast<int64_t>((*kernel)->size()) != *spatial)
      (void)node.refuse("expects " + Twine(*spatial) + " values in kernel_shape, found " + Twine((*kernel)->size()));
    else if (shaped && w.hasStaticShape() && **kernel != window.kernel)
      (void)node.refuse("expects kernel_shape to be the shape of W");
  }
  auto strides = readList(node, "strides", spatial, 1, 1), dilations = readList(node, "dilations", spatial, 1, 1),
       pads = readList(node, "pads", spatial ? std::optional(2 * *spatial) : std::nullopt, 0, 0);
  window.strides = strides.value_or(SmallVector<int64_t>());
  window.dilations = dilations.value_or(SmallVector<int64_t>());
  window.pads = pads.value_or(SmallVector<int64_t>());
  if (!shaped || !real || !w.hasStaticShape() || !dilations)
    return window;
  for (int64_t i = 0; i < *spatial; ++i) {
    int64_t size = window.kernel[i], dilation = window.dilations[i];
    if (size - 1 >= bounds::WindowExtent / dilation) {
      (void)node.refuseBeyond(Limit::WindowExtent,
                              "a kernel of " + Twine(size) + " and a dilation of " + Twine(dilation));
      continue;
    }
    window.extents.push_back((size - 1) * dilation + 1);
    std::optional<StringRef> automatic = node.stringAttr("auto_pad");
    bool valid = automatic == "VALID", given = automatic == "NOTSET" && pads;
    if (!x || x.getRank() != *spatial + 2 || x.isDynamicDim(i + 2) || !(valid || given))
      continue;
    int64_t padded = x.getDimSize(i + 2) + (valid ? 0 : (*pads)[i] + (*pads)[i + *spatial]);
    if (window.extents.back() > padded)
      (void)node.refuse("has a window of " + Twine(window.extents.back()) +
                        " elements, larger than the padded input of " + Twine(padded) + " in dimension " +
                        Twine(i + 2));
  }
  return window;
}

/// Finds how many elements are padded, after all checks.
static void computePads(NodeLowering &node, Window &window) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  int64_t spatial = window.kernel.size();
  auto index = [&](int64_t value) -> OpFoldResult { return builder.getIndexAttr(value); };
  window.padBefore = llvm::map_to_vector(ArrayRef(window.pads).take_front(spatial), index);
  window.padAfter = llvm::map_to_vector(ArrayRef(window.pads).drop_front(spatial), index);
  StringRef automatic = *node.stringAttr("auto_pad");
  if (automatic == "VALID") {
    window.padBefore.assign(spatial, index(0));
    window.padAfter.assign(spatial, index(0));
  } else if (automatic != "NOTSET") {
    for (int64_t i = 0; i < spatial; ++i) {
      // As many windows as strides fit into the size.
      int64_t stride = window.strides[i], extent = window.extents[i];
      OpFoldResult size = sizeOf(builder, loc, node.operand(0), i + 2), total = index(extent - 1);
      if (stride != 1) {
        OpFoldResult steps = floorDivSize(builder, loc, addSizes(builder, loc, size, index(-1)), stride);
        total = addSizes(builder, loc, mulSizes(builder, loc, steps, index(stride)), index(extent));
        total = maxSizes(builder, loc, index(0), subSizes(builder, loc, total, size));
      }
      OpFoldResult less = floorDivSize(builder, loc, total, 2), more = subSizes(builder, loc, total, less);
      bool upper = automatic == "SAME_UPPER";
      window.padBefore[i] = upper ? less : more;
      window.padAfter[i] = upper ? more : less;
    }
  }
}

/// X with zeros around its spatial dimensions.
static Value padded(OpBuilder &builder, Location loc, Value x, const Window &window) {
  auto none = [](OpFoldResult pad) { return staticOf(pad) == 0; };
  if (llvm::all_of(window.padBefore, none) && llvm::all_of(window.padAfter, none))
    return x;
  auto type = cast<RankedTensorType>(x.getType());
  SmallVector<OpFoldResult> sizes = sizesOf(builder, loc, x), own = sizes;
  SmallVector<OpFoldResult> offsets(type.getRank(), builder.getIndexAttr(0)),
      strides(type.getRank(), builder.getIndexAttr(1));
  for (size_t i = 0; i < window.padBefore.size(); ++i) {
    sizes[i + 2] =
        addSizes(builder, loc, sizes[i + 2], addSizes(builder, loc, window.padBefore[i], window.padAfter[i]));
    offsets[i + 2] = window.padBefore[i];
  }
  Value around = filled(builder, loc, sizes, type.getElementType());
  // A slice op has to begin inside even where it is empty.
  if (llvm::is_contained(type.getShape(), 0))
    return around;
  return tensor::InsertSliceOp::create(builder, loc, x, around, offsets, own, strides);
}

/// Checks X, W and B, and returns the number of spatial dimensions where that is known.
static std::optional<int64_t> checkConvOperands(NodeLowering &node) {
  RankedTensorType x = node.operandType(0), w = node.operandType(1);
  auto tooSmall = [](RankedTensorType type) { return type && type.getRank() < 3; };
  bool ranked = !tooSmall(x) && !tooSmall(w) && (!x || !w || x.getRank() == w.getRank());
  if (!ranked)
    (void)node.refuse("expects X [N, C, …] and W of the same rank, found " + node.typesOf({0, 1}));
  else if ((w && !w.hasStaticShape()) || (x && x.isDynamicDim(1)))
    (void)node.refuseBeyond(Limit::KnownChannels, node.typesOf({0, 1}));
  auto wrong = [](Type element) { return element && !element.isF32(); };
  if (wrong(node.elementType(0)) || wrong(node.elementType(1)))
    (void)node.refuseBeyond(Limit::F32, node.typesOf({0, 1}));
  // A size that is not known fits.
  auto size = [&](RankedTensorType type, unsigned dim) {
    return type && ranked ? type.getDimSize(dim) : ShapedType::kDynamic;
  };
  int64_t channels = size(x, 1), filters = size(w, 0), each = size(w, 1);
  if (std::optional<int64_t> group = node.intAttr("group")) {
    auto divides = [&](int64_t count) { return ShapedType::isDynamic(count) || count % *group == 0; };
    bool fits = *group >= 1 && divides(channels) && divides(filters) &&
                (ShapedType::isDynamic(channels) || succeeded(verifyCompatibleDims({channels / *group, each})));
    std::string found = x ? llvm::formatv("X {0}", x).str() : "";
    if (w)
      found += llvm::formatv("{0}W {1}", x ? ", " : "", w).str();
    if (!fits)
      (void)node.refuse("expects groups that divide the channels, found " + found +
                        (x || w ? " and group " : "group ") + Twine(*group));
  }
  if (RankedTensorType bias = node.operandType(2)) {
    if (bias.getRank() != 1 || failed(verifyCompatibleDims({bias.getDimSize(0), filters})))
      (void)node.refuse("expects B of " +
                        (ShapedType::isDynamic(filters) ? "one dimension" : std::to_string(filters) + " elements") +
                        ", found " + llvm::formatv("{0}", bias));
    if (wrong(node.elementType(2)))
      (void)node.refuseBeyond(Limit::F32, llvm::formatv("{0} as B", bias));
  }
  if (!ranked || (!x && !w))
    return std::nullopt;
  return (x ? x : w).getRank() - 2;
}

LogicalResult lowerConv(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  RankedTensorType x = node.operandType(0), w = node.operandType(1);
  std::optional<int64_t> dimensions = checkConvOperands(node);
  Window window = readWindow(node, dimensions);
  if (failed(node.accepted()))
    return failure();
  computePads(node, window);
  int64_t spatial = *dimensions, group = *node.intAttr("group"), channels = x.getDimSize(1), filters = w.getDimSize(0);
  Value bias = node.operand(2);
  Value input = padded(builder, loc, node.operand(0), window);

  // [N, G, C/G, …] and [G, M/G, C/G, …] give [N, G, M/G, …].
  SmallVector<OpFoldResult> in = sizesOf(builder, loc, input), outer = {in[0], builder.getIndexAttr(group)},
                            out = outer;
  outer.push_back(builder.getIndexAttr(channels / group));
  out.push_back(builder.getIndexAttr(filters / group));
  SmallVector<OpFoldResult> result = {in[0], builder.getIndexAttr(filters)};
  for (int64_t i = 0; i < spatial; ++i) {
    outer.push_back(in[i + 2]);
    int64_t extent = window.extents[i];
    OpFoldResult room = subSizes(builder, loc, in[i + 2], builder.getIndexAttr(extent));
    // With `auto_pad` the pads follow from the size.
    if (staticOf(room) != ShapedType::kDynamic && staticOf(room) < 0) {
      (void)node.refuse("has a window of " + Twine(extent) + " elements, larger than the padded input in dimension " +
                        Twine(i + 2));
      continue;
    }
    if (staticOf(room) == ShapedType::kDynamic)
      node.require(arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sge, asIndex(builder, loc, room),
                                         arith::ConstantIndexOp::create(builder, loc, 0)),
                   "has a window larger than the padded input");
    OpFoldResult count =
        addSizes(builder, loc, floorDivSize(builder, loc, room, window.strides[i]), builder.getIndexAttr(1));
    out.push_back(count);
    result.push_back(count);
  }
  if (failed(node.accepted()))
    return failure();
  SmallVector<OpFoldResult> weightSizes = {builder.getIndexAttr(group), builder.getIndexAttr(filters / group)};
  for (int64_t size : w.getShape().drop_front())
    weightSizes.push_back(builder.getIndexAttr(size));
  Value grouped = reshapeTo(builder, loc, input, outer), weight = reshapeTo(builder, loc, node.operand(1), weightSizes);

  // Loops n, g, m, c, k…, s…: the innermost one is parallel, and contiguous where the stride is 1.
  int64_t loops = 4 + 2 * spatial;
  auto dim = [&](int64_t i) { return builder.getAffineDimExpr(i); };
  SmallVector<AffineExpr> xExprs = {dim(0), dim(1), dim(3)}, wExprs = {dim(1), dim(2), dim(3)},
                          yExprs = {dim(0), dim(1), dim(2)};
  SmallVector<utils::IteratorType> iterators(loops, utils::IteratorType::parallel);
  iterators[3] = utils::IteratorType::reduction;
  for (int64_t i = 0; i < spatial; ++i) {
    AffineExpr k = dim(4 + i), s = dim(4 + spatial + i);
    xExprs.push_back(s * window.strides[i] + k * window.dilations[i]);
    wExprs.push_back(k);
    yExprs.push_back(s);
    iterators[4 + i] = utils::IteratorType::reduction;
  }
  auto map = [&](ArrayRef<AffineExpr> exprs) { return AffineMap::get(loops, 0, exprs, builder.getContext()); };
  auto generic = linalg::GenericOp::create(builder, loc, typeOf(out, x.getElementType()), ValueRange{grouped, weight},
                                           ValueRange{filled(builder, loc, out, x.getElementType())},
                                           ArrayRef<AffineMap>{map(xExprs), map(wExprs), map(yExprs)}, iterators,
                                           yieldMultiplyAdd);
  Value y = reshapeTo(builder, loc, generic.getResult(0), result);
  if (bias) {
    requireEqualAtRunTime(node, builder.getIndexAttr(filters), sizeOf(builder, loc, bias, 0),
                          "filters and elements of B");
    SmallVector<OpFoldResult> column(spatial + 1, builder.getIndexAttr(1));
    column[0] = builder.getIndexAttr(filters);
    y = elementwise(node, {y, reshapeTo(builder, loc, bias, column)}, x.getElementType(),
                    [](OpBuilder &builder, Location loc, ValueRange in) -> Value {
                      return arith::AddFOp::create(builder, loc, in[0], in[1]);
                    });
  }
  node.setResult(0, y);
  return success();
}

//===----------------------------------------------------------------------===//
// MatMul and Gemm
//===----------------------------------------------------------------------===//

/// Checks the operands of a MatMul.
static void checkMatMul(NodeLowering &node) {
  std::array<RankedTensorType, 2> types = {node.operandType(0), node.operandType(1)};
  Type first = node.elementType(0), second = node.elementType(1);
  auto isBool = [](Type element) { return element && element.isInteger(1); };
  if (isBool(first) || isBool(second) || (first && second && first != second))
    (void)node.refuse("expects numbers of one type, found " + node.typesOf({0, 1}));
  for (RankedTensorType type : types)
    if (type && type.getRank() == 0)
      (void)node.refuse("expects operands of rank 1 or more");
  if (!types[0] || !types[1] || types[0].getRank() == 0 || types[1].getRank() == 0)
    return;
  ArrayRef<int64_t> a = types[0].getShape(), b = types[1].getShape();
  requireEqual(node, a.back(), b[b.size() == 1 ? 0 : b.size() - 2], "columns of A and rows of B");
  // Batch dimensions: of size 1 in one operand, or equal.
  ArrayRef<int64_t> left = a.drop_back(std::min<size_t>(a.size(), 2)),
                    right = b.drop_back(std::min<size_t>(b.size(), 2));
  for (auto [l, r] : llvm::zip(llvm::reverse(left), llvm::reverse(right)))
    if (!joinStatic(l, r))
      (void)node.refuse("expects batch sizes that broadcast, found " + node.typesOf({0, 1}));
}

LogicalResult lowerMatMul(NodeLowering &node) {
  checkMatMul(node);
  if (failed(node.accepted()))
    return failure();
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  Value a = node.operand(0), b = node.operand(1);
  Type element = node.elementType(0);
  SmallVector<OpFoldResult> left = sizesOf(builder, loc, a), right = sizesOf(builder, loc, b);
  bool row = left.size() == 1, column = right.size() == 1;
  if (row)
    left.insert(left.begin(), builder.getIndexAttr(1));
  if (column)
    right.push_back(builder.getIndexAttr(1));
  a = reshapeTo(builder, loc, a, left);
  b = reshapeTo(builder, loc, b, right);
  requireEqualAtRunTime(node, left.back(), right[right.size() - 2], "columns of A and rows of B");
  size_t batch = std::max(left.size(), right.size()) - 2;
  SmallVector<OpFoldResult> sizes;
  SmallVector<AffineExpr> aExprs, bExprs, yExprs;
  std::array<bool, 2> spreads = {};
  for (size_t i = 0; i < batch; ++i) {
    auto own = [&](ArrayRef<OpFoldResult> of) {
      return i + of.size() >= batch + 2 ? of[i + of.size() - batch - 2] : OpFoldResult(builder.getIndexAttr(1));
    };
    OpFoldResult l = own(left), r = own(right);
    AffineExpr dim = builder.getAffineDimExpr(i), zero = builder.getAffineConstantExpr(0);
    bool lOne = staticOf(l) == 1, rOne = staticOf(r) == 1;
    OpFoldResult joint = joinSizes(node, l, r);
    spreads[0] |= !lOne && !sameSize(l, joint) && staticOf(l) == ShapedType::kDynamic;
    spreads[1] |= !rOne && !sameSize(r, joint) && staticOf(r) == ShapedType::kDynamic;
    if (i + left.size() >= batch + 2)
      aExprs.push_back(lOne ? zero : dim);
    if (i + right.size() >= batch + 2)
      bExprs.push_back(rOne ? zero : dim);
    yExprs.push_back(dim);
    sizes.push_back(joint);
  }
  // What may be of size 1 at run time only is written out.
  auto spread = [&](Value value, ArrayRef<OpFoldResult> own, SmallVectorImpl<AffineExpr> &exprs) {
    SmallVector<OpFoldResult> full(sizes);
    full.append(own.end() - 2, own.end());
    exprs.assign(yExprs.begin(), yExprs.end());
    return broadcastTo(builder, loc, value, full);
  };
  if (spreads[0])
    a = spread(a, left, aExprs);
  if (spreads[1])
    b = spread(b, right, bExprs);
  AffineExpr m = builder.getAffineDimExpr(batch), k = builder.getAffineDimExpr(batch + 1),
             n = builder.getAffineDimExpr(batch + 2);
  aExprs.append({m, k});
  bExprs.append({k, n});
  yExprs.append({m, n});
  sizes.append({left[left.size() - 2], right.back()});
  SmallVector<utils::IteratorType> iterators(batch + 3, utils::IteratorType::parallel);
  iterators[batch + 1] = utils::IteratorType::reduction;
  auto map = [&](ArrayRef<AffineExpr> exprs) { return AffineMap::get(batch + 3, 0, exprs, builder.getContext()); };
  auto generic = linalg::GenericOp::create(
      builder, loc, typeOf(sizes, element), ValueRange{a, b}, ValueRange{filled(builder, loc, sizes, element)},
      ArrayRef<AffineMap>{map(aExprs), map(bExprs), map(yExprs)}, iterators, yieldMultiplyAdd);
  if (column)
    sizes.erase(sizes.end() - 1);
  if (row)
    sizes.erase(sizes.begin() + batch);
  node.setResult(0, reshapeTo(builder, loc, generic.getResult(0), sizes));
  return success();
}

/// C of Gemm broadcasts to the product, of `sizes`; the product never broadcasts to C. A check at run time of what is
/// not known.
static void requireBroadcastTo(NodeLowering &node, Value c, ArrayRef<OpFoldResult> sizes) {
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
    node.require(arith::OrIOp::create(builder, loc, equals(size), equals(builder.getIndexAttr(1))),
                 "expects C that broadcasts to the product");
  }
}

/// Checks the operands of a Gemm, which are transposed if that is known.
static void checkGemm(NodeLowering &node, std::optional<int64_t> transA, std::optional<int64_t> transB) {
  RankedTensorType a = node.operandType(0), b = node.operandType(1), c = node.operandType(2);
  Type first = node.elementType(0), second = node.elementType(1), third = node.elementType(2);
  auto wrong = [](RankedTensorType type) { return type && type.getRank() != 2; };
  bool differ = first && second && first != second, ranked = !wrong(a) && !wrong(b);
  if (!ranked || differ)
    (void)node.refuse("expects two matrices of one type, found " + node.typesOf({0, 1}));
  Type element = first ? first : second;
  if (!differ && element && !llvm::isa<FloatType>(element))
    (void)node.refuseBeyond(Limit::FloatElements, llvm::formatv("{0}", element));
  else if (!differ && element && third && third != element)
    (void)node.refuse("expects C of the type of A and B, found " + llvm::formatv("{0}", c));
  // Sizes that are not known fit.
  auto size = [&](RankedTensorType type, std::optional<int64_t> transposed, bool column) {
    return type && transposed && ranked ? type.getDimSize(column != bool(*transposed)) : ShapedType::kDynamic;
  };
  requireEqual(node, size(a, transA, true), size(b, transB, false), "inner sizes of A and B");
  if (c && c.getRank() > 2)
    (void)node.refuse("expects C of rank 2 or less, found " + llvm::formatv("{0}", c));
  else if (c)
    for (auto [own, whole] :
         llvm::zip(llvm::reverse(c.getShape()), std::array{size(b, transB, true), size(a, transA, false)}))
      if (own != 1 && own != whole && !ShapedType::isDynamic(own) && !ShapedType::isDynamic(whole))
        (void)node.refuse("expects C that broadcasts to the product, found " + llvm::formatv("{0}", c));
}

LogicalResult lowerGemm(NodeLowering &node) {
  checkGemm(node, node.intAttr("transA"), node.intAttr("transB"));
  if (failed(node.accepted()))
    return failure();
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  Value a = node.operand(0), b = node.operand(1), c = node.operand(2);
  Type element = node.elementType(0);
  bool transA = *node.intAttr("transA"), transB = *node.intAttr("transB");
  SmallVector<OpFoldResult> left = sizesOf(builder, loc, a), right = sizesOf(builder, loc, b);
  requireEqualAtRunTime(node, left[!transA], right[transB], "inner sizes of A and B");
  SmallVector<OpFoldResult> sizes = {left[transA], right[!transB]};
  if (c)
    requireBroadcastTo(node, c, sizes);
  AffineExpr m = builder.getAffineDimExpr(0), k = builder.getAffineDimExpr(1), n = builder.getAffineDimExpr(2);
  auto map = [&](AffineExpr first, AffineExpr second) {
    return AffineMap::get(3, 0, {first, second}, builder.getContext());
  };
  SmallVector<utils::IteratorType> iterators = {utils::IteratorType::parallel, utils::IteratorType::reduction,
                                                utils::IteratorType::parallel};
  auto generic = linalg::GenericOp::create(
      builder, loc, typeOf(sizes, element), ValueRange{a, b}, ValueRange{filled(builder, loc, sizes, element)},
      ArrayRef<AffineMap>{transA ? map(k, m) : map(m, k), transB ? map(n, k) : map(k, n), map(m, n)}, iterators,
      yieldMultiplyAdd);
  Value y = generic.getResult(0);
  float alpha = node.floatAttr("alpha"), beta = node.floatAttr("beta");
  auto scaled = [&](OpBuilder &builder, Location loc, Value value, float factor) -> Value {
    if (factor == 1)
      return value;
    Value constant = arith::ConstantOp::create(builder, loc, builder.getFloatAttr(element, factor));
    return arith::MulFOp::create(builder, loc, value, constant);
  };
  // As in BLAS, c is not read where nothing of it counts: it may hold NaN.
  if (beta == 0)
    c = nullptr;
  if (c || alpha != 1) {
    SmallVector<Value> operands = {y};
    if (c)
      operands.push_back(c);
    y = elementwise(node, operands, element, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
      Value product = scaled(builder, loc, in[0], alpha);
      return c ? Value(arith::AddFOp::create(builder, loc, product, scaled(builder, loc, in[1], beta))) : product;
    });
  }
  node.setResult(0, y);
  return success();
}

} // namespace rnn::onnx
