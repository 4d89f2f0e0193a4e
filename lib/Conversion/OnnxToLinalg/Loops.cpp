//===- Loops.cpp - Loop and Scan --------------------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "OnnxLowering.h"

#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace rnn::onnx {

namespace {

/// What one iteration gives: whether there is another one (null where that is certain), the states, and values of
/// which the loop makes an array each.
struct Iteration {
  Value condition;
  SmallVector<Value> states, stacked;
};

/// A loop over tensors. It stays one: its code does not depend on how often it runs.
class LoopBuilder {
public:
  using Body = llvm::function_ref<FailureOr<Iteration>(Value index, ValueRange states)>;

  /// `count` is null where only a condition ends the loop; `condition` is null where the first iteration runs if there
  /// is one. Of values for which `reversed` holds, the last one comes first in their array.
  LoopBuilder(NodeLowering &node, OpFoldResult count, Value condition, ArrayRef<bool> reversed)
      : node(node), builder(node.builder()), loc(node.loc()), count(count), first(condition), reversed(reversed) {}

  /// The states after the last iteration, then the arrays. Fails after a refusal.
  FailureOr<SmallVector<Value>> build(ValueRange initial, Body body) {
    SmallVector<RankedTensorType> types;
    for (Value state : initial)
      types.push_back(cast<RankedTensorType>(state.getType()));
    Block *block = nullptr;
    Iteration iteration;
    // Sizes that an iteration changes are not known inside, so that others may not be known either.
    for (unsigned attempt = 0;; ++attempt) {
      OpBuilder::InsertionGuard guard(builder);
      region = &node.parent().createScratch();
      block = builder.createBlock(region);
      block->addArgument(builder.getIndexType(), loc);
      for (RankedTensorType type : types)
        block->addArgument(type, loc);
      FailureOr<Iteration> made = body(block->getArgument(0), block->getArguments().drop_front());
      if (failed(made))
        return failure();
      iteration = *made;
      FailureOr<bool> stable = join(types, iteration.states, attempt);
      if (failed(stable))
        return failure();
      if (*stable)
        break;
    }
    return finish(initial, types, *block, iteration);
  }

private:
  NodeLowering &node;
  OpBuilder &builder;
  Location loc;
  OpFoldResult count;
  Value first;
  ArrayRef<bool> reversed;
  Region *region = nullptr;

  Value index(int64_t value) { return arith::ConstantIndexOp::create(builder, loc, value); }
  Value castTo(Value value, Type type) {
    return value.getType() == type ? value : Value(tensor::CastOp::create(builder, loc, type, value));
  }

  /// Makes `types` hold the states that an iteration gave, too. Whether they did.
  FailureOr<bool> join(SmallVectorImpl<RankedTensorType> &types, ArrayRef<Value> states, unsigned attempt) {
    bool stable = true;
    for (auto [number, type, state] : llvm::enumerate(types, states)) {
      auto given = cast<RankedTensorType>(state.getType());
      if (given.getElementType() != type.getElementType() || given.getRank() != type.getRank())
        return node.refuseBeyond(Limit::MatchingStates,
                                 llvm::formatv("{0} and then {1} as state {2}", type, given, number));
      SmallVector<int64_t> shape(type.getShape());
      bool changed = false;
      for (auto [size, own] : llvm::zip(shape, given.getShape()))
        if (size != own && !ShapedType::isDynamic(size)) {
          size = ShapedType::kDynamic;
          changed = true;
        }
      if (changed && attempt > 0) // whatever may change still
        shape.assign(shape.size(), ShapedType::kDynamic);
      stable &= !changed;
      type = RankedTensorType::get(shape, type.getElementType());
    }
    return stable;
  }

  /// Whether arrays are as long as the loop is from the start.
  bool isCounted() const { return Value(whileCondition) == nullptr; }

