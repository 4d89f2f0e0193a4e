//===- Conv.cpp - Convolutions ----------------------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "OnnxLowering.h"

#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace rnn::onnx {

/// Checks X, W and B, and returns the number of spatial dimensions where that is known.
static std::optional<int64_t> checkConvOperands(NodeLowering &node) {
  RankedTensorType x = node.operandType(0), w = node.operandType(1);
  auto tooSmall = [](RankedTensorType type) { return type && type.getRank() < 3; };
  bool ranked = !tooSmall(x) && !tooSmall(w) && (!x || !w || x.getRank() == w.getRank());
  if (!ranked)
    (void)node.refuse("expects X [N, C, …] and W of the same rank, found " + node.typesOf({0, 1}));
  else if ((w && !w.hasStaticShape()) || (x && x.isDynamicDim(1)))
    (void)node.refuseBeyond(Limit::KnownChannels, node.typesOf({0, 1}));
  requireFloats(node, {0, 1, 2});
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
  }
  if (!ranked || (!x && !w))
    return std::nullopt;
  return (x ? x : w).getRank() - 2;
}

/// The kernel of W over `spatial` dimensions, empty where it is not known; `kernel_shape` has to be the same.
static SmallVector<int64_t> kernelOf(NodeLowering &node, std::optional<int64_t> spatial) {
  RankedTensorType w = node.operandType(1);
  SmallVector<int64_t> kernel;
  bool shaped = spatial && w && w.getRank() == *spatial + 2;
  if (shaped)
    kernel.assign(w.getShape().begin() + 2, w.getShape().end());
  auto positive = [](int64_t size) { return ShapedType::isDynamic(size) || size >= 1; };
  bool real = llvm::all_of(kernel, positive);
  if (!real)
    (void)node.refuse("expects a kernel of at least 1, found " + llvm::formatv("{0}", w));
  // The shape of W is the kernel's.
  FailureOr<std::optional<SmallVector<int64_t>>> given = node.intsAttr("kernel_shape");
  if (succeeded(given) && *given) {
    if (spatial && static_cast<int64_t>((*given)->size()) != *spatial)
      (void)node.refuse("expects " + Twine(*spatial) + " values in kernel_shape, found " + Twine((*given)->size()));
    else if (shaped && w.hasStaticShape() && **given != kernel)
      (void)node.refuse("expects kernel_shape to be the shape of W");
  }
  return shaped && real && w.hasStaticShape() ? kernel : SmallVector<int64_t>();
}

/// `y` [N, M, …] with a bias for each of its filters.
static Value withBias(NodeLowering &node, Value y, Value bias, int64_t filters) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  auto type = cast<RankedTensorType>(y.getType());
  requireEqualAtRunTime(node, builder.getIndexAttr(filters), sizeOf(builder, loc, bias, 0),
                        "filters and elements of B");
  SmallVector<OpFoldResult> column(type.getRank() - 1, builder.getIndexAttr(1));
  column[0] = builder.getIndexAttr(filters);
  return elementwise(node, {y, reshapeTo(builder, loc, bias, column)}, type.getElementType(),
                     [](OpBuilder &builder, Location loc, ValueRange in) -> Value {
                       return arith::AddFOp::create(builder, loc, in[0], in[1]);
                     });
}

/// Whether windows are written out one by one, to be multiplied by all filters at once: where the outputs along the
/// last dimension are no vectors of neighbours.
static bool writesWindows(const Window &window, ArrayRef<OpFoldResult> counts, int64_t filters) {
  constexpr int64_t kVector = 8;
  int64_t last = staticOf(counts.back());
  return filters >= kVector && (window.strides.back() != 1 || (last != ShapedType::kDynamic && last < kVector));
}

