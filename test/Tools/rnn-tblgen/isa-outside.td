// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include %s 2>&1 | FileCheck %s
include "rnn-mlir/Dialect/Rpu/IR/RpuInstrBase.td"

// CHECK: error: field 'a' of 'far' lies outside the instruction's words
def Rpu_FarOp : Rpu_SeqOp<"far", 0x01, [Rpu_Field<Rpu_UImm<8>, "a", 1, 0>, Rpu_Reserved<0, 0, 120>]> {
  let summary = "A field in a second word, of one";
}
