// RUN: rnn-opt %s -split-input-file -verify-diagnostics

func.func @c1_rank(%x: tensor<5x3xf32>) {
  // expected-error @+1 {{(C1) expects x of shape [T, B, I] of numbers with a static I, found 'tensor<5x3xf32>'}}
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
  // expected-error @+1 {{(C6) expects a time tile of 1 to 2^30, and of 1 with the plain schedule, found 2}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>):
    rnn.yield %p : tensor<3xf32>
  } {time_tile = 2 : i64} : (tensor<5x2x3xf32>) -> tensor<5x2x3xf32>
  return
}

// -----

func.func @c1_numbers(%x: tensor<5x2x3xcomplex<f32>>) {
  // expected-error @+1 {{(C1) expects x of shape [T, B, I] of numbers with a static I, found 'tensor<5x2x3xcomplex<f32>>'}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<3xcomplex<f32>>):
    rnn.yield %v : tensor<3xcomplex<f32>>
  } step {
  ^bb0(%p: tensor<3xcomplex<f32>>):
    rnn.yield %p : tensor<3xcomplex<f32>>
  } {time_tile = 1 : i64} : (tensor<5x2x3xcomplex<f32>>) -> tensor<5x2x3xcomplex<f32>>
  return
}

// -----

func.func @c2_batch(%x: tensor<?x2x3xf32>) {
  // expected-error @+1 {{(C2) expects final state 0 of shape [B, 3] of 'f32', found 'tensor<1x3xf32>' for x of type 'tensor<?x2x3xf32>'}}
  %y, %h = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>, %s: tensor<3xf32>):
    rnn.yield %p, %s : tensor<3xf32>, tensor<3xf32>
  } {time_tile = 1 : i64} : (tensor<?x2x3xf32>) -> (tensor<?x2x3xf32>, tensor<1x3xf32>)
  return
}

// -----

func.func @c2_element_type(%x: tensor<?x2x3xf32>) {
  // expected-error @+1 {{(C2) expects final state 0 of shape [B, 3] of 'f32', found 'tensor<2x3xf64>' for x of type 'tensor<?x2x3xf32>'}}
  %y, %h = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>, %s: tensor<3xf32>):
    rnn.yield %p, %s : tensor<3xf32>, tensor<3xf32>
  } {time_tile = 1 : i64} : (tensor<?x2x3xf32>) -> (tensor<?x2x3xf32>, tensor<2x3xf64>)
  return
}

// -----

func.func @c3_batch(%x: tensor<5x2x3xf32>, %n: tensor<3xi32>) {
  // expected-error @+1 {{(C3) expects lengths of shape [B] of i32, found 'tensor<3xi32>' for x of type 'tensor<5x2x3xf32>'}}
  %y = rnn.recurrence plain %x lengths(%n) project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>):
    rnn.yield %p : tensor<3xf32>
  } {time_tile = 1 : i64} : (tensor<5x2x3xf32>, tensor<3xi32>) -> tensor<5x2x3xf32>
  return
}

// -----

func.func @c4_vectors_of_numbers(%x: tensor<5x2x3xf32>, %c: tensor<3xindex>) {
  // expected-error @+1 {{(C4) expects project and step to yield vectors of numbers of static length, found 'tensor<3xindex>'}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield
  } step {
    rnn.yield %c : tensor<3xindex>
  } {time_tile = 1 : i64} : (tensor<5x2x3xf32>) -> tensor<5x2x3xf32>
  return
}

// -----

func.func @c5_y_has_elements_of_its_own(%x: tensor<5x2x3xf32>, %c: tensor<3xi8>) {
  // expected-error @+1 {{(C5) expects y of shape [T, B, 3] of 'i8', found 'tensor<5x2x3xf32>' for x of type 'tensor<5x2x3xf32>'}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield
  } step {
    rnn.yield %c : tensor<3xi8>
  } {time_tile = 1 : i64} : (tensor<5x2x3xf32>) -> tensor<5x2x3xf32>
  return
}

// -----

func.func @c4_terminator(%x: tensor<5x2x3xf32>, %c: tensor<3xf32>) {
  // expected-error @+1 {{(C4) expects regions that end in rnn.yield}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield
  } step {
    %d = arith.negf %c : tensor<3xf32>
  } {time_tile = 1 : i64} : (tensor<5x2x3xf32>) -> tensor<5x2x3xf32>
  return
}

// -----

func.func @c5_time(%x: tensor<5x2x3xf32>) {
  // expected-error @+1 {{(C5) expects y of shape [T, B, 3] of 'f32', found 'tensor<7x2x3xf32>' for x of type 'tensor<5x2x3xf32>'}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>):
    rnn.yield %p : tensor<3xf32>
  } {time_tile = 1 : i64} : (tensor<5x2x3xf32>) -> tensor<7x2x3xf32>
  return
}

// -----

