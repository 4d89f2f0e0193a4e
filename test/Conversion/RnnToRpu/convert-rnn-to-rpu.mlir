// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=generic},rpu.program(convert-rnn-to-rpu))" | FileCheck %s

// Loops over batch, tiles and steps with counts in registers; a tile's input products are one instruction, the steps
// accumulate on them, and the element-wise part is one lane program. The final state, which is not returned, stays.
// CHECK: rpu.program @tanh
// CHECK-DAG: %[[X:.*]] = rpu.buffer{{ +}}vector "x" 192
// CHECK-DAG: %[[Y:.*]] = rpu.buffer{{ +}}vector "y" 256
// CHECK-DAG: %[[STATE:.*]] = rpu.buffer{{ +}}vector "state_0" 16
// CHECK-DAG: %[[ACC:.*]] = rpu.buffer{{ +}}acc "projected_0" 128
// CHECK-DAG: %[[W:.*]] = rpu.buffer{{ +}}weight "weight_0" 192
// CHECK-DAG: %[[R:.*]] = rpu.buffer{{ +}}weight "weight_1" 256
// CHECK: rpu.loop <s3> attributes {role = #rpu<role sequences>} {
// CHECK: rpu.copy_in %[[STATE]]
// CHECK: rpu.loop <s{{.*}}> attributes {role = #rpu<role tiles>} {
// CHECK: rpu.copy_in %[[X]], {{.*}} ring = 1 mod 2
// CHECK: rpu.product %[[ACC]], %[[W]], %[[X]]
// CHECK-SAME: vectors = #rpu.n<s
// CHECK: rpu.loop <s{{.*}}> attributes {role = #rpu<role steps>} {
// CHECK-NEXT: rpu.product %[[ACC]], %[[R]], %[[STATE]]
// CHECK-SAME: accumulate
// CHECK-SAME: vectors = #rpu.n<1>
// CHECK-NEXT: rpu.lanes 4
// CHECK: %[[NEW:.*]] = rpu.lane.tanh
// CHECK-DAG: rpu.lane.store %[[STATE]], %[[NEW]]
// CHECK-DAG: rpu.lane.store %[[Y]], %[[NEW]]
// CHECK: rpu.copy_out %{{.*}}, %[[Y]]
// CHECK-NOT: rpu.copy_out
// CHECK: rpu.halt
rpu.program @tanh(%x: tensor<?x?x3xf32>, %h0: tensor<?x4xf32>) attributes {semaphores = array<i64>} {
  %w = arith.constant dense<0.5> : tensor<4x3xf32, #rnn.panels<16>>
  %r = arith.constant dense<0.25> : tensor<4x4xf32, #rnn.panels<16>>
  %y, %h = rnn.recurrence mwl %x init(%h0) project {
  ^bb0(%v: tensor<3xf32>):
    %p = rnn.product %w, %v : (tensor<4x3xf32, #rnn.panels<16>>, tensor<3xf32>) -> tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } step {
  ^bb0(%p: tensor<4xf32>, %s: tensor<4xf32>):
    %sum = rnn.product %r, %s acc(%p) : (tensor<4x4xf32, #rnn.panels<16>>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %n = rnn.activation tanh %sum : tensor<4xf32>
    rnn.yield %n, %n : tensor<4xf32>, tensor<4xf32>
  } {time_tile = 8 : i64} : (tensor<?x?x3xf32>, tensor<?x4xf32>) -> (tensor<?x?x4xf32>, tensor<?x4xf32>)
  rpu.return %y : tensor<?x?x4xf32>
}
