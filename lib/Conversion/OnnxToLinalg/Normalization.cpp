//===- Normalization.cpp - Elements made of one mean and scale --*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "OnnxLowering.h"

#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace rnn::onnx {

/// Refuses operands that are no arrays of one value a channel, `channels` of them. Those that are not known fit.
static void requireChannels(NodeLowering &node, ArrayRef<unsigned> operands, int64_t channels) {
  for (unsigned index : operands)
    if (RankedTensorType type = node.operandType(index);
        type && (type.getRank() != 1 || failed(verifyCompatibleDims({type.getDimSize(0), channels}))))
      (void)node.refuse("expects one value for each channel as input " + Twine(index) + ", found " +
                        llvm::formatv("{0}", type));
}

/// An array of one value a channel in the shape of an operand of rank `rank`, whose dimension 1 is that of the
/// channels.
static Value column(NodeLowering &node, Value value, int64_t rank, OpFoldResult channels) {
  OpBuilder &builder = node.builder();
  requireEqualAtRunTime(node, channels, sizeOf(builder, node.loc(), value, 0), "channels and values for them");
  if (rank < 2)
    return value;
  SmallVector<OpFoldResult> sizes(rank - 1, builder.getIndexAttr(1));
  sizes[0] = sizeOf(builder, node.loc(), value, 0);
  return reshapeTo(builder, node.loc(), value, sizes);
}

/// 1 / sqrt(x + epsilon) in f64.
static Value inverseRoot(OpBuilder &builder, Location loc, Value x, double epsilon) {
  Type wide = builder.getF64Type();
  Value sum = arith::AddFOp::create(builder, loc, x, constantLike(builder, loc, wide, epsilon));
  return arith::DivFOp::create(builder, loc, constantLike(builder, loc, wide, 1),
                               math::SqrtOp::create(builder, loc, sum));
}

/// Mean and 1 / sqrt(variance + epsilon) over the marked dimensions, of size 1, in f64.
static std::pair<Value, Value> statistics(NodeLowering &node, Value x, ArrayRef<bool> reduced, double epsilon) {
  OpBuilder &builder = node.builder();
  Type element = getElementTypeOrSelf(x.getType()), wide = builder.getF64Type();
  Value mean = meanOf(node, x, reduced);
  Value squares = elementwise(node, {x, mean}, wide, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
    Value distance = arith::SubFOp::create(builder, loc, convertNumber(builder, loc, in[0], element, wide), in[1]);
    return arith::MulFOp::create(builder, loc, distance, distance);
  });
  Value variance = meanOf(node, squares, reduced);
  Value scale = elementwise(node, variance, wide, [&](OpBuilder &builder, Location loc, ValueRange in) {
    return inverseRoot(builder, loc, in[0], epsilon);
  });
  return {mean, scale};
}

/// (x - mean) · inverse · scale + bias, where scale and bias may be null.
static Value normalized(NodeLowering &node, Value x, Value mean, Value inverse, Value scale, Value bias) {
  Type element = getElementTypeOrSelf(x.getType()), wide = node.builder().getF64Type();
  SmallVector<Value> operands = {x, mean, inverse};
  for (Value optional : {scale, bias})
    if (optional)
      operands.push_back(optional);
  return elementwise(node, operands, element, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
    auto widened = [&](Value value) { return convertNumber(builder, loc, value, value.getType(), wide); };
    Value y = arith::MulFOp::create(builder, loc, arith::SubFOp::create(builder, loc, widened(in[0]), in[1]), in[2]);
    if (scale)
      y = arith::MulFOp::create(builder, loc, y, widened(in[3]));
    if (bias)
      y = arith::AddFOp::create(builder, loc, y, widened(in[scale ? 4 : 3]));
    return convertNumber(builder, loc, y, wide, element);
  });
}

