// RUN: rnn-opt %s --rnn-outline --split-input-file | FileCheck %s

// Constants move into the program, other values are its arguments, and only the result that is used is an output.
// CHECK-LABEL: func.func @main
// CHECK-SAME: %[[X:.*]]: tensor<?x?x3xf32>, %[[H0:.*]]: tensor<?x4xf32>
// CHECK: %[[STEPS:.*]] = tensor.dim %[[X]], %c0
// CHECK: %[[BATCH:.*]] = tensor.dim %[[X]], %c1
// CHECK: %[[OUT:.*]] = tensor.empty(%[[STEPS]], %[[BATCH]]) : tensor<?x?x4xf32>
// CHECK: %[[Y:.*]] = rpu.launch @recurrence_0 ins(%[[X]], %[[H0]] : {{.*}}) outs(%[[OUT]] : tensor<?x?x4xf32>)
// CHECK: return %[[Y]]
// CHECK: rpu.program @recurrence_0(%[[PX:.*]]: tensor<?x?x3xf32>, %[[PH0:.*]]: tensor<?x4xf32>)
// CHECK: arith.constant dense<2.500000e-01> : tensor<1x4x16xf32>
// CHECK: %[[INNER:.*]], %{{.*}} = rnn.recurrence {{.*}}plain %[[PX]] init(%[[PH0]])
// CHECK: rpu.return %[[INNER]] : tensor<?x?x4xf32>
func.func @main(%x: tensor<?x?x3xf32>, %h0: tensor<?x4xf32>) -> tensor<?x?x4xf32> {
  %w = arith.constant dense<0.5> : tensor<1x3x16xf32>
  %r = arith.constant dense<0.25> : tensor<1x4x16xf32>
  %y, %h = rnn.recurrence plain %x init(%h0) project {
  ^bb0(%v: tensor<3xf32>):
    %p = rnn.product %w, %v : (tensor<1x3x16xf32>, tensor<3xf32>) -> tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } step {
  ^bb0(%p: tensor<4xf32>, %s: tensor<4xf32>):
    %sum = rnn.product %r, %s acc(%p) : (tensor<1x4x16xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    rnn.yield %sum, %sum : tensor<4xf32>, tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x3xf32>, tensor<?x4xf32>) -> (tensor<?x?x4xf32>, tensor<?x4xf32>)
  return %y : tensor<?x?x4xf32>
}

// -----

// The input is an argument even where it is a constant: a program has the numbers of steps and sequences from it.
// CHECK-LABEL: func.func @main
// CHECK: %[[X:.*]] = arith.constant {{.*}} : tensor<5x2x3xf32>
// CHECK: rpu.launch @recurrence_0 ins(%[[X]] : tensor<5x2x3xf32>)
// CHECK: rpu.program @recurrence_0(%[[PX:.*]]: tensor<5x2x3xf32>)
// CHECK: rnn.recurrence plain %[[PX]]
func.func @main() -> tensor<5x2x4xf32> {
  %x = arith.constant dense<1.0> : tensor<5x2x3xf32>
  %w = arith.constant dense<0.5> : tensor<1x3x16xf32>
  %y, %h = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<3xf32>):
    %p = rnn.product %w, %v : (tensor<1x3x16xf32>, tensor<3xf32>) -> tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } step {
  ^bb0(%p: tensor<4xf32>, %s: tensor<4xf32>):
    rnn.yield %p, %p : tensor<4xf32>, tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<5x2x3xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return %y : tensor<5x2x4xf32>
}
