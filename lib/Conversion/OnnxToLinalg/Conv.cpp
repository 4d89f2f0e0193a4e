//===- Conv.cpp - Convolutions and matrix products --------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "OnnxLowering.h"

#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"

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

/// Checks at compile time or at run time that two sizes are equal.
static LogicalResult requireEqual(NodeLowering &node, OpFoldResult a, OpFoldResult b, const Twine &what) {
  if (a == b)
    return success();
  int64_t x = staticOf(a), y = staticOf(b);
  if (x != ShapedType::kDynamic && y != ShapedType::kDynamic)
    return node.refuse("expects " + what + " to be equal, found " + Twine(x) + " and " + Twine(y));
  node.require(arith::CmpIOp::create(node.builder(), node.loc(), arith::CmpIPredicate::eq,
                                     asIndex(node.builder(), node.loc(), a), asIndex(node.builder(), node.loc(), b)),
               "expects " + what + " to be equal");
  return success();
}

//===----------------------------------------------------------------------===//
// Conv
//===----------------------------------------------------------------------===//

namespace {
/// Sizes of a convolution over `spatial` dimensions.
struct Window {
  SmallVector<int64_t> kernel, strides, dilations;
  /// Elements from the first to the last that a window reads.
  SmallVector<int64_t> extents;
  SmallVector<OpFoldResult> padBefore, padAfter;
};
} // namespace

static FailureOr<Window> readWindow(NodeLowering &node, RankedTensorType x, RankedTensorType w) {
  int64_t spatial = x.getRank() - 2;
  Window window;
  window.kernel.assign(w.getShape().begin() + 2, w.getShape().end());
  auto list = [&](StringRef name, int64_t count, int64_t fallback) -> FailureOr<SmallVector<int64_t>> {
    SmallVector<int64_t> values = node.intsAttr(name).value_or(SmallVector<int64_t>(count, fallback));
    if (static_cast<int64_t>(values.size()) != count)
      return node.refuse("expects " + Twine(count) + " values in " + name + ", found " + Twine(values.size()));
    return values;
  };
  auto kernel = list("kernel_shape", spatial, 0), strides = list("strides", spatial, 1),
       dilations = list("dilations", spatial, 1), pads = list("pads", 2 * spatial, 0);
  if (failed(kernel) || failed(strides) || failed(dilations) || failed(pads))
    return failure();
  if (node.intsAttr("kernel_shape") && *kernel != window.kernel)
    return node.refuse("expects kernel_shape to be the shape of W");
  for (int64_t i = 0; i < spatial; ++i) {
    auto [least, most] = std::minmax({(*strides)[i], (*dilations)[i], (*pads)[i], (*pads)[i + spatial]});
    if ((*strides)[i] < 1 || (*dilations)[i] < 1 || window.kernel[i] < 1 || least < 0)
      return node.refuse("expects strides, dilations and a kernel of at least 1, and pads of at least 0");
    if (most > bounds::WindowStep)
      return node.refuseBeyond(Limit::WindowStep, Twine(most));
    if (window.kernel[i] - 1 >= bounds::WindowExtent / (*dilations)[i])
      return node.refuseBeyond(Limit::WindowExtent, "a kernel of " + Twine(window.kernel[i]) + " and a dilation of " +
                                                        Twine((*dilations)[i]));
    window.extents.push_back((window.kernel[i] - 1) * (*dilations)[i] + 1);
  }
  window.strides = *strides;
  window.dilations = *dilations;
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  auto index = [&](int64_t value) -> OpFoldResult { return builder.getIndexAttr(value); };
  window.padBefore = llvm::map_to_vector(ArrayRef(*pads).take_front(spatial), index);
  window.padAfter = llvm::map_to_vector(ArrayRef(*pads).drop_front(spatial), index);
  StringRef automatic = node.stringAttr("auto_pad");
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
  return window;
}

