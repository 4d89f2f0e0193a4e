// RUN: rnn-opt %s | rnn-opt | FileCheck %s

#tanh = #rnn.act<tanh>

// CHECK-LABEL: @minimal
// CHECK: rnn.lstm %arg0, %arg1, %arg2 {activations = [#rnn.act<sigmoid>, #rnn.act<tanh>, #rnn.act<tanh>]} :
func.func @minimal(%x: tensor<?x?x3xf32>, %w: tensor<16x3xf32>, %r: tensor<16x4xf32>) -> tensor<?x?x4xf32> {
  %y, %h, %c = rnn.lstm %x, %w, %r {activations = [#rnn.act<sigmoid>, #tanh, #tanh]}
    : (tensor<?x?x3xf32>, tensor<16x3xf32>, tensor<16x4xf32>) -> (tensor<?x?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>)
  return %y : tensor<?x?x4xf32>
}

// CHECK-LABEL: @complete
// CHECK: rnn.lstm %arg0, %arg1, %arg2 input_bias(%arg3) recurrent_bias(%arg3) peephole(%arg4) init(%arg5, %arg5) lengths(%arg6)
// CHECK-SAME: #rnn.act<hard_sigmoid, alpha = 2.000000e-01 : f32, beta = 5.000000e-01 : f32>
// CHECK-SAME: clip = 3.000000e+00 : f32, input_forget, reverse}
func.func @complete(%x: tensor<5x2x3xf32>, %w: tensor<16x3xf32>, %r: tensor<16x4xf32>, %b: tensor<16xf32>,
                    %p: tensor<12xf32>, %s: tensor<2x4xf32>, %l: tensor<2xi32>) -> tensor<5x2x4xf32> {
  %y, %h, %c = rnn.lstm %x, %w, %r input_bias(%b) recurrent_bias(%b) peephole(%p) init(%s, %s) lengths(%l)
    {activations = [#rnn.act<hard_sigmoid, alpha = 0.2 : f32, beta = 0.5 : f32>, #tanh, #tanh],
     clip = 3.0 : f32, input_forget, reverse}
    : (tensor<5x2x3xf32>, tensor<16x3xf32>, tensor<16x4xf32>, tensor<16xf32>, tensor<16xf32>, tensor<12xf32>,
       tensor<2x4xf32>, tensor<2x4xf32>, tensor<2xi32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
  return %y : tensor<5x2x4xf32>
}
