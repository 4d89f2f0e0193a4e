// RUN: rnn-opt %s --split-input-file --pass-pipeline="builtin.module(rnn-target{target=generic},rpu.program(convert-rnn-to-rpu))" | FileCheck %s

// In reverse the walk begins at the last step, whose address is a register's, and goes back by a step and by a tile.
// CHECK: rpu.program @reverse
// CHECK-SAME: #rpu.argument<"x", output = false, bytes = 4, shape = [-1, -1, 4], base = [[XBASE:[0-9]+]], dims = {{\[}}[[STEPS:[0-9]+]], [[BATCH:[0-9]+]], 0]>
// CHECK-DAG: rpu.set {rd = [[TILE:[0-9]+]] : i64, time_tile, value = 3 : i64}
// CHECK-DAG: %[[X:.*]] = rpu.buffer{{ +}}dram "x_from_last" 0 {argument = 0 : i64, base = [[FIRST:[0-9]+]] : i64}
// CHECK: rpu.mul {ra = [[BATCH]] : i64, rb = [[BYTES:[0-9]+]] : i64, rd = [[TIME:[0-9]+]] : i64}
// CHECK: rpu.sub {ra = 0 : i64, rb = [[TIME]] : i64, rd = [[BACK:[0-9]+]] : i64}
// CHECK: rpu.mul {ra = [[BACK]] : i64, rb = [[TILE]] : i64, rd = [[TILEBACK:[0-9]+]] : i64}
// CHECK: rpu.sub {ra = [[STEPS]] : i64, rb = {{.*}}, rd = [[LAST:[0-9]+]] : i64}
// CHECK: rpu.mul {ra = [[LAST]] : i64, rb = [[TIME]] : i64, rd = [[OFFSET:[0-9]+]] : i64}
// CHECK: rpu.add {ra = [[XBASE]] : i64, rb = [[OFFSET]] : i64, rd = [[FIRST]] : i64}
// CHECK: rpu.copy_in %{{.*}}, %[[X]] {{.*}} srcView = #rpu.view<0, strides = [s[[BYTES]], s[[TILEBACK]]], pitch = s[[BACK]]>}
rpu.program @reverse(%x: tensor<?x?x4xf32>) {
  %y, %h = rnn.recurrence mwl %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
  ^bb0(%s: tensor<4xf32>):
    %n = arith.negf %s : tensor<4xf32>
    rnn.yield %n, %n : tensor<4xf32>, tensor<4xf32>
  } {reverse, time_tile = 3 : i64} : (tensor<?x?x4xf32>) -> (tensor<?x?x4xf32>, tensor<?x4xf32>)
  rpu.return %y : tensor<?x?x4xf32>
}

// -----

// The length of each sequence is fetched; it bounds the tiles, y is filled with zeros behind it, and so is a state that is
// returned where the length is 0.
// CHECK: rpu.program @lengths
// CHECK-DAG: %[[LENGTHS:.*]] = rpu.buffer{{ +}}dram "lengths" 0 {argument = 1 : i64}
// CHECK-DAG: rpu.set {rd = [[FOUR:[0-9]+]] : i64, value = 4 : i64}
// CHECK-DAG: rpu.set {rd = [[ONE:[0-9]+]] : i64, value = 1 : i64}
// CHECK-DAG: %[[STATE:.*]] = rpu.buffer{{ +}}vector "state_0"
// CHECK-DAG: %[[PAST:.*]] = rpu.buffer{{ +}}dram "y_past_length"
// CHECK-DAG: %[[NOSTATE:.*]] = rpu.buffer{{ +}}dram "no_state_0"
// CHECK: rpu.fetch %[[LENGTHS]] {rd = [[LENGTH:[0-9]+]] : i64, sourceView = #rpu.view<0, strides = [s[[FOUR]]]>}
// CHECK: rpu.add {ra = [[LENGTH]] : i64, rb = [[TILE:[0-9]+]] : i64
// CHECK: rpu.sub {ra = [[LENGTH]] : i64
// CHECK: rpu.min
// CHECK: rpu.copy_out %{{.*}}, %[[STATE]]
// CHECK: rpu.sub {ra = {{.*}}, rb = [[LENGTH]] : i64, rd = [[REST:[0-9]+]] : i64}
// CHECK: rpu.fill %[[PAST]] {{.*}} rows = #rpu.n<s[[REST]]>
// CHECK: rpu.min {ra = [[LENGTH]] : i64, rb = [[ONE]] : i64, rd = [[ANY:[0-9]+]] : i64}
// CHECK: rpu.sub {ra = [[ONE]] : i64, rb = [[ANY]] : i64, rd = [[NONE:[0-9]+]] : i64}
// CHECK: rpu.fill %[[NOSTATE]] {{.*}} rows = #rpu.n<s[[NONE]]>
rpu.program @lengths(%x: tensor<?x?x4xf32>, %lengths: tensor<?xi32>) {
  %y, %h = rnn.recurrence mwl %x lengths(%lengths) project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
  ^bb0(%s: tensor<4xf32>):
    %n = arith.negf %s : tensor<4xf32>
    rnn.yield %n, %n : tensor<4xf32>, tensor<4xf32>
  } {time_tile = 3 : i64} : (tensor<?x?x4xf32>, tensor<?xi32>) -> (tensor<?x?x4xf32>, tensor<?x4xf32>)
  rpu.return %y, %h : tensor<?x?x4xf32>, tensor<?x4xf32>
}

// -----

// Inputs and outputs of a tile have two slots, which the loop over tiles takes in turns.
// CHECK: rpu.program @rings
// CHECK-DAG: %[[X:.*]] = rpu.buffer{{ +}}vector "x" 96
// CHECK-DAG: %[[Y:.*]] = rpu.buffer{{ +}}vector "y" 96
// CHECK-DAG: rpu.set {rd = [[SLOT:[0-9]+]] : i64, value = 48 : i64}
// CHECK-DAG: rpu.set {rd = [[STEP:[0-9]+]] : i64, value = 16 : i64}
// CHECK: rpu.copy_in %[[X]], %{{.*}} dstView = #rpu.view<0, strides = [0, s[[SLOT]]], ring = 1 mod 2, pitch = 16>
// CHECK: rpu.lane.store %[[Y]], %{{.*}} {targetView = #rpu.view<0, strides = [0, s[[SLOT]], s[[STEP]]], ring = 1 mod 2>}
// CHECK: rpu.copy_out %{{.*}}, %[[Y]] {{.*}} srcView = #rpu.view<0, strides = [0, s[[SLOT]]], ring = 1 mod 2, pitch = 16>}
rpu.program @rings(%x: tensor<?x?x4xf32>) {
  %y, %h = rnn.recurrence mwl %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
  ^bb0(%s: tensor<4xf32>):
    %n = arith.negf %s : tensor<4xf32>
    rnn.yield %n, %n : tensor<4xf32>, tensor<4xf32>
  } {time_tile = 3 : i64} : (tensor<?x?x4xf32>) -> (tensor<?x?x4xf32>, tensor<?x4xf32>)
  rpu.return %y : tensor<?x?x4xf32>
}
