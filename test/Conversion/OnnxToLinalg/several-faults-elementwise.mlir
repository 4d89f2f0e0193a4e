// RUN: rnn-opt %s -convert-onnx -split-input-file -verify-diagnostics

// Faults of a node that do not hide each other are all told, each once, and nothing else is.
module attributes {onnx.opset = 18 : i64} {
  func.func @main(%a: tensor<2x3xf32>, %b: tensor<2x4xf32>, %d: tensor<2x3xf64>, %flag: tensor<2x3xi1>, %u8: tensor<2x3xui8>, %i: tensor<4x4xi32>, %flags: tensor<2x4xi1>) -> tensor<2x3xf32> {
    %zeros = onnx.constant dense<[0, 7]> : tensor<2xi32>
    // expected-error @+2 {{Add: attribute 'axis' does not exist at opset 18}}
    // expected-error @+1 {{Add expects operands whose shapes broadcast, found tensor<2x3xf32> and tensor<2x4xf32>}}
    %v0 = onnx.node "Add"(%a, %b) with {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2x4xf32>) -> !onnx.unknown
    // expected-error @+2 {{Sub expects operands of one type, found tensor<2x3xf64> and tensor<2x4xf32>}}
    // expected-error @+1 {{Sub expects operands whose shapes broadcast, found tensor<2x3xf64> and tensor<2x4xf32>}}
    %v1 = onnx.node "Sub"(%d, %b) : (tensor<2x3xf64>, tensor<2x4xf32>) -> !onnx.unknown
    // expected-error @+2 {{Mul expects numbers, found tensor<2x3xi1>}}
    // expected-error @+1 {{Mul expects operands whose shapes broadcast, found tensor<2x3xi1> and tensor<2x4xf32>}}
    %v2 = onnx.node "Mul"(%flag, %b) : (tensor<2x3xi1>, tensor<2x4xf32>) -> !onnx.unknown
    // expected-error @+2 {{Mul expects operands of one type, found tensor<2x3xui8> and tensor<2x4xf32>}}
    // expected-error @+1 {{Mul expects operands whose shapes broadcast, found tensor<2x3xui8> and tensor<2x4xf32>}}
    %v3 = onnx.node "Mul"(%u8, %b) : (tensor<2x3xui8>, tensor<2x4xf32>) -> !onnx.unknown
    // expected-error @+3 {{Div expects operands of one type, found tensor<2x3xf32> and tensor<2xi32>}}
    // expected-error @+2 {{Div of integers expects divisors that are not zero}}
    // expected-error @+1 {{Div expects operands whose shapes broadcast, found tensor<2x3xf32> and tensor<2xi32>}}
    %v4 = onnx.node "Div"(%a, %zeros) : (tensor<2x3xf32>, tensor<2xi32>) -> !onnx.unknown
    // expected-error @+2 {{Pow expects numbers, found tensor<2x3xi1>}}
    // expected-error @+1 {{Pow expects operands whose shapes broadcast, found tensor<4x4xi32> and tensor<2x3xi1>}}
    %v5 = onnx.node "Pow"(%i, %flag) : (tensor<4x4xi32>, tensor<2x3xi1>) -> !onnx.unknown
    // expected-error @+2 {{Equal expects operands of one type, found tensor<2x3xf64> and tensor<2x4xf32>}}
    // expected-error @+1 {{Equal expects operands whose shapes broadcast}}
    %v6 = onnx.node "Equal"(%d, %b) : (tensor<2x3xf64>, tensor<2x4xf32>) -> !onnx.unknown
    // expected-error @+2 {{Less expects numbers, found tensor<2x3xi1>}}
    // expected-error @+1 {{Less expects operands whose shapes broadcast}}
    %v7 = onnx.node "Less"(%flag, %b) : (tensor<2x3xi1>, tensor<2x4xf32>) -> !onnx.unknown
    // expected-error @+2 {{Greater expects operands of one type, found}}
    // expected-error @+1 {{Greater expects operands whose shapes broadcast}}
    %v8 = onnx.node "Greater"(%d, %b) : (tensor<2x3xf64>, tensor<2x4xf32>) -> !onnx.unknown
    // expected-error @+2 {{And expects booleans, found tensor<2x4xf32>}}
    // expected-error @+1 {{And expects operands whose shapes broadcast}}
    %v9 = onnx.node "And"(%flag, %b) : (tensor<2x3xi1>, tensor<2x4xf32>) -> !onnx.unknown
    // expected-error @+2 {{Or expects booleans, found tensor<2x3xf32>}}
    // expected-error @+1 {{Or expects operands whose shapes broadcast}}
    %v10 = onnx.node "Or"(%a, %flags) : (tensor<2x3xf32>, tensor<2x4xi1>) -> !onnx.unknown
    onnx.return %a : tensor<2x3xf32>
  }
}