LogicalResult lowerBatchNormalization(NodeLowering &node) {
  int64_t opset = node.opset();
  RankedTensorType type = node.operandType(0);
  requireFloats(node, {0});
  for (unsigned index : {1, 2, 3, 4})
    if (Type element = node.elementType(index); element && !llvm::isa<FloatType>(element))
      (void)node.refuse("expects floats, found " + llvm::formatv("{0}", node.operandType(index)));
  if (type && type.getRank() < 1)
    (void)node.refuse("expects an input of channels, found " + llvm::formatv("{0}", type));
  bool channelled = type && type.getRank() > 1;
  if (type)
    requireChannels(node, {1, 2, 3, 4}, channelled ? type.getDimSize(1) : 1);
  if (opset < 7 && node.intAttr("is_test") == 0)
    (void)node.refuseBeyond(Limit::InferenceOnly, "is_test = 0");
  if (opset >= 14 && node.intAttr("training_mode").value_or(0) != 0)
    (void)node.refuseBeyond(Limit::InferenceOnly, "training_mode");
  if (opset < 9 && node.intAttr("spatial").value_or(1) != 1)
    (void)node.refuseBeyond(Limit::PerChannel, Twine(*node.intAttr("spatial")));
  for (unsigned index = 1; index < node.op().getNumResults(); ++index)
    if (node.op().wantsOutput(index))
      (void)node.refuseBeyond(Limit::InferenceOnly, "outputs of training");
  if (failed(node.accepted()))
    return failure();
  OpBuilder &builder = node.builder();
  double epsilon = node.floatAttr("epsilon");
  OpFoldResult channels =
      channelled ? sizeOf(builder, node.loc(), node.operand(0), 1) : OpFoldResult(builder.getIndexAttr(1));
  // What does not depend on the input is computed for each channel only.
  Type wide = builder.getF64Type();
  Value factor = elementwise(
      node, {node.operand(1), node.operand(4)}, wide, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
        auto widened = [&](Value x) { return convertNumber(builder, loc, x, x.getType(), wide); };
        return arith::MulFOp::create(builder, loc, widened(in[0]), inverseRoot(builder, loc, widened(in[1]), epsilon));
      });
  Value shift = elementwise(node, {node.operand(2), node.operand(3), factor}, wide,
                            [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
                              auto widened = [&](Value x) { return convertNumber(builder, loc, x, x.getType(), wide); };
                              Value moved = arith::MulFOp::create(builder, loc, widened(in[1]), in[2]);
                              return arith::SubFOp::create(builder, loc, widened(in[0]), moved);
                            });
  for (unsigned index : {1, 2, 3, 4})
    requireEqualAtRunTime(node, channels, sizeOf(builder, node.loc(), node.operand(index), 0),
                          "channels and values for them");
  Type element = node.elementType(0);
  factor = column(node, factor, type.getRank(), channels);
  shift = column(node, shift, type.getRank(), channels);
  node.setResult(0, elementwise(node, {node.operand(0), factor, shift}, element,
                                [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
                                  Value x = convertNumber(builder, loc, in[0], element, wide);
                                  Value y = arith::AddFOp::create(builder, loc,
                                                                  arith::MulFOp::create(builder, loc, x, in[1]), in[2]);
                                  return convertNumber(builder, loc, y, wide, element);
                                }));
  return success();
}

LogicalResult lowerInstanceNormalization(NodeLowering &node) {
  RankedTensorType type = node.operandType(0);
  requireFloats(node, {0, 1, 2});
  if (type && type.getRank() < 3)
    (void)node.refuse("expects an input [N, C, …], found " + llvm::formatv("{0}", type));
  else if (type)
    requireChannels(node, {1, 2}, type.getDimSize(1));
  if (failed(node.accepted()))
    return failure();
  SmallVector<bool> reduced(type.getRank(), true);
  reduced[0] = reduced[1] = false;
  auto [mean, inverse] = statistics(node, node.operand(0), reduced, node.floatAttr("epsilon"));
  OpFoldResult channels = sizeOf(node.builder(), node.loc(), node.operand(0), 1);
  Value scale = column(node, node.operand(1), type.getRank(), channels),
        bias = column(node, node.operand(2), type.getRank(), channels);
  node.setResult(0, normalized(node, node.operand(0), mean, inverse, scale, bias));
  return success();
}

