// RUN: rnn-opt %s -split-input-file -verify-diagnostics

func.func @c1_input_size_is_static(%x: tensor<5x2x?xf32>, %w: tensor<16x3xf32>, %r: tensor<16x4xf32>) {
  // expected-error @+1 {{(C1) expects x of shape [T, B, I] of a float type with a static I, found 'tensor<5x2x?xf32>'}}
  %0:3 = rnn.lstm %x, %w, %r {activations = [#rnn.act<tanh>, #rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<5x2x?xf32>, tensor<16x3xf32>, tensor<16x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c1_input_is_float(%x: tensor<5x2x3xi8>, %w: tensor<16x3xf32>, %r: tensor<16x4xf32>) {
  // expected-error @+1 {{(C1) expects x of shape [T, B, I] of a float type with a static I, found 'tensor<5x2x3xi8>'}}
  %0:3 = rnn.lstm %x, %w, %r {activations = [#rnn.act<tanh>, #rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<5x2x3xi8>, tensor<16x3xf32>, tensor<16x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c2_w(%x: tensor<5x2x3xf32>, %w: tensor<16x2xf32>, %r: tensor<16x4xf32>) {
  // expected-error @+1 {{(C2) expects w of type 'tensor<16x3xf32>', found 'tensor<16x2xf32>'}}
  %0:3 = rnn.lstm %x, %w, %r {activations = [#rnn.act<tanh>, #rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<5x2x3xf32>, tensor<16x2xf32>, tensor<16x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c3_r(%x: tensor<5x2x3xf32>, %w: tensor<16x3xf32>, %r: tensor<12x4xf32>) {
  // expected-error @+1 {{(C3) expects r of shape [4*H, H] of 'f32', found 'tensor<12x4xf32>'}}
  %0:3 = rnn.lstm %x, %w, %r {activations = [#rnn.act<tanh>, #rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<5x2x3xf32>, tensor<16x3xf32>, tensor<12x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c4_input_bias(%x: tensor<5x2x3xf32>, %w: tensor<16x3xf32>, %r: tensor<16x4xf32>, %e0: tensor<32xf32>) {
  // expected-error @+1 {{(C4) expects input_bias of type 'tensor<16xf32>', found 'tensor<32xf32>'}}
  %0:3 = rnn.lstm %x, %w, %r input_bias(%e0) {activations = [#rnn.act<tanh>, #rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<5x2x3xf32>, tensor<16x3xf32>, tensor<16x4xf32>, tensor<32xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c4_recurrent_bias(%x: tensor<5x2x3xf32>, %w: tensor<16x3xf32>, %r: tensor<16x4xf32>, %e0: tensor<32xf32>) {
  // expected-error @+1 {{(C4) expects recurrent_bias of type 'tensor<16xf32>', found 'tensor<32xf32>'}}
  %0:3 = rnn.lstm %x, %w, %r recurrent_bias(%e0) {activations = [#rnn.act<tanh>, #rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<5x2x3xf32>, tensor<16x3xf32>, tensor<16x4xf32>, tensor<32xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c5_lengths(%x: tensor<5x2x3xf32>, %w: tensor<16x3xf32>, %r: tensor<16x4xf32>, %e0: tensor<3xi32>) {
  // expected-error @+1 {{(C5) expects lengths of shape [B] of i32, found 'tensor<3xi32>' for x of type 'tensor<5x2x3xf32>'}}
  %0:3 = rnn.lstm %x, %w, %r lengths(%e0) {activations = [#rnn.act<tanh>, #rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<5x2x3xf32>, tensor<16x3xf32>, tensor<16x4xf32>, tensor<3xi32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c6_one_final_state_missing(%x: tensor<5x2x3xf32>, %w: tensor<16x3xf32>, %r: tensor<16x4xf32>) {
  // expected-error @+1 {{(C6) expects 2 final states, found 1}}
  %0:2 = rnn.lstm %x, %w, %r {activations = [#rnn.act<tanh>, #rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<5x2x3xf32>, tensor<16x3xf32>, tensor<16x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c11_inputs_of_no_element(%x: tensor<?x?x0xf32>, %w: tensor<16x0xf32>, %r: tensor<16x4xf32>) {
  // expected-error @+1 {{(C11) expects sizes of 1 to 2^24, found x of type 'tensor<?x?x0xf32>' and r of type 'tensor<16x4xf32>'}}
  %0:3 = rnn.lstm %x, %w, %r {activations = [#rnn.act<tanh>, #rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<?x?x0xf32>, tensor<16x0xf32>, tensor<16x4xf32>) -> (tensor<?x?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>)
  return
}
