// RUN: rnn-opt %s -rnn-schedule="time-tile=8" -split-input-file | FileCheck %s

// The convolutions are one product of the window; the pooling is element-wise.
// CHECK-LABEL: @fo
// CHECK: rnn.recurrence mwl %{{.*}} history(%{{.*}}) project {
// CHECK: ^bb0(%[[U:.*]]: tensor<6xf32>):
// CHECK: %[[P:.*]] = rnn.product %{{.*}}, %[[U]] : (tensor<6x6xf32>, tensor<6xf32>) -> tensor<6xf32>
// CHECK: rnn.yield %[[P]] : tensor<6xf32>
// CHECK: } step {
// CHECK-NOT: rnn.product
// CHECK: rnn.activation tanh
// CHECK: } {reverse, time_tile = 8 : i64, window = 2 : i64}
func.func @fo(%x: tensor<?x1x3xf32>, %w: tensor<6x6xf32>, %x0: tensor<1x1x3xf32>) -> tensor<?x1x2xf32> {
  %y, %last = rnn.qrnn fo %x, %w history(%x0) {reverse, window = 2 : i64}
    : (tensor<?x1x3xf32>, tensor<6x6xf32>, tensor<1x1x3xf32>) -> (tensor<?x1x2xf32>, tensor<1x2xf32>)
  return %y : tensor<?x1x2xf32>
}

// -----

// Without an input gate what enters is what is forgotten; without an output gate the state is the output.
// CHECK-LABEL: @f
// CHECK: arith.subf
// CHECK: %[[C:.*]] = arith.addf
// CHECK: rnn.yield %[[C]], %[[C]]
func.func @f(%x: tensor<?x1x3xf32>, %w: tensor<4x3xf32>) -> tensor<?x1x2xf32> {
  %y, %last = rnn.qrnn f %x, %w {window = 1 : i64}
    : (tensor<?x1x3xf32>, tensor<4x3xf32>) -> (tensor<?x1x2xf32>, tensor<1x2xf32>)
  return %y : tensor<?x1x2xf32>
}

// -----

// CHECK-LABEL: @ifo
// CHECK-NOT: arith.subf
// CHECK-COUNT-3: rnn.activation sigmoid
func.func @ifo(%x: tensor<?x1x3xf32>, %w: tensor<8x3xf32>) -> tensor<?x1x2xf32> {
  %y, %last = rnn.qrnn ifo %x, %w {window = 1 : i64}
    : (tensor<?x1x3xf32>, tensor<8x3xf32>) -> (tensor<?x1x2xf32>, tensor<1x2xf32>)
  return %y : tensor<?x1x2xf32>
}
