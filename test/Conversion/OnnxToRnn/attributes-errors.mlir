// RUN: rnn-opt %s -convert-onnx -split-input-file -verify-diagnostics

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x4x3xf32>, %r: tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32> {
    // expected-error @+1 {{attribute clip: expected a bound that is not negative, found -1.000000}}
    %y = onnx.node "RNN"(%x, %w, %r) with {clip = -1.0 : f32}
      : (tensor<5x2x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32>
    onnx.return %y : tensor<5x1x2x4xf32>
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x4x3xf32>, %r: tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32> {
    // expected-error @+1 {{attribute clip: expected a bound that is not negative, found nan}}
    %y = onnx.node "RNN"(%x, %w, %r) with {clip = 0x7FC00000 : f32}
      : (tensor<5x2x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32>
    onnx.return %y : tensor<5x1x2x4xf32>
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x4x3xf32>, %r: tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32> {
    // expected-error @+2 {{input W: expected shape [1, 5, 3], found [1, 4, 3]}}
    // expected-error @+1 {{input R: expected shape [1, 5, 5], found [1, 4, 4]}}
    %y = onnx.node "RNN"(%x, %w, %r) with {hidden_size = 5 : i64}
      : (tensor<5x2x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32>
    onnx.return %y : tensor<5x1x2x4xf32>
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x4x3xf32>, %r: tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32> {
    // expected-error @+1 {{attribute hidden_size: expected at least 1, found 0}}
    %y = onnx.node "RNN"(%x, %w, %r) with {hidden_size = 0 : i64}
      : (tensor<5x2x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32>
    onnx.return %y : tensor<5x1x2x4xf32>
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x4x3xf32>, %r: tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32> {
    // expected-error @+2 {{RNN: attribute 'activations': expected strings, found a kind that is not supported}}
    // expected-error @+1 {{RNN: attribute 'direction': expected forward, reverse or bidirectional, found 'down'}}
    %y = onnx.node "RNN"(%x, %w, %r) with {activations = [1 : i64], direction = "down"}
      : (tensor<5x2x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32>
    onnx.return %y : tensor<5x1x2x4xf32>
  }
}
