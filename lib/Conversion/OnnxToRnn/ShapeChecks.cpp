//===- ShapeChecks.cpp - Shapes against the node's sizes --------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "ShapeChecks.h"

#include "rnn-mlir/Dialect/Onnx/IR/Operators.h"
#include "rnn-mlir/Dialect/Rnn/IR/Constants.h"
#include "rnn-mlir/Support/ShapeText.h"

#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

#include <cstring>
#include <limits>

using namespace mlir;

namespace rnn {

static constexpr int64_t kDynamic = ShapedType::kDynamic;

namespace {
/// Where each size stands in the shape of an input.
enum Axis { Directions, Steps, Batch, Input, Hidden, GateRows, BiasRows, PeepholeRows, Unknown };

struct InputShape {
  StringRef name;
  Value RecurrentInputs::*value;
  SmallVector<Axis, 3> axes;
};

/// The inputs and their shapes; X first, because it names steps and batch.
SmallVector<InputShape> inputShapes(const RecurrentAttributes &attributes) {
  SmallVector<Axis, 3> x = {Steps, Batch, Input}, state = {Directions, Batch, Hidden};
  if (!attributes.batchFirst) {
    x[0] = x[1] = state[0] = state[1] = Unknown;
  } else if (*attributes.batchFirst) {
    std::swap(x[0], x[1]);
    std::swap(state[0], state[1]);
  }
  return {{"X", &RecurrentInputs::x, x},
          {"W", &RecurrentInputs::w, {Directions, GateRows, Input}},
          {"R", &RecurrentInputs::r, {Directions, GateRows, Hidden}},
          {"B", &RecurrentInputs::b, {Directions, BiasRows}},
          {"sequence_lens", &RecurrentInputs::lengths, {Batch}},
          {"initial_h", &RecurrentInputs::initialH, state},
          {"initial_c", &RecurrentInputs::initialC, state},
          {"P", &RecurrentInputs::peephole, {Directions, PeepholeRows}}};
}

/// The size an axis has; dynamic where it is not known.
int64_t axisSize(const RecurrentSizes &sizes, Axis axis) {
  auto rows = [&](int64_t factor) { return sizes.hidden == kDynamic ? kDynamic : factor * sizes.hidden; };
  switch (axis) {
  case Directions:
    return sizes.directions;
  case Steps:
    return sizes.steps;
  case Batch:
    return sizes.batch;
  case Input:
    return sizes.input;
  case Hidden:
    return sizes.hidden;
  case GateRows:
    return rows(sizes.gates);
  case BiasRows:
    return rows(2 * sizes.gates);
  case PeepholeRows:
    return rows(3);
  case Unknown:
    return kDynamic;
  }
  llvm_unreachable("all axes are listed");
}

/// The size that an axis of `size` elements fixes, and to what.
void learn(RecurrentSizes &sizes, Axis axis, int64_t size) {
  auto set = [](int64_t &known, int64_t value) {
    if (known == kDynamic)
      known = value;
  };
  auto rows = [&](int64_t factor) {
    if (size % factor == 0)
      set(sizes.hidden, size / factor);
  };
  switch (axis) {
  case Unknown:
    return;
  case Directions:
    return set(sizes.directions, size);
  case Steps:
    return set(sizes.steps, size);
  case Batch:
    return set(sizes.batch, size);
  case Input:
    return set(sizes.input, size);
  case Hidden:
    return set(sizes.hidden, size);
  case GateRows:
    return rows(sizes.gates);
  case BiasRows:
    return rows(2 * sizes.gates);
  case PeepholeRows:
    return rows(3);
  }
}

SmallVector<int64_t> expectedShape(const InputShape &input, const RecurrentSizes &sizes) {
  return llvm::map_to_vector(input.axes, [&](Axis axis) { return axisSize(sizes, axis); });
}
} // namespace

/// Checks the element type.
static LogicalResult checkElements(onnx::NodeOp node, const InputShape &input, RankedTensorType type) {
  Type element = type.getElementType();
  if (element.isUnsignedInteger()) // refused of every operator
    return failure();
  if (input.name == "sequence_lens") {
    if (!element.isInteger(32))
      return emitError(node.getLoc(), "input sequence_lens: expected elements of type i32, found ") << element;
    return success();
  }
  if (!element.isF32())
    return onnx::refuseBeyond(node, onnx::Limit::ElementsF32) << element << " in input " << input.name;
  return success();
}

/// Checks the rank.
static LogicalResult checkRank(Location loc, const InputShape &input, RankedTensorType type) {
  if (type.getRank() != static_cast<int64_t>(input.axes.size()))
    return emitError(loc, "input ") << input.name << ": expected " << input.axes.size() << " dimensions, found shape "
                                    << shapeText(type.getShape());
  return success();
}

LogicalResult inferSizes(onnx::NodeOp node, const Cell &cell, const RecurrentAttributes &attributes,
                         const RecurrentInputs &inputs, RecurrentSizes &sizes) {
  Location loc = node.getLoc();
  sizes = {attributes.direction.empty() ? kDynamic : attributes.directions(),
           cell.gates,
           kDynamic,
           kDynamic,
           kDynamic,
           kDynamic};
  // Cut, so that its multiples do not overflow.
  if (attributes.hiddenSize && *attributes.hiddenSize >= 1)
    sizes.hidden = std::min(*attributes.hiddenSize, onnx::bounds::LayerSize + 1);
  SmallVector<InputShape> shapes = inputShapes(attributes);
  LogicalResult result = success();
  llvm::erase_if(shapes, [&](const InputShape &input) { return !(inputs.*input.value); });
  // An input of another rank says nothing about the sizes.
  size_t given = shapes.size();
  llvm::erase_if(shapes, [&](const InputShape &input) {
    auto type = cast<RankedTensorType>((inputs.*input.value).getType());
    LogicalResult ranked = checkRank(loc, input, type);
    if (failed(checkElements(node, input, type)) || failed(ranked))
      result = failure();
    return failed(ranked);
  });
  bool ranked = inputs.complete && shapes.size() == given;
  // R says the hidden size best, then W the input size; the others only what these leave open.
  SmallVector<InputShape> order = shapes;
  llvm::stable_sort(order, [](const InputShape &a, const InputShape &b) {
    auto place = [](const InputShape &input) { return input.name == "R" ? 0 : input.name == "W" ? 1 : 2; };
    return place(a) < place(b);
  });
  for (const InputShape &input : order) {
    ArrayRef<int64_t> shape = cast<RankedTensorType>((inputs.*input.value).getType()).getShape();
    for (auto [axis, size] : llvm::zip(input.axes, shape))
      if (size != kDynamic)
        learn(sizes, axis, size);
  }
  // A size that is too large says nothing about the others.
  bool tooLarge = false;
  for (int64_t *size : {&sizes.hidden, &sizes.input})
    if (*size != kDynamic && *size > onnx::bounds::LayerSize) {
      int64_t found = size == &sizes.hidden ? std::max(*size, attributes.hiddenSize.value_or(0)) : *size;
      result = onnx::refuseBeyond(node, onnx::Limit::LayerSize) << found;
      *size = kDynamic;
      tooLarge = true;
    }
  for (const InputShape &input : shapes) {
    ArrayRef<int64_t> found = cast<RankedTensorType>((inputs.*input.value).getType()).getShape();
    SmallVector<int64_t> expected = expectedShape(input, sizes);
    bool agrees = llvm::all_of(llvm::zip(expected, found), [](auto pair) {
      auto [a, b] = pair;
      return a == kDynamic || b == kDynamic || a == b;
    });
    if (!agrees)
      result = emitError(loc, "input ") << input.name << ": expected shape " << shapeText(expected) << ", found "
                                        << shapeText(found);
  }
  ranked &= !tooLarge;
  if (ranked && attributes.leavesHiddenSize && sizes.hidden == kDynamic)
    result = onnx::refuseBeyond(node, onnx::Limit::StaticHiddenSize) << "neither";
  else if (sizes.hidden == 0)
    result = emitError(loc, "expected a hidden size of at least 1, found 0");
  if (ranked && sizes.input == kDynamic)
    result = onnx::refuseBeyond(node, onnx::Limit::StaticInputSize) << "neither";
  else if (sizes.input == 0)
    result = emitError(loc, "input X: expected an input size of at least 1, found 0");
  return result;
}

void requireSizes(OpBuilder &builder, Location loc, const RecurrentAttributes &attributes, const RecurrentSizes &sizes,
                  RecurrentInputs &inputs) {
  Value batch;
  for (const InputShape &input : inputShapes(attributes)) {
    Value &value = inputs.*input.value;
    if (!value)
      continue;
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<int64_t> expected = expectedShape(input, sizes);
    for (auto [index, axis] : llvm::enumerate(input.axes)) {
      if (!type.isDynamicDim(index))
        continue;
      Value size = tensor::DimOp::create(builder, loc, value, index);
      Value wanted;
      if (expected[index] != kDynamic)
        wanted = arith::ConstantIndexOp::create(builder, loc, expected[index]);
      else if (axis == Batch && batch)
        wanted = batch;
      if (axis == Batch && !batch)
        batch = size;
      if (!wanted)
        continue;
      Value equal = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, size, wanted);
      std::string wantedText = expected[index] == kDynamic ? "the batch size of X" : std::to_string(expected[index]);
      cf::AssertOp::create(
          builder, loc, equal,
          ("input " + input.name + ": expected " + wantedText + " in dimension " + Twine(index) + " of its shape")
              .str());
    }
    auto refined = RankedTensorType::get(expected, type.getElementType());
    if (refined != type)
      value = tensor::CastOp::create(builder, loc, refined, value);
  }
}

