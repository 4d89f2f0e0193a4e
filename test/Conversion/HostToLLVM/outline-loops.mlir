// RUN: rnn-opt %s --rnn-outline-loops=max-loops=2 | FileCheck %s

// The first and the last of the loops are equal but for what they take; the second has another constant.
// CHECK-LABEL: func.func @three
// CHECK-SAME: %[[X:.*]]: f32, %[[Y:.*]]: f32, %[[OUT:.*]]: memref<4xf32>
// CHECK-NOT: scf.for
// CHECK: call @rnn_loop_0(%[[X]], %[[OUT]]) : (f32, memref<4xf32>) -> ()
// CHECK: %[[SUM:.*]] = call @rnn_loop_1(%[[X]], %[[OUT]]) : (f32, memref<4xf32>) -> f32
// CHECK: call @rnn_loop_0(%[[SUM]], %[[OUT]])
// CHECK-NOT: scf.for
// CHECK: return
func.func @three(%x: f32, %y: f32, %out: memref<4xf32>) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c4 = arith.constant 4 : index
  scf.for %i = %c0 to %c4 step %c1 {
    memref.store %x, %out[%i] : memref<4xf32>
  }
  %sum = scf.for %i = %c0 to %c4 step %c2 iter_args(%s = %x) -> f32 {
    %value = memref.load %out[%i] : memref<4xf32>
    %next = arith.addf %s, %value : f32
    scf.yield %next : f32
  }
  scf.for %i = %c0 to %c4 step %c1 {
    memref.store %sum, %out[%i] : memref<4xf32>
  }
  return %sum : f32
}

// CHECK-LABEL: func.func @two
// CHECK-COUNT-2: scf.for
// CHECK: return
func.func @two(%x: f32, %out: memref<4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  scf.for %i = %c0 to %c4 step %c1 {
    memref.store %x, %out[%i] : memref<4xf32>
  }
  scf.for %i = %c0 to %c4 step %c1 {
    memref.store %x, %out[%i] : memref<4xf32>
  }
  return
}

// CHECK-LABEL: func.func @branch
// CHECK: scf.if
// CHECK-COUNT-3: call @rnn_loop_0(
// CHECK: }
// CHECK-NOT: scf.for
// CHECK: return
func.func @branch(%which: i1, %x: f32, %out: memref<4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  scf.if %which {
    scf.for %i = %c0 to %c4 step %c1 {
      memref.store %x, %out[%i] : memref<4xf32>
    }
    scf.for %i = %c0 to %c4 step %c1 {
      memref.store %x, %out[%i] : memref<4xf32>
    }
    scf.for %i = %c0 to %c4 step %c1 {
      memref.store %x, %out[%i] : memref<4xf32>
    }
  }
  return
}

// CHECK: func.func private @rnn_loop_0(%[[A:.*]]: f32, %[[B:.*]]: memref<4xf32>) attributes {passthrough = ["noinline"]}
// CHECK-DAG: %[[FROM:.*]] = arith.constant 0 : index
// CHECK-DAG: %[[TO:.*]] = arith.constant 4 : index
// CHECK-DAG: %[[STEP:.*]] = arith.constant 1 : index
// CHECK: scf.for %[[I:.*]] = %[[FROM]] to %[[TO]] step %[[STEP]]
// CHECK: memref.store %[[A]], %[[B]][%[[I]]]
// CHECK: func.func private @rnn_loop_1(%{{.*}}: f32, %{{.*}}: memref<4xf32>) -> f32
// CHECK: %[[RESULT:.*]] = scf.for
// CHECK: return %[[RESULT]]
// CHECK-NOT: @rnn_loop_2
