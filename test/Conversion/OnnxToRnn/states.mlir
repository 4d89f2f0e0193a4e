// RUN: rnn-opt %s -convert-onnx -split-input-file | FileCheck %s

// One initial state alone gives the other as zeros; the bias splits into its halves.

// CHECK-LABEL: @main
// CHECK-SAME: %[[B:[a-z0-9]+]]: tensor<1x32xf32>, %[[C0:[a-z0-9]+]]: tensor<1x2x4xf32>, %{{.*}}: tensor<1x12xf32>
// CHECK: %[[BIAS:.*]] = tensor.extract_slice %[[B]][0, 0] [1, 32]
// CHECK: %[[WB:.*]] = tensor.extract_slice %[[BIAS]][0] [16]
// CHECK: %[[RB:.*]] = tensor.extract_slice %[[BIAS]][16] [16]
// CHECK: %[[ZERO:.*]] = linalg.fill
// CHECK: %[[C:.*]] = tensor.extract_slice %[[C0]][0, 0, 0] [1, 2, 4]
// CHECK: rnn.lstm %{{.*}} input_bias(%[[WB]]) recurrent_bias(%[[RB]]) peephole(%{{.*}}) init(%[[ZERO]], %[[C]])
// CHECK-SAME: input_forget
module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x16x3xf32>, %r: tensor<1x16x4xf32>, %b: tensor<1x32xf32>,
                  %c0: tensor<1x2x4xf32>, %p: tensor<1x12xf32>) -> tensor<5x1x2x4xf32> {
    %none = onnx.none
    %y = onnx.node "LSTM"(%x, %w, %r, %b, %none, %none, %c0, %p) with {input_forget = 1 : i64}
      : (tensor<5x2x3xf32>, tensor<1x16x3xf32>, tensor<1x16x4xf32>, tensor<1x32xf32>, !onnx.none, !onnx.none,
         tensor<1x2x4xf32>, tensor<1x12xf32>) -> tensor<5x1x2x4xf32>
    onnx.return %y : tensor<5x1x2x4xf32>
  }
}

// -----

// Constant zeros are no initial state.
// CHECK-LABEL: @main
// CHECK: rnn.elman
// CHECK-NOT: init
module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x4x3xf32>, %r: tensor<1x4x4xf32>) -> tensor<5x1x2x4xf32> {
    %none = onnx.none
    %h0 = onnx.constant dense<0.0> : tensor<1x2x4xf32>
    %y = onnx.node "RNN"(%x, %w, %r, %none, %none, %h0)
      : (tensor<5x2x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>, !onnx.none, !onnx.none, tensor<1x2x4xf32>)
      -> tensor<5x1x2x4xf32>
    onnx.return %y : tensor<5x1x2x4xf32>
  }
}
