// RUN: rnn-opt %s -convert-rnn-to-vector -split-input-file -verify-diagnostics

// A step works on vectors.
func.func @scalar(%x: tensor<?x?x4xf32>, %a: tensor<4xf32>, %c: i1) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
  ^bb0:
    // expected-error @+1 {{expects vectors of f32 in a step, found 'i1'}}
    %p = arith.select %c, %a, %a : tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// A comparison does not outlive a product.
func.func @mask(%x: tensor<?x?x4xf32>, %a: tensor<4xf32>, %w: tensor<4x4xf32, #rnn.panels<16>>) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
  ^bb0:
    // expected-error @+1 {{expects a comparison to be used before the next product}}
    %c = arith.cmpf ogt, %a, %a : tensor<4xf32>
    %q = rnn.product %w, %a : (tensor<4x4xf32, #rnn.panels<16>>, tensor<4xf32>) -> tensor<4xf32>
    %p = arith.select %c, %q, %a : tensor<4xi1>, tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}
