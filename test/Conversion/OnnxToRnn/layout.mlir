// RUN: rnn-opt %s -convert-onnx | FileCheck %s

// layout = 1 puts the batch first in X, Y and the states.

// CHECK-LABEL: @main
// CHECK-SAME: %[[X:.*]]: tensor<2x5x3xf32>
// CHECK: %[[XT:.*]] = linalg.transpose ins(%[[X]] : tensor<2x5x3xf32>) {{.*}} permutation = [1, 0, 2]
// CHECK: %[[INIT:.*]] = tensor.extract_slice %{{.*}}[0, 0, 0] [2, 1, 4] [1, 1, 1] : tensor<2x1x4xf32> to tensor<2x4xf32>
// CHECK: %[[Y:.*]], %[[H:.*]] = rnn.gru %[[XT]], %{{.*}} init(%[[INIT]])
// CHECK: %[[YT:.*]] = linalg.transpose ins(%[[Y]] : tensor<5x2x4xf32>) {{.*}} permutation = [1, 0, 2]
// CHECK: tensor.expand_shape %[[YT]] {{\[}}[0], [1], [2, 3]] {{.*}} into tensor<2x5x1x4xf32>
// CHECK: tensor.expand_shape %[[H]] {{\[}}[0], [1, 2]] {{.*}} into tensor<2x1x4xf32>
module attributes {onnx.opset = 14 : i64} {
  func.func @main(%x: tensor<2x5x3xf32>, %w: tensor<1x12x3xf32>, %r: tensor<1x12x4xf32>, %h0: tensor<2x1x4xf32>)
      -> (tensor<2x5x1x4xf32>, tensor<2x1x4xf32>) {
    %none = onnx.none
    %y, %h = onnx.node "GRU"(%x, %w, %r, %none, %none, %h0) with {layout = 1 : i64}
      : (tensor<2x5x3xf32>, tensor<1x12x3xf32>, tensor<1x12x4xf32>, !onnx.none, !onnx.none, tensor<2x1x4xf32>)
      -> (tensor<2x5x1x4xf32>, tensor<2x1x4xf32>)
    onnx.return %y, %h : tensor<2x5x1x4xf32>, tensor<2x1x4xf32>
  }
}
