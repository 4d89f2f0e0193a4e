// RUN: rnn-opt %s --rnn-expand-strided-copies | FileCheck %s

// CHECK: #[[$ID:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-LABEL: func.func @from_rows
// CHECK-SAME: %[[ROWS:.*]]: memref<2x3xf32, strided<[8, 1]>>, %[[OUT:.*]]: memref<2x3xf32>
// CHECK-NOT: memref.copy
// CHECK: linalg.generic {indexing_maps = [#[[$ID]], #[[$ID]]], iterator_types = ["parallel", "parallel"]}
// CHECK-SAME: ins(%[[ROWS]] : memref<2x3xf32, strided<[8, 1]>>) outs(%[[OUT]] : memref<2x3xf32>)
// CHECK: ^bb0(%[[IN:.*]]: f32, %{{.*}}: f32):
// CHECK: linalg.yield %[[IN]]
func.func @from_rows(%rows: memref<2x3xf32, strided<[8, 1]>>, %out: memref<2x3xf32>) {
  memref.copy %rows, %out : memref<2x3xf32, strided<[8, 1]>> to memref<2x3xf32>
  return
}

// CHECK-LABEL: func.func @to_offset
// CHECK-NOT: memref.copy
// CHECK: linalg.generic
func.func @to_offset(%in: memref<?xf32>, %out: memref<?xf32, strided<[1], offset: ?>>) {
  memref.copy %in, %out : memref<?xf32> to memref<?xf32, strided<[1], offset: ?>>
  return
}

// CHECK-LABEL: func.func @contiguous
// CHECK: memref.copy
// CHECK-NOT: linalg.generic
func.func @contiguous(%in: memref<?x3xf32>, %out: memref<?x3xf32>) {
  memref.copy %in, %out : memref<?x3xf32> to memref<?x3xf32>
  return
}
