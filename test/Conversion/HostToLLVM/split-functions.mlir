// RUN: rnn-opt %s --rnn-split-functions=max-operations=3 | FileCheck %s

func.func private @rnn_constant_0() -> memref<16xf32> attributes {rnn.constant = dense<1.0> : tensor<16xf32>}

// Constants do not count, each segment has its own. What only its segment uses does not leave it.
// CHECK-LABEL: func.func @long
// CHECK-SAME: %[[X:.*]]: f32, %[[AT:.*]]: index
// CHECK-NEXT: %[[FIRST:.*]]:2 = call @[[$SEGMENT0:rnn_segment_[0-9]+]](%[[AT]], %[[X]]) : (index, f32) -> (f32, f32)
// CHECK-NEXT: %[[SECOND:.*]] = call @[[$SEGMENT1:rnn_segment_[0-9]+]](%[[FIRST]]#1, %[[X]], %[[FIRST]]#0) : (f32, f32, f32) -> f32
// CHECK-NEXT: return %[[FIRST]]#0, %[[SECOND]]
func.func @long(%x: f32, %at: index) -> (f32, f32) {
  %c2 = arith.constant 2.0 : f32
  %constant = call @rnn_constant_0() : () -> memref<16xf32>
  %weight = memref.load %constant[%at] : memref<16xf32>
  %a = arith.addf %weight, %c2 : f32
  %b = arith.mulf %a, %x : f32
  %c = arith.mulf %b, %x : f32
  %d = arith.addf %c, %c2 : f32
  %e = arith.addf %d, %a : f32
  return %a, %e : f32, f32
}

// Branches are split by themselves, but not a loop, which counts as one operation. One that is left alone stays.
// CHECK-LABEL: func.func @branch
// CHECK-SAME: %[[WHICH:.*]]: i1, %[[X:.*]]: f32, %[[OUT:.*]]: memref<4xf32>
// CHECK-NOT: call
// CHECK: scf.if %[[WHICH]] -> (f32) {
// CHECK-NEXT: %[[FIRST:.*]] = func.call @[[$SEGMENT2:rnn_segment_[0-9]+]](%[[X]]) : (f32) -> f32
// CHECK-NEXT: %[[SECOND:.*]] = arith.addf %[[FIRST]], %[[FIRST]]
// CHECK-NEXT: scf.yield %[[SECOND]]
// CHECK-NEXT: } else {
// CHECK-NEXT: scf.for
// CHECK-NOT: call
// CHECK: return
func.func @branch(%which: i1, %x: f32, %out: memref<4xf32>) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %y = scf.if %which -> f32 {
    %a = arith.addf %x, %x : f32
    %b = arith.mulf %a, %x : f32
    %c = arith.mulf %b, %b : f32
    %d = arith.addf %c, %c : f32
    scf.yield %d : f32
  } else {
    scf.for %i = %c0 to %c4 step %c1 {
      %a = arith.addf %x, %x : f32
      %b = arith.mulf %a, %x : f32
      %c = arith.mulf %b, %b : f32
      memref.store %c, %out[%i] : memref<4xf32>
    }
    scf.yield %x : f32
  }
  return %y : f32
}

// Two branches that are together too long for one function.
// CHECK-LABEL: func.func @branches
// CHECK-NEXT: %[[A:.*]] = call @[[$BRANCH0:rnn_segment_[0-9]+]](
// CHECK-NEXT: %[[B:.*]] = call @[[$BRANCH1:rnn_segment_[0-9]+]](
// CHECK-NEXT: return %[[B]]
func.func @branches(%which: i1, %x: f32) -> f32 {
  %a = scf.if %which -> f32 {
    %square = arith.mulf %x, %x : f32
    scf.yield %square : f32
  } else {
    scf.yield %x : f32
  }
  %b = scf.if %which -> f32 {
    %double = arith.addf %a, %a : f32
    scf.yield %double : f32
  } else {
    scf.yield %a : f32
  }
  return %b : f32
}

// CHECK-LABEL: func.func @short
// CHECK-NOT: call
// CHECK: return
func.func @short(%x: f32) -> f32 {
  %c2 = arith.constant 2.0 : f32
  %a = arith.addf %x, %c2 : f32
  %b = arith.mulf %a, %c2 : f32
  %c = arith.mulf %b, %x : f32
  return %c : f32
}

// The memory of an alloca would end with its segment.
// CHECK-LABEL: func.func @stack
// CHECK-NOT: call
// CHECK: return
func.func @stack(%x: f32) -> f32 {
  %memory = memref.alloca() : memref<f32>
  %a = arith.addf %x, %x : f32
  memref.store %a, %memory[] : memref<f32>
  %b = memref.load %memory[] : memref<f32>
  %c = arith.mulf %b, %x : f32
  return %c : f32
}

// The calls of four segments are again more than three.
// CHECK-LABEL: func.func @very_long
// CHECK-SAME: %[[X:.*]]: f32
// CHECK-NEXT: %[[FIRST:.*]] = call @[[$OUTER0:rnn_segment_[0-9]+]](%[[X]]) : (f32) -> f32
// CHECK-NEXT: %[[SECOND:.*]] = arith.mulf %[[FIRST]], %[[FIRST]]
// CHECK-NEXT: return %[[SECOND]]
func.func @very_long(%x: f32) -> f32 {
  %0 = arith.addf %x, %x : f32
  %1 = arith.mulf %0, %0 : f32
  %2 = arith.addf %1, %1 : f32
  %3 = arith.mulf %2, %2 : f32
  %4 = arith.addf %3, %3 : f32
  %5 = arith.mulf %4, %4 : f32
  %6 = arith.addf %5, %5 : f32
  %7 = arith.mulf %6, %6 : f32
  %8 = arith.addf %7, %7 : f32
  %9 = arith.mulf %8, %8 : f32
  return %9 : f32
}

// CHECK: func.func private @[[$SEGMENT0]](%{{.*}}: index, %[[Y:.*]]: f32) -> (f32, f32) attributes {passthrough = ["noinline"]}
// CHECK-DAG: %[[C2:.*]] = arith.constant 2.0
// CHECK-DAG: call @rnn_constant_0()
// CHECK: %[[A:.*]] = arith.addf %{{.*}}, %[[C2]]
// CHECK: %[[B:.*]] = arith.mulf %[[A]], %[[Y]]
// CHECK: return %[[A]], %[[B]]
// CHECK: func.func private @[[$SEGMENT1]](%[[B:.*]]: f32, %[[Y:.*]]: f32, %[[A:.*]]: f32) -> f32
// CHECK: %[[C2:.*]] = arith.constant 2.0
// CHECK: %[[C:.*]] = arith.mulf %[[B]], %[[Y]]
// CHECK: %[[D:.*]] = arith.addf %[[C]], %[[C2]]
// CHECK: %[[E:.*]] = arith.addf %[[D]], %[[A]]
// CHECK: return %[[E]]
// CHECK: func.func private @[[$SEGMENT2]](
// CHECK: func.func private @[[$BRANCH0]](
// CHECK: scf.if
// CHECK: func.func private @[[$BRANCH1]](
// CHECK: scf.if
// CHECK: func.func private @[[$OUTER0]](
// CHECK-COUNT-3: call @rnn_segment_
