// RUN: rnn-opt %s | rnn-opt | FileCheck %s

// Each value has elements of its own; project sees a window and has a state; a state lives in the accumulators.
// CHECK-LABEL: @typed
// CHECK: rnn.recurrence mwl %{{.*}} history(%{{.*}}) init(%{{.*}}, %{{.*}}) project {
// CHECK: ^bb0(%{{.*}}: tensor<6xi8>, %[[Q:.*]]: tensor<3xi8>):
// CHECK: } step {
// CHECK: } {batch_tile = 4 : i64, memories = [#rnn.memory<acc>, #rnn.memory<vector>], projection_states = 1 : i64, time_tile = 8 : i64, window = 2 : i64}
func.func @typed(%x: tensor<?x?x3xi8>, %x0: tensor<1x?x3xi8>, %s0: tensor<?x4xi32>, %q0: tensor<?x3xi8>) -> tensor<?x?x4xf16> {
  %y, %finals:2 = rnn.recurrence mwl %x history(%x0) init(%s0, %q0) project {
  ^bb0(%v: tensor<6xi8>, %q: tensor<3xi8>):
    %last = tensor.extract_slice %v[3] [3] [1] : tensor<6xi8> to tensor<3xi8>
    rnn.yield %q, %last : tensor<3xi8>, tensor<3xi8>
  } step {
  ^bb0(%p: tensor<3xi8>, %s: tensor<4xi32>):
    %y = arith.sitofp %s : tensor<4xi32> to tensor<4xf16>
    rnn.yield %y, %s : tensor<4xf16>, tensor<4xi32>
  } {time_tile = 8 : i64, batch_tile = 4 : i64, window = 2 : i64, projection_states = 1 : i64,
     memories = [#rnn.memory<acc>, #rnn.memory<vector>]}
    : (tensor<?x?x3xi8>, tensor<1x?x3xi8>, tensor<?x4xi32>, tensor<?x3xi8>)
    -> (tensor<?x?x4xf16>, tensor<?x4xi32>, tensor<?x3xi8>)
  return %y : tensor<?x?x4xf16>
}

// What is the default is not written.
// CHECK-LABEL: @defaults
// CHECK: } {time_tile = 1 : i64}
func.func @defaults(%x: tensor<?x?x3xf32>) -> tensor<?x?x3xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<3xf32>):
    rnn.yield %v : tensor<3xf32>
  } step {
  ^bb0(%p: tensor<3xf32>):
    rnn.yield %p : tensor<3xf32>
  } {time_tile = 1 : i64, batch_tile = 1 : i64, window = 1 : i64, projection_states = 0 : i64} : (tensor<?x?x3xf32>) -> tensor<?x?x3xf32>
  return %y : tensor<?x?x3xf32>
}
