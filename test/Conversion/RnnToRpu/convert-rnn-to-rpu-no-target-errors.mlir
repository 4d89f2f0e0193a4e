// RUN: rnn-opt %s --pass-pipeline="builtin.module(rpu.program(convert-rnn-to-rpu))" --verify-diagnostics

// expected-error @below {{expects the module attribute rnn.target}}
rpu.program @no_target(%x: tensor<?x?x4xf32>) {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    %p = arith.constant dense<0.0> : tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  rpu.return %y : tensor<?x?x4xf32>
}
