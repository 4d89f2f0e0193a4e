// RUN: rnn-opt %s -rnn-quantize=formats=fp16 | FileCheck %s
// RUN: rnn-opt %s -rnn-quantize=formats=fp16,second:none | FileCheck %s --check-prefix=FIRST
// RUN: rnn-opt %s -rnn-quantize=formats=second:fp16 | FileCheck %s --check-prefix=SECOND
// RUN: rnn-opt %s -rnn-quantize | FileCheck %s --check-prefix=NONE
// RUN: rnn-opt %s -rnn-quantize=formats=none | FileCheck %s --check-prefix=NONE

// Operands and results are converted at the border, lengths are not, and what one layer gives another in f16 stays so.
// 0.1 is rounded; attributes are of f32.

// CHECK-LABEL: @two
// CHECK-SAME: %[[X:.*]]: tensor<?x1x3xf32>
// CHECK-DAG: %[[W:.*]] = arith.constant dense<9.997550e-02> : tensor<2x3xf16>
// CHECK-DAG: %[[X16:.*]] = arith.truncf %[[X]] : tensor<?x1x3xf32> to tensor<?x1x3xf16>
// CHECK: %[[Y:.*]], %{{.*}} = rnn.elman %[[X16]], %[[W]], %{{.*}} init(%{{.*}}) lengths(%{{.*}}) {{.*}}clip = 1.000000e-01 : f32
// CHECK-SAME: (tensor<?x1x3xf16>, tensor<2x3xf16>, tensor<2x2xf16>, tensor<1x2xf16>, tensor<1xi32>) -> (tensor<?x1x2xf16>, tensor<1x2xf16>)
// CHECK: %[[OUT:.*]], %[[LAST:.*]] = rnn.elman %[[Y]]
// CHECK: arith.extf %[[OUT]] : tensor<?x1x2xf16> to tensor<?x1x2xf32>
// CHECK: arith.extf %[[LAST]] : tensor<1x2xf16> to tensor<1x2xf32>

// FIRST: rnn.elman {{.*}}tensor<2x3xf16>
// FIRST: arith.extf
// FIRST: rnn.elman {{.*}}tensor<2x2xf32>
// SECOND: rnn.elman {{.*}}tensor<2x3xf32>
// SECOND: arith.truncf
// SECOND: rnn.elman {{.*}}tensor<2x2xf16>
// NONE-NOT: f16
func.func @two(%x: tensor<?x1x3xf32>, %r: tensor<2x2xf32>, %s: tensor<1x2xf32>, %n: tensor<1xi32>) -> (tensor<?x1x2xf32>, tensor<1x2xf32>) {
  %w = arith.constant dense<0.1> : tensor<2x3xf32>
  %y, %h = rnn.elman %x, %w, %r init(%s) lengths(%n) {activations = [#rnn.act<tanh>], clip = 0.1 : f32}
    : (tensor<?x1x3xf32>, tensor<2x3xf32>, tensor<2x2xf32>, tensor<1x2xf32>, tensor<1xi32>) -> (tensor<?x1x2xf32>, tensor<1x2xf32>) loc("first")
  %z, %g = rnn.elman %y, %r, %r {activations = [#rnn.act<tanh>]}
    : (tensor<?x1x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>) -> (tensor<?x1x2xf32>, tensor<1x2xf32>) loc("second")
  return %z, %g : tensor<?x1x2xf32>, tensor<1x2xf32>
}
