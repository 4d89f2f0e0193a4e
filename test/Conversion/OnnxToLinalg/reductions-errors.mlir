// RUN: rnn-opt %s -convert-onnx -verify-diagnostics

module attributes {onnx.opset = 18 : i64} {
  func.func @main(%x: tensor<2x3xf32>, %i: tensor<2x3xi32>, %axes: tensor<1xi64>) -> tensor<2x3xf32> {
    %far = onnx.constant dense<2> : tensor<1xi64>
    // expected-error @+1 {{ReduceMean supports floats, found tensor<2x3xi32>}}
    %0 = onnx.node "ReduceMean"(%i) : (tensor<2x3xi32>) -> !onnx.unknown
    // expected-error @+1 {{ReduceMean expects axes from -2 to 1}}
    %1 = onnx.node "ReduceMean"(%x, %far) : (tensor<2x3xf32>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{ReduceMean supports axes known at compile time, found what the model computes}}
    %2 = onnx.node "ReduceMean"(%x, %axes) : (tensor<2x3xf32>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{Softmax expects floats, found tensor<2x3xi32>}}
    %3 = onnx.node "Softmax"(%i) : (tensor<2x3xi32>) -> !onnx.unknown
    onnx.return %x : tensor<2x3xf32>
  }
}
