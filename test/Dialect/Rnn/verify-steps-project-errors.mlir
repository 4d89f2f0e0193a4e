// RUN: rnn-opt %s -convert-rnn-to-vector -split-input-file -verify-diagnostics
// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=generic},rnn-outline,rpu.program(convert-rnn-to-rpu))" -split-input-file -verify-diagnostics

// Both back ends refuse alike.

// Tensors are of f32.
func.func @doubles(%x: tensor<?x?x4xf64>) -> tensor<?x?x4xf64> {
  // expected-error @below {{expects tensors of f32 or f16, found 'tensor<?x?x4xf64>'}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf64>):
    rnn.yield %v : tensor<4xf64>
  } step {
  ^bb0(%p: tensor<4xf64>):
    rnn.yield %p : tensor<4xf64>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf64>) -> tensor<?x?x4xf64>
  return %y : tensor<?x?x4xf64>
}

// -----

// So is what the regions hand on.
func.func @halves_between_the_regions(%x: tensor<?x?x4xf32>, %h: tensor<4xbf16>) -> tensor<?x?x4xf32> {
  // expected-error @below {{expects vectors of f32 or f16 from project and step, found 'tensor<4xbf16>'}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield %v, %h : tensor<4xf32>, tensor<4xbf16>
  } step {
  ^bb0(%p: tensor<4xf32>, %q: tensor<4xbf16>):
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// And what is before the first input.
func.func @states_of_integers(%x: tensor<?x?x4xf32>) -> tensor<?x4xi32> {
  // expected-error @below {{expects tensors of f32 or f16, found 'tensor<?x4xi32>'}}
  %y, %s = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield %v : tensor<4xf32>
  } step {
  ^bb0(%p: tensor<4xf32>, %t: tensor<4xi32>):
    rnn.yield %p, %t : tensor<4xf32>, tensor<4xi32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> (tensor<?x?x4xf32>, tensor<?x4xi32>)
  return %s : tensor<?x4xi32>
}