  FailureOr<SmallVector<Value>> finish(ValueRange initial, ArrayRef<RankedTensorType> types, Block &block,
                                       const Iteration &iteration) {
    whileCondition = iteration.condition;
    SmallVector<Value> starts;
    for (auto [state, type] : llvm::zip(initial, types))
      starts.push_back(castTo(state, type));
    Value limit = count ? asIndex(builder, loc, count) : Value();
    if (isCounted() && first)
      limit = arith::SelectOp::create(builder, loc, first, limit, index(0));
    SmallVector<Value> yielded;
    for (Value value : iteration.stacked)
      starts.push_back(emptyArray(cast<RankedTensorType>(value.getType()), limit));
    {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToEnd(&block);
      for (auto [state, type] : llvm::zip(iteration.states, types))
        yielded.push_back(castTo(state, type));
      for (auto [number, value] : llvm::enumerate(iteration.stacked)) {
        Value array = block.addArgument(starts[types.size() + number].getType(), loc);
        yielded.push_back(append(array, value, block.getArgument(0), limit, reversed[number]));
      }
    }
    SmallVector<Value> results;
    Value length;
    if (isCounted()) {
      auto loop = scf::ForOp::create(builder, loc, index(0), limit, index(1), starts);
      loop.getRegion().takeBody(*region);
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToEnd(loop.getBody());
      scf::YieldOp::create(builder, loc, yielded);
      results.assign(loop.getResults().begin(), loop.getResults().end());
      length = limit;
    } else {
      buildWhile(block, starts, yielded, limit, results);
      length = results[0];
      results.erase(results.begin());
    }
    for (size_t number = types.size(); number < results.size(); ++number)
      results[number] = cut(results[number], length);
    return results;
  }

  /// The results get the number of iterations first.
  void buildWhile(Block &block, ArrayRef<Value> starts, ArrayRef<Value> yielded, Value limit,
                  SmallVectorImpl<Value> &results) {
    Value begins = first ? first : arith::ConstantOp::create(builder, loc, builder.getBoolAttr(true)).getResult();
    SmallVector<Value> operands = {index(0), begins};
    operands.append(starts.begin(), starts.end());
    auto loop = scf::WhileOp::create(builder, loc, ValueRange(operands).getTypes(), operands);
    OpBuilder::InsertionGuard guard(builder);
    SmallVector<Location> locations(operands.size(), loc);
    Block *before = builder.createBlock(&loop.getBefore(), {}, ValueRange(operands).getTypes(), locations);
    Value goes = before->getArgument(1);
    if (limit) {
      Value more = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::slt, before->getArgument(0), limit);
      goes = arith::AndIOp::create(builder, loc, goes, more);
    }
    scf::ConditionOp::create(builder, loc, goes, before->getArguments());
    block.insertArgument(1u, builder.getI1Type(), loc);
    loop.getAfter().takeBody(*region);
    builder.setInsertionPointToEnd(&block);
    SmallVector<Value> next = {arith::AddIOp::create(builder, loc, block.getArgument(0), index(1)), whileCondition};
    next.append(yielded.begin(), yielded.end());
    scf::YieldOp::create(builder, loc, next);
    results.push_back(loop.getResult(0));
    llvm::append_range(results, loop.getResults().drop_front(2));
  }

  /// An array for values of this type: of the loop's length where that and their sizes are known, else without
  /// elements, to grow.
  Value emptyArray(RankedTensorType element, Value limit) {
    SmallVector<OpFoldResult> sizes = {isCounted() && element.hasStaticShape() ? getAsOpFoldResult(limit)
                                                                               : OpFoldResult(builder.getIndexAttr(0))};
    SmallVector<int64_t> shape = {staticOf(sizes[0])};
    if (!isCounted() || !element.hasStaticShape())
      shape[0] = ShapedType::kDynamic;
    for (int64_t size : element.getShape()) {
      sizes.push_back(builder.getIndexAttr(ShapedType::isDynamic(size) ? 0 : size));
      shape.push_back(size);
    }
    Value empty = tensor::EmptyOp::create(builder, loc, sizes, element.getElementType());
    return castTo(empty, RankedTensorType::get(shape, element.getElementType()));
  }

