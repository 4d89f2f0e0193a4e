// RUN: rnn-opt %s -convert-onnx -canonicalize -split-input-file | FileCheck %s

// The largest element goes first, then the powers, then their sum, in f64.
// CHECK-LABEL: @main
// CHECK: iterator_types = ["parallel", "reduction"]
// CHECK: arith.maximumf
// CHECK: math.exp
// CHECK: iterator_types = ["parallel", "reduction"]
// CHECK: %[[WIDE:.*]] = arith.extf %{{.*}} : f32 to f64
// CHECK: arith.addf %{{.*}}, %[[WIDE]] : f64
// CHECK: %[[SUM:.*]] = arith.truncf %{{.*}} : f64 to f32
// CHECK: arith.divf %{{.*}}, %[[SUM]] : f32
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
    %y = onnx.node "Softmax"(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
    onnx.return %y : tensor<2x3xf32>
  }
}

// -----

// Before opset 13 all dimensions from the axis on are one.
// CHECK-LABEL: @main
// CHECK: iterator_types = ["parallel", "reduction", "reduction"]
// CHECK: arith.maximumf
module attributes {onnx.opset = 12 : i64} {
  func.func @main(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
    %y = onnx.node "Softmax"(%x) : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
    onnx.return %y : tensor<2x3x4xf32>
  }
}

// -----

// The divisor is the size at run time; sum and quotient are of f64.
// CHECK-LABEL: @main
// CHECK-SAME: (%[[X:.*]]: tensor<?x4xf32>) -> tensor<4xf32>
// CHECK: iterator_types = ["reduction", "parallel"]
// CHECK: %[[SIZE:.*]] = tensor.dim %[[X]]
// CHECK: %[[INT:.*]] = arith.index_cast %[[SIZE]]
// CHECK: %[[COUNT:.*]] = arith.sitofp %[[INT]]
// CHECK: %[[MEAN:.*]] = arith.divf %{{.*}}, %[[COUNT]] : f64
// CHECK: arith.truncf %[[MEAN]] : f64 to f32
module attributes {onnx.opset = 18 : i64} {
  func.func @main(%x: tensor<?x4xf32>) -> tensor<4xf32> {
    %axes = onnx.constant dense<-2> : tensor<1xi64>
    %y = onnx.node "ReduceMean"(%x, %axes) with {keepdims = 0 : i64} : (tensor<?x4xf32>, tensor<1xi64>) -> tensor<4xf32>
    onnx.return %y : tensor<4xf32>
  }
}

// -----

// CHECK-LABEL: @main
// CHECK-SAME: (%[[X:.*]]: tensor<2x4xf32>)
// CHECK: return %[[X]]
module attributes {onnx.opset = 18 : i64} {
  func.func @main(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
    %y = onnx.node "ReduceMean"(%x) with {noop_with_empty_axes = 1 : i64} : (tensor<2x4xf32>) -> tensor<2x4xf32>
    onnx.return %y : tensor<2x4xf32>
  }
}

// -----

// The largest element and the sum have the sizes of the operand: nothing is compared or copied.
// CHECK-LABEL: @main
// CHECK-SAME: (%[[X:.*]]: tensor<?x4xf32>)
// CHECK-NOT: cf.assert
// CHECK-NOT: tensor.extract
// CHECK: %[[LARGEST:.*]] = linalg.generic {{.*}} ins(%[[X]] :
// CHECK: arith.maximumf
// CHECK-NOT: tensor.extract
// CHECK: %[[POWERS:.*]] = linalg.generic {{.*}} ins(%[[X]], %[[LARGEST]] :
// CHECK-NOT: tensor.extract
// CHECK: %[[SUM:.*]] = linalg.generic {{.*}} ins(%[[POWERS]] :
// CHECK-NOT: tensor.extract
// CHECK: linalg.generic {{.*}} ins(%[[POWERS]], %[[SUM]] :
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    %y = onnx.node "Softmax"(%x) : (tensor<?x4xf32>) -> tensor<?x4xf32>
    onnx.return %y : tensor<?x4xf32>
  }
}