LogicalResult lowerGroupNormalization(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  RankedTensorType type = node.operandType(0);
  requireFloats(node, {0, 1, 2});
  std::optional<int64_t> groups = node.intAttr("num_groups");
  bool ofGroups = node.opset() < 21;
  if (groups && *groups < 1) {
    (void)node.refuse("expects at least one group, found " + Twine(*groups));
  } else if (type && type.getRank() < 3) {
    (void)node.refuse("expects X [N, C, …], found " + llvm::formatv("{0}", type));
  } else if (type && groups) {
    int64_t channels = type.getDimSize(1);
    if (ShapedType::isDynamic(channels) || channels % *groups)
      (void)node.refuse("expects groups that divide the channels, found " + llvm::formatv("{0}", type));
    requireChannels(node, {1, 2}, ofGroups ? *groups : channels);
  }
  if (failed(node.accepted()))
    return failure();
  // [N, G, C/G, …]
  Value x = node.operand(0);
  SmallVector<OpFoldResult> sizes = sizesOf(builder, loc, x), grouped = sizes;
  int64_t each = type.getDimSize(1) / *groups;
  grouped[1] = builder.getIndexAttr(*groups);
  grouped.insert(grouped.begin() + 2, builder.getIndexAttr(each));
  SmallVector<bool> reduced(grouped.size(), true);
  reduced[0] = reduced[1] = false;
  Value parts = reshapeTo(builder, loc, x, grouped);
  auto [mean, inverse] = statistics(node, parts, reduced, node.floatAttr("epsilon"));
  auto spread = [&](unsigned index) {
    Value value = node.operand(index);
    requireEqualAtRunTime(node, builder.getIndexAttr(ofGroups ? *groups : type.getDimSize(1)),
                          sizeOf(builder, loc, value, 0), "channels and values for them");
    SmallVector<OpFoldResult> column(type.getRank(), builder.getIndexAttr(1));
    column[0] = builder.getIndexAttr(*groups);
    if (!ofGroups)
      column[1] = builder.getIndexAttr(each);
    return reshapeTo(builder, loc, value, column);
  };
  node.setResult(0, reshapeTo(builder, loc, normalized(node, parts, mean, inverse, spread(1), spread(2)), sizes));
  return success();
}

/// The dimensions from the axis on.
static SmallVector<bool> behindAxis(int64_t rank, int64_t axis) {
  SmallVector<bool> reduced(rank, false);
  for (int64_t dim = axis; dim < rank; ++dim)
    reduced[dim] = true;
  return reduced;
}

/// Checks X and what scales it, and returns the axis where that is known.
static std::optional<int64_t> checkLayer(NodeLowering &node, ArrayRef<unsigned> scales) {
  requireFloats(node, {0});
  std::optional<int64_t> axis = node.axisAttr(0);
  RankedTensorType type = node.operandType(0);
  for (unsigned index : scales) {
    RankedTensorType own = node.operandType(index);
    if (Type element = node.elementType(index); element && !llvm::isa<FloatType>(element))
      (void)node.refuse("expects floats, found " + llvm::formatv("{0}", own));
    if (!type || !own)
      continue;
    bool fits = own.getRank() <= type.getRank();
    for (auto [size, whole] : llvm::zip(llvm::reverse(own.getShape()), llvm::reverse(type.getShape())))
      fits &= size == 1 || succeeded(verifyCompatibleDims({size, whole}));
    if (!fits)
      (void)node.refuse("expects inputs that broadcast to X, found " + node.typesOf({0, index}));
  }
  return axis;
}