  /// `array` with `value` as its element `at`, or at the same distance from the end where `fromEnd`.
  Value append(Value array, Value value, Value at, Value limit, bool fromEnd) {
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<OpFoldResult> own = sizesOf(builder, loc, value), sizes = {builder.getIndexAttr(1)};
    sizes.append(own);
    if (!isCounted() || !type.hasStaticShape())
      array = grown(array, own, at, limit);
    SmallVector<OpFoldResult> offsets(sizes.size(), builder.getIndexAttr(0)),
        strides(sizes.size(), builder.getIndexAttr(1));
    offsets[0] = at;
    if (fromEnd)
      offsets[0] =
          arith::SubIOp::create(builder, loc, arith::SubIOp::create(builder, loc, limit, index(1)), at).getResult();
    // A slice op has to begin inside even where it is empty.
    if (llvm::is_contained(cast<RankedTensorType>(array.getType()).getShape(), 0))
      return array;
    return tensor::InsertSliceOp::create(builder, loc, value, array, offsets, sizes, strides);
  }

  /// `array` with room for element `at`, whose sizes are those of the elements before it.
  Value grown(Value array, ArrayRef<OpFoldResult> element, Value at, Value limit) {
    auto type = cast<RankedTensorType>(array.getType());
    Value capacity = tensor::DimOp::create(builder, loc, array, 0);
    Value isFirst = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, at, index(0));
    for (int64_t dim = 1; dim < type.getRank(); ++dim) {
      if (!type.isDynamicDim(dim))
        continue;
      Value same =
          arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, tensor::DimOp::create(builder, loc, array, dim),
                                asIndex(builder, loc, element[dim - 1]));
      node.require(arith::OrIOp::create(builder, loc, isFirst, same),
                   "expects outputs of one shape from each iteration");
    }
    Value full = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sge, at, capacity);
    auto choice = scf::IfOp::create(
        builder, loc, full,
        [&](OpBuilder &then, Location loc) {
          Value wanted;
          if (isCounted()) {
            wanted = limit;
          } else {
            Value two = arith::ConstantIndexOp::create(then, loc, 2),
                  least = arith::ConstantIndexOp::create(then, loc, 8);
            wanted = arith::MaxSIOp::create(then, loc, arith::MulIOp::create(then, loc, capacity, two), least);
          }
          SmallVector<OpFoldResult> sizes = {wanted}, old = tensor::getMixedSizes(then, loc, array);
          sizes.append(element.begin(), element.end());
          SmallVector<Value> dynamic;
          for (auto [size, known] : llvm::zip(sizes, type.getShape()))
            if (ShapedType::isDynamic(known))
              dynamic.push_back(getValueOrCreateConstantIndexOp(then, loc, size));
          Value fresh = tensor::EmptyOp::create(then, loc, type.getShape(), type.getElementType(), dynamic);
          SmallVector<OpFoldResult> zeros(sizes.size(), then.getIndexAttr(0)), ones(sizes.size(), then.getIndexAttr(1));
          bool nothing = llvm::is_contained(type.getShape(), 0);
          scf::YieldOp::create(
              then, loc,
              nothing ? fresh : tensor::InsertSliceOp::create(then, loc, array, fresh, zeros, old, ones).getResult());
        },
        [&](OpBuilder &otherwise, Location loc) { scf::YieldOp::create(otherwise, loc, array); });
    return choice.getResult(0);
  }

  /// The first `length` elements of an array.
  Value cut(Value array, Value length) {
    auto type = cast<RankedTensorType>(array.getType());
    if (!type.isDynamicDim(0) ||
        (isCounted() && RankedTensorType::get(type.getShape().drop_front(), type.getElementType()).hasStaticShape()))
      return array;
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, array);
    sizes[0] = length;
    SmallVector<OpFoldResult> zeros(sizes.size(), builder.getIndexAttr(0)), ones(sizes.size(), builder.getIndexAttr(1));
    if (llvm::is_contained(type.getShape(), 0))
      return tensor::EmptyOp::create(builder, loc, sizes, type.getElementType());
    return tensor::ExtractSliceOp::create(builder, loc, type, array, zeros, sizes, ones);
  }

  Value whileCondition;
};

} // namespace

