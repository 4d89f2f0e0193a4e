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
  /// The type of the operand and that of its elements, null where it has none; the latter also where it is refused. An
  /// operator that computes in f32 for f16 and bf16 sees f32, and its results are rounded.
  mlir::RankedTensorType operandType(unsigned index);
  mlir::Type elementType(unsigned index);
  /// The type of the elements as the model has it.
  mlir::Type givenType(unsigned index);
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
  /// Operands of f16 or bf16 as f32, null for all others, and the type that results are rounded to.
  llvm::SmallVector<mlir::Value> widened;
  mlir::Type narrow;
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

  /// Steps that may still be spent on evaluating nodes of constants, and the most for one node.
  int64_t evaluationSteps = int64_t(1) << 23;
  static constexpr int64_t kStepsOfNode = int64_t(1) << 21;

  /// A region for what may not become a part of the graph. It lives as long as values of it may be remembered.
  mlir::Region &createScratch();

private:
  mlir::LogicalResult lowerNode(NodeOp node);
  /// Makes constants of the results of a node of constants, whatever the operator, as far as its steps do.
  void foldResults(NodeOp node, NodeLowering &lowering);
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
// Numbers
//===----------------------------------------------------------------------===//

/// The element type of a TensorProto data type, null for one that is not supported.
mlir::Type elementTypeOf(mlir::OpBuilder &builder, int64_t onnxType);
bool isNumber(mlir::Type element);
bool isUnsigned(mlir::Type element);
/// A constant of a float or signless integer.
mlir::Value constantLike(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type, double value);
/// `x`, without its sign where it is an unsigned integer, as arithmetic takes it.
mlir::Value signless(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x);
/// `x` as an element of `type`, which differs by its sign at most.
mlir::Value asElement(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x, mlir::Type type);
/// The signless type of an unsigned one; any other as it is.
mlir::Type plainType(mlir::Type element);
/// An element of a type that may be unsigned, from a signless value.
mlir::Value constantElement(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type element, mlir::TypedAttr value);
/// `x`, signless, a number or boolean of type `from`, as one of type `to`, signless. What of a float does not fit an
/// integer becomes the nearest one, NaN becomes 0; integers keep their low bits.
mlir::Value convertNumber(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x, mlir::Type from, mlir::Type to);
/// The same of each element of a tensor; of a constant a constant.
mlir::Value convertElements(NodeLowering &node, mlir::Value value, mlir::Type to);
/// The greater (the lesser) of two signless numbers of type `element`; NaN where one is.
mlir::Value greaterOf(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type element, mlir::Value a, mlir::Value b);
mlir::Value lesserOf(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type element, mlir::Value a, mlir::Value b);
/// Whether a < b, of signless numbers of type `element`; false for NaN.
mlir::Value isLess(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type element, mlir::Value a, mlir::Value b);
/// The least (the greatest) value of a type: an infinity of floats.
mlir::TypedAttr leastOf(mlir::Builder &builder, mlir::Type element);
mlir::TypedAttr greatestOf(mlir::Builder &builder, mlir::Type element);

/// Refuses those of the operands that are not numbers (booleans, floats), and those that are not of one type.
void requireNumbers(NodeLowering &node, llvm::ArrayRef<unsigned> operands);
void requireBooleans(NodeLowering &node, llvm::ArrayRef<unsigned> operands);
void requireFloats(NodeLowering &node, llvm::ArrayRef<unsigned> operands);
/// Integers, of any sign.
void requireWhole(NodeLowering &node, llvm::ArrayRef<unsigned> operands);
void requireSameType(NodeLowering &node, llvm::ArrayRef<unsigned> operands);
/// Refuses an operand that is not of signless integers.
void requireIntegers(NodeLowering &node, unsigned operand);

//===----------------------------------------------------------------------===//
// Element-wise
//===----------------------------------------------------------------------===//

/// A tensor of `sizes` whose elements `body` gives, from their index; signless ones for a tensor of unsigned integers.
mlir::Value generate(mlir::OpBuilder &builder, mlir::Location loc, llvm::ArrayRef<mlir::OpFoldResult> sizes,
                     mlir::Type element,
                     llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::Location, mlir::ValueRange)> body);

/// Refuses the known ones of these operands if their shapes do not broadcast.
void requireBroadcast(NodeLowering &node, llvm::ArrayRef<unsigned> operands);
/// `operand` broadcasts to an array of `sizes`, which never broadcasts to it: a check at run time of what is not known.
void requireBroadcastTo(NodeLowering &node, mlir::Value operand, llvm::ArrayRef<mlir::OpFoldResult> sizes,
                        const llvm::Twine &what);
/// `body` on the elements of `operands`, broadcast against each other as ONNX does, which their shapes allow. It gets
/// and gives unsigned integers as signless ones.
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
/// `value` with its dimensions in another order; of a constant a constant, where the graph's budget allows.
mlir::Value transposed(NodeLowering &node, mlir::Value value, llvm::ArrayRef<int64_t> perm);

