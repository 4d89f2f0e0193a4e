//===- OnnxLowering.h - One ONNX node on its way to linalg ------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#pragma once

#include "rnn-mlir/Dialect/Onnx/IR/Operators.h"
#include "rnn-mlir/Dialect/Rnn/IR/Constants.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringSet.h"

namespace rnn::onnx {

class GraphLowering;

/// Elements of a small integer tensor, each a constant or an index value.
using ElementList = llvm::SmallVector<mlir::OpFoldResult>;

/// A node being lowered: its operands as tensors of known rank, its attributes, and what its lowering needs to build.
/// A lowering first checks all that can be wrong, each check with what is known of what it needs: operands are null and
/// attributes empty where they have been refused. It goes on to build only if the node is `accepted`, which one with
/// anything unknown never is. Then it sets every result that is wanted.
class NodeLowering {
public:
  /// `verified` is whether `verifyNode` accepts the node.
  NodeLowering(GraphLowering &graph, NodeOp node, bool verified);

  mlir::OpBuilder &builder();
  mlir::Location loc() { return node.getLoc(); }
  NodeOp op() { return node; }
  int64_t opset() { return opsetOf(node); }
  GraphLowering &parent() { return graph; }

  unsigned numOperands() { return node.getInputs().size(); }
  /// The lowered operand, null where it is absent or not known.
  mlir::Value operand(unsigned index);
  /// Whether the operand has a value, or is rightly absent.
  bool isKnown(unsigned index);
  /// The type of the operand and that of its elements, null where it has none; the latter also where it is refused.
  mlir::RankedTensorType operandType(unsigned index);
  mlir::Type elementType(unsigned index);
  /// The types of those operands that are known, as text: `A and B`.
  std::string typesOf(llvm::ArrayRef<unsigned> indices);

  /// Attributes of the node or their defaults; none where there is neither or they are not known.
  std::optional<int64_t> intAttr(llvm::StringRef name);
  std::optional<llvm::StringRef> stringAttr(llvm::StringRef name);
  /// Of an accepted node.
  float floatAttr(llvm::StringRef name);
  /// `axis`, from the start of the shape of an operand. None where it is not known; refuses one that is out of range.
  std::optional<int64_t> axisAttr(unsigned operand);
  /// None where it is absent; fails, without a word, where it is not known.
  mlir::FailureOr<std::optional<llvm::SmallVector<int64_t>>> intsAttr(llvm::StringRef name);

  /// The elements of a small integer tensor (rank 0 or 1), or of an operand; none where they are not tracked.
  std::optional<ElementList> elements(mlir::Value value);
  /// The same of any integer tensor of rank 1 and static length (or rank 0): what is not tracked is read at run time.
  std::optional<ElementList> elementsAtRunTime(mlir::Value value);
  /// Elements where all are known at compile time.
  std::optional<llvm::SmallVector<int64_t>> constantInts(mlir::Value value);
  /// Integers that an operand gives in newer operator sets and an attribute in older ones; none where absent. Fails
  /// by `limit` where the operand is not known at compile time, and without a word where nothing is known of it.
  mlir::FailureOr<std::optional<llvm::SmallVector<int64_t>>> constantList(unsigned index, llvm::StringRef attribute,
                                                                          Limit limit);
  /// The same where they may be known at run time only, if the operand is of known length.
  mlir::FailureOr<std::optional<ElementList>> listAtRunTime(unsigned index, llvm::StringRef attribute, Limit limit);

  /// An error at the node, told once however often it is found. Always fails; a lowering goes on to find what else is
  /// wrong.
  mlir::LogicalResult refuse(const llvm::Twine &message);
  /// An error about what is not supported: `limit` is one of the operator's record. Always fails.
  mlir::LogicalResult refuseBeyond(Limit limit, const llvm::Twine &found);
  /// The node is not accepted, for a reason that has been told.
  void fail() { refused = true; }
  /// Fails after a refusal, and where anything of the node is not known.
  mlir::LogicalResult accepted() { return mlir::success(!refused); }
  /// A check at run time that `sizes`, which the model computes, are not negative and make a tensor of at most 2 GiB.
  void requireRoom(llvm::ArrayRef<mlir::OpFoldResult> sizes, mlir::Type element);
  /// A check at run time.
  void require(mlir::Value condition, const llvm::Twine &message);

  /// Whether a constant of this type may be made at compile time: takes its bytes from the graph's `foldingBudget`, or
  /// leaves the value to run time.
  bool mayFold(mlir::RankedTensorType type);
  /// The same of a constant that repeats one element.
  bool mayFoldSplat(mlir::RankedTensorType type);

  void setResult(unsigned index, mlir::Value value);
  /// A result that is a small integer tensor of these elements.
  void setElements(unsigned index, mlir::RankedTensorType type, llvm::ArrayRef<mlir::OpFoldResult> elements);

private:
  GraphLowering &graph;
  NodeOp node;
  /// What the operator's record has of inputs at the model's opset.
  llvm::SmallVector<const OperandSpec *> inputs;
  bool takesUnsigned;
  bool refused;
  llvm::StringSet<> told;
};

/// Lowers a graph node by node, in order.
class GraphLowering {
public:
  explicit GraphLowering(mlir::OpBuilder &builder) : builder(builder) {}
  /// The regions of `createScratch` may use values of each other.
  ~GraphLowering() {
    for (std::unique_ptr<mlir::Region> &region : scratch)
      region->dropAllReferences();
  }

