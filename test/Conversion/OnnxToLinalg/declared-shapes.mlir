// RUN: rnn-opt %s -convert-onnx -verify-diagnostics

// Sizes of which one is not known, and declarations without a rank, contradict nothing.
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<2x?xf32>) -> (tensor<?x5xf32>, tensor<*xf32>) {
    %a = onnx.node "Relu"(%x) : (tensor<2x?xf32>) -> tensor<?x5xf32>
    %b = onnx.node "Relu"(%x) : (tensor<2x?xf32>) -> tensor<*xf32>
    onnx.return %a, %b : tensor<?x5xf32>, tensor<*xf32>
  }
}
