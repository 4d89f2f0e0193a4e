// RUN: rnn-opt %s -rnn-schedule=schedule=plain | FileCheck %s
// RUN: rnn-opt %s -rnn-target=target=%S/Inputs/narrow-host.yaml -rnn-schedule=schedule=plain | FileCheck %s --check-prefix=NARROW

// Sums are f32 unless the target adds to f16 alone; between them all is f32, and what is kept is rounded: z and r · h, which
// wait for the product of the candidate, and the state.

// CHECK-LABEL: @gru
// CHECK: rnn.product %{{.*}} -> tensor<6xf32>
// CHECK: step {
// CHECK-NEXT: ^bb0(%[[ACC:.*]]: tensor<6xf32>, %[[H:.*]]: tensor<2xf16>):
// CHECK: rnn.product %{{.*}}, %[[H]] acc(%{{.*}}) : (tensor<4x2xf16>, tensor<2xf16>, tensor<4xf32>) -> tensor<4xf32>
// CHECK: %[[Z:.*]] = rnn.activation sigmoid %{{.*}} : tensor<2xf32>
// CHECK: %[[R:.*]] = rnn.activation sigmoid %{{.*}} : tensor<2xf32>
// CHECK: %[[KEPT:.*]] = arith.truncf %[[Z]] : tensor<2xf32> to tensor<2xf16>
// CHECK: %[[WIDE:.*]] = arith.extf %[[H]] : tensor<2xf16> to tensor<2xf32>
// CHECK: %[[RH:.*]] = arith.mulf %[[R]], %[[WIDE]]
// CHECK: %[[X:.*]] = arith.truncf %[[RH]] : tensor<2xf32> to tensor<2xf16>
// CHECK: rnn.product %{{.*}}, %[[X]] acc(%{{.*}}) : (tensor<2x2xf16>, tensor<2xf16>, tensor<2xf32>) -> tensor<2xf32>
// CHECK: arith.extf %[[KEPT]] : tensor<2xf16> to tensor<2xf32>
// CHECK: %[[NEXT:.*]] = arith.truncf %{{.*}} : tensor<2xf32> to tensor<2xf16>
// CHECK-NEXT: rnn.yield %[[NEXT]], %[[NEXT]]

// NARROW: rnn.product %{{.*}} -> tensor<6xf16>
// NARROW: rnn.product %{{.*}} -> tensor<4xf16>
// NARROW: arith.extf %{{.*}} : tensor<2xf16> to tensor<2xf32>
// NARROW: rnn.product %{{.*}} -> tensor<2xf16>
func.func @gru(%x: tensor<?x1x3xf16>, %w: tensor<6x3xf16>, %r: tensor<6x2xf16>) -> tensor<?x1x2xf16> {
  %y, %h = rnn.gru %x, %w, %r {activations = [#rnn.act<sigmoid>, #rnn.act<tanh>]}
    : (tensor<?x1x3xf16>, tensor<6x3xf16>, tensor<6x2xf16>) -> (tensor<?x1x2xf16>, tensor<1x2xf16>)
  return %y : tensor<?x1x2xf16>
}

// The biases are added in f16, at compile time where both are known: 1 + 2^-11 is halfway between two numbers of f16.
// CHECK-LABEL: @biases
// CHECK: arith.constant dense<1.000000e+00> : tensor<2xf16>
// CHECK: rnn.recurrence
func.func @biases(%x: tensor<?x1x3xf16>, %w: tensor<2x3xf16>, %r: tensor<2x2xf16>) -> tensor<?x1x2xf16> {
  %a = arith.constant dense<1.0> : tensor<2xf16>
  %b = arith.constant dense<0.00048828125> : tensor<2xf16>
  %y, %h = rnn.elman %x, %w, %r input_bias(%a) recurrent_bias(%b) {activations = [#rnn.act<tanh>]}
    : (tensor<?x1x3xf16>, tensor<2x3xf16>, tensor<2x2xf16>, tensor<2xf16>, tensor<2xf16>) -> (tensor<?x1x2xf16>, tensor<1x2xf16>)
  return %y : tensor<?x1x2xf16>
}
