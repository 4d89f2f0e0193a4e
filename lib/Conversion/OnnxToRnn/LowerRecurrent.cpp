//===- LowerRecurrent.cpp - From LSTM, GRU and RNN to layers ----*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "ShapeChecks.h"

#include "rnn-mlir/Dialect/Rnn/IR/Constants.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

#include <cmath>

using namespace mlir;

namespace rnn {

LogicalResult checkBounds(Location loc, const RecurrentAttributes &attributes) {
  LogicalResult result = success();
  if (attributes.hiddenSize && *attributes.hiddenSize < 1)
    result = emitError(loc, "attribute hidden_size: expected at least 1, found ") << *attributes.hiddenSize;
  if (attributes.clip && !(*attributes.clip >= 0))
    result = emitError(loc, "attribute clip: expected a bound that is not negative, found ")
             << std::to_string(*attributes.clip);
  return result;
}

namespace {
/// Lowers one node whose attributes and sizes have been checked.
class Lowering {
public:
  Lowering(OpBuilder &builder, Location loc, const Cell &cell, const RecurrentAttributes &attributes,
           const RecurrentSizes &sizes, const RecurrentInputs &inputs, ArrayRef<ActivationAttr> activations)
      : builder(builder), loc(loc), cell(cell), attributes(attributes), sizes(sizes), inputs(inputs),
        activations(activations) {}

  SmallVector<Value> run() {
    bool batchFirst = *attributes.batchFirst;
    SmallVector<OpFoldResult> dims = tensor::getMixedSizes(builder, loc, inputs.x);
    steps = dims[batchFirst ? 1 : 0];
    batch = dims[batchFirst ? 0 : 1];
    Value x = batchFirst ? swapLeading(inputs.x, steps, batch) : inputs.x;
    if (sizes.batch != 0) {
      initialH = dropZeros(inputs.initialH);
      initialC = dropZeros(inputs.initialC);
    }
    SmallVector<SmallVector<Value>> layers;
    for (int64_t direction = 0; direction < sizes.directions; ++direction)
      layers.push_back(buildLayer(x, direction));
    OpFoldResult hidden = builder.getIndexAttr(sizes.hidden);
    SmallVector<Value> results;
    for (size_t i = 0; i <= cell.states; ++i) {
      // Y is [T, D, B, H] or [B, T, D, H]; states are [D, B, H] or [B, D, H].
      bool isY = i == 0, swap = isY && batchFirst;
      SmallVector<Value> parts;
      for (ArrayRef<Value> layer : layers)
        parts.push_back(swap ? swapLeading(layer[i], batch, steps) : layer[i]);
      SmallVector<OpFoldResult> shape = {batch, hidden};
      if (isY)
        shape.insert(shape.begin() + (batchFirst ? 1 : 0), steps);
      results.push_back(stack(parts, shape, (isY ? 1 : 0) + (batchFirst ? 1 : 0)));
    }
    return results;
  }

private:
  OpBuilder &builder;
  Location loc;
  const Cell &cell;
  const RecurrentAttributes &attributes;
  const RecurrentSizes &sizes;
  const RecurrentInputs &inputs;
  ArrayRef<ActivationAttr> activations;
  Value initialH, initialC;
  OpFoldResult steps, batch;

  /// Exchanges the first two of three dimensions, which become `first` and `second`.
  Value swapLeading(Value value, OpFoldResult first, OpFoldResult second) {
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<OpFoldResult> shape = {first, second, builder.getIndexAttr(type.getDimSize(2))};
    Value empty = tensor::EmptyOp::create(builder, loc, shape, type.getElementType());
    return linalg::TransposeOp::create(builder, loc, value, empty, ArrayRef<int64_t>{1, 0, 2}).getResult()[0];
  }

  /// Null for constant zeros, the initial state of a node that gives none.
  static Value dropZeros(Value state) {
    std::optional<ConstantData> data = constantData(state);
    if (data && llvm::all_of(data->bytes, [](char byte) { return byte == 0; }))
      return nullptr;
    return state;
  }

  /// The slice of `direction` of an optional input.
  Value ofDirection(Value value, int64_t direction) {
    return value ? sliceRows(builder, loc, value, direction, 1, /*dropLeading=*/true) : nullptr;
  }

  /// The type of a state of one direction.
  RankedTensorType stateType() { return RankedTensorType::get({sizes.batch, sizes.hidden}, builder.getF32Type()); }

  /// The initial state of a direction, [B, H].
  Value initialState(Value state, int64_t direction) {
    if (!state) {
      Value empty = tensor::EmptyOp::create(
          builder, loc, ArrayRef<OpFoldResult>{batch, builder.getIndexAttr(sizes.hidden)}, builder.getF32Type());
      Value zero = arith::ConstantOp::create(builder, loc, builder.getF32FloatAttr(0));
      return linalg::FillOp::create(builder, loc, zero, empty).getResult(0);
    }
    if (!*attributes.batchFirst)
      return ofDirection(state, direction);
    SmallVector<OpFoldResult> shape = {batch, builder.getIndexAttr(1), builder.getIndexAttr(sizes.hidden)};
    SmallVector<OpFoldResult> offsets(3, builder.getIndexAttr(0)), strides(3, builder.getIndexAttr(1));
    offsets[1] = builder.getIndexAttr(direction);
    return tensor::ExtractSliceOp::create(builder, loc, stateType(), state, offsets, shape, strides);
  }

