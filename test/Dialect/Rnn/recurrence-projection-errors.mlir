// RUN: rnn-opt %s -split-input-file -verify-diagnostics

func.func @c8_batch_tile(%x: tensor<5x2x3xf32>) {
  // expected-error @+1 {{(C8) expects a batch tile of 1 or more, of up to 2^30 steps of all its sequences in a time tile, found 0 and a time tile of 2}}
  %y, %h = rnn.recurrence mwl %x project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>, %s: tensor<3xf32>):
    rnn.yield %p, %s : tensor<3xf32>, tensor<3xf32>
  } {time_tile = 2 : i64, batch_tile = 0 : i64} : (tensor<5x2x3xf32>) -> (tensor<5x2x3xf32>, tensor<2x3xf32>)
  return
}

// -----

func.func @c8_batch_tile_of_a_long_time_tile(%x: tensor<5x2x3xf32>) {
  // expected-error @+1 {{(C8) expects a batch tile of 1 or more, of up to 2^30 steps of all its sequences in a time tile, found 536870913 and a time tile of 2}}
  %y, %h = rnn.recurrence mwl %x project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>, %s: tensor<3xf32>):
    rnn.yield %p, %s : tensor<3xf32>, tensor<3xf32>
  } {time_tile = 2 : i64, batch_tile = 536870913 : i64} : (tensor<5x2x3xf32>) -> (tensor<5x2x3xf32>, tensor<2x3xf32>)
  return
}

// -----

func.func @c9_window(%x: tensor<5x2x3xf32>) {
  // expected-error @+1 {{(C9) expects a window of 1 or more inputs, of up to 2^24 elements together, found 0}}
  %y, %h = rnn.recurrence mwl %x project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>, %s: tensor<3xf32>):
    rnn.yield %p, %s : tensor<3xf32>, tensor<3xf32>
  } {time_tile = 2 : i64, window = 0 : i64} : (tensor<5x2x3xf32>) -> (tensor<5x2x3xf32>, tensor<2x3xf32>)
  return
}

// -----

func.func @c9_window_beyond_every_memory(%x: tensor<5x2x3xf32>) {
  // expected-error @+1 {{(C9) expects a window of 1 or more inputs, of up to 2^24 elements together, found 6148914691236517206}}
  %y, %h = rnn.recurrence mwl %x project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>, %s: tensor<3xf32>):
    rnn.yield %p, %s : tensor<3xf32>, tensor<3xf32>
  } {time_tile = 2 : i64, window = 6148914691236517206 : i64} : (tensor<5x2x3xf32>) -> (tensor<5x2x3xf32>, tensor<2x3xf32>)
  return
}

// -----

func.func @c9_history(%x: tensor<5x2x3xf32>, %e: tensor<2x2x3xf32>) {
  // expected-error @+1 {{(C9) expects history of type 'tensor<1x2x3xf32>', found 'tensor<2x2x3xf32>'}}
  %y, %h = rnn.recurrence mwl %x history(%e) project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>, %s: tensor<3xf32>):
    rnn.yield %p, %s : tensor<3xf32>, tensor<3xf32>
  } {time_tile = 2 : i64, window = 2 : i64} : (tensor<5x2x3xf32>, tensor<2x2x3xf32>) -> (tensor<5x2x3xf32>, tensor<2x3xf32>)
  return
}

// -----

func.func @c9_history_without_a_window(%x: tensor<5x2x3xf32>, %e: tensor<1x2x3xf32>) {
  // expected-error @+1 {{(C9) expects no history with a window of 1}}
  %y, %h = rnn.recurrence mwl %x history(%e) project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>, %s: tensor<3xf32>):
    rnn.yield %p, %s : tensor<3xf32>, tensor<3xf32>
  } {time_tile = 2 : i64} : (tensor<5x2x3xf32>, tensor<1x2x3xf32>) -> (tensor<5x2x3xf32>, tensor<2x3xf32>)
  return
}

// -----

func.func @c4_project_takes_the_window(%x: tensor<5x2x3xf32>) {
  // expected-error @+1 {{(C4) expects project to take one input vector of 6 elements of 'f32' and 0 states}}
  %y, %h = rnn.recurrence mwl %x project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>, %s: tensor<3xf32>):
    rnn.yield %p, %s : tensor<3xf32>, tensor<3xf32>
  } {time_tile = 2 : i64, window = 2 : i64} : (tensor<5x2x3xf32>) -> (tensor<5x2x3xf32>, tensor<2x3xf32>)
  return
}

