// RUN: rnn-opt %s -rnn-expand-activations -split-input-file | FileCheck %s

// CHECK-LABEL: @affine
// CHECK: %[[SCALED:.*]] = arith.mulf
// CHECK: arith.addf %[[SCALED]]
func.func @affine(%x: f32) -> f32 {
  %0 = rnn.activation affine %x {alpha = 2.0 : f32, beta = 3.0 : f32} : f32
  return %0 : f32
}

// CHECK-LABEL: @relu
// CHECK: arith.maximumf
func.func @relu(%x: f32) -> f32 {
  %0 = rnn.activation relu %x : f32
  return %0 : f32
}

// CHECK-LABEL: @leaky_relu
// CHECK: %[[NEG:.*]] = arith.mulf
// CHECK: arith.cmpf oge
// CHECK: arith.select %{{.*}}, %{{.*}}, %[[NEG]]
func.func @leaky_relu(%x: f32) -> f32 {
  %0 = rnn.activation leaky_relu %x {alpha = 0.01 : f32} : f32
  return %0 : f32
}

// CHECK-LABEL: @hard_sigmoid
// CHECK: arith.mulf
// CHECK: arith.addf
// CHECK: arith.maximumf
// CHECK: arith.minimumf
func.func @hard_sigmoid(%x: f32) -> f32 {
  %0 = rnn.activation hard_sigmoid %x {alpha = 0.2 : f32, beta = 0.5 : f32} : f32
  return %0 : f32
}

// CHECK-LABEL: @elu
// CHECK: math.expm1
// CHECK: arith.select
func.func @elu(%x: f32) -> f32 {
  %0 = rnn.activation elu %x {alpha = 1.0 : f32} : f32
  return %0 : f32
}

// CHECK-LABEL: @softsign
// CHECK: math.absf
// CHECK: arith.divf
func.func @softsign(%x: f32) -> f32 {
  %0 = rnn.activation softsign %x : f32
  return %0 : f32
}
