// RUN: rnn-opt %s -convert-onnx -canonicalize -split-input-file | FileCheck %s

// What does not fit the integer is decided before the conversion, which has no result for it.
// CHECK-LABEL: @main
// CHECK: arith.cmpf oge
// CHECK: arith.cmpf olt
// CHECK: arith.cmpf uno
// CHECK: %[[INSIDE:.*]] = arith.select
// CHECK: arith.fptosi %[[INSIDE]] : f32 to i32
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<2xf32>) -> tensor<2xi32> {
    %y = onnx.node "Cast"(%x) with {to = 6 : i64} : (tensor<2xf32>) -> tensor<2xi32>
    onnx.return %y : tensor<2xi32>
  }
}

// -----

// NaN is true.
// CHECK-LABEL: @main
// CHECK: arith.cmpf une, %{{.*}}, %{{.*}} : f32
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<2xf32>) -> tensor<2xi1> {
    %y = onnx.node "Cast"(%x) with {to = 9 : i64} : (tensor<2xf32>) -> tensor<2xi1>
    onnx.return %y : tensor<2xi1>
  }
}

// -----

// CHECK-LABEL: @main
// CHECK: builtin.unrealized_conversion_cast %{{.*}} : ui8 to i8
// CHECK: arith.uitofp %{{.*}} : i8 to f32
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<2xui8>) -> tensor<2xf32> {
    %y = onnx.node "Cast"(%x) with {to = 1 : i64} : (tensor<2xui8>) -> tensor<2xf32>
    onnx.return %y : tensor<2xf32>
  }
}

// -----

// Sizes chosen by a known condition stay known, as where -1 in a shape stands for 1.
// CHECK-LABEL: @main
// CHECK-SAME: -> tensor<3x2xf32>
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<1x2xf32>) -> tensor<3x2xf32> {
    %shape = onnx.constant dense<[3, -1]> : tensor<2xi64>
    %ones = onnx.constant dense<1> : tensor<2xi64>
    %minus = onnx.constant dense<-1> : tensor<1xi64>
    %open = onnx.node "Equal"(%shape, %minus) : (tensor<2xi64>, tensor<1xi64>) -> !onnx.unknown
    %wanted = onnx.node "Where"(%open, %ones, %shape) : (!onnx.unknown, tensor<2xi64>, tensor<2xi64>) -> !onnx.unknown
    %y = onnx.node "Expand"(%x, %wanted) : (tensor<1x2xf32>, !onnx.unknown) -> tensor<3x2xf32>
    onnx.return %y : tensor<3x2xf32>
  }
}

// -----

// CHECK-LABEL: @main
// CHECK: arith.select
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%c: tensor<2xi1>, %x: tensor<2xf32>, %y: tensor<1xf32>) -> tensor<2xf32> {
    %z = onnx.node "Where"(%c, %x, %y) : (tensor<2xi1>, tensor<2xf32>, tensor<1xf32>) -> tensor<2xf32>
    onnx.return %z : tensor<2xf32>
  }
}

// -----

// A bound that is absent is the extreme of the type, which infinities are beyond.
// CHECK-LABEL: @main
// CHECK: %[[LOW:.*]] = arith.constant -3.40282347E+38 : f32
// CHECK: arith.maximumf %{{.*}}, %[[LOW]]
// CHECK: arith.minimumf
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<2xf32>, %high: tensor<f32>) -> tensor<2xf32> {
    %none = onnx.none
    %y = onnx.node "Clip"(%x, %none, %high) : (tensor<2xf32>, !onnx.none, tensor<f32>) -> tensor<2xf32>
    onnx.return %y : tensor<2xf32>
  }
}

// -----

// From opset 6 on; before it there is none.
// CHECK-LABEL: @main
// CHECK-DAG: arith.constant -3.40282347E+38 : f32
// CHECK-DAG: arith.constant 3.40282347E+38 : f32
module attributes {onnx.opset = 6 : i64} {
  func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
    %y = onnx.node "Clip"(%x) : (tensor<2xf32>) -> tensor<2xf32>
    onnx.return %y : tensor<2xf32>
  }
}

// -----

// CHECK-LABEL: @main
// CHECK: cf.assert %{{.*}}, "Div expects divisors that are not zero"
// CHECK: arith.divsi
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<2xi32>, %y: tensor<2xi32>) -> tensor<2xi32> {
    %z = onnx.node "Div"(%x, %y) : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
    onnx.return %z : tensor<2xi32>
  }
}

// -----

// An exponent of another type is converted; small whole ones that are known are products.
// CHECK-LABEL: @main
// CHECK: arith.sitofp
// CHECK: math.powf
// CHECK: arith.mulf %[[X:.*]], %[[X]]
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<2xf32>, %y: tensor<2xi32>) -> (tensor<2xf32>, tensor<2xf32>) {
    %two = onnx.constant dense<2.0> : tensor<f32>
    %z = onnx.node "Pow"(%x, %y) : (tensor<2xf32>, tensor<2xi32>) -> tensor<2xf32>
    %s = onnx.node "Pow"(%x, %two) : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
    onnx.return %z, %s : tensor<2xf32>, tensor<2xf32>
  }
}

// -----

// In inference nothing is dropped.
// CHECK-LABEL: @main
// CHECK-SAME: (%[[X:.*]]: tensor<2xf32>)
// CHECK: %[[MASK:.*]] = linalg.fill ins(%true : i1)
// CHECK: return %[[X]], %[[MASK]]
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xi1>) {
    %y, %mask = onnx.node "Dropout"(%x) : (tensor<2xf32>) -> (tensor<2xf32>, tensor<2xi1>)
    onnx.return %y, %mask : tensor<2xf32>, tensor<2xi1>
  }
}
