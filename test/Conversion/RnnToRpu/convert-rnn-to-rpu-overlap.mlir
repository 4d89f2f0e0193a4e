// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=generic},rpu.program(convert-rnn-to-rpu))" | FileCheck %s

// Of the five panels of the input weight each step of a tile of two multiplies two with the inputs of the next tile, into
// the other slot of the projected values; the fifth is left to the end of the tile. The first tile is projected whole.
// CHECK: rpu.program @tanh
// CHECK-DAG: %[[X:.*]] = rpu.buffer{{ +}}vector "x" 48
// CHECK-DAG: %[[ACC:.*]] = rpu.buffer{{ +}}acc "projected_0" 1280
// CHECK-DAG: %[[W:.*]] = rpu.buffer{{ +}}weight "weight_0" 960
// CHECK-DAG: rpu.set {rd = [[BACK:[0-9]+]] : i64, value = -640 : i64}
// CHECK-DAG: rpu.set {rd = [[XBACK:[0-9]+]] : i64, value = -24 : i64}
// CHECK-DAG: rpu.set {rd = [[ROWS:[0-9]+]] : i64, value = 128 : i64}
// CHECK-DAG: rpu.set {rd = [[PANELS:[0-9]+]] : i64, value = 384 : i64}
// CHECK: rpu.copy_in %[[X]], {{.*}} dstView = #rpu.view<0, pitch = 12>
// CHECK: rpu.copy_in %[[X]], {{.*}} dstView = #rpu.view<24, pitch = 12>
// CHECK: rpu.product %[[ACC]], %[[W]], %[[X]] {accView = #rpu.view<0, pitch = 320>,
// CHECK-SAME: rows = 80
// CHECK: rpu.loop
// CHECK: rpu.copy_in %[[X]], {{.*}} ring = 1 mod 2
// CHECK: rpu.loop
// CHECK: rpu.product %[[ACC]], {{.*}} accumulate
// CHECK-NEXT: rpu.product %[[ACC]], %[[W]], %[[X]] {accView = #rpu.view<640, strides = [0, s[[BACK]], s[[ROWS]]], ring = 1 mod 2, pitch = 320>,
// CHECK-SAME: pieces = array<i64: 2, 2>
// CHECK-SAME: rows = 32
// CHECK-SAME: vectors = #rpu.n<s[[NEXT:[0-9]+]]>
// CHECK-SAME: weightView = #rpu.view<0, strides = [0, 0, s[[PANELS]]]>
// CHECK-SAME: xView = #rpu.view<24, strides = [0, s[[XBACK]]], ring = 1 mod 2, pitch = 12>
// CHECK-NEXT: rpu.lanes 80
// CHECK: }
// CHECK: rpu.product %[[ACC]], %[[W]], %[[X]] {accView = #rpu.view<896, strides = [0, s[[BACK]]], ring = 1 mod 2, pitch = 320>,
// CHECK-SAME: rows = 16
// CHECK-SAME: vectors = #rpu.n<s[[NEXT]]>
// CHECK-SAME: weightView = #rpu.view<768>
rpu.program @tanh(%x: tensor<?x?x3xf32>) attributes {semaphores = array<i64>} {
  %w = arith.constant dense<0.5> : tensor<80x3xf32, #rnn.panels<16>>
  %r = arith.constant dense<0.25> : tensor<80x80xf32, #rnn.panels<16>>
  %y, %h = rnn.recurrence overlap %x project {
  ^bb0(%v: tensor<3xf32>):
    %p = rnn.product %w, %v : (tensor<80x3xf32, #rnn.panels<16>>, tensor<3xf32>) -> tensor<80xf32>
    rnn.yield %p : tensor<80xf32>
  } step {
  ^bb0(%p: tensor<80xf32>, %s: tensor<80xf32>):
    %sum = rnn.product %r, %s acc(%p) : (tensor<80x80xf32, #rnn.panels<16>>, tensor<80xf32>, tensor<80xf32>) -> tensor<80xf32>
    %n = rnn.activation tanh %sum : tensor<80xf32>
    rnn.yield %n, %n : tensor<80xf32>, tensor<80xf32>
  } {time_tile = 2 : i64} : (tensor<?x?x3xf32>) -> (tensor<?x?x80xf32>, tensor<?x80xf32>)
  rpu.return %y : tensor<?x?x80xf32>
}