// -----

func.func @c4_project_takes_its_states(%x: tensor<5x2x3xf32>) {
  // expected-error @+1 {{(C4) expects project to take one input vector of 3 elements of 'f32' and 1 states}}
  %y, %h = rnn.recurrence mwl %x project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>, %s: tensor<3xf32>):
    rnn.yield %p, %s : tensor<3xf32>, tensor<3xf32>
  } {time_tile = 2 : i64, projection_states = 1 : i64} : (tensor<5x2x3xf32>) -> (tensor<5x2x3xf32>, tensor<2x3xf32>)
  return
}

// -----

func.func @c4_project_yields_its_states(%x: tensor<5x2x3xf32>) {
  // expected-error @+1 {{(C4) state 0 is yielded as 'tensor<3xf32>' but taken as 'tensor<4xf32>'}}
  %y, %h = rnn.recurrence mwl %x project {
  ^bb0(%v: tensor<3xf32>, %q: tensor<4xf32>):
    rnn.yield %v, %v : tensor<3xf32>, tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>):
    rnn.yield %p : tensor<3xf32>
  } {time_tile = 2 : i64, projection_states = 1 : i64} : (tensor<5x2x3xf32>) -> (tensor<5x2x3xf32>, tensor<2x3xf32>)
  return
}

// -----

func.func @c4_project_yields_nothing(%x: tensor<5x2x3xf32>) {
  // expected-error @+1 {{(C4) expects project to yield 1 states, found 0}}
  %y, %h = rnn.recurrence mwl %x project {
  ^bb0(%v: tensor<3xf32>, %q: tensor<4xf32>):
    rnn.yield
  } step {
  ^bb0(%p: tensor<3xf32>):
    rnn.yield %p : tensor<3xf32>
  } {time_tile = 2 : i64, projection_states = 1 : i64} : (tensor<5x2x3xf32>) -> (tensor<5x2x3xf32>, tensor<2x3xf32>)
  return
}

// -----

func.func @c2_state_has_elements_of_its_own(%x: tensor<5x2x3xf32>) {
  // expected-error @+1 {{(C2) expects final state 0 of shape [B, 3] of 'f16', found 'tensor<2x3xf32>'}}
  %y, %h = rnn.recurrence mwl %x project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>, %s: tensor<3xf16>):
    rnn.yield %p, %s : tensor<3xf32>, tensor<3xf16>
  } {time_tile = 2 : i64} : (tensor<5x2x3xf32>) -> (tensor<5x2x3xf32>, tensor<2x3xf32>)
  return
}

// -----

func.func @c10_projection_states(%x: tensor<5x2x3xf32>) {
  // expected-error @+1 {{(C10) expects at most 1 projection states, one for each final state, found 2}}
  %y, %h = rnn.recurrence mwl %x project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>, %s: tensor<3xf32>):
    rnn.yield %p, %s : tensor<3xf32>, tensor<3xf32>
  } {time_tile = 2 : i64, projection_states = 2 : i64} : (tensor<5x2x3xf32>) -> (tensor<5x2x3xf32>, tensor<2x3xf32>)
  return
}

// -----

func.func @c10_negative_projection_states(%x: tensor<5x2x3xf32>) {
  // expected-error @+1 {{(C10) expects at most 1 projection states, one for each final state, found -1}}
  %y, %h = rnn.recurrence mwl %x project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>, %s: tensor<3xf32>):
    rnn.yield %p, %s : tensor<3xf32>, tensor<3xf32>
  } {time_tile = 2 : i64, projection_states = -1 : i64} : (tensor<5x2x3xf32>) -> (tensor<5x2x3xf32>, tensor<2x3xf32>)
  return
}

// -----

func.func @c11_memories(%x: tensor<5x2x3xf32>) {
  // expected-error @+1 {{(C11) expects the memory of each of the 1 states, found 2}}
  %y, %h = rnn.recurrence mwl %x project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>, %s: tensor<3xf32>):
    rnn.yield %p, %s : tensor<3xf32>, tensor<3xf32>
  } {time_tile = 2 : i64, memories = [#rnn.memory<vector>, #rnn.memory<acc>]} : (tensor<5x2x3xf32>) -> (tensor<5x2x3xf32>, tensor<2x3xf32>)
  return
}
