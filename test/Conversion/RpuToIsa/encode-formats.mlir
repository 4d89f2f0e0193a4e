// RUN: rnn-translate --rpu-to-binary %s | rnn-translate --binary-to-asm | FileCheck %s

// The format of a view comes into the instruction; f32, the default, is not printed.
// CHECK: product acc=acc[0] weight=weight[0,format=f16] x=vector[0,pitch=8,format=f16] {{.*}} round=1
// CHECK: lane.load source=acc[0] rd=r0
// CHECK: lane.store target=vector[8,format=f16] value=r0
rpu.program @p attributes {arguments = []} {
  %w = rpu.buffer weight "w" 128 {address = 0 : i64}
  %x = rpu.buffer vector "x" 64 {address = 0 : i64}
  %acc = rpu.buffer acc "acc" 64 {address = 0 : i64}
  rpu.product %acc, %w, %x {accView = #rpu.view<0>, weightView = #rpu.view<0, format = f16>,
    xView = #rpu.view<0, pitch = 8, format = f16>, rows = 16 : i64, cols = 4 : i64, vectors = #rpu.n<1>, round}
  rpu.lanes 4 {
    %0 = rpu.lane.load %acc {sourceView = #rpu.view<0>}
    rpu.lane.store %x, %0 {targetView = #rpu.view<8, format = f16>}
  }
  rpu.halt
}
