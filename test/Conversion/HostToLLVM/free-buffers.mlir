// RUN: rnn-opt %s --rnn-free-buffers | FileCheck %s

func.func private @read(memref<?xf32>)
func.func private @same(memref<4xf32>) -> memref<4xf32>

// Uses of a view, and those in a branch, are uses of the buffer.
// CHECK-LABEL: func.func @views
// CHECK: %[[A:.*]] = memref.alloc
// CHECK: %[[B:.*]] = memref.alloc
// CHECK: scf.if
// CHECK: call @read
// CHECK: }
// CHECK-NEXT: memref.dealloc %[[A]]
// CHECK-NEXT: linalg.abs ins(%[[B]] : memref<4xf32>)
// CHECK-NEXT: memref.dealloc %[[B]]
// CHECK-NEXT: linalg.negf
// CHECK-NOT: memref.dealloc
func.func @views(%x: memref<4xf32>, %which: i1) {
  %true = arith.constant true
  %a = memref.alloc() : memref<4xf32>
  %b = memref.alloc() : memref<4xf32>
  linalg.exp ins(%x : memref<4xf32>) outs(%a : memref<4xf32>)
  %view = memref.cast %a : memref<4xf32> to memref<?xf32>
  linalg.exp ins(%x : memref<4xf32>) outs(%b : memref<4xf32>)
  scf.if %which {
    func.call @read(%view) : (memref<?xf32>) -> ()
  }
  linalg.abs ins(%b : memref<4xf32>) outs(%x : memref<4xf32>)
  linalg.negf ins(%x : memref<4xf32>) outs(%x : memref<4xf32>)
  bufferization.dealloc (%a, %b : memref<4xf32>, memref<4xf32>) if (%true, %true)
  return
}

// In a branch, too.
// CHECK-LABEL: func.func @branch
// CHECK: scf.if
// CHECK-NEXT: %[[A:.*]] = memref.alloc
// CHECK-NEXT: linalg.exp
// CHECK-NEXT: memref.dealloc %[[A]]
// CHECK-NEXT: linalg.negf
func.func @branch(%x: memref<4xf32>, %which: i1) {
  %true = arith.constant true
  scf.if %which {
    %a = memref.alloc() : memref<4xf32>
    linalg.exp ins(%x : memref<4xf32>) outs(%a : memref<4xf32>)
    linalg.negf ins(%x : memref<4xf32>) outs(%x : memref<4xf32>)
    bufferization.dealloc (%a : memref<4xf32>) if (%true)
  }
  return
}

// CHECK-LABEL: func.func @condition
// CHECK-NOT: memref.dealloc
// CHECK: bufferization.dealloc (%{{.*}} : memref<4xf32>) if (%{{.*}})
func.func @condition(%owned: i1) {
  %a = memref.alloc() : memref<4xf32>
  bufferization.dealloc (%a : memref<4xf32>) if (%owned)
  return
}

// The result of the call may be its argument, whatever is freed with which of them.
// CHECK-LABEL: func.func @handed_on
// CHECK-NOT: memref.dealloc
// CHECK: bufferization.dealloc (%{{.*}}, %{{.*}} : memref<4xf32>, memref<4xf32>) if (%{{.*}}, %{{.*}})
func.func @handed_on() {
  %true = arith.constant true
  %a = memref.alloc() : memref<4xf32>
  %b = call @same(%a) : (memref<4xf32>) -> memref<4xf32>
  bufferization.dealloc (%a, %b : memref<4xf32>, memref<4xf32>) if (%true, %true)
  return
}

