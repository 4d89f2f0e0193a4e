// RUN: rnn-opt %s --split-input-file --verify-diagnostics --rnn-define-host-interface

// expected-error @below {{expects @main in the LLVM dialect with its C wrapper, run rnn-extract-host first}}
module {
  llvm.func @main() {
    llvm.return
  }
}

// -----

llvm.func @main()
llvm.func @_mlir_ciface_main()
// expected-error @below {{expects the ranks and widths of the 2 arrays of a launch and how many are inputs}}
llvm.func @launch(!llvm.ptr, !llvm.ptr) attributes {rnn.program = 0 : i64, rnn.ranks = array<i64: 3>}

// -----

llvm.func @main()
llvm.func @_mlir_ciface_main()
// expected-error @below {{expects the ranks and widths of the 1 arrays of a launch and how many are inputs}}
llvm.func @launch(!llvm.ptr) attributes {rnn.program = 0 : i64}

// -----

llvm.func @main()
llvm.func @_mlir_ciface_main()
// expected-error @below {{expects the offset of a constant, run rnn-place-constants first}}
llvm.func @constant() -> !llvm.struct<(ptr, ptr, i64)> attributes {rnn.constant = dense<1.0> : tensor<f32>}

// -----

// expected-error @below {{expects @main in the LLVM dialect with its C wrapper, run rnn-extract-host first}}
module {
  llvm.func @_mlir_ciface_main()
}

// -----

llvm.func @main()
// expected-error @below {{expects a C wrapper that takes pointers and returns nothing, found '!llvm.func<void (i64)>'}}
llvm.func @_mlir_ciface_main(i64)

// -----

llvm.func @main()
// expected-error @below {{expects a C wrapper that takes pointers and returns nothing, found '!llvm.func<ptr ()>'}}
llvm.func @_mlir_ciface_main() -> !llvm.ptr

// -----

llvm.func @main()
llvm.func @_mlir_ciface_main()
// expected-error @below {{expects the type '!llvm.func<void (i1)>', found '!llvm.func<void ()>'}}
llvm.func @fail() attributes {rnn.message = "wrong"}

// -----

llvm.func @main()
llvm.func @_mlir_ciface_main()
// expected-error @below {{expects the type '!llvm.func<void (ptr)>', found '!llvm.func<void (i64)>'}}
llvm.func @launch(i64) attributes {rnn.inputs = 0 : i64, rnn.program = 0 : i64, rnn.ranks = array<i64: 3>, rnn.widths = array<i64: 4>}

// -----

llvm.func @main()
llvm.func @_mlir_ciface_main()
// expected-error @below {{expects the type '!llvm.func<struct<(ptr, ptr, i64)> ()>', found '!llvm.func<void ()>'}}
llvm.func @constant() attributes {rnn.constant = dense<1.0> : tensor<f32>, rnn.offset = 0 : i64}

// -----

llvm.func @main()
llvm.func @_mlir_ciface_main()
// expected-error @below {{expects the type '!llvm.func<ptr (i64)>', found '!llvm.func<ptr ()>'}}
llvm.func @_mlir_memref_to_llvm_alloc() -> !llvm.ptr

// -----

llvm.func @main()
llvm.func @_mlir_ciface_main()
// expected-error @below {{expects the type '!llvm.func<ptr (i64, i64)>', found '!llvm.func<ptr (i64)>'}}
llvm.func @_mlir_memref_to_llvm_aligned_alloc(i64) -> !llvm.ptr

// -----

llvm.func @main()
llvm.func @_mlir_ciface_main()
// expected-error @below {{expects the type '!llvm.func<void (ptr)>', found '!llvm.func<void ()>'}}
llvm.func @_mlir_memref_to_llvm_free()

// -----

llvm.func @main()
llvm.func @_mlir_ciface_main()
// expected-error @below {{expects the type '!llvm.func<void (i64, i64)>', found '!llvm.func<void (i64)>'}}
llvm.func @rnn_count_steps(i64)
