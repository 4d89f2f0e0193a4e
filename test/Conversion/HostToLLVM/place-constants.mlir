// RUN: rnn-opt %s --rnn-place-constants | FileCheck %s

// The 80 bytes of the first end before 128; equal elements are there once, those of a splat too.
// CHECK: @rnn_constant_0() {{.*}}rnn.offset = 0 : i64
// CHECK: @rnn_constant_1() {{.*}}rnn.offset = 128 : i64
// CHECK: @rnn_constant_2() {{.*}}rnn.offset = 128 : i64
// CHECK: @rnn_constant_3() {{.*}}rnn.offset = 0 : i64
func.func private @rnn_constant_0() -> memref<20xf32> attributes {rnn.constant = dense<1.0> : tensor<20xf32>}
func.func private @rnn_constant_1() -> memref<2xf32> attributes {rnn.constant = dense<[1.0, 2.0]> : tensor<2xf32>}
func.func private @rnn_constant_2() -> memref<2xf32> attributes {rnn.constant = dense<[1.0, 2.0]> : tensor<2xf32>}
func.func private @rnn_constant_3() -> memref<20xf32> attributes {rnn.constant = dense<1.0> : tensor<20xf32>}

// CHECK: @other()
// CHECK-NOT: rnn.offset
func.func private @other()
