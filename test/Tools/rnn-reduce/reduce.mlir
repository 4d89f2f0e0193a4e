// The reducer keeps what the tester looks for and drops the other function.
// RUN: rnn-reduce %s -reduction-tree='traversal-mode=0 test=%S/Inputs/has-relu.sh' | FileCheck %s

// CHECK-NOT: @other
// CHECK: rnn.activation relu
// CHECK-NOT: @other
func.func @kept(%x: f32) -> f32 {
  %0 = rnn.activation relu %x : f32
  return %0 : f32
}
func.func @other(%x: f32) -> f32 {
  %0 = rnn.activation leaky_relu %x {alpha = 0.01 : f32} : f32
  return %0 : f32
}
