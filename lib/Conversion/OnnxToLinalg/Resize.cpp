//===- Resize.cpp - Interpolation along dimensions --------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "OnnxLowering.h"

#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"

#include "mlir/IR/Matchers.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace mlir;

namespace rnn::onnx {

namespace {
/// How one dimension is resized; `scale` is an f64.
struct ResizedDim {
  int64_t dim;
  OpFoldResult size;
  Value scale;
};

/// The modes of a Resize; before opset 11 only `mode` can be chosen.
struct ResizeModes {
  StringRef mode, coordinates = "asymmetric", nearest = "floor";
  double cubic = -0.75;
};
} // namespace

/// The place in the input, an f64, of place `x` in the output.
static Value placeInInput(OpBuilder &builder, Location loc, StringRef mode, Value x, Value scale, Value in, Value out) {
  Type real = builder.getF64Type();
  auto constant = [&](double value) { return constantLike(builder, loc, real, value); };
  auto add = [&](Value a, Value b) -> Value { return arith::AddFOp::create(builder, loc, a, b); };
  auto sub = [&](Value a, Value b) -> Value { return arith::SubFOp::create(builder, loc, a, b); };
  auto mul = [&](Value a, Value b) -> Value { return arith::MulFOp::create(builder, loc, a, b); };
  auto div = [&](Value a, Value b) -> Value { return arith::DivFOp::create(builder, loc, a, b); };
  Value half = constant(0.5), one = constant(1), zero = constant(0);
  Value single = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OLE, out, one);
  if (mode == "asymmetric")
    return div(x, scale);
  if (mode == "align_corners") {
    Value step = div(mul(x, sub(in, one)), sub(out, one));
    return arith::SelectOp::create(builder, loc, single, zero, step);
  }
  Value centre = sub(div(add(x, half), scale), half);
  if (mode == "pytorch_half_pixel")
    return arith::SelectOp::create(builder, loc, single, zero, centre);
  if (mode == "half_pixel_symmetric") {
    Value adjustment = div(out, mul(scale, in));
    return add(mul(div(in, constant(2)), sub(one, adjustment)), centre);
  }
  return centre;
}

