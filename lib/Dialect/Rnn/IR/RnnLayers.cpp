//===- RnnLayers.cpp - The layers: constraints and steps --------*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Verify.h"

#include "rnn-mlir/Dialect/Rnn/IR/Constants.h"

using namespace mlir;

namespace rnn {

//===----------------------------------------------------------------------===//
// Constraints
//===----------------------------------------------------------------------===//

/// An optional vector, or a weight, of the type that a constraint asks for.
static LogicalResult verifyType(Operation *op, Value value, RankedTensorType expected, StringRef constraint,
                                StringRef name) {
  if (!value || value.getType() == expected)
    return success();
  return op->emitOpError("(") << constraint << ") expects " << name << " of type " << expected << ", found "
                              << value.getType();
}

/// (C6) The states, of the sizes that the layer tells.
static LogicalResult verifyStates(RecurrentLayerOpInterface op) {
  RankedTensorType x = op.getX().getType();
  SmallVector<int64_t> sizes = op.getStateSizes();
  if (op.getFinals().size() != sizes.size())
    return op->emitOpError("(C6) expects ") << sizes.size() << " final states, found " << op.getFinals().size();
  for (auto [final, size] : llvm::zip_equal(op.getFinals(), sizes))
    if (final.getType() != RankedTensorType::get({x.getDimSize(1), size}, x.getElementType()))
      return op->emitOpError("(C6) expects a final state of shape [B, ")
             << size << "] of " << x.getElementType() << ", found " << final.getType() << " for x of type " << x;
  if (!op.getInit().empty() && op.getInit().getTypes() != op.getFinals().getTypes())
    return op->emitOpError("(C6) expects no initial states or those of the types of the final states, found ")
           << op.getInit().getTypes() << " and " << op.getFinals().getTypes();
  return success();
}

/// (C2), (C3) and (C11) The weights, of the sizes that the layer tells.
static LogicalResult verifyWeights(RecurrentLayerOpInterface op) {
  RankedTensorType x = op.getX().getType(), w = op.getW().getType();
  Type element = x.getElementType();
  auto gated = dyn_cast<RecurrentWeightOpInterface>(op.getOperation());
  auto isMatrix = [](RankedTensorType type) { return type.getRank() == 2 && type.hasStaticShape(); };
  if (gated && !isMatrix(gated.getR().getType()))
    return op->emitOpError("(C3) expects r of shape [")
           << op.getGateCount() << "*H, H] of " << element << ", found " << gated.getR().getType();
  if (!isMatrix(w))
    return op->emitOpError("(C2) expects w to be a static matrix, found ") << w;
  int64_t gates = op.getGateCount(), hidden = op.getHiddenSize(), output = op.getOutputSize();
  if (!isSize(hidden) || !isSize(output) || !isSize(gates * hidden) || !isSize(x.getDimSize(2))) {
    InFlightDiagnostic error = op->emitOpError("(C11) ") << kSizeRule << ", found x of type " << x << " and ";
    return gated ? error << "r of type " << gated.getR().getType() : error << "w of type " << w;
  }
  if (gated && gated.getR().getType() != RankedTensorType::get({gates * hidden, output}, element))
    return op->emitOpError("(C3) expects r of shape [") << gates << "*H, " << (output == hidden ? "H" : "P") << "] of "
                                                        << element << ", found " << gated.getR().getType();
  return verifyType(op, op.getW(), RankedTensorType::get({gates * hidden, op.getWindow() * x.getDimSize(2)}, element),
                    "C2", "w");
}

/// The constraints C1 to C9 and C11, which layers share as far as they have the parts.
static LogicalResult verifyLayer(RecurrentLayerOpInterface op) {
  RankedTensorType x = op.getX().getType(), y = op.getY().getType();
  Type element = x.getElementType();
  if (x.getRank() != 3 || x.isDynamicDim(2) || !isa<FloatType>(element) || x.getEncoding())
    return op->emitOpError("(C1) expects x of shape [T, B, I] of a float type with a static I, found ") << x;
  if (failed(verifyWeights(op)))
    return failure();
  int64_t output = op.getOutputSize();
  auto rows = RankedTensorType::get({op.getGateCount() * op.getHiddenSize()}, element);
  if (auto biases = dyn_cast<BiasesOpInterface>(op.getOperation()))
    if (failed(verifyType(op, biases.getInputBias(), rows, "C4", "input_bias")) ||
        failed(verifyType(op, biases.getRecurrentBias(), rows, "C4", "recurrent_bias")))
      return failure();
  if (Value lengths = op.getLengths()) {
    auto type = cast<RankedTensorType>(lengths.getType());
    if (type.getRank() != 1 || !type.getElementType().isInteger(32) || type.getEncoding() ||
        !compatible(type.getDimSize(0), x.getDimSize(1)))
      return op->emitOpError("(C5) expects lengths of shape [B] of i32, found ") << type << " for x of type " << x;
  }
  if (failed(verifyStates(op)))
    return failure();
  if (y != RankedTensorType::get({x.getDimSize(0), x.getDimSize(1), output}, element))
    return op->emitOpError("(C7) expects y of shape [T, B, ")
           << output << "] of " << element << ", found " << y << " for x of type " << x;
  if (auto activated = dyn_cast<ActivationsOpInterface>(op.getOperation())) {
    size_t found = activated.getActivations().size(), expected = activated.getActivationCount();
    if (found != expected)
      return op->emitOpError("(C8) expects ") << expected << " activations, found " << found;
    FloatAttr clip = activated.getClipAttr();
    if (clip && (clip.getValue().isNaN() || (clip.getValue().isNegative() && !clip.getValue().isZero())))
      return op->emitOpError("(C9) expects a clip that is not negative and not NaN, found ") << clip;
  }
  return success();
}

LogicalResult LstmOp::verify() {
  if (getProj()) {
    RankedTensorType proj = getProj().getType();
    if (proj.getRank() != 2 || !proj.hasStaticShape() || proj.getElementType() != getX().getType().getElementType())
      return emitOpError("(C12) expects proj of shape [P, H] of the elements of x, found ") << proj;
  }
  if (failed(verifyLayer(*this)))
    return failure();
  auto peephole = RankedTensorType::get({3 * getHiddenSize()}, getX().getType().getElementType());
  return verifyType(*this, getPeephole(), peephole, "C10", "peephole");
}
LogicalResult GruOp::verify() {
  return verifyLayer(*this);
}
LogicalResult ElmanOp::verify() {
  return verifyLayer(*this);
}
LogicalResult SruOp::verify() {
  if (failed(verifyLayer(*this)))
    return failure();
  Type element = getX().getType().getElementType();
  int64_t hidden = getHiddenSize(), inputs = getX().getType().getDimSize(2);
  if (!getHighway() && inputs != hidden)
    return emitOpError("(C3) expects a highway of shape [H, I] where x has other than H = ")
           << hidden << " elements, found " << inputs;
  auto pair = RankedTensorType::get({2 * hidden}, element);
  if (failed(verifyType(*this, getHighway(), RankedTensorType::get({hidden, inputs}, element), "C3", "highway")) ||
      failed(verifyType(*this, getBias(), pair, "C4", "bias")))
    return failure();
  return verifyType(*this, getPeephole(), pair, "C8", "peephole");
}
LogicalResult QrnnOp::verify() {
  RankedTensorType x = getX().getType();
  if (x.getRank() == 3 && !isWindow(getWindow(), x.getDimSize(2)))
    return emitOpError("(C3) ") << kWindowRule << ", found " << getWindowAttr().getInt();
  if (failed(verifyLayer(*this)) || failed(verifyHistory(*this, getWindow(), getHistory(), x, "C3")))
    return failure();
  return verifyType(*this, getBias(), RankedTensorType::get({getGateCount() * getHiddenSize()}, x.getElementType()),
                    "C4", "bias");
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

namespace {
Value sliceIfPresent(OpBuilder &builder, Location loc, Value vector, int64_t begin, int64_t size) {
  return vector ? sliceRows(builder, loc, vector, begin, size) : vector;
}

/// Builds the vector operations of a step. Operations on elements take numbers as they are stored, and compute with f32
/// where these are f16.
struct StepBuilder {
  OpBuilder &builder;
  Location loc;
  /// The elements of the sums of products.
  Type sums;
  ArrayAttr activations = {};
  FloatAttr clip = {};

  Value slice(Value vector, int64_t begin, int64_t size) { return sliceIfPresent(builder, loc, vector, begin, size); }
  Value add(Value a, Value b) { return b ? make<arith::AddFOp>(a, b) : widened(a); }
  Value mul(Value a, Value b) { return make<arith::MulFOp>(a, b); }
  /// 1 - a.
  Value complement(Value a) {
    a = widened(a);
    return make<arith::SubFOp>(floatConstant(builder, loc, a.getType(), APFloat(1.0f)), a);
  }
  /// Of `x` as it is stored.
  Value product(Value weight, Value x, Value acc = nullptr) {
    auto result = RankedTensorType::get({cast<RankedTensorType>(weight.getType()).getDimSize(0)}, sums);
    return ProductOp::create(builder, loc, result, weight, x, acc);
  }
  Value activation(ActivationKind kind, Value x, FloatAttr alpha = {}, FloatAttr beta = {}) {
    x = widened(x);
    return ActivationOp::create(builder, loc, x.getType(), kind, x, alpha, beta);
  }
  /// Activation `index` of the layer, its input bounded by clip.
  Value activate(unsigned index, Value x) {
    x = widened(x);
    auto type = cast<RankedTensorType>(x.getType());
    if (clip) {
      APFloat bound = clip.getValue();
      x = arith::MaximumFOp::create(builder, loc, x, floatConstant(builder, loc, type, llvm::neg(bound)));
      x = arith::MinimumFOp::create(builder, loc, x, floatConstant(builder, loc, type, bound));
    }
    auto function = cast<ActivationAttr>(activations[index]);
    return activation(function.getKind(), x, function.getAlpha(), function.getBeta());
  }
  /// A value as the layer whose input is `x` stores it: rounded, where it was computed with more.
  Value stored(Value value, RankedTensorType x) {
    auto type = cast<RankedTensorType>(value.getType());
    if (type.getElementType() == x.getElementType())
      return value;
    return arith::TruncFOp::create(builder, loc, type.clone(x.getElementType()), value);
  }

private:
  template <class Op> Value make(Value a, Value b) { return Op::create(builder, loc, widened(a), widened(b)); }
  Value widened(Value value) {
    auto type = cast<RankedTensorType>(value.getType());
    Type element = computeType(type.getElementType());
    return element == type.getElementType() ? value
                                            : Value(arith::ExtFOp::create(builder, loc, type.clone(element), value));
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

int64_t LstmOp::getGateCount() {
  return 4;
}

int64_t LstmOp::getHiddenSize() {
  return getProj() ? getProj().getType().getDimSize(1) : getR().getType().getDimSize(1);
}

int64_t LstmOp::getOutputSize() {
  return getProj() ? getProj().getType().getDimSize(0) : getHiddenSize();
}

SmallVector<int64_t> LstmOp::getStateSizes() {
  return {getOutputSize(), getHiddenSize()};
}

SmallVector<LayerProduct> LstmOp::getProducts() {
  int64_t hidden = getHiddenSize();
  SmallVector<LayerProduct> products = {{"input", getW(), 0, 4 * hidden, ProductVector::Input},
                                        {"recurrent", getR(), 0, 4 * hidden, ProductVector::State}};
  if (getProj())
    products.push_back({"projection", getProj(), 0, getOutputSize(), ProductVector::StepValue});
  return products;
}

/// W, R, bias or null, peephole or null, proj or null.
SmallVector<Value> LstmOp::buildShared(OpBuilder &builder, Location loc) {
  return {getW(), getR(), sumBiases(builder, loc, getInputBias(), getRecurrentBias()), getPeephole(), getProj()};
}

SmallVector<Value> LstmOp::buildProject(OpBuilder &builder, Location loc, Type sums, Value x, ValueRange shared) {
  StepBuilder step{builder, loc, sums, getActivations(), getClipAttr()};
  return {step.product(shared[0], x)};
}

SmallVector<Value> LstmOp::buildStep(OpBuilder &builder, Location loc, Type sums, ValueRange projected,
                                     ValueRange states, ValueRange shared) {
  enum Gate { I, O, F, C };
  enum Activation { Gates, Candidate, Output };
  StepBuilder step{builder, loc, sums, getActivations(), getClipAttr()};
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
  Value h = step.stored(step.mul(output, step.activate(Output, cell)), getX().getType());
  if (Value proj = shared[4])
    h = step.stored(step.product(proj, h), getX().getType());
  return {h, h, step.stored(cell, getX().getType())};
}

//===----------------------------------------------------------------------===//
// rnn.gru
//===----------------------------------------------------------------------===//

int64_t GruOp::getGateCount() {
  return 3;
}

int64_t GruOp::getHiddenSize() {
  return getR().getType().getDimSize(1);
}

int64_t GruOp::getOutputSize() {
  return getHiddenSize();
}

SmallVector<int64_t> GruOp::getStateSizes() {
  return {getHiddenSize()};
}

SmallVector<LayerProduct> GruOp::getProducts() {
  int64_t hidden = getHiddenSize();
  return {{"input", getW(), 0, 3 * hidden, ProductVector::Input},
          {"gates", getR(), 0, 2 * hidden, ProductVector::State},
          {"candidate", getR(), 2 * hidden, hidden,
           getLinearBeforeReset() ? ProductVector::State : ProductVector::StepValue}};
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

SmallVector<Value> GruOp::buildProject(OpBuilder &builder, Location loc, Type sums, Value x, ValueRange shared) {
  StepBuilder step{builder, loc, sums, getActivations(), getClipAttr()};
  return {step.product(shared[0], x)};
}

SmallVector<Value> GruOp::buildStep(OpBuilder &builder, Location loc, Type sums, ValueRange projected,
                                    ValueRange states, ValueRange shared) {
  StepBuilder step{builder, loc, sums, getActivations(), getClipAttr()};
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
    // Until the product is there, z waits in memory.
    z = step.stored(z, getX().getType());
    Value reset = step.stored(step.mul(r, h), getX().getType());
    candidate = step.add(step.product(shared[2], reset, candidate), shared[4]);
  }
  candidate = step.activate(1, candidate);
  Value next = step.add(step.mul(step.complement(z), candidate), step.mul(z, h));
  next = step.stored(next, getX().getType());
  return {next, next};
}

//===----------------------------------------------------------------------===//
// rnn.elman
//===----------------------------------------------------------------------===//

int64_t ElmanOp::getGateCount() {
  return 1;
}

int64_t ElmanOp::getHiddenSize() {
  return getR().getType().getDimSize(1);
}

int64_t ElmanOp::getOutputSize() {
  return getHiddenSize();
}

SmallVector<int64_t> ElmanOp::getStateSizes() {
  return {getHiddenSize()};
}

SmallVector<LayerProduct> ElmanOp::getProducts() {
  int64_t hidden = getHiddenSize();
  return {{"input", getW(), 0, hidden, ProductVector::Input}, {"recurrent", getR(), 0, hidden, ProductVector::State}};
}

/// W, R, bias or null.
SmallVector<Value> ElmanOp::buildShared(OpBuilder &builder, Location loc) {
  return {getW(), getR(), sumBiases(builder, loc, getInputBias(), getRecurrentBias())};
}

SmallVector<Value> ElmanOp::buildProject(OpBuilder &builder, Location loc, Type sums, Value x, ValueRange shared) {
  StepBuilder step{builder, loc, sums, getActivations(), getClipAttr()};
  return {step.product(shared[0], x)};
}

SmallVector<Value> ElmanOp::buildStep(OpBuilder &builder, Location loc, Type sums, ValueRange projected,
                                      ValueRange states, ValueRange shared) {
  StepBuilder step{builder, loc, sums, getActivations(), getClipAttr()};
  Value h = step.activate(0, step.add(step.product(shared[1], states[0], projected[0]), shared[2]));
  h = step.stored(h, getX().getType());
  return {h, h};
}

//===----------------------------------------------------------------------===//
// rnn.sru
//===----------------------------------------------------------------------===//

int64_t SruOp::getGateCount() {
  return 3;
}

int64_t SruOp::getHiddenSize() {
  return getW().getType().getDimSize(0) / getGateCount();
}

int64_t SruOp::getOutputSize() {
  return getHiddenSize();
}

SmallVector<int64_t> SruOp::getStateSizes() {
  return {getHiddenSize()};
}

SmallVector<LayerProduct> SruOp::getProducts() {
  int64_t hidden = getHiddenSize();
  SmallVector<LayerProduct> products = {{"input", getW(), 0, 3 * hidden, ProductVector::Input}};
  if (getHighway())
    products.push_back({"highway", getHighway(), 0, hidden, ProductVector::Input});
  return products;
}

/// W, highway or null, bias or null, peephole or null.
SmallVector<Value> SruOp::buildShared(OpBuilder &, Location) {
  return {getW(), getHighway(), getBias(), getPeephole()};
}

/// The products of the gates, and what the highway carries: the input or its projection.
SmallVector<Value> SruOp::buildProject(OpBuilder &builder, Location loc, Type sums, Value x, ValueRange shared) {
  StepBuilder step{builder, loc, sums};
  return {step.product(shared[0], x), shared[1] ? step.product(shared[1], x) : x};
}

SmallVector<Value> SruOp::buildStep(OpBuilder &builder, Location loc, Type sums, ValueRange projected,
                                    ValueRange states, ValueRange shared) {
  enum Gate { C, F, R };
  StepBuilder step{builder, loc, sums};
  int64_t hidden = getHiddenSize();
  Value pre = projected[0], skip = projected[1], c = states[0], bias = shared[2], peephole = shared[3];
  auto gate = [&](Gate gate) {
    Value sum = step.add(step.slice(pre, gate * hidden, hidden), step.slice(bias, (gate - F) * hidden, hidden));
    if (peephole)
      sum = step.add(sum, step.mul(step.slice(peephole, (gate - F) * hidden, hidden), c));
    return step.activation(ActivationKind::Sigmoid, sum);
  };
  Value forget = gate(F), reset = gate(R);
  Value candidate = step.slice(pre, C * hidden, hidden);
  Value cell = step.add(step.mul(forget, c), step.mul(step.complement(forget), candidate));
  Value output = cell;
  if (ActivationAttr g = getOutputActivationAttr())
    output = step.activation(g.getKind(), cell, g.getAlpha(), g.getBeta());
  Value h = step.add(step.mul(reset, output), step.mul(step.complement(reset), skip));
  return {step.stored(h, getX().getType()), step.stored(cell, getX().getType())};
}

//===----------------------------------------------------------------------===//
// rnn.qrnn
//===----------------------------------------------------------------------===//

int64_t QrnnOp::getGateCount() {
  return 2 + static_cast<int64_t>(getPooling());
}

int64_t QrnnOp::getHiddenSize() {
  return getW().getType().getDimSize(0) / getGateCount();
}

int64_t QrnnOp::getOutputSize() {
  return getHiddenSize();
}

SmallVector<int64_t> QrnnOp::getStateSizes() {
  return {getHiddenSize()};
}

SmallVector<LayerProduct> QrnnOp::getProducts() {
  return {{"input", getW(), 0, getGateCount() * getHiddenSize(), ProductVector::Input}};
}

/// W, bias or null.
SmallVector<Value> QrnnOp::buildShared(OpBuilder &, Location) {
  return {getW(), getBias()};
}

/// The product of the window, which is the convolutions of all gates.
SmallVector<Value> QrnnOp::buildProject(OpBuilder &builder, Location loc, Type sums, Value x, ValueRange shared) {
  return {StepBuilder{builder, loc, sums}.product(shared[0], x)};
}

SmallVector<Value> QrnnOp::buildStep(OpBuilder &builder, Location loc, Type sums, ValueRange projected,
                                     ValueRange states, ValueRange shared) {
  enum Gate { Z, F, O, I };
  StepBuilder step{builder, loc, sums};
  int64_t hidden = getHiddenSize();
  auto gate = [&](Gate gate) {
    Value sum = step.add(step.slice(projected[0], gate * hidden, hidden), step.slice(shared[1], gate * hidden, hidden));
    return step.activation(gate == Z ? ActivationKind::Tanh : ActivationKind::Sigmoid, sum);
  };
  Value z = gate(Z), forget = gate(F);
  Value input = getPooling() == PoolingKind::Ifo ? gate(I) : step.complement(forget);
  Value cell = step.add(step.mul(forget, states[0]), step.mul(input, z));
  Value h = getPooling() == PoolingKind::F ? cell : step.mul(gate(O), cell);
  return {step.stored(h, getX().getType()), step.stored(cell, getX().getType())};
}

} // namespace rnn
