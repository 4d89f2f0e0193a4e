// RUN: rnn-opt %s -split-input-file -verify-diagnostics

// expected-error @+1 {{expects an alpha and a beta for hard_sigmoid}}
#missing = #rnn.act<hard_sigmoid, alpha = 0.2 : f32>

// -----

// expected-error @+1 {{expects no alpha and no beta for tanh}}
#surplus = #rnn.act<tanh, alpha = 0.2 : f32>

// -----

// expected-error @+1 {{expects parameters of type f32, found 'f64'}}
#wide = #rnn.act<elu, alpha = 0.2 : f64>

// -----

func.func @missing(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{(C2) expects an alpha and no beta for elu}}
  %y = rnn.activation elu %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @c1_integers(%x: tensor<4xi32>) -> tensor<4xi32> {
  // expected-error @+1 {{operand #0 must be floating-point-like, but got 'tensor<4xi32>'}}
  %y = rnn.activation relu %x : tensor<4xi32>
  return %y : tensor<4xi32>
}
