// RUN: rnn-opt %s -convert-onnx -split-input-file -verify-diagnostics

// All refusals come in one run; a node fed by a refused one is left out.
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<2x3xf32>, %y: tensor<2x4xf32>) -> tensor<3x2xf32> {
    // expected-error @+1 {{Add expects operands whose shapes broadcast}}
    %a = onnx.node "Add"(%x, %y) : (tensor<2x3xf32>, tensor<2x4xf32>) -> !onnx.unknown
    %b = onnx.node "Relu"(%a) : (!onnx.unknown) -> !onnx.unknown
    // expected-error @+1 {{Transpose expects perm to hold each of the 2 dimensions once}}
    %t = onnx.node "Transpose"(%x) with {perm = array<i64: 0, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
    onnx.return %t : tensor<3x2xf32>
  }
}

// -----

module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<4xf32> {
    %shape = onnx.constant dense<4> : tensor<1xi64>
    // expected-error @+1 {{Reshape cannot give}}
    %y = onnx.node "Reshape"(%x, %shape) : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<4xf32>
    onnx.return %y : tensor<4xf32>
  }
}

// -----

module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<1x3xf32> {
    %index = onnx.constant dense<2> : tensor<1xi64>
    // expected-error @+1 {{Gather expects indices from -2 to 1, found 2}}
    %y = onnx.node "Gather"(%x, %index) : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
    onnx.return %y : tensor<1x3xf32>
  }
}

// -----

module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<1x2x3xf32>, %w: tensor<4x2x5xf32>) -> tensor<1x4x1xf32> {
    // expected-error @+1 {{Conv has a window of 5 elements, larger than the padded input}}
    %y = onnx.node "Conv"(%x, %w) : (tensor<1x2x3xf32>, tensor<4x2x5xf32>) -> tensor<1x4x1xf32>
    onnx.return %y : tensor<1x4x1xf32>
  }
}

// -----

// The declared element types and shapes of outputs hold.
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<2x?xf32>) -> (tensor<7x?xf32>, tensor<2xf32>, tensor<2x3xi32>) {
    %a = onnx.node "Relu"(%x) : (tensor<2x?xf32>) -> tensor<7x?xf32>
    %b = onnx.node "Relu"(%x) : (tensor<2x?xf32>) -> tensor<2xf32>
    %c = onnx.node "Tanh"(%x) : (tensor<2x?xf32>) -> tensor<2x3xi32>
    // expected-error @+3 {{output of the graph is declared as 'tensor<7x?xf32>', found 'tensor<2x?xf32>'}}
    // expected-error @+2 {{output of the graph is declared as 'tensor<2xf32>', found 'tensor<2x?xf32>'}}
    // expected-error @+1 {{output of the graph is declared with elements of 'i32', found 'f32'}}
    onnx.return %a, %b, %c : tensor<7x?xf32>, tensor<2xf32>, tensor<2x3xi32>
  }
}
