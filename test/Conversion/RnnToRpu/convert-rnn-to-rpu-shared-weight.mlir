// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=generic},rpu.program(convert-rnn-to-rpu))" | FileCheck %s

// A weight of two products has one buffer and is loaded once.
// CHECK: rpu.program @shared
// CHECK: %[[W:.*]] = rpu.buffer{{ +}}weight "weight_0" 1024
// CHECK-NOT: "weight_1"
// CHECK: rpu.copy_in %[[W]]
// CHECK-NOT: rpu.copy_in %[[W]]
// CHECK: rpu.product %{{.*}}, %[[W]]
// CHECK: rpu.product %{{.*}}, %[[W]]
rpu.program @shared(%x: tensor<?x?x16xf32>, %w: tensor<16x16xf32, #rnn.panels<16>>) {
  %y = rnn.recurrence mwl %x project {
  ^bb0(%v: tensor<16xf32>):
    %p = rnn.product %w, %v : (tensor<16x16xf32, #rnn.panels<16>>, tensor<16xf32>) -> tensor<16xf32>
    rnn.yield %p : tensor<16xf32>
  } step {
  ^bb0(%p: tensor<16xf32>):
    %n = rnn.product %w, %p : (tensor<16x16xf32, #rnn.panels<16>>, tensor<16xf32>) -> tensor<16xf32>
    rnn.yield %n : tensor<16xf32>
  } {time_tile = 2 : i64} : (tensor<?x?x16xf32>) -> tensor<?x?x16xf32>
  rpu.return %y : tensor<?x?x16xf32>
}
