// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-attach-target{target=generic},rpu.program(convert-rnn-to-rpu))" --verify-diagnostics --split-input-file

// Two panels of a weight with so many columns exceed the weight memory.
rpu.program @wide(%x: tensor<?x?x20000xf32>, %w: tensor<2x20000x16xf32>) attributes {semaphores = array<i64>} {
  // expected-error @below {{does not fit the weight memory: two panels of each of its 1 weights take 2560000 bytes, the capacity of generic is 2097152}}
  %y, %h = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<20000xf32>):
    %p = rnn.product %w, %v : (tensor<2x20000x16xf32>, tensor<20000xf32>) -> tensor<20xf32>
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
