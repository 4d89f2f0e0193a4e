// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=generic},rpu.program(convert-rnn-to-rpu))" -remark-format=emitRemark -remarks-filter=convert-rnn-to-rpu -o /dev/null 2>&1 | FileCheck %s

// Where a weight is, and how often what does not stay is brought. One panel of 12000 * 16 * 4 bytes is 768000; of 2 MiB
// those of the step's one stay, and a ring of two brings the projection's three.
// CHECK: remark: {{.*}}"weight_0 is streamed at every time tile of every sequence, up to ceil(steps / 2) * batch times in all, {{.*}}: 0 of 3 blocks of 768000 bytes stay, 3 copies of up to 1 bring the others"
// CHECK: remark: {{.*}}"weight_1 is resident: 1 blocks of 2560 bytes"
rpu.program @layer(%x: tensor<?x?x12000xf32>, %w: tensor<40x12000xf32, #rnn.panels<16>>, %r: tensor<16x40xf32, #rnn.panels<16>>) {
  %y = rnn.recurrence mwl %x project {
  ^bb0(%v: tensor<12000xf32>):
    %p = rnn.product %w, %v : (tensor<40x12000xf32, #rnn.panels<16>>, tensor<12000xf32>) -> tensor<40xf32>
    rnn.yield %p : tensor<40xf32>
  } step {
  ^bb0(%p: tensor<40xf32>):
    %n = arith.negf %p : tensor<40xf32>
    %s = rnn.product %r, %n : (tensor<16x40xf32, #rnn.panels<16>>, tensor<40xf32>) -> tensor<16xf32>
    rnn.yield %s : tensor<16xf32>
  } {time_tile = 2 : i64} : (tensor<?x?x12000xf32>) -> tensor<?x?x16xf32>
  rpu.return %y : tensor<?x?x16xf32>
}
