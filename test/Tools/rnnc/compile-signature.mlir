// RUN: not rnnc compile %s --target=cpu -o %t.rpu 2>&1 | FileCheck %s
// RUN: not ls %t.rpu

// CHECK: error: input 'input_0' has a type that programs do not take: 'f32'
// CHECK: error: input 'h' has a type that programs do not take: BFLOAT16 of shape [2]
// CHECK: error: output 'n' has a type that programs do not take: 'index'
func.func @main(%x: f32, %h: tensor<2xbf16> {onnx.name = "h"}) -> (index {onnx.name = "n"}) {
  %n = arith.constant 1 : index
  return %n : index
}
