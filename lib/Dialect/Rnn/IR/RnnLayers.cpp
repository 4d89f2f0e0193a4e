//===- RnnLayers.cpp - The layers: constraints and steps --------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Dialect/Rnn/IR/Constants.h"
#include "rnn-mlir/Dialect/Rnn/IR/Rnn.h"

using namespace mlir;

namespace rnn {

//===----------------------------------------------------------------------===//
// Constraints
//===----------------------------------------------------------------------===//

/// (C4) and (C10): an optional vector of `size` elements.
static LogicalResult verifyVector(Operation *op, Value vector, RankedTensorType expected, StringRef constraint,
                                  StringRef name) {
  if (!vector || vector.getType() == expected)
    return success();
  return op->emitOpError("(") << constraint << ") expects " << name << " of type " << expected << ", found "
                              << vector.getType();
}

/// The constraints C1 to C9 and C11, which all layers share.
template <typename Layer> static LogicalResult verifyLayer(Layer op, int64_t gates, size_t activations) {
  RankedTensorType x = op.getX().getType(), w = op.getW().getType(), r = op.getR().getType(), y = op.getY().getType();
  Type element = x.getElementType();
  if (x.getRank() != 3 || x.isDynamicDim(2) || !isa<FloatType>(element) || x.getEncoding())
    return op.emitOpError("(C1) expects x of shape [T, B, I] of a float type with a static I, found ") << x;
  bool square = r.getRank() == 2 && r.hasStaticShape();
  if (square && (!isSize(r.getDimSize(1)) || !isSize(gates * r.getDimSize(1)) || !isSize(x.getDimSize(2))))
    return op.emitOpError("(C11) ") << kSizeRule << ", found x of type " << x << " and r of type " << r;
  if (!square || r != RankedTensorType::get({gates * r.getDimSize(1), r.getDimSize(1)}, element))
    return op.emitOpError("(C3) expects r of shape [") << gates << "*H, H] of " << element << ", found " << r;
  int64_t hidden = r.getDimSize(1);
  auto expectedW = RankedTensorType::get({gates * hidden, x.getDimSize(2)}, element);
  if (w != expectedW)
    return op.emitOpError("(C2) expects w of type ") << expectedW << ", found " << w;
  auto bias = RankedTensorType::get({gates * hidden}, element);
  if (failed(verifyVector(op, op.getInputBias(), bias, "C4", "input_bias")) ||
      failed(verifyVector(op, op.getRecurrentBias(), bias, "C4", "recurrent_bias")))
    return failure();
  if (Value lengths = op.getLengths()) {
    auto type = cast<RankedTensorType>(lengths.getType());
    if (type.getRank() != 1 || !type.getElementType().isInteger(32) || type.getEncoding() ||
        !compatible(type.getDimSize(0), x.getDimSize(1)))
      return op.emitOpError("(C5) expects lengths of shape [B] of i32, found ") << type << " for x of type " << x;
  }
  size_t states = op.getStateSizes().size();
  if (op.getFinals().size() != states)
    return op.emitOpError("(C6) expects ") << states << " final states, found " << op.getFinals().size();
  for (Value final : op.getFinals()) {
    auto type = cast<RankedTensorType>(final.getType());
    if (type != RankedTensorType::get({x.getDimSize(1), hidden}, element))
      return op.emitOpError("(C6) expects a final state of shape [B, ")
             << hidden << "] of " << element << ", found " << type << " for x of type " << x;
  }
  if (!op.getInit().empty() && op.getInit().getTypes() != op.getFinals().getTypes())
    return op.emitOpError("(C6) expects no initial states or those of the types of the final states, found ")
           << op.getInit().getTypes() << " and " << op.getFinals().getTypes();
  if (y != RankedTensorType::get({x.getDimSize(0), x.getDimSize(1), hidden}, element))
    return op.emitOpError("(C7) expects y of shape [T, B, ")
           << hidden << "] of " << element << ", found " << y << " for x of type " << x;
  if (op.getActivations().size() != activations)
    return op.emitOpError("(C8) expects ") << activations << " activations, found " << op.getActivations().size();
  if (std::optional<APFloat> clip = op.getClip(); clip && (clip->isNaN() || (clip->isNegative() && !clip->isZero())))
    return op.emitOpError("(C9) expects a clip that is not negative and not NaN, found ") << op.getClipAttr();
  return success();
}

LogicalResult LstmOp::verify() {
  if (failed(verifyLayer(*this, 4, 3)))
    return failure();
  auto peephole = RankedTensorType::get({3 * getHiddenSize()}, getX().getType().getElementType());
  return verifyVector(*this, getPeephole(), peephole, "C10", "peephole");
}
LogicalResult GruOp::verify() {
  return verifyLayer(*this, 3, 2);
}
LogicalResult ElmanOp::verify() {
  return verifyLayer(*this, 1, 1);
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

namespace {
Value sliceIfPresent(OpBuilder &builder, Location loc, Value vector, int64_t begin, int64_t size) {
  return vector ? sliceRows(builder, loc, vector, begin, size) : vector;
}

/// Builds the vector operations of a step.
struct StepBuilder {
  OpBuilder &builder;
  Location loc;
  ArrayAttr activations;
  FloatAttr clip;

  Value slice(Value vector, int64_t begin, int64_t size) { return sliceIfPresent(builder, loc, vector, begin, size); }
  Value add(Value a, Value b) { return b ? Value(arith::AddFOp::create(builder, loc, a, b)) : a; }
  Value mul(Value a, Value b) { return arith::MulFOp::create(builder, loc, a, b); }
  /// 1 - a.
  Value complement(Value a) {
    Value one = floatConstant(builder, loc, a.getType(), APFloat(1.0f));
    return arith::SubFOp::create(builder, loc, one, a);
  }
  Value product(Value weight, Value x, Value acc = nullptr) {
    auto type = cast<RankedTensorType>(weight.getType());
    auto result = RankedTensorType::get({type.getDimSize(0)}, type.getElementType());
    return ProductOp::create(builder, loc, result, weight, x, acc);
  }
  /// Activation `index` of the layer, its input bounded by clip.
  Value activate(unsigned index, Value x) {
    auto type = cast<RankedTensorType>(x.getType());
    if (clip) {
      APFloat bound = clip.getValue();
      x = arith::MaximumFOp::create(builder, loc, x, floatConstant(builder, loc, type, llvm::neg(bound)));
      x = arith::MinimumFOp::create(builder, loc, x, floatConstant(builder, loc, type, bound));
    }
    auto activation = cast<ActivationAttr>(activations[index]);
    return ActivationOp::create(builder, loc, type, activation.getKind(), x, activation.getAlpha(),
                                activation.getBeta());
  }
};

/// The sum of two biases, either of which may be absent.
Value sumBiases(OpBuilder &builder, Location loc, Value input, Value recurrent) {
  if (!input || !recurrent)
    return input ? input : recurrent;
  return addTensors(builder, loc, input, recurrent);
}
} // namespace

//===----------------------------------------------------------------------===//
// rnn.lstm
//===----------------------------------------------------------------------===//

SmallVector<int64_t> LstmOp::getStateSizes() {
  return {getHiddenSize(), getHiddenSize()};
}

SmallVector<LayerProduct> LstmOp::getProducts() {
  int64_t hidden = getHiddenSize();
  return {{4 * hidden, false}, {4 * hidden, true}};
}

/// W, R, bias or null, peephole or null.
SmallVector<Value> LstmOp::buildShared(OpBuilder &builder, Location loc) {
  return {getW(), getR(), sumBiases(builder, loc, getInputBias(), getRecurrentBias()), getPeephole()};
}

SmallVector<Value> LstmOp::buildProject(OpBuilder &builder, Location loc, Value x, ValueRange shared) {
  StepBuilder step{builder, loc, getActivations(), getClipAttr()};
  return {step.product(shared[0], x)};
}

SmallVector<Value> LstmOp::buildStep(OpBuilder &builder, Location loc, ValueRange projected, ValueRange states,
                                     ValueRange shared) {
  enum Gate { I, O, F, C };
  enum Activation { Gates, Candidate, Output };
  StepBuilder step{builder, loc, getActivations(), getClipAttr()};
  int64_t hidden = getHiddenSize();
  Value c = states[1], bias = shared[2], peephole = shared[3];
  Value pre = step.product(shared[1], states[0], projected[0]);
  auto gate = [&](Gate gate, Value cell) {
    Value sum = step.add(step.slice(pre, gate * hidden, hidden), step.slice(bias, gate * hidden, hidden));
    if (peephole && gate != C)
      sum = step.add(sum, step.mul(step.slice(peephole, gate * hidden, hidden), cell));
    return step.activate(gate == C ? Candidate : Gates, sum);
  };
  Value input = gate(I, c);
  Value forget = getInputForget() ? step.complement(input) : gate(F, c);
  Value candidate = gate(C, c);
  Value cell = step.add(step.mul(forget, c), step.mul(input, candidate));
  Value output = gate(O, cell);
  Value h = step.mul(output, step.activate(Output, cell));
  return {h, h, cell};
}

//===----------------------------------------------------------------------===//
// rnn.gru
//===----------------------------------------------------------------------===//

SmallVector<int64_t> GruOp::getStateSizes() {
  return {getHiddenSize()};
}

SmallVector<LayerProduct> GruOp::getProducts() {
  int64_t hidden = getHiddenSize();
  return {{3 * hidden, false}, {2 * hidden, true}, {hidden, true}};
}

/// W, R of z and r, R of h, bias of z and r, bias of h beside its input product,
/// bias of h beside its recurrent product (with linear_before_reset); biases or null.
SmallVector<Value> GruOp::buildShared(OpBuilder &builder, Location loc) {
  int64_t hidden = getHiddenSize();
  auto part = [&](Value vector, int64_t gate, int64_t count) {
    return sliceIfPresent(builder, loc, vector, gate * hidden, count * hidden);
  };
  Value wb = getInputBias(), rb = getRecurrentBias();
  Value gates = sumBiases(builder, loc, part(wb, 0, 2), part(rb, 0, 2));
  Value input = part(wb, 2, 1), recurrent = part(rb, 2, 1);
  if (!getLinearBeforeReset()) {
    input = sumBiases(builder, loc, input, recurrent);
    recurrent = nullptr;
  }
  return {getW(), part(getR(), 0, 2), part(getR(), 2, 1), gates, input, recurrent};
}

SmallVector<Value> GruOp::buildProject(OpBuilder &builder, Location loc, Value x, ValueRange shared) {
  StepBuilder step{builder, loc, getActivations(), getClipAttr()};
  return {step.product(shared[0], x)};
}

SmallVector<Value> GruOp::buildStep(OpBuilder &builder, Location loc, ValueRange projected, ValueRange states,
                                    ValueRange shared) {
  StepBuilder step{builder, loc, getActivations(), getClipAttr()};
  int64_t hidden = getHiddenSize();
  Value h = states[0];
  Value pre = step.product(shared[1], h, step.slice(projected[0], 0, 2 * hidden));
  auto gate = [&](int64_t index) {
    Value sum = step.slice(pre, index * hidden, hidden);
    return step.activate(0, step.add(sum, step.slice(shared[3], index * hidden, hidden)));
  };
  Value z = gate(0), r = gate(1);
  Value candidate = step.slice(projected[0], 2 * hidden, hidden);
  if (getLinearBeforeReset()) {
    Value recurrent = step.add(step.product(shared[2], h), shared[5]);
    candidate = step.add(step.add(candidate, shared[4]), step.mul(r, recurrent));
  } else {
    candidate = step.add(step.product(shared[2], step.mul(r, h), candidate), shared[4]);
  }
  candidate = step.activate(1, candidate);
  Value next = step.add(step.mul(step.complement(z), candidate), step.mul(z, h));
  return {next, next};
}

//===----------------------------------------------------------------------===//
// rnn.elman
//===----------------------------------------------------------------------===//

SmallVector<int64_t> ElmanOp::getStateSizes() {
  return {getHiddenSize()};
}

SmallVector<LayerProduct> ElmanOp::getProducts() {
  int64_t hidden = getHiddenSize();
  return {{hidden, false}, {hidden, true}};
}

/// W, R, bias or null.
SmallVector<Value> ElmanOp::buildShared(OpBuilder &builder, Location loc) {
  return {getW(), getR(), sumBiases(builder, loc, getInputBias(), getRecurrentBias())};
}

SmallVector<Value> ElmanOp::buildProject(OpBuilder &builder, Location loc, Value x, ValueRange shared) {
  StepBuilder step{builder, loc, getActivations(), getClipAttr()};
  return {step.product(shared[0], x)};
}

SmallVector<Value> ElmanOp::buildStep(OpBuilder &builder, Location loc, ValueRange projected, ValueRange states,
                                      ValueRange shared) {
  StepBuilder step{builder, loc, getActivations(), getClipAttr()};
  Value h = step.activate(0, step.add(step.product(shared[1], states[0], projected[0]), shared[2]));
  return {h, h};
}

} // namespace rnn
