// RUN: rnnc compile %s -o %t.rpu
// RUN: rnnc info %t.rpu | FileCheck %s
// RUN: rnnc info --json %t.rpu | %python -c "import json, sys; i = json.load(sys.stdin); assert i['outputs'][0]['shape'] == [None, 1, 4], i"

// A layer of no ONNX node has the name of its program; a size without a name is a question mark.

// CHECK: input input_0: float32 [?, 1, 3]
// CHECK: output output_0: float32 [?, 1, 4]
// CHECK: program recurrence_0: node recurrence_0, {{[0-9]+}} instructions
func.func @main(%x: tensor<?x1x3xf32>, %w: tensor<4x3xf32>, %r: tensor<4x4xf32>) -> tensor<?x1x4xf32> {
  %y, %h = rnn.elman %x, %w, %r {activations = [#rnn.act<tanh>]}
    : (tensor<?x1x3xf32>, tensor<4x3xf32>, tensor<4x4xf32>) -> (tensor<?x1x4xf32>, tensor<1x4xf32>)
  return %y : tensor<?x1x4xf32>
}
