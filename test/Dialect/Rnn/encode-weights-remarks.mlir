// RUN: rnn-opt %s -rnn-encode-weights -split-input-file -remark-format=emitRemark -remarks-filter=rnn-encode-weights -o /dev/null 2>&1 | FileCheck %s

// CHECK: [Passed] encode | Category:rnn-encode-weights | Remark="the weight is encoded at run time"
func.func @given(%w: tensor<4x2xf32>, %x: tensor<2xf32>) -> tensor<4xf32> {
  %0 = rnn.product %w, %x : (tensor<4x2xf32>, tensor<2xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// CHECK-NOT: [Passed]
// CHECK: [Missed] encode | Category:rnn-encode-weights
// CHECK-SAME: the weight is computed in the recurrence
func.func @computed(%x: tensor<?x?x2xf32>, %a: tensor<4x2xf32>) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<2xf32>):
    %w = arith.addf %a, %a : tensor<4x2xf32>
    %p = rnn.product %w, %v : (tensor<4x2xf32>, tensor<2xf32>) -> tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } step {
  ^bb0(%p: tensor<4xf32>):
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x2xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}
