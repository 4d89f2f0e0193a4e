// RUN: rnn-opt %s -convert-onnx -canonicalize -split-input-file | FileCheck %s

// A squeeze of a size that is not known: Gemm takes rank 2 only, so that the condition must select the first branch.
// CHECK-LABEL: @main
// CHECK-SAME: (%[[C:.*]]: tensor<i1>
// CHECK: %[[TAKEN:.*]] = tensor.extract %[[C]][]
// CHECK: cf.assert %{{.*}}, "If expects its condition to be true, as what follows fits the rank that this branch gives only"
// CHECK-NOT: scf.if
// CHECK: tensor.reshape
// CHECK: linalg.generic
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%c: tensor<i1>, %x: tensor<?x3x1xf32>, %w: tensor<3x4xf32>) -> !onnx.unknown {
    %z = onnx.node "If"(%c) subgraphs ["then_branch", "else_branch"] {
      %axis = onnx.constant dense<2> : tensor<1xi64>
      %s = onnx.node "Squeeze"(%x, %axis) : (tensor<?x3x1xf32>, tensor<1xi64>) -> !onnx.unknown
      onnx.return %s : !onnx.unknown
    }, {
      %i = onnx.node "Identity"(%x) : (tensor<?x3x1xf32>) -> !onnx.unknown
      onnx.return %i : !onnx.unknown
    } : (tensor<i1>) -> !onnx.unknown
    %y = onnx.node "Gemm"(%z, %w) : (!onnx.unknown, tensor<3x4xf32>) -> !onnx.unknown
    onnx.return %y : !onnx.unknown
  }
}

// -----

// Where both ranks fit, the one that the model gives the value decides.
// CHECK-LABEL: @main
// CHECK: cf.assert %{{.*}}, "If expects its condition to be false
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%c: tensor<i1>, %x: tensor<3x1xf32>) -> !onnx.unknown {
    %z = onnx.node "If"(%c) subgraphs ["then_branch", "else_branch"] {
      %s = onnx.node "Squeeze"(%x) : (tensor<3x1xf32>) -> !onnx.unknown
      onnx.return %s : !onnx.unknown
    }, {
      %i = onnx.node "Identity"(%x) : (tensor<3x1xf32>) -> !onnx.unknown
      onnx.return %i : !onnx.unknown
    } : (tensor<i1>) -> tensor<3x1xf32>
    %y = onnx.node "Relu"(%z) : (tensor<3x1xf32>) -> !onnx.unknown
    onnx.return %y : !onnx.unknown
  }
}

// -----

// An output that nothing uses may have any rank.
// CHECK-LABEL: @main
// CHECK: scf.if
// CHECK-SAME: -> (tensor<3xf32>)
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%c: tensor<i1>, %x: tensor<3xf32>, %m: tensor<3x1xf32>) -> !onnx.unknown {
    %z:2 = onnx.node "If"(%c) subgraphs ["then_branch", "else_branch"] {
      %s = onnx.node "Relu"(%x) : (tensor<3xf32>) -> !onnx.unknown
      onnx.return %s, %x : !onnx.unknown, tensor<3xf32>
    }, {
      %i = onnx.node "Neg"(%x) : (tensor<3xf32>) -> !onnx.unknown
      onnx.return %i, %m : !onnx.unknown, tensor<3x1xf32>
    } : (tensor<i1>) -> (!onnx.unknown, !onnx.unknown)
    onnx.return %z#0 : !onnx.unknown
  }
}

// -----

// CHECK-LABEL: @main
// CHECK: scf.if
// CHECK: arith.maximumf
// CHECK: else
// CHECK: arith.negf
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%c: tensor<i1>, %x: tensor<2xf32>) -> tensor<2xf32> {
    %y = onnx.node "If"(%c) subgraphs ["then_branch", "else_branch"] {
      %r = onnx.node "Relu"(%x) : (tensor<2xf32>) -> tensor<2xf32>
      onnx.return %r : tensor<2xf32>
    }, {
      %n = onnx.node "Neg"(%x) : (tensor<2xf32>) -> tensor<2xf32>
      onnx.return %n : tensor<2xf32>
    } : (tensor<i1>) -> tensor<2xf32>
    onnx.return %y : tensor<2xf32>
  }
}
