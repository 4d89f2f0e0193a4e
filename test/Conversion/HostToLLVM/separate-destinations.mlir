// RUN: rnn-opt %s --rnn-separate-destinations | FileCheck %s

// Every use has its own tensor, right before the operation; what nothing uses goes.
// CHECK-LABEL: func.func @chain
// CHECK-SAME: (%[[X:.*]]: tensor<?xf32>, %[[N:.*]]: index)
// CHECK-NEXT: %[[FIRST:.*]] = tensor.empty(%[[N]])
// CHECK-NEXT: %[[A:.*]] = linalg.exp ins(%[[X]] : tensor<?xf32>) outs(%[[FIRST]] : tensor<?xf32>)
// CHECK-NEXT: %[[SECOND:.*]] = tensor.empty(%[[N]])
// CHECK-NEXT: %[[B:.*]] = linalg.abs ins(%[[A]] : tensor<?xf32>) outs(%[[SECOND]] : tensor<?xf32>)
// CHECK-NEXT: return %[[B]]
func.func @chain(%x: tensor<?xf32>, %n: index) -> tensor<?xf32> {
  %unused = tensor.empty() : tensor<4xf32>
  %empty = tensor.empty(%n) : tensor<?xf32>
  %a = linalg.exp ins(%x : tensor<?xf32>) outs(%empty : tensor<?xf32>) -> tensor<?xf32>
  %b = linalg.abs ins(%a : tensor<?xf32>) outs(%empty : tensor<?xf32>) -> tensor<?xf32>
  return %b : tensor<?xf32>
}

// An operation that uses one twice has two, and so has one inside a region.
// CHECK-LABEL: func.func @twice
// CHECK: scf.if
// CHECK-NEXT: %[[FIRST:.*]] = tensor.empty() : tensor<4xf32>
// CHECK-NEXT: %[[SECOND:.*]] = tensor.empty() : tensor<4xf32>
// CHECK-NEXT: linalg.generic
// CHECK-SAME: outs({{%.*, %.*}} : tensor<4xf32>, tensor<4xf32>)
// CHECK: else
// CHECK-NEXT: %[[THIRD:.*]] = tensor.empty() : tensor<4xf32>
// CHECK-NEXT: scf.yield %[[THIRD]]
#same = affine_map<(i) -> (i)>
func.func @twice(%x: tensor<4xf32>, %which: i1) -> tensor<4xf32> {
  %empty = tensor.empty() : tensor<4xf32>
  %y = scf.if %which -> tensor<4xf32> {
    %pair:2 = linalg.generic {indexing_maps = [#same, #same, #same], iterator_types = ["parallel"]}
        ins(%x : tensor<4xf32>) outs(%empty, %empty : tensor<4xf32>, tensor<4xf32>) {
    ^bb0(%in: f32, %a: f32, %b: f32):
      linalg.yield %in, %in : f32, f32
    } -> (tensor<4xf32>, tensor<4xf32>)
    scf.yield %pair#1 : tensor<4xf32>
  } else {
    scf.yield %empty : tensor<4xf32>
  }
  return %y : tensor<4xf32>
}
