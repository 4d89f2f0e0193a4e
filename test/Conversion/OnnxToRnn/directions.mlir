// RUN: rnn-opt %s -convert-onnx -split-input-file | FileCheck %s

// A bidirectional node is two layers, the second in reverse; Y and the states are joined on the axis of directions.

// CHECK-LABEL: @main
// CHECK-SAME: %[[X:.*]]: tensor<5x2x3xf32>
// CHECK: tensor.extract_slice %{{.*}}[0, 0, 0] [1, 16, 3]
// CHECK: %[[Y0:.*]], %[[S0:.*]]:2 = rnn.lstm %[[X]],
// CHECK-NOT: reverse
// CHECK: tensor.extract_slice %{{.*}}[1, 0, 0] [1, 16, 3]
// CHECK: %[[Y1:.*]], %[[S1:.*]]:2 = rnn.lstm %[[X]],
// CHECK-SAME: reverse
// CHECK: tensor.insert_slice %[[Y0]] into %{{.*}}[0, 0, 0, 0] [5, 1, 2, 4]
// CHECK: tensor.insert_slice %[[Y1]] into %{{.*}}[0, 1, 0, 0] [5, 1, 2, 4]
// CHECK: tensor.insert_slice %[[S0]]#0 into %{{.*}}[0, 0, 0] [1, 2, 4]
// CHECK: tensor.insert_slice %[[S1]]#0 into %{{.*}}[1, 0, 0] [1, 2, 4]
module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<2x16x3xf32>, %r: tensor<2x16x4xf32>)
      -> (tensor<5x2x2x4xf32>, tensor<2x2x4xf32>) {
    %y, %h = onnx.node "LSTM"(%x, %w, %r) with {direction = "bidirectional"}
      : (tensor<5x2x3xf32>, tensor<2x16x3xf32>, tensor<2x16x4xf32>) -> (tensor<5x2x2x4xf32>, tensor<2x2x4xf32>)
    onnx.return %y, %h : tensor<5x2x2x4xf32>, tensor<2x2x4xf32>
  }
}

// -----

// CHECK-LABEL: @main
// CHECK: %[[Y:.*]], %{{.*}} = rnn.gru
// CHECK-SAME: reverse
// CHECK: tensor.expand_shape %[[Y]] {{\[}}[0], [1, 2], [3]]
module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x12x3xf32>, %r: tensor<1x12x4xf32>) -> tensor<5x1x2x4xf32> {
    %y = onnx.node "GRU"(%x, %w, %r) with {direction = "reverse"}
      : (tensor<5x2x3xf32>, tensor<1x12x3xf32>, tensor<1x12x4xf32>) -> tensor<5x1x2x4xf32>
    onnx.return %y : tensor<5x1x2x4xf32>
  }
}
