// RUN: rnn-opt %s -convert-onnx -split-input-file -verify-diagnostics

// Faults of a node that do not hide each other are all told, each once, and nothing else is.
module attributes {onnx.opset = 18 : i64} {
  func.func @main(%a: tensor<2x3xf32>, %d: tensor<2x3xf64>, %x: tensor<1x2x8xf32>, %w: tensor<4x3x3xf64>, %x4: tensor<1x2x8x8xf32>, %w4: tensor<4x2x9x9xf32>, %five: tensor<5xf32>) -> tensor<2x3xf32> {
    %pads = onnx.constant dense<[3, 9, 3, 0]> : tensor<4xi64>
    %far = onnx.constant dense<[4294967296, 0, 0, -9]> : tensor<4xi64>
    // expected-error @+5 {{Conv expects operands of one type, found tensor<1x2x8xf32> and tensor<4x3x3xf64>}}
    // expected-error @+4 {{Conv expects groups that divide the channels, found X tensor<1x2x8xf32>, W tensor<4x3x3xf64> and group 3}}
    // expected-error @+3 {{Conv expects B of 4 elements, found tensor<2x3xf32>}}
    // expected-error @+2 {{Conv expects 1 values in strides, found 2}}
    // expected-error @+1 {{Conv expects 2 values in pads, found 1}}
    %v22 = onnx.node "Conv"(%x, %w, %a) with {group = 3 : i64, strides = array<i64: 1, 1>, pads = array<i64: 1>} : (tensor<1x2x8xf32>, tensor<4x3x3xf64>, tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+6 {{Conv: attribute 'auto_pad': expected NOTSET, SAME_UPPER, SAME_LOWER or VALID, found 'SOME'}}
    // expected-error @+5 {{Conv expects kernel_shape to be the shape of W}}
    // expected-error @+4 {{Conv expects strides of at least 1, found 0}}
    // expected-error @+3 {{Conv expects dilations of at least 1, found -1}}
    // expected-error @+2 {{Conv expects pads of at least 0, found -1}}
    // expected-error @+1 {{Conv supports strides, dilations and pads of at most 2^31, found 4294967296}}
    %v23 = onnx.node "Conv"(%x4, %w4) with {auto_pad = "SOME", strides = array<i64: 0, 1>, dilations = array<i64: 1, -1>, pads = array<i64: 1, 1, -1, 4294967296>, kernel_shape = array<i64: 3, 3>} : (tensor<1x2x8x8xf32>, tensor<4x2x9x9xf32>) -> !onnx.unknown
    // expected-error @+3 {{Conv expects B of 4 elements, found tensor<5xf32>}}
    // expected-error @+2 {{Conv has a window of 9 elements, larger than the padded input of 8 in dimension 2}}
    // expected-error @+1 {{Conv has a window of 9 elements, larger than the padded input of 8 in dimension 3}}
    %v24 = onnx.node "Conv"(%x4, %w4, %five) : (tensor<1x2x8x8xf32>, tensor<4x2x9x9xf32>, tensor<5xf32>) -> !onnx.unknown
    // expected-error @+7 {{Conv: attribute 'kernel_shape': expected ints, found a string}}
    // expected-error @+6 {{Conv expects X [N, C, …] and W of the same rank, found tensor<1x2x8x8xf32> and tensor<4x3x3xf64>}}
    // expected-error @+5 {{Conv expects operands of one type, found tensor<1x2x8x8xf32> and tensor<4x3x3xf64>}}
    // expected-error @+4 {{Conv expects groups that divide the channels}}
    // expected-error @+3 {{Conv expects B of one dimension, found tensor<2x3xf64>}}
    // expected-error @+2 {{Conv expects operands of one type, found tensor<1x2x8x8xf32> and tensor<2x3xf64>}}
    // expected-error @+1 {{Conv expects strides of at least 1, found 0}}
    %v25 = onnx.node "Conv"(%x4, %w, %d) with {group = 0 : i64, strides = array<i64: 0>, kernel_shape = "3"} : (tensor<1x2x8x8xf32>, tensor<4x3x3xf64>, tensor<2x3xf64>) -> !onnx.unknown
    // expected-error @+2 {{Pad expects one constant value, found tensor<2x3xf64>}}
    // expected-error @+1 {{Pad expects a constant value of type f32, found tensor<2x3xf64>}}
    %v42 = onnx.node "Pad"(%a, %pads, %d) : (tensor<2x3xf32>, tensor<4xi64>, tensor<2x3xf64>) -> !onnx.unknown
    // expected-error @+2 {{Pad supports reflecting fewer elements than there are, found 3 of 2 in dimension 0}}
    // expected-error @+1 {{Pad supports reflecting fewer elements than there are, found 9 of 3 in dimension 1}}
    %v43 = onnx.node "Pad"(%a, %pads) with {mode = "reflect"} : (tensor<2x3xf32>, tensor<4xi64>) -> !onnx.unknown
    // expected-error @+3 {{Pad supports pads from -2^31 to 2^31, found 4294967296}}
    // expected-error @+2 {{Pad removes more elements than there are in dimension 1}}
    // expected-error @+1 {{Pad expects one constant value, found tensor<2x3xf32>}}
    %v44 = onnx.node "Pad"(%a, %far, %a) : (tensor<2x3xf32>, tensor<4xi64>, tensor<2x3xf32>) -> !onnx.unknown
    onnx.return %a : tensor<2x3xf32>
  }
}

// -----

// Faults of a node that do not hide each other are all told, each once, and nothing else is.
module attributes {onnx.opset = 18 : i64} {
  func.func @main(%a: tensor<2x3xf32>, %list: tensor<?xi64>) -> tensor<2x3xf32> {
    %axes = onnx.constant dense<[5, 1]> : tensor<2xi64>
    %twice = onnx.constant dense<[1, 1, 7]> : tensor<3xi64>
    %cut = onnx.constant dense<[-3, 0, 0, -5]> : tensor<4xi64>
    %far = onnx.constant dense<[4294967296, 0, 0, -9]> : tensor<4xi64>
    %none = onnx.none
    // expected-error @+3 {{Pad: attribute 'mode': expected constant, reflect or edge (supported: not `wrap`), found 'wrap'}}
    // expected-error @+2 {{Pad supports pads from -2^31 to 2^31, found 4294967296}}
    // expected-error @+1 {{Pad removes more elements than there are in dimension 1}}
    %v45 = onnx.node "Pad"(%a, %far) with {mode = "wrap"} : (tensor<2x3xf32>, tensor<4xi64>) -> !onnx.unknown
    // expected-error @+3 {{Pad supports pads of known length, found tensor<?xi64>}}
    // expected-error @+2 {{Pad expects one constant value, found tensor<2x3xf32>}}
    // expected-error @+1 {{Pad expects different axes from -2 to 1, found 5}}
    %v46 = onnx.node "Pad"(%a, %list, %a, %axes) : (tensor<2x3xf32>, tensor<?xi64>, tensor<2x3xf32>, tensor<2xi64>) -> !onnx.unknown
    // expected-error @+3 {{Pad expects two pads for each of 3 axes, found 4}}
    // expected-error @+2 {{Pad expects different axes from -2 to 1, found 1}}
    // expected-error @+1 {{Pad expects different axes from -2 to 1, found 7}}
    %v47 = onnx.node "Pad"(%a, %cut, %none, %twice) : (tensor<2x3xf32>, tensor<4xi64>, !onnx.none, tensor<3xi64>) -> !onnx.unknown
    onnx.return %a : tensor<2x3xf32>
  }
}

// -----

// Where what gives an input has been refused, the other inputs and the attributes are still checked.
module attributes {onnx.opset = 18 : i64} {
  func.func @main(%a: tensor<2x3xf32>, %d: tensor<2x3xf64>, %w: tensor<4x3x3xf64>) -> tensor<2x3xf32> {
    %axes = onnx.constant dense<[5, 1]> : tensor<2xi64>
    %twice = onnx.constant dense<[1, 1, 7]> : tensor<3xi64>
    %far = onnx.constant dense<[4294967296, 0, 0, -9]> : tensor<4xi64>
    %none = onnx.none
    // expected-error @+1 {{operator 'Foo' is not supported}}
    %u = onnx.node "Foo"(%a) : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+5 {{Conv expects operands of one type, found tensor<4x3x3xf64> and tensor<2x3xf32>}}
    // expected-error @+4 {{Conv expects groups that divide the channels, found W tensor<4x3x3xf64> and group 3}}
    // expected-error @+3 {{Conv expects B of 4 elements, found tensor<2x3xf32>}}
    // expected-error @+2 {{Conv expects 1 values in strides, found 2}}
    // expected-error @+1 {{Conv expects pads of at least 0, found -1}}
    %v10 = onnx.node "Conv"(%u, %w, %a) with {strides = array<i64: 1, 1>, pads = array<i64: -1, 0>, group = 3 : i64} : (!onnx.unknown, tensor<4x3x3xf64>, tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+4 {{Conv expects X [N, C, …] and W of the same rank, found tensor<2x3xf32>}}
    // expected-error @+3 {{Conv expects groups that divide the channels, found X tensor<2x3xf32> and group 0}}
    // expected-error @+2 {{Conv expects B of one dimension, found tensor<2x3xf64>}}
    // expected-error @+1 {{Conv expects operands of one type, found tensor<2x3xf32> and tensor<2x3xf64>}}
    %v11 = onnx.node "Conv"(%a, %u, %d) with {group = 0 : i64} : (tensor<2x3xf32>, !onnx.unknown, tensor<2x3xf64>) -> !onnx.unknown
    // expected-error @+3 {{Conv expects groups that divide the channels, found group 0}}
    // expected-error @+2 {{Conv expects B of one dimension, found tensor<2x3xf32>}}
    // expected-error @+1 {{Conv expects strides of at least 1, found 0}}
    %v12 = onnx.node "Conv"(%u, %u, %a) with {group = 0 : i64, strides = array<i64: 0>} : (!onnx.unknown, !onnx.unknown, tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+2 {{Pad supports pads from -2^31 to 2^31, found 4294967296}}
    // expected-error @+1 {{Pad expects one constant value, found tensor<2x3xf64>}}
    %v25 = onnx.node "Pad"(%u, %far, %d, %axes) : (!onnx.unknown, tensor<4xi64>, tensor<2x3xf64>, tensor<2xi64>) -> !onnx.unknown
    // expected-error @+3 {{Pad expects one constant value}}
    // expected-error @+2 {{Pad expects a constant value of type f32}}
    // expected-error @+1 {{Pad expects different axes from -2 to 1, found 5}}
    %v26 = onnx.node "Pad"(%a, %u, %d, %axes) : (tensor<2x3xf32>, !onnx.unknown, tensor<2x3xf64>, tensor<2xi64>) -> !onnx.unknown
    // expected-error @+3 {{Pad expects two pads for each of 3 axes, found 4}}
    // expected-error @+2 {{Pad supports pads from -2^31 to 2^31, found 4294967296}}
    // expected-error @+1 {{Pad expects different axes, found 1 twice}}
    %v27 = onnx.node "Pad"(%u, %far, %none, %twice) : (!onnx.unknown, tensor<4xi64>, !onnx.none, tensor<3xi64>) -> !onnx.unknown
    onnx.return %a : tensor<2x3xf32>
  }
}
