// RUN: rnn-opt %s --pass-pipeline="builtin.module(rpu.program(rpu-sync))" --verify-diagnostics --split-input-file

// expected-error @below {{is not in machine form, run convert-rnn-to-rpu}}
rpu.program @tensors {
  rpu.return
}

// -----

rpu.program @ring_of_three attributes {arguments = [
    #rpu.argument<"x", output = false, bytes = 4, shape = [-1, -1, 4], base = 1, dims = [2, 3, 0]>]} {
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
    #rpu.argument<"x", output = false, bytes = 4, shape = [-1, -1, 4], base = 1, dims = [2, 3, 0]>]} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  // expected-error @below {{has no address, run rpu-allocate}}
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
