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

// A step works on vectors.
rpu.program @scalar(%x: tensor<?x?x4xf32>, %a: tensor<4xf32>, %c: i1) {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    // expected-error @below {{expects vectors of f32 in a step, found 'i1'}}
    %p = arith.select %c, %a, %a : tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  rpu.return %y : tensor<?x?x4xf32>
}

// -----

// A mask is what the step compares.
rpu.program @mask_from_outside(%x: tensor<?x?x4xf32>, %a: tensor<4xf32>, %c: tensor<4xi1>) {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    // expected-error @below {{expects vectors of f32 in a step, found 'tensor<4xi1>'}}
    %p = arith.select %c, %a, %a : tensor<4xi1>, tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  rpu.return %y : tensor<?x?x4xf32>
}

// -----

// An operation of several results is none of the machine.
rpu.program @several_results(%x: tensor<?x?x4xf32>, %a: tensor<4xf32>, %c: i1) {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    // expected-error @below {{expects products, slices, activations and element-wise operations in a step, found scf.if}}
    %p, %q = scf.if %c -> (tensor<4xf32>, tensor<4xf32>) {
      scf.yield %a, %a : tensor<4xf32>, tensor<4xf32>
    } else {
      scf.yield %a, %a : tensor<4xf32>, tensor<4xf32>
    }
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  rpu.return %y : tensor<?x?x4xf32>
}

// -----

// Weights are read as they are stored.
rpu.program @plain_weight(%x: tensor<?x?x4xf32>, %a: tensor<4xf32>, %w: tensor<4x4xf32>) {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    // expected-error @below {{expects a weight with an encoding, run rnn-encode-weights}}
    %p = rnn.product %w, %a : (tensor<4x4xf32>, tensor<4xf32>) -> tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  rpu.return %y : tensor<?x?x4xf32>
}

// -----

// An element-wise operation that the machine has not.
rpu.program @no_micro_operation(%x: tensor<?x?x4xf32>, %a: tensor<4xf32>) {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    // expected-error @below {{the machine has no micro-operation for this, found math.sqrt}}
    %p = math.sqrt %a : tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  rpu.return %y : tensor<?x?x4xf32>
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

rpu.program @result_of_another_type(%x: tensor<?x?x4xf32>, %a: tensor<4xf32>) {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    // expected-error @below {{expects one vector of f32 as the result}}
    %p = arith.truncf %a : tensor<4xf32> to tensor<4xf16>
    rnn.yield %a : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  rpu.return %y : tensor<?x?x4xf32>
}

// -----

rpu.program @projects_another_vector(%x: tensor<?x?x4xf32>, %w: tensor<4x4xf32, #rnn.panels<16>>, %a: tensor<4xf32>) {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    // expected-error @below {{expects the products of a projection to be of the input alone}}
    %p = rnn.product %w, %a : (tensor<4x4xf32, #rnn.panels<16>>, tensor<4xf32>) -> tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } step {
  ^bb0(%p: tensor<4xf32>):
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  rpu.return %y : tensor<?x?x4xf32>
}

// -----

rpu.program @projects_a_sum(%x: tensor<?x?x4xf32>) {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    // expected-error @below {{the machine projects by products alone, found arith.addf}}
    %p = arith.addf %v, %v : tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } step {
  ^bb0(%p: tensor<4xf32>):
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  rpu.return %y : tensor<?x?x4xf32>
}

// -----

rpu.program @doubles(%x: tensor<?x?x4xf64>) {
  // expected-error @below {{the machine computes in f32, found 'tensor<?x?x4xf64>'}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf64>):
    rnn.yield %v : tensor<4xf64>
  } step {
  ^bb0(%p: tensor<4xf64>):
    rnn.yield %p : tensor<4xf64>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf64>) -> tensor<?x?x4xf64>
  rpu.return %y : tensor<?x?x4xf64>
}