/// `x` with dimension `to.dim` resized.
static Value resizeDim(OpBuilder &builder, Location loc, Value x, const ResizedDim &to, const ResizeModes &modes) {
  SmallVector<OpFoldResult> sizes = sizesOf(builder, loc, x);
  Type element = cast<RankedTensorType>(x.getType()).getElementType(), real = builder.getF64Type();
  auto realOf = [&](OpFoldResult size) -> Value {
    Value whole = arith::IndexCastOp::create(builder, loc, builder.getI64Type(), asIndex(builder, loc, size));
    return arith::SIToFPOp::create(builder, loc, real, whole);
  };
  Value in = realOf(sizes[to.dim]), out = realOf(to.size);
  Value last = arith::SubIOp::create(builder, loc, asIndex(builder, loc, sizes[to.dim]),
                                     arith::ConstantIndexOp::create(builder, loc, 1));
  sizes[to.dim] = to.size;
  return generate(builder, loc, sizes, element, [&](OpBuilder &inner, Location loc, ValueRange index) -> Value {
    auto constant = [&](double value) { return constantLike(inner, loc, real, value); };
    Value at = arith::SIToFPOp::create(
        inner, loc, real, arith::IndexCastOp::create(inner, loc, inner.getI64Type(), index[to.dim]).getResult());
    Value place = placeInInput(inner, loc, modes.coordinates, at, to.scale, in, out);
    // The element at a whole place, that at the end where there is none.
    auto read = [&](Value whole) -> Value {
      Value number = convertNumber(inner, loc, whole, real, inner.getI64Type());
      Value position = arith::IndexCastOp::create(inner, loc, inner.getIndexType(), number);
      position = arith::MinSIOp::create(inner, loc, position, last);
      position = arith::MaxSIOp::create(inner, loc, position, arith::ConstantIndexOp::create(inner, loc, 0));
      SmallVector<Value> from(index);
      from[to.dim] = position;
      return tensor::ExtractOp::create(inner, loc, x, from);
    };
    if (modes.mode == "nearest") {
      bool up = modes.nearest == "round_prefer_floor" || modes.nearest == "ceil";
      if (modes.nearest == "round_prefer_floor")
        place = arith::SubFOp::create(inner, loc, place, constant(0.5));
      else if (modes.nearest == "round_prefer_ceil")
        place = arith::AddFOp::create(inner, loc, place, constant(0.5));
      return read(up ? Value(math::CeilOp::create(inner, loc, place))
                     : Value(math::FloorOp::create(inner, loc, place)));
    }
    Value below = math::FloorOp::create(inner, loc, place);
    Value rest = arith::SubFOp::create(inner, loc, place, below), one = constant(1);
    auto add = [&](Value a, Value b) -> Value { return arith::AddFOp::create(inner, loc, a, b); };
    auto mul = [&](Value a, Value b) -> Value { return arith::MulFOp::create(inner, loc, a, b); };
    auto sub = [&](Value a, Value b) -> Value { return arith::SubFOp::create(inner, loc, a, b); };
    auto term = [&](double offset, Value weight) {
      return mul(convertNumber(inner, loc, read(add(below, constant(offset))), element, real), weight);
    };
    if (modes.mode == "linear")
      return convertNumber(inner, loc, add(term(0, sub(one, rest)), term(1, rest)), real, element);
    // Keys' weights of the places at a distance of less than 1, and of less than 2.
    Value a = constant(modes.cubic);
    auto near = [&](Value t) {
      Value cube = mul(add(a, constant(2)), mul(t, mul(t, t)));
      return add(sub(cube, mul(add(a, constant(3)), mul(t, t))), one);
    };
    auto far = [&](Value t) {
      Value inside = sub(mul(add(t, constant(-5)), t), constant(-8));
      return sub(mul(a, mul(inside, t)), mul(a, constant(4)));
    };
    Value other = sub(one, rest);
    Value sum = add(add(term(-1, far(add(rest, one))), term(0, near(rest))),
                    add(term(1, near(other)), term(2, far(add(other, one)))));
    return convertNumber(inner, loc, sum, real, element);
  });
}

/// The length of a list that a Resize gives, 0 where it gives none; none where that is not known, which it refuses.
static std::optional<int64_t> lengthOf(NodeLowering &node, unsigned index) {
  RankedTensorType type = node.operandType(index);
  if (!type)
    return node.isKnown(index) ? std::optional<int64_t>(0) : std::nullopt;
  if (type.getRank() == 1 && type.hasStaticShape())
    return type.getDimSize(0);
  (void)node.refuseBeyond(Limit::KnownResize, llvm::formatv("{0}", type));
  return std::nullopt;
}

