// RUN: rnn-opt %s -convert-onnx -split-input-file -verify-diagnostics

// Faults of a node that do not hide each other are all told.
module attributes {onnx.opset = 18 : i64} {
  func.func @main(%x: tensor<1x2x8xf32>, %w: tensor<4x3x3xf64>, %a: tensor<2x3xf32>, %d: tensor<2x3xf64>, %i: tensor<4x4xi32>, %c: tensor<1x5x5xf32>, %list: tensor<?xi64>, %one: tensor<1xi64>, %i34: tensor<3x4xi32>, %x9: tensor<1x3x9xf32>) -> tensor<2x3xf32> {
    %zero = onnx.constant dense<0> : tensor<2xi64>
    %axes = onnx.constant dense<[5, 1]> : tensor<2xi64>
    %three = onnx.constant dense<3> : tensor<1xi64>
    %none = onnx.none
    // expected-error @+5 {{Conv supports f32, found tensor<1x2x8xf32> and tensor<4x3x3xf64>}}
    // expected-error @+4 {{Conv expects groups that divide the channels, found X tensor<1x2x8xf32>, W tensor<4x3x3xf64> and group 3}}
    // expected-error @+3 {{Conv expects B of 4 elements, found tensor<2x3xf32>}}
    // expected-error @+2 {{Conv expects 1 values in strides, found 2}}
    // expected-error @+1 {{Conv expects 2 values in pads, found 1}}
    %v0 = onnx.node "Conv"(%x, %w, %a) with {group = 3 : i64, strides = array<i64: 1, 1>, pads = array<i64: 1>} : (tensor<1x2x8xf32>, tensor<4x3x3xf64>, tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+3 {{Gemm supports floats, found i32}}
    // expected-error @+2 {{Gemm expects C of rank 2 or less, found tensor<1x5x5xf32>}}
    // expected-error @+1 {{Gemm expects inner sizes of A and B to be equal, found 4 and 3}}
    %v1 = onnx.node "Gemm"(%i, %i34, %c) : (tensor<4x4xi32>, tensor<3x4xi32>, tensor<1x5x5xf32>) -> !onnx.unknown
    // expected-error @+2 {{MatMul expects numbers of one type, found tensor<2x3xf32> and tensor<2x3xf64>}}
    // expected-error @+1 {{MatMul expects columns of A and rows of B to be equal, found 3 and 2}}
    %v2 = onnx.node "MatMul"(%a, %d) : (tensor<2x3xf32>, tensor<2x3xf64>) -> !onnx.unknown
    // expected-error @+3 {{Concat expects an axis from -2 to 1, found 7}}
    // expected-error @+2 {{Concat expects inputs of one rank and type, found tensor<2x3xf32> and tensor<2x3xf64>}}
    // expected-error @+1 {{Concat expects inputs of one rank and type, found tensor<2x3xf32> and tensor<1x2x8xf32>}}
    %v3 = onnx.node "Concat"(%a, %d, %x) with {axis = 7 : i64} : (tensor<2x3xf32>, tensor<2x3xf64>, tensor<1x2x8xf32>) -> !onnx.unknown
    // expected-error @+2 {{Concat expects equal sizes in dimension 1, found 2 and 3}}
    // expected-error @+1 {{Concat expects equal sizes in dimension 2, found 8 and 9}}
    %v4 = onnx.node "Concat"(%x, %x9) with {axis = 0 : i64} : (tensor<1x2x8xf32>, tensor<1x3x9xf32>) -> !onnx.unknown
    // expected-error @+3 {{Slice supports starts and ends of known length, found tensor<?xi64> and tensor<?xi64>}}
    // expected-error @+2 {{Slice supports axes known at compile time, found what the model computes}}
    // expected-error @+1 {{Slice supports steps known at compile time, found what the model computes}}
    %v5 = onnx.node "Slice"(%a, %list, %list, %one, %one) : (tensor<2x3xf32>, tensor<?xi64>, tensor<?xi64>, tensor<1xi64>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+3 {{Slice expects steps that are not 0, found 0 for axis 5}}
    // expected-error @+2 {{Slice expects different axes from -2 to 1, found 5}}
    // expected-error @+1 {{Slice expects steps that are not 0, found 0 for axis 1}}
    %v6 = onnx.node "Slice"(%a, %zero, %zero, %axes, %zero) : (tensor<2x3xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> !onnx.unknown
    // expected-error @+2 {{Gather expects an axis from -2 to 1}}
    // expected-error @+1 {{Gather expects integer indices, found tensor<2x3xf64>}}
    %v7 = onnx.node "Gather"(%a, %d) with {axis = 2 : i64} : (tensor<2x3xf32>, tensor<2x3xf64>) -> !onnx.unknown
    // expected-error @+2 {{Split expects split or num_outputs, found both}}
    // expected-error @+1 {{Split expects num_outputs to be the number of outputs, 1, found 2}}
    %v8 = onnx.node "Split"(%a, %three) with {axis = 1 : i64, num_outputs = 2 : i64} : (tensor<2x3xf32>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+2 {{Clip expects one f32 as min, found tensor<2x3xf32>}}
    // expected-error @+1 {{Clip expects one f32 as max, found tensor<2x3xf64>}}
    %v9 = onnx.node "Clip"(%a, %a, %d) : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf64>) -> !onnx.unknown
    // expected-error @+2 {{ReduceMean supports floats, found tensor<4x4xi32>}}
    // expected-error @+1 {{ReduceMean expects axes from -2 to 1, found 5}}
    %v10 = onnx.node "ReduceMean"(%i, %axes) : (tensor<4x4xi32>, tensor<2xi64>) -> !onnx.unknown
    onnx.return %a : tensor<2x3xf32>
  }
}
