// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include %s 2>&1 | FileCheck %s
include "rnn-mlir/Dialect/Rpu/IR/RpuInstrBase.td"

// CHECK: error: micro-operation 'lane.free' has no cost class
def Rpu_LaneFreeOp : Rpu_MicroOp<"free", 0x80, "", [Rpu_Reserved<0, 0, 120>]> {
  let summary = "A micro-operation that costs nothing";
}
