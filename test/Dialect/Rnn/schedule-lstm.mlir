// RUN: rnn-opt %s -rnn-schedule="time-tile=8" | FileCheck %s
// RUN: rnn-opt %s -rnn-schedule="schedule=plain" | FileCheck %s --check-prefix=PLAIN

// The peephole of the output gate sees the new cell state; clip bounds the input of each activation, that of h
// included, and not the cell state.

// PLAIN: rnn.recurrence plain
// PLAIN: time_tile = 1
// CHECK-LABEL: @lstm
// CHECK-SAME: %[[X:.*]]: tensor<?x2x3xf32>, %[[W:.*]]: tensor<8x3xf32>, %[[R:.*]]: tensor<8x2xf32>, %[[WB:[a-z0-9]+]]: tensor<8xf32>, %[[RB:[a-z0-9]+]]: tensor<8xf32>, %[[P:.*]]: tensor<6xf32>
// CHECK: %[[BIAS:.*]] = arith.addf %[[WB]], %[[RB]]
// CHECK: rnn.recurrence mwl %[[X]] init(%{{.*}}, %{{.*}}) lengths(%{{.*}}) project {
// CHECK-NEXT: ^bb0(%[[XT:.*]]: tensor<3xf32>):
// CHECK-NEXT: %[[PX:.*]] = rnn.product %[[W]], %[[XT]] :
// CHECK-NEXT: rnn.yield %[[PX]]
// CHECK-NEXT: } step {
// CHECK-NEXT: ^bb0(%[[ACC:.*]]: tensor<8xf32>, %[[H:.*]]: tensor<2xf32>, %[[C:.*]]: tensor<2xf32>):
// CHECK-NEXT: %[[PRE:.*]] = rnn.product %[[R]], %[[H]] acc(%[[ACC]])
// CHECK: %[[PI:.*]] = tensor.extract_slice %[[P]][0] [2] [1]
// CHECK: %[[PIC:.*]] = arith.mulf %[[PI]], %[[C]]
// CHECK: %[[SUM:.*]] = arith.addf %{{.*}}, %[[PIC]]
// CHECK: %[[LOW:.*]] = arith.maximumf %[[SUM]], %{{.*}}
// CHECK: %[[BOUNDED:.*]] = arith.minimumf %[[LOW]], %{{.*}}
// CHECK: %[[I:.*]] = rnn.activation sigmoid %[[BOUNDED]]
// CHECK: tensor.extract_slice %[[P]][4] [2] [1]
// CHECK: %[[F:.*]] = rnn.activation sigmoid
// CHECK: %[[G:.*]] = rnn.activation relu
// CHECK: %[[FC:.*]] = arith.mulf %[[F]], %[[C]]
// CHECK: %[[IG:.*]] = arith.mulf %[[I]], %[[G]]
// CHECK: %[[CELL:.*]] = arith.addf %[[FC]], %[[IG]]
// CHECK: %[[PO:.*]] = tensor.extract_slice %[[P]][2] [2] [1]
// CHECK: arith.mulf %[[PO]], %[[CELL]]
// CHECK: %[[O:.*]] = rnn.activation sigmoid
// CHECK: arith.maximumf %[[CELL]]
// CHECK: %[[OUT:.*]] = rnn.activation tanh
// CHECK: %[[Y:.*]] = arith.mulf %[[O]], %[[OUT]]
// CHECK: rnn.yield %[[Y]], %[[Y]], %[[CELL]]
// CHECK: reverse, time_tile = 8
func.func @lstm(%x: tensor<?x2x3xf32>, %w: tensor<8x3xf32>, %r: tensor<8x2xf32>, %wb: tensor<8xf32>,
                %rb: tensor<8xf32>, %p: tensor<6xf32>, %s: tensor<2x2xf32>, %l: tensor<2xi32>) -> tensor<?x2x2xf32> {
  %y, %h, %c = rnn.lstm %x, %w, %r input_bias(%wb) recurrent_bias(%rb) peephole(%p) init(%s, %s) lengths(%l)
    {activations = [#rnn.act<sigmoid>, #rnn.act<relu>, #rnn.act<tanh>], clip = 2.0 : f32, reverse}
    : (tensor<?x2x3xf32>, tensor<8x3xf32>, tensor<8x2xf32>, tensor<8xf32>, tensor<8xf32>, tensor<6xf32>,
       tensor<2x2xf32>, tensor<2x2xf32>, tensor<2xi32>) -> (tensor<?x2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>)
  return %y : tensor<?x2x2xf32>
}
