// RUN: rnn-opt %s -rnn-lower-pack | FileCheck %s

// CHECK-LABEL: @whole_panels
// CHECK-NOT: tensor.pad
// CHECK: %[[SPLIT:.*]] = tensor.expand_shape %{{.*}} {{\[}}[0, 1], [2]] output_shape [2, 16, 3]
// CHECK: linalg.transpose ins(%[[SPLIT]] : tensor<2x16x3xf32>) outs(%{{.*}} : tensor<2x3x16xf32>) permutation = [0, 2, 1]
func.func @whole_panels(%w: tensor<32x3xf32>) -> tensor<2x3x16xf32> {
  %p = rnn.pack %w : tensor<32x3xf32> -> tensor<2x3x16xf32>
  return %p : tensor<2x3x16xf32>
}

// CHECK-LABEL: @padded
// CHECK: tensor.pad %{{.*}} low[0, 0] high[15, 0]
// CHECK: tensor.expand_shape
// CHECK: linalg.transpose
func.func @padded(%w: tensor<17x3xf32>) -> tensor<2x3x16xf32> {
  %p = rnn.pack %w : tensor<17x3xf32> -> tensor<2x3x16xf32>
  return %p : tensor<2x3x16xf32>
}
