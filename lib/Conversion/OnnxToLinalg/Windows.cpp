//===- Windows.cpp - Windows over spatial dimensions ------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "OnnxLowering.h"

#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"

using namespace mlir;

namespace rnn::onnx {

std::optional<SmallVector<int64_t>> readList(NodeLowering &node, StringRef name, std::optional<int64_t> count,
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

Window readWindow(NodeLowering &node, std::optional<int64_t> spatial, ArrayRef<int64_t> kernel) {
  Window window;
  window.kernel.assign(kernel.begin(), kernel.end());
  auto strides = readList(node, "strides", spatial, 1, 1), dilations = readList(node, "dilations", spatial, 1, 1),
       pads = readList(node, "pads", spatial ? std::optional(2 * *spatial) : std::nullopt, 0, 0);
  window.strides = strides.value_or(SmallVector<int64_t>());
  window.dilations = dilations.value_or(SmallVector<int64_t>());
  window.pads = pads.value_or(SmallVector<int64_t>());
  if (!spatial || kernel.empty() || !dilations)
    return window;
  for (int64_t i = 0; i < *spatial; ++i) {
    int64_t size = window.kernel[i], dilation = window.dilations[i];
    if (size - 1 >= bounds::WindowExtent / dilation) {
      (void)node.refuseBeyond(Limit::WindowExtent,
                              "a kernel of " + Twine(size) + " and a dilation of " + Twine(dilation));
      continue;
    }
    window.extents.push_back((size - 1) * dilation + 1);
  }
  return window;
}

void requireRoomForWindow(NodeLowering &node, std::optional<int64_t> spatial, const Window &window) {
  RankedTensorType x = node.operandType(0);
  std::optional<StringRef> automatic = node.stringAttr("auto_pad");
  bool valid = automatic == "VALID",
       given = automatic == "NOTSET" && spatial && static_cast<int64_t>(window.pads.size()) == 2 * *spatial;
  if (!spatial || !x || x.getRank() != *spatial + 2 || !(valid || given) ||
      static_cast<int64_t>(window.extents.size()) != *spatial)
    return;
  for (int64_t i = 0; i < *spatial; ++i) {
    if (x.isDynamicDim(i + 2))
      continue;
    int64_t padded = x.getDimSize(i + 2) + (valid ? 0 : window.pads[i] + window.pads[i + *spatial]);
    if (window.extents[i] > padded)
      (void)node.refuse("has a window of " + Twine(window.extents[i]) + " elements, larger than the padded input of " +
                        Twine(padded) + " in dimension " + Twine(i + 2));
  }
}

void computePads(NodeLowering &node, Window &window) {
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

Value padded(OpBuilder &builder, Location loc, Value x, ArrayRef<OpFoldResult> before, ArrayRef<OpFoldResult> after,
             TypedAttr value) {
  auto none = [](OpFoldResult pad) { return staticOf(pad) == 0; };
  if (llvm::all_of(before, none) && llvm::all_of(after, none))
    return x;
  auto type = cast<RankedTensorType>(x.getType());
  SmallVector<OpFoldResult> sizes = sizesOf(builder, loc, x), own = sizes;
  SmallVector<OpFoldResult> offsets(type.getRank(), builder.getIndexAttr(0)),
      strides(type.getRank(), builder.getIndexAttr(1));
  for (size_t i = 0; i < before.size(); ++i) {
    sizes[i + 2] = addSizes(builder, loc, sizes[i + 2], addSizes(builder, loc, before[i], after[i]));
    offsets[i + 2] = before[i];
  }
  Value empty = tensor::EmptyOp::create(builder, loc, sizes, type.getElementType());
  Value around = linalg::FillOp::create(builder, loc, arith::ConstantOp::create(builder, loc, value).getResult(), empty)
                     .getResult(0);
  // A slice op has to begin inside even where it is empty.
  if (llvm::is_contained(type.getShape(), 0))
    return around;
  return tensor::InsertSliceOp::create(builder, loc, x, around, offsets, own, strides);
}

FailureOr<SmallVector<OpFoldResult>> countWindows(NodeLowering &node, Value x, const Window &window, bool ceil) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  SmallVector<OpFoldResult> counts, sizes = sizesOf(builder, loc, x);
  for (size_t i = 0; i < window.extents.size(); ++i) {
    int64_t extent = window.extents[i], stride = window.strides[i];
    OpFoldResult size =
        addSizes(builder, loc, sizes[i + 2], addSizes(builder, loc, window.padBefore[i], window.padAfter[i]));
    OpFoldResult room = subSizes(builder, loc, size, builder.getIndexAttr(extent));
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
    OpFoldResult one = builder.getIndexAttr(1);
    if (!ceil) {
      counts.push_back(addSizes(builder, loc, floorDivSize(builder, loc, room, stride), one));
      continue;
    }
    OpFoldResult more = addSizes(builder, loc, room, builder.getIndexAttr(stride - 1));
    OpFoldResult count = addSizes(builder, loc, floorDivSize(builder, loc, more, stride), one);
    // The last window has to begin in the input or the pad before it.
    OpFoldResult inside = addSizes(builder, loc, sizes[i + 2], window.padBefore[i]);
    inside = floorDivSize(builder, loc, addSizes(builder, loc, inside, builder.getIndexAttr(stride - 1)), stride);
    counts.push_back(minSizes(builder, loc, count, inside));
  }
  if (failed(node.accepted()))
    return failure();
  return counts;
}

} // namespace rnn::onnx
