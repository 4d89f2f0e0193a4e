// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include %s 2>&1 | FileCheck %s
include "rnn-mlir/Dialect/Rpu/IR/RpuInstrBase.td"

// CHECK: error: instruction 'empty' has no words
def Rpu_EmptyOp : Rpu_SeqOp<"empty", 0x01, [], 0> { let summary = "No words"; }
