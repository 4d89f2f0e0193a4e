// RUN: rnn-opt %s | rnn-opt | FileCheck %s

// CHECK-LABEL: @f
// CHECK: rnn.qrnn f %{{.*}}, %{{.*}} {window = 1 : i64}
func.func @f(%x: tensor<?x2x3xf32>, %w: tensor<8x3xf32>) -> tensor<?x2x4xf32> {
  %y, %c = rnn.qrnn f %x, %w {window = 1 : i64} : (tensor<?x2x3xf32>, tensor<8x3xf32>) -> (tensor<?x2x4xf32>, tensor<2x4xf32>)
  return %y : tensor<?x2x4xf32>
}

// CHECK-LABEL: @all_operands
// CHECK: rnn.qrnn ifo %{{.*}}, %{{.*}} bias(%{{.*}}) history(%{{.*}}) init(%{{.*}}) lengths(%{{.*}}) {reverse, window = 2 : i64}
func.func @all_operands(%x: tensor<?x2x3xf32>, %w: tensor<16x6xf32>, %b: tensor<16xf32>, %x0: tensor<1x2x3xf32>,
                        %c0: tensor<2x4xf32>, %l: tensor<2xi32>) -> tensor<2x4xf32> {
  %y, %c = rnn.qrnn ifo %x, %w bias(%b) history(%x0) init(%c0) lengths(%l) {reverse, window = 2 : i64}
    : (tensor<?x2x3xf32>, tensor<16x6xf32>, tensor<16xf32>, tensor<1x2x3xf32>, tensor<2x4xf32>, tensor<2xi32>)
    -> (tensor<?x2x4xf32>, tensor<2x4xf32>)
  return %c : tensor<2x4xf32>
}
