// RUN: not rnn-tblgen -gen-isa-bridge -I %include -I %mlir_include %s 2>&1 | FileCheck %s
include "rnn-mlir/Dialect/Rpu/IR/RpuInstrBase.td"

class Square<string mnemonic, bits<8> opcode>
    : Rpu_MicroOp<mnemonic, opcode, "simple", [Rpu_Field<Rpu_LaneIn, "a", 0, 0>, Rpu_Reserved<0, 5, 115>]> {
  let summary = "a · a";
  let Implements = [Rpu_Implements<"toy.power", "two">];
}

// CHECK: error: 'toy.power' of kind 'two' is implemented already
// CHECK: note: by this micro-operation
def Rpu_LaneOneOp : Square<"one", 0x80>;
def Rpu_LaneOtherOp : Square<"other", 0x81>;
