// RUN: rnn-opt %s -convert-onnx | FileCheck %s

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
