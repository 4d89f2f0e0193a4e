//===- Contractions.cpp - Products of tensors -------------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "OnnxLowering.h"

#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace rnn::onnx {

Value zeroOf(OpBuilder &builder, Location loc, Type type) {
  return arith::ConstantOp::create(builder, loc, builder.getZeroAttr(type));
}

Value filled(OpBuilder &builder, Location loc, ArrayRef<OpFoldResult> sizes, Type element) {
  Value empty = tensor::EmptyOp::create(builder, loc, sizes, element);
  return linalg::FillOp::create(builder, loc, zeroOf(builder, loc, element), empty).getResult(0);
}

void yieldMultiplyAdd(OpBuilder &builder, Location loc, ValueRange values) {
  Value product, sum;
  if (llvm::isa<FloatType>(values[0].getType())) {
    product = arith::MulFOp::create(builder, loc, values[0], values[1]);
    sum = arith::AddFOp::create(builder, loc, values[2], product);
  } else {
    product = arith::MulIOp::create(builder, loc, values[0], values[1]);
    sum = arith::AddIOp::create(builder, loc, values[2], product);
  }
  linalg::YieldOp::create(builder, loc, sum);
}

void requireEqual(NodeLowering &node, int64_t a, int64_t b, const Twine &what) {
  if (failed(verifyCompatibleDims({a, b})))
    (void)node.refuse("expects " + what + " to be equal, found " + Twine(a) + " and " + Twine(b));
}

void requireEqualAtRunTime(NodeLowering &node, OpFoldResult a, OpFoldResult b, const Twine &what) {
  if (sameSize(a, b))
    return;
  node.require(arith::CmpIOp::create(node.builder(), node.loc(), arith::CmpIPredicate::eq,
                                     asIndex(node.builder(), node.loc(), a), asIndex(node.builder(), node.loc(), b)),
               "expects " + what + " to be equal");
}

void requireMultipliable(NodeLowering &node, unsigned first, unsigned second) {
  std::array<RankedTensorType, 2> types = {node.operandType(first), node.operandType(second)};
  for (RankedTensorType type : types)
    if (type && type.getRank() == 0)
      (void)node.refuse("expects operands of rank 1 or more");
  if (!types[0] || !types[1] || types[0].getRank() == 0 || types[1].getRank() == 0)
    return;
  ArrayRef<int64_t> a = types[0].getShape(), b = types[1].getShape();
  requireEqual(node, a.back(), b[b.size() == 1 ? 0 : b.size() - 2], "columns of A and rows of B");
  // Batch dimensions: of size 1 in one operand, or equal.
  ArrayRef<int64_t> left = a.drop_back(std::min<size_t>(a.size(), 2)),
                    right = b.drop_back(std::min<size_t>(b.size(), 2));
  for (auto [l, r] : llvm::zip(llvm::reverse(left), llvm::reverse(right)))
    if (!joinStatic(l, r))
      (void)node.refuse("expects batch sizes that broadcast, found " + node.typesOf({first, second}));
}

LogicalResult lowerMatMul(NodeLowering &node) {
  requireNumbers(node, {0, 1});
  requireMultipliable(node, 0, 1);
  if (failed(node.accepted()))
    return failure();
  node.setResult(0, multiply(node, node.operand(0), node.operand(1)));
  return success();
}

