// RUN: rnn-opt %s --pass-pipeline="builtin.module(rpu.program(rpu-sync))" | FileCheck %s

// A copy, a product that reads it, and a copy of the product's result, in a loop: each pair of engines is ordered once
// within the iteration, by a semaphore that starts at 0, and the buffers are not overwritten before they have been read,
// by one that starts at 1.
// CHECK-LABEL: rpu.program @loop
// CHECK-SAME: semaphores = array<i64: 0, 0, 1, 1>
rpu.program @loop attributes {arguments = [
    #rpu.argument<"x", output = false, bytes = 4, shape = [-1, -1, 4], base = 1, dims = [2, 3, 0]>,
    #rpu.argument<"y", output = true, bytes = 4, shape = [-1, -1, 16], base = 4, dims = [0, 0, 0]>],
    layer = #rpu.layer<node = "cell", macsPerStep = 0, inputWeightBytes = 0, stateWeightBytes = 0,
      dramBytesPerCall = 0, dramBytesPerSequence = 0, dramBytesPerStep = 0, stepsArgument = 0, lengthsArgument = -1>} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  %out = rpu.buffer dram "y" 0 {argument = 1 : i64}
  %x = rpu.buffer vector "x" 16 {address = 0 : i64}
  %w = rpu.buffer weight "w" 256 {address = 0 : i64}
  %acc = rpu.buffer acc "acc" 64 {address = 0 : i64}
  // Semaphore 0: x is written, 1: the product is done, 2: x has been read, 3: the product has been copied.
  // CHECK: rpu.loop <s2>
  rpu.loop <s2> {
    // CHECK: rpu.copy_in
    // CHECK-SAME: posts = array<i64: 0>
    // CHECK-SAME: waits = array<i64: 2>
    rpu.copy_in %x, %in {bytes = #rpu.n<16>, rows = #rpu.n<1>, dstView = #rpu.view<0>, srcView = #rpu.view<0>}
    // CHECK: rpu.product
    // CHECK-SAME: posts = array<i64: 1, 2>
    // CHECK-SAME: waits = array<i64: 0, 3>
    rpu.product %acc, %w, %x {accView = #rpu.view<0>, weightView = #rpu.view<0>, xView = #rpu.view<0>, rows = 16 : i64,
      cols = 4 : i64, vectors = #rpu.n<1>}
    // CHECK: rpu.copy_out
    // CHECK-SAME: posts = array<i64: 3>
    // CHECK-SAME: waits = array<i64: 1>
    rpu.copy_out %out, %acc {bytes = #rpu.n<64>, rows = #rpu.n<1>, dstView = #rpu.view<0>, srcView = #rpu.view<0>}
  }
  // CHECK-NOT: rpu.fence
  rpu.halt
}

// Only the 90th of 100 iterations writes the bytes that the lane program reads, and no other instruction orders them.
// CHECK-LABEL: rpu.program @late_part_of_a_fixed_loop
// CHECK-SAME: semaphores = array<i64: 0, 1>
rpu.program @late_part_of_a_fixed_loop attributes {arguments = [
    #rpu.argument<"x", output = false, bytes = 4, shape = [-1, -1, 4], base = 1, dims = [2, 3, 0]>],
    layer = #rpu.layer<node = "cell", macsPerStep = 0, inputWeightBytes = 0, stateWeightBytes = 0,
      dramBytesPerCall = 0, dramBytesPerSequence = 0, dramBytesPerStep = 0, stepsArgument = 0, lengthsArgument = -1>} {
  %x = rpu.buffer vector "x" 16 {address = 0 : i64}
  %y = rpu.buffer vector "y" 64 {address = 64 : i64}
  %w = rpu.buffer weight "w" 256 {address = 0 : i64}
  %acc = rpu.buffer acc "acc" 6400 {address = 0 : i64}
  rpu.set {rd = 4 : i64, value = 64 : i64}
  // CHECK: rpu.loop <s2>
  rpu.loop <s2> {
    // CHECK: rpu.fence
    // CHECK-SAME: waits = array<i64: 1>
    // CHECK: rpu.loop <100>
    rpu.loop <100> {
      rpu.product %acc, %w, %x {accView = #rpu.view<0, strides = [0, s4]>, weightView = #rpu.view<0>,
        xView = #rpu.view<0>, rows = 16 : i64, cols = 4 : i64, vectors = #rpu.n<1>}
    }
    // CHECK: rpu.fence
    // CHECK-SAME: posts = array<i64: 0>
    // CHECK: rpu.lanes 16
    // CHECK-SAME: posts = array<i64: 1>
    // CHECK-SAME: waits = array<i64: 0>
    rpu.lanes 16 {
      %0 = rpu.lane.load %acc {sourceView = #rpu.view<5696>}
      rpu.lane.store %y, %0 {targetView = #rpu.view<0>}
    }
  }
  rpu.halt
}

// A quotient that does not fit wraps, as on the machine: a negative count, no iterations.
// CHECK-LABEL: rpu.program @wraps
// CHECK: rpu.div
// CHECK: rpu.loop <s3>
rpu.program @wraps attributes {arguments = []} {
  rpu.set {rd = 1 : i64, value = -9223372036854775808 : i64}
  rpu.set {rd = 2 : i64, value = -1 : i64}
  rpu.div {rd = 3 : i64, ra = 1 : i64, rb = 2 : i64}
  rpu.loop <s3> {
    rpu.add {rd = 1 : i64, ra = 1 : i64, rb = 2 : i64}
  }
  rpu.halt
}

// A size that the type fixes is that size: the copy behind the loop waits for the seven products.
// CHECK-LABEL: rpu.program @fixed_size
// CHECK-SAME: semaphores = array<i64: 0>
rpu.program @fixed_size attributes {arguments = [
    #rpu.argument<"x", output = false, bytes = 4, shape = [0, 7], base = 1, dims = [0, 2]>,
    #rpu.argument<"y", output = true, bytes = 4, shape = [16], base = 3, dims = [0]>]} {
  %out = rpu.buffer dram "y" 0 {argument = 1 : i64}
  %x = rpu.buffer vector "x" 16 {address = 0 : i64}
  %w = rpu.buffer weight "w" 256 {address = 0 : i64}
  %acc = rpu.buffer acc "acc" 448 {address = 0 : i64}
  rpu.set {rd = 4 : i64, value = 64 : i64}
  // CHECK: rpu.loop <s2>
  rpu.loop <s2> {
    rpu.product %acc, %w, %x {accView = #rpu.view<0, strides = [s4]>, weightView = #rpu.view<0>,
      xView = #rpu.view<0>, rows = 16 : i64, cols = 4 : i64, vectors = #rpu.n<1>}
  }
  // Only the last of seven iterations writes these bytes.
  // CHECK: rpu.copy_out
  // CHECK-SAME: waits = array<i64: 0>
  rpu.copy_out %out, %acc {bytes = #rpu.n<64>, rows = #rpu.n<1>, dstView = #rpu.view<0>, srcView = #rpu.view<384>}
  rpu.halt
}
