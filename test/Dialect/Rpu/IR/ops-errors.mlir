// RUN: rnn-opt %s --verify-diagnostics --split-input-file

// expected-error @below {{expects at most 64 semaphores, found 65}}
rpu.program @p attributes {semaphores = array<i64: 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} {
}

// -----

// expected-error @below {{expects semaphore 1 to start with 0 to 65535, found 65536}}
rpu.program @p attributes {semaphores = array<i64: 0, 65536>} {
}

// -----

// expected-error @below {{expects semaphore 0 to start with 0 to 65535, found -1}}
rpu.program @p attributes {semaphores = array<i64: -1>} {
}

// -----

// expected-error @below {{expects the address of argument 'x' in register s1 to s63, found 0}}
rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 0, dims = [0]>]} {
}

// -----

// expected-error @below {{expects the address of argument 'x' in register s1 to s63, found 64}}
rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 64, dims = [0]>]} {
}

// -----

// expected-error @below {{expects dimension 1 of argument 'x' in register s0 to s63, found 64}}
rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [-1, -1], base = 1, dims = [2, 64]>]} {
}

// -----

// expected-error @below {{gives register s2 to both dimension 0 of argument 'x' and the address of argument 'y'}}
rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [-1], base = 1, dims = [2]>, #rpu.argument<"y", output = false, bytes = 4, shape = [4], base = 2, dims = [0]>]} {
}

// -----

// expected-error @below {{gives register s1 to both the address of argument 'x' and dimension 0 of argument 'x'}}
rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [-1], base = 1, dims = [1]>]} {
}

// -----

// expected-error @below {{expects a register or 0 for each of the 2 dimensions of argument 'x', found 1}}
rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [-1, 4], base = 1, dims = [2]>]} {
}

// -----

// expected-error @below {{expects dimension 0 of argument 'x' to have a size or -1, found -2}}
rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [-2], base = 1, dims = [0]>]} {
}

// -----

// expected-error @below {{expects elements of 1 to 16 bytes for argument 'x', found 0}}
rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 0, shape = [4], base = 1, dims = [0]>]} {
}

// -----

// expected-error @below {{expects elements of 1 to 16 bytes for argument 'x', found 17}}
rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 17, shape = [4], base = 1, dims = [0]>]} {
}

// -----

// expected-error @below {{expects elements of 1 to 16 bytes for argument 'x', found 4294967300}}
rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4294967300, shape = [4], base = 1, dims = [0]>]} {
}

// -----

// expected-error @below {{expects at most 16 dimensions of argument 'x', found 17}}
rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4,
    shape = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], base = 1,
    dims = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]>]} {
}

// -----

// expected-error @below {{expects bounds of its layer of at least 0, found -1}}
rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>],
    layer = #rpu.layer<node = "cell", macsPerStep = -1, inputWeightBytes = 0, stateWeightBytes = 0,
      dramBytesPerCall = 0, dramBytesPerSequence = 0, dramBytesPerStep = 0, stepsArgument = 0, lengthsArgument = -1>} {
}

// -----

// expected-error @below {{expects -1 or one of its 1 arguments in its layer, found number 77}}
rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>],
    layer = #rpu.layer<node = "cell", macsPerStep = 0, inputWeightBytes = 0, stateWeightBytes = 0,
      dramBytesPerCall = 0, dramBytesPerSequence = 0, dramBytesPerStep = 0, stepsArgument = 77, lengthsArgument = -1>} {
}

// -----

// expected-error @below {{expects -1 or one of its 1 arguments in its layer, found number -2}}
rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>],
    layer = #rpu.layer<node = "cell", macsPerStep = 0, inputWeightBytes = 0, stateWeightBytes = 0,
      dramBytesPerCall = 0, dramBytesPerSequence = 0, dramBytesPerStep = 0, stepsArgument = -2, lengthsArgument = -1>} {
}

// -----

// expected-error @below {{expects -1 or one of its 1 arguments in its layer, found number 1}}
rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>],
    layer = #rpu.layer<node = "cell", macsPerStep = 0, inputWeightBytes = 0, stateWeightBytes = 0,
      dramBytesPerCall = 0, dramBytesPerSequence = 0, dramBytesPerStep = 0, stepsArgument = 0, lengthsArgument = 1>} {
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  // expected-error @below {{expects one of the 1 arguments of the program, found number 1}}
  %x = rpu.buffer dram "x" 0 {argument = 1 : i64}
}

// -----

