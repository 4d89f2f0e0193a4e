// RUN: rnn-opt %s --verify-diagnostics --rnn-place-constants

// expected-error @below {{expects the elements of a constant, found "weights"}}
func.func private @rnn_constant_0() -> memref<20xf32> attributes {rnn.constant = "weights"}
