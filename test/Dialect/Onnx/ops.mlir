// RUN: rnn-opt %s | rnn-opt | FileCheck %s

// CHECK: module attributes {onnx.opset = 17 : i64}
module attributes {onnx.opset = 17 : i64} {
// CHECK-LABEL: func.func @main
func.func @main(%x: tensor<?x1x4xf32> {onnx.name = "x", onnx.dims = ["time", "", ""]}, %c: tensor<i1>)
    -> (!onnx.unknown, tensor<?xui8>) {
  // CHECK: %[[W:.*]] = onnx.constant dense<1.000000e+00> : tensor<1x32x4xf32>
  %w = onnx.constant dense<1.0> : tensor<1x32x4xf32>
  %none = onnx.none
  // CHECK: onnx.node "LSTM"(%{{.*}}, %[[W]], %{{.*}}) with {hidden_size = 8 : i64} : (
  %h:2 = onnx.node "LSTM"(%x, %w, %none) with {hidden_size = 8 : i64}
      : (tensor<?x1x4xf32>, tensor<1x32x4xf32>, !onnx.none) -> (!onnx.unknown, !onnx.unknown)
  // CHECK: onnx.node "If"(%{{.*}}) subgraphs ["then_branch", "else_branch"] {
  %i = onnx.node "If"(%c) subgraphs ["then_branch", "else_branch"] {
    // CHECK: onnx.node "Custom"(%{{.*}}) domain("org.example") :
    %y = onnx.node "Custom"(%h#0) domain("org.example") : (!onnx.unknown) -> tensor<?xui8>
    onnx.return %y : tensor<?xui8>
  // CHECK: }, {
  }, {
    %y = onnx.node "Cast"(%h#1) with {to = 2 : i64} : (!onnx.unknown) -> tensor<?xui8>
    onnx.return %y : tensor<?xui8>
  } : (tensor<i1>) -> tensor<?xui8>
  onnx.return %h#0, %i : !onnx.unknown, tensor<?xui8>
}
}
