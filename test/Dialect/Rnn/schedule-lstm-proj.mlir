// RUN: rnn-opt %s -rnn-schedule | FileCheck %s

// The step multiplies its output by the projection; h and the output are of its size.
// CHECK-LABEL: @projected
// CHECK: ^bb0(%{{.*}}: tensor<8xf32>, %[[H:.*]]: tensor<3xf32>, %{{.*}}: tensor<2xf32>):
// CHECK: rnn.product %{{.*}}, %[[H]] acc(%{{.*}}) : (tensor<8x3xf32>, tensor<3xf32>, tensor<8xf32>) -> tensor<8xf32>
// CHECK: %[[P:.*]] = rnn.product %{{.*}}, %{{.*}} : (tensor<3x2xf32>, tensor<2xf32>) -> tensor<3xf32>
// CHECK: rnn.yield %[[P]], %[[P]], %{{.*}} : tensor<3xf32>, tensor<3xf32>, tensor<2xf32>
func.func @projected(%x: tensor<?x1x4xf32>, %w: tensor<8x4xf32>, %r: tensor<8x3xf32>, %p: tensor<3x2xf32>) -> tensor<?x1x3xf32> {
  %y, %h, %c = rnn.lstm %x, %w, %r proj(%p) {activations = [#rnn.act<sigmoid>, #rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<?x1x4xf32>, tensor<8x4xf32>, tensor<8x3xf32>, tensor<3x2xf32>) -> (tensor<?x1x3xf32>, tensor<1x3xf32>, tensor<1x2xf32>)
  return %y : tensor<?x1x3xf32>
}