LogicalResult lowerLayerNormalization(NodeLowering &node) {
  std::optional<int64_t> axis = checkLayer(node, {1, 2});
  if (failed(node.accepted()))
    return failure();
  Value x = node.operand(0);
  SmallVector<OpFoldResult> sizes = sizesOf(node.builder(), node.loc(), x);
  for (unsigned index : {1, 2})
    if (node.operand(index))
      requireBroadcastTo(node, node.operand(index), sizes, "inputs that broadcast to X");
  auto [mean, inverse] =
      statistics(node, x, behindAxis(node.operandType(0).getRank(), *axis), node.floatAttr("epsilon"));
  node.setResult(0, normalized(node, x, mean, inverse, node.operand(1), node.operand(2)));
  for (auto [index, value] : llvm::enumerate(ArrayRef<Value>{mean, inverse}))
    if (node.op().wantsOutput(index + 1))
      node.setResult(index + 1, convertElements(node, value, node.elementType(0)));
  return success();
}

LogicalResult lowerRMSNormalization(NodeLowering &node) {
  std::optional<int64_t> axis = checkLayer(node, {1});
  if (failed(node.accepted()))
    return failure();
  Value x = node.operand(0);
  Type element = node.elementType(0), wide = node.builder().getF64Type();
  requireBroadcastTo(node, node.operand(1), sizesOf(node.builder(), node.loc(), x), "inputs that broadcast to X");
  Value squares = elementwise(node, x, wide, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
    Value a = convertNumber(builder, loc, in[0], element, wide);
    return arith::MulFOp::create(builder, loc, a, a);
  });
  Value mean = meanOf(node, squares, behindAxis(node.operandType(0).getRank(), *axis));
  double epsilon = node.floatAttr("epsilon");
  node.setResult(
      0, elementwise(
             node, {x, mean, node.operand(1)}, element, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
               auto widened = [&](Value v) { return convertNumber(builder, loc, v, v.getType(), wide); };
               Value y = arith::MulFOp::create(builder, loc, widened(in[0]), inverseRoot(builder, loc, in[1], epsilon));
               y = arith::MulFOp::create(builder, loc, y, widened(in[2]));
               return convertNumber(builder, loc, y, wide, element);
             }));
  return success();
}

LogicalResult lowerMeanVarianceNormalization(NodeLowering &node) {
  requireFloats(node, {0});
  RankedTensorType type = node.operandType(0);
  FailureOr<std::optional<SmallVector<int64_t>>> axes = node.intsAttr("axes");
  SmallVector<bool> reduced(type ? type.getRank() : 0, false);
  if (type && succeeded(axes))
    for (std::optional<int64_t> dim : checkAxes(node, (*axes).value_or(SmallVector<int64_t>{0, 2, 3}), type.getRank()))
      if (dim)
        reduced[*dim] = true;
  if (failed(node.accepted()))
    return failure();
  Value x = node.operand(0);
  Type element = node.elementType(0), wide = node.builder().getF64Type();
  // As the function of the operator has it: sqrt(variance) + 1e-9.
  Value mean = meanOf(node, x, reduced);
  Value distance = elementwise(node, {x, mean}, wide, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
    return arith::SubFOp::create(builder, loc, convertNumber(builder, loc, in[0], element, wide), in[1]);
  });
  Value squares = elementwise(node, distance, wide, [](OpBuilder &builder, Location loc, ValueRange in) -> Value {
    return arith::MulFOp::create(builder, loc, in[0], in[0]);
  });
  Value variance = meanOf(node, squares, reduced);
  node.setResult(
      0,
      elementwise(node, {distance, variance}, element, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
        Value deviation = arith::AddFOp::create(builder, loc, math::SqrtOp::create(builder, loc, in[1]),
                                                constantLike(builder, loc, wide, 1e-9));
        return convertNumber(builder, loc, arith::DivFOp::create(builder, loc, in[0], deviation), wide, element);
      }));
  return success();
}

