// RUN: rnn-opt %s --rnn-define-host-interface | FileCheck %s

// The fields of RnnHostApi: context 0, allocate 8, release 16, launch 24, fail 32, constants 40, steps 48.
// CHECK: llvm.mlir.global internal constant @rnn_fail_0_message("model.onnx:Add_3: error: wrong\00")
// CHECK: llvm.mlir.global internal constant @[[$NODE_TEXT:.*]]("model.onnx:Add_4\00")
// CHECK: llvm.mlir.global external constant @rnn_host_abi(4 : i64)
// CHECK: llvm.mlir.global external constant @rnn_host_constants(152 : i64)
// CHECK: llvm.mlir.global external @rnn_host_api() {{.*}}: !llvm.ptr

// CHECK-LABEL: llvm.func internal @_mlir_memref_to_llvm_alloc
// CHECK-SAME: (%[[BYTES:.*]]: i64, %[[NODE:.*]]: !llvm.ptr) -> !llvm.ptr
// CHECK: %[[API:.*]] = llvm.load
// CHECK: %[[FIELD:.*]] = llvm.getelementptr %[[API]][8] : (!llvm.ptr) -> !llvm.ptr, i8
// CHECK: %[[ALLOCATE:.*]] = llvm.load %[[FIELD]]
// CHECK: %[[BUFFER:.*]] = llvm.call %[[ALLOCATE]](%{{.*}}, %[[BYTES]], %[[NODE]])
// CHECK: llvm.return %[[BUFFER]]
llvm.func @_mlir_memref_to_llvm_alloc(i64) -> !llvm.ptr

// The alignment is not passed on.
// CHECK-LABEL: llvm.func internal @_mlir_memref_to_llvm_aligned_alloc
// CHECK-SAME: (%{{.*}}: i64, %[[BYTES:.*]]: i64, %[[NODE:.*]]: !llvm.ptr)
// CHECK: llvm.getelementptr %{{.*}}[8]
// CHECK: llvm.call %{{.*}}(%{{.*}}, %[[BYTES]], %[[NODE]]) : !llvm.ptr, (!llvm.ptr, i64, !llvm.ptr) -> !llvm.ptr
llvm.func @_mlir_memref_to_llvm_aligned_alloc(i64, i64) -> !llvm.ptr

// CHECK-LABEL: llvm.func internal @_mlir_memref_to_llvm_free
// CHECK-SAME: (%[[BUFFER:.*]]: !llvm.ptr)
// CHECK: llvm.getelementptr %{{.*}}[16]
// CHECK: llvm.call %{{.*}}(%{{.*}}, %[[BUFFER]]) : !llvm.ptr, (!llvm.ptr, !llvm.ptr) -> ()
llvm.func @_mlir_memref_to_llvm_free(!llvm.ptr)

