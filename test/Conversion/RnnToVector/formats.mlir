// RUN: rnn-opt %s -rnn-encode-weights -convert-rnn-to-vector | FileCheck %s

// Numbers of f16 are kept as such and computed with as f32; a sum of f16 is rounded behind each column, one of f32 never.

// CHECK-LABEL: @f
// CHECK: %[[W:.*]] = vector.load %{{.*}} : memref<1x4x16xf16>, vector<16xf16>
// CHECK-NEXT: %[[WIDE:.*]] = arith.extf %[[W]] : vector<16xf16> to vector<16xf32>
// CHECK-NEXT: %[[SUM:.*]] = vector.fma %[[WIDE]], %{{.*}}, %{{.*}} : vector<16xf32>
// CHECK-NEXT: scf.yield %[[SUM]]
// CHECK: vector.fma
// CHECK-NEXT: %[[ROUNDED:.*]] = arith.truncf %{{.*}} : vector<16xf32> to vector<16xf16>
// CHECK-NEXT: %[[AGAIN:.*]] = arith.extf %[[ROUNDED]] : vector<16xf16> to vector<16xf32>
// CHECK-NEXT: scf.yield %[[AGAIN]]
// CHECK: vector.store %{{.*}} : memref<32xf16>, vector<16xf16>
func.func @f(%x: tensor<1x1x4xf16>, %w: tensor<4x4xf16>) -> tensor<1x1x4xf16> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf16>):
    %p = rnn.product %w, %v : (tensor<4x4xf16>, tensor<4xf16>) -> tensor<4xf32>
    %q = rnn.product %w, %v : (tensor<4x4xf16>, tensor<4xf16>) -> tensor<4xf16>
    rnn.yield %p, %q : tensor<4xf32>, tensor<4xf16>
  } step {
  ^bb0(%p: tensor<4xf32>, %q: tensor<4xf16>):
    %wide = arith.extf %q : tensor<4xf16> to tensor<4xf32>
    %sum = arith.addf %p, %wide : tensor<4xf32>
    %n = arith.truncf %sum : tensor<4xf32> to tensor<4xf16>
    rnn.yield %n : tensor<4xf16>
  } {time_tile = 1 : i64} : (tensor<1x1x4xf16>) -> tensor<1x1x4xf16>
  return %y : tensor<1x1x4xf16>
}
