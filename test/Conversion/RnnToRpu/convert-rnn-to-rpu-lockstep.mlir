// RUN: rnn-opt %s --split-input-file --pass-pipeline="builtin.module(rnn-target{target=generic},rpu.program(convert-rnn-to-rpu))" | FileCheck %s

// A loop over tiles of three sequences, of which the last may have fewer. A chunk of two steps has the rows of all sequences
// of a step side by side: x comes as one row a step, the projection is one product, a step's product has a vector of
// each sequence, and the lanes take one after another.
// CHECK: rpu.program @tanh
// CHECK-DAG: rpu.buffer{{ +}}vector "x" 144
// CHECK-DAG: rpu.buffer{{ +}}acc "projected_0" 96
// CHECK-DAG: %[[STATE:.*]] = rpu.buffer{{ +}}vector "state_0" 48
// CHECK-DAG: rpu.set {batch_tile, rd = [[MOST:[0-9]+]] : i64, value = 3 : i64}
// CHECK-DAG: rpu.set {rd = [[ROW:[0-9]+]] : i64, value = 16 : i64}
// CHECK: rpu.div {{.*}}rb = [[MOST]] : i64, rd = [[TILES:[0-9]+]] : i64}
// CHECK: rpu.loop <s[[TILES]]> attributes {role = #rpu<role sequences>} {
// CHECK: rpu.min {{.*}}rb = [[MOST]] : i64, rd = [[COUNT:[0-9]+]] : i64}
// CHECK: attributes {role = #rpu<role tiles>} {
// CHECK: rpu.copy_in {{.*}}bytes = #rpu.n<s{{[0-9]+}}>
// CHECK: rpu.product {{.*}}vectors = #rpu.n<s{{[0-9]+}}>
// CHECK: attributes {role = #rpu<role steps>} {
// CHECK-NEXT: rpu.product {{.*}}accumulate{{.*}}vectors = #rpu.n<s[[COUNT]]>{{.*}}xView = #rpu.view<0, pitch = 16>
// CHECK-NEXT: rpu.loop <s[[COUNT]]> {
// CHECK-NEXT: rpu.lanes 4
// CHECK: rpu.lane.store %[[STATE]], %{{.*}} {targetView = #rpu.view<0, strides = [0, 0, 0, s[[ROW]]]>}
rpu.program @tanh(%x: tensor<?x?x3xf32>) attributes {semaphores = array<i64>} {
  %w = arith.constant dense<0.5> : tensor<4x3xf32, #rnn.panels<16>>
  %r = arith.constant dense<0.25> : tensor<4x4xf32, #rnn.panels<16>>
  %y, %h = rnn.recurrence mwl %x project {
  ^bb0(%v: tensor<3xf32>):
    %p = rnn.product %w, %v : (tensor<4x3xf32, #rnn.panels<16>>, tensor<3xf32>) -> tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } step {
  ^bb0(%p: tensor<4xf32>, %s: tensor<4xf32>):
    %sum = rnn.product %r, %s acc(%p) : (tensor<4x4xf32, #rnn.panels<16>>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %n = rnn.activation tanh %sum : tensor<4xf32>
    rnn.yield %n, %n : tensor<4xf32>, tensor<4xf32>
  } {time_tile = 2 : i64, batch_tile = 3 : i64} : (tensor<?x?x3xf32>) -> (tensor<?x?x4xf32>, tensor<?x4xf32>)
  rpu.return %y : tensor<?x?x4xf32>
}

// -----

// Sequences of different lengths: all take as many steps as the longest, in segments; at the end of one the states of those
// that end there are written, and zeros at the end of all.
// CHECK: rpu.program @lengths
// CHECK: attributes {role = #rpu<role sequences>} {
// CHECK: rpu.fetch
// CHECK-NEXT: rpu.max
// CHECK: rpu.loop <s{{[0-9]+}}> {
// CHECK: rpu.fetch
// CHECK: attributes {role = #rpu<role tiles>} {
// CHECK: rpu.copy_out
// CHECK: rpu.fetch
// CHECK: rpu.loop
// CHECK-NEXT: rpu.copy_out
// CHECK: rpu.fetch
// CHECK: rpu.fill
// CHECK: rpu.fill
rpu.program @lengths(%x: tensor<?x?x4xf32>, %lengths: tensor<?xi32>) {
  %y, %h = rnn.recurrence mwl %x lengths(%lengths) project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
  ^bb0(%s: tensor<4xf32>):
    %n = arith.negf %s : tensor<4xf32>
    rnn.yield %n, %n : tensor<4xf32>, tensor<4xf32>
  } {time_tile = 3 : i64, batch_tile = 2 : i64} : (tensor<?x?x4xf32>, tensor<?xi32>) -> (tensor<?x?x4xf32>, tensor<?x4xf32>)
  rpu.return %y, %h : tensor<?x?x4xf32>, tensor<?x4xf32>
}
