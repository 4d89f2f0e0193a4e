// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=generic},rpu-plan)" | FileCheck %s
// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=generic},rpu-plan)" -remark-format=emitRemark -remarks-filter=rpu-plan 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// Addresses are multiples of 64 bytes, each memory has its own, and what nothing uses has none.
// CHECK-LABEL: rpu.program @alignment
rpu.program @alignment attributes {arguments = []} {
  // CHECK: rpu.buffer vector "a" 20 {address = 0 : i64}
  %a = rpu.buffer vector "a" 20
  // CHECK: rpu.buffer vector "b" 100 {address = 64 : i64}
  %b = rpu.buffer vector "b" 100
  // CHECK: rpu.buffer vector "c" 4 {address = 192 : i64}
  %c = rpu.buffer vector "c" 4
  // CHECK: rpu.buffer acc "d" 4 {address = 0 : i64}
  %d = rpu.buffer acc "d" 4
  // CHECK: rpu.buffer vector "unused" 4{{$}}
  %unused = rpu.buffer vector "unused" 4
  rpu.lanes 1 {
    %0 = rpu.lane.load %a {sourceView = #rpu.view<0>}
    rpu.lane.store %b, %0 {targetView = #rpu.view<0>}
    rpu.lane.store %c, %0 {targetView = #rpu.view<0>}
    rpu.lane.store %d, %0 {targetView = #rpu.view<0>}
  }
}

// The third buffer is first used after the last use of the first one, and lies where that lay; the fourth is too large
// for the place.
// CHECK-LABEL: rpu.program @sharing
// REMARK: vector memory: a takes 64 bytes, [0, 64), in turn with c{{"?$}}
// REMARK: vector memory: b takes 64 bytes, [64, 128){{"?$}}
// REMARK: vector memory: c takes 64 bytes, [0, 64), in turn with a{{"?$}}
rpu.program @sharing attributes {arguments = []} {
  // CHECK: "a" 64 {address = 0 : i64}
  %a = rpu.buffer vector "a" 64
  // CHECK: "b" 64 {address = 64 : i64}
  %b = rpu.buffer vector "b" 64
  // CHECK: "c" 64 {address = 0 : i64}
  %c = rpu.buffer vector "c" 64
  // CHECK: "d" 128 {address = 128 : i64}
  %d = rpu.buffer vector "d" 128
  rpu.lanes 16 {
    %0 = rpu.lane.load %a {sourceView = #rpu.view<0>}
    rpu.lane.store %b, %0 {targetView = #rpu.view<0>}
  }
  rpu.lanes 16 {
    %0 = rpu.lane.load %b {sourceView = #rpu.view<0>}
    rpu.lane.store %c, %0 {targetView = #rpu.view<0>}
    rpu.lane.store %d, %0 {targetView = #rpu.view<0>}
  }
}

// Buffers of one loop live together: the next iteration uses the first one again.
// CHECK-LABEL: rpu.program @loop
rpu.program @loop attributes {arguments = []} {
  // CHECK: "a" 64 {address = 0 : i64}
  %a = rpu.buffer vector "a" 64
  // CHECK: "b" 64 {address = 64 : i64}
  %b = rpu.buffer vector "b" 64
  rpu.loop <2> {
    rpu.lanes 16 {
      %0 = rpu.lane.constant {value = 1.0 : f32}
      rpu.lane.store %a, %0 {targetView = #rpu.view<0>}
    }
    rpu.lanes 16 {
      %0 = rpu.lane.constant {value = 1.0 : f32}
      rpu.lane.store %b, %0 {targetView = #rpu.view<0>}
    }
  }
}