// -----

// Faults of a node that do not hide each other are all told, each once, and nothing else is.
module attributes {onnx.opset = 18 : i64} {
  func.func @main(%a: tensor<2x3xf32>, %b: tensor<2x4xf32>, %d: tensor<2x3xf64>, %flag: tensor<2x3xi1>, %i: tensor<4x4xi32>, %s: tensor<f32>, %half: tensor<2x3xf16>) -> tensor<2x3xf32> {
    %yes = onnx.constant dense<true> : tensor<i1>
    // expected-error @+2 {{Not: attribute 'axis' is not supported}}
    // expected-error @+1 {{Not expects booleans, found tensor<2x3xf32>}}
    %v11 = onnx.node "Not"(%a) with {axis = 1 : i64} : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+3 {{Min expects numbers, found tensor<2x3xi1>}}
    // expected-error @+2 {{Min expects operands of one type, found tensor<2x3xf32> and tensor<2x3xf64>}}
    // expected-error @+1 {{Min expects operands whose shapes broadcast, found tensor<2x3xi1> and tensor<2x3xf32> and tensor<2x3xf64> and tensor<2x4xf32>}}
    %v12 = onnx.node "Min"(%flag, %a, %d, %b) : (tensor<2x3xi1>, tensor<2x3xf32>, tensor<2x3xf64>, tensor<2x4xf32>) -> !onnx.unknown
    // expected-error @+2 {{Max expects operands of one type, found tensor<2x3xf32> and tensor<2x3xf64>}}
    // expected-error @+1 {{Max expects operands whose shapes broadcast}}
    %v13 = onnx.node "Max"(%a, %d, %b) : (tensor<2x3xf32>, tensor<2x3xf64>, tensor<2x4xf32>) -> !onnx.unknown
    // expected-error @+2 {{Clip expects one f32 as min, found tensor<2x3xf32>}}
    // expected-error @+1 {{Clip expects one f32 as max, found tensor<2x3xf64>}}
    %v14 = onnx.node "Clip"(%a, %a, %d) : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf64>) -> !onnx.unknown
    // expected-error @+2 {{Clip expects numbers, found tensor<2x3xi1>}}
    // expected-error @+1 {{Clip expects one number as min, found tensor<2x3xf32>}}
    %v15 = onnx.node "Clip"(%flag, %a, %s) : (tensor<2x3xi1>, tensor<2x3xf32>, tensor<f32>) -> !onnx.unknown
    // expected-error @+3 {{Where expects booleans, found tensor<2x3xf32>}}
    // expected-error @+2 {{Where expects X and Y of one type, found tensor<2x3xf64> and tensor<2x4xf32>}}
    // expected-error @+1 {{Where expects operands whose shapes broadcast, found tensor<2x3xf32> and tensor<2x3xf64> and tensor<2x4xf32>}}
    %v16 = onnx.node "Where"(%a, %d, %b) : (tensor<2x3xf32>, tensor<2x3xf64>, tensor<2x4xf32>) -> !onnx.unknown
    // expected-error @+2 {{LeakyRelu: attribute 'alpha': expected a float, found a string}}
    // expected-error @+1 {{LeakyRelu expects floats, found tensor<4x4xi32>}}
    %v17 = onnx.node "LeakyRelu"(%i) with {alpha = "steep"} : (tensor<4x4xi32>) -> !onnx.unknown
    // expected-error @+2 {{Exp: attribute 'base' is not supported}}
    // expected-error @+1 {{Exp expects floats, found tensor<4x4xi32>}}
    %v18 = onnx.node "Exp"(%i) with {base = 2 : i64} : (tensor<4x4xi32>) -> !onnx.unknown
    // expected-error @+2 {{Relu: attribute 'alpha' is not supported}}
    // expected-error @+1 {{Relu expects numbers, found tensor<2x3xi1>}}
    %v19 = onnx.node "Relu"(%flag) with {alpha = 2 : i64} : (tensor<2x3xi1>) -> !onnx.unknown
    // expected-error @+1 {{Cast: attribute 'to': expected 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13 or 16 (supported: floats of 16 to 64 bits, integers of 8 to 64 bits and bool), found 99}}
    %v20 = onnx.node "Cast"(%half) with {to = 99 : i64} : (tensor<2x3xf16>) -> !onnx.unknown
    // expected-error @+2 {{Dropout: attribute 'seed': expected an int, found a float}}
    // expected-error @+1 {{Dropout supports inference only, found training_mode}}
    %v21 = onnx.node "Dropout"(%a, %s, %yes) with {seed = 1.0 : f32} : (tensor<2x3xf32>, tensor<f32>, tensor<i1>) -> !onnx.unknown
    onnx.return %a : tensor<2x3xf32>
  }
}

