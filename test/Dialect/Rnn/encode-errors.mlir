// RUN: rnn-opt %s -split-input-file -verify-diagnostics

// expected-error @+1 {{expects panels of 1 to 4096 rows, found 0}}
func.func private @no_rows(tensor<4x3xf32, #rnn.panels<0>>)

// -----

// expected-error @+1 {{expects panels of 1 to 4096 rows, found 4097}}
func.func private @many_rows(tensor<4x3xf32, #rnn.panels<4097>>)

// -----

// expected-error @+1 {{expects a static matrix in panels, found 2 dimensions, not all static}}
func.func private @dynamic(tensor<?x3xf32, #rnn.panels<16>>)

// -----

// expected-error @+1 {{expects a static matrix in panels, found 1 dimensions}}
func.func private @vector(tensor<3xf32, #rnn.panels<16>>)

// -----

// expected-error @+1 {{expects elements of 8, 16, 32 or 64 bits in panels, found 'i4'}}
func.func private @nibbles(tensor<4x3xi4, #rnn.panels<16>>)

// -----

// expected-error @+1 {{expects a matrix whose bytes in panels fit 64 bits, found 4611686018427387904 x 4}}
func.func private @wraps(tensor<4611686018427387904x4xf32, #rnn.panels<16>>)

// -----

func.func @encode_c1_dynamic(%w: tensor<?x3xf32>) {
  // expected-error @+1 {{(C1) expects a static matrix without an encoding, found 'tensor<?x3xf32>'}}
  %e = rnn.encode %w : tensor<?x3xf32> -> tensor<4x3xf32, #rnn.panels<16>>
  return
}

// -----

func.func @encode_c1_encoded(%w: tensor<4x3xf32, #rnn.panels<16>>) {
  // expected-error @+1 {{(C1) expects a static matrix without an encoding, found 'tensor<4x3xf32, #rnn.panels<16>>'}}
  %e = rnn.encode %w : tensor<4x3xf32, #rnn.panels<16>> -> tensor<4x3xf32, #rnn.panels<8>>
  return
}

// -----

func.func @encode_c2_encoding(%w: tensor<4x3xf32>) {
  // expected-error @+1 {{(C2) expects a result with an encoding of weights, found 'tensor<4x3xf32>'}}
  %e = rnn.encode %w : tensor<4x3xf32> -> tensor<4x3xf32>
  return
}

// -----

func.func @encode_c2_shape(%w: tensor<4x3xf32>) {
  // expected-error @+1 {{(C2) expects a result of the shape and the element type of 'tensor<4x3xf32>', found 'tensor<3x4xf32, #rnn.panels<16>>'}}
  %e = rnn.encode %w : tensor<4x3xf32> -> tensor<3x4xf32, #rnn.panels<16>>
  return
}

// -----

func.func @reinterpret_c1(%w: tensor<4x3xf32>) {
  // expected-error @+1 {{(C1) expects one type with an encoding of weights, found 'tensor<4x3xf32>' and 'tensor<3x4xf32>'}}
  %e = rnn.reinterpret %w : tensor<4x3xf32> to tensor<3x4xf32>
  return
}

// -----

func.func @reinterpret_c2(%w: tensor<1x3x16xf32>) {
  // expected-error @+1 {{(C2) expects 'tensor<2x3x16xf32>', which stores 'tensor<17x3xf32, #rnn.panels<16>>', found 'tensor<1x3x16xf32>'}}
  %e = rnn.reinterpret %w : tensor<1x3x16xf32> to tensor<17x3xf32, #rnn.panels<16>>
  return
}
