// RUN: not rnn-opt %s -rnn-quantize=formats=w9a9 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not rnn-opt %s -rnn-quantize=formats=layer:half 2>&1 | FileCheck %s --check-prefix=OF-LAYER
// RUN: not rnn-opt %s -rnn-quantize=formats=fp16,none 2>&1 | FileCheck %s --check-prefix=TWICE
// RUN: not rnn-opt %s -rnn-quantize=formats=other:fp16 2>&1 | FileCheck %s --check-prefix=LAYER
// RUN: rnn-opt %s -rnn-quantize=formats=the%%20layer:fp16 | FileCheck %s

// UNKNOWN: error: formats: expected none or fp16, found w9a9
// OF-LAYER: error: formats: expected none or fp16, found layer:half
// TWICE: error: formats: expected one format for the layers that are not named, found fp16,none
// LAYER: error: formats: no layer is called 'other'; there are 'the layer'
// CHECK: rnn.elman {{.*}}xf16>
func.func @f(%x: tensor<?x1x2xf32>, %r: tensor<2x2xf32>) -> tensor<?x1x2xf32> {
  %y, %h = rnn.elman %x, %r, %r {activations = [#rnn.act<tanh>]}
    : (tensor<?x1x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>) -> (tensor<?x1x2xf32>, tensor<1x2xf32>) loc("the layer")
  return %y : tensor<?x1x2xf32>
}
