// RUN: rnn-opt %s -split-input-file -verify-diagnostics -rnn-quantize=formats=fp16

func.func @too_large(%x: tensor<?x1x1xf32>) -> tensor<?x1x2xf32> {
  %w = arith.constant dense<[[1.0], [7.0e4]]> : tensor<2x1xf32>
  %r = arith.constant dense<0.5> : tensor<2x2xf32>
  // expected-error @+1 {{expects constants that f16 holds, found 7.000000e+04; LAYER:none of the option quantize leaves a layer as it is}}
  %y, %h = rnn.elman %x, %w, %r {activations = [#rnn.act<tanh>]}
    : (tensor<?x1x1xf32>, tensor<2x1xf32>, tensor<2x2xf32>) -> (tensor<?x1x2xf32>, tensor<1x2xf32>)
  return %y : tensor<?x1x2xf32>
}

// -----

func.func @of_f64(%x: tensor<?x1x1xf64>, %w: tensor<2x1xf64>, %r: tensor<2x2xf64>) -> tensor<?x1x2xf64> {
  // expected-error @+1 {{expects a layer of f32 to give it another format, found 'f64'}}
  %y, %h = rnn.elman %x, %w, %r {activations = [#rnn.act<tanh>]}
    : (tensor<?x1x1xf64>, tensor<2x1xf64>, tensor<2x2xf64>) -> (tensor<?x1x2xf64>, tensor<1x2xf64>)
  return %y : tensor<?x1x2xf64>
}
