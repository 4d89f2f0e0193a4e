// RUN: rnn-opt %s -onnx-verify | FileCheck %s

module attributes {onnx.opset = 17 : i64} {
// A branch that a constant condition never takes may hold anything.
// CHECK-LABEL: func.func @main
func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %false = onnx.constant dense<false> : tensor<i1>
  // CHECK: onnx.node "If"
  %y = onnx.node "If"(%false) subgraphs ["then_branch", "else_branch"] {
    %a = onnx.node "Foo"(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
    onnx.return %a : tensor<2x3xf32>
  }, {
    %a = onnx.node "Softmax"(%x) with {axis = 1 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
    onnx.return %a : tensor<2x3xf32>
  } : (tensor<i1>) -> tensor<2x3xf32>
  onnx.return %y : tensor<2x3xf32>
}
}
