// RUN: rnn-opt %s -convert-onnx -split-input-file -verify-diagnostics

// Faults of a node that do not hide each other are all told, each once, and nothing else is.
module attributes {onnx.opset = 18 : i64} {
  func.func @main(%a: tensor<2x3xf32>, %seq: tensor<5x2x3xf32>, %lw: tensor<1x16x3xf32>, %lr: tensor<1x16x4xf32>, %lb: tensor<1x31xf32>, %lens64: tensor<2xi64>, %h0: tensor<1x3x4xf32>, %p: tensor<1x13xf32>) -> tensor<2x3xf32> {
    %none = onnx.none
    // expected-error @+7 {{LSTM: attribute 'input_forget': expected 0 or 1, found 2}}
    // expected-error @+6 {{attribute clip: expected a bound that is not negative, found -1.000000}}
    // expected-error @+5 {{attribute activations: expected 3 functions, found 1}}
    // expected-error @+4 {{input sequence_lens: expected elements of type i32, found 'i64'}}
    // expected-error @+3 {{input B: expected shape [1, 32], found [1, 31]}}
    // expected-error @+2 {{input initial_h: expected shape [1, 2, 4], found [1, 3, 4]}}
    // expected-error @+1 {{input P: expected shape [1, 12], found [1, 13]}}
    %v59 = onnx.node "LSTM"(%seq, %lw, %lr, %lb, %lens64, %h0, %none, %p) with {clip = -1.0 : f32, activations = ["Relu"], input_forget = 2 : i64} : (tensor<5x2x3xf32>, tensor<1x16x3xf32>, tensor<1x16x4xf32>, tensor<1x31xf32>, tensor<2xi64>, tensor<1x3x4xf32>, !onnx.none, tensor<1x13xf32>) -> !onnx.unknown
    // expected-error @+7 {{LSTM: attribute 'direction': expected forward, reverse or bidirectional, found 'down'}}
    // expected-error @+6 {{LSTM: attribute 'layout': expected 0 or 1, found 2}}
    // expected-error @+5 {{LSTM: attribute 'hidden_size': expected an int, found a float}}
    // expected-error @+4 {{LSTM: attribute 'activation_alpha': expected floats, found a string}}
    // expected-error @+3 {{attribute activations: Affine has no default parameters, expected a value in activation_beta}}
    // expected-error @+2 {{input sequence_lens: expected elements of type i32, found 'i64'}}
    // expected-error @+1 {{input B: expected shape [1, 32], found [1, 31]}}
    %v60 = onnx.node "LSTM"(%seq, %lw, %lr, %lb, %lens64, %h0) with {direction = "down", layout = 2 : i64, hidden_size = 3.0 : f32, activation_alpha = "much", activations = ["Affine", "Tanh", "Tanh"]} : (tensor<5x2x3xf32>, tensor<1x16x3xf32>, tensor<1x16x4xf32>, tensor<1x31xf32>, tensor<2xi64>, tensor<1x3x4xf32>) -> !onnx.unknown
    // expected-error @+3 {{GRU: attribute 'activations': expected strings, found an int}}
    // expected-error @+2 {{input X: expected 3 dimensions, found shape [2, 3]}}
    // expected-error @+1 {{GRU supports hidden and input sizes of at most 2^20, found 2097152}}
    %v61 = onnx.node "GRU"(%a, %lw, %lr) with {activations = 1 : i64, activation_beta = array<f32: 1.0>, hidden_size = 2097152 : i64} : (tensor<2x3xf32>, tensor<1x16x3xf32>, tensor<1x16x4xf32>) -> !onnx.unknown
    // expected-error @+3 {{RNN: attribute 'clip': expected a float, found a string}}
    // expected-error @+2 {{attribute hidden_size: expected at least 1, found 0}}
    // expected-error @+1 {{input R: expected shape [1, 16, 16], found [1, 16, 4]}}
    %v62 = onnx.node "RNN"(%seq, %lw, %lr) with {hidden_size = 0 : i64, clip = "tight"} : (tensor<5x2x3xf32>, tensor<1x16x3xf32>, tensor<1x16x4xf32>) -> !onnx.unknown
    onnx.return %a : tensor<2x3xf32>
  }
}

// -----

// Where what gives an input has been refused, the other inputs and the attributes are still checked.
module attributes {onnx.opset = 18 : i64} {
  func.func @main(%a: tensor<2x3xf32>, %seq: tensor<5x2x3xf32>, %lr: tensor<1x16x4xf32>, %lb: tensor<1x31xf32>, %lens64: tensor<2xi64>, %h0: tensor<1x3x4xf32>, %p: tensor<1x13xf32>) -> tensor<2x3xf32> {
    %longs = onnx.constant dense<[9, 1]> : tensor<2xi32>
    %none = onnx.none
    // expected-error @+1 {{operator 'Foo' is not supported}}
    %u = onnx.node "Foo"(%a) : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+5 {{attribute clip: expected}}
    // expected-error @+4 {{input sequence_lens: expected elements of type i32, found 'i64'}}
    // expected-error @+3 {{input B: expected shape [1, 32], found [1, 31]}}
    // expected-error @+2 {{input initial_h: expected shape [1, 2, 4], found [1, 3, 4]}}
    // expected-error @+1 {{input P: expected shape [1, 12], found [1, 13]}}
    %v0 = onnx.node "LSTM"(%seq, %u, %lr, %lb, %lens64, %h0, %none, %p) with {clip = -1.0 : f32} : (tensor<5x2x3xf32>, !onnx.unknown, tensor<1x16x4xf32>, tensor<1x31xf32>, tensor<2xi64>, tensor<1x3x4xf32>, !onnx.none, tensor<1x13xf32>) -> !onnx.unknown
    // expected-error @+2 {{input B: expected shape [1, 40], found [1, 31]}}
    // expected-error @+1 {{input initial_h: expected shape [1, 2, 5], found [1, 3, 4]}}
    %v1 = onnx.node "LSTM"(%u, %u, %u, %lb, %longs, %h0) with {hidden_size = 5 : i64} : (!onnx.unknown, !onnx.unknown, !onnx.unknown, tensor<1x31xf32>, tensor<2xi32>, tensor<1x3x4xf32>) -> !onnx.unknown
    // expected-error @+3 {{input X: expected 3 dimensions, found shape [2, 3]}}
    // expected-error @+2 {{input R: expected shape [2, 12, 4], found [1, 16, 4]}}
    // expected-error @+1 {{input B: expected shape [2, 24], found [1, 31]}}
    %v2 = onnx.node "GRU"(%a, %u, %lr, %lb, %longs) with {direction = "bidirectional"} : (tensor<2x3xf32>, !onnx.unknown, tensor<1x16x4xf32>, tensor<1x31xf32>, tensor<2xi32>) -> !onnx.unknown
    // expected-error @+1 {{input sequence_lens: expected lengths from 1 to the number of time steps, 5, found 9}}
    %v3 = onnx.node "RNN"(%seq, %u, %u, %none, %longs) : (tensor<5x2x3xf32>, !onnx.unknown, !onnx.unknown, !onnx.none, tensor<2xi32>) -> !onnx.unknown
    onnx.return %a : tensor<2x3xf32>
  }
}