LogicalResult lowerResize(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  RankedTensorType type = node.operandType(0);
  requireNumbers(node, {0});
  bool old = node.opset() < 11;
  unsigned scaleInput = old ? 1 : 2, sizeInput = 3;
  if (Type element = node.elementType(scaleInput); element && !llvm::isa<FloatType>(element))
    (void)node.refuse("expects scales of floats, found " + llvm::formatv("{0}", node.operandType(scaleInput)));
  if (!old)
    requireIntegers(node, sizeInput);
  std::optional<int64_t> scales = lengthOf(node, scaleInput),
                         sizes = old ? std::optional<int64_t>(0) : lengthOf(node, sizeInput);
  ResizeModes modes;
  modes.mode = node.stringAttr("mode").value_or("");
  if (Type element = node.elementType(0);
      element && !modes.mode.empty() && modes.mode != "nearest" && isNumber(element) && !llvm::isa<FloatType>(element))
    (void)node.refuse("expects floats to interpolate, found " + llvm::formatv("{0}", type));
  if (type && scales && sizes && (*scales != 0) == (*sizes != 0))
    (void)node.refuse(*scales ? "expects scales or sizes, found both" : "expects scales or sizes, found neither");
  FailureOr<std::optional<SmallVector<int64_t>>> axes = std::optional<SmallVector<int64_t>>();
  if (node.opset() >= 18)
    axes = node.intsAttr("axes");
  SmallVector<std::optional<int64_t>> dims;
  if (type && succeeded(axes)) {
    if (*axes)
      dims = checkAxes(node, **axes, type.getRank());
    else
      llvm::append_range(dims, llvm::seq<int64_t>(0, type.getRank()));
    if (int64_t count = std::max(scales.value_or(0), sizes.value_or(0));
        count && count != static_cast<int64_t>(dims.size()))
      (void)node.refuse("expects scales or sizes for " + Twine(dims.size()) + " dimensions, found " + Twine(count));
  }
  if (failed(node.accepted()))
    return failure();
  if (!old) {
    modes.coordinates = *node.stringAttr("coordinate_transformation_mode");
    modes.nearest = *node.stringAttr("nearest_mode");
    modes.cubic = node.floatAttr("cubic_coeff_a");
  }
  Value x = node.operand(0);
  Type real = builder.getF64Type();
  SmallVector<OpFoldResult> in = sizesOf(builder, loc, x), wanted = in;
  SmallVector<ResizedDim> resized;
  DenseElementsAttr known;
  if (*scales)
    (void)matchPattern(node.operand(scaleInput), m_Constant(&known));
  ElementList list;
  if (*sizes)
    list = *node.elementsAtRunTime(node.operand(sizeInput));
  auto realOf = [&](OpFoldResult size) -> Value {
    Value whole = arith::IndexCastOp::create(builder, loc, builder.getI64Type(), asIndex(builder, loc, size));
    return arith::SIToFPOp::create(builder, loc, real, whole);
  };
  for (auto [index, dim] : llvm::enumerate(dims)) {
    ResizedDim one{*dim, {}, {}};
    if (*sizes) {
      one.size = list[index];
      one.scale = arith::DivFOp::create(builder, loc, realOf(one.size), realOf(in[*dim]));
      if (sameSize(one.size, in[*dim]))
        continue;
    } else {
      Value at = arith::ConstantIndexOp::create(builder, loc, index);
      Value scale = tensor::ExtractOp::create(builder, loc, node.operand(scaleInput), at);
      one.scale = convertNumber(builder, loc, scale, scale.getType(), real);
      std::optional<int64_t> size = getConstantIntValue(in[*dim]);
      if (known) {
        double factor = known.getValues<APFloat>()[index].convertToDouble();
        if (factor == 1)
          continue;
        if (!(factor > 0))
          return node.refuse("expects scales above 0, found " + llvm::formatv("{0}", factor));
        if (size && double(*size) * factor > double(int64_t(1) << 40))
          return node.refuse("expects a result that fits memory, found a scale of " + llvm::formatv("{0}", factor));
        if (size)
          one.size = builder.getIndexAttr(static_cast<int64_t>(std::floor(double(*size) * factor)));
      }
      if (!one.size) {
        Value product =
            math::FloorOp::create(builder, loc, arith::MulFOp::create(builder, loc, realOf(in[*dim]), one.scale));
        Value whole = convertNumber(builder, loc, product, real, builder.getI64Type());
        one.size = arith::IndexCastOp::create(builder, loc, builder.getIndexType(), whole).getResult();
      }
    }
    wanted[*dim] = one.size;
    resized.push_back(one);
  }
  for (OpFoldResult size : wanted)
    if (staticOf(size) != ShapedType::kDynamic && staticOf(size) < 0)
      return node.refuse("expects sizes that are not negative, found " + Twine(staticOf(size)));
  for (auto [from, to] : llvm::zip(in, wanted))
    if (staticOf(from) == 0 && staticOf(to) != 0)
      return node.refuse("has no elements to resize");
  node.requireRoom(wanted, type.getElementType());
  for (const ResizedDim &one : resized) {
    if (staticOf(in[one.dim]) == ShapedType::kDynamic) {
      Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
      Value some =
          arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, asIndex(builder, loc, in[one.dim]), zero);
      Value none = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, asIndex(builder, loc, one.size), zero);
      node.require(arith::OrIOp::create(builder, loc, some, none), "has no elements to resize");
    }
    x = resizeDim(builder, loc, x, one, modes);
  }
  node.setResult(0, x);
  return success();
}

} // namespace rnn::onnx