Value multiply(NodeLowering &node, Value a, Value b) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  Type element = getElementTypeOrSelf(a.getType());
  SmallVector<OpFoldResult> left = sizesOf(builder, loc, a), right = sizesOf(builder, loc, b);
  bool row = left.size() == 1, column = right.size() == 1;
  if (row)
    left.insert(left.begin(), builder.getIndexAttr(1));
  if (column)
    right.push_back(builder.getIndexAttr(1));
  a = reshapeTo(builder, loc, a, left);
  b = reshapeTo(builder, loc, b, right);
  requireEqualAtRunTime(node, left.back(), right[right.size() - 2], "columns of A and rows of B");
  size_t batch = std::max(left.size(), right.size()) - 2;
  SmallVector<OpFoldResult> sizes;
  SmallVector<AffineExpr> aExprs, bExprs, yExprs;
  std::array<bool, 2> spreads = {};
  for (size_t i = 0; i < batch; ++i) {
    auto own = [&](ArrayRef<OpFoldResult> of) {
      return i + of.size() >= batch + 2 ? of[i + of.size() - batch - 2] : OpFoldResult(builder.getIndexAttr(1));
    };
    OpFoldResult l = own(left), r = own(right);
    AffineExpr dim = builder.getAffineDimExpr(i), zero = builder.getAffineConstantExpr(0);
    bool lOne = staticOf(l) == 1, rOne = staticOf(r) == 1;
    OpFoldResult joint = joinSizes(node, l, r);
    spreads[0] |= !lOne && !sameSize(l, joint) && staticOf(l) == ShapedType::kDynamic;
    spreads[1] |= !rOne && !sameSize(r, joint) && staticOf(r) == ShapedType::kDynamic;
    if (i + left.size() >= batch + 2)
      aExprs.push_back(lOne ? zero : dim);
    if (i + right.size() >= batch + 2)
      bExprs.push_back(rOne ? zero : dim);
    yExprs.push_back(dim);
    sizes.push_back(joint);
  }
  // What may be of size 1 at run time only is written out.
  auto spread = [&](Value value, ArrayRef<OpFoldResult> own, SmallVectorImpl<AffineExpr> &exprs) {
    SmallVector<OpFoldResult> full(sizes);
    full.append(own.end() - 2, own.end());
    exprs.assign(yExprs.begin(), yExprs.end());
    return broadcastTo(builder, loc, value, full);
  };
  if (spreads[0])
    a = spread(a, left, aExprs);
  if (spreads[1])
    b = spread(b, right, bExprs);
  AffineExpr m = builder.getAffineDimExpr(batch), k = builder.getAffineDimExpr(batch + 1),
             n = builder.getAffineDimExpr(batch + 2);
  aExprs.append({m, k});
  bExprs.append({k, n});
  yExprs.append({m, n});
  sizes.append({left[left.size() - 2], right.back()});
  SmallVector<utils::IteratorType> iterators(batch + 3, utils::IteratorType::parallel);
  iterators[batch + 1] = utils::IteratorType::reduction;
  auto map = [&](ArrayRef<AffineExpr> exprs) { return AffineMap::get(batch + 3, 0, exprs, builder.getContext()); };
  auto generic = linalg::GenericOp::create(
      builder, loc, typeOf(sizes, element), ValueRange{a, b}, ValueRange{filled(builder, loc, sizes, element)},
      ArrayRef<AffineMap>{map(aExprs), map(bExprs), map(yExprs)}, iterators, yieldMultiplyAdd);
  if (column)
    sizes.erase(sizes.end() - 1);
  if (row)
    sizes.erase(sizes.begin() + batch);
  return reshapeTo(builder, loc, generic.getResult(0), sizes);
}

LogicalResult lowerMatMulInteger(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  for (unsigned index : {0, 1})
    if (Type element = node.elementType(index);
        element && !(llvm::isa<IntegerType>(element) && element.getIntOrFloatBitWidth() == 8))
      (void)node.refuse("expects integers of 8 bits, found " + llvm::formatv("{0}", node.operandType(index)));
  requireMultipliable(node, 0, 1);
  std::array<RankedTensorType, 2> points = {node.operandType(2), node.operandType(3)};
  for (unsigned index : {0, 1}) {
    RankedTensorType type = node.operandType(index), point = points[index];
    if (!point)
      continue;
    if (node.elementType(index) && node.elementType(index + 2) &&
        node.elementType(index) != node.elementType(index + 2))
      (void)node.refuse("expects a zero point of the type of its matrix, found " + node.typesOf({index, index + 2}));
    // One value, or one a row of A, a column of B.
    bool single = point.hasStaticShape() && point.getNumElements() == 1;
    int64_t wanted =
        !type || type.getRank() < 2 ? ShapedType::kDynamic : type.getDimSize(type.getRank() - (index == 0 ? 2 : 1));
    bool list = point.getRank() == 1 && succeeded(verifyCompatibleDims({point.getDimSize(0), wanted}));
    if (!single && !list && !(type && point.getRank() == type.getRank()))
      (void)node.refuse("expects a zero point of one element, or one for each row of A or column of B, found " +
                        llvm::formatv("{0}", point));
  }
  if (failed(node.accepted()))
    return failure();
  std::array<Value, 2> factors;
  for (unsigned index : {0, 1}) {
    Type element = node.elementType(index), wide = builder.getI32Type();
    SmallVector<Value> operands = {node.operand(index)};
    if (Value point = node.operand(index + 2)) {
      RankedTensorType type = points[index];
      if (index == 0 && type.getRank() == 1 && node.operandType(0).getRank() > 1)
        point = reshapeTo(builder, node.loc(), point, {sizeOf(builder, node.loc(), point, 0), builder.getIndexAttr(1)});
      requireBroadcastTo(node, point, sizesOf(builder, node.loc(), node.operand(index)), "a zero point for its matrix");
      operands.push_back(point);
    }
    factors[index] = elementwise(node, operands, wide, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
      Value number = convertNumber(builder, loc, in[0], element, wide);
      if (in.size() == 1)
        return number;
      return arith::SubIOp::create(builder, loc, number, convertNumber(builder, loc, in[1], element, wide));
    });
  }
  node.setResult(0, multiply(node, factors[0], factors[1]));
  return success();
}

