// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include %s 2>&1 | FileCheck %s
include "rnn-mlir/Dialect/Rpu/IR/RpuInstrBase.td"

// CHECK: error: part 'high' of 'Twice' overlaps another at bit 5
def Low  : Rpu_Part<"low", 0, 3, "any", 2>;
def High : Rpu_Part<"high", 5, 3, "any">;
def Twice : Rpu_Kind<"uint32_t", 8, "0 to 255", [I64Attr]> { let Parts = [Low, High]; }
def Rpu_TwiceOp : Rpu_SeqOp<"twice", 0x01, [Rpu_Field<Twice, "a", 0, 0>, Rpu_Reserved<0, 8, 112>]> {
  let summary = "A field whose parts share bit 5";
}