/// The least and largest of constant lengths; none if they are not constant or none.
static std::optional<std::pair<int32_t, int32_t>> constantLengths(Value lengths) {
  std::optional<ConstantData> data = constantData(lengths);
  if (!data || data->bytes.empty())
    return std::nullopt;
  std::pair<int32_t, int32_t> range(std::numeric_limits<int32_t>::max(), std::numeric_limits<int32_t>::min());
  for (size_t i = 0; i < data->bytes.size(); i += sizeof(int32_t)) {
    int32_t length;
    std::memcpy(&length, data->bytes.data() + i, sizeof(length));
    range = {std::min(range.first, length), std::max(range.second, length)};
  }
  return range;
}

static std::string lengthsText(int32_t least) {
  return ("input sequence_lens: expected lengths from " + Twine(least) + " to the number of time steps").str();
}

LogicalResult checkLengths(Location loc, const RecurrentSizes &sizes, int32_t least, const RecurrentInputs &inputs) {
  if (!inputs.lengths || !cast<RankedTensorType>(inputs.lengths.getType()).getElementType().isInteger(32))
    return success();
  auto range = constantLengths(inputs.lengths);
  LogicalResult result = success();
  if (range && range->first < least)
    result = emitError(loc, lengthsText(least)) << ", found " << range->first;
  if (range && sizes.steps != kDynamic && range->second > sizes.steps)
    result = emitError(loc, lengthsText(least)) << ", " << sizes.steps << ", found " << range->second;
  return result;
}

