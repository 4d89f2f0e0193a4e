// RUN: rnn-opt %s --rnn-check-functions --split-input-file --verify-diagnostics

func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{expects no recursion, found a call of @main in a function that @main calls}}
  %y = call @main(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// Also where the call is that of another function, in a branch.
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = call @a(%x) : (tensor<4xf32>) -> tensor<4xf32>
  %z = call @a(%y) : (tensor<4xf32>) -> tensor<4xf32>
  return %z : tensor<4xf32>
}
func.func @a(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = call @b(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
func.func @b(%x: tensor<4xf32>) -> tensor<4xf32> {
  %c = arith.constant true
  %y = scf.if %c -> tensor<4xf32> {
    // expected-error @below {{expects no recursion, found a call of @a in a function that @a calls}}
    %z = func.call @a(%x) : (tensor<4xf32>) -> tensor<4xf32>
    scf.yield %z : tensor<4xf32>
  } else {
    scf.yield %x : tensor<4xf32>
  }
  return %y : tensor<4xf32>
}

// -----

func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{expects calls of functions by their names}}
  %f = constant @main : (tensor<4xf32>) -> tensor<4xf32>
  %y = call_indirect %f(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
