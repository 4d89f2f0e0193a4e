// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include %s 2>&1 | FileCheck %s
include "rnn-mlir/Dialect/Rpu/IR/RpuInstrBase.td"

// CHECK: error: field 'a' of 'vague' states no range
def Vague : Rpu_Kind<"uint32_t", 8, "", [I64Attr]>;
def Rpu_VagueOp : Rpu_SeqOp<"vague", 0x01, [Rpu_Field<Vague, "a", 0, 0>, Rpu_Reserved<0, 8, 112>]> {
  let summary = "A field without a range";
}
