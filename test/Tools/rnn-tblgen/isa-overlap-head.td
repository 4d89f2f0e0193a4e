// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include %s 2>&1 | FileCheck %s
include "rnn-mlir/Dialect/Rpu/IR/RpuInstrBase.td"

// CHECK: error: part 'opcode' of the head of 'head' lies outside the first word or overlaps another at bit 120
def Rpu_HeadOp : Rpu_SeqOp<"head", 0x01, [Rpu_Reserved<0, 0, 120>]> {
  let summary = "A head that has its opcode twice";
  let Head = [Rpu_PartOpcode, Rpu_PartOpcode];
}
