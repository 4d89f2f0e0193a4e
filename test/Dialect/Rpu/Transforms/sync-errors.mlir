// RUN: rnn-opt %s --pass-pipeline="builtin.module(rpu.program(rpu-sync))" --verify-diagnostics --split-input-file

// expected-error @below {{is not in machine form, run convert-rnn-to-rpu}}
rpu.program @tensors {
  rpu.return
}

// -----

rpu.program @ring_of_three attributes {arguments = [
    #rpu.argument<"x", output = false, bytes = 4, shape = [-1, -1, 4], base = 1, dims = [2, 3, 0]>],
    layer = #rpu.layer<node = "cell", macsPerStep = 0, inputWeightBytes = 0, stateWeightBytes = 0,
      dramBytesPerCall = 0, dramBytesPerSequence = 0, dramBytesPerStep = 0, stepsArgument = 0, lengthsArgument = -1>} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  %x = rpu.buffer vector "x" 48 {address = 0 : i64}
  rpu.set {rd = 4 : i64, value = 16 : i64}
  // expected-error @below {{expects rings of at most two slots in a loop whose count is in a register}}
  rpu.loop <s2> {
    rpu.copy_in %x, %in {bytes = #rpu.n<16>, rows = #rpu.n<1>, dstView = #rpu.view<0, strides = [s4], ring = 0 mod 3>,
      srcView = #rpu.view<0>}
  }
  rpu.halt
}

// -----

rpu.program @divides_by_zero attributes {arguments = []} {
  // expected-error @below {{divides by zero}}
  rpu.div {rd = 1 : i64, ra = 0 : i64, rb = 0 : i64}
  rpu.halt
}

// -----

rpu.program @no_address attributes {arguments = [
    #rpu.argument<"x", output = false, bytes = 4, shape = [-1, -1, 4], base = 1, dims = [2, 3, 0]>],
    layer = #rpu.layer<node = "cell", macsPerStep = 0, inputWeightBytes = 0, stateWeightBytes = 0,
      dramBytesPerCall = 0, dramBytesPerSequence = 0, dramBytesPerStep = 0, stepsArgument = 0, lengthsArgument = -1>} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  // expected-error @below {{has no address, run rpu-plan}}
  %x = rpu.buffer vector "x" 16
  rpu.copy_in %x, %in {bytes = #rpu.n<16>, rows = #rpu.n<1>, dstView = #rpu.view<0>, srcView = #rpu.view<0>}
  rpu.halt
}

// -----

rpu.program @no_buffer attributes {arguments = []} {
  %x = builtin.unrealized_conversion_cast to !rpu.buffer
  // expected-error @below {{expects operands that rpu.buffer makes}}
  rpu.fetch %x {rd = 1 : i64, sourceView = #rpu.view<0>}
  rpu.halt
}

// -----

// A count in a register is followed in full; a fixed one is shortened.
rpu.program @endless attributes {arguments = []} {
  rpu.loop <4294967295> {
  }
  rpu.set {rd = 1 : i64, value = 1000000000000 : i64}
  // expected-error @below {{expects loops of at most 131072 iterations together in a launch of few steps, found more}}
  rpu.loop <s1> {
  }
  rpu.halt
}

// -----

// Rows that a register counts are followed one by one.
rpu.program @many_rows attributes {arguments = [
    #rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  %x = rpu.buffer vector "x" 48 {address = 0 : i64}
  rpu.set {rd = 2 : i64, value = 4194304 : i64}
  // All of them:
  rpu.copy_in %x, %in {bytes = #rpu.n<1>, rows = #rpu.n<s2>, dstView = #rpu.view<0, pitch = 2>, srcView = #rpu.view<0>}
  // expected-error @below {{expects instructions that access at most 4194304 rows together in a launch of few steps, found more}}
  rpu.copy_in %x, %in {bytes = #rpu.n<1>, rows = #rpu.n<1>, dstView = #rpu.view<0>, srcView = #rpu.view<0>}
  rpu.halt
}

// -----

rpu.program @far_rows attributes {arguments = [
    #rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  %x = rpu.buffer vector "x" 48 {address = 0 : i64}
  rpu.set {rd = 2 : i64, value = 4611686018427387904 : i64}
  // expected-error @below {{expects addresses that fit 64 bits}}
  rpu.copy_in %x, %in {bytes = #rpu.n<4>, rows = #rpu.n<3>, dstView = #rpu.view<0, pitch = s2>, srcView = #rpu.view<0>}
  rpu.halt
}

// -----

rpu.program @far_iterations attributes {arguments = [
    #rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  %x = rpu.buffer vector "x" 48 {address = 0 : i64}
  rpu.set {rd = 2 : i64, value = -9223372036854775808 : i64}
  rpu.loop <3> {
    // expected-error @below {{expects addresses that fit 64 bits}}
    rpu.copy_in %x, %in {bytes = #rpu.n<4>, rows = #rpu.n<1>, dstView = #rpu.view<0, strides = [s2]>, srcView = #rpu.view<0>}
  }
  rpu.halt
}

// -----

// Without a layer nothing says that the first size is the steps.
// expected-error @below {{expects no run-time sizes in registers but the steps and the sequences of its layer, found dimension 0 of argument 'x'}}
rpu.program @no_layer attributes {arguments = [
    #rpu.argument<"x", output = false, bytes = 4, shape = [-1, -1, 4], base = 1, dims = [2, 3, 0]>]} {
  rpu.halt
}

// -----

// expected-error @below {{expects no run-time sizes in registers but the steps and the sequences of its layer, found dimension 2 of argument 'x'}}
rpu.program @other_size attributes {arguments = [
    #rpu.argument<"x", output = false, bytes = 4, shape = [-1, -1, -1], base = 1, dims = [2, 3, 4]>],
    layer = #rpu.layer<node = "cell", macsPerStep = 0, inputWeightBytes = 0, stateWeightBytes = 0,
      dramBytesPerCall = 0, dramBytesPerSequence = 0, dramBytesPerStep = 0, stepsArgument = 0, lengthsArgument = -1>} {
  rpu.halt
}

// -----

rpu.program @fetches_an_input attributes {arguments = [
    #rpu.argument<"x", output = false, bytes = 4, shape = [-1, -1, 4], base = 1, dims = [2, 3, 0]>,
    #rpu.argument<"lengths", output = false, bytes = 4, shape = [-1], base = 4, dims = [0]>],
    layer = #rpu.layer<node = "cell", macsPerStep = 0, inputWeightBytes = 0, stateWeightBytes = 0,
      dramBytesPerCall = 0, dramBytesPerSequence = 0, dramBytesPerStep = 0, stepsArgument = 0, lengthsArgument = 1>} {
  %lengths = rpu.buffer dram "lengths" 0 {argument = 1 : i64}
  %x = rpu.buffer dram "x" 0 {argument = 0 : i64}
  rpu.fetch %lengths {rd = 5 : i64, sourceView = #rpu.view<0>}
  // expected-error @below {{expects to fetch the lengths of the sequences of its layer}}
  rpu.fetch %x {rd = 5 : i64, sourceView = #rpu.view<0>}
  rpu.halt
}

// -----

rpu.program @fetches_between_lengths attributes {arguments = [
    #rpu.argument<"lengths", output = false, bytes = 4, shape = [-1], base = 4, dims = [0]>],
    layer = #rpu.layer<node = "cell", macsPerStep = 0, inputWeightBytes = 0, stateWeightBytes = 0,
      dramBytesPerCall = 0, dramBytesPerSequence = 0, dramBytesPerStep = 0, stepsArgument = -1, lengthsArgument = 0>} {
  %lengths = rpu.buffer dram "lengths" 0 {argument = 0 : i64}
  // expected-error @below {{expects the address of a length, found byte 6}}
  rpu.fetch %lengths {rd = 5 : i64, sourceView = #rpu.view<6>}
  rpu.halt
}

// -----

rpu.program @nine_loops attributes {arguments = []} {
  rpu.loop <1> {
    rpu.loop <1> {
      rpu.loop <1> {
        rpu.loop <1> {
          rpu.loop <1> {
            rpu.loop <1> {
              rpu.loop <1> {
                rpu.loop <1> {
                  // expected-error @below {{is nested deeper than 8 levels}}
                  rpu.loop <1> {
                  }
                }
              }
            }
          }
        }
      }
    }
  }
  rpu.halt
}

// -----

rpu.program @no_instruction attributes {arguments = []} {
  // expected-error @below {{cannot be ordered}}
  %0 = arith.constant 1 : i32
  rpu.halt
}
