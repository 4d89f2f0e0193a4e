// RUN: rnn-opt %s --verify-diagnostics --rnn-place-constants --split-input-file

// expected-error @below {{expects the elements of a constant, found "weights"}}
func.func private @rnn_constant_0() -> memref<20xf32> attributes {rnn.constant = "weights"}

// -----

// expected-error @below {{expects a constant of at most 2^32 bytes, found 'tensor<1099511627776xf32>'}}
func.func private @rnn_constant_1() -> memref<1099511627776xf32> attributes {rnn.constant = dense<1.0> : tensor<1099511627776xf32>}
