// RUN: rnn-opt %s -split-input-file -verify-diagnostics

func.func @c3_r(%x: tensor<5x2x3xf32>, %w: tensor<4x3xf32>, %r: tensor<8x4xf32>) {
  // expected-error @+1 {{(C3) expects r of shape [1*H, H] of 'f32', found 'tensor<8x4xf32>'}}
  %0:2 = rnn.elman %x, %w, %r {activations = [#rnn.act<tanh>]}
    : (tensor<5x2x3xf32>, tensor<4x3xf32>, tensor<8x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c8_activations(%x: tensor<5x2x3xf32>, %w: tensor<4x3xf32>, %r: tensor<4x4xf32>) {
  // expected-error @+1 {{(C8) expects 1 activations, found 2}}
  %0:2 = rnn.elman %x, %w, %r {activations = [#rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<5x2x3xf32>, tensor<4x3xf32>, tensor<4x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c11_inputs_of_no_element(%x: tensor<?x?x0xf32>, %w: tensor<4x0xf32>, %r: tensor<4x4xf32>) {
  // expected-error @+1 {{(C11) expects sizes of 1 to 2^24, found x of type 'tensor<?x?x0xf32>' and r of type 'tensor<4x4xf32>'}}
  %0:2 = rnn.elman %x, %w, %r {activations = [#rnn.act<tanh>]}
    : (tensor<?x?x0xf32>, tensor<4x0xf32>, tensor<4x4xf32>) -> (tensor<?x?x4xf32>, tensor<?x4xf32>)
  return
}

// -----

func.func @c11_inputs_beyond_every_memory(%x: tensor<?x?x4611686018427387904xf32>, %w: tensor<4x4611686018427387904xf32>, %r: tensor<4x4xf32>) {
  // expected-error @+1 {{(C11) expects sizes of 1 to 2^24, found x of type 'tensor<?x?x4611686018427387904xf32>'}}
  %0:2 = rnn.elman %x, %w, %r {activations = [#rnn.act<tanh>]}
    : (tensor<?x?x4611686018427387904xf32>, tensor<4x4611686018427387904xf32>, tensor<4x4xf32>) -> (tensor<?x?x4xf32>, tensor<?x4xf32>)
  return
}

// -----

func.func @c7_static_time(%x: tensor<?x2x3xf32>, %w: tensor<4x3xf32>, %r: tensor<4x4xf32>) {
  // expected-error @+1 {{(C7) expects y of shape [T, B, 4] of 'f32', found 'tensor<5x2x4xf32>' for x of type 'tensor<?x2x3xf32>'}}
  %0:2 = rnn.elman %x, %w, %r {activations = [#rnn.act<tanh>]}
    : (tensor<?x2x3xf32>, tensor<4x3xf32>, tensor<4x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}
