// RUN: rnn-opt %s -split-input-file -verify-diagnostics

func.func @c12_proj_is_a_matrix(%x: tensor<5x2x3xf32>, %w: tensor<16x3xf32>, %r: tensor<16x2xf32>, %p: tensor<8xf32>) {
  // expected-error @+1 {{(C12) expects proj of shape [P, H] of the elements of x, found 'tensor<8xf32>'}}
  %0:3 = rnn.lstm %x, %w, %r proj(%p) {activations = [#rnn.act<tanh>, #rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<5x2x3xf32>, tensor<16x3xf32>, tensor<16x2xf32>, tensor<8xf32>) -> (tensor<5x2x2xf32>, tensor<2x2xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c12_proj_has_the_elements_of_x(%x: tensor<5x2x3xf32>, %w: tensor<16x3xf32>, %r: tensor<16x2xf32>, %p: tensor<2x4xf16>) {
  // expected-error @+1 {{(C12) expects proj of shape [P, H] of the elements of x, found 'tensor<2x4xf16>'}}
  %0:3 = rnn.lstm %x, %w, %r proj(%p) {activations = [#rnn.act<tanh>, #rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<5x2x3xf32>, tensor<16x3xf32>, tensor<16x2xf32>, tensor<2x4xf16>) -> (tensor<5x2x2xf32>, tensor<2x2xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c3_r_sees_the_projection(%x: tensor<5x2x3xf32>, %w: tensor<16x3xf32>, %r: tensor<16x4xf32>, %p: tensor<2x4xf32>) {
  // expected-error @+1 {{(C3) expects r of shape [4*H, P] of 'f32', found 'tensor<16x4xf32>'}}
  %0:3 = rnn.lstm %x, %w, %r proj(%p) {activations = [#rnn.act<tanh>, #rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<5x2x3xf32>, tensor<16x3xf32>, tensor<16x4xf32>, tensor<2x4xf32>) -> (tensor<5x2x2xf32>, tensor<2x2xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c6_h_is_projected(%x: tensor<5x2x3xf32>, %w: tensor<16x3xf32>, %r: tensor<16x2xf32>, %p: tensor<2x4xf32>) {
  // expected-error @+1 {{(C6) expects a final state of shape [B, 2] of 'f32', found 'tensor<2x4xf32>' for x of type 'tensor<5x2x3xf32>'}}
  %0:3 = rnn.lstm %x, %w, %r proj(%p) {activations = [#rnn.act<tanh>, #rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<5x2x3xf32>, tensor<16x3xf32>, tensor<16x2xf32>, tensor<2x4xf32>) -> (tensor<5x2x2xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c7_y_is_projected(%x: tensor<5x2x3xf32>, %w: tensor<16x3xf32>, %r: tensor<16x2xf32>, %p: tensor<2x4xf32>) {
  // expected-error @+1 {{(C7) expects y of shape [T, B, 2] of 'f32', found 'tensor<5x2x4xf32>' for x of type 'tensor<5x2x3xf32>'}}
  %0:3 = rnn.lstm %x, %w, %r proj(%p) {activations = [#rnn.act<tanh>, #rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<5x2x3xf32>, tensor<16x3xf32>, tensor<16x2xf32>, tensor<2x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x2xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c11_inputs_of_no_element(%x: tensor<5x2x0xf32>, %w: tensor<16x0xf32>, %r: tensor<16x2xf32>, %p: tensor<2x4xf32>) {
  // expected-error @+1 {{(C11) expects sizes of 1 to 2^24, found x of type 'tensor<5x2x0xf32>' and r of type 'tensor<16x2xf32>'}}
  %0:3 = rnn.lstm %x, %w, %r proj(%p) {activations = [#rnn.act<tanh>, #rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<5x2x0xf32>, tensor<16x0xf32>, tensor<16x2xf32>, tensor<2x4xf32>) -> (tensor<5x2x2xf32>, tensor<2x2xf32>, tensor<2x4xf32>)
  return
}