/// Lowers the nodes of a body where the builder is, and returns what the body gives; fails after a refusal.
static FailureOr<SmallVector<Value>> lowerBody(NodeLowering &node, Block &body) {
  if (failed(node.parent().lowerBlock(body))) {
    node.fail();
    return failure();
  }
  SmallVector<Value> results;
  for (Value value : body.getTerminator()->getOperands()) {
    results.push_back(node.parent().values.lookup(value));
    if (!results.back()) {
      node.fail();
      return failure();
    }
  }
  return results;
}

/// For the refusals of the nodes of a body that is not built.
static LogicalResult lowerBodyInVain(NodeLowering &node, Region *body) {
  if (!body)
    return failure();
  OpBuilder::InsertionGuard guard(node.builder());
  node.builder().createBlock(&node.parent().createScratch());
  (void)node.parent().lowerBlock(body->front());
  return failure();
}

/// Refuses a body with another number of inputs or outputs than wanted; `outputs` is the least number.
static void requireBody(NodeLowering &node, Region *body, size_t inputs, size_t outputs, size_t least) {
  if (!body)
    return;
  size_t given = body->getNumArguments(), returned = body->front().getTerminator()->getNumOperands();
  if (given != inputs)
    (void)node.refuse("expects a body with " + Twine(inputs) + " inputs, found " + Twine(given));
  if (returned != outputs || outputs < least)
    (void)node.refuse("expects a body with " + Twine(std::max(outputs, least)) + " outputs, found " + Twine(returned));
}

/// A scalar that a body sees, of the rank that the body declares: 0 or 1.
static Value scalarFor(NodeLowering &node, Value argument, Value scalar) {
  OpBuilder &builder = node.builder();
  auto declared = dyn_cast<RankedTensorType>(argument.getType());
  SmallVector<int64_t> shape(declared && declared.getRank() == 1 ? 1 : 0, 1);
  Value made =
      tensor::FromElementsOp::create(builder, node.loc(), RankedTensorType::get(shape, scalar.getType()), scalar);
  if (auto cast = scalar.getDefiningOp<arith::IndexCastOp>())
    node.parent().elements[made] = ElementList{cast.getIn()};
  return made;
}

static void requireScalar(NodeLowering &node, unsigned index, StringRef name) {
  RankedTensorType type = node.operandType(index);
  if (!type)
    return;
  for (int64_t size : type.getShape())
    if (size != 1 && !ShapedType::isDynamic(size))
      return (void)node.refuse("expects one element as " + name + ", found " + llvm::formatv("{0}", type));
}

/// The one element of an operand; sizes that are not known are checked at run time.
static Value scalarOf(NodeLowering &node, Value value, StringRef name) {
  OpBuilder &builder = node.builder();
  auto type = cast<RankedTensorType>(value.getType());
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    if (type.isDynamicDim(dim)) {
      Value one = arith::ConstantIndexOp::create(builder, node.loc(), 1);
      Value size = asIndex(builder, node.loc(), sizeOf(builder, node.loc(), value, dim));
      node.require(arith::CmpIOp::create(builder, node.loc(), arith::CmpIPredicate::eq, size, one),
                   "expects one element as " + name);
    }
  SmallVector<Value> zeros(type.getRank(), arith::ConstantIndexOp::create(builder, node.loc(), 0));
  return tensor::ExtractOp::create(builder, node.loc(), value, zeros);
}

