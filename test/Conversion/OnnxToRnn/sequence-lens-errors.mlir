// RUN: rnn-opt %s -convert-onnx -split-input-file -verify-diagnostics

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x4x3xf32>, %r: tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32> {
    %none = onnx.none
    %l = onnx.constant dense<[6, 1]> : tensor<2xi32>
    // expected-error @+1 {{input sequence_lens: expected lengths from 1 to the number of time steps, 5, found 6}}
    %y = onnx.node "RNN"(%x, %w, %r, %none, %l)
      : (tensor<5x2x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>, !onnx.none, tensor<2xi32>) -> tensor<5x1x2x4xf32>
    onnx.return %y : tensor<5x1x2x4xf32>
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x4x3xf32>, %r: tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32> {
    %none = onnx.none
    %l = onnx.constant dense<[0, 1]> : tensor<2xi32>
    // expected-error @+1 {{input sequence_lens: expected lengths from 1 to the number of time steps, found 0}}
    %y = onnx.node "RNN"(%x, %w, %r, %none, %l)
      : (tensor<5x2x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>, !onnx.none, tensor<2xi32>) -> tensor<5x1x2x4xf32>
    onnx.return %y : tensor<5x1x2x4xf32>
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x12x3xf32>, %r: tensor<1x12x4xf32>) -> tensor<5x1x2x4xf32> {
    %none = onnx.none
    %l = onnx.constant dense<[-1, 1]> : tensor<2xi32>
    // expected-error @+1 {{input sequence_lens: expected lengths from 0 to the number of time steps, found -1}}
    %y = onnx.node "GRU"(%x, %w, %r, %none, %l)
      : (tensor<5x2x3xf32>, tensor<1x12x3xf32>, tensor<1x12x4xf32>, !onnx.none, tensor<2xi32>) -> tensor<5x1x2x4xf32>
    onnx.return %y : tensor<5x1x2x4xf32>
  }
}
