// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include %s 2>&1 | FileCheck %s
include "rnn-mlir/Dialect/Rpu/IR/RpuInstrBase.td"

// CHECK: error: part 'low' of 'Wide' lies outside its 8 bits
def Low : Rpu_Part<"low", 0, 3, "any", 3>;
def Wide : Rpu_Kind<"uint32_t", 8, "0 to 255", [I64Attr]> { let Parts = [Low]; }
def Rpu_WideOp : Rpu_SeqOp<"wide", 0x01, [Rpu_Field<Wide, "a", 0, 0>, Rpu_Reserved<0, 8, 112>]> {
  let summary = "A field with a part that ends at bit 9";
}
