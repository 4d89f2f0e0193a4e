// RUN: rnn-opt %s --split-input-file --verify-diagnostics --rnn-define-host-interface

// expected-error @below {{expects @main in the LLVM dialect with its C wrapper, run rnn-extract-host first}}
module {
  llvm.func @main() {
    llvm.return
  }
}

// -----

llvm.func @_mlir_ciface_main()
// expected-error @below {{expects the ranks of the 2 arrays of a launch}}
llvm.func @launch(!llvm.ptr, !llvm.ptr) attributes {rnn.program = 0 : i64, rnn.ranks = array<i64: 3>}

// -----

llvm.func @_mlir_ciface_main()
// expected-error @below {{expects the ranks of the 1 arrays of a launch}}
llvm.func @launch(!llvm.ptr) attributes {rnn.program = 0 : i64}

// -----

llvm.func @_mlir_ciface_main()
// expected-error @below {{expects the offset of a constant, run rnn-place-constants first}}
llvm.func @constant() -> !llvm.struct<(ptr, ptr, i64)> attributes {rnn.constant = dense<1.0> : tensor<f32>}