//===----------------------------------------------------------------------===//
// Products, windows and reductions
//===----------------------------------------------------------------------===//

mlir::Value zeroOf(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type);
/// An array of zeros.
mlir::Value filled(mlir::OpBuilder &builder, mlir::Location loc, llvm::ArrayRef<mlir::OpFoldResult> sizes,
                   mlir::Type element);
/// Yields acc + a · b of floats or integers.
void yieldMultiplyAdd(mlir::OpBuilder &builder, mlir::Location loc, mlir::ValueRange values);
/// Refuses two static sizes that differ.
void requireEqual(NodeLowering &node, int64_t a, int64_t b, const llvm::Twine &what);
/// Checks at run time that two sizes are equal, where that is not known.
void requireEqualAtRunTime(NodeLowering &node, mlir::OpFoldResult a, mlir::OpFoldResult b, const llvm::Twine &what);
/// A · B of tensors as MatMul has them, whose shapes have been checked.
mlir::Value multiply(NodeLowering &node, mlir::Value a, mlir::Value b);
/// Refuses operands that MatMul cannot multiply.
void requireMultipliable(NodeLowering &node, unsigned a, unsigned b);

/// How a reduction goes on: from `initial`, signless, `step` makes a new sum of the old one and an element.
struct Reducer {
  mlir::TypedAttr initial;
  llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::Location, mlir::Value sum, mlir::Value element)> step;
};
/// Reduces the marked dimensions of `value` to size 1, in the type of the initial value.
mlir::Value reduce(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value, llvm::ArrayRef<bool> reduced,
                   const Reducer &reducer);
/// The sum over the marked dimensions, in f64 of floats: in f32, an element may be too small to change that of many.
mlir::Value addUp(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value, llvm::ArrayRef<bool> reduced);
/// The number of elements in the marked dimensions, an f64.
mlir::Value countOf(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value, llvm::ArrayRef<bool> reduced);
/// The mean over the marked dimensions, of size 1, in f64.
mlir::Value meanOf(NodeLowering &node, mlir::Value value, llvm::ArrayRef<bool> reduced);

/// Axes that are to be different and in range of an operand of rank `rank`, which may not be known: from the start of
/// the shape, none for those that are refused.
llvm::SmallVector<std::optional<int64_t>> checkAxes(NodeLowering &node, llvm::ArrayRef<int64_t> axes,
                                                    std::optional<int64_t> rank);
/// Sizes that an operand lists; none where they are not known. Constants are checked here, the rest by `requireRoom`.
std::optional<ElementList> sizesFrom(NodeLowering &node, unsigned index, Limit limit);
/// The index that a signless integer says of a dimension of `size` elements, from the end where it is negative. One
/// beyond it ends the run.
mlir::Value checkedIndex(NodeLowering &node, mlir::OpBuilder &builder, mlir::Location loc, mlir::Value raw,
                         mlir::Value size);
/// The one element of an operand, which has been checked by `requireOne`.
mlir::Value elementOf(NodeLowering &node, unsigned operand);
/// Refuses an operand that is not of one element.
void requireOne(NodeLowering &node, unsigned operand, llvm::StringRef name);

/// Sizes of a window over spatial dimensions.
struct Window {
  llvm::SmallVector<int64_t> kernel, strides, dilations, pads;
  /// Elements from the first to the last that a window reads.
  llvm::SmallVector<int64_t> extents;
  llvm::SmallVector<mlir::OpFoldResult> padBefore, padAfter;
};
/// Reads an attribute that lists `count` values, any number of them where that is not known: absent ones are
/// `fallback`. Refuses values below `least` or beyond the limit. None where they are not known.
std::optional<llvm::SmallVector<int64_t>> readList(NodeLowering &node, llvm::StringRef name,
                                                   std::optional<int64_t> count, int64_t fallback, int64_t least);
/// Reads the sizes of a window of `kernel` elements over the spatial dimensions of operand 0, of which some may not be
/// known, and refuses those that contradict each other. `kernel` is empty where it is not known.
Window readWindow(NodeLowering &node, std::optional<int64_t> spatial, llvm::ArrayRef<int64_t> kernel);
/// Refuses windows that are larger than the padded input, where that is known.
void requireRoomForWindow(NodeLowering &node, std::optional<int64_t> spatial, const Window &window);
/// Finds how many elements are padded, after all checks.
void computePads(NodeLowering &node, Window &window);
/// How many windows there are in each spatial dimension of `x`, of which the pads are known; with `ceil` also one that
/// reaches over the end. Fails after a refusal.
mlir::FailureOr<llvm::SmallVector<mlir::OpFoldResult>> countWindows(NodeLowering &node, mlir::Value x,
                                                                    const Window &window, bool ceil);
/// `x` with `before` and `after` elements of `value` around its spatial dimensions.
mlir::Value padded(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x,
                   llvm::ArrayRef<mlir::OpFoldResult> before, llvm::ArrayRef<mlir::OpFoldResult> after,
                   mlir::TypedAttr value);

} // namespace rnn::onnx
