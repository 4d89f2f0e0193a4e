// RUN: rnn-opt %s -split-input-file -verify-diagnostics

func.func @c6_final_state(%x: tensor<5x2x3xf32>, %w: tensor<16x3xf32>, %r: tensor<16x4xf32>) {
  // expected-error @+1 {{(C6) expects a final state of shape [B, 4] of 'f32', found 'tensor<2x5xf32>' for x of type 'tensor<5x2x3xf32>'}}
  %0:3 = rnn.lstm %x, %w, %r {activations = [#rnn.act<tanh>, #rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<5x2x3xf32>, tensor<16x3xf32>, tensor<16x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>, tensor<2x5xf32>)
  return
}

// -----

func.func @c6_one_initial_state_missing(%x: tensor<5x2x3xf32>, %w: tensor<16x3xf32>, %r: tensor<16x4xf32>, %e0: tensor<2x4xf32>) {
  // expected-error @+1 {{(C6) expects no initial states or those of the types of the final states, found 'tensor<2x4xf32>' and 'tensor<2x4xf32>', 'tensor<2x4xf32>'}}
  %0:3 = rnn.lstm %x, %w, %r init(%e0) {activations = [#rnn.act<tanh>, #rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<5x2x3xf32>, tensor<16x3xf32>, tensor<16x4xf32>, tensor<2x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c7_y(%x: tensor<5x2x3xf32>, %w: tensor<16x3xf32>, %r: tensor<16x4xf32>) {
  // expected-error @+1 {{(C7) expects y of shape [T, B, 4] of 'f32', found 'tensor<6x2x4xf32>'}}
  %0:3 = rnn.lstm %x, %w, %r {activations = [#rnn.act<tanh>, #rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<5x2x3xf32>, tensor<16x3xf32>, tensor<16x4xf32>) -> (tensor<6x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c8_activations(%x: tensor<5x2x3xf32>, %w: tensor<16x3xf32>, %r: tensor<16x4xf32>) {
  // expected-error @+1 {{(C8) expects 3 activations, found 2}}
  %0:3 = rnn.lstm %x, %w, %r {activations = [#rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<5x2x3xf32>, tensor<16x3xf32>, tensor<16x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c9_clip_is_negative(%x: tensor<5x2x3xf32>, %w: tensor<16x3xf32>, %r: tensor<16x4xf32>) {
  // expected-error @+1 {{(C9) expects a clip that is not negative and not NaN, found -1.000000e+00 : f32}}
  %0:3 = rnn.lstm %x, %w, %r {activations = [#rnn.act<tanh>, #rnn.act<tanh>, #rnn.act<tanh>], clip = -1.0 : f32}
    : (tensor<5x2x3xf32>, tensor<16x3xf32>, tensor<16x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c9_clip_is_nan(%x: tensor<5x2x3xf32>, %w: tensor<16x3xf32>, %r: tensor<16x4xf32>) {
  // expected-error @+1 {{(C9) expects a clip that is not negative and not NaN, found 0x7FC00000 : f32}}
  %0:3 = rnn.lstm %x, %w, %r {activations = [#rnn.act<tanh>, #rnn.act<tanh>, #rnn.act<tanh>], clip = 0x7FC00000 : f32}
    : (tensor<5x2x3xf32>, tensor<16x3xf32>, tensor<16x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c10_peephole(%x: tensor<5x2x3xf32>, %w: tensor<16x3xf32>, %r: tensor<16x4xf32>, %e0: tensor<16xf32>) {
  // expected-error @+1 {{(C10) expects peephole of type 'tensor<12xf32>', found 'tensor<16xf32>'}}
  %0:3 = rnn.lstm %x, %w, %r peephole(%e0) {activations = [#rnn.act<tanh>, #rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<5x2x3xf32>, tensor<16x3xf32>, tensor<16x4xf32>, tensor<16xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
  return
}
