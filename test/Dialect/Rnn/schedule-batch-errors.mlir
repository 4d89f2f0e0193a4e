// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=generic},rnn-schedule{batch-tile=17})" -verify-diagnostics

// 128 KiB of accumulators hold the 4 x 512 f32 rows of 16 sequences.
func.func @f(%x: tensor<?x32x128xf32>, %w: tensor<2048x128xf32>, %r: tensor<2048x512xf32>) -> tensor<?x32x512xf32> {
  // expected-error @below {{batch-tile: expects at most 16 sequences in lock-step, as the accumulators and the vector memory of generic hold the states, partial results and vectors of no more of them, each of 1 time step, found 17}}
  %y, %h, %c = rnn.lstm %x, %w, %r {activations = [#rnn.act<sigmoid>, #rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<?x32x128xf32>, tensor<2048x128xf32>, tensor<2048x512xf32>)
    -> (tensor<?x32x512xf32>, tensor<32x512xf32>, tensor<32x512xf32>)
  return %y : tensor<?x32x512xf32>
}