/// X with zeros around its spatial dimensions.
static Value padded(OpBuilder &builder, Location loc, Value x, const Window &window) {
  auto none = [](OpFoldResult pad) { return staticOf(pad) == 0; };
  if (llvm::all_of(window.padBefore, none) && llvm::all_of(window.padAfter, none))
    return x;
  auto type = cast<RankedTensorType>(x.getType());
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, x), own = sizes;
  SmallVector<OpFoldResult> offsets(type.getRank(), builder.getIndexAttr(0)),
      strides(type.getRank(), builder.getIndexAttr(1));
  for (size_t i = 0; i < window.padBefore.size(); ++i) {
    sizes[i + 2] =
        addSizes(builder, loc, sizes[i + 2], addSizes(builder, loc, window.padBefore[i], window.padAfter[i]));
    offsets[i + 2] = window.padBefore[i];
  }
  Value around = filled(builder, loc, sizes, type.getElementType());
  return tensor::InsertSliceOp::create(builder, loc, x, around, offsets, own, strides);
}

LogicalResult lowerConv(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  RankedTensorType x = node.operandType(0), w = node.operandType(1);
  int64_t spatial = x.getRank() - 2, group = node.intAttr("group");
  if (spatial < 1 || w.getRank() != x.getRank())
    return node.refuse("expects X [N, C, …] and W of the same rank, found " + llvm::formatv("{0} and {1}", x, w));
  if (!w.hasStaticShape() || x.isDynamicDim(1))
    return node.refuseBeyond(Limit::KnownChannels, llvm::formatv("{0} and {1}", x, w));
  if (!x.getElementType().isF32() || w.getElementType() != x.getElementType())
    (void)node.refuseBeyond(Limit::F32, llvm::formatv("{0} and {1}", x, w));
  int64_t channels = x.getDimSize(1), filters = w.getDimSize(0);
  if (group < 1 || channels % group || filters % group || channels / group != w.getDimSize(1))
    (void)node.refuse("expects groups that divide the channels, found X " + llvm::formatv("{0}, W {1}", x, w) +
                      " and group " + Twine(group));
  Value bias = node.operand(2);
  if (auto type = bias ? node.operandType(2) : nullptr; type && (type.getRank() != 1 || type.getDimSize(0) != filters))
    (void)node.refuse("expects B of " + Twine(filters) + " elements, found " + llvm::formatv("{0}", type));
  FailureOr<Window> window = readWindow(node, x, w);
  if (failed(window) || failed(node.accepted()))
    return failure();
  Value input = padded(builder, loc, node.operand(0), *window);

  // [N, G, C/G, …] and [G, M/G, C/G, …] give [N, G, M/G, …].
  SmallVector<OpFoldResult> in = tensor::getMixedSizes(builder, loc, input),
                            outer = {in[0], builder.getIndexAttr(group)}, out = outer;
  outer.push_back(builder.getIndexAttr(channels / group));
  out.push_back(builder.getIndexAttr(filters / group));
  SmallVector<OpFoldResult> result = {in[0], builder.getIndexAttr(filters)};
  for (int64_t i = 0; i < spatial; ++i) {
    outer.push_back(in[i + 2]);
    int64_t extent = window->extents[i];
    OpFoldResult room = subSizes(builder, loc, in[i + 2], builder.getIndexAttr(extent));
    if (staticOf(room) != ShapedType::kDynamic && staticOf(room) < 0)
      return node.refuse("has a window of " + Twine(extent) + " elements, larger than the padded input");
    if (staticOf(room) == ShapedType::kDynamic)
      node.require(arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sge, asIndex(builder, loc, room),
                                         arith::ConstantIndexOp::create(builder, loc, 0)),
                   "has a window larger than the padded input");
    OpFoldResult count =
        addSizes(builder, loc, floorDivSize(builder, loc, room, window->strides[i]), builder.getIndexAttr(1));
    out.push_back(count);
    result.push_back(count);
  }
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
    xExprs.push_back(s * window->strides[i] + k * window->dilations[i]);
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