/// The product of the windows of `input` [N, C, …], already padded, as rows and the filters as columns: [N, G, M/G, …].
static Value multiplyWindows(NodeLowering &node, Value input, const Window &window, ArrayRef<OpFoldResult> counts,
                             int64_t group) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  RankedTensorType x = cast<RankedTensorType>(input.getType()), w = node.operandType(1);
  Type element = x.getElementType();
  int64_t spatial = counts.size(), each = x.getDimSize(1) / group, filters = w.getDimSize(0) / group, taps = each;
  for (int64_t size : window.kernel)
    taps *= size;
  auto index = [&](int64_t value) -> OpFoldResult { return builder.getIndexAttr(value); };
  // [N, G, S…, C/G, K…]
  SmallVector<OpFoldResult> sizes = {sizeOf(builder, loc, input, 0), index(group)}, flat = sizes, product = sizes,
                            result = sizes;
  sizes.append(counts.begin(), counts.end());
  sizes.push_back(index(each));
  for (int64_t size : window.kernel)
    sizes.push_back(index(size));
  OpFoldResult places = index(1);
  for (OpFoldResult count : counts)
    places = mulSizes(builder, loc, places, count);
  Value windows = generate(builder, loc, sizes, element, [&](OpBuilder &inner, Location loc, ValueRange at) -> Value {
    auto constant = [&](int64_t value) -> Value { return arith::ConstantIndexOp::create(inner, loc, value); };
    Value channel = arith::MulIOp::create(inner, loc, at[1], constant(each));
    SmallVector<Value> from = {at[0], arith::AddIOp::create(inner, loc, channel, at[2 + spatial])};
    for (int64_t i = 0; i < spatial; ++i) {
      Value begin = arith::MulIOp::create(inner, loc, at[2 + i], constant(window.strides[i]));
      Value tap = arith::MulIOp::create(inner, loc, at[3 + spatial + i], constant(window.dilations[i]));
      from.push_back(arith::AddIOp::create(inner, loc, begin, tap));
    }
    return tensor::ExtractOp::create(inner, loc, input, from);
  });
  flat.append({places, index(taps)});
  Value rows = reshapeTo(builder, loc, windows, flat);
  Value columns = transposed(
      node, reshapeTo(builder, loc, node.operand(1), {index(group), index(filters), index(taps)}), {0, 2, 1});
  product.append({places, index(filters)});
  // Loops n, g, s, c, m.
  auto map = [&](ArrayRef<unsigned> dims) {
    return AffineMap::getMultiDimMapWithTargets(5, dims, builder.getContext());
  };
  SmallVector<utils::IteratorType> iterators(5, utils::IteratorType::parallel);
  iterators[3] = utils::IteratorType::reduction;
  auto sums = linalg::GenericOp::create(builder, loc, typeOf(product, element), ValueRange{rows, columns},
                                        ValueRange{filled(builder, loc, product, element)},
                                        ArrayRef<AffineMap>{map({0, 1, 2, 3}), map({1, 3, 4}), map({0, 1, 2, 4})},
                                        iterators, yieldMultiplyAdd);
  return transposed(node, sums.getResult(0), {0, 1, 3, 2});
}

/// The windows of `grouped` [N, G, C/G, …], already padded, times the filters: an array of `out`, [N, G, M/G, …].
static Value slideWindows(NodeLowering &node, Value grouped, const Window &window, ArrayRef<OpFoldResult> out,
                          int64_t group) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  RankedTensorType w = node.operandType(1);
  int64_t spatial = window.kernel.size();
  SmallVector<OpFoldResult> weightSizes = {builder.getIndexAttr(group), builder.getIndexAttr(w.getDimSize(0) / group)};
  for (int64_t size : w.getShape().drop_front())
    weightSizes.push_back(builder.getIndexAttr(size));
  Value weight = reshapeTo(builder, loc, node.operand(1), weightSizes);

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
  auto generic = linalg::GenericOp::create(builder, loc, typeOf(out, w.getElementType()), ValueRange{grouped, weight},
                                           ValueRange{filled(builder, loc, out, w.getElementType())},
                                           ArrayRef<AffineMap>{map(xExprs), map(wExprs), map(yExprs)}, iterators,
                                           yieldMultiplyAdd);
  return generic.getResult(0);
}

