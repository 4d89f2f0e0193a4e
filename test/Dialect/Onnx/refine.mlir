// RUN: rnn-opt %s -onnx-refine | FileCheck %s

// CHECK-LABEL: @main
// CHECK-NOT: StringNormalizer
// CHECK: onnx.node "Log"({{.*}}) domain("other")
// CHECK-NOT: "If"
// CHECK-NOT: Sigmoid
// CHECK: %[[Y:.*]] = onnx.node "Relu"
// CHECK: %[[Z:.*]] = onnx.node "Tanh"(%[[Y]])
// CHECK-NEXT: onnx.return %[[Z]]
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<2x3xf32>) -> !onnx.unknown {
    %unused = onnx.node "StringNormalizer"(%x) : (tensor<2x3xf32>) -> !onnx.unknown
    %other = onnx.node "Log"(%x) domain("other") : (tensor<2x3xf32>) -> !onnx.unknown
    %user = onnx.node "Foo"(%unused) : (!onnx.unknown) -> !onnx.unknown
    %y = onnx.node "Relu"(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
    %yes = onnx.constant dense<true> : tensor<i1>
    %z = onnx.node "If"(%yes) subgraphs ["then_branch", "else_branch"] {
      %t = onnx.node "Tanh"(%y) : (tensor<2x3xf32>) -> !onnx.unknown
      onnx.return %t : !onnx.unknown
    }, {
      %s = onnx.node "Sigmoid"(%y) : (tensor<2x3xf32>) -> !onnx.unknown
      onnx.return %s : !onnx.unknown
    } : (tensor<i1>) -> !onnx.unknown
    onnx.return %z : !onnx.unknown
  }
}
