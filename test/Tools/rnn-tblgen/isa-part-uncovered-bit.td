// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include %s 2>&1 | FileCheck %s
include "rnn-mlir/Dialect/Rpu/IR/RpuInstrBase.td"

// CHECK: error: bit 7 of 'Gap' belongs to no part
def Low : Rpu_Part<"low", 0, 7, "any">;
def Gap : Rpu_Kind<"uint32_t", 8, "0 to 255", [I64Attr]> { let Parts = [Low]; }
def Rpu_GapOp : Rpu_SeqOp<"gap", 0x01, [Rpu_Field<Gap, "a", 0, 0>, Rpu_Reserved<0, 8, 112>]> {
  let summary = "A field whose parts forget bit 7";
}
