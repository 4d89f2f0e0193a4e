// RUN: rnn-opt %s -convert-onnx -split-input-file -verify-diagnostics

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x4x3xf32>, %r: tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32> {
    // expected-error @+1 {{attribute activations: unknown function 'Mish', expected Affine, Relu, LeakyRelu, ThresholdedRelu, ScaledTanh, Tanh, Sigmoid, HardSigmoid, Elu, Softsign or Softplus}}
    %y = onnx.node "RNN"(%x, %w, %r) with {activations = ["Mish"]}
      : (tensor<5x2x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32>
    onnx.return %y : tensor<5x1x2x4xf32>
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x4x3xf32>, %r: tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32> {
    // expected-error @+1 {{attribute activations: expected 1 functions, found 2}}
    %y = onnx.node "RNN"(%x, %w, %r) with {activations = ["Relu", "Tanh"]}
      : (tensor<5x2x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32>
    onnx.return %y : tensor<5x1x2x4xf32>
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x4x3xf32>, %r: tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32> {
    // expected-error @+1 {{attribute activations: ScaledTanh has no default parameters, expected a value in activation_beta}}
    %y = onnx.node "RNN"(%x, %w, %r) with {activations = ["ScaledTanh"], activation_alpha = array<f32: 0.5>}
      : (tensor<5x2x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32>
    onnx.return %y : tensor<5x1x2x4xf32>
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x4x3xf32>, %r: tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32> {
    // expected-error @+1 {{attribute activation_alpha: expected at most 1 values for the functions that take one, found 2}}
    %y = onnx.node "RNN"(%x, %w, %r) with {activations = ["Elu"], activation_alpha = array<f32: 0.5, 0.25>}
      : (tensor<5x2x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32>
    onnx.return %y : tensor<5x1x2x4xf32>
  }
}
