// RUN: rnn-opt %s -rnn-schedule -split-input-file | FileCheck %s

// CHECK-LABEL: @reset_before_product
// CHECK-DAG: %[[RZR:.*]] = tensor.extract_slice %{{.*}}[0, 0] [4, 2] [1, 1]
// CHECK-DAG: %[[RH:.*]] = tensor.extract_slice %{{.*}}[4, 0] [2, 2] [1, 1]
// CHECK: rnn.recurrence mwl
// CHECK: ^bb0(%[[P:.*]]: tensor<6xf32>, %[[H:.*]]: tensor<2xf32>):
// CHECK: %[[PZR:.*]] = tensor.extract_slice %[[P]][0] [4] [1]
// CHECK: rnn.product %[[RZR]], %[[H]] acc(%[[PZR]])
// CHECK: %[[Z:.*]] = rnn.activation sigmoid
// CHECK: %[[R:.*]] = rnn.activation sigmoid
// CHECK: %[[PH:.*]] = tensor.extract_slice %[[P]][4] [2] [1]
// CHECK: %[[RESET:.*]] = arith.mulf %[[R]], %[[H]]
// CHECK: rnn.product %[[RH]], %[[RESET]] acc(%[[PH]])
// CHECK: %[[CAND:.*]] = rnn.activation tanh
// CHECK: %[[KEEP:.*]] = arith.subf %{{.*}}, %[[Z]]
// CHECK: %[[NEW:.*]] = arith.mulf %[[KEEP]], %[[CAND]]
// CHECK: %[[OLD:.*]] = arith.mulf %[[Z]], %[[H]]
// CHECK: %[[NEXT:.*]] = arith.addf %[[NEW]], %[[OLD]]
// CHECK: rnn.yield %[[NEXT]], %[[NEXT]]
func.func @reset_before_product(%x: tensor<?x1x3xf32>, %w: tensor<6x3xf32>, %r: tensor<6x2xf32>) -> tensor<?x1x2xf32> {
  %y, %h = rnn.gru %x, %w, %r {activations = [#rnn.act<sigmoid>, #rnn.act<tanh>]}
    : (tensor<?x1x3xf32>, tensor<6x3xf32>, tensor<6x2xf32>) -> (tensor<?x1x2xf32>, tensor<1x2xf32>)
  return %y : tensor<?x1x2xf32>
}

// -----

// CHECK-LABEL: @linear_before_reset
// CHECK-DAG: %[[WBH:.*]] = tensor.extract_slice %arg3[4] [2] [1]
// CHECK-DAG: %[[RBH:.*]] = tensor.extract_slice %arg4[4] [2] [1]
// CHECK: ^bb0(%{{.*}}: tensor<6xf32>, %[[H:.*]]: tensor<2xf32>):
// CHECK: rnn.activation sigmoid
// CHECK: %[[R:.*]] = rnn.activation sigmoid
// CHECK: %[[RH:.*]] = rnn.product %{{.*}}, %[[H]] : (tensor<2x2xf32>, tensor<2xf32>)
// CHECK: %[[BIASED:.*]] = arith.addf %[[RH]], %[[RBH]]
// CHECK: %[[INPUT:.*]] = arith.addf %{{.*}}, %[[WBH]]
// CHECK: %[[RESET:.*]] = arith.mulf %[[R]], %[[BIASED]]
// CHECK: arith.addf %[[INPUT]], %[[RESET]]
func.func @linear_before_reset(%arg0: tensor<?x1x3xf32>, %arg1: tensor<6x3xf32>, %arg2: tensor<6x2xf32>,
                               %arg3: tensor<6xf32>, %arg4: tensor<6xf32>) -> tensor<?x1x2xf32> {
  %y, %h = rnn.gru %arg0, %arg1, %arg2 input_bias(%arg3) recurrent_bias(%arg4)
    {activations = [#rnn.act<sigmoid>, #rnn.act<tanh>], linear_before_reset}
    : (tensor<?x1x3xf32>, tensor<6x3xf32>, tensor<6x2xf32>, tensor<6xf32>, tensor<6xf32>)
    -> (tensor<?x1x2xf32>, tensor<1x2xf32>)
  return %y : tensor<?x1x2xf32>
}
