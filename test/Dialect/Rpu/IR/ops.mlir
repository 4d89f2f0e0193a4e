// RUN: rnn-opt %s | rnn-opt | FileCheck %s

// A program in machine form prints as it is read.
// CHECK-LABEL: rpu.program @machine attributes
// CHECK-SAME: #rpu.argument<"x", output = false, bytes = 4, shape = [-1, -1, 4], base = 1, dims = [2, 3, 0]>
// CHECK-SAME: layer = #rpu.layer<node = "cell", macsPerStep = 64,
// CHECK-SAME: semaphores = array<i64: 0, 65535>
rpu.program @machine attributes {
    arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [-1, -1, 4], base = 1, dims = [2, 3, 0]>],
    layer = #rpu.layer<node = "cell", macsPerStep = 64, inputWeightBytes = 128, stateWeightBytes = 128,
      dramBytesPerCall = 0, dramBytesPerSequence = 0, dramBytesPerStep = 16, stepsArgument = 0, lengthsArgument = -1>,
    semaphores = array<i64: 0, 65535>} {
  // CHECK: rpu.buffer dram "x" 0 {argument = 0 : i64, base = 63 : i64}
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64, base = 63 : i64}
  // CHECK: rpu.buffer vector "x" 32 {address = 64 : i64}
  %x = rpu.buffer vector "x" 32 {address = 64 : i64}
  // CHECK: rpu.set {rd = 4 : i64, value = -16 : i64}
  rpu.set {rd = 4 : i64, value = -16 : i64}
  // CHECK: rpu.loop <s2> {
  rpu.loop <s2> {
    // CHECK: rpu.copy_in
    // CHECK-SAME: dstView = #rpu.view<0, strides = [s4], ring = 0 mod 2, pitch = 16>
    // CHECK-SAME: rows = #rpu.n<s3>
    rpu.copy_in %x, %in {bytes = #rpu.n<16>, rows = #rpu.n<s3>, srcView = #rpu.view<-4>,
      dstView = #rpu.view<0, strides = [s4], ring = 0 mod 2, pitch = 16>, posts = array<i64: 0>}
    // CHECK: rpu.fence {engine = 4 : i64, waits = array<i64: 0>}
    rpu.fence {engine = 4 : i64, waits = array<i64: 0>}
    // CHECK: rpu.lanes 4 attributes {role = #rpu<role recur>} {
    rpu.lanes 4 attributes {role = #rpu<role recur>} {
      // CHECK: %[[LOADED:.*]] = rpu.lane.load %{{.*}} {sourceView = #rpu.view<0, format = f16>}
      %0 = rpu.lane.load %x {sourceView = #rpu.view<0, format = f16>}
      // CHECK: %[[TANH:.*]] = rpu.lane.tanh %[[LOADED]]
      %1 = rpu.lane.tanh %0
      // The default is f32.
      // CHECK: rpu.lane.store %{{.*}}, %[[TANH]] {targetView = #rpu.view<0>}
      rpu.lane.store %x, %1 {targetView = #rpu.view<0, format = f32>}
    }
  }
  // CHECK: rpu.halt
  rpu.halt
}

// A program whose body is still on tensors.
// CHECK-LABEL: rpu.program @tensors(%{{.*}}: tensor<4xf32>)
rpu.program @tensors(%x: tensor<4xf32>) {
  rpu.return %x : tensor<4xf32>
}

// CHECK-LABEL: func.func @launch
func.func @launch(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: rpu.launch @tensors ins(%{{.*}} : tensor<4xf32>) outs(%{{.*}} : tensor<4xf32>) -> tensor<4xf32>
  %0 = rpu.launch @tensors ins(%x : tensor<4xf32>) outs(%y : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// A program in machine form, launched as its arguments say.
rpu.program @arguments attributes {arguments = [
    #rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>,
    #rpu.argument<"y", output = true, bytes = 4, shape = [-1], base = 2, dims = [0]>]} {
}

// CHECK-LABEL: func.func @launch_in_machine_form
func.func @launch_in_machine_form(%x: tensor<4xf32>, %y: tensor<?xf32>) -> tensor<?xf32> {
  // CHECK: rpu.launch @arguments
  %0 = rpu.launch @arguments ins(%x : tensor<4xf32>) outs(%y : tensor<?xf32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}
