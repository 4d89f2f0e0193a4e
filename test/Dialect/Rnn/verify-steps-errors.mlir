// RUN: rnn-opt %s -convert-rnn-to-vector -split-input-file -verify-diagnostics
// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=generic},rnn-outline,rpu.program(convert-rnn-to-rpu))" -split-input-file -verify-diagnostics

// Both back ends refuse alike.

// A step works on vectors.
func.func @scalar(%x: tensor<?x?x4xf32>, %a: tensor<4xf32>, %c: i1) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    // expected-error @below {{expects vectors of f32 in a step, found 'i1'}}
    %p = arith.select %c, %a, %a : tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// A mask is what the step compares.
func.func @mask_from_outside(%x: tensor<?x?x4xf32>, %a: tensor<4xf32>, %c: tensor<4xi1>) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    // expected-error @below {{expects vectors of f32 in a step, found 'tensor<4xi1>'}}
    %p = arith.select %c, %a, %a : tensor<4xi1>, tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// An operation has one result.
func.func @several_results(%x: tensor<?x?x4xf32>, %a: tensor<4xf32>, %c: i1) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    // expected-error @below {{expects products, slices, activations and element-wise operations in a step, found scf.if}}
    %p, %q = scf.if %c -> (tensor<4xf32>, tensor<4xf32>) {
      scf.yield %a, %a : tensor<4xf32>, tensor<4xf32>
    } else {
      scf.yield %a, %a : tensor<4xf32>, tensor<4xf32>
    }
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// The elements of a matrix are not what is stored for it.
func.func @elements_of_the_matrix(%x: tensor<?x?x4xf32>, %a: tensor<2xf32>) -> tensor<?x?x4xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]]> : tensor<4x2xf32, #rnn.panels<16>>
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    // expected-error @below {{expects a constant weight as a resource of the 'tensor<1x2x16xf32>' that is stored}}
    %p = rnn.product %w, %a : (tensor<4x2xf32, #rnn.panels<16>>, tensor<2xf32>) -> tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// Weights are read as they are stored.
func.func @plain_weight(%x: tensor<?x?x4xf32>, %a: tensor<4xf32>, %w: tensor<4x4xf32>) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    // expected-error @below {{expects a weight with an encoding, run rnn-encode-weights}}
    %p = rnn.product %w, %a : (tensor<4x4xf32>, tensor<4xf32>) -> tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// A part of a vector lies at a fixed offset.
func.func @dynamic_slice(%x: tensor<?x?x4xf32>, %a: tensor<8xf32>, %at: index) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    // expected-error @below {{expects a contiguous part of a vector at a fixed offset in a step}}
    %p = tensor.extract_slice %a[%at] [4] [1] : tensor<8xf32> to tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// A part of a vector is contiguous.
func.func @slice_with_a_stride(%x: tensor<?x?x4xf32>, %a: tensor<8xf32>) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    // expected-error @below {{expects a contiguous part of a vector at a fixed offset in a step}}
    %p = tensor.extract_slice %a[0] [4] [2] : tensor<8xf32> to tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// A step moves no elements.
func.func @concat(%x: tensor<?x?x4xf32>, %a: tensor<2xf32>) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    // expected-error @below {{expects products, slices, activations and element-wise operations in a step, found tensor.concat}}
    %p = tensor.concat dim(0) %a, %a : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// An element-wise operation that the machine has not; the host has it.
func.func @square_root(%x: tensor<?x?x4xf32>, %a: tensor<4xf32>) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    // expected-error @below {{expects an element-wise operation that every target has in a step, found math.sqrt}}
    %p = math.sqrt %a : tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// An element-wise operation that no target has.
func.func @inverse_hyperbolic_sine(%x: tensor<?x?x4xf32>, %a: tensor<4xf32>) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    // expected-error @below {{expects an element-wise operation that every target has in a step, found math.asinh}}
    %p = math.asinh %a : tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// Comparisons are those of ordered numbers.
func.func @unordered(%x: tensor<?x?x4xf32>, %a: tensor<4xf32>) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    // expected-error @below {{expects a comparison oge, ogt, ole or olt in a step, found uno}}
    %c = arith.cmpf uno, %a, %a : tensor<4xf32>
    %p = arith.select %c, %a, %a : tensor<4xi1>, tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// Activations are expanded but two.
func.func @unexpanded(%x: tensor<?x?x4xf32>, %a: tensor<4xf32>) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    // expected-error @below {{expects the activations sigmoid and tanh in a step, run rnn-expand-activations, found softsign}}
    %p = rnn.activation softsign %a : tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// Numbers have a format that memories hold.
func.func @another_width(%x: tensor<?x?x4xf32>, %a: tensor<4xf32>) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    // expected-error @below {{expects one vector of f16 as the result}}
    %q = arith.truncf %a : tensor<4xf32> to tensor<4xbf16>
    rnn.yield %a : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// What is computed with is f32.
func.func @sum_of_halves(%x: tensor<?x?x4xf16>) -> tensor<?x?x4xf16> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf16>):
    rnn.yield %v : tensor<4xf16>
  } step {
  ^bb0(%v: tensor<4xf16>):
    // expected-error @below {{expects vectors of f32 in a step, found 'tensor<4xf16>'}}
    %q = arith.addf %v, %v : tensor<4xf16>
    rnn.yield %q : tensor<4xf16>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf16>) -> tensor<?x?x4xf16>
  return %y : tensor<?x?x4xf16>
}