// The array that is returned stays, also as a view; the other goes, and what is told of the first is as before.
// CHECK-LABEL: func.func @returned
// CHECK: %[[A:.*]] = memref.alloc
// CHECK: %[[B:.*]] = memref.alloc
// CHECK-NEXT: memref.dealloc %[[B]]
// CHECK-NEXT: %[[VIEW:.*]] = memref.cast %[[A]]
// CHECK-NEXT: %[[OWNED:.*]] = bufferization.dealloc (%[[A]] : memref<4xf32>) if (%{{.*}}) retain (%[[VIEW]] : memref<?xf32>)
// CHECK-NEXT: return %[[VIEW]], %[[OWNED]]
func.func @returned() -> (memref<?xf32>, i1) {
  %true = arith.constant true
  %a = memref.alloc() : memref<4xf32>
  %b = memref.alloc() : memref<4xf32>
  %view = memref.cast %a : memref<4xf32> to memref<?xf32>
  %owned = bufferization.dealloc (%a, %b : memref<4xf32>, memref<4xf32>) if (%true, %true) retain (%view : memref<?xf32>)
  return %view, %owned : memref<?xf32>, i1
}

// A loop hands its buffer from step to step.
// CHECK-LABEL: func.func @loop
// CHECK-NOT: memref.dealloc
// CHECK: bufferization.dealloc (%{{.*}} : memref<4xf32>)
func.func @loop(%n: index) {
  %true = arith.constant true
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %a = memref.alloc() : memref<4xf32>
  %b = scf.for %i = %c0 to %n step %c1 iter_args(%c = %a) -> memref<4xf32> {
    scf.yield %c : memref<4xf32>
  }
  linalg.exp ins(%b : memref<4xf32>) outs(%b : memref<4xf32>)
  bufferization.dealloc (%a : memref<4xf32>) if (%true)
  return
}

// What another operation may free is not freed here.
// CHECK-LABEL: func.func @twice
// CHECK: memref.alloc
// CHECK-NEXT: scf.if
// CHECK-NEXT: bufferization.dealloc
// CHECK-NEXT: }
// CHECK-NEXT: bufferization.dealloc (%{{.*}} : memref<4xf32>)
func.func @twice(%which: i1, %owned: i1) {
  %true = arith.constant true
  %a = memref.alloc() : memref<4xf32>
  scf.if %which {
    bufferization.dealloc (%a : memref<4xf32>) if (%owned)
  }
  bufferization.dealloc (%a : memref<4xf32>) if (%true)
  return
}

// One that is given several times is freed once, if any of the conditions is true.
// CHECK-LABEL: func.func @repeated
// CHECK: memref.dealloc
// CHECK-NOT: memref.dealloc
// CHECK: bufferization.dealloc{{ *$}}
// CHECK-NEXT: return
func.func @repeated() {
  %true = arith.constant true
  %a = memref.alloc() : memref<4xf32>
  bufferization.dealloc (%a, %a : memref<4xf32>, memref<4xf32>) if (%true, %true)
  return
}

// CHECK-LABEL: func.func @repeated_true_last
// CHECK: memref.alloc
// CHECK-NEXT: memref.dealloc
// CHECK-NEXT: bufferization.dealloc{{ *$}}
// CHECK-NEXT: return
func.func @repeated_true_last(%owned: i1) {
  %true = arith.constant true
  %a = memref.alloc() : memref<4xf32>
  bufferization.dealloc (%a, %a : memref<4xf32>, memref<4xf32>) if (%owned, %true)
  return
}

// CHECK-LABEL: func.func @repeated_true_first
// CHECK: memref.alloc
// CHECK-NEXT: memref.dealloc
// CHECK-NEXT: bufferization.dealloc{{ *$}}
// CHECK-NEXT: return
func.func @repeated_true_first(%owned: i1) {
  %true = arith.constant true
  %a = memref.alloc() : memref<4xf32>
  bufferization.dealloc (%a, %a : memref<4xf32>, memref<4xf32>) if (%true, %owned)
  return
}

// CHECK-LABEL: func.func @repeated_unknown
// CHECK-SAME: (%[[A:.*]]: memref<4xf32>, %[[FIRST:.*]]: i1, %[[SECOND:.*]]: i1)
// CHECK: %[[ANY:.*]] = arith.ori %[[FIRST]], %[[SECOND]]
// CHECK-NEXT: bufferization.dealloc (%[[A]] : memref<4xf32>) if (%[[ANY]])
func.func @repeated_unknown(%a: memref<4xf32>, %first: i1, %second: i1) {
  bufferization.dealloc (%a, %a : memref<4xf32>, memref<4xf32>) if (%first, %second)
  return
}
