// RUN: rnn-opt %s -convert-onnx -split-input-file | FileCheck %s

// Sizes of 1 broadcast without a check.
// CHECK-LABEL: @main
// CHECK-NOT: cf.assert
// CHECK: arith.addf
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<2x3xf32>, %y: tensor<1x3xf32>) -> tensor<2x3xf32> {
    %z = onnx.node "Add"(%x, %y) : (tensor<2x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
    onnx.return %z : tensor<2x3xf32>
  }
}

// -----

// Sizes of which nothing is known are compared at run time.
// CHECK-LABEL: @main
// CHECK: cf.assert %{{.*}}, "{{.*}}expects operands whose shapes broadcast"
// CHECK: arith.mulf
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<?xf32>, %y: tensor<?xf32>) -> tensor<?xf32> {
    %z = onnx.node "Mul"(%x, %y) : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
    onnx.return %z : tensor<?xf32>
  }
}
