// RUN: rnn-opt %s -convert-onnx | FileCheck %s

// What the shapes leave open at compile time is required at run time.

// CHECK-LABEL: @main
// CHECK-SAME: %[[X:.*]]: tensor<?x?x3xf32>, %[[W:.*]]: tensor<1x?x3xf32>, %{{.*}}, %[[H0:.*]]: tensor<1x?x4xf32>
// CHECK: %[[ROWS:.*]] = tensor.dim %[[W]], %{{.*}}
// CHECK: %[[ROWS_FIT:.*]] = arith.cmpi eq, %[[ROWS]], %{{.*}}
// CHECK: cf.assert %[[ROWS_FIT]], "input W: expected 12 in dimension 1 of its shape"
// CHECK: cf.assert %{{.*}}, "input initial_h: expected the batch size of X in dimension 1 of its shape"
// CHECK: rnn.gru %[[X]],
// CHECK-SAME: linear_before_reset
module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<?x?x3xf32>, %w: tensor<1x?x3xf32>, %r: tensor<1x12x4xf32>, %h0: tensor<1x?x4xf32>)
      -> tensor<1x?x4xf32> {
    %none = onnx.none
    %y, %h = onnx.node "GRU"(%x, %w, %r, %none, %none, %h0) with {linear_before_reset = 1 : i64}
      : (tensor<?x?x3xf32>, tensor<1x?x3xf32>, tensor<1x12x4xf32>, !onnx.none, !onnx.none, tensor<1x?x4xf32>)
      -> (tensor<?x1x?x4xf32>, tensor<1x?x4xf32>)
    onnx.return %h : tensor<1x?x4xf32>
  }
}
