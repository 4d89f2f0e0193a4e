//===- VectorizeContractions.cpp - Sums of products in registers -*- C++ -*-==//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Conversion/HostToLLVM/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace rnn {
#define GEN_PASS_DEF_VECTORIZECONTRACTIONS
#include "rnn-mlir/Conversion/HostToLLVM/Passes.h.inc"

namespace {

/// Bytes of a vector, and how many of them a block of sums has: rows that share what is loaded along them, or, where
/// there is one row only, vectors of it. AVX2 has registers for six sums of 64 bytes and what they need.
constexpr int64_t kVectorBytes = 64, kRows = 6, kColumns = 4;

/// A sum of products whose loops have been told apart.
struct Contraction {
  linalg::GenericOp op;
  /// The loop along contiguous elements of the output, one whose sums share a factor (none where there is none), the
  /// other parallel ones, and those of the sum.
  unsigned column;
  std::optional<unsigned> row;
  SmallVector<unsigned> outer, reductions;
};

/// Whether the operand's elements along its last dimension follow each other.
bool isContiguous(Value operand) {
  auto type = dyn_cast<MemRefType>(operand.getType());
  SmallVector<int64_t> strides;
  int64_t offset;
  return type && type.getRank() > 0 && succeeded(type.getStridesAndOffset(strides, offset)) && strides.back() == 1;
}

/// Whether the index in `map` moves along the last dimension as the loop `dim` does, or not at all.
bool moves(AffineMap map, unsigned dim) {
  return map.isFunctionOfDim(dim);
}
bool movesContiguously(AffineMap map, unsigned dim) {
  for (AffineExpr expr : map.getResults().drop_back())
    if (expr.isFunctionOfDim(dim))
      return false;
  AffineExpr last = map.getResults().back();
  AffineExpr rest = simplifyAffineExpr(last - getAffineDimExpr(dim, map.getContext()), map.getNumDims(), 0);
  return !rest.isFunctionOfDim(dim);
}

/// Whether the body is acc + a · b.
bool isMultiplyAdd(linalg::GenericOp op) {
  Block &body = op.getRegion().front();
  if (body.getOperations().size() != 3)
    return false;
  Operation *sum = body.getTerminator()->getOperand(0).getDefiningOp();
  if (!isa_and_nonnull<arith::AddFOp, arith::AddIOp>(sum))
    return false;
  Value acc = body.getArgument(2), product = sum->getOperand(0) == acc ? sum->getOperand(1) : sum->getOperand(0);
  if (sum->getOperand(0) != acc && sum->getOperand(1) != acc)
    return false;
  Operation *factor = product.getDefiningOp();
  if (!isa_and_nonnull<arith::MulFOp, arith::MulIOp>(factor))
    return false;
  Value a = factor->getOperand(0), b = factor->getOperand(1);
  return (a == body.getArgument(0) && b == body.getArgument(1)) ||
         (a == body.getArgument(1) && b == body.getArgument(0));
}

std::optional<Contraction> match(linalg::GenericOp op) {
  if (!op.hasPureBufferSemantics() || op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1 || !isMultiplyAdd(op))
    return std::nullopt;
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  AffineMap out = maps[2];
  if (out.getNumResults() == 0 || !out.isProjectedPermutation() || !llvm::all_of(op->getOperands(), isContiguous))
    return std::nullopt;
  Contraction found{op, cast<AffineDimExpr>(out.getResults().back()).getPosition(), std::nullopt, {}, {}};
  // A few elements are no vector.
  int64_t columns = cast<MemRefType>(op.getDpsInitOperand(0)->get().getType()).getShape().back();
  if (!ShapedType::isDynamic(columns) && columns < 4)
    return std::nullopt;
  bool vectors = false;
  for (AffineMap map : ArrayRef(maps).take_front(2)) {
    if (!moves(map, found.column))
      continue;
    if (!movesContiguously(map, found.column))
      return std::nullopt;
    vectors = true;
  }
  if (!vectors)
    return std::nullopt;
  SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
  for (unsigned loop = 0; loop < iterators.size(); ++loop) {
    if (iterators[loop] == utils::IteratorType::reduction) {
      if (moves(out, loop))
        return std::nullopt;
      found.reductions.push_back(loop);
    } else if (loop != found.column) {
      found.outer.push_back(loop);
    }
  }
  if (found.reductions.empty())
    return std::nullopt;
  // The last loop that leaves a vector as it is.
  for (unsigned loop : llvm::reverse(found.outer))
    if (llvm::none_of(ArrayRef(maps).take_front(2),
                      [&](AffineMap map) { return moves(map, found.column) && moves(map, loop); })) {
      found.row = loop;
      llvm::erase(found.outer, loop);
      break;
    }
  return found;
}

/// Writes the loops of a contraction.
class Emitter {
public:
  explicit Emitter(const Contraction &contraction)
      : found(contraction), op(contraction.op), builder(op.getLoc(), op), maps(op.getIndexingMapsArray()) {
    element = cast<MemRefType>(op.getDpsInitOperand(0)->get().getType()).getElementType();
    lanes = kVectorBytes * 8 / element.getIntOrFloatBitWidth();
    vector = VectorType::get({lanes}, element);
  }

