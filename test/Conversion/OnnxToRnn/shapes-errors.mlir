// RUN: rnn-opt %s -convert-onnx -split-input-file -verify-diagnostics

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x3xf32>, %w: tensor<1x4x3xf32>, %r: tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32> {
    // expected-error @+1 {{input X: expected 3 dimensions, found shape [5, 3]}}
    %y = onnx.node "RNN"(%x, %w, %r)
      : (tensor<5x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32>
    onnx.return %y : tensor<5x1x2x4xf32>
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x4x3xf32>, %r: tensor<1x4x4xf32>, %b: tensor<1x4xf32>)
      -> tensor<5x1x2x4xf32> {
    // expected-error @+1 {{input B: expected shape [1, 8], found [1, 4]}}
    %y = onnx.node "RNN"(%x, %w, %r, %b)
      : (tensor<5x2x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>, tensor<1x4xf32>) -> tensor<5x1x2x4xf32>
    onnx.return %y : tensor<5x1x2x4xf32>
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x4x3xf32>, %r: tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32> {
    // expected-error @+2 {{input W: expected shape [2, 4, 3], found [1, 4, 3]}}
    // expected-error @+1 {{input R: expected shape [2, 4, 4], found [1, 4, 4]}}
    %y = onnx.node "RNN"(%x, %w, %r) with {direction = "bidirectional"}
      : (tensor<5x2x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32>
    onnx.return %y : tensor<5x1x2x4xf32>
  }
}
