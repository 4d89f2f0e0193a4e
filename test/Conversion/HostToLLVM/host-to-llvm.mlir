// RUN: rnn-opt %s --rnn-host-to-llvm > %t.whole
// RUN: FileCheck %s < %t.whole
// RUN: FileCheck %s --check-prefix=LEFT < %t.whole
// RUN: rnn-opt %s --rnn-outline-launches --rnn-extract-host | rnn-opt --rnn-host-to-llvm > %t.halves
// RUN: FileCheck %s < %t.halves
// RUN: FileCheck %s --check-prefix=LEFT < %t.halves

// A launch, a run-time size, a large constant and a function of the machine: nothing but the LLVM dialect is left, and
// nothing but the interface is visible.
// LEFT-NOT: rpu.
// LEFT-NOT: {{ (func|memref|arith|math|scf|cf|tensor|linalg|bufferization|index|vector|affine)\.[a-z]}}
// CHECK-DAG: llvm.mlir.global external constant @rnn_host_abi
// CHECK-DAG: llvm.mlir.global external @rnn_host_api
// CHECK-DAG: llvm.mlir.global internal constant @rnn_fail_0_message("takes an array of more than 2^48 bytes\00")
// CHECK-DAG: llvm.func internal @rnn_constant_0
// CHECK-DAG: llvm.func internal @_mlir_ciface_rnn_launch_0
// CHECK-DAG: llvm.func internal @main
// CHECK-DAG: llvm.func @rnn_host_main
rpu.program @layer(%x: tensor<?x16xf32>) {
  rpu.return %x : tensor<?x16xf32>
}
func.func @main(%x: tensor<?x16xf32> {onnx.name = "x"}) -> tensor<?x16xf32> {
  %c0 = arith.constant 0 : index
  %rows = tensor.dim %x, %c0 : tensor<?x16xf32>
  %out = tensor.empty(%rows) : tensor<?x16xf32>
  %y = rpu.launch @layer ins(%x : tensor<?x16xf32>) outs(%out : tensor<?x16xf32>) -> tensor<?x16xf32>
  %bias = arith.constant dense<[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0]> : tensor<16xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>,
                                          affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
    ins(%y, %bias : tensor<?x16xf32>, tensor<16xf32>) outs(%out : tensor<?x16xf32>) {
  ^bb0(%a: f32, %b: f32, %old: f32):
    %c = arith.addf %a, %b : f32
    %d = math.tanh %c : f32
    linalg.yield %d : f32
  } -> tensor<?x16xf32>
  return %sum : tensor<?x16xf32>
}
