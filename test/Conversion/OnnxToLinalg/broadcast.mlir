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

// Sizes of which nothing is known are compared at run time, and each operand is written out.
// CHECK-LABEL: @main
// CHECK-SAME: (%[[X:.*]]: tensor<?xf32>, %[[Y:.*]]: tensor<?xf32>)
// CHECK: cf.assert %{{.*}}, "{{.*}}expects operands whose shapes broadcast"
// CHECK: %[[LEFT:.*]] = linalg.generic
// CHECK: tensor.extract %[[X]]
// CHECK: %[[RIGHT:.*]] = linalg.generic
// CHECK: tensor.extract %[[Y]]
// CHECK: linalg.generic {{.*}} ins(%[[LEFT]], %[[RIGHT]] :
// CHECK: arith.mulf
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<?xf32>, %y: tensor<?xf32>) -> tensor<?xf32> {
    %z = onnx.node "Mul"(%x, %y) : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
    onnx.return %z : tensor<?xf32>
  }
}

// -----

// An operand that has the joint size is read where it is.
// CHECK-LABEL: @main
// CHECK-SAME: (%[[X:.*]]: tensor<?x3xf32>, %[[Y:.*]]: tensor<1x3xf32>, %[[Z:.*]]: tensor<f32>)
// CHECK-NOT: cf.assert
// CHECK-NOT: tensor.extract
// CHECK: %[[SUM:.*]] = linalg.generic {{.*}} ins(%[[X]], %[[Y]] :
// CHECK-NOT: tensor.extract
// CHECK: linalg.generic {{.*}} ins(%[[Z]], %[[SUM]] :
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<?x3xf32>, %y: tensor<1x3xf32>, %z: tensor<f32>) -> tensor<?x3xf32> {
    %sum = onnx.node "Add"(%x, %y) : (tensor<?x3xf32>, tensor<1x3xf32>) -> tensor<?x3xf32>
    %product = onnx.node "Mul"(%z, %sum) : (tensor<f32>, tensor<?x3xf32>) -> tensor<?x3xf32>
    onnx.return %product : tensor<?x3xf32>
  }
}

// -----

// What was made in the size of another operand has that size, through reshapes too.
// CHECK-LABEL: @main
// CHECK-SAME: (%[[X:.*]]: tensor<?x3xf32>)
// CHECK-NOT: cf.assert
// CHECK-NOT: tensor.extract
// CHECK: %[[EXP:.*]] = linalg.generic {{.*}} ins(%[[X]] :
// CHECK-NOT: tensor.extract
// CHECK-NOT: cf.assert
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %[[X]] :
// CHECK: arith.mulf
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<?x3xf32>) -> tensor<1x?x3xf32> {
    %axes = onnx.constant dense<0> : tensor<1xi64>
    %y = onnx.node "Exp"(%x) : (tensor<?x3xf32>) -> tensor<?x3xf32>
    %row = onnx.node "Unsqueeze"(%y, %axes) : (tensor<?x3xf32>, tensor<1xi64>) -> tensor<1x?x3xf32>
    %z = onnx.node "Mul"(%row, %x) : (tensor<1x?x3xf32>, tensor<?x3xf32>) -> tensor<1x?x3xf32>
    onnx.return %z : tensor<1x?x3xf32>
  }
}

// -----

// A size that may be 1 or that of the other operand: the operand that may be 1 alone is written out.
// CHECK-LABEL: @main
// CHECK-SAME: (%[[X:.*]]: tensor<?xf32>, %[[Y:.*]]: tensor<4xf32>)
// CHECK: cf.assert
// CHECK: %[[LEFT:.*]] = linalg.generic
// CHECK: tensor.extract %[[X]]
// CHECK: linalg.generic {{.*}} ins(%[[LEFT]], %[[Y]] :
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<?xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
    %z = onnx.node "Add"(%x, %y) : (tensor<?xf32>, tensor<4xf32>) -> tensor<4xf32>
    onnx.return %z : tensor<4xf32>
  }
}

// -----

// Of an operand's size the first look at it and the second are one: an expansion to an own shape is the operand.
// CHECK-LABEL: @main
// CHECK-SAME: (%[[X:.*]]: tensor<?x3xf32>)
// CHECK-NOT: cf.assert
// CHECK-NOT: linalg.generic
// CHECK: return %[[X]]
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
    %shape = onnx.node "Shape"(%x) : (tensor<?x3xf32>) -> tensor<2xi64>
    %y = onnx.node "Expand"(%x, %shape) : (tensor<?x3xf32>, tensor<2xi64>) -> tensor<?x3xf32>
    onnx.return %y : tensor<?x3xf32>
  }
}