LogicalResult lowerLoop(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  Region *body = node.op().getSubgraph("body");
  size_t states = node.numOperands() > 2 ? node.numOperands() - 2 : 0, results = node.op().getNumResults();
  requireScalar(node, 0, "M");
  requireIntegers(node, 0);
  requireScalar(node, 1, "cond");
  requireBooleans(node, {1});
  if (results < states)
    (void)node.refuse("expects an output for each of the " + Twine(states) + " states, found " + Twine(results));
  requireBody(node, body, states + 2, results + 1, states + 1);
  if (failed(node.accepted()))
    return lowerBodyInVain(node, body);
  OpFoldResult count;
  if (Value trips = node.operand(0)) {
    std::optional<SmallVector<int64_t>> known = node.constantInts(trips);
    if (known && known->size() == 1) {
      count = builder.getIndexAttr(std::max<int64_t>((*known)[0], 0));
    } else {
      std::optional<ElementList> list = node.elements(trips);
      Value number = list && list->size() == 1
                         ? asIndex(builder, loc, (*list)[0])
                         : arith::IndexCastOp::create(builder, loc, builder.getIndexType(), scalarOf(node, trips, "M"))
                               .getResult();
      count = arith::MaxSIOp::create(builder, loc, number, arith::ConstantIndexOp::create(builder, loc, 0)).getResult();
    }
  }
  // Inside, the condition is true.
  Value condition;
  if (Value given = node.operand(1)) {
    std::optional<SmallVector<int64_t>> known = node.constantInts(given);
    if (!known || known->size() != 1 || !(*known)[0])
      condition = scalarOf(node, given, "cond");
  }
  SmallVector<Value> initial;
  for (size_t i = 0; i < states; ++i)
    initial.push_back(node.operand(i + 2));
  Block &block = body->front();
  auto iterate = [&](Value index, ValueRange current) -> FailureOr<Iteration> {
    llvm::DenseMap<Value, Value> &values = node.parent().values;
    Value number = arith::IndexCastOp::create(builder, loc, builder.getI64Type(), index);
    values[block.getArgument(0)] = scalarFor(node, block.getArgument(0), number);
    auto declared = dyn_cast<RankedTensorType>(block.getArgument(1).getType());
    auto flag = RankedTensorType::get(SmallVector<int64_t>(declared && declared.getRank() == 1 ? 1 : 0, 1),
                                      builder.getI1Type());
    values[block.getArgument(1)] =
        arith::ConstantOp::create(builder, loc, flag, DenseElementsAttr::get(flag, builder.getBoolAttr(true)));
    for (auto [argument, state] : llvm::zip(block.getArguments().drop_front(2), current))
      values[argument] = state;
    FailureOr<SmallVector<Value>> given = lowerBody(node, block);
    if (failed(given))
      return failure();
    Iteration made;
    auto type = cast<RankedTensorType>((*given)[0].getType());
    bool single = llvm::all_of(type.getShape(), [](int64_t size) { return size == 1 || ShapedType::isDynamic(size); });
    if (!type.getElementType().isInteger(1) || !single)
      return node.refuse("expects a body whose first output is one bool, found " + llvm::formatv("{0}", type));
    std::optional<SmallVector<int64_t>> known = node.constantInts((*given)[0]);
    if (!known || known->size() != 1 || !(*known)[0])
      made.condition = scalarOf(node, (*given)[0], "the condition");
    else if (!count)
      return node.refuseBeyond(Limit::EndingLoop, "neither");
    made.states.assign(given->begin() + 1, given->begin() + 1 + states);
    made.stacked.assign(given->begin() + 1 + states, given->end());
    return made;
  };
  SmallVector<bool> reversed(results - states, false);
  FailureOr<SmallVector<Value>> finals = LoopBuilder(node, count, condition, reversed).build(initial, iterate);
  if (failed(finals))
    return failure();
  for (auto [index, value] : llvm::enumerate(*finals))
    node.setResult(index, value);
  return success();
}

//===----------------------------------------------------------------------===//
// Scan
//===----------------------------------------------------------------------===//

