// RUN: rnn-opt %s --split-input-file --verify-diagnostics --rnn-extract-host

// expected-error @below {{expects a function @main with a body}}
module {
  func.func @other() {
    return
  }
}

// -----

// expected-error @below {{expects a function @main with a body}}
module {
  func.func private @main()
}

// -----

// expected-error @below {{expects @main to take and return tensors, found 'f32'}}
func.func @main(%x: f32) {
  return
}

// -----

// expected-error @below {{expects @main to take and return tensors, found 'index'}}
func.func @main(%x: tensor<2xf32>) -> index {
  %size = arith.constant 2 : index
  return %size : index
}

// -----

// Launches must be outlined before.
rpu.program @layer(%x: tensor<4xf32>) {
  rpu.return %x : tensor<4xf32>
}
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{expects an rpu.program named @layer}}
  %y = rpu.launch @layer ins(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// expected-error @below {{expects tensors of numbers, found 'tensor<4x!rpu.buffer>'}}
func.func @main(%x: tensor<4x!rpu.buffer>) -> tensor<4x!rpu.buffer> {
  return %x : tensor<4x!rpu.buffer>
}
