// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=generic},rpu.program(convert-rnn-to-rpu))" | FileCheck %s

// A state that lives with the sums is one: the product adds to it where it lies. The other state is of the projection,
// which runs step by step and hands its sums on before any step of the tile.
// CHECK: rpu.program @states
// CHECK-DAG: %[[S:.*]] = rpu.buffer{{ +}}acc "state_0" 64
// CHECK-DAG: %[[Q:.*]] = rpu.buffer{{ +}}vector "state_1" 64
// CHECK-DAG: %[[P:.*]] = rpu.buffer{{ +}}vector "projected_0" 256
// CHECK: rpu.lanes 16 attributes {role = #rpu<role project>}
// CHECK-NEXT: %[[V:.*]] = rpu.lane.load
// CHECK-NEXT: %[[OLD:.*]] = rpu.lane.load %[[Q]]
// CHECK-NEXT: %[[SUM:.*]] = rpu.lane.add %[[V]], %[[OLD]]
// CHECK-DAG: rpu.lane.store %[[P]], %[[SUM]]
// CHECK-DAG: rpu.lane.store %[[Q]], %[[SUM]]
// CHECK: rpu.loop
// CHECK-NEXT: rpu.product %[[S]], %{{.*}}, %[[P]] {accView = #rpu.view<0>, accumulate
// CHECK-NOT: rpu.lane.store %[[S]]
// CHECK-DAG: rpu.copy_out %{{.*}}, %[[S]]
// CHECK-DAG: rpu.copy_out %{{.*}}, %[[Q]]
rpu.program @states(%x: tensor<?x?x16xf32>, %w: tensor<16x16xf32, #rnn.panels<16>>) {
  %y, %finals:2 = rnn.recurrence mwl %x project {
  ^bb0(%v: tensor<16xf32>, %q: tensor<16xf32>):
    %p = arith.addf %v, %q : tensor<16xf32>
    rnn.yield %p, %p : tensor<16xf32>, tensor<16xf32>
  } step {
  ^bb0(%p: tensor<16xf32>, %s: tensor<16xf32>):
    %n = rnn.product %w, %p acc(%s) : (tensor<16x16xf32, #rnn.panels<16>>, tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32>
    rnn.yield %p, %n : tensor<16xf32>, tensor<16xf32>
  } {time_tile = 4 : i64, projection_states = 1 : i64, memories = [#rnn.memory<acc>, #rnn.memory<vector>]}
    : (tensor<?x?x16xf32>) -> (tensor<?x?x16xf32>, tensor<?x16xf32>, tensor<?x16xf32>)
  rpu.return %y, %finals#0, %finals#1 : tensor<?x?x16xf32>, tensor<?x16xf32>, tensor<?x16xf32>
}
