//===- Evaluate.cpp - What a node makes of constants ------------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
// An interpreter of the operations that lowerings make, so that an operator folds by its lowering alone.
//===----------------------------------------------------------------------===//
#include "Evaluate.h"

#include "rnn-mlir/Conversion/OnnxToLinalg/Passes.h"
#include "rnn-mlir/Dialect/Rnn/IR/Constants.h"

#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/AsmState.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cmath>
#include <cstring>

using namespace mlir;

namespace rnn::onnx {
namespace {

/// A scalar: a float's value, or the bits of an integer, extended by its sign; an i1 is 0 or 1.
union Number {
  double real;
  int64_t whole;
};

/// A tensor in row-major order.
struct Array {
  SmallVector<int64_t> shape;
  Type element;
  std::vector<Number> numbers;

  int64_t size() const { return static_cast<int64_t>(numbers.size()); }
};

/// A scalar or a tensor, which values share.
struct Datum {
  Number number{};
  std::shared_ptr<Array> array;
};

int64_t product(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t size : shape)
    if (size < 0 || llvm::MulOverflow(count, size, count))
      return -1;
  return count;
}

/// Calls `function` with each index of a shape, in order.
template <class F> void forEachIndex(ArrayRef<int64_t> shape, F function) {
  int64_t count = product(shape);
  SmallVector<int64_t> index(shape.size(), 0);
  for (int64_t i = 0; i < count; ++i) {
    function(ArrayRef<int64_t>(index));
    for (int64_t dim = static_cast<int64_t>(shape.size()) - 1; dim >= 0 && ++index[dim] == shape[dim]; --dim)
      index[dim] = 0;
  }
}

/// The value of an index expression of loops.
int64_t valueOf(AffineExpr expr, ArrayRef<int64_t> index) {
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return index[dim.getPosition()];
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return constant.getValue();
  auto binary = cast<AffineBinaryOpExpr>(expr);
  int64_t a = valueOf(binary.getLHS(), index), b = valueOf(binary.getRHS(), index);
  return expr.getKind() == AffineExprKind::Mul ? a * b : a + b;
}

unsigned widthOf(Type type) {
  return type.isIndex() ? 64 : type.getIntOrFloatBitWidth();
}

/// The value of an integer of this type with the low bits of `value`.
int64_t wrapped(int64_t value, Type type) {
  unsigned width = widthOf(type);
  if (width == 64)
    return value;
  if (width == 1)
    return value & 1;
  return llvm::SignExtend64(static_cast<uint64_t>(value), width);
}
uint64_t natural(int64_t value, Type type) {
  unsigned width = widthOf(type);
  return width == 64 ? static_cast<uint64_t>(value)
                     : static_cast<uint64_t>(value) & llvm::maskTrailingOnes<uint64_t>(width);
}

/// The nearest value of a float type.
double rounded(double value, Type type) {
  if (type.isF64())
    return value;
  if (type.isF32())
    return static_cast<float>(value);
  APFloat number(value);
  bool loses;
  number.convert(cast<FloatType>(type).getFloatSemantics(), APFloat::rmNearestTiesToEven, &loses);
  return number.convertToDouble();
}

class Evaluator {
public:
  explicit Evaluator(int64_t &steps) : steps(steps) {}

  /// The array of a value outside of all regions; null where it cannot be found.
  std::shared_ptr<Array> arrayOf(Value value) {
    std::optional<Datum> datum = get(value);
    return datum ? datum->array : nullptr;
  }

private:
  llvm::DenseMap<Value, Datum> known;
  /// The indices of the loops around what runs.
  SmallVector<ArrayRef<int64_t>> indexStack;
  int64_t &steps;

  bool spend(int64_t count) { return (steps -= count) >= 0; }