// -----

// Only f16 becomes f32.
func.func @widened(%x: tensor<?x?x4xf32>, %a: tensor<4xbf16>) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    // expected-error @below {{expects vectors of f16 in a step, found 'tensor<4xbf16>'}}
    %q = arith.extf %a : tensor<4xbf16> to tensor<4xf32>
    rnn.yield %q : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// Products are of numbers that memories hold.
func.func @product_of_doubles(%x: tensor<?x?x4xf32>, %w: tensor<4x4xf64, #rnn.panels<16>>, %a: tensor<4xf64>) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield %v : tensor<4xf32>
  } step {
  ^bb0(%v: tensor<4xf32>):
    // expected-error @below {{expects vectors of f32 or f16 in a step, found 'tensor<4xf64>'}}
    %q = rnn.product %w, %a : (tensor<4x4xf64, #rnn.panels<16>>, tensor<4xf64>) -> tensor<4xf64>
    rnn.yield %v : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// The machine rounds to nearest.
func.func @rounded_down(%x: tensor<?x?x4xf32>, %a: tensor<4xf32>) -> tensor<?x?x4xf16> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    // expected-error @below {{expects rounding to nearest, ties to even, in a step, found downward}}
    %q = arith.truncf %a downward : tensor<4xf32> to tensor<4xf16>
    rnn.yield %q : tensor<4xf16>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf16>
  return %y : tensor<?x?x4xf16>
}

// -----

// A value that nobody knows.
func.func @poison(%x: tensor<?x?x4xf32>) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    // expected-error @below {{expects products, slices, activations and element-wise operations in a step, found ub.poison}}
    %p = ub.poison : tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// A constant of another dialect.
func.func @constant_of_another_dialect(%x: tensor<?x?x4xf32>) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    // expected-error @below {{expects products, slices, activations and element-wise operations in a step, found tosa.const}}
    %p = "tosa.const"() {values = dense<0.0> : tensor<4xf32>} : () -> tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// The elements of a constant are listed.
func.func @sparse_constant(%x: tensor<?x?x4xf32>, %a: tensor<4xf32>) -> tensor<?x?x4xf32> {
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    %b = arith.constant sparse<[[1]], [2.0]> : tensor<4xf32>
    // expected-error @below {{expects constants of dense elements in a step, found sparse<1, 2.000000e+00> : tensor<4xf32>}}
    %p = arith.addf %a, %b : tensor<4xf32>
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// Canonicalization takes constants out of the regions.
func.func @takes_tosa_const(%x: tensor<?x?x4xf32>) -> tensor<?x?x4xf32> {
  %p = "tosa.const"() {values = dense<0.0> : tensor<4xf32>} : () -> tensor<4xf32>
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    // expected-error @below {{expects constants of arith in a step, found tosa.const}}
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// Canonicalization takes constants out of the regions.
func.func @takes_ub_poison(%x: tensor<?x?x4xf32>) -> tensor<?x?x4xf32> {
  %p = ub.poison : tensor<4xf32>
  %y = rnn.recurrence plain %x project {
  ^bb0(%v: tensor<4xf32>):
    rnn.yield
  } step {
    // expected-error @below {{expects constants of arith in a step, found ub.poison}}
    rnn.yield %p : tensor<4xf32>
  } {time_tile = 1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}