namespace {
/// What the attributes of a Scan say, after their checks.
struct ScanPlan {
  size_t states = 0, inputs = 0, outputs = 0;
  SmallVector<int64_t> inputAxes, outputAxes;
  SmallVector<bool> inputsReversed, outputsReversed;
};
} // namespace

/// Reads a list of `count` values; absent ones are 0. None after a refusal or where it is not known.
static std::optional<SmallVector<int64_t>> scanList(NodeLowering &node, StringRef name, size_t count) {
  FailureOr<std::optional<SmallVector<int64_t>>> given = node.intsAttr(name);
  if (failed(given))
    return std::nullopt;
  if (!*given)
    return SmallVector<int64_t>(count, 0);
  if ((*given)->size() != count) {
    (void)node.refuse("expects " + Twine(count) + " values in " + name + ", found " + Twine((*given)->size()));
    return std::nullopt;
  }
  return **given;
}

static SmallVector<bool> readDirections(NodeLowering &node, StringRef name, size_t count) {
  SmallVector<bool> reversed(count, false);
  if (std::optional<SmallVector<int64_t>> given = scanList(node, name, count))
    for (auto [flag, value] : llvm::zip(reversed, *given)) {
      if (value != 0 && value != 1)
        (void)node.refuse("expects 0 or 1 in " + name + ", found " + Twine(value));
      flag = value == 1;
    }
  return reversed;
}

/// One element along `axis` of a tensor, without that dimension.
static Value elementAlong(OpBuilder &builder, Location loc, Value value, int64_t axis, OpFoldResult at) {
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<OpFoldResult> sizes = sizesOf(builder, loc, value), offsets(type.getRank(), builder.getIndexAttr(0)),
                            strides(type.getRank(), builder.getIndexAttr(1));
  SmallVector<OpFoldResult> kept(sizes);
  kept.erase(kept.begin() + axis);
  sizes[axis] = builder.getIndexAttr(1);
  offsets[axis] = at;
  RankedTensorType result = typeOf(kept, type.getElementType());
  if (llvm::is_contained(result.getShape(), 0))
    return tensor::EmptyOp::create(builder, loc, kept, type.getElementType());
  return tensor::ExtractSliceOp::create(builder, loc, result, value, offsets, sizes, strides);
}

/// A loop over the elements of `inputs` along their axes, `count` of them: the final states, then the arrays of outputs
/// with their elements one behind the other in the first dimension.
static FailureOr<SmallVector<Value>> buildScan(NodeLowering &node, const ScanPlan &plan, OpFoldResult count,
                                               ArrayRef<Value> initial, ArrayRef<Value> inputs) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  Block &block = node.op().getSubgraph("body")->front();
  auto iterate = [&](Value index, ValueRange current) -> FailureOr<Iteration> {
    llvm::DenseMap<Value, Value> &values = node.parent().values;
    for (auto [argument, state] : llvm::zip(block.getArguments(), current))
      values[argument] = state;
    for (auto [number, input] : llvm::enumerate(inputs)) {
      OpFoldResult at = index;
      if (plan.inputsReversed[number])
        at = subSizes(builder, loc, subSizes(builder, loc, count, builder.getIndexAttr(1)), index);
      values[block.getArgument(plan.states + number)] = elementAlong(builder, loc, input, plan.inputAxes[number], at);
    }
    FailureOr<SmallVector<Value>> given = lowerBody(node, block);
    if (failed(given))
      return failure();
    return Iteration{nullptr, SmallVector<Value>(given->begin(), given->begin() + plan.states),
                     SmallVector<Value>(given->begin() + plan.states, given->end())};
  };
  return LoopBuilder(node, count, nullptr, plan.outputsReversed).build(initial, iterate);
}

