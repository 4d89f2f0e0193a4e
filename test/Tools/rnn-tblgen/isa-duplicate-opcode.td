// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include %s 2>&1 | FileCheck %s
include "rnn-mlir/Dialect/Rpu/IR/RpuInstrBase.td"

// CHECK: error: opcode 0x1 of '{{first|second}}' is taken
// CHECK: note: by this instruction
def Rpu_FirstOp : Rpu_SeqOp<"first", 0x01, [Rpu_Reserved<0, 0, 120>]> { let summary = "First"; }
def Rpu_SecondOp : Rpu_SeqOp<"second", 0x01, [Rpu_Reserved<0, 0, 120>]> { let summary = "Second"; }
