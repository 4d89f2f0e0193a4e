// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=generic},rpu.program(convert-rnn-to-rpu))" --verify-diagnostics --split-input-file

// Two blocks of a weight with so many columns exceed the weight memory.
rpu.program @wide(%x: tensor<?x?x20000xf32>, %w: tensor<20x20000xf32, #rnn.panels<16>>) attributes {semaphores = array<i64>} {
  // expected-error @below {{does not fit the weight memory: two blocks of each of its 1 weights take 2560000 bytes, the capacity of generic is 2097152}}
  %y, %h = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<20000xf32>):
    %p = rnn.product %w, %v : (tensor<20x20000xf32, #rnn.panels<16>>, tensor<20000xf32>) -> tensor<20xf32>
    rnn.yield %p : tensor<20xf32>
  } step {
  ^bb0(%p: tensor<20xf32>, %s: tensor<20xf32>):
    rnn.yield %p, %p : tensor<20xf32>, tensor<20xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x20000xf32>) -> (tensor<?x?x20xf32>, tensor<?x20xf32>)
  rpu.return %y : tensor<?x?x20xf32>
}
// -----
// expected-error @below {{expects a program with one recurrence, found 0}}
rpu.program @empty() attributes {semaphores = array<i64>} {
  rpu.return
}

// -----

// The numbers of steps and sequences are those of an argument.
rpu.program @constant_input() {
  %x = arith.constant dense<1.0> : tensor<5x2x4xf32>
  // expected-error @below {{expects x to be an argument of the program}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    %p = arith.constant dense<0.0> : tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<5x2x4xf32>) -> tensor<5x2x4xf32>
  rpu.return %y : tensor<5x2x4xf32>
}

// -----

// Nothing but constants and the recurrence has a place in a program.
rpu.program @computes_beside(%x: tensor<?x?x4xf32>, %a: tensor<4xf32>) {
  // expected-error @below {{expects a program of constants and one recurrence, found arith.addf}}
  %b = arith.addf %a, %a : tensor<4xf32>
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    %p = arith.addf %b, %b : tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  rpu.return %y : tensor<?x?x4xf32>
}

// -----

rpu.program @returns_an_argument(%x: tensor<?x?x4xf32>, %a: tensor<4xf32>) {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    rnn.yield %a : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  // expected-error @below {{expects results of the recurrence}}
  rpu.return %x : tensor<?x?x4xf32>
}

// -----

rpu.program @doubles(%x: tensor<?x?x4xf64>) {
  // expected-error @below {{expects tensors of f32 or f16, found 'tensor<?x?x4xf64>'}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf64>):
    rnn.yield %v : tensor<4xf64>
  } step {
  ^bb0(%p: tensor<4xf64>):
    rnn.yield %p : tensor<4xf64>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf64>) -> tensor<?x?x4xf64>
  rpu.return %y : tensor<?x?x4xf64>
}

// -----

// Arguments are arrays of numbers that a launch can pass.
// expected-error @below {{expects arguments that are tensors of f32 or f16, or of i32 for lengths, found 'i1'}}
rpu.program @takes_a_scalar(%x: tensor<?x?x4xf32>, %a: tensor<4xf32>, %c: i1) {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    rnn.yield %a : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  rpu.return %y : tensor<?x?x4xf32>
}

// -----

// expected-error @below {{expects arguments that are tensors of f32 or f16, or of i32 for lengths, found 'tensor<4xindex>'}}
rpu.program @takes_numbers_without_a_width(%x: tensor<?x?x4xf32>, %a: tensor<4xf32>, %c: tensor<4xindex>) {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    rnn.yield %a : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  rpu.return %y : tensor<?x?x4xf32>
}

// -----

rpu.program @returns_a_result_twice(%x: tensor<?x?x4xf32>, %a: tensor<4xf32>) {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    rnn.yield %a : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  // expected-error @below {{expects results of the recurrence, each once}}
  rpu.return %y, %y : tensor<?x?x4xf32>, tensor<?x?x4xf32>
}

// -----

// expected-error @below {{expects a program that ends in rpu.return}}
rpu.program @returns_nothing(%x: tensor<?x?x4xf32>, %a: tensor<4xf32>) {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    rnn.yield %a : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
}

// -----

// The panels are those of mat.
rpu.program @other_panels(%x: tensor<?x?x4xf32>, %w: tensor<4x4xf32, #rnn.panels<8>>) {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    // expected-error @below {{the machine multiplies weights in panels of 16 rows, found 'tensor<4x4xf32, #rnn.panels<8>>'}}
    %p = rnn.product %w, %v : (tensor<4x4xf32, #rnn.panels<8>>, tensor<4xf32>) -> tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } step {
  ^bb0(%p: tensor<4xf32>):
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  rpu.return %y : tensor<?x?x4xf32>
}

// -----

rpu.program @no_schedule(%x: tensor<?x?x4xf32>) {
  // expected-error @below {{expects a schedule that is chosen, run rnn-choose-schedule}}
  %y = rnn.recurrence auto %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    %p = arith.constant dense<0.0> : tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  rpu.return %y : tensor<?x?x4xf32>
}
