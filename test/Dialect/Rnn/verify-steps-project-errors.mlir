// RUN: rnn-opt %s -convert-rnn-to-vector -split-input-file -verify-diagnostics
// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=generic},rnn-outline,rpu.program(convert-rnn-to-rpu))" -split-input-file -verify-diagnostics

// Both back ends refuse alike.

// A projection takes no other vector.
func.func @projects_another_vector(%x: tensor<?x?x4xf32>, %w: tensor<1x4x16xf32>, %a: tensor<4xf32>) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    // expected-error @below {{expects the products of a projection to be of the input alone}}
    %p = rnn.product %w, %a : (tensor<1x4x16xf32>, tensor<4xf32>) -> tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } step {
  ^bb0(%q: tensor<4xf32>):
    rnn.yield %q : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// A projection begins with nothing.
func.func @projects_onto_a_sum(%x: tensor<?x?x4xf32>, %w: tensor<1x4x16xf32>, %a: tensor<4xf32>) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    // expected-error @below {{expects the products of a projection to be of the input alone}}
    %p = rnn.product %w, %v acc(%a) : (tensor<1x4x16xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } step {
  ^bb0(%q: tensor<4xf32>):
    rnn.yield %q : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// A projection multiplies and does nothing else.
func.func @projects_a_sum(%x: tensor<?x?x4xf32>) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    // expected-error @below {{expects a projection of products alone, found arith.addf}}
    %p = arith.addf %v, %v : tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } step {
  ^bb0(%q: tensor<4xf32>):
    rnn.yield %q : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// A projection does not pass its input on.
func.func @projects_the_input_itself(%x: tensor<?x?x4xf32>) -> tensor<?x?x4xf32> {
  // expected-error @below {{expects a projection to yield products of the input}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield %v : tensor<4xf32>
  } step {
  ^bb0(%q: tensor<4xf32>):
    rnn.yield %q : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// A projection does not pass on what is outside.
func.func @projects_what_is_outside(%x: tensor<?x?x4xf32>, %a: tensor<4xf32>) -> tensor<?x?x4xf32> {
  // expected-error @below {{expects a projection to yield products of the input}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield %a : tensor<4xf32>
  } step {
  ^bb0(%q: tensor<4xf32>):
    rnn.yield %q : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// Nor is it a constant.
func.func @projects_a_constant(%x: tensor<?x?x4xf32>) -> tensor<?x?x4xf32> {
  // expected-error @below {{expects a projection to yield products of the input}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    %p = arith.constant dense<1.0> : tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } step {
  ^bb0(%q: tensor<4xf32>):
    rnn.yield %q : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// A product from outside is none of the input.
func.func @projects_a_product_from_outside(%x: tensor<?x?x4xf32>, %w: tensor<1x4x16xf32>, %a: tensor<4xf32>) -> tensor<?x?x4xf32> {
  %p = rnn.product %w, %a : (tensor<1x4x16xf32>, tensor<4xf32>) -> tensor<4xf32>
  // expected-error @below {{expects a projection to yield products of the input}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield %p : tensor<4xf32>
  } step {
  ^bb0(%q: tensor<4xf32>):
    rnn.yield %q : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// Tensors are of f32.
func.func @doubles(%x: tensor<?x?x4xf64>) -> tensor<?x?x4xf64> {
  // expected-error @below {{expects tensors of f32, found 'tensor<?x?x4xf64>'}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf64>):
    rnn.yield %v : tensor<4xf64>
  } step {
  ^bb0(%p: tensor<4xf64>):
    rnn.yield %p : tensor<4xf64>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf64>) -> tensor<?x?x4xf64>
  return %y : tensor<?x?x4xf64>
}