/// An array of the first dimension `size`, with zeros behind the elements of `value`.
static Value lengthened(OpBuilder &builder, Location loc, Value value, OpFoldResult size) {
  SmallVector<OpFoldResult> own = sizesOf(builder, loc, value), sizes = own;
  sizes[0] = size;
  auto type = cast<RankedTensorType>(value.getType());
  Value zeros = filled(builder, loc, sizes, type.getElementType());
  SmallVector<OpFoldResult> offsets(own.size(), builder.getIndexAttr(0)), strides(own.size(), builder.getIndexAttr(1));
  if (llvm::is_contained(type.getShape(), 0))
    return zeros;
  return tensor::InsertSliceOp::create(builder, loc, value, zeros, offsets, own, strides);
}

/// A Scan of opset 8: for each sequence of a batch.
static FailureOr<SmallVector<Value>> buildBatchedScan(NodeLowering &node, const ScanPlan &plan) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  SmallVector<Value> initial, inputs;
  for (size_t i = 0; i < plan.states + plan.inputs; ++i)
    (i < plan.states ? initial : inputs).push_back(node.operand(i + 1));
  Value lengths = node.operand(0);
  OpFoldResult batch = sizeOf(builder, loc, inputs[0], 0), steps = sizeOf(builder, loc, inputs[0], 1);
  for (Value state : initial)
    requireEqualAtRunTime(node, batch, sizeOf(builder, loc, state, 0), "batch sizes");
  for (Value input : inputs) {
    requireEqualAtRunTime(node, batch, sizeOf(builder, loc, input, 0), "batch sizes");
    requireEqualAtRunTime(node, steps, sizeOf(builder, loc, input, 1), "lengths of the scan inputs");
  }
  if (lengths)
    requireEqualAtRunTime(node, batch, sizeOf(builder, loc, lengths, 0), "batch size and sequence_lens");
  auto sequence = [&](Value index, ValueRange) -> FailureOr<Iteration> {
    SmallVector<Value> states, parts;
    for (Value state : initial)
      states.push_back(elementAlong(builder, loc, state, 0, index));
    for (Value input : inputs)
      parts.push_back(elementAlong(builder, loc, input, 0, index));
    OpFoldResult count = steps;
    if (lengths) {
      Value raw = tensor::ExtractOp::create(builder, loc, lengths, index);
      Value length = arith::IndexCastOp::create(builder, loc, builder.getIndexType(), raw);
      Value natural = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sge, length,
                                            arith::ConstantIndexOp::create(builder, loc, 0));
      Value fits = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sle, length, asIndex(builder, loc, steps));
      node.require(arith::AndIOp::create(builder, loc, natural, fits),
                   "expects sequence_lens of at most the steps there are");
      count = length;
    }
    FailureOr<SmallVector<Value>> given = buildScan(node, plan, count, states, parts);
    if (failed(given))
      return failure();
    if (lengths)
      for (Value &value : MutableArrayRef(*given).drop_front(plan.states))
        value = lengthened(builder, loc, value, steps);
    return Iteration{nullptr, {}, *given};
  };
  SmallVector<bool> forward(plan.states + plan.outputs, false);
  return LoopBuilder(node, batch, nullptr, forward).build({}, sequence);
}

