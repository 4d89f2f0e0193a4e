//===- ControlFlow.cpp - If -------------------------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "OnnxLowering.h"

#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"

#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace rnn::onnx {

/// The values that the graph of a branch returns, after its nodes have been lowered in place; null where what should
/// have given them has been refused.
static SmallVector<Value> lowerBranch(NodeLowering &node, Region &branch) {
  OperandRange returned = branch.front().getTerminator()->getOperands();
  if (returned.size() != node.op().getNumResults())
    (void)node.refuse("expects branches with as many outputs as the node, " + Twine(node.op().getNumResults()) +
                      ", found " + Twine(returned.size()));
  if (failed(node.parent().lowerBlock(branch.front())))
    node.fail();
  SmallVector<Value> results;
  for (Value value : returned) {
    results.push_back(node.parent().values.lookup(value));
    if (!results.back())
      node.fail();
  }
  return results;
}

/// The type that both types can be cast to; null where there is none.
static RankedTensorType joinTypes(Type a, Type b) {
  auto x = cast<RankedTensorType>(a), y = cast<RankedTensorType>(b);
  if (x.getRank() != y.getRank() || x.getElementType() != y.getElementType())
    return nullptr;
  SmallVector<int64_t> shape;
  for (auto [p, q] : llvm::zip(x.getShape(), y.getShape()))
    shape.push_back(p == q ? p : ShapedType::kDynamic);
  return RankedTensorType::get(shape, x.getElementType());
}

LogicalResult lowerIf(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  Region *then = node.op().getSubgraph("then_branch"), *otherwise = node.op().getSubgraph("else_branch");
  auto lowerOnly = [&](bool taken) -> LogicalResult {
    Region *branch = taken ? then : otherwise;
    SmallVector<Value> results = branch ? lowerBranch(node, *branch) : SmallVector<Value>();
    if (failed(node.accepted()))
      return failure();
    for (auto [index, value] : llvm::enumerate(results))
      node.setResult(index, value);
    return success();
  };
  RankedTensorType type = node.operandType(0);
  auto mayBeOne = [](int64_t size) { return size == 1 || ShapedType::isDynamic(size); };
  if (Type element = node.elementType(0);
      type && (!llvm::all_of(type.getShape(), mayBeOne) || (element && !element.isInteger(1))))
    (void)node.refuse("expects a condition of one bool, found " + llvm::formatv("{0}", type));
  // A branch that is never taken is not looked at.
  if (std::optional<SmallVector<int64_t>> known = node.constantInts(node.operand(0)); known && known->size() == 1)
    return lowerOnly((*known)[0] != 0);
  if (failed(node.accepted())) {
    for (Region *branch : {then, otherwise}) // for their own refusals
      if (branch)
        (void)lowerBranch(node, *branch);
    return failure();
  }
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    if (type.isDynamicDim(dim)) {
      Value size = asIndex(builder, loc, sizeOf(builder, loc, node.operand(0), dim));
      Value one = arith::ConstantIndexOp::create(builder, loc, 1);
      node.require(arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, size, one),
                   "expects a condition of one element, size 1 in dimension " + Twine(dim));
    }
  SmallVector<Value> zeros(type.getRank(), arith::ConstantIndexOp::create(builder, loc, 0));
  Value condition = tensor::ExtractOp::create(builder, loc, node.operand(0), zeros);
  if (auto assumed = node.parent().assumed.find(node.op()); assumed != node.parent().assumed.end()) {
    Value taken = arith::ConstantOp::create(builder, loc, builder.getBoolAttr(assumed->second));
    node.require(arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, condition, taken),
                 "expects its condition to be " + Twine(assumed->second ? "true" : "false") +
                     ", as what follows fits the rank that this branch gives only");
    return lowerOnly(assumed->second);
  }
  // The branches are lowered into blocks of their own first: the types of the results follow from both.
  std::array<Block *, 2> blocks;
  std::array<SmallVector<Value>, 2> values;
  std::array<Region *, 2> regions;
  for (auto [index, branch] : llvm::enumerate(std::array{then, otherwise})) {
    OpBuilder::InsertionGuard guard(builder);
    regions[index] = &node.parent().createScratch();
    blocks[index] = builder.createBlock(regions[index]);
    values[index] = lowerBranch(node, *branch);
  }
  // What nothing uses is left out.
  SmallVector<unsigned> wanted;
  for (unsigned index = 0; index < std::min(values[0].size(), values[1].size()); ++index)
    if (node.op().wantsOutput(index))
      wanted.push_back(index);
  SmallVector<Type> types;
  for (unsigned index : wanted) {
    if (!values[0][index] || !values[1][index])
      continue;
    Type a = values[0][index].getType(), b = values[1][index].getType();
    types.push_back(joinTypes(a, b));
    if (types.back())
      continue;
    if (cast<RankedTensorType>(a).getElementType() == cast<RankedTensorType>(b).getElementType())
      node.parent().undecided.push_back(
          {node.op(), index, cast<RankedTensorType>(a).getRank(), cast<RankedTensorType>(b).getRank()});
    (void)node.refuseBeyond(Limit::MatchingBranches, llvm::formatv("{0} and {1} as output {2}", a, b, index));
  }
  if (failed(node.accepted()))
    return failure();
  auto branching = scf::IfOp::create(builder, loc, types, condition, /*withElseRegion=*/true);
  for (auto [index, region] : llvm::enumerate(std::array{&branching.getThenRegion(), &branching.getElseRegion()})) {
    region->takeBody(*regions[index]);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(&region->front());
    SmallVector<Value> yielded;
    for (auto [output, type] : llvm::zip(wanted, types)) {
      Value value = values[index][output];
      yielded.push_back(value.getType() == type ? value : Value(tensor::CastOp::create(builder, loc, type, value)));
    }
    scf::YieldOp::create(builder, loc, yielded);
  }
  for (auto [output, value] : llvm::zip(wanted, branching.getResults()))
    node.setResult(output, value);
  return success();
}

} // namespace rnn::onnx
