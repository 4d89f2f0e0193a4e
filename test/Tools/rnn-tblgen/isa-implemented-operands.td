// RUN: not rnn-tblgen -gen-isa-bridge -I %include -I %mlir_include %s 2>&1 | FileCheck %s
include "rnn-mlir/Dialect/Rpu/IR/RpuInstrBase.td"

// CHECK: error: 'toy.square' of 'lane.square' names 2 operands, expected 1
def Rpu_LaneSquareOp
    : Rpu_MicroOp<"square", 0x80, "simple", [Rpu_Field<Rpu_LaneIn, "a", 0, 0>, Rpu_Reserved<0, 5, 115>]> {
  let summary = "a · a";
  let Implements = [Rpu_Implements<"toy.square", "", [0, 0]>];
}