LogicalResult lowerMatMul(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  Value a = node.operand(0), b = node.operand(1);
  Type element = node.operandType(0).getElementType();
  if (node.operandType(1).getElementType() != element || element.isInteger(1))
    (void)node.refuse("expects numbers of one type, found " + llvm::formatv("{0} and {1}", a.getType(), b.getType()));
  if (node.operandType(0).getRank() == 0 || node.operandType(1).getRank() == 0)
    return node.refuse("expects operands of rank 1 or more");
  SmallVector<OpFoldResult> left = tensor::getMixedSizes(builder, loc, a),
                            right = tensor::getMixedSizes(builder, loc, b);
  bool row = left.size() == 1, column = right.size() == 1;
  if (row)
    left.insert(left.begin(), builder.getIndexAttr(1));
  if (column)
    right.push_back(builder.getIndexAttr(1));
  a = reshapeTo(builder, loc, a, left);
  b = reshapeTo(builder, loc, b, right);
  (void)requireEqual(node, left.back(), right[right.size() - 2], "columns of A and rows of B");
  // Batch dimensions: of size 1 in one operand, or equal.
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
    if (!joint)
      return node.refuse("expects batch sizes that broadcast, found " +
                         llvm::formatv("{0} and {1}", a.getType(), b.getType()));
    spreads[0] |= !lOne && l != joint && staticOf(l) == ShapedType::kDynamic;
    spreads[1] |= !rOne && r != joint && staticOf(r) == ShapedType::kDynamic;
    if (i + left.size() >= batch + 2)
      aExprs.push_back(lOne ? zero : dim);
    if (i + right.size() >= batch + 2)
      bExprs.push_back(rOne ? zero : dim);
    yExprs.push_back(dim);
    sizes.push_back(joint);
  }
  if (failed(node.accepted()))
    return failure();
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

/// C of Gemm broadcasts to the product; the product never broadcasts to C.
static LogicalResult requireBroadcastTo(NodeLowering &node, Value c, ArrayRef<OpFoldResult> sizes) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  SmallVector<OpFoldResult> own = tensor::getMixedSizes(builder, loc, c);
  if (own.size() > sizes.size())
    return node.refuse("expects C of rank 2 or less, found " + llvm::formatv("{0}", c.getType()));
  for (auto [mine, size] : llvm::zip(own, sizes.take_back(own.size()))) {
    if (staticOf(mine) == 1 || mine == size)
      continue;
    if (staticOf(mine) != ShapedType::kDynamic && staticOf(size) != ShapedType::kDynamic)
      return node.refuse("expects C that broadcasts to the product, found " + llvm::formatv("{0}", c.getType()));
    auto equals = [&](OpFoldResult to) -> Value {
      return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, asIndex(builder, loc, mine),
                                   asIndex(builder, loc, to));
    };
    node.require(arith::OrIOp::create(builder, loc, equals(size), equals(builder.getIndexAttr(1))),
                 "expects C that broadcasts to the product");
  }
  return success();
}

LogicalResult lowerGemm(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  Value a = node.operand(0), b = node.operand(1), c = node.numOperands() > 2 ? node.operand(2) : Value();
  RankedTensorType aType = node.operandType(0), bType = node.operandType(1);
  Type element = aType.getElementType();
  if (aType.getRank() != 2 || bType.getRank() != 2 || bType.getElementType() != element)
    return node.refuse("expects two matrices of one type, found " + llvm::formatv("{0} and {1}", aType, bType));
  if (!llvm::isa<FloatType>(element))
    (void)node.refuseBeyond(Limit::FloatElements, llvm::formatv("{0}", element));
  bool transA = node.intAttr("transA"), transB = node.intAttr("transB");
  SmallVector<OpFoldResult> left = tensor::getMixedSizes(builder, loc, a),
                            right = tensor::getMixedSizes(builder, loc, b);
  (void)requireEqual(node, left[!transA], right[transB], "inner sizes of A and B");
  SmallVector<OpFoldResult> sizes = {left[transA], right[!transB]};
  if (c)
    (void)requireBroadcastTo(node, c, sizes);
  if (failed(node.accepted()))
    return failure();
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
    if (!y)
      return failure();
  }
  node.setResult(0, y);
  return success();
}

} // namespace rnn::onnx