  std::optional<Datum> get(Value value) {
    if (auto at = known.find(value); at != known.end())
      return at->second;
    Operation *op = value.getDefiningOp();
    if (!op || !run(*op))
      return std::nullopt;
    auto at = known.find(value);
    return at == known.end() ? std::nullopt : std::optional(at->second);
  }
  std::optional<Number> number(Value value) {
    std::optional<Datum> datum = get(value);
    return datum && !datum->array ? std::optional(datum->number) : std::nullopt;
  }
  std::shared_ptr<Array> array(Value value) {
    std::optional<Datum> datum = get(value);
    return datum ? datum->array : nullptr;
  }
  std::optional<int64_t> size(OpFoldResult given) {
    if (auto attr = dyn_cast<Attribute>(given))
      return cast<IntegerAttr>(attr).getInt();
    std::optional<Number> found = number(cast<Value>(given));
    return found ? std::optional(found->whole) : std::nullopt;
  }
  std::optional<SmallVector<int64_t>> sizes(ArrayRef<OpFoldResult> given) {
    SmallVector<int64_t> result;
    for (OpFoldResult each : given) {
      std::optional<int64_t> found = size(each);
      if (!found)
        return std::nullopt;
      result.push_back(*found);
    }
    return result;
  }

  void set(Value value, double real) { known[value] = Datum{Number{.real = rounded(real, value.getType())}, nullptr}; }
  void setWhole(Value value, int64_t whole) {
    known[value] = Datum{Number{.whole = wrapped(whole, value.getType())}, nullptr};
  }
  bool setArray(Value value, std::shared_ptr<Array> made) {
    known[value] = Datum{Number{}, std::move(made)};
    return true;
  }
  std::shared_ptr<Array> make(ArrayRef<int64_t> shape, Type element) {
    int64_t count = product(shape);
    if (count < 0 || !spend(count))
      return nullptr;
    auto made = std::make_shared<Array>();
    made->shape.assign(shape.begin(), shape.end());
    made->element = element;
    made->numbers.resize(count);
    return made;
  }
  /// The number of the element at an index, none outside of the array.
  static std::optional<int64_t> place(const Array &array, ArrayRef<int64_t> index) {
    int64_t linear = 0;
    for (auto [at, size] : llvm::zip(index, array.shape)) {
      if (at < 0 || at >= size)
        return std::nullopt;
      linear = linear * size + at;
    }
    return linear;
  }

  bool constant(arith::ConstantOp op);
  bool runTensor(Operation &op);
  bool runControl(Operation &op);
  bool runGeneric(linalg::LinalgOp op);
  bool runScalar(Operation &op);
  bool runFloat(Operation &op, ArrayRef<double> in);
  bool runWhole(Operation &op, ArrayRef<int64_t> in);
  /// Runs the operations of a block; its terminator's operands are then known. False where it cannot.
  bool runBlock(Block &block);