LogicalResult lowerConv(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  RankedTensorType x = node.operandType(0), w = node.operandType(1);
  std::optional<int64_t> dimensions = checkConvOperands(node);
  Window window = readWindow(node, dimensions, kernelOf(node, dimensions));
  requireRoomForWindow(node, dimensions, window);
  if (failed(node.accepted()))
    return failure();
  computePads(node, window);
  int64_t spatial = *dimensions, group = *node.intAttr("group"), channels = x.getDimSize(1), filters = w.getDimSize(0);
  Value bias = node.operand(2);
  FailureOr<SmallVector<OpFoldResult>> counts = countWindows(node, node.operand(0), window, /*ceil=*/false);
  if (failed(counts))
    return failure();
  Value input =
      padded(builder, loc, node.operand(0), window.padBefore, window.padAfter, builder.getZeroAttr(x.getElementType()));

  // [N, G, C/G, …] and [G, M/G, C/G, …] give [N, G, M/G, …].
  SmallVector<OpFoldResult> in = sizesOf(builder, loc, input), outer = {in[0], builder.getIndexAttr(group)},
                            out = outer;
  outer.push_back(builder.getIndexAttr(channels / group));
  out.push_back(builder.getIndexAttr(filters / group));
  SmallVector<OpFoldResult> result = {in[0], builder.getIndexAttr(filters)};
  for (int64_t i = 0; i < spatial; ++i) {
    outer.push_back(in[i + 2]);
    out.push_back((*counts)[i]);
    result.push_back((*counts)[i]);
  }
  Value y = writesWindows(window, *counts, filters / group)
                ? multiplyWindows(node, input, window, *counts, group)
                : slideWindows(node, reshapeTo(builder, loc, input, outer), window, out, group);
  y = reshapeTo(builder, loc, y, result);
  node.setResult(0, bias ? withBias(node, y, bias, filters) : y);
  return success();
}

//===----------------------------------------------------------------------===//
// ConvTranspose
//===----------------------------------------------------------------------===//

/// Checks X [N, C, …], W [C, M/G, …] and B, and returns the number of spatial dimensions where that is known.
static std::optional<int64_t> checkTransposedOperands(NodeLowering &node) {
  RankedTensorType x = node.operandType(0), w = node.operandType(1), b = node.operandType(2);
  auto tooSmall = [](RankedTensorType type) { return type && type.getRank() < 3; };
  requireFloats(node, {0, 1, 2});
  if (tooSmall(x) || tooSmall(w) || (x && w && x.getRank() != w.getRank())) {
    (void)node.refuse("expects X [N, C, …] and W of the same rank, found " + node.typesOf({0, 1}));
    return std::nullopt;
  }
  if ((w && !w.hasStaticShape()) || (x && x.isDynamicDim(1)))
    (void)node.refuseBeyond(Limit::KnownChannels, node.typesOf({0, 1}));
  std::optional<int64_t> group = node.intAttr("group");
  if (group && *group < 1)
    (void)node.refuse("expects at least one group, found " + Twine(*group));
  else if (group && w && !w.isDynamicDim(0) &&
           (w.getDimSize(0) % *group || (x && failed(verifyCompatibleDims({x.getDimSize(1), w.getDimSize(0)})))))
    (void)node.refuse("expects groups that divide the channels of X and W, found " + node.typesOf({0, 1}));
  if (b && (b.getRank() != 1 || (group && w && !w.isDynamicDim(1) &&
                                 failed(verifyCompatibleDims({b.getDimSize(0), w.getDimSize(1) * *group})))))
    (void)node.refuse("expects B of one element for each filter, found " + llvm::formatv("{0}", b));
  if (!x && !w)
    return std::nullopt;
  return (x ? x : w).getRank() - 2;
}

