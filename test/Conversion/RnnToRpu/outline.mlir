// RUN: rnn-opt %s --split-input-file --rnn-outline | FileCheck %s

// Constants move into the program, other values are its arguments, and only the result that is used is an output.
// CHECK-LABEL: func.func @main
// CHECK-SAME: %[[X:.*]]: tensor<?x?x3xf32>, %[[H0:.*]]: tensor<?x4xf32>
// CHECK: %[[STEPS:.*]] = tensor.dim %[[X]], %c0
// CHECK: %[[BATCH:.*]] = tensor.dim %[[X]], %c1
// CHECK: %[[OUT:.*]] = tensor.empty(%[[STEPS]], %[[BATCH]]) : tensor<?x?x4xf32>
// CHECK: %[[Y:.*]] = rpu.launch @recurrence_0 ins(%[[X]], %[[H0]] : {{.*}}) outs(%[[OUT]] : tensor<?x?x4xf32>)
// CHECK: return %[[Y]]
// CHECK: rpu.program @recurrence_0(%[[PX:.*]]: tensor<?x?x3xf32>, %[[PH0:.*]]: tensor<?x4xf32>)
// CHECK: arith.constant dense<2.500000e-01> : tensor<4x4xf32, #rnn.panels<16>>
// CHECK: %[[INNER:.*]], %{{.*}} = rnn.recurrence {{.*}}plain %[[PX]] init(%[[PH0]])
// CHECK: rpu.return %[[INNER]] : tensor<?x?x4xf32>
func.func @main(%x: tensor<?x?x3xf32>, %h0: tensor<?x4xf32>) -> tensor<?x?x4xf32> {
  %w = arith.constant dense<0.5> : tensor<4x3xf32, #rnn.panels<16>>
  %r = arith.constant dense<0.25> : tensor<4x4xf32, #rnn.panels<16>>
  %y, %h = rnn.recurrence plain %x init(%h0) project {
  ^bb0(%v: tensor<3xf32>):
    %p = rnn.product %w, %v : (tensor<4x3xf32, #rnn.panels<16>>, tensor<3xf32>) -> tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } step {
  ^bb0(%p: tensor<4xf32>, %s: tensor<4xf32>):
    %sum = rnn.product %r, %s acc(%p) : (tensor<4x4xf32, #rnn.panels<16>>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    rnn.yield %sum, %sum : tensor<4xf32>, tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x3xf32>, tensor<?x4xf32>) -> (tensor<?x?x4xf32>, tensor<?x4xf32>)
  return %y : tensor<?x?x4xf32>
}

// -----

// x is an argument even where it is a constant: the steps and the batch are its sizes.
// CHECK-LABEL: func.func @constant_x
// CHECK: %[[C:.*]] = arith.constant dense<1.000000e+00> : tensor<5x2x3xf32>
// CHECK: rpu.launch @recurrence_0 ins(%[[C]] : tensor<5x2x3xf32>)
// CHECK: rpu.program @recurrence_0(%[[CX:.*]]: tensor<5x2x3xf32>)
// CHECK: rnn.recurrence {{.*}}plain %[[CX]]
func.func @constant_x() -> tensor<2x4xf32> {
  %x = arith.constant dense<1.0> : tensor<5x2x3xf32>
  %w = arith.constant dense<0.5> : tensor<4x3xf32, #rnn.panels<16>>
  %y, %h = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<3xf32>):
    %p = rnn.product %w, %v : (tensor<4x3xf32, #rnn.panels<16>>, tensor<3xf32>) -> tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } step {
  ^bb0(%p: tensor<4xf32>, %s: tensor<4xf32>):
    %sum = arith.addf %p, %s : tensor<4xf32>
    rnn.yield %sum, %sum : tensor<4xf32>, tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<5x2x3xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return %h : tensor<2x4xf32>
}

// -----

// A weight is passed as it is stored.
// CHECK-LABEL: func.func @encoded
// CHECK-SAME: %[[X:.*]]: tensor<?x?x3xf32>, %[[W:.*]]: tensor<20x3xf32>
// CHECK: %[[ENCODED:.*]] = rnn.encode %[[W]]
// CHECK: %[[STORED:.*]] = rnn.reinterpret %[[ENCODED]] : tensor<20x3xf32, #rnn.panels<16>> to tensor<2x3x16xf32>
// CHECK: rpu.launch @recurrence_0 ins(%[[X]], %[[STORED]] : tensor<?x?x3xf32>, tensor<2x3x16xf32>)
// CHECK: rpu.program @recurrence_0(%{{.*}}: tensor<?x?x3xf32>, %[[INSIDE:.*]]: tensor<2x3x16xf32>)
// CHECK: %[[WEIGHT:.*]] = rnn.reinterpret %[[INSIDE]] : tensor<2x3x16xf32> to tensor<20x3xf32, #rnn.panels<16>>
// CHECK: rnn.product %[[WEIGHT]]
func.func @encoded(%x: tensor<?x?x3xf32>, %w: tensor<20x3xf32>) -> tensor<?x?x20xf32> {
  %e = rnn.encode %w : tensor<20x3xf32> -> tensor<20x3xf32, #rnn.panels<16>>
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<3xf32>):
    %p = rnn.product %e, %v : (tensor<20x3xf32, #rnn.panels<16>>, tensor<3xf32>) -> tensor<20xf32>
    rnn.yield %p : tensor<20xf32>
  } step {
  ^bb0(%p: tensor<20xf32>):
    rnn.yield %p : tensor<20xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x3xf32>) -> tensor<?x?x20xf32>
  return %y : tensor<?x?x20xf32>
}