// Two RnnTensor of 40 bytes: data, rank, sizes, width and whether it is an output, of a descriptor whose aligned pointer
// is at 8 and sizes are at 24.
// CHECK-LABEL: llvm.func internal @launch
// CHECK-SAME: (%[[A:.*]]: !llvm.ptr, %[[B:.*]]: !llvm.ptr)
// CHECK-NOT: rnn.
// CHECK: %[[ALL:.*]] = llvm.mlir.constant(80 : i64)
// CHECK: %[[TENSORS:.*]] = llvm.alloca %[[ALL]] x i8 {alignment = 8 : i64}
// CHECK: %[[AT:.*]] = llvm.getelementptr %[[A]][8]
// CHECK: %[[DATA:.*]] = llvm.load %[[AT]]
// CHECK: llvm.store %[[DATA]], %[[TENSORS]]
// CHECK: %[[RANK:.*]] = llvm.mlir.constant(3 : i64)
// CHECK: %[[TO:.*]] = llvm.getelementptr %[[TENSORS]][8]
// CHECK: llvm.store %[[RANK]], %[[TO]]
// CHECK: %[[SIZES:.*]] = llvm.getelementptr %[[A]][24]
// CHECK: %[[TO:.*]] = llvm.getelementptr %[[TENSORS]][16]
// CHECK: llvm.store %[[SIZES]], %[[TO]]
// CHECK: %[[WIDTH:.*]] = llvm.mlir.constant(4 : i64)
// CHECK: %[[TO:.*]] = llvm.getelementptr %[[TENSORS]][24]
// CHECK: llvm.store %[[WIDTH]], %[[TO]]
// CHECK: %[[OUTPUT:.*]] = llvm.mlir.constant(0 : i64)
// CHECK: %[[TO:.*]] = llvm.getelementptr %[[TENSORS]][32]
// CHECK: llvm.store %[[OUTPUT]], %[[TO]]
// CHECK: llvm.getelementptr %[[TENSORS]][40]
// CHECK: llvm.mlir.constant(2 : i64)
// CHECK: llvm.getelementptr %[[TENSORS]][48]
// CHECK: llvm.getelementptr %[[TENSORS]][56]
// CHECK: llvm.mlir.constant(8 : i64)
// CHECK: llvm.getelementptr %[[TENSORS]][64]
// CHECK: llvm.mlir.constant(1 : i64)
// CHECK: llvm.getelementptr %[[TENSORS]][72]
// CHECK: %[[PROGRAM:.*]] = llvm.mlir.constant(7 : i64)
// CHECK: %[[COUNT:.*]] = llvm.mlir.constant(2 : i64)
// CHECK: llvm.getelementptr %{{.*}}[24]
// CHECK: llvm.call %{{.*}}(%{{.*}}, %[[PROGRAM]], %[[COUNT]], %[[TENSORS]])
llvm.func @launch(!llvm.ptr, !llvm.ptr) attributes {rnn.inputs = 1 : i64, rnn.program = 7 : i64, rnn.ranks = array<i64: 3, 2>, rnn.widths = array<i64: 4, 8>}

// CHECK-LABEL: llvm.func internal @rnn_count_steps
// CHECK-SAME: (%[[LAYER:.*]]: i64, %[[STEPS:.*]]: i64)
// CHECK: llvm.getelementptr %{{.*}}[48]
// CHECK: llvm.call %{{.*}}(%{{.*}}, %[[LAYER]], %[[STEPS]]) : !llvm.ptr, (!llvm.ptr, i64, i64) -> ()
llvm.func @rnn_count_steps(i64, i64)

// CHECK-LABEL: llvm.func internal @rnn_fail_0
// CHECK-SAME: (%[[BROKEN:.*]]: i1)
// CHECK-NOT: rnn.message
// CHECK: llvm.cond_br %[[BROKEN]], ^bb1, ^bb2
// CHECK: ^bb1:
// CHECK: %[[TEXT:.*]] = llvm.mlir.addressof @rnn_fail_0_message
// CHECK: %[[NO_VALUES:.*]] = llvm.mlir.zero
// CHECK: llvm.getelementptr %{{.*}}[32]
// CHECK: llvm.call %{{.*}}(%{{.*}}, %[[TEXT]], %[[NO_VALUES]])
// CHECK: llvm.br ^bb2
llvm.func @rnn_fail_0(i1) attributes {rnn.message = "model.onnx:Add_3: error: wrong"}

// Values of a message are an array.
// CHECK-LABEL: llvm.func internal @rnn_require_0
// CHECK-SAME: (%[[BROKEN:.*]]: i1, %[[A:.*]]: i64, %[[B:.*]]: i64)
// CHECK: ^bb1:
// CHECK: %[[TEXT:.*]] = llvm.mlir.addressof @rnn_require_0_message
// CHECK: %[[COUNT:.*]] = llvm.mlir.constant(2 : i64)
// CHECK: %[[VALUES:.*]] = llvm.alloca %[[COUNT]] x i64
// CHECK: llvm.store %[[A]], %[[VALUES]]
// CHECK: %[[SECOND:.*]] = llvm.getelementptr %[[VALUES]][8]
// CHECK: llvm.store %[[B]], %[[SECOND]]
// CHECK: llvm.call %{{.*}}(%{{.*}}, %[[TEXT]], %[[VALUES]])
llvm.func @rnn_require_0(i1, i64, i64) attributes {rnn.message = "expected {}, found {}"}

