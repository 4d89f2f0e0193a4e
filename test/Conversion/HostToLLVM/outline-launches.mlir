// RUN: rnn-opt %s --split-input-file --rnn-outline-launches | FileCheck %s

// The programs count in the order of the module, and the buffers of a launch are its inputs, then new ones of its outputs.
// CHECK: func.func private @rnn_launch_0(memref<?x4xf32>, memref<?x4xf32>)
// CHECK-SAME: attributes {llvm.emit_c_interface, rnn.inputs = 1 : i64, rnn.program = 1 : i64, rnn.ranks = array<i64: 2, 2>, rnn.widths = array<i64: 4, 4>}
// CHECK: func.func private @rnn_launch_1(memref<?x3xf32>, memref<f32>, memref<?x4xf32>)
// CHECK-SAME: attributes {llvm.emit_c_interface, rnn.inputs = 2 : i64, rnn.program = 0 : i64, rnn.ranks = array<i64: 2, 0, 2>, rnn.widths = array<i64: 4, 4, 4>}
rpu.program @layer(%x: tensor<?x3xf32>, %scale: tensor<f32>) {
  %size = arith.constant 5 : index
  %y = tensor.empty(%size) : tensor<?x4xf32>
  rpu.return %y : tensor<?x4xf32>
}
rpu.program @same(%x: tensor<?x4xf32>) {
  rpu.return %x : tensor<?x4xf32>
}

// CHECK-LABEL: func.func @main
// CHECK-SAME: %[[X:.*]]: tensor<?x3xf32>, %[[S:.*]]: tensor<f32>, %[[OUT:.*]]: tensor<?x4xf32>)
// CHECK-NOT: rpu.launch
// CHECK: %[[IN:.*]] = bufferization.to_buffer %[[OUT]] read_only : tensor<?x4xf32> to memref<?x4xf32>
// CHECK: %[[SIZE:.*]] = tensor.dim %[[OUT]], %c0
// CHECK: %[[BUFFER:.*]] = memref.alloc(%[[SIZE]]) {alignment = 64 : i64} : memref<?x4xf32>
// CHECK: call @rnn_launch_0(%[[IN]], %[[BUFFER]])
// CHECK: %[[FIRST:.*]] = bufferization.to_tensor %[[BUFFER]] restrict writable
// CHECK: call @rnn_launch_1(
// CHECK: %[[SECOND:.*]] = bufferization.to_tensor
// CHECK: return %[[FIRST]], %[[SECOND]]
func.func @main(%x: tensor<?x3xf32>, %scale: tensor<f32>, %out: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %first = rpu.launch @same ins(%out : tensor<?x4xf32>) outs(%out : tensor<?x4xf32>) -> tensor<?x4xf32>
  %second = rpu.launch @layer ins(%x, %scale : tensor<?x3xf32>, tensor<f32>) outs(%out : tensor<?x4xf32>) -> tensor<?x4xf32>
  return %first, %second : tensor<?x4xf32>, tensor<?x4xf32>
}

// -----

// A name that is taken is left alone.
// CHECK: func.func private @[[$NAME:rnn_launch_0_.*]](memref<2xf32>, memref<2xf32>)
// CHECK-LABEL: func.func @main
// CHECK: call @[[$NAME]](
// CHECK: func.func @rnn_launch_0()
rpu.program @same(%x: tensor<2xf32>) {
  rpu.return %x : tensor<2xf32>
}
func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
  %y = rpu.launch @same ins(%x : tensor<2xf32>) outs(%x : tensor<2xf32>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}
func.func @rnn_launch_0() {
  return
}
