// RUN: rnn-opt %s -split-input-file -verify-diagnostics

func.func @c1_rows(%w: tensor<5x3xf32>, %x: tensor<3xf32>) {
  // expected-error @+1 {{(C1) expects a weight of 4 rows, plain or in panels of 16 rows, found 'tensor<5x3xf32>'}}
  %y = rnn.product %w, %x : (tensor<5x3xf32>, tensor<3xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @c2_columns(%w: tensor<1x3x16xf32>, %x: tensor<4xf32>) {
  // expected-error @+1 {{(C2) expects x of 3 elements, found 'tensor<4xf32>'}}
  %y = rnn.product %w, %x : (tensor<1x3x16xf32>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @c2_acc(%w: tensor<4x3xf32>, %x: tensor<3xf32>, %a: tensor<5xf32>) {
  // expected-error @+1 {{(C2) expects acc of the type of the result, found 'tensor<5xf32>'}}
  %y = rnn.product %w, %x acc(%a) : (tensor<4x3xf32>, tensor<3xf32>, tensor<5xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @pack_c1(%w: tensor<?x3xf32>) {
  // expected-error @+1 {{(C1) expects a static matrix, found 'tensor<?x3xf32>'}}
  %p = rnn.pack %w : tensor<?x3xf32> -> tensor<1x3x16xf32>
  return
}

// -----

func.func @pack_c2(%w: tensor<17x3xf32>) {
  // expected-error @+1 {{(C2) expects a result of type 'tensor<2x3x16xf32>', found 'tensor<1x3x16xf32>'}}
  %p = rnn.pack %w : tensor<17x3xf32> -> tensor<1x3x16xf32>
  return
}

// -----

func.func @c3_element_types(%w: tensor<4x3xf16>, %x: tensor<3xf64>) {
  // expected-error @+1 {{(C3) expects one float type of elements, found 'f16', 'f64' and 'i32'}}
  %y = rnn.product %w, %x : (tensor<4x3xf16>, tensor<3xf64>) -> tensor<4xi32>
  return
}

// -----

func.func @c3_integers(%w: tensor<4x3xi32>, %x: tensor<3xi32>) {
  // expected-error @+1 {{(C3) expects one float type of elements, found 'i32', 'i32' and 'i32'}}
  %y = rnn.product %w, %x : (tensor<4x3xi32>, tensor<3xi32>) -> tensor<4xi32>
  return
}

// -----

func.func @c1_static_weight(%w: tensor<?x3xf32>, %x: tensor<3xf32>) {
  // expected-error @+1 {{(C1) expects a static weight and vectors, found 'tensor<?x3xf32>', 'tensor<3xf32>' and 'tensor<4xf32>'}}
  %0 = rnn.product %w, %x : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @c4_no_columns(%w: tensor<1x0x16xf32>, %x: tensor<0xf32>) {
  // expected-error @+1 {{(C4) expects sizes of 1 to 2^24, found 'tensor<0xf32>' and 'tensor<4xf32>'}}
  %0 = rnn.product %w, %x : (tensor<1x0x16xf32>, tensor<0xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @pack_c3(%w: tensor<1000x0xf32>) {
  // expected-error @+1 {{(C3) expects sizes of 1 to 2^24, found 'tensor<1000x0xf32>'}}
  %p = rnn.pack %w : tensor<1000x0xf32> -> tensor<63x0x16xf32>
  return
}
