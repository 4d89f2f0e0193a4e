// RUN: sed -e '/^  weight:/,/bandwidth/ s/value: 2, unit: MiB/value: 10, unit: KiB/' %S/../../../targets/generic.yaml > %t.small.yaml
// RUN: sed -e '/^  vector:/,/bandwidth/ s/value: 256, unit: KiB/value: 64, unit: B/' %S/../../../targets/generic.yaml > %t.tiny.yaml
// RUN: rnnc compile %s -o %t.rpu 2>&1 | count 0
// RUN: rnnc compile -v %s -o %t.rpu 2>&1 | FileCheck %s --check-prefix=RESIDENT
// RUN: rnnc compile -v %s --schedule=plain --target=%t.small.yaml -o %t.rpu 2>&1 | FileCheck %s --check-prefix=STREAMED
// RUN: not rnnc compile %s --target=%t.tiny.yaml -o %t.rpu 2>&1 | FileCheck %s --check-prefix=REFUSED

// With -v the compiler tells for each layer its time tile, how its weights reach the tile, and where each buffer lies.
// RESIDENT: rnn_0: remark: time tile of 5: input products run up to 5 time steps ahead
// RESIDENT: rnn_0: remark: weight_0 is resident: 4 blocks of 256 bytes
// RESIDENT: rnn_0: remark: weight_1 is resident: 4 blocks of 4096 bytes
// RESIDENT: rnn_0: remark: weight memory: weight_0 takes 1024 bytes, [0, 1024)
// RESIDENT: rnn_0: remark: weight memory: weight_1 takes 16384 bytes, [1024, 17408)
// RESIDENT: rnn_0: remark: weight memory: 17408 of 2097152 bytes are used
// RESIDENT: rnn_0: remark: vector memory: x takes 160 bytes
// RESIDENT: rnn_0: remark: acc memory: projected_0 takes 1280 bytes, [0, 1280)

// A ring of two copies of one panel for the step's weight leaves a place for none of its panels, and for all of the other.
// STREAMED: remark: time tile of 1: input products and recurrence alternate
// STREAMED: remark: weight_0 is resident: 4 blocks of 256 bytes
// STREAMED: remark: weight_1 is streamed at every time step of every sequence, up to 5 * 1 times in all, as it does not fit and sequences run one after another: 0 of 4 blocks of 4096 bytes stay, 4 copies of up to 1 bring the others
// STREAMED: remark: weight memory: 9216 of 10240 bytes are used

// A refusal has the layer, the need, the capacity and the buffers, and no operation as text.
// REFUSED: rnn_0: error: does not fit the vector memory: it needs {{[0-9]+}} bytes, the capacity of generic is 64
// REFUSED: rnn_0: note: x takes {{[0-9]+}} bytes
// REFUSED-NOT: rpu.
module attributes {onnx.opset = 14 : i64} {
  func.func @main(%x: tensor<5x1x4xf32>, %w: tensor<1x64x4xf32>, %r: tensor<1x64x64xf32>) -> tensor<5x1x1x64xf32> {
    %y = onnx.node "RNN"(%x, %w, %r)
      : (tensor<5x1x4xf32>, tensor<1x64x4xf32>, tensor<1x64x64xf32>) -> tensor<5x1x1x64xf32> loc("rnn_0")
    onnx.return %y : tensor<5x1x1x64xf32>
  }
}