  void run() {
    index.assign(maps[0].getNumDims(), constant(0));
    for (Range range : cast<linalg::LinalgOp>(op.getOperation()).createLoopRanges(builder, op.getLoc()))
      extents.push_back(getValueOrCreateConstantIndexOp(builder, op.getLoc(), range.size));
    nest(found.outer, [&] {
      if (!found.row)
        return columns(1);
      index[*found.row] = constant(0);
      Value rows = extents[*found.row];
      Value whole = arith::SubIOp::create(builder, rows, arith::RemUIOp::create(builder, rows, constant(kRows)));
      loop(constant(0), whole, kRows, [&](Value row) {
        index[*found.row] = row;
        columns(kRows);
      });
      loop(whole, rows, 1, [&](Value row) {
        index[*found.row] = row;
        columns(1);
      });
    });
    op.erase();
  }

private:
  const Contraction &found;
  linalg::GenericOp op;
  ImplicitLocOpBuilder builder;
  SmallVector<AffineMap> maps;
  Type element;
  int64_t lanes;
  VectorType vector;
  SmallVector<Value> extents;
  /// Where each loop is.
  SmallVector<Value> index;

  Value constant(int64_t value) { return arith::ConstantIndexOp::create(builder, value); }

  void loop(Value low, Value high, int64_t step, llvm::function_ref<void(Value)> body) {
    auto made = scf::ForOp::create(builder, low, high, constant(step));
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(made.getBody());
    body(made.getInductionVar());
  }

  void nest(ArrayRef<unsigned> loops, llvm::function_ref<void()> body) {
    if (loops.empty())
      return body();
    loop(constant(0), extents[loops.front()], 1, [&](Value at) {
      index[loops.front()] = at;
      nest(loops.drop_front(), body);
    });
  }

  /// All columns of `rows` rows: blocks of several vectors where there is one row, of one vector, and what is left.
  void columns(int64_t rows) {
    Value end = extents[found.column], begin = constant(0);
    auto wholeBlocks = [&](int64_t vectors) {
      Value width = constant(vectors * lanes);
      Value whole = arith::SubIOp::create(builder, end, arith::RemUIOp::create(builder, end, width));
      loop(begin, whole, vectors * lanes, [&](Value at) { block(rows, vectors, at, Value()); });
      begin = whole;
    };
    if (rows == 1)
      wholeBlocks(kColumns);
    wholeBlocks(1);
    Value some = arith::CmpIOp::create(builder, arith::CmpIPredicate::slt, begin, end);
    auto rest = scf::IfOp::create(builder, some, /*withElseRegion=*/false);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(&rest.getThenRegion().front());
    Value left = arith::SubIOp::create(builder, end, begin);
    Value mask = vector::CreateMaskOp::create(builder, VectorType::get({lanes}, builder.getI1Type()), left);
    block(rows, 1, begin, mask);
  }