rpu.program @p attributes {arguments = []} {
  // expected-error @below {{expects one of the 0 arguments of the program, found number 0}}
  %x = rpu.buffer dram "x" 0 {argument = 0 : i64}
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  // expected-error @below {{expects a base in register s1 to s63, found 64}}
  %x = rpu.buffer dram "x" 0 {argument = 0 : i64, base = 64 : i64}
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  // expected-error @below {{expects a base in register s1 to s63, found 0}}
  %x = rpu.buffer dram "x" 0 {argument = 0 : i64, base = 0 : i64}
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  // expected-error @below {{expects a base register for an argument alone}}
  %x = rpu.buffer vector "x" 4 {base = 1 : i64}
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  // expected-error @below {{expects an address of at least 0, found -64}}
  %x = rpu.buffer vector "x" 4 {address = -64 : i64}
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  // expected-error @below {{expects a constant or the number of an argument in dram, and neither in weight}}
  %x = rpu.buffer dram "x" 4
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  // expected-error @below {{expects a constant or the number of an argument in dram, and neither in acc}}
  %x = rpu.buffer acc "x" 4 {argument = 0 : i64}
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  // expected-error @below {{expects either a constant or the number of an argument, found both}}
  %x = rpu.buffer dram "x" 4 {argument = 0 : i64, constant = dense<0.0> : tensor<1xf32>}
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  // expected-error @below {{expects an engine from 1 to 4, found 0}}
  rpu.fence {engine = 0 : i64}
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  // expected-error @below {{expects an engine from 1 to 4, found 5}}
  rpu.fence {engine = 5 : i64}
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  // expected-error @below {{expects at least one micro-operation}}
  rpu.lanes 1 {
  }
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  // expected-error @below {{expects micro-operations, found rpu.halt}}
  rpu.lanes 1 {
    rpu.halt
  }
}

// -----

