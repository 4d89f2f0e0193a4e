// The page of an instruction has its summary, description, engine and encoding; before them, the parts of fields.
// RUN: rnn-tblgen -gen-isa-manual -I %include -I %mlir_include %s | FileCheck %s
include "rnn-mlir/Dialect/Rpu/IR/RpuInstrBase.td"

// CHECK: ## Fields of a view
// CHECK: | 88:41 | strides | 8 times, upwards: s0 to s63, of loop level 0, 1, … |
// CHECK: | 127:101 | pitch |
// CHECK: ## `wait` (opcode 0x2a, mat)
// CHECK: Count to `a`
// CHECK: More words.
// CHECK: | 0 | 127:120 | opcode | of the instruction |
// CHECK: | 0 | 119:92 | posts |
// CHECK: | 0 | 91:64 | waits |
// CHECK: | 0 | 7:0 | a | 0 to 255 |
// CHECK: | 0 | 63:8 | reserved | zero |
def Rpu_WaitOp : Rpu_EngineOp<"wait", 0x2a, Rpu_Mat, [Rpu_Field<Rpu_UImm<8>, "a", 0, 0>, Rpu_Reserved<0, 8, 56>], 1> {
  let summary = "Count to `a`";
  let description = [{More words.}];
}