LogicalResult lowerLpNormalization(NodeLowering &node) {
  requireFloats(node, {0});
  std::optional<int64_t> axis = node.axisAttr(0), p = node.intAttr("p");
  if (failed(node.accepted()))
    return failure();
  OpBuilder &builder = node.builder();
  Type element = node.elementType(0), wide = builder.getF64Type();
  SmallVector<bool> reduced(node.operandType(0).getRank(), false);
  reduced[*axis] = true;
  Value x = node.operand(0);
  Value sum = reduce(builder, node.loc(), x, reduced,
                     {builder.getF64FloatAttr(0), [&](OpBuilder &builder, Location loc, Value sum, Value x) -> Value {
                        Value term = p == 1 ? Value(math::AbsFOp::create(builder, loc, x))
                                            : Value(arith::MulFOp::create(builder, loc, x, x));
                        return arith::AddFOp::create(builder, loc, sum, term);
                      }});
  node.setResult(0, elementwise(node, {x, sum}, element, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
                   Value norm = p == 1 ? in[1] : Value(math::SqrtOp::create(builder, loc, in[1]));
                   // Nothing but zeros has a norm of 0.
                   Value zero = constantLike(builder, loc, wide, 0), one = constantLike(builder, loc, wide, 1);
                   Value none = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OEQ, norm, zero);
                   norm = arith::SelectOp::create(builder, loc, none, one, norm);
                   Value y =
                       arith::DivFOp::create(builder, loc, convertNumber(builder, loc, in[0], element, wide), norm);
                   return convertNumber(builder, loc, y, wide, element);
                 }));
  return success();
}

LogicalResult lowerLRN(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  requireFloats(node, {0});
  RankedTensorType type = node.operandType(0);
  if (type && type.getRank() < 3)
    (void)node.refuse("expects X [N, C, …], found " + llvm::formatv("{0}", type));
  std::optional<int64_t> size = node.intAttr("size");
  if (size && *size < 1)
    (void)node.refuse("expects a size of at least 1, found " + Twine(*size));
  else if (size && *size > bounds::WindowStep)
    (void)node.refuseBeyond(Limit::WindowStep, Twine(*size));
  if (failed(node.accepted()))
    return failure();
  Value x = node.operand(0);
  Type element = node.elementType(0), wide = builder.getF64Type();
  double alpha = node.floatAttr("alpha"), beta = node.floatAttr("beta"), bias = node.floatAttr("bias");
  int64_t before = (*size - 1) / 2;
  SmallVector<OpFoldResult> sizes = sizesOf(builder, loc, x);
  Value channels = asIndex(builder, loc, sizes[1]);
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0), one = arith::ConstantIndexOp::create(builder, loc, 1);
  node.setResult(
      0, generate(builder, loc, sizes, element, [&](OpBuilder &builder, Location loc, ValueRange index) {
        auto offset = [&](int64_t value) -> Value { return arith::ConstantIndexOp::create(builder, loc, value); };
        Value low = arith::SubIOp::create(builder, loc, index[1], offset(before));
        Value high = arith::AddIOp::create(builder, loc, low, offset(*size));
        low = arith::MaxSIOp::create(builder, loc, low, zero);
        high = arith::MinSIOp::create(builder, loc, high, channels);
        auto sum = scf::ForOp::create(
            builder, loc, low, high, one, ValueRange{constantLike(builder, loc, wide, 0)},
            [&](OpBuilder &builder, Location loc, Value channel, ValueRange state) {
              SmallVector<Value> at(index);
              at[1] = channel;
              Value other = convertNumber(builder, loc, tensor::ExtractOp::create(builder, loc, x, at), element, wide);
              Value square = arith::MulFOp::create(builder, loc, other, other);
              scf::YieldOp::create(builder, loc, arith::AddFOp::create(builder, loc, state[0], square).getResult());
            });
        Value scaled =
            arith::MulFOp::create(builder, loc, sum.getResult(0), constantLike(builder, loc, wide, alpha / *size));
        scaled = arith::AddFOp::create(builder, loc, scaled, constantLike(builder, loc, wide, bias));
        Value power = math::PowFOp::create(builder, loc, scaled, constantLike(builder, loc, wide, beta));
        Value own = convertNumber(builder, loc, tensor::ExtractOp::create(builder, loc, x, index), element, wide);
        return convertNumber(builder, loc, arith::DivFOp::create(builder, loc, own, power), wide, element);
      }));
  return success();
}

} // namespace rnn::onnx