// CHECK-LABEL: llvm.func internal @rnn_constant_0
// CHECK-NOT: rnn.{{constant|offset}}
// CHECK: llvm.getelementptr %{{.*}}[40]
// CHECK: %[[OFFSET:.*]] = llvm.mlir.constant(128 : i64)
// CHECK: %[[DATA:.*]] = llvm.getelementptr %{{.*}}[%[[OFFSET]]] : (!llvm.ptr, i64) -> !llvm.ptr, i8
// CHECK: llvm.insertvalue %[[DATA]], %{{.*}}[0]
// CHECK: llvm.insertvalue %[[DATA]], %{{.*}}[1]
// CHECK: %[[ROW:.*]] = llvm.mlir.constant(3 : i64)
// CHECK: llvm.insertvalue %{{.*}}, %{{.*}}[3, 0]
// CHECK: llvm.insertvalue %{{.*}}, %{{.*}}[4, 0]
llvm.func @rnn_constant_0() -> !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
  attributes {rnn.constant = dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>, rnn.offset = 128 : i64}

// What is not of the interface stays a declaration.
// CHECK: llvm.func @sinf(f32) -> f32
llvm.func @sinf(f32) -> f32

// An allocation tells its node, where it has one.
// CHECK: llvm.func internal @main
// CHECK: %[[NODE:.*]] = llvm.mlir.addressof @[[$NODE_TEXT]]
// CHECK: llvm.call @_mlir_memref_to_llvm_alloc(%{{.*}}, %[[NODE]]) : (i64, !llvm.ptr) -> !llvm.ptr
// CHECK: %[[NODE:.*]] = llvm.mlir.addressof @[[$NODE_TEXT]]
// CHECK: llvm.call @_mlir_memref_to_llvm_alloc(%{{.*}}, %[[NODE]]) : (i64, !llvm.ptr) -> !llvm.ptr
// CHECK: %[[NONE:.*]] = llvm.mlir.zero
// CHECK: llvm.call @_mlir_memref_to_llvm_alloc(%{{.*}}, %[[NONE]]) : (i64, !llvm.ptr) -> !llvm.ptr
llvm.func @main(%x: !llvm.ptr) -> !llvm.ptr {
  %bytes = llvm.mlir.constant(4 : i64) : i64
  %a = llvm.call @_mlir_memref_to_llvm_alloc(%bytes) : (i64) -> !llvm.ptr loc("model.onnx:Add_4")
  %b = llvm.call @_mlir_memref_to_llvm_alloc(%bytes) : (i64) -> !llvm.ptr loc("model.onnx:Add_4")
  %c = llvm.call @_mlir_memref_to_llvm_alloc(%bytes) : (i64) -> !llvm.ptr loc(unknown)
  llvm.return %x : !llvm.ptr
}
// CHECK: llvm.func internal @_mlir_ciface_main
llvm.func @_mlir_ciface_main(%results: !llvm.ptr, %x: !llvm.ptr) {
  llvm.return
}

// CHECK-LABEL: llvm.func @rnn_host_main
// CHECK-SAME: (%[[ARGS:.*]]: !llvm.ptr)
// CHECK: %[[RESULTS:.*]] = llvm.load %[[ARGS]]
// CHECK: %[[NEXT:.*]] = llvm.getelementptr %[[ARGS]][8]
// CHECK: %[[X:.*]] = llvm.load %[[NEXT]]
// CHECK: llvm.call @_mlir_ciface_main(%[[RESULTS]], %[[X]])