func.func @c4_project_takes_the_input(%x: tensor<5x2x3xf32>) {
  // expected-error @+1 {{(C4) expects project to take one input vector of 3 elements}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield %v : tensor<4xf32>
  } step {
  ^bb0(%p: tensor<4xf32>):
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<5x2x3xf32>) -> tensor<5x2x4xf32>
  return
}

// -----

func.func @c4_projected_type(%x: tensor<5x2x3xf32>) {
  // expected-error @+1 {{(C4) project yields 'tensor<3xf32>' where step takes 'tensor<4xf32>'}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<4xf32>):
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<5x2x3xf32>) -> tensor<5x2x4xf32>
  return
}

// -----

func.func @c4_state_type(%x: tensor<5x2x3xf32>) {
  // expected-error @+1 {{(C4) state 0 is yielded as 'tensor<3xf32>' but taken as 'tensor<4xf32>'}}
  %y, %h = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>, %s: tensor<4xf32>):
    rnn.yield %p, %p : tensor<3xf32>, tensor<3xf32>
  } {time_tile = 1 : i64} : (tensor<5x2x3xf32>) -> (tensor<5x2x3xf32>, tensor<2x3xf32>)
  return
}

// -----

func.func @c2_number_of_initial_states(%x: tensor<5x2x3xf32>, %h0: tensor<2x3xf32>) {
  // expected-error @+1 {{(C2) expects one initial state for each of the 1 states, found 2}}
  %y, %h = rnn.recurrence plain %x init(%h0, %h0) project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>, %s: tensor<3xf32>):
    rnn.yield %p, %s : tensor<3xf32>, tensor<3xf32>
  } {time_tile = 1 : i64} : (tensor<5x2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) -> (tensor<5x2x3xf32>, tensor<2x3xf32>)
  return
}

// -----

func.func @c2_initial_state_type(%x: tensor<?x?x3xf32>, %h0: tensor<2x3xf32>) {
  // expected-error @+1 {{(C2) expects equal types of initial and final state, found 'tensor<2x3xf32>' and 'tensor<?x3xf32>'}}
  %y, %h = rnn.recurrence plain %x init(%h0) project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>, %s: tensor<3xf32>):
    rnn.yield %p, %s : tensor<3xf32>, tensor<3xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x3xf32>, tensor<2x3xf32>) -> (tensor<?x?x3xf32>, tensor<?x3xf32>)
  return
}

// -----

// A size of y that x leaves open is open.
func.func @c5_static_time(%x: tensor<?x2x3xf32>) {
  // expected-error @+1 {{(C5) expects y of shape [T, B, 3] of 'f32', found 'tensor<5x2x3xf32>' for x of type 'tensor<?x2x3xf32>'}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>):
    rnn.yield %p : tensor<3xf32>
  } {time_tile = 1 : i64} : (tensor<?x2x3xf32>) -> tensor<5x2x3xf32>
  return
}

// -----

func.func @c2_static_batch(%x: tensor<?x?x3xf32>, %h0: tensor<2x3xf32>) {
  // expected-error @+1 {{(C2) expects final state 0 of shape [B, 3] of 'f32', found 'tensor<2x3xf32>' for x of type 'tensor<?x?x3xf32>'}}
  %y, %h = rnn.recurrence plain %x init(%h0) project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>, %s: tensor<3xf32>):
    rnn.yield %p, %s : tensor<3xf32>, tensor<3xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x3xf32>, tensor<2x3xf32>) -> (tensor<?x?x3xf32>, tensor<2x3xf32>)
  return
}

// -----

func.func @c6_tile_of_more_steps_than_there_are(%x: tensor<5x2x3xf32>) {
  // expected-error @+1 {{(C6) expects a time tile of 1 to 2^30, and of 1 with the plain schedule, found 4611686018427387904}}
  %y = rnn.recurrence mwl %x project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>):
    rnn.yield %p : tensor<3xf32>
  } {time_tile = 4611686018427387904 : i64} : (tensor<5x2x3xf32>) -> tensor<5x2x3xf32>
  return
}

// -----

func.func @c7_inputs_of_no_element(%x: tensor<?x2x0xf32>) {
  // expected-error @+1 {{(C7) expects sizes of 1 to 2^24, found 'tensor<?x2x0xf32>'}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<0xf32>):
    rnn.yield %v : tensor<0xf32>
  } step {
  ^bb0(%p: tensor<0xf32>):
    rnn.yield %p : tensor<0xf32>
  } {time_tile = 1 : i64} : (tensor<?x2x0xf32>) -> tensor<?x2x0xf32>
  return
}

// -----

func.func @c7_a_vector_beyond_every_memory(%x: tensor<?x2x3xf32>, %c: tensor<16777217xf32>) {
  // expected-error @+1 {{(C7) expects sizes of 1 to 2^24, found 'tensor<16777217xf32>'}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield
  } step {
    rnn.yield %c : tensor<16777217xf32>
  } {time_tile = 1 : i64} : (tensor<?x2x3xf32>) -> tensor<?x2x16777217xf32>
  return
}