/// Checks the operands of a Gemm, which are transposed if that is known.
static void checkGemm(NodeLowering &node, std::optional<int64_t> transA, std::optional<int64_t> transB) {
  RankedTensorType a = node.operandType(0), b = node.operandType(1), c = node.operandType(2);
  Type first = node.givenType(0), second = node.givenType(1), third = node.givenType(2);
  auto wrong = [](RankedTensorType type) { return type && type.getRank() != 2; };
  bool differ = first && second && first != second, ranked = !wrong(a) && !wrong(b);
  if (!ranked || differ)
    (void)node.refuse("expects two matrices of one type, found " + node.typesOf({0, 1}));
  Type element = first ? first : second;
  if (!differ && element && !llvm::isa<FloatType>(element))
    (void)node.refuseBeyond(Limit::FloatElements, llvm::formatv("{0}", element));
  else if (!differ && element && third && third != element)
    (void)node.refuse("expects C of the type of A and B, found " + llvm::formatv("{0}", c));
  // Sizes that are not known fit.
  auto size = [&](RankedTensorType type, std::optional<int64_t> transposed, bool column) {
    return type && transposed && ranked ? type.getDimSize(column != bool(*transposed)) : ShapedType::kDynamic;
  };
  requireEqual(node, size(a, transA, true), size(b, transB, false), "inner sizes of A and B");
  if (c && c.getRank() > 2)
    (void)node.refuse("expects C of rank 2 or less, found " + llvm::formatv("{0}", c));
  else if (c)
    for (auto [own, whole] :
         llvm::zip(llvm::reverse(c.getShape()), std::array{size(b, transB, true), size(a, transA, false)}))
      if (own != 1 && own != whole && !ShapedType::isDynamic(own) && !ShapedType::isDynamic(whole))
        (void)node.refuse("expects C that broadcasts to the product, found " + llvm::formatv("{0}", c));
}

LogicalResult lowerGemm(NodeLowering &node) {
  checkGemm(node, node.intAttr("transA"), node.intAttr("transB"));
  if (failed(node.accepted()))
    return failure();
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  Value a = node.operand(0), b = node.operand(1), c = node.operand(2);
  Type element = node.elementType(0);
  bool transA = *node.intAttr("transA"), transB = *node.intAttr("transB");
  // Rows of B one behind the other are what the machine multiplies by.
  if (transB)
    b = transposed(node, b, {1, 0});
  SmallVector<OpFoldResult> left = sizesOf(builder, loc, a), right = sizesOf(builder, loc, b);
  requireEqualAtRunTime(node, left[!transA], right[0], "inner sizes of A and B");
  SmallVector<OpFoldResult> sizes = {left[transA], right[1]};
  if (c)
    requireBroadcastTo(node, c, sizes, "C that broadcasts to the product");
  AffineExpr m = builder.getAffineDimExpr(0), k = builder.getAffineDimExpr(1), n = builder.getAffineDimExpr(2);
  auto map = [&](AffineExpr first, AffineExpr second) {
    return AffineMap::get(3, 0, {first, second}, builder.getContext());
  };
  SmallVector<utils::IteratorType> iterators = {utils::IteratorType::parallel, utils::IteratorType::reduction,
                                                utils::IteratorType::parallel};
  auto generic = linalg::GenericOp::create(
      builder, loc, typeOf(sizes, element), ValueRange{a, b}, ValueRange{filled(builder, loc, sizes, element)},
      ArrayRef<AffineMap>{transA ? map(k, m) : map(m, k), map(k, n), map(m, n)}, iterators, yieldMultiplyAdd);
  Value y = generic.getResult(0);
  float alpha = node.floatAttr("alpha"), beta = node.floatAttr("beta");
  auto scaled = [&](OpBuilder &builder, Location loc, Value value, float factor) -> Value {
    if (factor == 1)
      return value;
    Value constant = arith::ConstantOp::create(builder, loc, builder.getFloatAttr(element, factor));
    return arith::MulFOp::create(builder, loc, value, constant);
  };
  // As in BLAS, c is not read where nothing of it counts: it may hold NaN.
  if (beta == 0)
    c = nullptr;
  if (c || alpha != 1) {
    SmallVector<Value> operands = {y};
    if (c)
      operands.push_back(c);
    y = elementwise(node, operands, element, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
      Value product = scaled(builder, loc, in[0], alpha);
      return c ? Value(arith::AddFOp::create(builder, loc, product, scaled(builder, loc, in[1], beta))) : product;
    });
  }
  node.setResult(0, y);
  return success();
}

