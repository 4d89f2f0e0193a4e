// RUN: rnn-opt %s -rnn-vectorize-contractions -split-input-file | FileCheck %s

// Six rows share each vector of B; columns at the end are masked.
// CHECK-LABEL: @product
// CHECK: scf.for
// CHECK-COUNT-6: vector.load %{{.*}} : memref<?x?xf32>, vector<16xf32>
// CHECK: scf.for %{{.*}} -> (vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>)
// CHECK-COUNT-1: vector.load %{{.*}} : memref<?x?xf32>, vector<16xf32>
// CHECK-COUNT-6: math.fma
// CHECK: vector.create_mask
// CHECK: vector.maskedstore
#a = affine_map<(m, k, n) -> (m, k)>
#b = affine_map<(m, k, n) -> (k, n)>
#c = affine_map<(m, k, n) -> (m, n)>
func.func @product(%a: memref<?x?xf32>, %b: memref<?x?xf32>, %c: memref<?x?xf32>) {
  linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "reduction", "parallel"]}
      ins(%a, %b : memref<?x?xf32>, memref<?x?xf32>) outs(%c : memref<?x?xf32>) {
  ^bb0(%x: f32, %y: f32, %old: f32):
    %product = arith.mulf %x, %y : f32
    %sum = arith.addf %old, %product : f32
    linalg.yield %sum : f32
  }
  return
}

// -----

// B's columns do not lie one behind the other: left as it is.
// CHECK-LABEL: @transposed
// CHECK: linalg.generic
#a = affine_map<(m, k, n) -> (m, k)>
#b = affine_map<(m, k, n) -> (n, k)>
#c = affine_map<(m, k, n) -> (m, n)>
func.func @transposed(%a: memref<?x?xf32>, %b: memref<?x?xf32>, %c: memref<?x?xf32>) {
  linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "reduction", "parallel"]}
      ins(%a, %b : memref<?x?xf32>, memref<?x?xf32>) outs(%c : memref<?x?xf32>) {
  ^bb0(%x: f32, %y: f32, %old: f32):
    %product = arith.mulf %x, %y : f32
    %sum = arith.addf %old, %product : f32
    linalg.yield %sum : f32
  }
  return
}
