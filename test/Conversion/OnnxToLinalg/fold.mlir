// RUN: rnn-opt %s -convert-onnx -split-input-file | FileCheck %s

// The static part of a shape folds away, the dynamic one is a run-time size.
// CHECK-LABEL: @main
// CHECK-NOT: onnx.node
// CHECK: %[[BATCH:.*]] = tensor.dim
// CHECK-NOT: cf.assert
// CHECK: tensor.empty(%[[BATCH]]) : tensor<1x?x8xf32>
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<?x4xf32>) -> tensor<1x?x8xf32> {
    %zero = onnx.constant dense<0> : tensor<i64>
    %one = onnx.constant dense<1> : tensor<1xi64>
    %eight = onnx.constant dense<8> : tensor<1xi64>
    %axes = onnx.constant dense<0> : tensor<1xi64>
    %shape = onnx.node "Shape"(%x) : (tensor<?x4xf32>) -> !onnx.unknown
    %batch = onnx.node "Gather"(%shape, %zero) : (!onnx.unknown, tensor<i64>) -> !onnx.unknown
    %size = onnx.node "Unsqueeze"(%batch, %axes) : (!onnx.unknown, tensor<1xi64>) -> !onnx.unknown
    %sizes = onnx.node "Concat"(%one, %size, %eight) with {axis = 0 : i64}
      : (tensor<1xi64>, !onnx.unknown, tensor<1xi64>) -> !onnx.unknown
    %y = onnx.node "ConstantOfShape"(%sizes) : (!onnx.unknown) -> tensor<1x?x8xf32>
    onnx.return %y : tensor<1x?x8xf32>
  }
}

// -----

// Gates reordered in the graph are one constant.
// CHECK-LABEL: @main
// CHECK-NOT: extract_slice
// CHECK: %[[W:.*]] = arith.constant dense<{{\[\[}}3.000000e+00, 4.000000e+00], [1.000000e+00, 2.000000e+00]]>
// CHECK: return %[[W]]
module attributes {onnx.opset = 13 : i64} {
  func.func @main() -> tensor<2x2xf32> {
    %w = onnx.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
    %0 = onnx.constant dense<0> : tensor<1xi64>
    %1 = onnx.constant dense<1> : tensor<1xi64>
    %2 = onnx.constant dense<2> : tensor<1xi64>
    %a = onnx.node "Slice"(%w, %0, %1, %0)
      : (tensor<2x2xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> !onnx.unknown
    %b = onnx.node "Slice"(%w, %1, %2, %0)
      : (tensor<2x2xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> !onnx.unknown
    %y = onnx.node "Concat"(%b, %a) with {axis = 0 : i64} : (!onnx.unknown, !onnx.unknown) -> tensor<2x2xf32>
    onnx.return %y : tensor<2x2xf32>
  }
}

// -----

// A condition known at compile time drops the other branch unseen.
// CHECK-LABEL: @main
// CHECK-NOT: scf.if
// CHECK: linalg.generic
// CHECK: arith.maximumf
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
    %c = onnx.constant dense<true> : tensor<i1>
    %y = onnx.node "If"(%c) subgraphs ["then_branch", "else_branch"] {
      %r = onnx.node "Relu"(%x) : (tensor<2xf32>) -> tensor<2xf32>
      onnx.return %r : tensor<2xf32>
    }, {
      %t = onnx.node "Transpose"(%x) with {perm = array<i64: 5>} : (tensor<2xf32>) -> tensor<2xf32>
      onnx.return %t : tensor<2xf32>
    } : (tensor<i1>) -> tensor<2xf32>
    onnx.return %y : tensor<2xf32>
  }
}

// -----

// What is much larger than the constants of the model is left to run time.
// CHECK-LABEL: @main
// CHECK-NOT: arith.constant dense<{{.*}}> : tensor<134217728xf32>
// CHECK: linalg.fill {{.*}} -> tensor<134217728xf32>
// CHECK: tensor.insert_slice {{.*}} into tensor<268435456xf32>
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<1xf32>) -> tensor<268435456xf32> {
    %size = onnx.constant dense<134217728> : tensor<1xi64>
    %fill = onnx.node "ConstantOfShape"(%size) : (tensor<1xi64>) -> !onnx.unknown
    %both = onnx.node "Concat"(%fill, %fill) with {axis = 0 : i64} : (!onnx.unknown, !onnx.unknown) -> tensor<268435456xf32>
    onnx.return %both : tensor<268435456xf32>
  }
}
