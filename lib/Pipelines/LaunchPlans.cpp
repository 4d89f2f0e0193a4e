//===- LaunchPlans.cpp - Models that are launches and nothing else -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "LaunchPlans.h"

#include "rnn-mlir/Dialect/Rpu/IR/Rpu.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace rnn {
namespace {

using runtime::ArgumentSource;
using runtime::ArrayKind;
using runtime::SizeSource;
using Size = std::optional<SizeSource>;

class Planner {
public:
  Planner(func::FuncOp main, const runtime::Metadata &meta) : main(main), meta(meta) {}

  /// Nothing where host code is needed.
  std::optional<runtime::Metadata> plan();

private:
  // Sizes as numbers or dimensions of inputs; nothing where they are computed.
  Size sizeOf(Value tensor, int64_t dim);
  Size sizeOf(OpFoldResult size);
  std::optional<std::vector<SizeSource>> sizesOf(Value tensor);
  bool equal(const Size &a, const Size &b);

  bool isWhole(tensor::ExtractSliceOp slice);
  /// The input or result of a launch whose elements `tensor` has, in the same order; null where there is none.
  Value arrayOf(Value tensor);
  /// Whether the runtime's checks of the inputs imply the condition.
  bool holds(cf::AssertOp assertion);
  bool placeOutputs(runtime::Metadata &result);
  bool addArgument(Value array, Value shaped, runtime::Metadata &result, runtime::LaunchPlan &launch);

