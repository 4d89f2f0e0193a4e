// RUN: not rnn-tblgen -gen-isa -I %include -I %mlir_include %s 2>&1 | FileCheck %s
include "rnn-mlir/Dialect/Rpu/IR/RpuInstrBase.td"

// CHECK: error: instruction 'mute' has no summary
def Rpu_MuteOp : Rpu_SeqOp<"mute", 0x01, [Rpu_Reserved<0, 0, 120>]>;