// -----

// Faults of a node that do not hide each other are all told, each once, and nothing else is.
module attributes {onnx.opset = 18 : i64} {
  func.func @main(%a: tensor<2x3xf32>, %i: tensor<4x4xi32>) -> tensor<2x3xf32> {
    %sizes = onnx.constant dense<[-1, -1, -5]> : tensor<3xi64>
    // expected-error @+2 {{Softmax expects floats, found tensor<4x4xi32>}}
    // expected-error @+1 {{Softmax expects an axis from -2 to 1, found 4}}
    %v33 = onnx.node "Softmax"(%i) with {axis = 4 : i64} : (tensor<4x4xi32>) -> !onnx.unknown
    // expected-error @+3 {{ConstantOfShape expects a value of one element, found tensor<2xf32>}}
    // expected-error @+2 {{ConstantOfShape expects sizes that are not negative, found -1}}
    // expected-error @+1 {{ConstantOfShape expects sizes that are not negative, found -5}}
    %v38 = onnx.node "ConstantOfShape"(%sizes) with {value = dense<0.0> : tensor<2xf32>} : (tensor<3xi64>) -> !onnx.unknown
    onnx.return %a : tensor<2x3xf32>
  }
}

// -----

// Where what gives an input has been refused, the other inputs and the attributes are still checked.
module attributes {onnx.opset = 18 : i64} {
  func.func @main(%a: tensor<2x3xf32>, %flag: tensor<2x3xi1>, %d: tensor<2x3xf64>, %b: tensor<2x4xf32>) -> tensor<2x3xf32> {
    %zero = onnx.constant dense<0> : tensor<2xi64>
    // expected-error @+1 {{operator 'Foo' is not supported}}
    %u = onnx.node "Foo"(%a) : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{Add expects numbers, found tensor<2x3xi1>}}
    %v4 = onnx.node "Add"(%flag, %u) : (tensor<2x3xi1>, !onnx.unknown) -> !onnx.unknown
    // expected-error @+1 {{Div of integers expects divisors that are not zero}}
    %v5 = onnx.node "Div"(%u, %zero) : (!onnx.unknown, tensor<2xi64>) -> !onnx.unknown
    // expected-error @+2 {{Where expects X and Y of one type, found tensor<2x3xf64> and tensor<2x4xf32>}}
    // expected-error @+1 {{Where expects operands whose shapes broadcast, found tensor<2x3xf64> and tensor<2x4xf32>}}
    %v6 = onnx.node "Where"(%u, %d, %b) : (!onnx.unknown, tensor<2x3xf64>, tensor<2x4xf32>) -> !onnx.unknown
    // expected-error @+2 {{Max expects operands of one type, found tensor<2x3xf32> and tensor<2x3xf64>}}
    // expected-error @+1 {{Max expects operands whose shapes broadcast, found tensor<2x3xf32> and tensor<2x4xf32> and tensor<2x3xf64>}}
    %v7 = onnx.node "Max"(%u, %a, %b, %d) : (!onnx.unknown, tensor<2x3xf32>, tensor<2x4xf32>, tensor<2x3xf64>) -> !onnx.unknown
    // expected-error @+2 {{Clip expects one number as min, found tensor<2x3xf32>}}
    // expected-error @+1 {{Clip expects one number as max, found tensor<2x3xi1>}}
    %v8 = onnx.node "Clip"(%u, %a, %flag) : (!onnx.unknown, tensor<2x3xf32>, tensor<2x3xi1>) -> !onnx.unknown
    // expected-error @+1 {{Pow expects numbers, found tensor<2x3xi1>}}
    %v9 = onnx.node "Pow"(%u, %flag) : (!onnx.unknown, tensor<2x3xi1>) -> !onnx.unknown
    // expected-error @+1 {{ConstantOfShape expects a value of one element}}
    %v22 = onnx.node "ConstantOfShape"(%u) with {value = dense<0.0> : tensor<2xf32>} : (!onnx.unknown) -> !onnx.unknown
    onnx.return %a : tensor<2x3xf32>
  }
}
