// RUN: rnn-opt %s --split-input-file --pass-pipeline="builtin.module(rnn-target{target=generic},rpu.program(convert-rnn-to-rpu))" | FileCheck %s

// Inputs of 16 bytes in windows of three: the ring has two rows before the four of a chunk. They are, as far as the walk
// has come, inputs from the last to the first, and before these rows of the history.
// CHECK: rpu.program @history
// CHECK-DAG: %[[X:.*]] = rpu.buffer{{ +}}vector "x" 192
// CHECK-DAG: %[[IN:.*]] = rpu.buffer{{ +}}dram "x" 0 {argument = 0
// CHECK-DAG: %[[BEFORE:.*]] = rpu.buffer{{ +}}dram "x_before" 0 {argument = 0
// CHECK-DAG: %[[HISTORY:.*]] = rpu.buffer{{ +}}dram "history" 0 {argument = 1
// CHECK-DAG: rpu.set {rd = [[ALL:[0-9]+]] : i64, value = 2 : i64}
// CHECK: rpu.min {ra = [[DONE:[0-9]+]] : i64, rb = [[ALL]] : i64, rd = [[KNOWN:[0-9]+]] : i64}
// CHECK: rpu.sub {ra = [[ALL]] : i64, rb = [[KNOWN]] : i64, rd = [[MISSING:[0-9]+]] : i64}
// CHECK: rpu.copy_in %[[X]], %[[HISTORY]] {bytes = #rpu.n<16>, dstView = #rpu.view<0, {{.*}} pitch = 16>, {{.*}} rows = #rpu.n<s[[MISSING]]>
// CHECK: rpu.copy_in %[[X]], %[[BEFORE]] {bytes = #rpu.n<16>, dstView = #rpu.view<16, {{.*}} pitch = -16>, {{.*}} rows = #rpu.n<s[[KNOWN]]>
// CHECK: rpu.copy_in %[[X]], %[[IN]] {bytes = #rpu.n<16>, dstView = #rpu.view<32, {{.*}} pitch = 16>
// A step reads the whole window where it lies.
// CHECK: rpu.lanes 12
// CHECK-NEXT: rpu.lane.load %[[X]] {sourceView = #rpu.view<0,
rpu.program @history(%x: tensor<?x?x4xf32>, %history: tensor<2x?x4xf32>) {
  %y = rnn.recurrence mwl %x history(%history) project {
  ^bb0(%v: tensor<12xf32>):
    rnn.yield %v : tensor<12xf32>
  } step {
  ^bb0(%p: tensor<12xf32>):
    rnn.yield %p : tensor<12xf32>
  } {time_tile = 4 : i64, window = 3 : i64} : (tensor<?x?x4xf32>, tensor<2x?x4xf32>) -> tensor<?x?x12xf32>
  rpu.return %y : tensor<?x?x12xf32>
}

// -----

// Without a history zeros are written where any row is missing: two rows of 4 numbers, before the inputs are copied over
// those that there are.
// CHECK: rpu.program @zeros
// CHECK-DAG: %[[X:.*]] = rpu.buffer{{ +}}vector "x" 192
// CHECK: rpu.min
// CHECK: rpu.min
// CHECK-NEXT: rpu.sub {ra = {{[0-9]+}} : i64, rb = {{[0-9]+}} : i64, rd = [[MISSING:[0-9]+]] : i64}
// CHECK-NEXT: rpu.min {ra = [[MISSING]] : i64, rb = {{[0-9]+}} : i64, rd = [[ANY:[0-9]+]] : i64}
// CHECK-NEXT: rpu.loop <s[[ANY]]> {
// CHECK-NEXT: rpu.lanes 8
// CHECK-NEXT: %[[ZERO:.*]] = rpu.lane.constant {value = 0.000000e+00 : f32}
// CHECK-NEXT: rpu.lane.store %[[X]], %[[ZERO]] {targetView = #rpu.view<0,
// CHECK: rpu.copy_in %[[X]], %{{.*}} dstView = #rpu.view<16, {{.*}} pitch = -16>
rpu.program @zeros(%x: tensor<?x?x4xf32>) {
  %y = rnn.recurrence mwl %x project {
  ^bb0(%v: tensor<12xf32>):
    rnn.yield %v : tensor<12xf32>
  } step {
  ^bb0(%p: tensor<12xf32>):
    rnn.yield %p : tensor<12xf32>
  } {time_tile = 4 : i64, window = 3 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x12xf32>
  rpu.return %y : tensor<?x?x12xf32>
}
