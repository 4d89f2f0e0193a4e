// RUN: rnn-opt %s --rnn-check-functions --split-input-file | FileCheck %s

// Names of the compiler, the runtime and the C library are free for functions of the user.
// CHECK-LABEL: func.func @main
// CHECK: call @user.rnn_count_steps
// CHECK: call @user.recurrence_0
// CHECK: func.func @user.rnn_count_steps
// CHECK: func.func @user.recurrence_0
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = call @rnn_count_steps(%x) : (tensor<4xf32>) -> tensor<4xf32>
  %z = call @recurrence_0(%y) : (tensor<4xf32>) -> tensor<4xf32>
  return %z : tensor<4xf32>
}
func.func @rnn_count_steps(%x: tensor<4xf32>) -> tensor<4xf32> { return %x : tensor<4xf32> }
func.func @recurrence_0(%x: tensor<4xf32>) -> tensor<4xf32> { return %x : tensor<4xf32> }

// -----

// A name that is taken gets another.
// CHECK-LABEL: func.func @main
// CHECK: call @user.f_
// CHECK: func.func @user.f(
// CHECK: func.func @user.f_(
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = call @f(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
func.func @user.f(%x: tensor<4xf32>) -> tensor<4xf32> { return %x : tensor<4xf32> }
func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> { return %x : tensor<4xf32> }
