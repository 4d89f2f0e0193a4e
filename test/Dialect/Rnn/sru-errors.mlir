// RUN: rnn-opt %s -split-input-file -verify-diagnostics

func.func @c1_x(%x: tensor<5x2x?xf32>, %w: tensor<12x4xf32>) {
  // expected-error @+1 {{(C1) expects x of shape [T, B, I] of a float type with a static I, found 'tensor<5x2x?xf32>'}}
  %0:2 = rnn.sru %x, %w
    : (tensor<5x2x?xf32>, tensor<12x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c2_w(%x: tensor<5x2x4xf32>, %w: tensor<13x4xf32>) {
  // expected-error @+1 {{(C2) expects w of type 'tensor<12x4xf32>', found 'tensor<13x4xf32>'}}
  %0:2 = rnn.sru %x, %w
    : (tensor<5x2x4xf32>, tensor<13x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c2_w_is_a_matrix(%x: tensor<5x2x4xf32>, %w: tensor<12xf32>) {
  // expected-error @+1 {{(C2) expects w to be a static matrix, found 'tensor<12xf32>'}}
  %0:2 = rnn.sru %x, %w
    : (tensor<5x2x4xf32>, tensor<12xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c3_highway_is_needed(%x: tensor<5x2x3xf32>, %w: tensor<12x3xf32>) {
  // expected-error @+1 {{(C3) expects a highway of shape [H, I] where x has other than H = 4 elements, found 3}}
  %0:2 = rnn.sru %x, %w
    : (tensor<5x2x3xf32>, tensor<12x3xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c3_highway(%x: tensor<5x2x3xf32>, %w: tensor<12x3xf32>, %e0: tensor<3x4xf32>) {
  // expected-error @+1 {{(C3) expects highway of type 'tensor<4x3xf32>', found 'tensor<3x4xf32>'}}
  %0:2 = rnn.sru %x, %w highway(%e0)
    : (tensor<5x2x3xf32>, tensor<12x3xf32>, tensor<3x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c4_bias(%x: tensor<5x2x4xf32>, %w: tensor<12x4xf32>, %e0: tensor<12xf32>) {
  // expected-error @+1 {{(C4) expects bias of type 'tensor<8xf32>', found 'tensor<12xf32>'}}
  %0:2 = rnn.sru %x, %w bias(%e0)
    : (tensor<5x2x4xf32>, tensor<12x4xf32>, tensor<12xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c5_lengths(%x: tensor<5x2x4xf32>, %w: tensor<12x4xf32>, %e0: tensor<3xi32>) {
  // expected-error @+1 {{(C5) expects lengths of shape [B] of i32, found 'tensor<3xi32>' for x of type 'tensor<5x2x4xf32>'}}
  %0:2 = rnn.sru %x, %w lengths(%e0)
    : (tensor<5x2x4xf32>, tensor<12x4xf32>, tensor<3xi32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c6_final_state(%x: tensor<5x2x4xf32>, %w: tensor<12x4xf32>) {
  // expected-error @+1 {{(C6) expects a final state of shape [B, 4] of 'f32', found 'tensor<2x5xf32>' for x of type 'tensor<5x2x4xf32>'}}
  %0:2 = rnn.sru %x, %w
    : (tensor<5x2x4xf32>, tensor<12x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x5xf32>)
  return
}

// -----

func.func @c6_one_state(%x: tensor<5x2x4xf32>, %w: tensor<12x4xf32>) {
  // expected-error @+1 {{(C6) expects 1 final states, found 2}}
  %0:3 = rnn.sru %x, %w
    : (tensor<5x2x4xf32>, tensor<12x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c7_y(%x: tensor<5x2x4xf32>, %w: tensor<12x4xf32>) {
  // expected-error @+1 {{(C7) expects y of shape [T, B, 4] of 'f32', found 'tensor<5x2x5xf32>' for x of type 'tensor<5x2x4xf32>'}}
  %0:2 = rnn.sru %x, %w
    : (tensor<5x2x4xf32>, tensor<12x4xf32>) -> (tensor<5x2x5xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c8_peephole(%x: tensor<5x2x4xf32>, %w: tensor<12x4xf32>, %e0: tensor<4xf32>) {
  // expected-error @+1 {{(C8) expects peephole of type 'tensor<8xf32>', found 'tensor<4xf32>'}}
  %0:2 = rnn.sru %x, %w peephole(%e0)
    : (tensor<5x2x4xf32>, tensor<12x4xf32>, tensor<4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c11_inputs_of_no_element(%x: tensor<5x2x0xf32>, %w: tensor<12x0xf32>) {
  // expected-error @+1 {{(C11) expects sizes of 1 to 2^24, found x of type 'tensor<5x2x0xf32>' and w of type 'tensor<12x0xf32>'}}
  %0:2 = rnn.sru %x, %w : (tensor<5x2x0xf32>, tensor<12x0xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}
