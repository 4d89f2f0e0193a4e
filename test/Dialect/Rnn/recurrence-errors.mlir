// RUN: rnn-opt %s -split-input-file -verify-diagnostics

func.func @c1_rank(%x: tensor<5x3xf32>) {
  // expected-error @+1 {{(C1) expects x of shape [T, B, I] with a static I, found 'tensor<5x3xf32>'}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>):
    rnn.yield %p : tensor<3xf32>
  } {time_tile = 1 : i64} : (tensor<5x3xf32>) -> tensor<5x2x3xf32>
  return
}

// -----

func.func @c4_step_takes_projected(%x: tensor<5x2x3xf32>) {
  // expected-error @+1 {{(C4) expects step to take 1 projected values and 0 states and to yield y and the states, found 0 arguments and 1 yielded values}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
    %p = arith.constant dense<0.0> : tensor<3xf32>
    rnn.yield %p : tensor<3xf32>
  } {time_tile = 1 : i64} : (tensor<5x2x3xf32>) -> tensor<5x2x3xf32>
  return
}

// -----

func.func @c6_plain_has_a_tile_of_one(%x: tensor<5x2x3xf32>) {
  // expected-error @+1 {{(C6) expects a time tile of at least 1, and of 1 with the plain schedule, found 2}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>):
    rnn.yield %p : tensor<3xf32>
  } {time_tile = 2 : i64} : (tensor<5x2x3xf32>) -> tensor<5x2x3xf32>
  return
}
