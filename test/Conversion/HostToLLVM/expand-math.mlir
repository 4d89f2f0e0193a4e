// RUN: rnn-opt %s --rnn-expand-math | FileCheck %s

// The machine's functions of f32, on scalars and vectors, and other activations by their definitions.
// CHECK-LABEL: func.func @machine
// CHECK-NOT: rnn.activation
// CHECK-NOT: math.{{exp|expm1|log1p|tanh}}
// CHECK: return
func.func @machine(%x: vector<16xf32>, %s: f32) -> (vector<16xf32>, vector<16xf32>, f32, f32, f32, f32, f32) {
  %0 = rnn.activation sigmoid %x : vector<16xf32>
  %1 = math.tanh %x : vector<16xf32>
  %2 = rnn.activation tanh %s : f32
  %3 = math.exp %s : f32
  %4 = math.expm1 %s : f32
  %5 = math.log1p %s : f32
  %6 = rnn.activation softplus %s : f32
  return %0, %1, %2, %3, %4, %5, %6 : vector<16xf32>, vector<16xf32>, f32, f32, f32, f32, f32
}

// The last step of sigmoid as Isa/Arithmetic.h has it: where x < 0, s - s * e.
// CHECK-LABEL: func.func @sigmoid
// CHECK-SAME: %[[X:.*]]: vector<16xf32>
// CHECK: %[[NEGATIVE:.*]] = arith.cmpf ogt, %{{.*}}, %[[X]]
// CHECK: %[[MAGNITUDE:.*]] = math.absf %[[X]]
// CHECK: arith.negf %[[MAGNITUDE]]
// CHECK: %[[S:.*]] = arith.divf
// CHECK: %[[LOWER:.*]] = math.fma %{{.*}}, %[[S]], %{{.*}}
// CHECK: %[[Y:.*]] = arith.select %[[NEGATIVE]], %[[LOWER]], %[[S]]
// CHECK: return %[[Y]]
func.func @sigmoid(%x: vector<16xf32>) -> vector<16xf32> {
  %y = rnn.activation sigmoid %x : vector<16xf32>
  return %y : vector<16xf32>
}

// Polynomials of other functions, which may need the machine's in turn.
// CHECK-LABEL: func.func @others
// CHECK-NOT: math.{{log|erf|exp}}
// CHECK: return
func.func @others(%x: f32) -> (f32, f32) {
  %0 = math.log %x : f32
  %1 = math.erf %x : f32
  return %0, %1 : f32, f32
}

// Polynomials of angles lose digits where these are large.
// CHECK-LABEL: func.func @angles
// CHECK: math.sin
// CHECK: math.tan
func.func @angles(%x: f32) -> (f32, f32) {
  %0 = math.sin %x : f32
  %1 = math.tan %x : f32
  return %0, %1 : f32, f32
}

// Calls of the C library stay: powers, and f64.
// CHECK-LABEL: func.func @library
// CHECK: math.powf %{{.*}} : f32
// CHECK: math.exp %{{.*}} : f64
// CHECK: math.tanh %{{.*}} : f64
func.func @library(%x: f32, %d: f64) -> (f32, f64, f64) {
  %0 = math.powf %x, %x : f32
  %1 = math.exp %d : f64
  %2 = math.tanh %d : f64
  return %0, %1, %2 : f32, f64, f64
}

// Below 2^-126 = 0x00800000, the smallest normal number, the argument is scaled by 2^24.
// CHECK-LABEL: func.func @log
// CHECK-SAME: %[[X:.*]]: f32
// CHECK: %[[SMALLEST:.*]] = arith.constant 1.17549435E-38 : f32
// CHECK: %[[SUBNORMAL:.*]] = arith.cmpf ogt, %[[SMALLEST]], %[[X]]
// CHECK: %[[SCALED:.*]] = arith.mulf %[[X]], %{{.*}}
// CHECK: arith.select %[[SUBNORMAL]], %[[SCALED]], %[[X]]
// CHECK-NOT: math.log
// CHECK: return
func.func @log(%x: f32) -> f32 {
  %y = math.log %x : f32
  return %y : f32
}
