// RUN: rnn-opt %s -convert-onnx -split-input-file | FileCheck %s

// Names in any letter case, per direction; alphas and betas go in order to the functions that take one, the rest have
// the defaults of the operator of that name.

// CHECK: rnn.lstm
// CHECK-SAME: activations = [#rnn.act<hard_sigmoid, alpha = 5.000000e-01 : f32, beta = 2.500000e-01 : f32>,
// CHECK-SAME: #rnn.act<tanh>, #rnn.act<leaky_relu, alpha = 3.000000e-01 : f32>]
// CHECK: rnn.lstm
// CHECK-SAME: activations = [#rnn.act<elu, alpha = 1.000000e+00 : f32>,
// CHECK-SAME: #rnn.act<hard_sigmoid, alpha = 2.000000e-01 : f32, beta = 5.000000e-01 : f32>, #rnn.act<softsign>]
module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<2x16x3xf32>, %r: tensor<2x16x4xf32>) -> tensor<5x2x2x4xf32> {
    %y = onnx.node "LSTM"(%x, %w, %r) with {direction = "bidirectional",
        activations = ["HARDSIGMOID", "tanh", "LeakyRelu", "Elu", "HardSigmoid", "softsign"],
        activation_alpha = array<f32: 0.5, 0.3>, activation_beta = array<f32: 0.25>}
      : (tensor<5x2x3xf32>, tensor<2x16x3xf32>, tensor<2x16x4xf32>) -> tensor<5x2x2x4xf32>
    onnx.return %y : tensor<5x2x2x4xf32>
  }
}

// -----

// RNN's default list has two Tanh whatever the direction.
// CHECK: rnn.elman
// CHECK-SAME: {activations = [#rnn.act<tanh>]}
module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x4x3xf32>, %r: tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32> {
    %y = onnx.node "RNN"(%x, %w, %r) with {activations = ["Tanh", "Tanh"]}
      : (tensor<5x2x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32>
    onnx.return %y : tensor<5x1x2x4xf32>
  }
}

// -----

// CHECK: rnn.elman
// CHECK-SAME: #rnn.act<thresholded_relu, alpha = 1.000000e+00 : f32>
// CHECK-SAME: clip = 5.000000e-01 : f32
module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x4x3xf32>, %r: tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32> {
    %y = onnx.node "RNN"(%x, %w, %r) with {activations = ["ThresholdedRelu"], clip = 0.5 : f32}
      : (tensor<5x2x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32>
    onnx.return %y : tensor<5x1x2x4xf32>
  }
}
