// RUN: rnn-opt %s --rnn-extract-host | FileCheck %s

// Programs and the names of arguments go; functions that main calls stay.
// CHECK-NOT: rpu.program
// CHECK: func.func @main(%{{.*}}: tensor<4xf32> {bufferization.writable = false}) -> tensor<4xf32> attributes {llvm.emit_c_interface} {
// CHECK: func.func @twice(%{{.*}}: tensor<4xf32>) -> tensor<4xf32> {
rpu.program @layer() {
  rpu.return
}
func.func @main(%x: tensor<4xf32> {onnx.name = "x", onnx.dims = ["four"]}) -> (tensor<4xf32> {onnx.name = "y"}) {
  %y = call @twice(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
func.func @twice(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = arith.addf %x, %x : tensor<4xf32>
  return %y : tensor<4xf32>
}
