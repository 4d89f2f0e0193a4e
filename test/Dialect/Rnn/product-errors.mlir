// RUN: rnn-opt %s -split-input-file -verify-diagnostics

func.func @c2_rows(%w: tensor<5x3xf32>, %x: tensor<3xf32>) {
  // expected-error @+1 {{(C2) expects a vector and a result of 5 elements, found 'tensor<3xf32>' and 'tensor<4xf32>'}}
  %y = rnn.product %w, %x : (tensor<5x3xf32>, tensor<3xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @c2_columns(%w: tensor<4x3xf32, #rnn.panels<16>>, %x: tensor<4xf32>) {
  // expected-error @+1 {{(C2) expects x of 3 elements, found 'tensor<4xf32>'}}
  %y = rnn.product %w, %x : (tensor<4x3xf32, #rnn.panels<16>>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @c2_acc(%w: tensor<4x3xf32>, %x: tensor<3xf32>, %a: tensor<5xf32>) {
  // expected-error @+1 {{(C2) expects acc of the type of the result, found 'tensor<5xf32>'}}
  %y = rnn.product %w, %x acc(%a) : (tensor<4x3xf32>, tensor<3xf32>, tensor<5xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @c3_element_types(%w: tensor<4x3xf16>, %x: tensor<3xf64>) {
  // expected-error @+1 {{(C3) expects one float type of elements, or sums of f32 of those of f16, found 'f16', 'f64' and 'i32'}}
  %y = rnn.product %w, %x : (tensor<4x3xf16>, tensor<3xf64>) -> tensor<4xi32>
  return
}

// -----

func.func @c3_integers(%w: tensor<4x3xi32>, %x: tensor<3xi32>) {
  // expected-error @+1 {{(C3) expects one float type of elements, or sums of f32 of those of f16, found 'i32', 'i32' and 'i32'}}
  %y = rnn.product %w, %x : (tensor<4x3xi32>, tensor<3xi32>) -> tensor<4xi32>
  return
}

// -----

func.func @c1_static_weight(%w: tensor<?x3xf32>, %x: tensor<3xf32>) {
  // expected-error @+1 {{(C1) expects a static matrix, plain or with an encoding of weights, found 'tensor<?x3xf32>'}}
  %0 = rnn.product %w, %x : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @c4_no_columns(%w: tensor<4x0xf32>, %x: tensor<0xf32>) {
  // expected-error @+1 {{(C4) expects sizes of 1 to 2^24, found 'tensor<4x0xf32>'}}
  %0 = rnn.product %w, %x : (tensor<4x0xf32>, tensor<0xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @c1_encoding(%w: tensor<4x3xf32, "transposed">, %x: tensor<3xf32>) {
  // expected-error @+1 {{(C1) expects a static matrix, plain or with an encoding of weights, found 'tensor<4x3xf32, "transposed">'}}
  %0 = rnn.product %w, %x : (tensor<4x3xf32, "transposed">, tensor<3xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @c3_sums_of_a_narrower_type(%w: tensor<4x3xf32>, %x: tensor<3xf32>) {
  // expected-error @+1 {{(C3) expects one float type of elements, or sums of f32 of those of f16, found 'f32', 'f32' and 'f16'}}
  %y = rnn.product %w, %x : (tensor<4x3xf32>, tensor<3xf32>) -> tensor<4xf16>
  return
}