  /// Lowers the nodes of a block; the last one, `onnx.return`, is left. Fails after all refusals have been reported.
  mlir::LogicalResult lowerBlock(mlir::Block &block);

  mlir::OpBuilder &builder;
  /// From values of the onnx dialect to lowered ones.
  llvm::DenseMap<mlir::Value, mlir::Value> values;
  /// Tracked elements of lowered values.
  llvm::DenseMap<mlir::Value, ElementList> elements;

  /// Ifs decided at run time of which one branch is lowered, with a check that it is the one; true is the then_branch.
  llvm::DenseMap<mlir::Operation *, bool> assumed;
  /// An If refused because its branches give output `output` different ranks.
  struct Undecided {
    NodeOp node;
    unsigned output;
    int64_t thenRank, elseRank;
  };
  llvm::SmallVector<Undecided> undecided;

  /// Bytes of constants that may still be computed from the model's. They grow with the model's own, so that time and
  /// memory are bounded by the size of the model, whatever sizes it writes down.
  int64_t foldingBudget = kFreeFolding;
  static constexpr int64_t kFreeFolding = int64_t(16) << 20;
  /// Budget for each byte of the model's constants: a weight is cut, joined and transposed a few times.
  static constexpr int64_t kFoldingPerByte = 16;

  /// A region for what may not become a part of the graph. It lives as long as values of it may be remembered.
  mlir::Region &createScratch();

private:
  mlir::LogicalResult lowerNode(NodeOp node);
  /// Reports what can be found in the subgraphs of a node that its lowering, if there is one, does not look at.
  void lowerInVain(NodeOp node);

  std::vector<std::unique_ptr<mlir::Region>> scratch;
};

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

/// The size of dimension `dim`, a constant where it is static; of what was made in the size of another tensor, that
/// tensor's.
mlir::OpFoldResult sizeOf(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value, int64_t dim);
llvm::SmallVector<mlir::OpFoldResult> sizesOf(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value);
/// Whether two sizes are known to be the same.
bool sameSize(mlir::OpFoldResult a, mlir::OpFoldResult b);
/// Whether a size is neither a constant nor the size of a tensor, so that it can be anything.
bool isComputed(mlir::OpFoldResult size);
/// The constant in an OpFoldResult, or kDynamic.
int64_t staticOf(mlir::OpFoldResult size);
mlir::Value asIndex(mlir::OpBuilder &builder, mlir::Location loc, mlir::OpFoldResult size);
/// A tensor type of these sizes.
mlir::RankedTensorType typeOf(llvm::ArrayRef<mlir::OpFoldResult> sizes, mlir::Type element);
/// a op b on sizes, folded where both are constant.
mlir::OpFoldResult addSizes(mlir::OpBuilder &builder, mlir::Location loc, mlir::OpFoldResult a, mlir::OpFoldResult b);
mlir::OpFoldResult subSizes(mlir::OpBuilder &builder, mlir::Location loc, mlir::OpFoldResult a, mlir::OpFoldResult b);
mlir::OpFoldResult mulSizes(mlir::OpBuilder &builder, mlir::Location loc, mlir::OpFoldResult a, mlir::OpFoldResult b);
mlir::OpFoldResult floorDivSize(mlir::OpBuilder &builder, mlir::Location loc, mlir::OpFoldResult a, int64_t b);
mlir::OpFoldResult maxSizes(mlir::OpBuilder &builder, mlir::Location loc, mlir::OpFoldResult a, mlir::OpFoldResult b);
mlir::OpFoldResult minSizes(mlir::OpBuilder &builder, mlir::Location loc, mlir::OpFoldResult a, mlir::OpFoldResult b);

/// An axis counted from the end made one from the start; none where it is out of range.
std::optional<int64_t> normaliseAxis(int64_t axis, int64_t rank);

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

/// Bytes of a constant's elements; a splat is written out (see `expandSplat`).
std::optional<std::vector<char>> constantBytes(mlir::Value value);
/// A constant over the bytes of another, with a type of as many elements.
mlir::Value retypeConstant(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
                           mlir::RankedTensorType type);
/// A constant whose element at each index comes from `source(index)`, the number of an element of `from`.
mlir::Value gatherConstant(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value from, mlir::RankedTensorType type,
                           llvm::function_ref<int64_t(llvm::ArrayRef<int64_t>)> source);

//===----------------------------------------------------------------------===//
// Element-wise
//===----------------------------------------------------------------------===//

/// Refuses the known ones of these operands if their shapes do not broadcast.
void requireBroadcast(NodeLowering &node, llvm::ArrayRef<unsigned> operands);
/// `body` on the elements of `operands`, broadcast against each other as ONNX does, which their shapes allow.
mlir::Value elementwise(NodeLowering &node, llvm::ArrayRef<mlir::Value> operands, mlir::Type element,
                        llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::Location, mlir::ValueRange)> body);
/// The size that operands of sizes `a` and `b` have together; none if they do not broadcast.
std::optional<int64_t> joinStatic(int64_t a, int64_t b);
/// The same of sizes that do, with a check at run time where that is not known.
mlir::OpFoldResult joinSizes(NodeLowering &node, mlir::OpFoldResult a, mlir::OpFoldResult b);
/// `value` broadcast to `sizes`, which it is compatible with.
mlir::Value broadcastTo(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
                        llvm::ArrayRef<mlir::OpFoldResult> sizes);
/// `value` with a contiguous row-major shape of `sizes`; the number of elements is the same.
mlir::Value reshapeTo(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
                      llvm::ArrayRef<mlir::OpFoldResult> sizes);

} // namespace rnn::onnx
