// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=generic},rnn-schedule)" | FileCheck %s

// 128 KiB of accumulators hold the 4 x 512 f32 rows of 15 steps beside the products of one; a quarter of 256 KiB of vector
// memory holds the 128 f32 inputs of 128.
// CHECK-LABEL: @bound_by_accumulators
// CHECK: time_tile = 15
func.func @bound_by_accumulators(%x: tensor<?x1x128xf32>, %w: tensor<2048x128xf32>, %r: tensor<2048x512xf32>)
    -> tensor<?x1x512xf32> {
  %y, %h, %c = rnn.lstm %x, %w, %r {activations = [#rnn.act<sigmoid>, #rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<?x1x128xf32>, tensor<2048x128xf32>, tensor<2048x512xf32>)
    -> (tensor<?x1x512xf32>, tensor<1x512xf32>, tensor<1x512xf32>)
  return %y : tensor<?x1x512xf32>
}

// A quarter of 256 KiB holds the 4096 f32 inputs of 4 steps.
// CHECK-LABEL: @bound_by_inputs
// CHECK: time_tile = 4
func.func @bound_by_inputs(%x: tensor<?x1x4096xf32>, %w: tensor<2x4096xf32>, %r: tensor<2x2xf32>)
    -> tensor<?x1x2xf32> {
  %y, %h = rnn.elman %x, %w, %r {activations = [#rnn.act<tanh>]}
    : (tensor<?x1x4096xf32>, tensor<2x4096xf32>, tensor<2x2xf32>) -> (tensor<?x1x2xf32>, tensor<1x2xf32>)
  return %y : tensor<?x1x2xf32>
}
