// RUN: rnn-opt %s -convert-onnx -verify-diagnostics

module attributes {onnx.opset = 13 : i64} {
  func.func @main(%a: tensor<2x3xf32>, %b: tensor<4x5xf32>, %d: tensor<3x4xf64>, %s: tensor<f32>, %t: tensor<2x2x3xf32>,
                  %u: tensor<3x3x4xf32>, %i: tensor<2x3xi64>, %x: tensor<1x2x8xf32>, %w: tensor<4x2x3xf32>,
                  %long: tensor<1x2x262144xf32>, %open: tensor<1x?x8xf32>) -> tensor<2x3xf32> {
    // expected-error @+1 {{MatMul expects operands of one type, found tensor<2x3xf32> and tensor<3x4xf64>}}
    %m0 = onnx.node "MatMul"(%a, %d) : (tensor<2x3xf32>, tensor<3x4xf64>) -> !onnx.unknown
    // expected-error @+1 {{MatMul expects operands of rank 1 or more}}
    %m1 = onnx.node "MatMul"(%a, %s) : (tensor<2x3xf32>, tensor<f32>) -> !onnx.unknown
    // expected-error @+1 {{MatMul expects columns of A and rows of B to be equal, found 3 and 4}}
    %m2 = onnx.node "MatMul"(%a, %b) : (tensor<2x3xf32>, tensor<4x5xf32>) -> !onnx.unknown
    // expected-error @+1 {{MatMul expects batch sizes that broadcast, found tensor<2x2x3xf32> and tensor<3x3x4xf32>}}
    %m3 = onnx.node "MatMul"(%t, %u) : (tensor<2x2x3xf32>, tensor<3x3x4xf32>) -> !onnx.unknown
    // expected-error @+2 {{Gemm supports floats, found i64}}
    // expected-error @+1 {{Gemm expects inner sizes of A and B to be equal, found 3 and 2}}
    %g0 = onnx.node "Gemm"(%i, %i) : (tensor<2x3xi64>, tensor<2x3xi64>) -> !onnx.unknown
    // expected-error @+1 {{Gemm expects inner sizes of A and B to be equal, found 3 and 4}}
    %g1 = onnx.node "Gemm"(%a, %b) : (tensor<2x3xf32>, tensor<4x5xf32>) -> !onnx.unknown
    // expected-error @+1 {{Gemm expects C of rank 2 or less, found tensor<2x2x3xf32>}}
    %g2 = onnx.node "Gemm"(%a, %a, %t) with {transB = 1 : i64} : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{Gemm expects C that broadcasts to the product, found tensor<2x3xf32>}}
    %g3 = onnx.node "Gemm"(%a, %a, %a) with {transB = 1 : i64} : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{Conv expects X [N, C, …] and W of the same rank, found tensor<1x2x8xf32> and tensor<2x3xf32>}}
    %c0 = onnx.node "Conv"(%x, %a) : (tensor<1x2x8xf32>, tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{Conv supports known channels and a known shape of W, found tensor<1x?x8xf32> and tensor<4x2x3xf32>}}
    %c12 = onnx.node "Conv"(%open, %w) : (tensor<1x?x8xf32>, tensor<4x2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{Gemm expects two matrices of one type, found tensor<2x3xf32> and tensor<f32>}}
    %g4 = onnx.node "Gemm"(%a, %s) : (tensor<2x3xf32>, tensor<f32>) -> !onnx.unknown
    // expected-error @+1 {{Conv expects groups that divide the channels, found X tensor<1x2x8xf32>, W tensor<4x2x3xf32> and group 2}}
    %c1 = onnx.node "Conv"(%x, %w) with {group = 2 : i64} : (tensor<1x2x8xf32>, tensor<4x2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{Conv expects 2 values in pads, found 1}}
    %c2 = onnx.node "Conv"(%x, %w) with {pads = array<i64: 1>} : (tensor<1x2x8xf32>, tensor<4x2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{Conv expects kernel_shape to be the shape of W}}
    %c3 = onnx.node "Conv"(%x, %w) with {kernel_shape = array<i64: 2>} : (tensor<1x2x8xf32>, tensor<4x2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{Conv expects strides of at least 1, found 0}}
    %c4 = onnx.node "Conv"(%x, %w) with {strides = array<i64: 0>} : (tensor<1x2x8xf32>, tensor<4x2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{Conv supports strides, dilations and pads of at most 2^31, found 9223372036854775807}}
    %c7 = onnx.node "Conv"(%x, %w) with {pads = array<i64: 9223372036854775807, 9223372036854775807>} : (tensor<1x2x8xf32>, tensor<4x2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{Conv supports strides, dilations and pads of at most 2^31, found 2147483649}}
    %c8 = onnx.node "Conv"(%x, %w) with {strides = array<i64: 2147483649>} : (tensor<1x2x8xf32>, tensor<4x2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{Conv supports strides, dilations and pads of at most 2^31, found 9223372036854775807}}
    %c9 = onnx.node "Conv"(%x, %w) with {dilations = array<i64: 9223372036854775807>} : (tensor<1x2x8xf32>, tensor<4x2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{Conv has a window of 4294967297 elements, larger than the padded input}}
    %c10 = onnx.node "Conv"(%x, %w) with {dilations = array<i64: 2147483648>} : (tensor<1x2x8xf32>, tensor<4x2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{Conv supports windows of at most 2^48 elements, found a kernel of 262144 and a dilation of 2147483648}}
    %c11 = onnx.node "Conv"(%x, %long) with {dilations = array<i64: 2147483648>} : (tensor<1x2x8xf32>, tensor<1x2x262144xf32>) -> !onnx.unknown
    // expected-error @+1 {{Conv expects B of 4 elements, found tensor<2x3xf32>}}
    %c5 = onnx.node "Conv"(%x, %w, %a) : (tensor<1x2x8xf32>, tensor<4x2x3xf32>, tensor<2x3xf32>) -> !onnx.unknown
    %y = onnx.node "Cast"(%x) with {to = 11 : i64} : (tensor<1x2x8xf32>) -> !onnx.unknown
    // expected-error @+1 {{Conv expects operands of one type, found tensor<1x2x8xf64> and tensor<4x2x3xf32>}}
    %c6 = onnx.node "Conv"(%y, %w) : (!onnx.unknown, tensor<4x2x3xf32>) -> !onnx.unknown
    onnx.return %a : tensor<2x3xf32>
  }
}
