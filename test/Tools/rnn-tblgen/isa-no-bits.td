// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include %s 2>&1 | FileCheck %s
include "rnn-mlir/Dialect/Rpu/IR/RpuInstrBase.td"

// CHECK: error: field 'a' of 'thin' has no bits
def Rpu_ThinOp : Rpu_SeqOp<"thin", 0x01, [Rpu_Field<Rpu_UImm<8>, "a", 0, 0, 0>, Rpu_Reserved<0, 0, 120>]> {
  let summary = "A field of width 0";
}