LogicalResult lowerScan(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  Region *body = node.op().getSubgraph("body");
  bool batched = node.opset() < 9;
  size_t before = batched ? 1 : 0, given = node.numOperands() > before ? node.numOperands() - before : 0;
  std::optional<int64_t> inputs = node.intAttr("num_scan_inputs");
  ScanPlan plan;
  if (inputs && (*inputs < 1 || *inputs > static_cast<int64_t>(given)))
    (void)node.refuse("expects num_scan_inputs from 1 to " + Twine(given) + ", found " + Twine(*inputs));
  if (!inputs || *inputs < 1 || *inputs > static_cast<int64_t>(given))
    return lowerBodyInVain(node, body);
  plan.inputs = *inputs;
  plan.states = given - plan.inputs;
  size_t results = node.op().getNumResults();
  if (results < plan.states)
    (void)node.refuse("expects an output for each of the " + Twine(plan.states) + " states, found " + Twine(results));
  plan.outputs = results - std::min(results, plan.states);
  requireBody(node, body, given, results, plan.states);
  plan.inputAxes.assign(plan.inputs, 0);
  plan.outputsReversed.assign(plan.outputs, false);
  if (batched) {
    plan.inputsReversed = readDirections(node, "directions", plan.inputs);
    requireIntegers(node, 0);
    RankedTensorType lengths = node.operandType(0);
    if (lengths && lengths.getRank() != 1)
      (void)node.refuse("expects a length for each sequence, found " + llvm::formatv("{0}", lengths));
  } else {
    plan.inputsReversed = readDirections(node, "scan_input_directions", plan.inputs);
    plan.outputsReversed = readDirections(node, "scan_output_directions", plan.outputs);
    if (auto axes = scanList(node, "scan_input_axes", plan.inputs))
      plan.inputAxes = *axes;
    plan.outputAxes = scanList(node, "scan_output_axes", plan.outputs).value_or(SmallVector<int64_t>(plan.outputs, 0));
  }
  int64_t least = batched ? 2 : 1;
  for (size_t i = 0; i < plan.inputs; ++i) {
    RankedTensorType type = node.operandType(before + plan.states + i);
    if (!type)
      continue;
    std::optional<int64_t> axis = normaliseAxis(plan.inputAxes[i], type.getRank());
    if (type.getRank() < least)
      (void)node.refuse("expects scan inputs of at least " + Twine(least) + " dimensions, found " +
                        llvm::formatv("{0}", type));
    else if (!axis)
      (void)node.refuse("expects an axis from " + Twine(-type.getRank()) + " to " + Twine(type.getRank() - 1) +
                        ", found " + Twine(plan.inputAxes[i]));
    else
      plan.inputAxes[i] = *axis;
  }
  for (size_t i = 0; batched && i < plan.states; ++i)
    if (RankedTensorType type = node.operandType(before + i); type && type.getRank() < 1)
      (void)node.refuse("expects states of a batch, found " + llvm::formatv("{0}", type));
  if (failed(node.accepted()))
    return lowerBodyInVain(node, body);
  FailureOr<SmallVector<Value>> finals;
  if (batched) {
    finals = buildBatchedScan(node, plan);
  } else {
    SmallVector<Value> initial, sequences;
    for (size_t i = 0; i < given; ++i)
      (i < plan.states ? initial : sequences).push_back(node.operand(i));
    OpFoldResult count = sizeOf(builder, loc, sequences[0], plan.inputAxes[0]);
    for (auto [sequence, axis] : llvm::zip(sequences, plan.inputAxes)) {
      OpFoldResult own = sizeOf(builder, loc, sequence, axis);
      requireEqual(node, staticOf(count), staticOf(own), "lengths of the scan inputs");
      requireEqualAtRunTime(node, count, own, "lengths of the scan inputs");
      if (staticOf(count) == ShapedType::kDynamic)
        count = own;
    }
    if (failed(node.accepted()))
      return failure();
    finals = buildScan(node, plan, count, initial, sequences);
  }
  if (failed(finals))
    return failure();
  for (auto [index, value] : llvm::enumerate(*finals)) {
    Value result = value;
    if (!batched && index >= plan.states) {
      // The elements' dimension comes first so far.
      int64_t rank = cast<RankedTensorType>(value.getType()).getRank();
      std::optional<int64_t> axis = normaliseAxis(plan.outputAxes[index - plan.states], rank);
      if (!axis) {
        (void)node.refuse("expects an axis from " + Twine(-rank) + " to " + Twine(rank - 1) + ", found " +
                          Twine(plan.outputAxes[index - plan.states]));
        continue;
      }
      SmallVector<int64_t> perm = llvm::to_vector(llvm::seq<int64_t>(1, rank));
      perm.insert(perm.begin() + *axis, 0);
      result = transposed(node, value, perm);
    }
    node.setResult(index, result);
  }
  return node.accepted();
}

} // namespace rnn::onnx
