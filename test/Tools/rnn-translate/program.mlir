// Programs go to bytes, to assembly and back without loss.
// RUN: rnn-opt %s --rnn-compile="target=generic time-tile=2" -o %t.mlir
// RUN: rnn-translate --rpu-to-binary %t.mlir -o %t.bin
// RUN: rnn-translate --binary-to-asm %t.bin -o %t.s
// RUN: rnn-translate --asm-to-binary %t.s -o %t.again
// RUN: cmp %t.bin %t.again
// RUN: FileCheck %s < %t.s
// RUN: not rnn-translate --asm-to-binary %s 2>&1 | FileCheck %s --check-prefix=ERROR
// RUN: not rnn-translate --binary-to-asm %s 2>&1 | FileCheck %s --check-prefix=FOREIGN
// RUN: not rnn-translate --rpu-to-binary %s 2>&1 | FileCheck %s --check-prefix=NONE --implicit-check-not=current

// ERROR: program.mlir: error: line 1: expects .program, found '// Programs go
// FOREIGN: program.mlir: error: is no program file and no list of programs: the list of programs is
// NONE: program.mlir:{{.*}}: error: expects an rpu.program, found none

// CHECK: .program {"name":"recurrence_0"}
// CHECK: .layer
// CHECK: .argument {"name":"x"
// CHECK: copy_in
// CHECK: begin count=s3
// CHECK: product {{.*}} wait=
// CHECK: lane.tanh
// CHECK: copy_out
// CHECK: halt
func.func @main(%x: tensor<?x?x3xf32>, %w: tensor<4x3xf32>, %r: tensor<4x4xf32>) -> tensor<?x?x4xf32> {
  %y, %h = rnn.elman %x, %w, %r {activations = [#rnn.act<tanh>]}
    : (tensor<?x?x3xf32>, tensor<4x3xf32>, tensor<4x4xf32>) -> (tensor<?x?x4xf32>, tensor<?x4xf32>)
  return %y : tensor<?x?x4xf32>
}
