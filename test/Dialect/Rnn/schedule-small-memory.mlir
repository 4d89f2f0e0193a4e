// RUN: sed -e '/^  vector:/,/bandwidth/ s/value: 256, unit: KiB/value: 64, unit: KiB/' %S/../../../targets/generic.yaml > %t.yaml
// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=%t.yaml},rnn-schedule)" | FileCheck %s
// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=%t.yaml},rnn-schedule,rnn-encode-weights,rnn-outline,rpu.program(convert-rnn-to-rpu),rpu-plan)" -o /dev/null

// Of 64 KiB of vector memory the state takes 2 KiB; the rest holds the 4 inputs and the 512 outputs, 2064 bytes, of 15
// steps twice.
// CHECK-LABEL: @bound_by_outputs
// CHECK: time_tile = 15
func.func @bound_by_outputs(%x: tensor<?x1x4xf32>, %w: tensor<512x4xf32>, %r: tensor<512x512xf32>)
    -> tensor<?x1x512xf32> {
  %y, %h = rnn.elman %x, %w, %r {activations = [#rnn.act<tanh>]}
    : (tensor<?x1x4xf32>, tensor<512x4xf32>, tensor<512x512xf32>) -> (tensor<?x1x512xf32>, tensor<1x512xf32>)
  return %y : tensor<?x1x512xf32>
}
