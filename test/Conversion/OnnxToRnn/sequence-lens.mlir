// RUN: rnn-opt %s -convert-onnx -split-input-file | FileCheck %s

// Lengths given at run time are checked at run time; 0 is a length for LSTM and GRU.

// CHECK-LABEL: @main
// CHECK-SAME: %[[X:.*]]: tensor<?x2x3xf32>, %{{.*}}, %{{.*}}, %[[L:.*]]: tensor<2xi32>
// CHECK-DAG: %[[STEPS:.*]] = tensor.dim %[[X]], %{{.*}}
// CHECK: scf.for %[[B:.*]] =
// CHECK: %[[ELEMENT:.*]] = tensor.extract %[[L]][%[[B]]]
// CHECK: %[[LENGTH:.*]] = arith.index_cast %[[ELEMENT]]
// CHECK: arith.cmpi sle, %[[LENGTH]], %{{.*}}
// CHECK: arith.cmpi sge, %[[LENGTH]], %c0
// CHECK: cf.assert %{{.*}}, "input sequence_lens: expected lengths from 0 to the number of time steps"
// CHECK: rnn.gru %{{.*}} lengths(%[[L]])
module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<?x2x3xf32>, %w: tensor<1x12x3xf32>, %r: tensor<1x12x4xf32>, %l: tensor<2xi32>)
      -> tensor<?x1x2x4xf32> {
    %none = onnx.none
    %y = onnx.node "GRU"(%x, %w, %r, %none, %l)
      : (tensor<?x2x3xf32>, tensor<1x12x3xf32>, tensor<1x12x4xf32>, !onnx.none, tensor<2xi32>) -> tensor<?x1x2x4xf32>
    onnx.return %y : tensor<?x1x2x4xf32>
  }
}

// -----

// Constant lengths that are the number of steps say nothing.
// CHECK-LABEL: @main
// CHECK-NOT: cf.assert
// CHECK: rnn.elman
// CHECK-NOT: lengths
module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x4x3xf32>, %r: tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32> {
    %none = onnx.none
    %l = onnx.constant dense<5> : tensor<2xi32>
    %y = onnx.node "RNN"(%x, %w, %r, %none, %l)
      : (tensor<5x2x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>, !onnx.none, tensor<2xi32>) -> tensor<5x1x2x4xf32>
    onnx.return %y : tensor<5x1x2x4xf32>
  }
}
