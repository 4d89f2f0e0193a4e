// RUN: rnn-opt %s --rnn-outline-assertions | FileCheck %s

// One function a message, and the message names the node.
// CHECK: func.func private @rnn_fail_0(i1)
// CHECK-SAME: attributes {passthrough = ["noinline"], rnn.message = "model.onnx:Add_3: error: expects equal sizes"}
// CHECK: func.func private @rnn_fail_1(i1)
// CHECK-SAME: rnn.message = "expects equal sizes"
// CHECK-NOT: @rnn_fail_2(i1)
// CHECK-LABEL: func.func @straight
// CHECK-SAME: (%[[A:.*]]: i1, %[[B:.*]]: i1)
// CHECK: %[[BROKEN:.*]] = arith.xori %[[A]], %true
// CHECK: call @rnn_fail_0(%[[BROKEN]])
// CHECK: call @rnn_fail_1(
// CHECK: call @rnn_fail_0(
// CHECK-NOT: cf.assert
func.func @straight(%a: i1, %b: i1) {
  cf.assert %a, "expects equal sizes" loc("model.onnx:Add_3")
  cf.assert %a, "expects equal sizes"
  cf.assert %b, "expects equal sizes" loc("model.onnx:Add_3")
  return
}

// In a loop the call is behind a branch.
// CHECK-LABEL: func.func @in_loop
// CHECK: scf.for
// CHECK: %[[BROKEN:.*]] = arith.xori
// CHECK: scf.if %[[BROKEN]] {
// CHECK-NEXT: call @rnn_fail_1(%[[BROKEN]])
// CHECK-NEXT: }
func.func @in_loop(%conditions: memref<4xi1>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  scf.for %i = %c0 to %c4 step %c1 {
    %a = memref.load %conditions[%i] : memref<4xi1>
    cf.assert %a, "expects equal sizes"
  }
  return
}
