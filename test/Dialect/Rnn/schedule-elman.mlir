// RUN: rnn-opt %s -rnn-schedule -split-input-file | FileCheck %s
// RUN: rnn-opt %s -rnn-schedule -split-input-file -remark-format=emitRemark -remarks-filter=rnn-schedule 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// REMARK: [Passed] schedule | Category:rnn-schedule | Remark="time tile of 16: input products run up to 16 time steps
// CHECK-LABEL: @elman
// CHECK: ^bb0(%[[P:.*]]: tensor<2xf32>, %[[H:.*]]: tensor<2xf32>):
// CHECK: %[[SUM:.*]] = rnn.product %{{.*}}, %[[H]] acc(%[[P]])
// CHECK: %[[BIASED:.*]] = arith.addf %[[SUM]], %{{.*}}
// CHECK: %[[NEXT:.*]] = rnn.activation tanh %[[BIASED]]
// CHECK: rnn.yield %[[NEXT]], %[[NEXT]]
// CHECK: time_tile = 16
func.func @elman(%x: tensor<?x1x3xf32>, %w: tensor<2x3xf32>, %r: tensor<2x2xf32>, %b: tensor<2xf32>) -> tensor<?x1x2xf32> {
  %y, %h = rnn.elman %x, %w, %r input_bias(%b) {activations = [#rnn.act<tanh>]}
    : (tensor<?x1x3xf32>, tensor<2x3xf32>, tensor<2x2xf32>, tensor<2xf32>) -> (tensor<?x1x2xf32>, tensor<1x2xf32>)
  return %y : tensor<?x1x2xf32>
}

// -----

// A sequence of one step leaves nothing to run ahead.
// REMARK: [Missed] schedule | Category:rnn-schedule
// CHECK-LABEL: @one_step
// CHECK: rnn.recurrence plain
// CHECK: time_tile = 1
func.func @one_step(%x: tensor<1x1x3xf32>, %w: tensor<2x3xf32>, %r: tensor<2x2xf32>) -> tensor<1x1x2xf32> {
  %y, %h = rnn.elman %x, %w, %r {activations = [#rnn.act<tanh>]}
    : (tensor<1x1x3xf32>, tensor<2x3xf32>, tensor<2x2xf32>) -> (tensor<1x1x2xf32>, tensor<1x2xf32>)
  return %y : tensor<1x1x2xf32>
}
