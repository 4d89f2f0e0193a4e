// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=%S/Inputs/narrow.yaml},rnn-schedule{schedule=plain},rnn-encode-weights,rnn-outline,rpu.program(convert-rnn-to-rpu))" -split-input-file -verify-diagnostics

// A target says which formats it takes, and what gives a layer another.
func.func @layer(%x: tensor<?x1x3xf32>, %w: tensor<4x3xf32>, %r: tensor<4x4xf32>) -> tensor<?x1x4xf32> {
  // expected-error @+1 {{has products of f32: narrow takes f16 ('mat.formats'); the option quantize chooses the format of a layer}}
  %y, %h = rnn.elman %x, %w, %r {activations = [#rnn.act<tanh>]}
    : (tensor<?x1x3xf32>, tensor<4x3xf32>, tensor<4x4xf32>) -> (tensor<?x1x4xf32>, tensor<1x4xf32>)
  return %y : tensor<?x1x4xf32>
}

// -----

func.func @sums(%x: tensor<?x?x4xf16>, %w: tensor<4x4xf16>) -> tensor<?x?x4xf16> {
  // expected-error @+1 {{has sums of f32: narrow takes f16 ('mat.accumulators')}}
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf16>):
    %p = rnn.product %w, %v : (tensor<4x4xf16>, tensor<4xf16>) -> tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } step {
  ^bb0(%p: tensor<4xf32>):
    %q = arith.truncf %p : tensor<4xf32> to tensor<4xf16>
    rnn.yield %q : tensor<4xf16>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf16>) -> tensor<?x?x4xf16>
  return %y : tensor<?x?x4xf16>
}

// -----

func.func @state(%x: tensor<?x?x4xf16>, %w: tensor<4x4xf16>) -> tensor<?x4xf32> {
  // expected-error @+1 {{has element-wise values of f32: narrow loads and stores f16 ('vec.formats')}}
  %y, %s = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf16>):
    %p = rnn.product %w, %v : (tensor<4x4xf16>, tensor<4xf16>) -> tensor<4xf16>
    rnn.yield %p : tensor<4xf16>
  } step {
  ^bb0(%p: tensor<4xf16>, %s: tensor<4xf32>):
    %q = arith.extf %p : tensor<4xf16> to tensor<4xf32>
    %t = arith.addf %q, %s : tensor<4xf32>
    rnn.yield %p, %t : tensor<4xf16>, tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf16>) -> (tensor<?x?x4xf16>, tensor<?x4xf32>)
  return %s : tensor<?x4xf32>
}
