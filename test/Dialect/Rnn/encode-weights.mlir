// RUN: rnn-opt %s -rnn-encode-weights -split-input-file | FileCheck %s

// One encoding serves both products of a weight.
// CHECK-LABEL: @runtime
// CHECK: %[[ENCODED:.*]] = rnn.encode %{{.*}} : tensor<17x2xf32> -> tensor<17x2xf32, #rnn.panels<16>>
// CHECK-NOT: rnn.encode
// CHECK: rnn.product %[[ENCODED]]
// CHECK: rnn.product %[[ENCODED]]
func.func @runtime(%w: tensor<17x2xf32>, %x: tensor<2xf32>) -> tensor<17xf32> {
  %0 = rnn.product %w, %x : (tensor<17x2xf32>, tensor<2xf32>) -> tensor<17xf32>
  %1 = rnn.product %w, %x acc(%0) : (tensor<17x2xf32>, tensor<2xf32>, tensor<17xf32>) -> tensor<17xf32>
  return %1 : tensor<17xf32>
}

// -----

// The constant is a resource of what is stored: tools that know no encodings read it as bytes alone.
// CHECK-LABEL: @constant
// CHECK-NEXT: %[[ENCODED:.*]] = arith.constant dense_resource<encoded{{.*}}> : tensor<3x2xf32, #rnn.panels<16>>
// CHECK-NEXT: rnn.product %[[ENCODED]]
func.func @constant(%x: tensor<2xf32>) -> tensor<3xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  %0 = rnn.product %w, %x : (tensor<3x2xf32>, tensor<2xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

// CHECK-LABEL: @rows_of_a_constant
// CHECK-NEXT: arith.constant dense_resource<encoded{{.*}}> : tensor<2x2xf32, #rnn.panels<16>>
// CHECK-NEXT: rnn.product
func.func @rows_of_a_constant(%x: tensor<2xf32>) -> tensor<2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  %s = tensor.extract_slice %w[1, 0] [2, 2] [1, 1] : tensor<3x2xf32> to tensor<2x2xf32>
  %0 = rnn.product %s, %x : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

// CHECK-LABEL: @splat
// CHECK-NEXT: arith.constant dense<2.000000e+00> : tensor<16x5xf32, #rnn.panels<16>>
func.func @splat(%x: tensor<5xf32>) -> tensor<16xf32> {
  %w = arith.constant dense<2.0> : tensor<16x5xf32>
  %0 = rnn.product %w, %x : (tensor<16x5xf32>, tensor<5xf32>) -> tensor<16xf32>
  return %0 : tensor<16xf32>
}
