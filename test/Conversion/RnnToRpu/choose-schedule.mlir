// RUN: rnn-opt %s --split-input-file --rnn-target=target=generic --rnn-choose-schedule -remark-format=emitRemark -remarks-filter=rnn-choose-schedule -o /dev/null 2>&1 | FileCheck %s

// Why nothing could be measured is told: the arrays of a batch of 2^40 are none that could be made.
// CHECK: choose-schedule.mlir:[[@LINE+2]]:8: remark: {{.*}}plain with a time tile of 1 and a batch tile of 256, the first there is, as none could be measured: 'x' takes more than 2 GiB
rpu.program @batch(%x: tensor<8x1099511627776x16xf32>) {
  %y = rnn.recurrence auto %x project {
  ^bb0(%v: tensor<16xf32>):
    rnn.yield %v : tensor<16xf32>
  } step {
  ^bb0(%v: tensor<16xf32>):
    %n = arith.negf %v : tensor<16xf32>
    rnn.yield %n : tensor<16xf32>
  } {time_tile = 4 : i64} : (tensor<8x1099511627776x16xf32>) -> tensor<8x1099511627776x16xf32>
  rpu.return %y : tensor<8x1099511627776x16xf32>
}

// -----

// A weight of which two blocks do not fit no schedule can have.
// CHECK: remark: {{.*}}the first there is, as none could be measured: does not fit the weight memory: two blocks of each of its 1 weights take 4194304 bytes
rpu.program @weight(%x: tensor<8x1x32768xf32>, %w: tensor<40x32768xf32, #rnn.panels<16>>) {
  %y = rnn.recurrence auto %x project {
  ^bb0(%v: tensor<32768xf32>):
    %p = rnn.product %w, %v : (tensor<40x32768xf32, #rnn.panels<16>>, tensor<32768xf32>) -> tensor<40xf32>
    rnn.yield %p : tensor<40xf32>
  } step {
  ^bb0(%p: tensor<40xf32>):
    %n = arith.negf %p : tensor<40xf32>
    rnn.yield %n : tensor<40xf32>
  } {time_tile = 4 : i64} : (tensor<8x1x32768xf32>) -> tensor<8x1x40xf32>
  rpu.return %y : tensor<8x1x40xf32>
}
