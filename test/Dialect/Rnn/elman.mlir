// RUN: rnn-opt %s | rnn-opt | FileCheck %s

// CHECK-LABEL: @elman
// CHECK: rnn.elman %{{.*}}, %{{.*}}, %{{.*}} lengths(%{{.*}}) {activations = [#rnn.act<relu>]}
func.func @elman(%x: tensor<?x2x3xf32>, %w: tensor<4x3xf32>, %r: tensor<4x4xf32>, %l: tensor<2xi32>)
    -> tensor<?x2x4xf32> {
  %y, %h = rnn.elman %x, %w, %r lengths(%l) {activations = [#rnn.act<relu>]}
    : (tensor<?x2x3xf32>, tensor<4x3xf32>, tensor<4x4xf32>, tensor<2xi32>) -> (tensor<?x2x4xf32>, tensor<2x4xf32>)
  return %y : tensor<?x2x4xf32>
}
