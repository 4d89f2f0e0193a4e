// RUN: rnn-opt %s -split-input-file -verify-diagnostics

func.func @c2_w(%x: tensor<5x2x3xf32>, %w: tensor<16x3xf32>, %r: tensor<12x4xf32>) {
  // expected-error @+1 {{(C2) expects w of type 'tensor<12x3xf32>', found 'tensor<16x3xf32>'}}
  %0:2 = rnn.gru %x, %w, %r {activations = [#rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<5x2x3xf32>, tensor<16x3xf32>, tensor<12x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c3_r(%x: tensor<5x2x3xf32>, %w: tensor<12x3xf32>, %r: tensor<16x4xf32>) {
  // expected-error @+1 {{(C3) expects r of shape [3*H, H] of 'f32', found 'tensor<16x4xf32>'}}
  %0:2 = rnn.gru %x, %w, %r {activations = [#rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<5x2x3xf32>, tensor<12x3xf32>, tensor<16x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c8_activations(%x: tensor<5x2x3xf32>, %w: tensor<12x3xf32>, %r: tensor<12x4xf32>) {
  // expected-error @+1 {{(C8) expects 2 activations, found 1}}
  %0:2 = rnn.gru %x, %w, %r {activations = [#rnn.act<tanh>]}
    : (tensor<5x2x3xf32>, tensor<12x3xf32>, tensor<12x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}
