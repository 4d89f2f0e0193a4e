//===- Workload.cpp - Layers to measure, as a module -*- C++ -*-===//
// Part of rnn-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "rnn-mlir/Driver/Claims.h"

#include <algorithm>

namespace rnn::driver {
namespace {

/// A kind of layer: what its op takes beside x.
struct CellRow {
  std::string_view name, op;
  int64_t gates; ///< blocks of rows of the input weights
  bool recurrentWeight;
  std::string_view bias;             ///< keyword of the operand
  int64_t biases, peepholes, states; ///< vectors of the hidden size; no peepholes: 0
  bool window;                       ///< the columns of the weights are those of a window of inputs
  std::string_view attributes;
};
constexpr CellRow kCells[] = {
    {"lstm", "rnn.lstm", 4, true, "input_bias", 4, 3, 2, false,
     "activations = [#rnn.act<sigmoid>, #rnn.act<tanh>, #rnn.act<tanh>]"},
    {"gru", "rnn.gru", 3, true, "input_bias", 3, 0, 1, false, "activations = [#rnn.act<sigmoid>, #rnn.act<tanh>]"},
    {"elman", "rnn.elman", 1, true, "input_bias", 1, 0, 1, false, "activations = [#rnn.act<tanh>]"},
    {"sru", "rnn.sru", 3, false, "bias", 2, 2, 1, false, "output_activation = #rnn.act<tanh>"},
    {"qrnn", "rnn.qrnn fo", 3, false, "bias", 3, 0, 1, true, "window = "},
};

std::string tensor(std::initializer_list<int64_t> sizes) {
  std::string text;
  for (int64_t size : sizes)
    text += (size < 0 ? "?" : std::to_string(size)) + "x";
  return "tensor<" + text + "f32>";
}

/// Builds the text of a module.
class Builder {
public:
  explicit Builder(int64_t batch) : batch(batch) {}

  /// A constant; every element is 0.01, as nothing that is measured depends on values.
  std::string constant(const std::string &type) {
    std::string name = fresh();
    body += "  " + name + " = arith.constant dense<0.01> : " + type + "\n";
    return name;
  }

  /// One direction of a layer on `x`; returns its output.
  std::string direction(const LayerSpec &layer, const CellRow &cell, const std::string &x, bool reverse) {
    int64_t h = layer.units;
    std::string types, operands;
    auto add = [&](const std::string &name, const std::string &type, const char *before, const char *after) {
      operands += before + name + after;
      types += (types.empty() ? "" : ", ") + type;
    };
    std::string w = tensor({cell.gates * h, (cell.window ? layer.window : 1) * layer.inputs});
    std::string r = tensor({cell.gates * h, h});
    add(x, tensor({-1, batch, layer.inputs}), "", "");
    add(constant(w), w, ", ", "");
    if (cell.recurrentWeight)
      add(constant(r), r, ", ", "");
    std::string bias = tensor({cell.biases * h}), peephole = tensor({cell.peepholes * h});
    if (layer.bias)
      add(constant(bias), bias, (" " + std::string(cell.bias) + "(").c_str(), ")");
    if (layer.peepholes)
      add(constant(peephole), peephole, " peephole(", ")");
    std::string y = tensor({-1, batch, h}), results = y, name = fresh();
    for (int64_t state = 0; state < cell.states; ++state)
      results += ", " + tensor({batch, h});
    body += "  " + name + ":" + std::to_string(1 + cell.states) + " = " + std::string(cell.op) + " " + operands + " {" +
            (reverse ? "reverse, " : "") + std::string(cell.attributes) +
            (cell.window ? std::to_string(layer.window) + " : i64" : "") + "} : (" + types + ") -> (" + results + ")\n";
    return name + "#0";
  }

  /// The outputs of two directions side by side, `size` of each.
  std::string join(const std::string &a, const std::string &b, int64_t size) {
    std::string part = tensor({-1, batch, size}), whole = tensor({-1, batch, 2 * size});
    std::string zero = fresh(), steps = fresh(), empty = fresh();
    body += "  " + zero + " = arith.constant 0 : index\n  " + steps + " = tensor.dim " + a + ", " + zero + " : " +
            part + "\n  " + empty + " = tensor.empty(" + steps + ") : " + whole + "\n";
    std::string joined = empty;
    for (auto [value, offset] : {std::pair(a, int64_t(0)), {b, size}}) {
      std::string next = fresh();
      body += "  " + next + " = tensor.insert_slice " + value + " into " + joined + "[0, 0, " + std::to_string(offset) +
              "] [" + steps + ", " + std::to_string(batch) + ", " + std::to_string(size) + "] [1, 1, 1] : " + part +
              " into " + whole + "\n";
      joined = next;
    }
    return joined;
  }

  std::string module(int64_t inputs, int64_t outputs, const std::string &result) const {
    std::string x = tensor({-1, batch, inputs}), y = tensor({-1, batch, outputs});
    return "func.func @main(%x: " + x + " {onnx.name = \"x\"}) -> (" + y + " {onnx.name = \"y\"}) {\n" + body +
           "  return " + result + " : " + y + "\n}\n";
  }

private:
  std::string fresh() { return "%v" + std::to_string(count++); }

  int64_t batch, count = 0;
  std::string body;
};

} // namespace

Result<std::string> moduleOf(const Workload &workload) {
  Builder builder(workload.batch);
  std::string x = "%x";
  int64_t width = 0;
  for (LayerSpec layer : workload.layers) {
    auto cell = std::ranges::find(kCells, std::string_view(layer.cell), &CellRow::name);
    if (cell == std::end(kCells))
      return Error{"there is no layer of the cell '" + layer.cell + "'"};
    if (layer.peepholes && cell->peepholes == 0)
      return Error{"a layer of the cell '" + layer.cell + "' has no peepholes"};
    if (layer.inputs == 0)
      layer.inputs = width;
    if (layer.inputs <= 0 || layer.units <= 0 || (width != 0 && layer.inputs != width))
      return Error{"expected a layer of at least 1 unit on the " + std::to_string(width) +
                   " outputs before it, found " + std::to_string(layer.units) + " units on " +
                   std::to_string(layer.inputs) + " inputs"};
    std::string y = builder.direction(layer, *cell, x, layer.reverse && !layer.bidirectional);
    if (layer.bidirectional)
      y = builder.join(y, builder.direction(layer, *cell, x, /*reverse=*/true), layer.units);
    x = y;
    width = layer.units * (layer.bidirectional ? 2 : 1);
  }
  if (workload.layers.empty())
    return Error{"expected a workload of layers, found none"};
  return builder.module(workload.layers.front().inputs, width, x);
}

} // namespace rnn::driver