//===----------------------------------------------------------------------===//
// Einsum
//===----------------------------------------------------------------------===//

namespace {
/// An equation: a label for each dimension of each operand and of the result. Dimensions under an ellipsis have labels
/// from 256 on, by their place from the end.
struct Equation {
  SmallVector<SmallVector<int>> operands;
  SmallVector<int> result;
};
} // namespace

/// The labels in one term of an equation of an operand of rank `rank`; refuses what is no term.
static std::optional<SmallVector<int>> readTerm(NodeLowering &node, StringRef term, int64_t rank) {
  SmallVector<int> labels;
  size_t letters = llvm::count_if(term, [](char c) { return llvm::isAlpha(c); });
  bool ellipsis = false;
  for (; !term.empty(); term = term.drop_front()) {
    if (llvm::isAlpha(term[0])) {
      labels.push_back(term[0]);
    } else if (term.starts_with("...") && !ellipsis) {
      ellipsis = true;
      for (int64_t dim = rank - static_cast<int64_t>(letters); dim > 0; --dim)
        labels.push_back(255 + static_cast<int>(dim));
      term = term.drop_front(2);
    } else if (term[0] != ' ') {
      (void)node.refuse("expects letters and one ellipsis in each term of the equation, found '" + Twine(term[0]) +
                        "'");
      return std::nullopt;
    }
  }
  return labels;
}

/// Reads the equation against the operands, all of known rank; none after a refusal.
static std::optional<Equation> readEquation(NodeLowering &node, StringRef text) {
  Equation equation;
  auto [left, right] = text.split("->");
  bool explicitResult = text.contains("->");
  SmallVector<StringRef> terms;
  left.split(terms, ',');
  if (terms.size() != node.numOperands()) {
    (void)node.refuse("expects a term of the equation for each of the " + Twine(node.numOperands()) +
                      " inputs, found " + Twine(terms.size()));
    return std::nullopt;
  }
  int64_t hidden = 0; // dimensions under the ellipsis
  for (auto [index, term] : llvm::enumerate(terms)) {
    int64_t rank = node.operandType(index).getRank();
    std::optional<SmallVector<int>> labels = readTerm(node, term, rank);
    if (!labels)
      return std::nullopt;
    if (static_cast<int64_t>(labels->size()) != rank) {
      (void)node.refuse("expects a label for each dimension of input " + Twine(index) + ", found '" + term.trim() +
                        "' for " + llvm::formatv("{0}", node.operandType(index)));
      return std::nullopt;
    }
    hidden = std::max<int64_t>(hidden, llvm::count_if(*labels, [](int label) { return label > 255; }));
    equation.operands.push_back(*labels);
  }
  auto uses = [&](int label) {
    size_t count = 0;
    for (ArrayRef<int> labels : equation.operands)
      count += llvm::count(labels, label);
    return count;
  };
  if (explicitResult) {
    size_t letters = llvm::count_if(right, [](char c) { return llvm::isAlpha(c); });
    std::optional<SmallVector<int>> labels = readTerm(node, right, static_cast<int64_t>(letters) + hidden);
    if (!labels)
      return std::nullopt;
    equation.result = *labels;
  } else {
    for (int64_t dim = hidden; dim > 0; --dim)
      equation.result.push_back(255 + static_cast<int>(dim));
    for (int label = 'A'; label <= 'z'; ++label)
      if (uses(label) == 1)
        equation.result.push_back(label);
  }
  for (auto [index, label] : llvm::enumerate(equation.result))
    if (uses(label) == 0 || llvm::is_contained(ArrayRef(equation.result).take_front(index), label)) {
      (void)node.refuse("expects labels of the inputs in the result, each once, found '" + right.trim() + "'");
      return std::nullopt;
    }
  return equation;
}

