// RUN: rnn-opt %s | rnn-opt | FileCheck %s

// CHECK-LABEL: @gru
// CHECK: rnn.gru %arg0, %arg1, %arg2 recurrent_bias(%arg3) init(%arg4)
// CHECK-SAME: {activations = [#rnn.act<sigmoid>, #rnn.act<elu, alpha = 1.000000e+00 : f32>], linear_before_reset}
func.func @gru(%x: tensor<?x2x3xf32>, %w: tensor<12x3xf32>, %r: tensor<12x4xf32>, %b: tensor<12xf32>,
               %s: tensor<2x4xf32>) -> tensor<?x2x4xf32> {
  %y, %h = rnn.gru %x, %w, %r recurrent_bias(%b) init(%s)
    {activations = [#rnn.act<sigmoid>, #rnn.act<elu, alpha = 1.0 : f32>], linear_before_reset}
    : (tensor<?x2x3xf32>, tensor<12x3xf32>, tensor<12x4xf32>, tensor<12xf32>, tensor<2x4xf32>)
    -> (tensor<?x2x4xf32>, tensor<2x4xf32>)
  return %y : tensor<?x2x4xf32>
}
