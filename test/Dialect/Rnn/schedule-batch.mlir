// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=generic},rnn-schedule{schedule=plain})" | FileCheck %s
// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=generic},rnn-schedule{batch-tile=4 time-tile=2})" --remarks-filter=rnn-schedule --remark-format=emitRemark -o %t 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: FileCheck %s --check-prefix=GIVEN < %t
// RUN: not rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=generic},rnn-schedule{batch-tile=9 time-tile=2})" 2>&1 | FileCheck %s --check-prefix=STEPS
// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=cpu},rnn-schedule{batch-tile=4})" | FileCheck %s --check-prefix=HOST

// 128 KiB of accumulators hold the 4 x 512 f32 rows of 16 steps and sequences together. The weights do not fit, so that
// every sequence of a tile spares their bytes.
// CHECK-LABEL: @known_batch
// CHECK: batch_tile = 6
// REMARK: Remark="batch tile of 4: up to 4 sequences take their steps together
// GIVEN-LABEL: @known_batch
// GIVEN: batch_tile = 4 : i64
// GIVEN-SAME: time_tile = 2 : i64
// STEPS: error: {{.*}}batch-tile: expects at most 8 sequences in lock-step, {{.*}} each of 2 time steps, found 9
// HOST-NOT: batch_tile
func.func @known_batch(%x: tensor<?x6x128xf32>, %w: tensor<2048x128xf32>, %r: tensor<2048x512xf32>)
    -> tensor<?x6x512xf32> {
  %y, %h, %c = rnn.lstm %x, %w, %r {activations = [#rnn.act<sigmoid>, #rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<?x6x128xf32>, tensor<2048x128xf32>, tensor<2048x512xf32>)
    -> (tensor<?x6x512xf32>, tensor<6x512xf32>, tensor<6x512xf32>)
  return %y : tensor<?x6x512xf32>
}

// The same of a batch that is known at run time only: eight sequences.
// CHECK-LABEL: @streamed
// CHECK: batch_tile = 8
func.func @streamed(%x: tensor<?x?x128xf32>, %w: tensor<2048x128xf32>, %r: tensor<2048x512xf32>)
    -> tensor<?x?x512xf32> {
  %y, %h, %c = rnn.lstm %x, %w, %r {activations = [#rnn.act<sigmoid>, #rnn.act<tanh>, #rnn.act<tanh>]}
    : (tensor<?x?x128xf32>, tensor<2048x128xf32>, tensor<2048x512xf32>)
    -> (tensor<?x?x512xf32>, tensor<?x512xf32>, tensor<?x512xf32>)
  return %y : tensor<?x?x512xf32>
}

// Weights that fit: one sequence after another, as there may be one alone.
// CHECK-LABEL: @resident
// CHECK-NOT: batch_tile
func.func @resident(%x: tensor<?x?x4xf32>, %w: tensor<8x4xf32>, %r: tensor<8x8xf32>) -> tensor<?x?x8xf32> {
  %y, %h = rnn.elman %x, %w, %r {activations = [#rnn.act<tanh>]}
    : (tensor<?x?x4xf32>, tensor<8x4xf32>, tensor<8x8xf32>) -> (tensor<?x?x8xf32>, tensor<?x8xf32>)
  return %y : tensor<?x?x8xf32>
}
