// RUN: rnnc compile %s -o %t.rpu
// RUN: sed 's/opset = 1 /opset = 3 /' %s > %t.mlir
// RUN: not rnnc compile %t.mlir -o %t.rpu 2>&1 | FileCheck %s

// Version 1 of GRU spells its default direction "foward"; version 3 corrects it.

// CHECK: GRU: attribute 'direction': expected forward, reverse or bidirectional, found 'foward'
module attributes {onnx.opset = 1 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x12x3xf32>, %r: tensor<1x12x4xf32>) -> tensor<5x1x2x4xf32> {
    %y = onnx.node "GRU"(%x, %w, %r) with {direction = "foward"}
      : (tensor<5x2x3xf32>, tensor<1x12x3xf32>, tensor<1x12x4xf32>) -> tensor<5x1x2x4xf32>
    onnx.return %y : tensor<5x1x2x4xf32>
  }
}
