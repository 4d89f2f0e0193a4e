// RUN: rnn-opt %s -convert-rnn-to-vector -split-input-file -verify-diagnostics

// What a recurrence may hold is verified for all targets: test/Dialect/Rnn/verify-steps-errors.mlir.

func.func @doubles(%x: tensor<?x?x4xf64>) -> tensor<?x?x4xf64> {
  // expected-error @+1 {{expects tensors of f32 or f16, found 'tensor<?x?x4xf64>'}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf64>):
    rnn.yield %v : tensor<4xf64>
  } step {
  ^bb0(%p: tensor<4xf64>):
    rnn.yield %p : tensor<4xf64>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf64>) -> tensor<?x?x4xf64>
  return %y : tensor<?x?x4xf64>
}