  bool run(Operation &op) {
    if (!spend(1))
      return false;
    if (auto made = dyn_cast<arith::ConstantOp>(op))
      return constant(made);
    if (auto structured = dyn_cast<linalg::LinalgOp>(op))
      return runGeneric(structured);
    if (isa<scf::SCFDialect, cf::ControlFlowDialect>(op.getDialect()))
      return runControl(op);
    if (isa<tensor::TensorDialect>(op.getDialect()))
      return runTensor(op);
    return runScalar(op);
  }
};

bool Evaluator::constant(arith::ConstantOp op) {
  auto type = dyn_cast<RankedTensorType>(op.getType());
  if (!type) {
    if (auto real = dyn_cast<FloatAttr>(op.getValue()))
      set(op, real.getValueAsDouble());
    else if (auto whole = dyn_cast<IntegerAttr>(op.getValue()))
      setWhole(op, op.getType().isInteger(1) ? whole.getValue().getZExtValue() : whole.getValue().getSExtValue());
    else
      return false;
    return true;
  }
  Type element = type.getElementType();
  std::shared_ptr<Array> made = make(type.getShape(), element);
  if (!made)
    return false;
  if (auto dense = dyn_cast<DenseElementsAttr>(op.getValue()); dense && !llvm::isa<FloatType>(element)) {
    for (auto [number, value] : llvm::zip(made->numbers, dense.getValues<APInt>()))
      number.whole = wrapped(static_cast<int64_t>(value.getZExtValue()), element);
    return setArray(op, made);
  }
  std::optional<ConstantData> data = constantData(Attribute(op.getValue()));
  if (!data)
    return false;
  size_t width = element.getIntOrFloatBitWidth() / 8;
  for (auto [index, number] : llvm::enumerate(made->numbers)) {
    const char *at = data->bytes.data() + (data->splat ? 0 : index * width);
    uint64_t bits = 0;
    std::memcpy(&bits, at, width);
    if (auto real = dyn_cast<FloatType>(element))
      number.real = APFloat(real.getFloatSemantics(), APInt(width * 8, bits)).convertToDouble();
    else
      number.whole = wrapped(static_cast<int64_t>(bits), element);
  }
  return setArray(op, made);
}

bool Evaluator::runTensor(Operation &op) {
  return llvm::TypeSwitch<Operation *, bool>(&op)
      .Case<tensor::EmptyOp>([&](tensor::EmptyOp empty) {
        std::optional<SmallVector<int64_t>> shape = sizes(empty.getMixedSizes());
        std::shared_ptr<Array> made = shape ? make(*shape, empty.getType().getElementType()) : nullptr;
        return made && setArray(empty, made);
      })
      .Case<tensor::CastOp>([&](tensor::CastOp cast) {
        std::shared_ptr<Array> from = array(cast.getSource());
        return from && setArray(cast, from);
      })
      .Case<tensor::ReshapeOp>([&](tensor::ReshapeOp reshape) {
        std::shared_ptr<Array> from = array(reshape.getSource()), shape = array(reshape.getShape());
        if (!from || !shape || !spend(from->size()))
          return false;
        auto made = std::make_shared<Array>(*from);
        made->shape.clear();
        for (Number size : shape->numbers)
          made->shape.push_back(size.whole);
        return product(made->shape) == made->size() && setArray(reshape, made);
      })
      .Case<tensor::FromElementsOp>([&](tensor::FromElementsOp list) {
        std::shared_ptr<Array> made = make(list.getType().getShape(), list.getType().getElementType());
        if (!made)
          return false;
        for (auto [to, value] : llvm::zip(made->numbers, list.getElements())) {
          std::optional<Number> found = number(value);
          if (!found)
            return false;
          to = *found;
        }
        return setArray(list, made);
      })
      .Case<tensor::DimOp>([&](tensor::DimOp dim) {
        std::shared_ptr<Array> from = array(dim.getSource());
        std::optional<Number> at = number(dim.getIndex());
        if (!from || !at || at->whole < 0 || at->whole >= static_cast<int64_t>(from->shape.size()))
          return false;
        setWhole(dim, from->shape[at->whole]);
        return true;
      })
      .Case<tensor::ExtractOp>([&](tensor::ExtractOp extract) {
        std::shared_ptr<Array> from = array(extract.getTensor());
        std::optional<SmallVector<int64_t>> at = sizes(getAsOpFoldResult(extract.getIndices()));
        std::optional<int64_t> where = from && at ? place(*from, *at) : std::nullopt;
        if (!where)
          return false;
        known[extract] = Datum{from->numbers[*where], nullptr};
        return true;
      })
      .Case<tensor::InsertOp>([&](tensor::InsertOp insert) {
        std::shared_ptr<Array> into = array(insert.getDest());
        std::optional<Number> value = number(insert.getScalar());
        std::optional<SmallVector<int64_t>> at = sizes(getAsOpFoldResult(insert.getIndices()));
        std::optional<int64_t> where = into && at ? place(*into, *at) : std::nullopt;
        if (!where || !value || !spend(into->size()))
          return false;
        auto made = std::make_shared<Array>(*into);
        made->numbers[*where] = *value;
        return setArray(insert, made);
      })
      .Case<tensor::ExtractSliceOp>([&](tensor::ExtractSliceOp slice) {
        std::shared_ptr<Array> from = array(slice.getSource());
        auto offsets = sizes(slice.getMixedOffsets()), extent = sizes(slice.getMixedSizes()),
             strides = sizes(slice.getMixedStrides());
        if (!from || !offsets || !extent || !strides)
          return false;
        std::shared_ptr<Array> made = make(*extent, from->element);
        if (!made)
          return false;
        int64_t next = 0;
        bool inside = true;
        forEachIndex(*extent, [&](ArrayRef<int64_t> index) {
          SmallVector<int64_t> at;
          for (auto [i, offset, stride] : llvm::zip(index, *offsets, *strides))
            at.push_back(offset + i * stride);
          std::optional<int64_t> where = place(*from, at);
          inside &= where.has_value();
          if (where)
            made->numbers[next++] = from->numbers[*where];
        });
        llvm::SmallBitVector dropped = slice.getDroppedDims();
        made->shape.clear();
        for (auto [dim, count] : llvm::enumerate(*extent))
          if (!dropped.test(dim))
            made->shape.push_back(count);
        return inside && setArray(slice, made);
      })
      .Case<tensor::InsertSliceOp>([&](tensor::InsertSliceOp slice) {
        std::shared_ptr<Array> from = array(slice.getSource()), into = array(slice.getDest());
        auto offsets = sizes(slice.getMixedOffsets()), extent = sizes(slice.getMixedSizes()),
             strides = sizes(slice.getMixedStrides());
        if (!from || !into || !offsets || !extent || !strides || product(*extent) != from->size() ||
            !spend(into->size() + from->size()))
          return false;
        auto made = std::make_shared<Array>(*into);
        int64_t next = 0;
        bool inside = true;
        forEachIndex(*extent, [&](ArrayRef<int64_t> index) {
          SmallVector<int64_t> at;
          for (auto [i, offset, stride] : llvm::zip(index, *offsets, *strides))
            at.push_back(offset + i * stride);
          std::optional<int64_t> where = place(*made, at);
          inside &= where.has_value();
          if (where)
            made->numbers[*where] = from->numbers[next++];
        });
        return inside && setArray(slice, made);
      })
      .Default([](Operation *) { return false; });
}

bool Evaluator::runBlock(Block &block) {
  for (Operation &op : block.without_terminator()) {
    for (Value result : op.getResults())
      known.erase(result);
    if (!run(op))
      return false;
  }
  return true;
}

bool Evaluator::runControl(Operation &op) {
  if (auto assertion = dyn_cast<cf::AssertOp>(op)) {
    // One that does not hold ends the run, not the compilation.
    std::optional<Number> holds = number(assertion.getArg());
    return holds && holds->whole != 0;
  }
  auto take = [&](ValueRange values) -> std::optional<SmallVector<Datum>> {
    SmallVector<Datum> data;
    for (Value value : values) {
      std::optional<Datum> datum = get(value);
      if (!datum)
        return std::nullopt;
      data.push_back(*datum);
    }
    return data;
  };
  auto bind = [&](ValueRange to, ArrayRef<Datum> data) {
    for (auto [value, datum] : llvm::zip(to, data))
      known[value] = datum;
  };
  if (auto choice = dyn_cast<scf::IfOp>(op)) {
    std::optional<Number> condition = number(choice.getCondition());
    if (!condition)
      return false;
    Region &region = condition->whole ? choice.getThenRegion() : choice.getElseRegion();
    if (region.empty())
      return choice.getNumResults() == 0;
    if (!runBlock(region.front()))
      return false;
    std::optional<SmallVector<Datum>> given = take(region.front().getTerminator()->getOperands());
    if (given)
      bind(choice.getResults(), *given);
    return given.has_value();
  }
  if (auto loop = dyn_cast<scf::ForOp>(op)) {
    std::optional<Number> low = number(loop.getLowerBound()), high = number(loop.getUpperBound()),
                          step = number(loop.getStep());
    std::optional<SmallVector<Datum>> state = take(loop.getInitArgs());
    if (!low || !high || !step || step->whole < 1 || !state)
      return false;
    for (int64_t i = low->whole; i < high->whole; i += step->whole) {
      setWhole(loop.getInductionVar(), i);
      bind(loop.getRegionIterArgs(), *state);
      if (!spend(1) || !runBlock(*loop.getBody()))
        return false;
      state = take(loop.getBody()->getTerminator()->getOperands());
      if (!state)
        return false;
    }
    bind(loop.getResults(), *state);
    return true;
  }
  if (auto loop = dyn_cast<scf::WhileOp>(op)) {
    std::optional<SmallVector<Datum>> state = take(loop.getInits());
    while (state && spend(1)) {
      bind(loop.getBeforeArguments(), *state);
      if (!runBlock(*loop.getBeforeBody()))
        return false;
      scf::ConditionOp end = loop.getConditionOp();
      std::optional<Number> more = number(end.getCondition());
      std::optional<SmallVector<Datum>> given = take(end.getArgs());
      if (!more || !given)
        return false;
      if (!more->whole) {
        bind(loop.getResults(), *given);
        return true;
      }
      bind(loop.getAfterArguments(), *given);
      if (!runBlock(*loop.getAfterBody()))
        return false;
      state = take(loop.getAfterBody()->getTerminator()->getOperands());
    }
  }
  return false;
}

bool Evaluator::runGeneric(linalg::LinalgOp op) {
  if (!isa<linalg::GenericOp, linalg::FillOp, linalg::TransposeOp>(op.getOperation()))
    return false;
  SmallVector<Datum> operands;
  for (OpOperand &operand : op->getOpOperands()) {
    std::optional<Datum> datum = get(operand.get());
    if (!datum)
      return false;
    operands.push_back(*datum);
  }
  unsigned inputs = op.getNumDpsInputs();
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  // The loops' extents follow from the shapes.
  SmallVector<int64_t> extent(op.getNumLoops(), -1);
  for (auto [operand, map] : llvm::zip(operands, maps))
    if (operand.array)
      for (auto [dim, expr] : llvm::enumerate(map.getResults()))
        if (auto loop = dyn_cast<AffineDimExpr>(expr))
          extent[loop.getPosition()] = operand.array->shape[dim];
  if (llvm::is_contained(extent, -1))
    return false;
  int64_t count = product(extent);
  Block &body = op->getRegion(0).front();
  int64_t each = static_cast<int64_t>(body.getOperations().size());
  if (count < 0 || count > steps || !spend(count * std::max<int64_t>(1, each / 8)))
    return false;
  SmallVector<std::shared_ptr<Array>> results;
  for (Datum &operand : MutableArrayRef(operands).drop_front(inputs)) {
    if (!operand.array)
      return false;
    operand.array = std::make_shared<Array>(*operand.array);
    results.push_back(operand.array);
  }
  bool good = true;
  forEachIndex(extent, [&](ArrayRef<int64_t> index) {
    if (!good)
      return;
    SmallVector<int64_t> places(operands.size(), 0);
    for (auto [k, operand] : llvm::enumerate(operands)) {
      if (!operand.array) {
        known[body.getArgument(k)] = operand;
        continue;
      }
      SmallVector<int64_t> at;
      for (AffineExpr expr : maps[k].getResults())
        at.push_back(valueOf(expr, index));
      std::optional<int64_t> where = place(*operand.array, at);
      if (!where) {
        good = false;
        return;
      }
      places[k] = *where;
      known[body.getArgument(k)] = Datum{operand.array->numbers[*where], nullptr};
    }
    for (Operation &inner : body.without_terminator())
      if (auto at = dyn_cast<linalg::IndexOp>(inner))
        setWhole(at, index[at.getDim()]);
      else
        for (Value result : inner.getResults())
          known.erase(result);
    indexStack.push_back(index);
    for (Operation &inner : body.without_terminator())
      if (good && !isa<linalg::IndexOp>(inner))
        good = run(inner);
    indexStack.pop_back();
    if (!good)
      return;
    for (auto [k, value] : llvm::enumerate(body.getTerminator()->getOperands())) {
      std::optional<Number> made = number(value);
      good &= made.has_value();
      if (made)
        results[k]->numbers[places[inputs + k]] = *made;
    }
  });
  if (!good)
    return false;
  for (auto [result, made] : llvm::zip(op->getResults(), results))
    setArray(result, made);
  return true;
}

bool Evaluator::runScalar(Operation &op) {
  if (op.getNumResults() != 1 || !op.getResult(0).getType().isIntOrIndexOrFloat())
    return false;
  if (auto at = dyn_cast<linalg::IndexOp>(op)) {
    if (indexStack.empty())
      return false;
    setWhole(at, indexStack.back()[at.getDim()]);
    return true;
  }
  SmallVector<Number> in;
  for (Value operand : op.getOperands()) {
    std::optional<Number> found = number(operand);
    if (!found)
      return false;
    in.push_back(*found);
  }
  Value result = op.getResult(0);
  if (isa<arith::SelectOp, UnrealizedConversionCastOp>(op)) {
    known[result] = Datum{isa<arith::SelectOp>(op) ? in[in[0].whole ? 1 : 2] : in[0], nullptr};
    return in.size() == (isa<arith::SelectOp>(op) ? 3 : 1);
  }
  bool real = llvm::isa<FloatType>(op.getOperand(0).getType());
  if (real) {
    SmallVector<double> values;
    for (Number each : in)
      values.push_back(each.real);
    return runFloat(op, values);
  }
  SmallVector<int64_t> values;
  for (Number each : in)
    values.push_back(each.whole);
  return runWhole(op, values);
}

/// As IEEE 754 has maximum and minimum: NaN where one is.
double extremum(double a, double b, bool greatest) {
  if (std::isnan(a) || std::isnan(b))
    return std::numeric_limits<double>::quiet_NaN();
  if (a == b)
    return std::signbit(a) == greatest ? b : a;
  return (a > b) == greatest ? a : b;
}

bool Evaluator::runFloat(Operation &op, ArrayRef<double> in) {
  Value result = op.getResult(0);
  Type type = op.getOperand(0).getType();
  auto give = [&](double value) {
    set(result, value);
    return true;
  };
  auto whole = [&](int64_t value) {
    setWhole(result, value);
    return true;
  };
  // What is rounded to f32 from an exact f64 result is what f32 arithmetic gives.
  return llvm::TypeSwitch<Operation *, bool>(&op)
      .Case([&](arith::AddFOp) { return give(in[0] + in[1]); })
      .Case([&](arith::SubFOp) { return give(in[0] - in[1]); })
      .Case([&](arith::MulFOp) { return give(in[0] * in[1]); })
      .Case([&](arith::DivFOp) { return give(in[0] / in[1]); })
      .Case([&](arith::RemFOp) { return give(std::fmod(in[0], in[1])); })
      .Case([&](arith::NegFOp) { return give(-in[0]); })
      .Case([&](arith::MaximumFOp) { return give(extremum(in[0], in[1], true)); })
      .Case([&](arith::MinimumFOp) { return give(extremum(in[0], in[1], false)); })
      .Case([&](arith::ExtFOp) { return give(in[0]); })
      .Case([&](arith::TruncFOp) { return give(in[0]); })
      .Case([&](arith::CmpFOp compare) {
        return whole(arith::applyCmpPredicate(compare.getPredicate(), APFloat(in[0]), APFloat(in[1])));
      })
      .Case([&](arith::FPToSIOp) {
        double limit = std::ldexp(1.0, static_cast<int>(widthOf(result.getType())) - 1);
        return in[0] > -limit - 1 && in[0] < limit && whole(static_cast<int64_t>(in[0]));
      })
      .Case([&](arith::FPToUIOp) {
        double limit = std::ldexp(1.0, static_cast<int>(widthOf(result.getType())));
        return in[0] > -1 && in[0] < limit && whole(static_cast<int64_t>(static_cast<uint64_t>(in[0])));
      })
      .Case([&](arith::BitcastOp) {
        APFloat number(in[0]);
        bool loses;
        number.convert(cast<FloatType>(type).getFloatSemantics(), APFloat::rmNearestTiesToEven, &loses);
        if (llvm::isa<FloatType>(result.getType()))
          return false;
        return whole(static_cast<int64_t>(number.bitcastToAPInt().getZExtValue()));
      })
      .Case([&](math::AbsFOp) { return give(std::fabs(in[0])); })
      .Case([&](math::CeilOp) { return give(std::ceil(in[0])); })
      .Case([&](math::FloorOp) { return give(std::floor(in[0])); })
      .Case([&](math::RoundEvenOp) { return give(std::nearbyint(in[0])); })
      .Case([&](math::SqrtOp) { return give(std::sqrt(in[0])); })
      .Case([&](math::ExpOp) { return give(std::exp(in[0])); })
      .Case([&](math::ExpM1Op) { return give(std::expm1(in[0])); })
      .Case([&](math::LogOp) { return give(std::log(in[0])); })
      .Case([&](math::Log1pOp) { return give(std::log1p(in[0])); })
      .Case([&](math::PowFOp) { return give(std::pow(in[0], in[1])); })
      .Case([&](math::TanhOp) { return give(std::tanh(in[0])); })
      .Case([&](math::ErfOp) { return give(std::erf(in[0])); })
      .Case([&](math::SinOp) { return give(std::sin(in[0])); })
      .Case([&](math::CosOp) { return give(std::cos(in[0])); })
      .Case([&](math::CopySignOp) { return give(std::copysign(in[0], in[1])); })
      .Default([](Operation *) { return false; });
}

bool Evaluator::runWhole(Operation &op, ArrayRef<int64_t> in) {
  Value result = op.getResult(0);
  Type type = op.getOperand(0).getType();
  auto give = [&](int64_t value) {
    setWhole(result, value);
    return true;
  };
  auto u = [&](unsigned k) { return natural(in[k], type); };
  auto signedOf = [](uint64_t value) { return static_cast<int64_t>(value); };
  bool divides = in.size() > 1 && in[1] != 0 && !(in[1] == -1 && in[0] == std::numeric_limits<int64_t>::min());
  bool shifts = in.size() > 1 && u(1) < widthOf(type);
  return llvm::TypeSwitch<Operation *, bool>(&op)
      .Case([&](arith::AddIOp) { return give(signedOf(static_cast<uint64_t>(in[0]) + static_cast<uint64_t>(in[1]))); })
      .Case([&](arith::SubIOp) { return give(signedOf(static_cast<uint64_t>(in[0]) - static_cast<uint64_t>(in[1]))); })
      .Case([&](arith::MulIOp) { return give(signedOf(static_cast<uint64_t>(in[0]) * static_cast<uint64_t>(in[1]))); })
      .Case([&](arith::DivSIOp) { return divides && give(in[0] / in[1]); })
      .Case([&](arith::DivUIOp) { return in[1] != 0 && give(signedOf(u(0) / u(1))); })
      .Case([&](arith::RemSIOp) { return divides && give(in[0] % in[1]); })
      .Case([&](arith::RemUIOp) { return in[1] != 0 && give(signedOf(u(0) % u(1))); })
      .Case([&](arith::FloorDivSIOp) { return divides && give(llvm::divideFloorSigned(in[0], in[1])); })
      .Case([&](arith::CeilDivSIOp) { return divides && give(llvm::divideCeilSigned(in[0], in[1])); })
      .Case([&](arith::AndIOp) { return give(in[0] & in[1]); })
      .Case([&](arith::OrIOp) { return give(in[0] | in[1]); })
      .Case([&](arith::XOrIOp) { return give(in[0] ^ in[1]); })
      .Case([&](arith::ShLIOp) { return shifts && give(signedOf(u(0) << u(1))); })
      .Case([&](arith::ShRUIOp) { return shifts && give(signedOf(u(0) >> u(1))); })
      .Case([&](arith::ShRSIOp) { return shifts && give(in[0] >> u(1)); })
      .Case([&](arith::MaxSIOp) { return give(std::max(in[0], in[1])); })
      .Case([&](arith::MinSIOp) { return give(std::min(in[0], in[1])); })
      .Case([&](arith::MaxUIOp) { return give(u(0) > u(1) ? in[0] : in[1]); })
      .Case([&](arith::MinUIOp) { return give(u(0) < u(1) ? in[0] : in[1]); })
      .Case([&](arith::CmpIOp compare) {
        unsigned width = widthOf(type);
        return give(arith::applyCmpPredicate(compare.getPredicate(), APInt(width, natural(in[0], type)),
                                             APInt(width, natural(in[1], type))));
      })
      .Case([&](arith::ExtSIOp) { return give(type.isInteger(1) ? -in[0] : in[0]); })
      .Case([&](arith::ExtUIOp) { return give(signedOf(u(0))); })
      .Case([&](arith::TruncIOp) { return give(in[0]); })
      .Case([&](arith::IndexCastOp) { return give(type.isInteger(1) ? -in[0] : in[0]); })
      .Case([&](arith::IndexCastUIOp) { return give(signedOf(u(0))); })
      .Case([&](math::AbsIOp) { return give(in[0] < 0 ? signedOf(0 - static_cast<uint64_t>(in[0])) : in[0]); })
      .Case([&](arith::SIToFPOp) {
        // From 64 bits to f32 at once.
        if (result.getType().isF32())
          set(result, static_cast<float>(type.isInteger(1) ? -in[0] : in[0]));
        else
          set(result, static_cast<double>(type.isInteger(1) ? -in[0] : in[0]));
        return true;
      })
      .Case([&](arith::UIToFPOp) {
        if (result.getType().isF32())
          set(result, static_cast<float>(u(0)));
        else
          set(result, static_cast<double>(u(0)));
        return true;
      })
      .Case([&](arith::BitcastOp) {
        auto real = dyn_cast<FloatType>(result.getType());
        if (!real)
          return false;
        set(result, APFloat(real.getFloatSemantics(), APInt(widthOf(type), natural(in[0], type))).convertToDouble());
        return true;
      })
      .Default([](Operation *) { return false; });
}

/// The elements of an array as a constant of a type that its shape and elements fit.
TypedAttr attributeOf(const Array &array, Type element) {
  auto type = RankedTensorType::get(array.shape, element);
  if (!llvm::isa<FloatType>(element)) {
    SmallVector<APInt> numbers;
    unsigned width = element.getIntOrFloatBitWidth();
    for (Number number : array.numbers)
      numbers.push_back(APInt(64, static_cast<uint64_t>(number.whole)).trunc(width));
    return DenseElementsAttr::get(type, numbers);
  }
  size_t width = element.getIntOrFloatBitWidth() / 8;
  AsmResourceBlob blob = HeapAsmResourceBlob::allocate(array.numbers.size() * width, 64);
  char *out = const_cast<char *>(blob.getData().data());
  for (Number number : array.numbers) {
    APFloat value(number.real);
    bool loses;
    value.convert(cast<FloatType>(element).getFloatSemantics(), APFloat::rmNearestTiesToEven, &loses);
    uint64_t bits = value.bitcastToAPInt().getZExtValue();
    std::memcpy(out, &bits, width);
    out += width;
  }
  return cast<TypedAttr>(Attribute(makeConstant(type, "computed", std::move(blob))));
}

} // namespace

SmallVector<TypedAttr> evaluate(ArrayRef<Value> values, int64_t &steps) {
  Evaluator evaluator(steps);
  SmallVector<TypedAttr> results;
  for (Value value : values) {
    std::shared_ptr<Array> array = evaluator.arrayOf(value);
    auto type = cast<RankedTensorType>(value.getType());
    results.push_back(array ? attributeOf(*array, type.getElementType()) : TypedAttr());
  }
  return results;
}

} // namespace rnn::onnx
