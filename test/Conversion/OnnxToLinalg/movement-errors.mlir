// RUN: rnn-opt %s -convert-onnx -split-input-file -verify-diagnostics

module attributes {onnx.opset = 18 : i64} {
  func.func @main(%x: tensor<2x3xf32>, %d: tensor<2x3xf64>, %y: tensor<4x5xf32>, %list: tensor<?xi64>, %one: tensor<1xi64>, %open: tensor<?xf32>, %empty: tensor<0x35184372088832xf32>) -> tensor<2x3xf32> {
    %zero = onnx.constant dense<0> : tensor<1xi64>
    %two = onnx.constant dense<2> : tensor<1xi64>
    %pair = onnx.constant dense<[1, 1]> : tensor<2xi64>
    %minus = onnx.constant dense<[-1, 3]> : tensor<2xi64>
    %none = onnx.none
    // expected-error @+1 {{Concat expects an axis from -2 to 1, found 2}}
    %c0 = onnx.node "Concat"(%x, %x) with {axis = 2 : i64} : (tensor<2x3xf32>, tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{Concat expects inputs of one rank and type, found tensor<2x3xf32> and tensor<2x3xf64>}}
    %c1 = onnx.node "Concat"(%x, %d) with {axis = 0 : i64} : (tensor<2x3xf32>, tensor<2x3xf64>) -> !onnx.unknown
    // expected-error @+1 {{Concat expects equal sizes in dimension 1, found 3 and 5}}
    %c2 = onnx.node "Concat"(%x, %y) with {axis = 0 : i64} : (tensor<2x3xf32>, tensor<4x5xf32>) -> !onnx.unknown
    // expected-error @+1 {{Slice supports starts and ends of known length, found tensor<?xi64> and tensor<?xi64>}}
    %s0 = onnx.node "Slice"(%x, %list, %list) : (tensor<2x3xf32>, tensor<?xi64>, tensor<?xi64>) -> !onnx.unknown
    // expected-error @+1 {{Slice expects as many ends, axes and steps as starts}}
    %s1 = onnx.node "Slice"(%x, %zero, %pair) : (tensor<2x3xf32>, tensor<1xi64>, tensor<2xi64>) -> !onnx.unknown
    // expected-error @+1 {{Slice expects different axes from -2 to 1, found 2}}
    %s2 = onnx.node "Slice"(%x, %zero, %two, %two) : (tensor<2x3xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{Slice expects steps that are not 0}}
    %s3 = onnx.node "Slice"(%x, %zero, %two, %zero, %zero) : (tensor<2x3xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{Slice supports axes known at compile time, found what the model computes}}
    %s4 = onnx.node "Slice"(%x, %zero, %two, %one) : (tensor<2x3xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{Slice supports steps known at compile time, found what the model computes}}
    %s5 = onnx.node "Slice"(%x, %zero, %two, %zero, %one) : (tensor<2x3xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{Split supports split known at compile time, found what the model computes}}
    %p9 = onnx.node "Split"(%x, %one) : (tensor<2x3xf32>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{Concat supports sizes with a sum of at most 2^48, found more in dimension 1}}
    %c4 = onnx.node "Concat"(%empty, %empty, %empty, %empty, %empty, %empty, %empty, %empty, %empty) with {axis = 1 : i64} : (tensor<0x35184372088832xf32>, tensor<0x35184372088832xf32>, tensor<0x35184372088832xf32>, tensor<0x35184372088832xf32>, tensor<0x35184372088832xf32>, tensor<0x35184372088832xf32>, tensor<0x35184372088832xf32>, tensor<0x35184372088832xf32>, tensor<0x35184372088832xf32>) -> !onnx.unknown
    // expected-error @+1 {{Split expects an axis from -2 to 1}}
    %p0 = onnx.node "Split"(%x) with {axis = 2 : i64, num_outputs = 1 : i64} : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{Split expects split or num_outputs, found both}}
    %p1 = onnx.node "Split"(%x, %two) with {num_outputs = 1 : i64} : (tensor<2x3xf32>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{Split expects num_outputs to be the number of outputs, 1, found 2}}
    %p2 = onnx.node "Split"(%x) with {num_outputs = 2 : i64} : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{Split expects parts that are not negative, found -1}}
    %p3:2 = onnx.node "Split"(%x, %minus) : (tensor<2x3xf32>, tensor<2xi64>) -> (!onnx.unknown, !onnx.unknown)
    // expected-error @+1 {{Split expects 1 parts, found 2}}
    %p4 = onnx.node "Split"(%x, %pair) : (tensor<2x3xf32>, tensor<2xi64>) -> !onnx.unknown
    // expected-error @+1 {{Split expects parts that add up to 3, found 2}}
    %p5:2 = onnx.node "Split"(%x, %pair) with {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2xi64>) -> (!onnx.unknown, !onnx.unknown)
    %wraps = onnx.constant dense<[4611686018427387904, 4611686018427387904, 4611686018427387904, 4611686018427387907]> : tensor<4xi64>
    // expected-error @+1 {{Split expects parts that add up to 3, found more}}
    %p7:4 = onnx.node "Split"(%x, %wraps) with {axis = 1 : i64} : (tensor<2x3xf32>, tensor<4xi64>) -> (!onnx.unknown, !onnx.unknown, !onnx.unknown, !onnx.unknown)
    // expected-error @+1 {{Split supports parts with a sum of at most 2^48, found more}}
    %p8:4 = onnx.node "Split"(%open, %wraps) : (tensor<?xf32>, tensor<4xi64>) -> (!onnx.unknown, !onnx.unknown, !onnx.unknown, !onnx.unknown)
    // expected-error @+1 {{Split cannot divide 2 elements into 4 parts}}
    %p6:4 = onnx.node "Split"(%x) : (tensor<2x3xf32>) -> (!onnx.unknown, !onnx.unknown, !onnx.unknown, !onnx.unknown)
    // expected-error @+1 {{Gather expects an axis from -2 to 1}}
    %g0 = onnx.node "Gather"(%x, %one) with {axis = 2 : i64} : (tensor<2x3xf32>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{Gather expects integer indices, found tensor<2x3xf64>}}
    %g1 = onnx.node "Gather"(%x, %d) : (tensor<2x3xf32>, tensor<2x3xf64>) -> !onnx.unknown
    // expected-error @+1 {{Pad supports pads of known length, found tensor<?xi64>}}
    %q0 = onnx.node "Pad"(%x, %list) : (tensor<2x3xf32>, tensor<?xi64>) -> !onnx.unknown
    // expected-error @+1 {{Pad supports axes known at compile time, found what the model computes}}
    %q1 = onnx.node "Pad"(%x, %pair, %none, %one) : (tensor<2x3xf32>, tensor<2xi64>, !onnx.none, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{Pad expects two pads for each of 2 axes, found 2}}
    %q2 = onnx.node "Pad"(%x, %pair) : (tensor<2x3xf32>, tensor<2xi64>) -> !onnx.unknown
    // expected-error @+1 {{Pad expects different axes from -2 to 1, found 2}}
    %q3 = onnx.node "Pad"(%x, %pair, %none, %two) : (tensor<2x3xf32>, tensor<2xi64>, !onnx.none, tensor<1xi64>) -> !onnx.unknown
    %far = onnx.constant dense<[3, 0]> : tensor<2xi64>
    // expected-error @+1 {{Pad supports reflecting fewer elements than there are, found 3 of 2 in dimension 0}}
    %q4 = onnx.node "Pad"(%x, %far, %none, %zero) with {mode = "reflect"} : (tensor<2x3xf32>, tensor<2xi64>, !onnx.none, tensor<1xi64>) -> !onnx.unknown
    %cut = onnx.constant dense<[-1, -2]> : tensor<2xi64>
    // expected-error @+1 {{Pad removes more elements than there are in dimension 0}}
    %q5 = onnx.node "Pad"(%x, %cut, %none, %zero) : (tensor<2x3xf32>, tensor<2xi64>, !onnx.none, tensor<1xi64>) -> !onnx.unknown
    %gone = onnx.constant dense<[-2, 1]> : tensor<2xi64>
    // expected-error @+1 {{Pad has no edge to repeat in dimension 0}}
    %q6 = onnx.node "Pad"(%x, %gone, %none, %zero) with {mode = "edge"} : (tensor<2x3xf32>, tensor<2xi64>, !onnx.none, tensor<1xi64>) -> !onnx.unknown
    %huge = onnx.constant dense<[4294967296, 0]> : tensor<2xi64>
    // expected-error @+1 {{Pad supports pads from -2^31 to 2^31, found 4294967296}}
    %q7 = onnx.node "Pad"(%x, %huge, %none, %zero) : (tensor<2x3xf32>, tensor<2xi64>, !onnx.none, tensor<1xi64>) -> !onnx.unknown
    %low = onnx.constant dense<[-4294967296, 0]> : tensor<2xi64>
    // expected-error @+1 {{Pad supports pads from -2^31 to 2^31, found -4294967296}}
    %q10 = onnx.node "Pad"(%x, %low, %none, %zero) : (tensor<2x3xf32>, tensor<2xi64>, !onnx.none, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{Pad expects one constant value}}
    %q8 = onnx.node "Pad"(%x, %pair, %y, %zero) : (tensor<2x3xf32>, tensor<2xi64>, tensor<4x5xf32>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{Pad expects a constant value of type f32}}
    %q9 = onnx.node "Pad"(%x, %pair, %one, %zero) : (tensor<2x3xf32>, tensor<2xi64>, tensor<1xi64>, tensor<1xi64>) -> !onnx.unknown
    onnx.return %x : tensor<2x3xf32>
  }
}

// -----

module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<5xf32>) -> tensor<5xf32> {
    // expected-error @+1 {{Split cannot divide 5 elements into 2 equal parts}}
    %y:2 = onnx.node "Split"(%x) : (tensor<5xf32>) -> (!onnx.unknown, !onnx.unknown)
    onnx.return %x : tensor<5xf32>
  }
}
