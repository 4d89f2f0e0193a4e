// RUN: rnn-opt %s -convert-onnx -canonicalize -split-input-file | FileCheck %s

// Whatever the operator, what it makes of constants is a constant.
// CHECK-LABEL: @main
// CHECK-DAG: %[[MOD:.*]] = arith.constant dense<2> : tensor<1xi64>
// CHECK-DAG: %[[RANGE:.*]] = arith.constant dense<[1, 3, 5]> : tensor<3xi32>
// CHECK-DAG: %[[TILE:.*]] = arith.constant dense<{{\[\[}}1, 3, 5, 1, 3, 5]]> : tensor<1x6xi32>
// CHECK-DAG: %[[PRODUCT:.*]] = arith.constant dense<6> : tensor<i64>
// CHECK-DAG: %[[TOP:.*]] = arith.constant dense<[5, 3]> : tensor<2xi32>
// CHECK-DAG: %[[BYTES:.*]] = arith.constant dense<[1, 3, 5]> : tensor<3xui8>
// CHECK: return %[[MOD]], %[[RANGE]], %[[TILE]], %[[PRODUCT]], %[[TOP]], %[[BYTES]]
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<2x3xf32>) -> (!onnx.unknown, !onnx.unknown, !onnx.unknown, !onnx.unknown, !onnx.unknown, !onnx.unknown) {
    %a = onnx.constant dense<-7> : tensor<1xi64>
    %b = onnx.constant dense<3> : tensor<1xi64>
    %mod = onnx.node "Mod"(%a, %b) : (tensor<1xi64>, tensor<1xi64>) -> !onnx.unknown
    %start = onnx.constant dense<1> : tensor<i32>
    %limit = onnx.constant dense<6> : tensor<i32>
    %step = onnx.constant dense<2> : tensor<i32>
    %range = onnx.node "Range"(%start, %limit, %step) : (tensor<i32>, tensor<i32>, tensor<i32>) -> !onnx.unknown
    %axes = onnx.constant dense<0> : tensor<1xi64>
    %row = onnx.node "Unsqueeze"(%range, %axes) : (!onnx.unknown, tensor<1xi64>) -> !onnx.unknown
    %repeats = onnx.constant dense<[1, 2]> : tensor<2xi64>
    %tile = onnx.node "Tile"(%row, %repeats) : (!onnx.unknown, tensor<2xi64>) -> !onnx.unknown
    %shape = onnx.node "Shape"(%x) : (tensor<2x3xf32>) -> !onnx.unknown
    %product = onnx.node "ReduceProd"(%shape) with {keepdims = 0 : i64} : (!onnx.unknown) -> !onnx.unknown
    %two = onnx.constant dense<2> : tensor<1xi64>
    %top:2 = onnx.node "TopK"(%range, %two) : (!onnx.unknown, tensor<1xi64>) -> (!onnx.unknown, !onnx.unknown)
    %bytes = onnx.node "Cast"(%range) with {to = 2 : i64} : (!onnx.unknown) -> !onnx.unknown
    onnx.return %mod, %range, %tile, %product, %top#0, %bytes
        : !onnx.unknown, !onnx.unknown, !onnx.unknown, !onnx.unknown, !onnx.unknown, !onnx.unknown
  }
}

// -----

// A weight that the graph scales is one of the program.
// CHECK-LABEL: @main
// CHECK: %[[W:.*]] = arith.constant dense<{{\[\[}}6.000000e-01, 8.000000e-01]]> : tensor<1x2xf32>
// CHECK: return %[[W]]
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<2xf32>) -> !onnx.unknown {
    %v = onnx.constant dense<[[3.0, 4.0]]> : tensor<1x2xf32>
    %norm = onnx.node "ReduceL2"(%v) with {axes = array<i64: 1>} : (tensor<1x2xf32>) -> !onnx.unknown
    %w = onnx.node "Div"(%v, %norm) : (tensor<1x2xf32>, !onnx.unknown) -> !onnx.unknown
    onnx.return %w : !onnx.unknown
  }
}

// -----

// What would end the run is left to it.
// CHECK-LABEL: @main
// CHECK: cf.assert %{{.*}}, "GatherElements expects indices in range"
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<2xf32>) -> !onnx.unknown {
    %v = onnx.constant dense<[3.0, 4.0]> : tensor<2xf32>
    %far = onnx.constant dense<7> : tensor<1xi64>
    %w = onnx.node "GatherElements"(%v, %far) : (tensor<2xf32>, tensor<1xi64>) -> !onnx.unknown
    onnx.return %w : !onnx.unknown
  }
}