rpu.program @p attributes {arguments = []} {
  %y = rpu.buffer vector "y" 4 {address = 0 : i64}
  // expected-note @below {{this one is from outside}}
  %outside = arith.constant 1.0 : f32
  rpu.lanes 1 {
    // expected-error @below {{expects operands of type f32 from its own lane program}}
    rpu.lane.store %y, %outside {targetView = #rpu.view<0>}
  }
}

// -----

func.func @launch(%x: tensor<4xf32>) {
  // expected-error @below {{expects results of the types of outs}}
  %0 = rpu.launch @p ins() outs(%x : tensor<4xf32>) -> tensor<5xf32>
  return
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  // expected-error @below {{(C1) expects at most 8 strides, found 9}}
  rpu.fetch %in {rd = 2 : i64, sourceView = #rpu.view<0, strides = [0, 0, 0, 0, 0, 0, 0, 0, s1]>}
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  // expected-error @below {{(C2) expects a ring in loop level 0 to 7, found 8}}
  rpu.fetch %in {rd = 2 : i64, sourceView = #rpu.view<0, ring = 8 mod 2>}
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  // expected-error @below {{(C2) expects a ring of at most 15 slots, found 16}}
  rpu.fetch %in {rd = 2 : i64, sourceView = #rpu.view<0, ring = 0 mod 16>}
}

// -----

rpu.program @p attributes {arguments = []} {
  // expected-error @below {{of at most 4 semaphores from 0 to 63}}
  rpu.fence {engine = 1 : i64, waits = array<i64: 64>}
}

// -----

rpu.program @p attributes {arguments = []} {
  // expected-error @below {{of at most 4 semaphores from 0 to 63}}
  rpu.fence {engine = 1 : i64, posts = array<i64: -1>}
}

// -----

rpu.program @p attributes {arguments = []} {
  // expected-error @below {{of at most 4 semaphores from 0 to 63}}
  rpu.fence {engine = 1 : i64, waits = array<i64: 0, 1, 2, 3, 4>}
}

// -----

rpu.program @p attributes {arguments = []} {
  rpu.loop <2> {
    // expected-error @below {{expects parent op 'rpu.program'}}
    %x = rpu.buffer vector "x" 4
  }
}

// -----

rpu.program @p attributes {arguments = []} {
  // expected-error @below {{expects a body without arguments, found 1}}
  rpu.loop <2> {
  ^bb0(%x: !rpu.buffer):
  }
}

// -----

rpu.program @p attributes {arguments = []} {
  %y = rpu.buffer vector "y" 4
  // expected-error @below {{expects a body without arguments, found 1}}
  rpu.lanes 1 {
  ^bb0(%a: f32):
    rpu.lane.store %y, %a {targetView = #rpu.view<0>}
  }
}

// -----

// expected-error @below {{expects no tensors in machine form, found 1}}
rpu.program @p(%x: !rpu.buffer) attributes {arguments = []} {
}

// -----

func.func @launch(%x: tensor<4xf32>) {
  // expected-error @below {{expects an rpu.program named @nothing}}
  %0 = rpu.launch @nothing ins() outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// expected-note @below {{the program is here}}
rpu.program @p(%x: tensor<4xf32>) {
  rpu.return %x : tensor<4xf32>
}
func.func @launch(%x: tensor<4xf32>) {
  // expected-error @below {{expects ins and outs as its program takes and returns them}}
  %0 = rpu.launch @p ins() outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// expected-note @below {{the program is here}}
rpu.program @p(%x: tensor<4xf32>) {
  rpu.return %x : tensor<4xf32>
}
func.func @launch(%x: tensor<4xf32>, %y: tensor<5xf32>) {
  // expected-error @below {{expects ins and outs as its program takes and returns them}}
  %0 = rpu.launch @p ins(%x : tensor<4xf32>) outs(%y : tensor<5xf32>) -> tensor<5xf32>
  return
}

// -----

// expected-note @below {{the program is here}}
rpu.program @p attributes {arguments = [
    #rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>,
    #rpu.argument<"y", output = true, bytes = 4, shape = [-1], base = 2, dims = [0]>]} {
}
func.func @launch(%x: tensor<4xf32>, %y: tensor<?xf64>) {
  // expected-error @below {{expects ins and outs as its program takes and returns them}}
  %0 = rpu.launch @p ins(%x : tensor<4xf32>) outs(%y : tensor<?xf64>) -> tensor<?xf64>
  return
}

// -----

rpu.program @p attributes {arguments = []} {
  // expected-error @below {{expects a scalar register s0 to s63 or an integer}}
  rpu.loop <s64> {
  }
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = []} {
  %x = rpu.buffer vector "x" 64 {address = 0 : i64}
  // expected-error @below {{expects a scalar register or 0}}
  rpu.fetch %x {rd = 1 : i64, sourceView = #rpu.view<0, strides = [5]>}
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = []} {
  %x = rpu.buffer vector "x" 64 {address = 0 : i64}
  // expected-error @below {{expects strides, ring, pitch or format, found depth}}
  rpu.fetch %x {rd = 1 : i64, sourceView = #rpu.view<0, depth = 2>}
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = []} {
  %x = rpu.buffer vector "x" 64 {address = 0 : i64}
  // expected-error @below {{no format is called 'f31'}}
  rpu.fetch %x {rd = 1 : i64, sourceView = #rpu.view<0, format = f31>}
  rpu.halt
}

// -----

// s0 is 0 and not written.
rpu.program @p attributes {arguments = []} {
  // expected-error @below {{attribute 'rd' failed to satisfy constraint: 64-bit signless integer attribute whose minimum value is 1 whose maximum value is 63}}
  rpu.set {rd = 0 : i64, value = 1 : i64}
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = []} {
  // expected-error @below {{attribute 'rd' failed to satisfy constraint: 64-bit signless integer attribute whose minimum value is 1 whose maximum value is 63}}
  rpu.add {rd = 64 : i64, ra = 0 : i64, rb = 0 : i64}
  rpu.halt
}

// -----

// expected-error @below {{semaphores}}
rpu.program @semaphores_are_a_list attributes {semaphores = 5} { rpu.halt }

// -----

// expected-error @below {{layer}}
rpu.program @layer_is_a_layer attributes {layer = 5} { rpu.halt }

// -----

// expected-error @below {{arguments}}
rpu.program @arguments_are_arguments attributes {arguments = 5} { rpu.halt }

// -----

// expected-error @below {{attribute 'sym_name' is given twice}}
rpu.program @has_one_name attributes {sym_name = "other"} { rpu.halt }

// -----

rpu.program @p attributes {arguments = []} {
  rpu.fence {engine = 3 : i64}
  // expected-error @below {{expects nothing but buffers and rpu.set before it, found rpu.fence}}
  rpu.setup {
  }
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = []} {
  rpu.setup {
  }
  // expected-error @below {{expects nothing but buffers and rpu.set before it, found rpu.setup}}
  rpu.setup {
  }
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = []} {
  rpu.setup {
    // expected-error @below {{expects to stand outside rpu.setup, which holds instructions of engines}}
    rpu.loop <2> {
    }
  }
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = []} {
  %c = rpu.buffer dram "c" 64 {constant = dense<1.0> : tensor<16xf32>}
  %x = rpu.buffer vector "x" 64 {address = 0 : i64}
  rpu.setup {
    // expected-error @below {{expects no register and no argument in rpu.setup, as they are of one launch}}
    rpu.copy_in %x, %c {bytes = #rpu.n<64>, rows = #rpu.n<s1>, dstView = #rpu.view<0>, srcView = #rpu.view<0>}
  }
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [16], base = 1, dims = [0]>]} {
  %in = rpu.buffer dram "x" 64 {argument = 0 : i64}
  %x = rpu.buffer vector "x" 64 {address = 0 : i64}
  rpu.setup {
    // expected-error @below {{expects no register and no argument in rpu.setup, as they are of one launch}}
    rpu.copy_in %x, %in {bytes = #rpu.n<64>, rows = #rpu.n<1>, dstView = #rpu.view<0>, srcView = #rpu.view<0>}
  }
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = []} {
  // expected-error @below {{(C1) expects the role control, sequences, tiles or steps, found recur}}
  rpu.loop <2> attributes {role = #rpu<role recur>} {
  }
}
