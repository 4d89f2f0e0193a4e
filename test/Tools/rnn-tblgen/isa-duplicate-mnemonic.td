// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include %s 2>&1 | FileCheck %s
include "rnn-mlir/Dialect/Rpu/IR/RpuInstrBase.td"

// CHECK: error: mnemonic 'same' is taken
// CHECK: note: by this instruction
def Rpu_FirstOp : Rpu_SeqOp<"same", 0x01, [Rpu_Reserved<0, 0, 120>]> { let summary = "First"; }
def Rpu_SecondOp : Rpu_SeqOp<"same", 0x02, [Rpu_Reserved<0, 0, 120>]> { let summary = "Second"; }