LogicalResult lowerConvTranspose(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  std::optional<int64_t> dimensions = checkTransposedOperands(node);
  Window window = readWindow(node, dimensions, kernelOf(node, dimensions));
  auto behind = readList(node, "output_padding", dimensions, 0, 0);
  FailureOr<std::optional<SmallVector<int64_t>>> shape = node.intsAttr("output_shape");
  if (dimensions && succeeded(shape) && *shape && static_cast<int64_t>((*shape)->size()) != *dimensions)
    (void)node.refuse("expects " + Twine(*dimensions) + " values in output_shape, found " + Twine((*shape)->size()));
  if (failed(node.accepted()))
    return failure();
  RankedTensorType x = node.operandType(0), w = node.operandType(1);
  Type element = x.getElementType();
  int64_t spatial = *dimensions, group = *node.intAttr("group"), channels = w.getDimSize(0), each = w.getDimSize(1);
  StringRef automatic = *node.stringAttr("auto_pad");
  auto index = [&](int64_t value) -> OpFoldResult { return builder.getIndexAttr(value); };
  SmallVector<OpFoldResult> in = sizesOf(builder, loc, node.operand(0)), full, before, counts;
  for (int64_t i = 0; i < spatial; ++i) {
    // Nothing comes of an input without elements but its padding.
    OpFoldResult steps = subSizes(builder, loc, in[i + 2], index(1));
    OpFoldResult whole = addSizes(builder, loc, mulSizes(builder, loc, steps, index(window.strides[i])),
                                  index(window.extents[i] + (*behind)[i]));
    OpFoldResult count, cut;
    if (*shape || automatic.starts_with("SAME")) {
      count = *shape ? index((**shape)[i]) : mulSizes(builder, loc, in[i + 2], index(window.strides[i]));
      OpFoldResult total = subSizes(builder, loc, whole, count);
      total = maxSizes(builder, loc, total, index(0));
      OpFoldResult half = floorDivSize(builder, loc, total, 2);
      cut = automatic == "SAME_UPPER" ? half : subSizes(builder, loc, total, half);
      if (automatic == "NOTSET" || automatic == "VALID")
        cut = half;
      whole = maxSizes(builder, loc, whole, addSizes(builder, loc, cut, count));
    } else {
      int64_t first = automatic == "VALID" ? 0 : window.pads[i],
              last = automatic == "VALID" ? 0 : window.pads[i + spatial];
      cut = index(first);
      count = subSizes(builder, loc, whole, index(first + last));
    }
    if (staticOf(count) != ShapedType::kDynamic ? staticOf(count) < 0 : false)
      return node.refuse("has pads larger than the output in dimension " + Twine(i + 2));
    if (staticOf(count) == ShapedType::kDynamic)
      node.require(arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sge, asIndex(builder, loc, count),
                                         arith::ConstantIndexOp::create(builder, loc, 0)),
                   "has pads larger than the output");
    full.push_back(whole);
    before.push_back(cut);
    counts.push_back(count);
  }
  // [N, G, C/G, S] and [G, C/G, M/G·K] give [N, G, M/G·K, S]: the window of each input element.
  OpFoldResult places = index(1);
  for (OpFoldResult size : ArrayRef(in).drop_front(2))
    places = mulSizes(builder, loc, places, size);
  int64_t taps = 1;
  for (int64_t size : window.kernel)
    taps *= size;
  SmallVector<OpFoldResult> grouped = {in[0], index(group), index(channels / group), places},
                            kernel = {index(group), index(channels / group), index(each * taps)},
                            product = {in[0], index(group), index(each * taps), places},
                            spread = {in[0], index(group), index(each)}, out = spread,
                            joined = {in[0], index(group * each)}, result = joined;
  for (int64_t size : window.kernel)
    spread.push_back(index(size));
  spread.append(in.begin() + 2, in.end());
  out.append(full), joined.append(full), result.append(counts);
  // Loops n, g, w, c, s.
  auto targets = [&](ArrayRef<unsigned> dims) {
    return AffineMap::getMultiDimMapWithTargets(5, dims, builder.getContext());
  };
  SmallVector<utils::IteratorType> multiplies(5, utils::IteratorType::parallel);
  multiplies[3] = utils::IteratorType::reduction;
  auto windows = linalg::GenericOp::create(
      builder, loc, typeOf(product, element),
      ValueRange{reshapeTo(builder, loc, node.operand(0), grouped), reshapeTo(builder, loc, node.operand(1), kernel)},
      ValueRange{filled(builder, loc, product, element)},
      ArrayRef<AffineMap>{targets({0, 1, 3, 4}), targets({1, 3, 2}), targets({0, 1, 2, 4})}, multiplies,
      yieldMultiplyAdd);
  // They are added where they lie. Loops n, g, m, k…, s….
  int64_t loops = 3 + 2 * spatial;
  auto dim = [&](int64_t i) { return builder.getAffineDimExpr(i); };
  SmallVector<AffineExpr> yExprs = {dim(0), dim(1), dim(2)};
  SmallVector<utils::IteratorType> iterators(loops, utils::IteratorType::reduction);
  iterators[0] = iterators[1] = iterators[2] = utils::IteratorType::parallel;
  for (int64_t i = 0; i < spatial; ++i)
    yExprs.push_back(dim(3 + spatial + i) * window.strides[i] + dim(3 + i) * window.dilations[i]);
  auto generic = linalg::GenericOp::create(
      builder, loc, typeOf(out, element), ValueRange{reshapeTo(builder, loc, windows.getResult(0), spread)},
      ValueRange{filled(builder, loc, out, element)},
      ArrayRef<AffineMap>{builder.getMultiDimIdentityMap(loops),
                          AffineMap::get(loops, 0, yExprs, builder.getContext())},
      iterators, [](OpBuilder &builder, Location loc, ValueRange in) {
        linalg::YieldOp::create(builder, loc, arith::AddFOp::create(builder, loc, in[1], in[0]).getResult());
      });
  Value y = reshapeTo(builder, loc, generic.getResult(0), joined);
  if (!llvm::equal(joined, result, sameSize)) {
    SmallVector<OpFoldResult> offsets(spatial + 2, index(0)), strides(spatial + 2, index(1));
    llvm::copy(before, offsets.begin() + 2);
    y = tensor::ExtractSliceOp::create(builder, loc, typeOf(result, element), y, offsets, result, strides);
  }
  node.setResult(0, node.operand(2) ? withBias(node, y, node.operand(2), group * each) : y);
  return success();
}

