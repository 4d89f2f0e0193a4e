// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=%S/Inputs/both.yaml},rnn-encode-weights,rnn-outline,rpu.program(convert-rnn-to-rpu))" | FileCheck %s

// Views have the formats of their types, and bytes follow: a row of x takes 8 bytes. A conversion takes no micro-operation:
// a load widens and a store rounds. Sums of f16 are rounded behind each column.

// CHECK: rpu.product {{.*}}accView = #rpu.view<{{[^>]*}}>, {{.*}}weightView = #rpu.view<{{[^>]*}}format = f16>, {{.*}}xView = #rpu.view<{{[^>]*}}format = f16>
// CHECK-NOT: round
// CHECK: rpu.product {{.*}}accView = #rpu.view<{{[^>]*}}format = f16>{{.*}}round
// CHECK: rpu.lanes
// CHECK: %[[Q:.*]] = rpu.lane.load %{{.*}} {sourceView = #rpu.view<{{[^>]*}}format = f16>}
// CHECK-NEXT: %[[P:.*]] = rpu.lane.load
// CHECK-NOT: format
// CHECK: %[[SUM:.*]] = rpu.lane.add %[[P]], %[[Q]]
// CHECK-NEXT: rpu.lane.store %{{.*}}, %[[SUM]] {targetView = #rpu.view<{{[^>]*}}format = f16>}
func.func @f(%x: tensor<?x?x4xf16>, %w: tensor<4x4xf16>) -> tensor<?x?x4xf16> {
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
  } {time_tile = 1 : i64} : (tensor<?x?x4xf16>) -> tensor<?x?x4xf16>
  return %y : tensor<?x?x4xf16>
}

// What is rounded and taken again goes through memory: a store, and a load of it in the next lane program.
// CHECK: rpu.lane.store %{{.*}} {targetView = #rpu.view<{{[^>]*}}format = f16>}
// CHECK: rpu.lanes
// CHECK: rpu.lane.load %{{.*}} {sourceView = #rpu.view<{{[^>]*}}format = f16>}
// CHECK-NEXT: rpu.lane.neg
func.func @g(%x: tensor<?x?x4xf32>) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield %v : tensor<4xf32>
  } step {
  ^bb0(%v: tensor<4xf32>):
    %a = rnn.activation tanh %v : tensor<4xf32>
    %n = arith.truncf %a : tensor<4xf32> to tensor<4xf16>
    %r = arith.extf %n : tensor<4xf16> to tensor<4xf32>
    %z = arith.negf %r : tensor<4xf32>
    rnn.yield %z : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}
