// RUN: rnn-opt %s -rnn-lower-encode | FileCheck %s

// CHECK-LABEL: @whole_panels
// CHECK-NOT: tensor.pad
// CHECK: %[[SPLIT:.*]] = tensor.expand_shape %{{.*}} {{\[}}[0, 1], [2]] output_shape [2, 16, 3]
// CHECK: %[[STORED:.*]] = linalg.transpose ins(%[[SPLIT]] : tensor<2x16x3xf32>) outs(%{{.*}} : tensor<2x3x16xf32>) permutation = [0, 2, 1]
// CHECK-NOT: rnn.reinterpret
// CHECK: return %[[STORED]]
func.func @whole_panels(%w: tensor<32x3xf32>) -> tensor<2x3x16xf32> {
  %e = rnn.encode %w : tensor<32x3xf32> -> tensor<32x3xf32, #rnn.panels<16>>
  %s = rnn.reinterpret %e : tensor<32x3xf32, #rnn.panels<16>> to tensor<2x3x16xf32>
  return %s : tensor<2x3x16xf32>
}

// CHECK-LABEL: @padded
// CHECK: tensor.pad %{{.*}} low[0, 0] high[15, 0]
// CHECK: tensor.expand_shape
// CHECK: %[[STORED:.*]] = linalg.transpose
// CHECK: rnn.reinterpret %[[STORED]] : tensor<2x3x16xf32> to tensor<17x3xf32, #rnn.panels<16>>
func.func @padded(%w: tensor<17x3xf32>) -> tensor<17x3xf32, #rnn.panels<16>> {
  %e = rnn.encode %w : tensor<17x3xf32> -> tensor<17x3xf32, #rnn.panels<16>>
  return %e : tensor<17x3xf32, #rnn.panels<16>>
}
