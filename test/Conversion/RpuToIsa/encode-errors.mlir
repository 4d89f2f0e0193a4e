// RUN: rnn-translate --rpu-to-binary %s --verify-diagnostics --split-input-file -o /dev/null
// A value that does not fit its field is an error at the op, never cut off.

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  %x = rpu.buffer vector "x" 64 {address = 0 : i64}
  // expected-error @below {{expects rows from 0 to 16777215, found 16777216}}
  rpu.copy_in %x, %in {bytes = #rpu.n<16>, rows = #rpu.n<16777216>, dstView = #rpu.view<0>, srcView = #rpu.view<0>}
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  %x = rpu.buffer vector "x" 64 {address = 0 : i64}
  // expected-error @below {{expects rows from 0 to 16777215, found -1}}
  rpu.copy_in %x, %in {bytes = #rpu.n<16>, rows = #rpu.n<-1>, dstView = #rpu.view<0>, srcView = #rpu.view<0>}
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  %x = rpu.buffer vector "x" 64 {address = 0 : i64}
  // expected-error @below {{expects a count from 0 to 4294967295, found 4294967296}}
  rpu.loop <4294967296> {
  }
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  %x = rpu.buffer vector "x" 64 {address = 0 : i64}
  // expected-error @below {{expects addresses below 4 GiB, found 4294967296}}
  rpu.copy_in %x, %in {bytes = #rpu.n<16>, rows = #rpu.n<1>, dstView = #rpu.view<4294967296>, srcView = #rpu.view<0>}
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  %x = rpu.buffer vector "x" 64 {address = 0 : i64}
  // expected-error @below {{expects addresses below 4 GiB, found -4}}
  rpu.copy_in %x, %in {bytes = #rpu.n<16>, rows = #rpu.n<1>, dstView = #rpu.view<-4>, srcView = #rpu.view<0>}
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  %x = rpu.buffer vector "x" 64 {address = 0 : i64}
  // expected-error @below {{expects a pitch of 27 bits, found 67108864}}
  rpu.copy_in %x, %in {bytes = #rpu.n<16>, rows = #rpu.n<1>, dstView = #rpu.view<0, pitch = 67108864>, srcView = #rpu.view<0>}
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  // expected-error @below {{is no instruction}}
  %0 = arith.constant 1 : i32
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  // Nothing uses it.
  %unused = rpu.buffer vector "unused" 4
  // expected-error @below {{has no address, run rpu-plan}}
  %y = rpu.buffer vector "y" 16
  rpu.copy_in %y, %in {bytes = #rpu.n<16>, rows = #rpu.n<1>, dstView = #rpu.view<0>, srcView = #rpu.view<0>}
  rpu.halt
}

// -----

// expected-error @below {{is not in machine form, run convert-rnn-to-rpu}}
rpu.program @tensors {
  rpu.return
}

// -----

rpu.program @p attributes {arguments = []} {
  // expected-error @below {{is no instruction}}
  %x = builtin.unrealized_conversion_cast to !rpu.buffer
  rpu.fetch %x {rd = 1 : i64, sourceView = #rpu.view<0>}
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = []} {
  // expected-error @below {{expects a constant with its elements at hand}}
  %x = rpu.buffer dram "x" 16 {constant = dense_resource<absent> : tensor<4xf32>}
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = []} {
  // expected-error @below {{expects a constant of at most 2 GiB, found 4398046511104 bytes}}
  %w = rpu.buffer dram "w" 4398046511104 {constant = dense<1.0> : tensor<1048576x1048576xf32>}
  rpu.halt
}

// -----

// expected-error @below {{program 'p': the name of buffer 0 is not UTF-8}}
rpu.program @p attributes {arguments = []} {
  %x = rpu.buffer vector "\FF" 64 {address = 0 : i64}
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  %x = rpu.buffer vector "x" 64 {address = 0 : i64}
  // expected-error @below {{'src' of 'copy_in' is of bytes, which have no format}}
  rpu.copy_in %x, %in {bytes = #rpu.n<16>, rows = #rpu.n<1>, dstView = #rpu.view<0>, srcView = #rpu.view<0, format = f16>}
  rpu.halt
}