//===----------------------------------------------------------------------===//
// Pools
//===----------------------------------------------------------------------===//

/// Reads the window of a pool, after the checks of its elements, and finds how many there are. Fails after a refusal.
static FailureOr<SmallVector<OpFoldResult>> readPool(NodeLowering &node, Window &window) {
  RankedTensorType x = node.operandType(0);
  if (x && x.getRank() < 3)
    (void)node.refuse("expects X [N, C, …], found " + llvm::formatv("{0}", x));
  std::optional<int64_t> spatial = x && x.getRank() >= 3 ? std::optional(x.getRank() - 2) : std::nullopt;
  std::optional<SmallVector<int64_t>> kernel;
  if (node.op().getOnnxAttr("kernel_shape"))
    kernel = readList(node, "kernel_shape", spatial, 1, 1);
  window = readWindow(node, spatial, kernel.value_or(SmallVector<int64_t>()));
  bool ceil = node.intAttr("ceil_mode").value_or(0);
  if (!ceil)
    requireRoomForWindow(node, spatial, window);
  if (failed(node.accepted()))
    return failure();
  computePads(node, window);
  for (auto [before, after, extent] : llvm::zip(window.padBefore, window.padAfter, window.extents))
    for (OpFoldResult pad : {before, after})
      if (staticOf(pad) != ShapedType::kDynamic && staticOf(pad) >= extent)
        (void)node.refuse("expects pads smaller than the window, found " + Twine(staticOf(pad)) + " and " +
                          Twine(extent));
  if (failed(node.accepted()))
    return failure();
  return countWindows(node, node.operand(0), window, ceil);
}