LogicalResult lowerEinsum(NodeLowering &node) {
  OpBuilder &builder = node.builder();
  Location loc = node.loc();
  SmallVector<unsigned> operands = llvm::to_vector(llvm::seq(node.numOperands()));
  requireNumbers(node, operands);
  std::optional<StringRef> text = node.stringAttr("equation");
  bool ranked = llvm::all_of(operands, [&](unsigned index) { return bool(node.operandType(index)); });
  std::optional<Equation> equation = text && ranked ? readEquation(node, *text) : std::nullopt;
  if (failed(node.accepted()))
    return failure();
  // A loop for each label: those of the result first.
  SmallVector<int> loops(equation->result);
  for (ArrayRef<int> labels : equation->operands)
    for (int label : labels)
      if (!llvm::is_contained(loops, label))
        loops.push_back(label);
  llvm::DenseMap<int, OpFoldResult> sizes;
  for (unsigned index : operands)
    for (auto [dim, label] : llvm::enumerate(equation->operands[index])) {
      OpFoldResult own = sizeOf(builder, loc, node.operand(index), dim);
      OpFoldResult &size = sizes.try_emplace(label, own).first->second;
      int64_t a = staticOf(size), b = staticOf(own);
      if (a != ShapedType::kDynamic && b != ShapedType::kDynamic && a != b && a != 1 && b != 1)
        (void)node.refuse("expects equal sizes of dimensions of one label, found " + Twine(a) + " and " + Twine(b));
      else if (!sameSize(size, own))
        size = joinSizes(node, size, own);
    }
  if (failed(node.accepted()))
    return failure();
  Type element = node.elementType(0);
  SmallVector<Value> inputs;
  SmallVector<AffineMap> maps;
  auto place = [&](int label) { return static_cast<unsigned>(llvm::find(loops, label) - loops.begin()); };
  for (unsigned index : operands) {
    Value value = node.operand(index);
    SmallVector<OpFoldResult> own = sizesOf(builder, loc, value), full;
    SmallVector<AffineExpr> exprs;
    bool certain = true;
    for (auto [dim, label] : llvm::enumerate(equation->operands[index])) {
      bool single = staticOf(own[dim]) == 1 && staticOf(sizes[label]) != 1;
      certain &= single || sameSize(own[dim], sizes[label]) || staticOf(own[dim]) != ShapedType::kDynamic;
      full.push_back(sizes[label]);
      exprs.push_back(single ? builder.getAffineConstantExpr(0) : builder.getAffineDimExpr(place(label)));
    }
    if (!certain) {
      // What may be of size 1 at run time only is written out.
      value = broadcastTo(builder, loc, value, full);
      for (auto [dim, label] : llvm::enumerate(equation->operands[index]))
        exprs[dim] = builder.getAffineDimExpr(place(label));
    }
    inputs.push_back(value);
    maps.push_back(AffineMap::get(loops.size(), 0, exprs, builder.getContext()));
  }
  // A loop that only dimensions of size 1 have goes on once.
  SmallVector<OpFoldResult> extents;
  SmallVector<AffineExpr> all;
  for (auto [dim, label] : llvm::enumerate(loops)) {
    extents.push_back(sizes[label]);
    all.push_back(builder.getAffineDimExpr(dim));
  }
  SmallVector<OpFoldResult> result(extents.begin(), extents.begin() + equation->result.size());
  maps.push_back(AffineMap::get(loops.size(), 0, ArrayRef(all).take_front(result.size()), builder.getContext()));
  SmallVector<utils::IteratorType> iterators(loops.size(), utils::IteratorType::reduction);
  std::fill_n(iterators.begin(), result.size(), utils::IteratorType::parallel);
  auto generic = linalg::GenericOp::create(
      builder, loc, typeOf(result, element), inputs, ValueRange{filled(builder, loc, result, element)}, maps, iterators,
      [&](OpBuilder &builder, Location loc, ValueRange in) {
        Value product = in[0];
        bool real = llvm::isa<FloatType>(element);
        for (Value factor : in.drop_front().drop_back())
          product = real ? Value(arith::MulFOp::create(builder, loc, product, factor))
                         : Value(arith::MulIOp::create(builder, loc, product, factor));
        Value sum = real ? Value(arith::AddFOp::create(builder, loc, in.back(), product))
                         : Value(arith::AddIOp::create(builder, loc, in.back(), product));
        linalg::YieldOp::create(builder, loc, sum);
      });
  node.setResult(0, generic.getResult(0));
  return success();
}

} // namespace rnn::onnx
