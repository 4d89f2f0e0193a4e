// RUN: rnn-opt %s -convert-onnx -split-input-file -verify-diagnostics

module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<2xf32>, %d: tensor<2xf64>, %b: tensor<2xi1>, %i: tensor<2xi32>, %u: tensor<2xui8>) -> tensor<2xf32> {
    %zero = onnx.constant dense<[1, 0]> : tensor<2xi32>
    %half = onnx.constant dense<1.0> : tensor<2xf16>
    %on = onnx.constant dense<true> : tensor<i1>
    %none = onnx.none
    // expected-error @+1 {{Add expects operands of one type, found tensor<2xf32> and tensor<2xf64>}}
    %0 = onnx.node "Add"(%x, %d) : (tensor<2xf32>, tensor<2xf64>) -> !onnx.unknown
    // expected-error @+1 {{Mul expects numbers, found tensor<2xi1>}}
    %1 = onnx.node "Mul"(%b, %b) : (tensor<2xi1>, tensor<2xi1>) -> !onnx.unknown
    // expected-error @+1 {{Less expects numbers, found tensor<2xi1>}}
    %2 = onnx.node "Less"(%b, %b) : (tensor<2xi1>, tensor<2xi1>) -> !onnx.unknown
    // expected-error @+1 {{Neg expects numbers, found tensor<2xi1>}}
    %3 = onnx.node "Neg"(%b) : (tensor<2xi1>) -> !onnx.unknown
    // expected-error @+1 {{Max expects numbers, found tensor<2xi1>}}
    %4 = onnx.node "Max"(%b) : (tensor<2xi1>) -> !onnx.unknown
    // expected-error @+1 {{Min expects operands of one type}}
    %5 = onnx.node "Min"(%x, %i) : (tensor<2xf32>, tensor<2xi32>) -> !onnx.unknown
    // expected-error @+1 {{And expects booleans, found tensor<2xi32>}}
    %6 = onnx.node "And"(%i, %i) : (tensor<2xi32>, tensor<2xi32>) -> !onnx.unknown
    // expected-error @+1 {{Not expects booleans, found tensor<2xi32>}}
    %7 = onnx.node "Not"(%i) : (tensor<2xi32>) -> !onnx.unknown
    // expected-error @+1 {{Div of integers expects divisors that are not zero}}
    %8 = onnx.node "Div"(%i, %zero) : (tensor<2xi32>, tensor<2xi32>) -> !onnx.unknown
    // expected-error @+1 {{Exp expects floats, found tensor<2xi32>}}
    %9 = onnx.node "Exp"(%i) : (tensor<2xi32>) -> !onnx.unknown
    // expected-error @+1 {{Tanh expects floats, found tensor<2xi32>}}
    %10 = onnx.node "Tanh"(%i) : (tensor<2xi32>) -> !onnx.unknown
    // expected-error @+1 {{Erf expects floats, found tensor<2xi32>}}
    %erf = onnx.node "Erf"(%i) : (tensor<2xi32>) -> !onnx.unknown
    // expected-error @+1 {{Log expects floats, found tensor<2xi32>}}
    %log = onnx.node "Log"(%i) : (tensor<2xi32>) -> !onnx.unknown
    // expected-error @+1 {{Sigmoid expects floats, found tensor<2xi32>}}
    %sigmoid = onnx.node "Sigmoid"(%i) : (tensor<2xi32>) -> !onnx.unknown
    // expected-error @+1 {{Sqrt expects floats, found tensor<2xi32>}}
    %sqrt = onnx.node "Sqrt"(%i) : (tensor<2xi32>) -> !onnx.unknown
    // expected-error @+1 {{LeakyRelu expects floats, found tensor<2xi32>}}
    %leakyrelu = onnx.node "LeakyRelu"(%i) : (tensor<2xi32>) -> !onnx.unknown
    // expected-error @+1 {{Pow expects numbers, found tensor<2xi1>}}
    %11 = onnx.node "Pow"(%b, %i) : (tensor<2xi1>, tensor<2xi32>) -> !onnx.unknown
    // expected-error @+1 {{Pow expects numbers, found tensor<2xi1>}}
    %12 = onnx.node "Pow"(%x, %b) : (tensor<2xf32>, tensor<2xi1>) -> !onnx.unknown
    // expected-error @+1 {{Clip expects one f32 as max, found tensor<2xf32>}}
    %13 = onnx.node "Clip"(%x, %none, %x) : (tensor<2xf32>, !onnx.none, tensor<2xf32>) -> !onnx.unknown
    // expected-error @+1 {{Where expects booleans, found tensor<2xf32>}}
    %14 = onnx.node "Where"(%x, %x, %x) : (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> !onnx.unknown
    // expected-error @+1 {{Where expects X and Y of one type, found tensor<2xf32> and tensor<2xf64>}}
    %15 = onnx.node "Where"(%b, %x, %d) : (tensor<2xi1>, tensor<2xf32>, tensor<2xf64>) -> !onnx.unknown
    // expected-error @+1 {{Add expects operands of one type, found tensor<2xf32> and tensor<2xf32>}}
    %16 = onnx.node "Add"(%x, %half) : (tensor<2xf32>, tensor<2xf16>) -> !onnx.unknown
    // expected-error @+1 {{Dropout supports inference only, found training_mode}}
    %17 = onnx.node "Dropout"(%x, %none, %on) : (tensor<2xf32>, !onnx.none, tensor<i1>) -> !onnx.unknown
    // expected-error @+1 {{Neg supports no unsigned integers, found 'tensor<2xui8>'}}
    %18 = onnx.node "Neg"(%u) : (tensor<2xui8>) -> !onnx.unknown
    onnx.return %x : tensor<2xf32>
  }
}

// -----

module attributes {onnx.opset = 6 : i64} {
  func.func @main(%x: tensor<2xf32>, %i: tensor<2xi32>) -> tensor<2xf32> {
    // expected-error @+1 {{Dropout supports inference only, found is_test = 0}}
    %0 = onnx.node "Dropout"(%x) : (tensor<2xf32>) -> !onnx.unknown
    // expected-error @+1 {{Clip expects floats, found tensor<2xi32>}}
    %1 = onnx.node "Clip"(%i) with {min = 0.0 : f32} : (tensor<2xi32>) -> !onnx.unknown
    onnx.return %x : tensor<2xf32>
  }
}

// -----

module attributes {onnx.opset = 10 : i64} {
  func.func @main(%x: tensor<2xf32>) -> !onnx.unknown {
    // expected-error @+1 {{Dropout supports a mask since opset 12, found opset 10}}
    %y, %mask = onnx.node "Dropout"(%x) : (tensor<2xf32>) -> (!onnx.unknown, !onnx.unknown)
    onnx.return %mask : !onnx.unknown
  }
}
