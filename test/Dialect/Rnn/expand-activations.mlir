// RUN: rnn-opt %s -rnn-expand-activations | FileCheck %s

// CHECK-LABEL: @basic
// CHECK-NEXT: rnn.activation sigmoid
// CHECK-NEXT: rnn.activation tanh
func.func @basic(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = rnn.activation sigmoid %x : tensor<4xf32>
  %1 = rnn.activation tanh %0 : tensor<4xf32>
  return %1 : tensor<4xf32>
}

// CHECK-LABEL: @thresholded_relu
// CHECK-DAG: %[[ALPHA:.*]] = arith.constant dense<1.500000e+00>
// CHECK-DAG: %[[ZERO:.*]] = arith.constant dense<0.000000e+00>
// CHECK: %[[AT_LEAST:.*]] = arith.cmpf oge, %[[X:.*]], %[[ALPHA]]
// CHECK: arith.select %[[AT_LEAST]], %[[X]], %[[ZERO]]
func.func @thresholded_relu(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = rnn.activation thresholded_relu %x {alpha = 1.5 : f32} : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @scaled_tanh
// CHECK: %[[IN:.*]] = arith.mulf %{{.*}}, %{{.*}} : vector<8xf32>
// CHECK: %[[TANH:.*]] = rnn.activation tanh %[[IN]] : vector<8xf32>
// CHECK: arith.mulf %{{.*}}, %[[TANH]]
func.func @scaled_tanh(%x: vector<8xf32>) -> vector<8xf32> {
  %0 = rnn.activation scaled_tanh %x {alpha = 2.0 : f32, beta = 0.5 : f32} : vector<8xf32>
  return %0 : vector<8xf32>
}

// CHECK-LABEL: @softplus
// CHECK: %[[ABS:.*]] = math.absf
// CHECK: %[[NEG:.*]] = arith.negf %[[ABS]]
// CHECK: %[[EXP:.*]] = math.exp %[[NEG]] : f32
// CHECK-DAG: %[[MAX:.*]] = arith.maximumf
// CHECK-DAG: %[[LOG:.*]] = math.log1p %[[EXP]]
// CHECK: arith.addf %[[MAX]], %[[LOG]]
func.func @softplus(%x: f32) -> f32 {
  %0 = rnn.activation softplus %x : f32
  return %0 : f32
}
