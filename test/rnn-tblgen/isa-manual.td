// The page of an instruction has its summary, description, engine and encoding.
// RUN: rnn-tblgen -gen-isa-manual -I %include -I %mlir_include %s | FileCheck %s
include "rnn-mlir/Dialect/Rpu/IR/RpuInstrBase.td"

// CHECK: ## `wait` (opcode 0x2a, mat)
// CHECK: Count to `a`
// CHECK: More words.
// CHECK: | 0 | 127:120 | opcode | |
// CHECK: | 0 | 119:92 | posts |
// CHECK: | 0 | 91:64 | waits |
// CHECK: | 0 | 7:0 | a | 0 to 255 |
// CHECK: | 0 | 63:8 | reserved | zero |
def Rpu_WaitOp : Rpu_EngineOp<"wait", 0x2a, Rpu_Mat, [Rpu_Field<Rpu_UImm8, "a", 0, 0>, Rpu_Reserved<0, 8, 56>], 1> {
  let summary = "Count to `a`";
  let description = [{More words.}];
}
