// RUN: rnn-opt %s -convert-onnx -split-input-file | FileCheck %s

// The size of the result follows from pads and strides; the innermost loop is parallel.
// CHECK-LABEL: @main
// CHECK-SAME: -> tensor<1x4x3xf32>
// CHECK: linalg.generic
// CHECK-SAME: "parallel"]
// CHECK: return %{{.*}} : tensor<1x4x3xf32>
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<1x2x5xf32>, %w: tensor<4x2x3xf32>) -> tensor<1x4x3xf32> {
    %y = onnx.node "Conv"(%x, %w) with {pads = array<i64: 1, 1>, strides = array<i64: 2>}
      : (tensor<1x2x5xf32>, tensor<4x2x3xf32>) -> tensor<1x4x3xf32>
    onnx.return %y : tensor<1x4x3xf32>
  }
}

// -----

// A dynamic size must be larger than what is reflected.
// CHECK-LABEL: @main
// CHECK: arith.cmpi sgt
// CHECK: cf.assert %{{.*}}, "{{.*}}Pad
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<1x?xf32>) -> tensor<1x?xf32> {
    %pads = onnx.constant dense<[0, 2, 0, 2]> : tensor<4xi64>
    %y = onnx.node "Pad"(%x, %pads) with {mode = "reflect"} : (tensor<1x?xf32>, tensor<4xi64>) -> tensor<1x?xf32>
    onnx.return %y : tensor<1x?xf32>
  }
}

// -----

// Before opset 10 the bounds of a slice are attributes.
// CHECK-LABEL: @main
// CHECK: tensor.extract_slice %{{.*}}[0, 1] [2, 2] [1, 1]
module attributes {onnx.opset = 9 : i64} {
  func.func @main(%x: tensor<2x4xf32>) -> tensor<2x2xf32> {
    %y = onnx.node "Slice"(%x) with {axes = array<i64: 1>, ends = array<i64: -1>, starts = array<i64: 1>}
      : (tensor<2x4xf32>) -> tensor<2x2xf32>
    onnx.return %y : tensor<2x2xf32>
  }
}

// -----

// CHECK-LABEL: @main
// CHECK: scf.if
// CHECK: arith.maximumf
// CHECK: else
// CHECK: arith.negf
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%c: tensor<i1>, %x: tensor<2xf32>) -> tensor<2xf32> {
    %y = onnx.node "If"(%c) subgraphs ["then_branch", "else_branch"] {
      %r = onnx.node "Relu"(%x) : (tensor<2xf32>) -> tensor<2xf32>
      onnx.return %r : tensor<2xf32>
    }, {
      %n = onnx.node "Neg"(%x) : (tensor<2xf32>) -> tensor<2xf32>
      onnx.return %n : tensor<2xf32>
    } : (tensor<i1>) -> tensor<2xf32>
    onnx.return %y : tensor<2xf32>
  }
}
