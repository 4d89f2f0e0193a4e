// RUN: rnn-opt %s -rnn-schedule="time-tile=8" -split-input-file | FileCheck %s

// One product for all gates; the input goes past the cell; nothing but element-wise work is left in the step.
// CHECK-LABEL: @sru
// CHECK: rnn.recurrence mwl %{{.*}} init(%{{.*}}) project {
// CHECK: ^bb0(%[[X:.*]]: tensor<2xf32>):
// CHECK: %[[P:.*]] = rnn.product %{{.*}}, %[[X]] : (tensor<6x2xf32>, tensor<2xf32>) -> tensor<6xf32>
// CHECK: rnn.yield %[[P]], %[[X]]
// CHECK: } step {
// CHECK: ^bb0(%[[Q:.*]]: tensor<6xf32>, %[[SKIP:.*]]: tensor<2xf32>, %[[C:.*]]: tensor<2xf32>):
// CHECK-NOT: rnn.product
// CHECK: %[[F:.*]] = tensor.extract_slice %[[Q]][2] [2] [1]
// CHECK: %[[FB:.*]] = arith.addf %[[F]], %{{.*}}
// CHECK: %[[VC:.*]] = arith.mulf %{{.*}}, %[[C]]
// CHECK: %[[FS:.*]] = arith.addf %[[FB]], %[[VC]]
// CHECK: rnn.activation sigmoid %[[FS]]
// CHECK: arith.mulf %{{.*}}, %[[SKIP]]
func.func @sru(%x: tensor<?x1x2xf32>, %w: tensor<6x2xf32>, %b: tensor<4xf32>, %v: tensor<4xf32>, %c: tensor<1x2xf32>) -> tensor<?x1x2xf32> {
  %y, %last = rnn.sru %x, %w bias(%b) peephole(%v) init(%c)
    : (tensor<?x1x2xf32>, tensor<6x2xf32>, tensor<4xf32>, tensor<4xf32>, tensor<1x2xf32>) -> (tensor<?x1x2xf32>, tensor<1x2xf32>)
  return %y : tensor<?x1x2xf32>
}

// -----

// Of another width, what goes past the cell is a second product that runs ahead.
// CHECK-LABEL: @highway
// CHECK: %[[P:.*]] = rnn.product %{{.*}}, %[[X:.*]] : (tensor<6x3xf32>
// CHECK: %[[S:.*]] = rnn.product %{{.*}}, %[[X]] : (tensor<2x3xf32>
// CHECK: rnn.yield %[[P]], %[[S]]
// CHECK: rnn.activation tanh
func.func @highway(%x: tensor<?x1x3xf32>, %w: tensor<6x3xf32>, %h: tensor<2x3xf32>) -> tensor<?x1x2xf32> {
  %y, %last = rnn.sru %x, %w highway(%h) {output_activation = #rnn.act<tanh>}
    : (tensor<?x1x3xf32>, tensor<6x3xf32>, tensor<2x3xf32>) -> (tensor<?x1x2xf32>, tensor<1x2xf32>)
  return %y : tensor<?x1x2xf32>
}
