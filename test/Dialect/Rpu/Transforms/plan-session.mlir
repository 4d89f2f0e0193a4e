// RUN: sed -e '/^  vector:/,/bandwidth/ s/value: 256, unit: KiB/value: 448, unit: B/' %S/../../../../targets/generic.yaml > %t.yaml
// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=%t.yaml},rpu-plan)" | FileCheck %s
// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=%t.yaml},rpu-plan)" -remark-format=emitRemark -remarks-filter=rpu-plan 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// Of 448 bytes @first needs 256, its constant among them, and @second 320. "large" cannot stay beside the 320; the others
// stay, each with bytes of its own, as @second then needs 128. "large" is loaded at every launch.
// REMARK-DAG: vector memory: medium takes 128 bytes, [0, 128), from launch to launch
// REMARK-DAG: vector memory: small takes 60 bytes, [128, 188), from launch to launch
// REMARK-DAG: vector memory: large is loaded at every launch: its {{[0-9]+}} bytes do not fit beside the 192 that stay and the 256 that a program needs while it runs
// REMARK-DAG: vector memory: 448 of 448 bytes are used, 192 of them from launch to launch
// REMARK-DAG: vector memory: 320 of 448 bytes are used, 192 of them from launch to launch

// CHECK-LABEL: rpu.program @first
rpu.program @first attributes {arguments = []} {
  // CHECK: "large" 192 {address = 192 : i64}
  %large = rpu.buffer vector "large" 192
  // CHECK: "scratch" 64 {address = 384 : i64}
  %scratch = rpu.buffer vector "scratch" 64
  %c = rpu.buffer dram "c" 192 {constant = dense<1.0> : tensor<48xf32>}
  // CHECK-NOT: rpu.setup
  // CHECK: rpu.copy_in
  // CHECK-NEXT: rpu.lanes
  rpu.setup {
    rpu.copy_in %large, %c {bytes = #rpu.n<192>, rows = #rpu.n<1>, dstView = #rpu.view<0>, srcView = #rpu.view<0>}
  }
  rpu.lanes 16 {
    %0 = rpu.lane.load %large {sourceView = #rpu.view<0>}
    rpu.lane.store %scratch, %0 {targetView = #rpu.view<0>}
  }
  rpu.halt
}

// CHECK-LABEL: rpu.program @second
rpu.program @second attributes {arguments = []} {
  // CHECK: "medium" 128 {address = 0 : i64}
  %medium = rpu.buffer vector "medium" 128
  // CHECK: "small" 60 {address = 128 : i64}
  %small = rpu.buffer vector "small" 60
  // CHECK: "scratch" 128 {address = 192 : i64}
  %scratch = rpu.buffer vector "scratch" 128
  // CHECK: %[[C:.*]] = rpu.buffer dram "c"
  %c = rpu.buffer dram "c" 128 {constant = dense<1.0> : tensor<32xf32>}
  // CHECK: rpu.setup {
  // CHECK-NEXT: rpu.copy_in %{{.*}}, %[[C]] {{.*}}#rpu.n<128>
  // CHECK-NEXT: rpu.copy_in %{{.*}}, %[[C]] {{.*}}#rpu.n<60>
  // CHECK-NEXT: {{^ *}}}
  rpu.setup {
    rpu.copy_in %medium, %c {bytes = #rpu.n<128>, rows = #rpu.n<1>, dstView = #rpu.view<0>, srcView = #rpu.view<0>}
    rpu.copy_in %small, %c {bytes = #rpu.n<60>, rows = #rpu.n<1>, dstView = #rpu.view<0>, srcView = #rpu.view<0>}
  }
  // CHECK-NEXT: rpu.lanes
  rpu.lanes 15 {
    %0 = rpu.lane.load %small {sourceView = #rpu.view<0>}
    %1 = rpu.lane.load %medium {sourceView = #rpu.view<0>}
    %2 = rpu.lane.add %0, %1
    rpu.lane.store %scratch, %2 {targetView = #rpu.view<0>}
  }
  rpu.halt
}