  SmallVector<Value> initialStates(int64_t direction) {
    if (!initialH && !initialC)
      return {};
    SmallVector<Value> states = {initialState(initialH, direction)};
    if (cell.states == 2)
      states.push_back(initialState(initialC, direction));
    return states;
  }

  /// The location of the layer of one direction: a node of two says which it is.
  Location layerLocation(int64_t direction) {
    std::string node = onnx::nodeName(loc);
    if (sizes.directions == 1 || node.empty())
      return loc;
    return NameLoc::get(builder.getStringAttr(node + (direction == 0 ? " (forward)" : " (reverse)")), loc);
  }

  /// The layer of one direction: y and the final states.
  SmallVector<Value> buildLayer(Value x, int64_t direction) {
    int64_t rows = sizes.gates * sizes.hidden, functions = cell.activations.size();
    LayerParts parts;
    parts.y = RankedTensorType::get({sizes.steps, sizes.batch, sizes.hidden}, builder.getF32Type());
    parts.finals.assign(cell.states, stateType());
    parts.x = x;
    parts.w = ofDirection(inputs.w, direction);
    parts.r = ofDirection(inputs.r, direction);
    if (Value biases = ofDirection(inputs.b, direction)) {
      parts.inputBias = sliceRows(builder, loc, biases, 0, rows);
      parts.recurrentBias = sliceRows(builder, loc, biases, rows, rows);
    }
    parts.init = initialStates(direction);
    parts.lengths = inputs.lengths;
    parts.reverse = direction == 1 || attributes.direction == "reverse";
    parts.activations =
        builder.getArrayAttr(SmallVector<Attribute>(activations.slice(direction * functions, functions)));
    if (attributes.clip && !std::isinf(*attributes.clip))
      parts.clip = builder.getF32FloatAttr(*attributes.clip);
    Location layer = layerLocation(direction);
    parts.peephole = ofDirection(inputs.peephole, direction);
    return cell.create(builder, layer, parts, attributes)->getResults();
  }

  /// Joins the values of the directions, each of `shape`, along a new dimension `axis`.
  Value stack(ArrayRef<Value> parts, SmallVector<OpFoldResult> shape, int64_t axis) {
    auto type = cast<RankedTensorType>(parts[0].getType());
    shape.insert(shape.begin() + axis, builder.getIndexAttr(parts.size()));
    if (parts.size() == 1) {
      SmallVector<ReassociationIndices> groups;
      for (int64_t i = 0, next = 0; i < type.getRank(); ++i) {
        bool split = i == std::min(axis, type.getRank() - 1);
        groups.push_back(split ? ReassociationIndices{next, next + 1} : ReassociationIndices{next});
        next += split ? 2 : 1;
      }
      SmallVector<int64_t> sizes(type.getShape());
      sizes.insert(sizes.begin() + axis, 1);
      return tensor::ExpandShapeOp::create(builder, loc, RankedTensorType::get(sizes, type.getElementType()), parts[0],
                                           groups, shape);
    }
    Value joined = tensor::EmptyOp::create(builder, loc, shape, type.getElementType());
    if (llvm::is_contained(type.getShape(), 0))
      return joined;
    SmallVector<OpFoldResult> offsets(shape.size(), builder.getIndexAttr(0));
    SmallVector<OpFoldResult> strides(shape.size(), builder.getIndexAttr(1));
    shape[axis] = builder.getIndexAttr(1);
    for (auto [direction, value] : llvm::enumerate(parts)) {
      offsets[axis] = builder.getIndexAttr(direction);
      joined = tensor::InsertSliceOp::create(builder, loc, value, joined, offsets, shape, strides);
    }
    return joined;
  }
};
} // namespace

FailureOr<SmallVector<Value>> lowerRecurrent(OpBuilder &builder, onnx::NodeOp node, const Cell &cell,
                                             const RecurrentAttributes &attributes, const RecurrentInputs &given,
                                             bool accepted) {
  Location loc = node.getLoc();
  accepted &= succeeded(checkBounds(loc, attributes));
  FailureOr<SmallVector<ActivationAttr>> activations = resolveActivations(loc, cell, attributes);
  RecurrentSizes sizes;
  accepted &= succeeded(inferSizes(node, cell, attributes, given, sizes));
  int32_t least = cell.leastLength;
  accepted &= succeeded(checkLengths(loc, sizes, least, given));
  if (failed(activations) || !accepted)
    return failure();
  RecurrentInputs inputs = given;
  requireSizes(builder, loc, attributes, sizes, inputs);
  requireLengths(builder, loc, attributes, sizes, least, inputs);
  return Lowering(builder, loc, cell, attributes, sizes, inputs, *activations).run();
}

} // namespace rnn
