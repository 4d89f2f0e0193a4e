// RUN: rnn-opt %s --split-input-file --verify-diagnostics --rnn-place-constants

// expected-error @below {{expects the elements of a constant, found "weights"}}
func.func private @rnn_constant_0() -> memref<20xf32> attributes {rnn.constant = "weights"}

// -----

// 2^40 elements of four bytes.
// expected-error @below {{expects a constant of at most 2 GiB, found 4398046511104 bytes}}
func.func private @rnn_constant_0() -> memref<1048576x1048576xf32>
  attributes {rnn.constant = dense<1.0> : tensor<1048576x1048576xf32>}

// -----

// 2^62 elements of four bytes: the greatest number stands for 2^64.
// expected-error @below {{expects a constant of at most 2 GiB, found 18446744073709551615 bytes}}
func.func private @rnn_constant_0() -> memref<2147483648x2147483648xf32>
  attributes {rnn.constant = dense<1.0> : tensor<2147483648x2147483648xf32>}
