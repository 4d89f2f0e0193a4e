// RUN: rnn-opt %s -convert-onnx -split-input-file -verify-diagnostics

// What older operator sets have as attributes.
module attributes {onnx.opset = 6 : i64} {
  func.func @main(%a: tensor<2x3xf32>, %i: tensor<4x4xi32>, %one: tensor<1xi64>, %d: tensor<2x3xf64>, %b: tensor<2x4xf32>) -> tensor<2x3xf32> {
    // expected-error @+2 {{Dropout supports inference only, found is_test = 0}}
    // expected-error @+1 {{Dropout supports a mask since opset 12, found opset 6}}
    %v0:2 = onnx.node "Dropout"(%a) with {is_test = 0 : i64} : (tensor<2x3xf32>) -> (!onnx.unknown, !onnx.unknown)
    %mask = onnx.node "Not"(%v0#1) : (!onnx.unknown) -> !onnx.unknown
    // expected-error @+2 {{Slice expects as many ends, axes and steps as starts}}
    // expected-error @+1 {{Slice expects different axes from -2 to 1, found 4}}
    %v1 = onnx.node "Slice"(%a) with {starts = array<i64: 1>, ends = array<i64: 2, 3>, axes = array<i64: 4>} : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+2 {{Slice: attribute 'ends' is missing}}
    // expected-error @+1 {{Slice expects different axes from -2 to 1, found 4}}
    %v2 = onnx.node "Slice"(%a) with {starts = array<i64: 1>, axes = array<i64: 4>} : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+3 {{Pad: attribute 'value': expected a float, found a string}}
    // expected-error @+2 {{Pad supports pads from -2^31 to 2^31, found 4294967296}}
    // expected-error @+1 {{Pad removes more elements than there are in dimension 1}}
    %v3 = onnx.node "Pad"(%a) with {pads = array<i64: 4294967296, 0, 0, -9>, value = "none"} : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+2 {{Clip: attribute 'min': expected a float, found a string}}
    // expected-error @+1 {{Clip expects floats, found tensor<4x4xi32>}}
    %v4 = onnx.node "Clip"(%i) with {min = "low"} : (tensor<4x4xi32>) -> !onnx.unknown
    // expected-error @+2 {{Squeeze expects axes from -2 to 1, found 4}}
    // expected-error @+1 {{Squeeze expects size 1 in dimension 1, found tensor<2x3xf32>}}
    %v5 = onnx.node "Squeeze"(%a) with {axes = array<i64: 4, 1>} : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+2 {{Unsqueeze: expected at most 1 inputs at opset 6, found 2}}
    // expected-error @+1 {{Unsqueeze: attribute 'axes' is missing}}
    %v6 = onnx.node "Unsqueeze"(%a, %one) : (tensor<2x3xf32>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+2 {{Split expects an axis from -2 to 1, found 4}}
    // expected-error @+1 {{Split expects 1 parts, found 2}}
    %v7 = onnx.node "Split"(%a) with {axis = 4 : i64, split = array<i64: 1, 1>} : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+3 {{Add: attribute 'broadcast': expected 0 (supported: no broadcast before opset 7), found 1}}
    // expected-error @+2 {{Add expects operands of one type}}
    // expected-error @+1 {{Add expects operands whose shapes broadcast}}
    %v8 = onnx.node "Add"(%d, %b) with {broadcast = 1 : i64} : (tensor<2x3xf64>, tensor<2x4xf32>) -> !onnx.unknown
    onnx.return %a : tensor<2x3xf32>
  }
}
