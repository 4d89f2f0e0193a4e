// RUN: rnn-opt %s -convert-rnn-to-vector -split-input-file -verify-diagnostics

// Weights are read as they are stored.
func.func @unpacked(%x: tensor<?x?x4xf32>, %w: tensor<4x4xf32>, %h: tensor<4xf32>) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
  ^bb0:
    // expected-error @+1 {{expects a weight with an encoding, run rnn-encode-weights}}
    %p = rnn.product %w, %h : (tensor<4x4xf32>, tensor<4xf32>) -> tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// A part of a vector lies at a fixed offset.
func.func @dynamic_slice(%x: tensor<?x?x4xf32>, %h: tensor<8xf32>, %at: index) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
  ^bb0:
    // expected-error @+1 {{expects a contiguous part of a vector at a fixed offset in a step}}
    %p = tensor.extract_slice %h[%at] [4] [1] : tensor<8xf32> to tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// A step has element-wise operations.
func.func @other(%x: tensor<?x?x4xf32>, %a: tensor<2xf32>) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
  ^bb0:
    // expected-error @+1 {{expects products, slices, activations and element-wise operations in a step}}
    %p = tensor.concat dim(0) %a, %a : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

func.func @doubles(%x: tensor<?x?x4xf64>) -> tensor<?x?x4xf64> {
  // expected-error @+1 {{expects tensors of f32, found 'tensor<?x?x4xf64>'}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf64>):
    rnn.yield %v : tensor<4xf64>
  } step {
  ^bb0(%p: tensor<4xf64>):
    rnn.yield %p : tensor<4xf64>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf64>) -> tensor<?x?x4xf64>
  return %y : tensor<?x?x4xf64>
}

// -----

func.func @projects_the_input_itself(%x: tensor<?x?x4xf32>) -> tensor<?x?x4xf32> {
  // expected-error @+1 {{expects a projection to yield products of the input}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield %v : tensor<4xf32>
  } step {
  ^bb0(%p: tensor<4xf32>):
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}