void requireLengths(OpBuilder &builder, Location loc, const RecurrentAttributes &attributes,
                    const RecurrentSizes &sizes, int32_t least, RecurrentInputs &inputs) {
  if (!inputs.lengths)
    return;
  std::string message = lengthsText(least);
  Value steps = tensor::DimOp::create(builder, loc, inputs.x, *attributes.batchFirst ? 1 : 0);
  if (auto range = constantLengths(inputs.lengths)) {
    auto [smallest, largest] = *range;
    if (sizes.steps != kDynamic) {
      // An empty sequence ends in zeros, one of no steps in its initial states.
      if (smallest == sizes.steps && smallest > 0)
        inputs.lengths = nullptr;
      return;
    }
    Value bound = arith::ConstantIndexOp::create(builder, loc, largest);
    Value fits = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sle, bound, steps);
    cf::AssertOp::create(builder, loc, fits, message);
    return;
  }
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  Value one = arith::ConstantIndexOp::create(builder, loc, 1);
  Value lower = arith::ConstantIndexOp::create(builder, loc, least);
  Value batch = tensor::DimOp::create(builder, loc, inputs.lengths, 0);
  scf::ForOp::create(builder, loc, zero, batch, one, ValueRange{},
                     [&](OpBuilder &builder, Location loc, Value index, ValueRange) {
                       Value element = tensor::ExtractOp::create(builder, loc, inputs.lengths, index);
                       Value length = arith::IndexCastOp::create(builder, loc, builder.getIndexType(), element);
                       Value high = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sle, length, steps);
                       Value low = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sge, length, lower);
                       cf::AssertOp::create(builder, loc, arith::AndIOp::create(builder, loc, low, high), message);
                       scf::YieldOp::create(builder, loc);
                     });
}

} // namespace rnn