  func::FuncOp main;
  const runtime::Metadata &meta;
  llvm::MapVector<Value, ArgumentSource> places;
};

Size Planner::sizeOf(OpFoldResult size) {
  if (std::optional<int64_t> number = getConstantIntValue(size))
    return SizeSource{*number};
  auto value = dyn_cast<Value>(size);
  if (!value)
    return std::nullopt;
  if (auto cast = value.getDefiningOp<arith::IndexCastOp>())
    return sizeOf(OpFoldResult(cast.getIn()));
  auto dim = value.getDefiningOp<tensor::DimOp>();
  std::optional<int64_t> number = dim ? dim.getConstantIndex() : std::nullopt;
  return number ? sizeOf(dim.getSource(), *number) : std::nullopt;
}

Size Planner::sizeOf(Value tensor, int64_t dim) {
  auto type = dyn_cast<RankedTensorType>(tensor.getType());
  if (!type || dim < 0 || dim >= type.getRank())
    return std::nullopt;
  if (!type.isDynamicDim(dim))
    return SizeSource{type.getDimSize(dim)};
  if (auto argument = dyn_cast<BlockArgument>(tensor))
    return SizeSource{0, static_cast<int32_t>(argument.getArgNumber()), static_cast<int32_t>(dim)};
  return TypeSwitch<Operation *, Size>(tensor.getDefiningOp())
      .Case([&](rpu::LaunchOp op) { return sizeOf(op.getOuts()[cast<OpResult>(tensor).getResultNumber()], dim); })
      .Case([&](tensor::CastOp op) { return sizeOf(op.getSource(), dim); })
      .Case([&](tensor::EmptyOp op) { return sizeOf(op.getMixedSizes()[dim]); })
      .Case([&](tensor::ExpandShapeOp op) { return sizeOf(op.getMixedOutputShape()[dim]); })
      .Case([&](tensor::CollapseShapeOp op) -> Size {
        // Of the dimensions that become one, the size of the only one that is not 1.
        Size size;
        for (int64_t from : op.getReassociationIndices()[dim]) {
          if (op.getSrcType().getDimSize(from) == 1)
            continue;
          if (size)
            return std::nullopt;
          size = sizeOf(op.getSrc(), from);
          if (!size)
            return std::nullopt;
        }
        return size;
      })
      .Case([&](tensor::ReshapeOp op) -> Size {
        auto shape = op.getShape().getDefiningOp<tensor::FromElementsOp>();
        return shape ? sizeOf(OpFoldResult(shape.getElements()[dim])) : std::nullopt;
      })
      .Case([&](tensor::ExtractSliceOp op) -> Size {
        llvm::SmallBitVector dropped = op.getDroppedDims();
        for (int64_t from = 0; from < op.getSourceType().getRank(); ++from)
          if (!dropped[from] && dim-- == 0)
            return sizeOf(op.getMixedSizes()[from]);
        return std::nullopt;
      })
      .Default([](Operation *) { return std::nullopt; });
}

std::optional<std::vector<SizeSource>> Planner::sizesOf(Value tensor) {
  std::vector<SizeSource> sizes;
  for (int64_t dim = 0; dim < cast<RankedTensorType>(tensor.getType()).getRank(); ++dim) {
    Size size = sizeOf(tensor, dim);
    if (!size)
      return std::nullopt;
    sizes.push_back(*size);
  }
  return sizes;
}

bool Planner::equal(const Size &a, const Size &b) {
  if (!a || !b || (a->input < 0) != (b->input < 0))
    return false;
  if (a->input < 0)
    return a->value == b->value;
  // Dimensions of one name agree: the runtime sees to it.
  const std::string &name = meta.inputs[a->input].dims[a->dim];
  return (a->input == b->input && a->dim == b->dim) || (!name.empty() && name == meta.inputs[b->input].dims[b->dim]);
}

bool Planner::isWhole(tensor::ExtractSliceOp slice) {
  if (!llvm::all_of(slice.getMixedOffsets(), [](OpFoldResult offset) { return isConstantIntValue(offset, 0); }) ||
      !slice.hasUnitStride())
    return false;
  for (auto [dim, size] : llvm::enumerate(slice.getMixedSizes()))
    if (!equal(sizeOf(size), sizeOf(slice.getSource(), dim)))
      return false;
  return true;
}

Value Planner::arrayOf(Value tensor) {
  while (Operation *op = tensor.getDefiningOp()) {
    if (isa<rpu::LaunchOp>(op))
      return tensor;
    auto slice = dyn_cast<tensor::ExtractSliceOp>(op);
    if (!isa<tensor::CastOp, tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::ReshapeOp>(op) &&
        !(slice && isWhole(slice)))
      return nullptr;
    tensor = op->getOperand(0);
  }
  return tensor;
}

bool Planner::holds(cf::AssertOp assertion) {
  auto compare = assertion.getArg().getDefiningOp<arith::CmpIOp>();
  return compare && compare.getPredicate() == arith::CmpIPredicate::eq &&
         equal(sizeOf(OpFoldResult(compare.getLhs())), sizeOf(OpFoldResult(compare.getRhs())));
}

/// Each output must be the result of a launch, and of one that is no other output.
bool Planner::placeOutputs(runtime::Metadata &result) {
  for (auto [index, value] : llvm::enumerate(main.front().getTerminator()->getOperands())) {
    Value array = arrayOf(value);
    auto sizes = sizesOf(value);
    if (!array || isa<BlockArgument>(array) || !sizes ||
        !places.insert({array, {ArrayKind::Output, static_cast<uint32_t>(index), {}}}).second)
      return false;
    result.outputSizes.push_back(std::move(*sizes));
  }
  return true;
}

bool Planner::addArgument(Value array, Value shaped, runtime::Metadata &result, runtime::LaunchPlan &launch) {
  auto sizes = array ? sizesOf(shaped) : std::nullopt;
  if (!sizes)
    return false;
  if (auto input = dyn_cast<BlockArgument>(array)) {
    launch.arguments.push_back({ArrayKind::Input, input.getArgNumber(), std::move(*sizes)});
    return true;
  }
  auto [place, fresh] =
      places.insert({array, {ArrayKind::Temporary, static_cast<uint32_t>(result.temporaries.size()), {}}});
  if (fresh) {
    Type element = cast<RankedTensorType>(array.getType()).getElementType();
    if (!element.isF32() && !element.isF16())
      return false;
    result.temporaries.push_back({element.isF16() ? runtime::DType::Float16 : runtime::DType::Float32, *sizes});
  }
  launch.arguments.push_back({place->second.kind, place->second.index, std::move(*sizes)});
  return true;
}

std::optional<runtime::Metadata> Planner::plan() {
  runtime::Metadata result = meta;
  if (!main || !llvm::hasSingleElement(main.getBody()) || !placeOutputs(result))
    return std::nullopt;
  llvm::StringMap<int64_t> programs = rpu::programNumbers(main->getParentOfType<ModuleOp>());
  for (Operation &op : main.front().without_terminator()) {
    if (auto launch = dyn_cast<rpu::LaunchOp>(op)) {
      runtime::LaunchPlan &plan = result.launches.emplace_back();
      auto program = programs.find(launch.getProgram());
      if (program == programs.end())
        return std::nullopt;
      plan.program = program->second;
      for (Value in : launch.getIns())
        if (!addArgument(arrayOf(in), in, result, plan))
          return std::nullopt;
      for (auto [out, written] : llvm::zip(launch.getOuts(), launch.getResults()))
        if (!addArgument(written, out, result, plan))
          return std::nullopt;
      continue;
    }
    auto assertion = dyn_cast<cf::AssertOp>(op);
    if (assertion ? !holds(assertion) : !isMemoryEffectFree(&op))
      return std::nullopt;
  }
  if (result.launches.empty())
    return std::nullopt;
  return result;
}

} // namespace

bool planLaunches(func::FuncOp main, runtime::Metadata &meta) {
  std::optional<runtime::Metadata> planned = Planner(main, meta).plan();
  if (planned)
    meta = std::move(*planned);
  return planned.has_value();
}

} // namespace rnn
