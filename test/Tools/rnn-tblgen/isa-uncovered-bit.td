// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include %s 2>&1 | FileCheck %s
include "rnn-mlir/Dialect/Rpu/IR/RpuInstrBase.td"

// CHECK: error: bit 119 of word 0 of 'gap' belongs to no field; name it or reserve it
def Rpu_GapOp : Rpu_SeqOp<"gap", 0x01, [Rpu_Reserved<0, 0, 119>]> { let summary = "Bit 119 is forgotten"; }
