// RUN: rnn-opt %s --rnn-define-host-interface | FileCheck %s

// Without results the first array is an input.
// CHECK-LABEL: llvm.func @rnn_host_main
// CHECK-SAME: (%[[ARGS:.*]]: !llvm.ptr)
// CHECK: %[[FIRST:.*]] = llvm.getelementptr %[[ARGS]][8]
// CHECK: %[[X:.*]] = llvm.load %[[FIRST]]
// CHECK: llvm.call @_mlir_ciface_main(%[[X]])
llvm.func @main() {
  llvm.return
}
llvm.func @_mlir_ciface_main(%x: !llvm.ptr) {
  llvm.return
}
