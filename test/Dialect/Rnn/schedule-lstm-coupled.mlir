// RUN: rnn-opt %s -rnn-schedule | FileCheck %s

// With input_forget the forget gate is 1 - i, not an activation of its own.

// CHECK-LABEL: @coupled
// CHECK: step {
// CHECK: %[[I:.*]] = rnn.activation sigmoid
// CHECK: %[[ONE:.*]] = arith.constant dense<1.000000e+00>
// CHECK: %[[F:.*]] = arith.subf %[[ONE]], %[[I]]
// CHECK: rnn.activation tanh
// CHECK: arith.mulf %[[F]],
// CHECK: rnn.activation sigmoid
// CHECK: rnn.activation tanh
// CHECK-NOT: rnn.activation
func.func @coupled(%x: tensor<?x2x3xf32>, %w: tensor<8x3xf32>, %r: tensor<8x2xf32>) -> tensor<?x2x2xf32> {
  %y, %h, %c = rnn.lstm %x, %w, %r {activations = [#rnn.act<sigmoid>, #rnn.act<tanh>, #rnn.act<tanh>], input_forget}
    : (tensor<?x2x3xf32>, tensor<8x3xf32>, tensor<8x2xf32>) -> (tensor<?x2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>)
  return %y : tensor<?x2x2xf32>
}
