// RUN: rnn-opt %s -convert-onnx -canonicalize -split-input-file | FileCheck %s

// A shape that is an input is read, checked and used.
// CHECK-LABEL: @main
// CHECK: tensor.extract %{{.*}}[%c0]
// CHECK: tensor.extract %{{.*}}[%c1]
// CHECK: cf.assert %{{.*}}, "Reshape expects a shape of as many elements as the input has"
// CHECK: tensor.reshape
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<?xf32>, %shape: tensor<2xi64>) -> tensor<?x?xf32> {
    %y = onnx.node "Reshape"(%x, %shape) : (tensor<?xf32>, tensor<2xi64>) -> tensor<?x?xf32>
    onnx.return %y : tensor<?x?xf32>
  }
}

// -----

// Sizes are checked before memory is taken.
// CHECK-LABEL: @main
// CHECK: cf.assert %{{.*}}, "Expand expects sizes that are not negative and a result of at most 2 GiB"
// CHECK: tensor.empty
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<1xf32>, %shape: tensor<1xi64>) -> tensor<?xf32> {
    %y = onnx.node "Expand"(%x, %shape) : (tensor<1xf32>, tensor<1xi64>) -> tensor<?xf32>
    onnx.return %y : tensor<?xf32>
  }
}

// -----

// Known sizes need no check.
// CHECK-LABEL: @main
// CHECK-NOT: cf.assert
// CHECK: linalg.generic
// CHECK: tensor.extract %{{.*}}[%c0, %{{.*}}]
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<1x3xf32>) -> tensor<2x3xf32> {
    %shape = onnx.constant dense<[2, 1]> : tensor<2xi64>
    %y = onnx.node "Expand"(%x, %shape) : (tensor<1x3xf32>, tensor<2xi64>) -> tensor<2x3xf32>
    onnx.return %y : tensor<2x3xf32>
  }
}

// -----

// CHECK-LABEL: @main
// CHECK: cf.assert %{{.*}}, "Squeeze without axes expects a size other than 1 in dimension 0"
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<?x1xf32>) -> !onnx.unknown {
    %y = onnx.node "Squeeze"(%x) : (tensor<?x1xf32>) -> !onnx.unknown
    onnx.return %y : !onnx.unknown
  }
}

// -----

// A size that was read from the operand's shape cancels with the operand's: the other is static.
// CHECK-LABEL: @main
// CHECK-NOT: cf.assert
// CHECK: tensor.reshape {{.*}} -> tensor<?x12xf32>
module attributes {onnx.opset = 15 : i64} {
  func.func @main(%x: tensor<?x3x4xf32>) -> tensor<?x?xf32> {
    %shape = onnx.node "Shape"(%x) with {end = 1 : i64} : (tensor<?x3x4xf32>) -> tensor<1xi64>
    %rest = onnx.constant dense<-1> : tensor<1xi64>
    %wanted = onnx.node "Concat"(%shape, %rest) with {axis = 0 : i64} : (tensor<1xi64>, tensor<1xi64>) -> tensor<2xi64>
    %y = onnx.node "Reshape"(%x, %wanted) : (tensor<?x3x4xf32>, tensor<2xi64>) -> tensor<?x?xf32>
    onnx.return %y : tensor<?x?xf32>
  }
}

// -----

// A tensor that has the shape is not reshaped.
// CHECK-LABEL: @main
// CHECK-SAME: (%[[X:.*]]: tensor<?x3xf32>)
// CHECK-NEXT: return %[[X]]
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
    %shape = onnx.node "Shape"(%x) : (tensor<?x3xf32>) -> tensor<2xi64>
    %y = onnx.node "Reshape"(%x, %shape) : (tensor<?x3xf32>, tensor<2xi64>) -> tensor<?x3xf32>
    onnx.return %y : tensor<?x3xf32>
  }
}