/// Reduces the windows of `x`, around which `initial` counts for nothing, in the type of `initial`.
static Value reduceWindows(NodeLowering &node, Value x, const Window &window, ArrayRef<OpFoldResult> counts,
                           TypedAttr outside, const Reducer &reducer) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  int64_t spatial = counts.size();
  // As far as the last window reaches.
  SmallVector<OpFoldResult> in = sizesOf(builder, loc, x), after, out = {in[0], in[1]};
  for (int64_t i = 0; i < spatial; ++i) {
    OpFoldResult last = mulSizes(builder, loc, subSizes(builder, loc, counts[i], builder.getIndexAttr(1)),
                                 builder.getIndexAttr(window.strides[i]));
    OpFoldResult end = addSizes(builder, loc, last, builder.getIndexAttr(window.extents[i]));
    OpFoldResult have = addSizes(builder, loc, in[i + 2], window.padBefore[i]);
    after.push_back(maxSizes(builder, loc, subSizes(builder, loc, end, have), builder.getIndexAttr(0)));
    out.push_back(counts[i]);
  }
  Value wide = padded(builder, loc, x, window.padBefore, after, outside);
  int64_t loops = 2 + 2 * spatial;
  auto dim = [&](int64_t i) { return builder.getAffineDimExpr(i); };
  // Loops n, c, k…, s…: the array of the kernel's shape only says how far the windows' loops go.
  SmallVector<AffineExpr> xExprs = {dim(0), dim(1)}, kExprs, yExprs = {dim(0), dim(1)};
  SmallVector<utils::IteratorType> iterators(loops, utils::IteratorType::parallel);
  for (int64_t i = 0; i < spatial; ++i) {
    AffineExpr k = dim(2 + i), s = dim(2 + spatial + i);
    xExprs.push_back(s * window.strides[i] + k * window.dilations[i]);
    kExprs.push_back(k);
    yExprs.push_back(s);
    iterators[2 + i] = utils::IteratorType::reduction;
  }
  auto map = [&](ArrayRef<AffineExpr> exprs) { return AffineMap::get(loops, 0, exprs, builder.getContext()); };
  Type sum = reducer.initial.getType();
  Value kernel = tensor::EmptyOp::create(builder, loc, window.kernel, builder.getI8Type());
  Value empty = tensor::EmptyOp::create(builder, loc, out, sum);
  Value start =
      linalg::FillOp::create(builder, loc, arith::ConstantOp::create(builder, loc, reducer.initial).getResult(), empty)
          .getResult(0);
  auto generic =
      linalg::GenericOp::create(builder, loc, typeOf(out, sum), ValueRange{wide, kernel}, ValueRange{start},
                                ArrayRef<AffineMap>{map(xExprs), map(kExprs), map(yExprs)}, iterators,
                                [&](OpBuilder &builder, Location loc, ValueRange in) {
                                  Value element = signless(builder, loc, in[0]);
                                  if (llvm::isa<FloatType>(sum))
                                    element = convertNumber(builder, loc, element, element.getType(), sum);
                                  linalg::YieldOp::create(builder, loc, reducer.step(builder, loc, in[2], element));
                                });
  return generic.getResult(0);
}

