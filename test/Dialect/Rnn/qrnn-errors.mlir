// RUN: rnn-opt %s -split-input-file -verify-diagnostics

func.func @c1_x(%x: tensor<5x2x3xi8>, %w: tensor<12x6xf32>) {
  // expected-error @+1 {{(C1) expects x of shape [T, B, I] of a float type with a static I, found 'tensor<5x2x3xi8>'}}
  %0:2 = rnn.qrnn fo %x, %w {window = 2 : i64}
    : (tensor<5x2x3xi8>, tensor<12x6xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c2_columns_of_a_window(%x: tensor<5x2x3xf32>, %w: tensor<12x3xf32>) {
  // expected-error @+1 {{(C2) expects w of type 'tensor<12x6xf32>', found 'tensor<12x3xf32>'}}
  %0:2 = rnn.qrnn fo %x, %w {window = 2 : i64}
    : (tensor<5x2x3xf32>, tensor<12x3xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c2_rows_of_ifo(%x: tensor<5x2x3xf32>, %w: tensor<14x6xf32>) {
  // expected-error @+1 {{(C2) expects w of type 'tensor<12x6xf32>', found 'tensor<14x6xf32>'}}
  %0:2 = rnn.qrnn ifo %x, %w {window = 2 : i64}
    : (tensor<5x2x3xf32>, tensor<14x6xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c3_no_window(%x: tensor<5x2x3xf32>, %w: tensor<12x6xf32>) {
  // expected-error @+1 {{(C3) expects a window of 1 or more inputs, of up to 2^24 elements together, found 0}}
  %0:2 = rnn.qrnn fo %x, %w {window = 0 : i64}
    : (tensor<5x2x3xf32>, tensor<12x6xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c3_negative_window(%x: tensor<5x2x3xf32>, %w: tensor<12x6xf32>) {
  // expected-error @+1 {{(C3) expects a window of 1 or more inputs, of up to 2^24 elements together, found -1}}
  %0:2 = rnn.qrnn fo %x, %w {window = -1 : i64}
    : (tensor<5x2x3xf32>, tensor<12x6xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c3_window_overflows(%x: tensor<5x2x3xf32>, %w: tensor<12x6xf32>) {
  // expected-error @+1 {{(C3) expects a window of 1 or more inputs, of up to 2^24 elements together, found 6148914691236517206}}
  %0:2 = rnn.qrnn fo %x, %w {window = 6148914691236517206 : i64}
    : (tensor<5x2x3xf32>, tensor<12x6xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c3_history(%x: tensor<5x2x3xf32>, %w: tensor<12x6xf32>, %e0: tensor<2x2x3xf32>) {
  // expected-error @+1 {{(C3) expects history of type 'tensor<1x2x3xf32>', found 'tensor<2x2x3xf32>'}}
  %0:2 = rnn.qrnn fo %x, %w history(%e0) {window = 2 : i64}
    : (tensor<5x2x3xf32>, tensor<12x6xf32>, tensor<2x2x3xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c3_history_without_a_window(%x: tensor<5x2x3xf32>, %w: tensor<12x3xf32>, %e0: tensor<1x2x3xf32>) {
  // expected-error @+1 {{(C3) expects no history with a window of 1}}
  %0:2 = rnn.qrnn fo %x, %w history(%e0) {window = 1 : i64}
    : (tensor<5x2x3xf32>, tensor<12x3xf32>, tensor<1x2x3xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c4_bias(%x: tensor<5x2x3xf32>, %w: tensor<12x6xf32>, %e0: tensor<8xf32>) {
  // expected-error @+1 {{(C4) expects bias of type 'tensor<12xf32>', found 'tensor<8xf32>'}}
  %0:2 = rnn.qrnn fo %x, %w bias(%e0) {window = 2 : i64}
    : (tensor<5x2x3xf32>, tensor<12x6xf32>, tensor<8xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c5_lengths(%x: tensor<5x2x3xf32>, %w: tensor<12x6xf32>, %e0: tensor<2xi64>) {
  // expected-error @+1 {{(C5) expects lengths of shape [B] of i32, found 'tensor<2xi64>' for x of type 'tensor<5x2x3xf32>'}}
  %0:2 = rnn.qrnn fo %x, %w lengths(%e0) {window = 2 : i64}
    : (tensor<5x2x3xf32>, tensor<12x6xf32>, tensor<2xi64>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c6_final_state(%x: tensor<5x2x3xf32>, %w: tensor<12x6xf32>) {
  // expected-error @+1 {{(C6) expects a final state of shape [B, 4] of 'f32', found 'tensor<2x3xf32>' for x of type 'tensor<5x2x3xf32>'}}
  %0:2 = rnn.qrnn fo %x, %w {window = 2 : i64}
    : (tensor<5x2x3xf32>, tensor<12x6xf32>) -> (tensor<5x2x4xf32>, tensor<2x3xf32>)
  return
}

// -----

func.func @c7_y(%x: tensor<5x2x3xf32>, %w: tensor<12x6xf32>) {
  // expected-error @+1 {{(C7) expects y of shape [T, B, 4] of 'f32', found 'tensor<4x2x4xf32>' for x of type 'tensor<5x2x3xf32>'}}
  %0:2 = rnn.qrnn fo %x, %w {window = 2 : i64}
    : (tensor<5x2x3xf32>, tensor<12x6xf32>) -> (tensor<4x2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @c11_no_units(%x: tensor<5x2x3xf32>, %w: tensor<0x6xf32>) {
  // expected-error @+1 {{(C11) expects sizes of 1 to 2^24, found x of type 'tensor<5x2x3xf32>' and w of type 'tensor<0x6xf32>'}}
  %0:2 = rnn.qrnn fo %x, %w {window = 2 : i64} : (tensor<5x2x3xf32>, tensor<0x6xf32>) -> (tensor<5x2x0xf32>, tensor<2x0xf32>)
  return
}