  /// The place of `operand` for a row and a vector of the block.
  SmallVector<Value> place(unsigned operand, int64_t row, int64_t part, Value column) {
    SmallVector<Value> at(index);
    at[found.column] = part == 0 ? column : arith::AddIOp::create(builder, column, constant(part * lanes)).getResult();
    if (found.row && row != 0)
      at[*found.row] = arith::AddIOp::create(builder, index[*found.row], constant(row));
    SmallVector<OpFoldResult> operands = getAsOpFoldResult(at);
    SmallVector<Value> result;
    for (unsigned dim = 0; dim < maps[operand].getNumResults(); ++dim) {
      OpFoldResult applied =
          affine::makeComposedFoldedAffineApply(builder, op.getLoc(), maps[operand].getSubMap({dim}), operands);
      result.push_back(getValueOrCreateConstantIndexOp(builder, op.getLoc(), applied));
    }
    return result;
  }

  Value load(unsigned operand, ArrayRef<Value> at, Value mask) {
    Value buffer = op->getOperand(operand);
    if (!mask)
      return vector::LoadOp::create(builder, vector, buffer, at);
    Value zero = arith::ConstantOp::create(builder, vector, builder.getZeroAttr(vector));
    return vector::MaskedLoadOp::create(builder, vector, buffer, at, mask, zero);
  }

  /// `rows` times `vectors` sums from column `at` on; `mask` has those of the last columns that there are.
  void block(int64_t rows, int64_t vectors, Value at, Value mask) {
    SmallVector<SmallVector<Value>> places;
    SmallVector<Value> sums;
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t part = 0; part < vectors; ++part) {
        places.push_back(place(2, row, part, at));
        sums.push_back(load(2, places.back(), mask));
      }
    sums = reduce(found.reductions, sums, rows, vectors, at, mask);
    for (auto [sum, to] : llvm::zip(sums, places))
      if (mask)
        vector::MaskedStoreOp::create(builder, op->getOperand(2), to, mask, sum);
      else
        vector::StoreOp::create(builder, sum, op->getOperand(2), to);
  }

  SmallVector<Value> reduce(ArrayRef<unsigned> loops, ArrayRef<Value> sums, int64_t rows, int64_t vectors, Value at,
                            Value mask) {
    if (loops.empty())
      return step(sums, rows, vectors, at, mask);
    auto made = scf::ForOp::create(builder, constant(0), extents[loops.front()], constant(1), sums);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(made.getBody());
    index[loops.front()] = made.getInductionVar();
    SmallVector<Value> inner(made.getRegionIterArgs());
    scf::YieldOp::create(builder, reduce(loops.drop_front(), inner, rows, vectors, at, mask));
    return SmallVector<Value>(made.getResults());
  }

  SmallVector<Value> step(ArrayRef<Value> sums, int64_t rows, int64_t vectors, Value at, Value mask) {
    // A factor is loaded once for all rows or columns along which it stays.
    std::array<SmallVector<Value>, 2> loaded;
    auto factor = [&](unsigned operand, int64_t row, int64_t part) {
      bool alongRows = found.row && moves(maps[operand], *found.row), alongColumns = moves(maps[operand], found.column);
      SmallVector<Value> &known = loaded[operand];
      known.resize(rows * vectors);
      Value &value = known[(alongRows ? row : 0) * vectors + (alongColumns ? part : 0)];
      if (!value) {
        SmallVector<Value> from = place(operand, alongRows ? row : 0, alongColumns ? part : 0, at);
        if (alongColumns)
          value = load(operand, from, mask);
        else
          value = vector::BroadcastOp::create(
              builder, vector, memref::LoadOp::create(builder, op->getOperand(operand), from).getResult());
      }
      return value;
    };
    SmallVector<Value> next;
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t part = 0; part < vectors; ++part) {
        Value a = factor(0, row, part), b = factor(1, row, part), sum = sums[row * vectors + part];
        if (llvm::isa<FloatType>(element))
          next.push_back(math::FmaOp::create(builder, a, b, sum));
        else
          next.push_back(arith::AddIOp::create(builder, sum, arith::MulIOp::create(builder, a, b)));
      }
    return next;
  }
};

struct VectorizeContractions : impl::VectorizeContractionsBase<VectorizeContractions> {
  void runOnOperation() override {
    SmallVector<Contraction> all;
    getOperation()->walk([&](linalg::GenericOp op) {
      if (std::optional<Contraction> found = match(op))
        all.push_back(*found);
    });
    for (const Contraction &contraction : all)
      Emitter(contraction).run();
    numContractions += all.size();
  }
};
} // namespace
} // namespace rnn
