// RUN: rnnc compile -v %s --target=generic -o %t.rpu 2>&1 | FileCheck %s --check-prefix=DEVICE
// RUN: rnnc compile -v %s --target=cpu -o %t.rpu 2>&1 | FileCheck %s --check-prefix=HOST

// With -v the compiler tells which nodes are left to host code: those that are neither on the device nor computed at
// compile time.
// DEVICE: compile-verbose-host.mlir{{.*}}: remark: host code: 2 Relu, 1 Tanh{{$}}
// HOST: compile-verbose-host.mlir{{.*}}: remark: host code: 1 RNN, 2 Relu, 1 Tanh{{$}}
module attributes {onnx.opset = 14 : i64} {
  func.func @main(%x: tensor<5x1x4xf32>, %w: tensor<1x8x4xf32>, %r: tensor<1x8x8xf32>) -> tensor<5x1x1x8xf32> {
    %0 = onnx.node "Relu"(%x) : (tensor<5x1x4xf32>) -> tensor<5x1x4xf32>
    %shape = onnx.node "Shape"(%x) : (tensor<5x1x4xf32>) -> tensor<3xi64>
    %1 = onnx.node "Reshape"(%0, %shape) : (tensor<5x1x4xf32>, tensor<3xi64>) -> tensor<5x1x4xf32>
    %2 = onnx.node "RNN"(%1, %w, %r)
      : (tensor<5x1x4xf32>, tensor<1x8x4xf32>, tensor<1x8x8xf32>) -> tensor<5x1x1x8xf32>
    %3 = onnx.node "Relu"(%2) : (tensor<5x1x1x8xf32>) -> tensor<5x1x1x8xf32>
    %4 = onnx.node "Tanh"(%3) : (tensor<5x1x1x8xf32>) -> tensor<5x1x1x8xf32>
    onnx.return %4 : tensor<5x1x1x8xf32>
  }
}