LogicalResult lowerMaxPool(NodeLowering &node) {
  requireNumbers(node, {0});
  if (node.op().wantsOutput(1))
    (void)node.refuseBeyond(Limit::NoIndices, "one that is used");
  Window window;
  FailureOr<SmallVector<OpFoldResult>> counts = readPool(node, window);
  if (failed(counts))
    return failure();
  OpBuilder &builder = node.builder();
  Type element = node.elementType(0);
  Value x = node.operand(0);
  TypedAttr least = leastOf(builder, element);
  if (isUnsigned(element)) // as integers of the same order
    x = elementwise(node, x, builder.getIntegerType(element.getIntOrFloatBitWidth()),
                    [](OpBuilder &, Location, ValueRange in) { return in[0]; });
  Value y = reduceWindows(node, x, window, *counts, least,
                          {least, [&](OpBuilder &builder, Location loc, Value best, Value x) {
                             return greaterOf(builder, loc, element, best, x);
                           }});
  if (isUnsigned(element))
    y = elementwise(node, y, element, [](OpBuilder &, Location, ValueRange in) { return in[0]; });
  node.setResult(0, y);
  return success();
}

LogicalResult lowerAveragePool(NodeLowering &node) {
  requireFloats(node, {0});
  Window window;
  FailureOr<SmallVector<OpFoldResult>> counts = readPool(node, window);
  if (failed(counts))
    return failure();
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  Type element = node.elementType(0), wide = builder.getF64Type();
  Value x = node.operand(0);
  Value sum =
      reduceWindows(node, x, window, *counts, builder.getZeroAttr(element),
                    {builder.getF64FloatAttr(0), [](OpBuilder &builder, Location loc, Value sum, Value x) -> Value {
                       return arith::AddFOp::create(builder, loc, sum, x);
                     }});
  // What a window has of the input, or of the input and its pads: all of it but at the ends.
  bool pads = node.intAttr("count_include_pad").value_or(0);
  SmallVector<Value> low, high;
  SmallVector<OpFoldResult> in = sizesOf(builder, loc, x);
  for (size_t i = 0; i < window.kernel.size(); ++i) {
    OpFoldResult size = in[i + 2];
    low.push_back(asIndex(builder, loc, pads ? OpFoldResult(builder.getIndexAttr(0)) : window.padBefore[i]));
    OpFoldResult end = addSizes(builder, loc, size, window.padBefore[i]);
    high.push_back(asIndex(builder, loc, pads ? addSizes(builder, loc, end, window.padAfter[i]) : end));
  }
  node.setResult(
      0, elementwise(node, sum, element, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
        auto constant = [&](int64_t value) -> Value { return arith::ConstantIndexOp::create(builder, loc, value); };
        Value count = constant(1);
        for (size_t i = 0; i < window.kernel.size(); ++i) {
          Value begin = arith::MulIOp::create(builder, loc, linalg::IndexOp::create(builder, loc, i + 2),
                                              constant(window.strides[i]));
          // Elements from `begin` on, a dilation apart, that are at least `low` and below `high`.
          Value dilation = constant(window.dilations[i]), none = constant(0);
          auto below = [&](Value bound) -> Value {
            Value room = arith::MaxSIOp::create(builder, loc, arith::SubIOp::create(builder, loc, bound, begin), none);
            Value steps = arith::CeilDivSIOp::create(builder, loc, room, dilation);
            return arith::MinSIOp::create(builder, loc, steps, constant(window.kernel[i]));
          };
          Value own = arith::SubIOp::create(builder, loc, below(high[i]), below(low[i]));
          count = arith::MulIOp::create(builder, loc, count, own);
        }
        Value whole = arith::IndexCastOp::create(builder, loc, builder.getI64Type(), count);
        Value divisor = arith::SIToFPOp::create(builder, loc, wide, whole);
        return convertNumber(builder, loc, arith::DivFOp::create(builder, loc, in[0], divisor), wide, element);
      }));
  return success();
}

