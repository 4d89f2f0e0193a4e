// RUN: rnn-opt %s -convert-onnx -split-input-file -verify-diagnostics

// Faults of a node that do not hide each other are all told, each once, and nothing else is.
module attributes {onnx.opset = 18 : i64} {
  func.func @main(%a: tensor<2x3xf32>, %b: tensor<2x4xf32>, %d: tensor<2x3xf64>, %flag: tensor<2x3xi1>, %i: tensor<4x4xi32>, %s: tensor<f32>, %w: tensor<4x3x3xf64>, %i34: tensor<3x4xi32>, %c: tensor<1x5x5xf32>, %m: tensor<3x2x4xf32>, %n: tensor<2x5x3xf64>, %list: tensor<?xi64>) -> tensor<2x3xf32> {
    %axes = onnx.constant dense<[5, 1]> : tensor<2xi64>
    // expected-error @+3 {{Gemm supports floats, found i32}}
    // expected-error @+2 {{Gemm expects C of rank 2 or less, found tensor<1x5x5xf32>}}
    // expected-error @+1 {{Gemm expects inner sizes of A and B to be equal, found 4 and 3}}
    %v26 = onnx.node "Gemm"(%i, %i34, %c) : (tensor<4x4xi32>, tensor<3x4xi32>, tensor<1x5x5xf32>) -> !onnx.unknown
    // expected-error @+3 {{Gemm: attribute 'transA': expected an int, found a string}}
    // expected-error @+2 {{Gemm expects C of the type of A and B, found tensor<4x3x3xf64>}}
    // expected-error @+1 {{Gemm expects C of rank 2 or less, found tensor<4x3x3xf64>}}
    %v27 = onnx.node "Gemm"(%a, %b, %w) with {transA = "yes"} : (tensor<2x3xf32>, tensor<2x4xf32>, tensor<4x3x3xf64>) -> !onnx.unknown
    // expected-error @+2 {{MatMul expects operands of one type, found tensor<2x3xf32> and tensor<2x3xf64>}}
    // expected-error @+1 {{MatMul expects columns of A and rows of B to be equal, found 3 and 2}}
    %v28 = onnx.node "MatMul"(%a, %d) : (tensor<2x3xf32>, tensor<2x3xf64>) -> !onnx.unknown
    // expected-error @+3 {{MatMul expects operands of one type, found tensor<3x2x4xf32> and tensor<2x5x3xf64>}}
    // expected-error @+2 {{MatMul expects columns of A and rows of B to be equal, found 4 and 5}}
    // expected-error @+1 {{MatMul expects batch sizes that broadcast, found tensor<3x2x4xf32> and tensor<2x5x3xf64>}}
    %v29 = onnx.node "MatMul"(%m, %n) : (tensor<3x2x4xf32>, tensor<2x5x3xf64>) -> !onnx.unknown
    // expected-error @+2 {{MatMul expects numbers, found tensor<2x3xi1>}}
    // expected-error @+1 {{MatMul expects operands of rank 1 or more}}
    %v30 = onnx.node "MatMul"(%flag, %s) : (tensor<2x3xi1>, tensor<f32>) -> !onnx.unknown
    // expected-error @+3 {{ReduceMean: attribute 'keepdims': expected 0 or 1, found 2}}
    // expected-error @+2 {{ReduceMean supports floats, found tensor<4x4xi32>}}
    // expected-error @+1 {{ReduceMean expects axes from -2 to 1, found 5}}
    %v31 = onnx.node "ReduceMean"(%i, %axes) with {keepdims = 2 : i64} : (tensor<4x4xi32>, tensor<2xi64>) -> !onnx.unknown
    // expected-error @+2 {{ReduceMean supports floats, found tensor<4x4xi32>}}
    // expected-error @+1 {{ReduceMean supports axes known at compile time, found what the model computes}}
    %v32 = onnx.node "ReduceMean"(%i, %list) : (tensor<4x4xi32>, tensor<?xi64>) -> !onnx.unknown
    onnx.return %a : tensor<2x3xf32>
  }
}

// -----

// Where what gives an input has been refused, the other inputs and the attributes are still checked.
module attributes {onnx.opset = 18 : i64} {
  func.func @main(%a: tensor<2x3xf32>, %flag: tensor<2x3xi1>, %i34: tensor<3x4xi32>, %c: tensor<1x5x5xf32>, %n: tensor<2x5x3xf64>, %s: tensor<f32>, %list: tensor<?xi64>, %i: tensor<4x4xi32>) -> tensor<2x3xf32> {
    // expected-error @+1 {{operator 'Foo' is not supported}}
    %u = onnx.node "Foo"(%a) : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+2 {{Gemm supports floats, found i32}}
    // expected-error @+1 {{Gemm expects C of rank 2 or less, found tensor<1x5x5xf32>}}
    %v13 = onnx.node "Gemm"(%u, %i34, %c) : (!onnx.unknown, tensor<3x4xi32>, tensor<1x5x5xf32>) -> !onnx.unknown
    // expected-error @+2 {{Gemm expects C of the type of A and B, found tensor<2x5x3xf64>}}
    // expected-error @+1 {{Gemm expects C of rank 2 or less, found tensor<2x5x3xf64>}}
    %v14 = onnx.node "Gemm"(%a, %u, %n) : (tensor<2x3xf32>, !onnx.unknown, tensor<2x5x3xf64>) -> !onnx.unknown
    // expected-error @+1 {{MatMul expects operands of rank 1 or more}}
    %v15 = onnx.node "MatMul"(%s, %u) : (tensor<f32>, !onnx.unknown) -> !onnx.unknown
    // expected-error @+1 {{MatMul expects numbers, found tensor<2x3xi1>}}
    %v16 = onnx.node "MatMul"(%u, %flag) : (!onnx.unknown, tensor<2x3xi1>) -> !onnx.unknown
    // expected-error @+1 {{ReduceMean supports axes known at compile time}}
    %v17 = onnx.node "ReduceMean"(%u, %list) : (!onnx.unknown, tensor<?xi64>) -> !onnx.unknown
    // expected-error @+1 {{ReduceMean supports floats, found tensor<4x4xi32>}}
    %v18 = onnx.node "ReduceMean"(%i, %u) : (tensor<4x4xi32>, !onnx.unknown) -> !onnx.unknown
    onnx.return %a : tensor<2x3xf32>
  }
}
