// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=generic},rnn-schedule)" | FileCheck %s
// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=generic},rnn-schedule{schedule=overlap})" | FileCheck %s --check-prefix=OVERLAP

// 128 KiB of accumulators hold the 4 x 512 f32 rows of 16 steps, to which the products of a step add; overlap keeps them
// twice. 256 KiB of vector memory have room for twice the inputs and outputs of so many steps.
// CHECK-LABEL: @bound_by_accumulators
// CHECK: time_tile = 16
// OVERLAP-LABEL: @bound_by_accumulators
// OVERLAP: time_tile = 8
func.func @bound_by_accumulators(%x: tensor<?x1x128xf32>, %w: tensor<2048x128xf32>, %r: tensor<2048x512xf32>)
    -> tensor<?x1x512xf32> {
  %y, %h, %c = rnn.lstm %x, %w, %r {activations = [#rnn.act<sigmoid>, #rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<?x1x128xf32>, tensor<2048x128xf32>, tensor<2048x512xf32>)
    -> (tensor<?x1x512xf32>, tensor<1x512xf32>, tensor<1x512xf32>)
  return %y : tensor<?x1x512xf32>
}

// 256 KiB less 128 bytes of a step's vectors hold the 4096 f32 inputs and 2 outputs, 16392 bytes, of 7 steps twice.
// CHECK-LABEL: @bound_by_inputs
// CHECK: time_tile = 7
func.func @bound_by_inputs(%x: tensor<?x1x4096xf32>, %w: tensor<2x4096xf32>, %r: tensor<2x2xf32>)
    -> tensor<?x1x2xf32> {
  %y, %h = rnn.elman %x, %w, %r {activations = [#rnn.act<tanh>]}
    : (tensor<?x1x4096xf32>, tensor<2x4096xf32>, tensor<2x2xf32>) -> (tensor<?x1x2xf32>, tensor<1x2xf32>)
  return %y : tensor<?x1x2xf32>
}

// A product that must not add to the projected value has sums of its own, 42 f32, 192 bytes here: 259 * 504 of 131072
// bytes are left. Overlap has no more steps than the weight has whole panels.
// CHECK-LABEL: @sums_of_their_own
// CHECK: time_tile = 259
// OVERLAP-LABEL: @sums_of_their_own
// OVERLAP: rnn.recurrence overlap
// OVERLAP: time_tile = 7
func.func @sums_of_their_own(%x: tensor<?x1x4xf32>, %w: tensor<126x4xf32>, %r: tensor<126x42xf32>) -> tensor<?x1x42xf32> {
  %y, %h = rnn.gru %x, %w, %r {activations = [#rnn.act<sigmoid>, #rnn.act<tanh>], linear_before_reset}
    : (tensor<?x1x4xf32>, tensor<126x4xf32>, tensor<126x42xf32>) -> (tensor<?x1x42xf32>, tensor<1x42xf32>)
  return %y : tensor<?x1x42xf32>
}