/// |x|^p in f64.
static Value magnitude(OpBuilder &builder, Location loc, Value x, int64_t p) {
  Value size = math::AbsFOp::create(builder, loc, x);
  if (p == 1)
    return size;
  if (p == 2)
    return arith::MulFOp::create(builder, loc, x, x);
  return math::PowFOp::create(builder, loc, size, constantLike(builder, loc, x.getType(), p));
}

/// The p-th root of each element.
static Value rootOf(NodeLowering &node, Value sum, int64_t p, Type element) {
  return elementwise(node, sum, element, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
    Value root = in[0];
    if (p == 2)
      root = math::SqrtOp::create(builder, loc, root);
    else if (p != 1)
      root = math::PowFOp::create(builder, loc, root, constantLike(builder, loc, root.getType(), 1.0 / p));
    return convertNumber(builder, loc, root, builder.getF64Type(), element);
  });
}

static std::optional<int64_t> readNorm(NodeLowering &node) {
  std::optional<int64_t> p = node.intAttr("p");
  if (p && *p < 1)
    (void)node.refuse("expects p of at least 1, found " + Twine(*p));
  return p;
}

LogicalResult lowerLpPool(NodeLowering &node) {
  requireFloats(node, {0});
  std::optional<int64_t> p = readNorm(node);
  Window window;
  FailureOr<SmallVector<OpFoldResult>> counts = readPool(node, window);
  if (failed(counts))
    return failure();
  Type element = node.elementType(0);
  Value sum = reduceWindows(
      node, node.operand(0), window, *counts, node.builder().getZeroAttr(element),
      {node.builder().getF64FloatAttr(0), [&](OpBuilder &builder, Location loc, Value sum, Value x) -> Value {
         return arith::AddFOp::create(builder, loc, sum, magnitude(builder, loc, x, *p));
       }});
  node.setResult(0, rootOf(node, sum, *p, element));
  return success();
}

/// All spatial dimensions of X [N, C, …], after all checks. Fails after a refusal.
static FailureOr<SmallVector<bool>> globalDims(NodeLowering &node) {
  RankedTensorType x = node.operandType(0);
  requireFloats(node, {0});
  if (x && x.getRank() < 3)
    (void)node.refuse("expects X [N, C, …], found " + llvm::formatv("{0}", x));
  if (failed(node.accepted()))
    return failure();
  SmallVector<bool> reduced(x.getRank(), true);
  reduced[0] = reduced[1] = false;
  return reduced;
}

LogicalResult lowerGlobalAveragePool(NodeLowering &node) {
  FailureOr<SmallVector<bool>> reduced = globalDims(node);
  if (failed(reduced))
    return failure();
  node.setResult(0, convertElements(node, meanOf(node, node.operand(0), *reduced), node.elementType(0)));
  return success();
}
LogicalResult lowerGlobalMaxPool(NodeLowering &node) {
  FailureOr<SmallVector<bool>> reduced = globalDims(node);
  if (failed(reduced))
    return failure();
  Type element = node.elementType(0);
  node.setResult(0, reduce(node.builder(), node.loc(), node.operand(0), *reduced,
                           {leastOf(node.builder(), element), [&](OpBuilder &builder, Location loc, Value a, Value b) {
                              return greaterOf(builder, loc, element, a, b);
                            }}));
  return success();
}
LogicalResult lowerGlobalLpPool(NodeLowering &node) {
  std::optional<int64_t> p = readNorm(node);
  FailureOr<SmallVector<bool>> reduced = globalDims(node);
  if (failed(reduced))
    return failure();
  Value sum =
      reduce(node.builder(), node.loc(), node.operand(0), *reduced,
             {node.builder().getF64FloatAttr(0), [&](OpBuilder &builder, Location loc, Value sum, Value x) -> Value {
                return arith::AddFOp::create(builder, loc, sum, magnitude(builder, loc, x, *p));
              }});
  node.setResult(0, rootOf(node, sum, *p, node.elementType(0)));
  return success();
}

} // namespace rnn::onnx
