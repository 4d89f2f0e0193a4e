// RUN: rnn-opt %s --split-input-file --pass-pipeline="builtin.module(rnn-target{target=generic},rpu.program(convert-rnn-to-rpu))" | FileCheck %s

// A weight of three panels of 12000 * 16 * 4 = 768000 bytes does not fit 2 MiB; two copies of one panel do. The first two
// copies are in a loop and take turns in the ring; the last one, of the 8 rows that are left, finds its turn.
// CHECK: rpu.program @projection
// CHECK-DAG: %[[W:.*]] = rpu.buffer{{ +}}weight "weight_0" 1536000
// CHECK-DAG: %[[ACC:.*]] = rpu.buffer{{ +}}acc "projected_0" 320
// CHECK-DAG: rpu.set {rd = [[COPY:[0-9]+]] : i64, value = 768000 : i64}
// CHECK-DAG: rpu.set {rd = [[ROWS:[0-9]+]] : i64, value = 64 : i64}
// CHECK-DAG: %[[DRAM:.*]] = rpu.buffer{{ +}}dram "weight_0" 0
// CHECK-NOT: rpu.copy_in %[[W]]
// CHECK: rpu.loop <2> {
// CHECK-NEXT: rpu.copy_in %[[W]], %[[DRAM]] {bytes = #rpu.n<768000>, dstView = #rpu.view<0, strides = [0, 0, s[[COPY]]], ring = 2 mod 2, pitch = 768000>, role = #rpu<role weights>, rows = #rpu.n<1>, srcView = #rpu.view<0, strides = [0, 0, s[[COPY]]], pitch = 768000>}
// CHECK-NEXT: rpu.product %[[ACC]], %[[W]], %{{.*}} {accView = #rpu.view<0, strides = [0, 0, s[[ROWS]]], pitch = 160>,
// CHECK-SAME: rows = 16
// CHECK-SAME: weightView = #rpu.view<0, strides = [0, 0, s[[COPY]]], ring = 2 mod 2>
// CHECK-NEXT: {{^ *}}}
// CHECK-NEXT: rpu.copy_in %[[W]], %[[DRAM]] {{.*}} dstView = #rpu.view<0, pitch = 768000>, {{.*}} srcView = #rpu.view<1536000, pitch = 768000>}
// CHECK-NEXT: rpu.product %[[ACC]], %[[W]], %{{.*}} {accView = #rpu.view<128, pitch = 160>,
// CHECK-SAME: rows = 8
rpu.program @projection(%x: tensor<?x?x12000xf32>, %w: tensor<40x12000xf32, #rnn.panels<16>>) {
  %y = rnn.recurrence mwl %x project {
  ^bb0(%v: tensor<12000xf32>):
    %p = rnn.product %w, %v : (tensor<40x12000xf32, #rnn.panels<16>>, tensor<12000xf32>) -> tensor<40xf32>
    rnn.yield %p : tensor<40xf32>
  } step {
  ^bb0(%p: tensor<40xf32>):
    rnn.yield %p : tensor<40xf32>
  } {time_tile = 2 : i64} : (tensor<?x?x12000xf32>) -> tensor<?x?x40xf32>
  rpu.return %y : tensor<?x?x40xf32>
}

// -----

// Of the weight of a step, of 65 panels of 8192 * 16 * 4 = 524288 bytes, two panels stay beside a ring of two. The others
// are streamed at every step, a level deeper: 62 in the loop, and the one row of the last behind it.
// CHECK: rpu.program @step
// CHECK-DAG: %[[R:.*]] = rpu.buffer{{ +}}weight "weight_0" 2097152
// CHECK-DAG: rpu.set {rd = [[COPY:[0-9]+]] : i64, value = 524288 : i64}
// CHECK: rpu.copy_in %[[R]], {{.*}} rows = #rpu.n<2>, srcView = #rpu.view<0, pitch = 524288>}
// CHECK: rpu.product %[[ACC:.*]], %[[R]], {{.*}} rows = 32
// CHECK-SAME: weightView = #rpu.view<0>
// CHECK-NEXT: rpu.loop <62> {
// CHECK-NEXT: rpu.copy_in %[[R]], %{{.*}} {bytes = #rpu.n<524288>, dstView = #rpu.view<1048576, strides = [0, 0, 0, s[[COPY]]], ring = 3 mod 2, pitch = 524288>, {{.*}} rows = #rpu.n<1>, srcView = #rpu.view<1048576, strides = [0, 0, 0, s[[COPY]]],
// CHECK-NEXT: rpu.product %[[ACC]], %[[R]], {{.*}} {accView = #rpu.view<128, strides = [0, 0, 0, s
// CHECK-SAME: rows = 16
// CHECK-SAME: vectors = #rpu.n<1>
// CHECK-NEXT: {{^ *}}}
// CHECK-NEXT: rpu.copy_in %[[R]], {{.*}} dstView = #rpu.view<1048576, {{.*}} srcView = #rpu.view<33554432,
// CHECK-NEXT: rpu.product %[[ACC]], %[[R]], {{.*}} {accView = #rpu.view<4096>, {{.*}} rows = 1 :
rpu.program @step(%x: tensor<?x?x1xf32>, %r: tensor<1025x8192xf32, #rnn.panels<16>>, %a: tensor<8192xf32>) {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<1xf32>):
    rnn.yield
  } step {
    %p = rnn.product %r, %a : (tensor<1025x8192xf32, #rnn.panels<16>>, tensor<8192xf32>) -> tensor<1025xf32>
    %n = arith.negf %p : tensor<1025xf32>
    rnn.yield %n : tensor<1025xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x1xf32>) -> tensor<?x?x1025xf32>
  rpu.return %y : tensor<?x?x1025xf32>
}
