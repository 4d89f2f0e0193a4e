// RUN: rnn-opt %s --rnn-bound-allocations | FileCheck %s

// The limit 2^48 is 0x42F0000000000000: an exponent of 48 + 1023 and no fraction.
// CHECK-LABEL: func.func @dynamic
// CHECK-SAME: (%[[ROWS:.*]]: index, %[[COLUMNS:.*]]: index)
// CHECK: %[[ROW:.*]] = arith.constant 1.600000e+01 : f64
// CHECK: %[[N:.*]] = arith.index_cast %[[ROWS]] : index to i64
// CHECK: %[[N1:.*]] = arith.maxui %[[N]], %c1_i64
// CHECK: %[[FACTOR:.*]] = arith.uitofp %[[N1]] : i64 to f64
// CHECK: %[[PART:.*]] = arith.mulf %[[ROW]], %[[FACTOR]]
// CHECK: arith.index_cast %[[COLUMNS]]
// CHECK: %[[BYTES:.*]] = arith.mulf %[[PART]], %{{.*}}
// CHECK: %[[LIMIT:.*]] = arith.constant 0x42F0000000000000 : f64
// CHECK: %[[SMALL:.*]] = arith.cmpf ole, %[[BYTES]], %[[LIMIT]]
// CHECK: cf.assert %[[SMALL]], "takes an array of more than 2^48 bytes"
// CHECK: memref.alloc
func.func @dynamic(%rows: index, %columns: index) -> memref<?x4x?xf32> {
  %buffer = memref.alloc(%rows, %columns) : memref<?x4x?xf32>
  return %buffer : memref<?x4x?xf32>
}

// Exactly 2^48 bytes.
// CHECK-LABEL: func.func @largest
// CHECK-NOT: cf.assert
// CHECK: memref.alloc
func.func @largest() -> memref<70368744177664xf32> {
  %buffer = memref.alloc() : memref<70368744177664xf32>
  return %buffer : memref<70368744177664xf32>
}
