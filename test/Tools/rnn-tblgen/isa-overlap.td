// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include %s 2>&1 | FileCheck %s
include "rnn-mlir/Dialect/Rpu/IR/RpuInstrBase.td"

// CHECK: error: field 'b' of 'twice' overlaps another at bit 7 of word 0
def Rpu_TwiceOp : Rpu_SeqOp<"twice", 0x01,
    [Rpu_Field<Rpu_UImm<8>, "a", 0, 0>, Rpu_Field<Rpu_UImm<8>, "b", 0, 7>, Rpu_Reserved<0, 15, 105>]> {
  let summary = "Two fields share bit 7";
}
