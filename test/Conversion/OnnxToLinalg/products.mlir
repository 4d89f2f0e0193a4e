// RUN: rnn-opt %s -convert-onnx -canonicalize -split-input-file | FileCheck %s

// CHECK-DAG: #[[$A:.*]] = affine_map<(d0, d1, d2) -> (d0, d1)>
// CHECK-DAG: #[[$B:.*]] = affine_map<(d0, d1, d2) -> (d1, d2)>
// CHECK-DAG: #[[$Y:.*]] = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK-LABEL: @main
// CHECK: linalg.generic
// CHECK-SAME: indexing_maps = [#[[$A]], #[[$B]], #[[$Y]]], iterator_types = ["parallel", "reduction", "parallel"]
// CHECK: arith.mulf
// CHECK: arith.addf
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>) -> tensor<2x4xf32> {
    %y = onnx.node "MatMul"(%a, %b) : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
    onnx.return %y : tensor<2x4xf32>
  }
}

// -----

// A batch of size 1 is read again, not written out; a vector gives no column.
// CHECK: affine_map<(d0, d1, d2, d3) -> (0, d1, d2)>
// CHECK-LABEL: @main
// CHECK-SAME: -> (tensor<5x2x4xf32>, tensor<2xf32>)
// CHECK: linalg.generic
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%a: tensor<1x2x3xf32>, %b: tensor<5x3x4xf32>, %m: tensor<2x3xf32>, %v: tensor<3xf32>)
      -> (!onnx.unknown, !onnx.unknown) {
    %y = onnx.node "MatMul"(%a, %b) : (tensor<1x2x3xf32>, tensor<5x3x4xf32>) -> !onnx.unknown
    %z = onnx.node "MatMul"(%m, %v) : (tensor<2x3xf32>, tensor<3xf32>) -> !onnx.unknown
    onnx.return %y, %z : !onnx.unknown, !onnx.unknown
  }
}

// -----

// A is read transposed, B written so that its rows are contiguous; alpha and beta scale in one pass over the result.
// CHECK-DAG: #[[$A:.*]] = affine_map<(d0, d1, d2) -> (d1, d0)>
// CHECK-DAG: #[[$B:.*]] = affine_map<(d0, d1, d2) -> (d1, d2)>
// CHECK-DAG: #[[$C:.*]] = affine_map<(d0, d1) -> (d1)>
// CHECK-LABEL: @main
// CHECK: linalg.transpose ins(%{{.*}} : tensor<4x3xf32>) outs(%{{.*}} : tensor<3x4xf32>) permutation = [1, 0]
// CHECK: linalg.generic {indexing_maps = [#[[$A]], #[[$B]], #{{.*}}]
// CHECK: linalg.generic {indexing_maps = [#{{.*}}, #[[$C]], #{{.*}}]
// CHECK: arith.mulf %{{.*}}, %cst
// CHECK: arith.mulf %{{.*}}, %cst
// CHECK: arith.addf
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%a: tensor<3x2xf32>, %b: tensor<4x3xf32>, %c: tensor<4xf32>) -> tensor<2x4xf32> {
    %y = onnx.node "Gemm"(%a, %b, %c) with {alpha = 0.5 : f32, beta = 2.0 : f32, transA = 1 : i64, transB = 1 : i64}
      : (tensor<3x2xf32>, tensor<4x3xf32>, tensor<4xf32>) -> tensor<2x4xf32>
    onnx.return %y : tensor<2x4xf32>
  }
}

// -----

// The pads of SAME follow from the size at run time.
// CHECK-LABEL: @main
// CHECK: arith.floordivsi
// CHECK: arith.maxsi
// CHECK: tensor.insert_slice
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<1x2x?xf32>, %w: tensor<4x2x3xf32>) -> tensor<1x4x?xf32> {
    %y = onnx.node "Conv"(%x, %w) with {auto_pad = "SAME_UPPER", strides = array<i64: 2>}
      : (tensor<1x2x?xf32>, tensor<4x2x3xf32>) -> tensor<1x4x?xf32>
    onnx.return %y : tensor<1x4x?xf32>
  }
}

// -----

// Batches of one size are neither compared nor written out.
// CHECK-LABEL: @main
// CHECK-SAME: (%[[X:.*]]: tensor<?x3x3xf32>)
// CHECK-NOT: cf.assert
// CHECK-NOT: tensor.extract
// CHECK: linalg.generic {{.*}} ins(%[[X]], %[[X]] :
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<?x3x3xf32>) -> tensor<?x3x3xf32> {
    %y = onnx.node "MatMul"(%x, %x) : (tensor<?x3x3xf32>, tensor<?x3x3xf32>) -> tensor<?x3x3xf32>
    onnx.return %y : tensor<?x3x3xf32>
  }
}

// -----

// C of the product's own size is not compared with it.
// CHECK-LABEL: @main
// CHECK-SAME: (%[[X:.*]]: tensor<?x3xf32>, %[[W:.*]]: tensor<3x3xf32>)
// CHECK-NOT: cf.assert
// CHECK: %[[PRODUCT:.*]] = linalg.generic {{.*}} ins(%[[X]], %[[W]] :
// CHECK-NOT: tensor.extract
// CHECK: linalg.generic {{.*}} ins(%[[PRODUCT]], %[[X]] :
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<?x3xf32>, %w: tensor<3x3xf32>) -> tensor<?x3xf32> {
    %y = onnx.node "Gemm"(%x, %w, %x) : (tensor<?x3xf32>, tensor<3x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
    onnx.return %y : tensor<?x3xf32>
  }
}
