// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include %s 2>&1 | FileCheck %s
include "rnn-mlir/Dialect/Rpu/IR/RpuInstrBase.td"

// CHECK: error: field 'a' of 'head' overlaps another at bit 120 of word 0
def Rpu_HeadOp : Rpu_SeqOp<"head", 0x01, [Rpu_Reserved<0, 0, 113>, Rpu_Field<Rpu_UImm<8>, "a", 0, 113>]> {
  let summary = "A field reaches into the opcode";
}
