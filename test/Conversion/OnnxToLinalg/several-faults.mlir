// RUN: rnn-opt %s -convert-onnx -split-input-file -verify-diagnostics

// Faults of a node that do not hide each other are all told, each once, and nothing else is.
module attributes {onnx.opset = 18 : i64} {
  func.func @main(%a: tensor<2x3xf32>, %b: tensor<2x4xf32>, %d: tensor<2x3xf64>, %flag: tensor<2x3xi1>, %u8: tensor<2x3xui8>, %i: tensor<4x4xi32>, %flags: tensor<2x4xi1>, %s: tensor<f32>, %half: tensor<2x3xf16>, %x: tensor<1x2x8xf32>, %w: tensor<4x3x3xf64>, %x4: tensor<1x2x8x8xf32>, %w4: tensor<4x2x9x9xf32>, %five: tensor<5xf32>, %i34: tensor<3x4xi32>, %c: tensor<1x5x5xf32>, %m: tensor<3x2x4xf32>, %n: tensor<2x5x3xf64>, %list: tensor<?xi64>, %x9: tensor<1x3x9xf32>, %one: tensor<1xi64>, %seq: tensor<5x2x3xf32>, %lw: tensor<1x16x3xf32>, %lr: tensor<1x16x4xf32>, %lb: tensor<1x31xf32>, %lens64: tensor<2xi64>, %h0: tensor<1x3x4xf32>, %p: tensor<1x13xf32>) -> tensor<2x3xf32> {
    %zero = onnx.constant dense<0> : tensor<2xi64>
    %axes = onnx.constant dense<[5, 1]> : tensor<2xi64>
    %twice = onnx.constant dense<[1, 1, 7]> : tensor<3xi64>
    %three = onnx.constant dense<3> : tensor<1xi64>
    %parts = onnx.constant dense<[-1, 5, 2]> : tensor<3xi64>
    %sizes = onnx.constant dense<[-1, -1, -5]> : tensor<3xi64>
    %copies = onnx.constant dense<[-1, 3, 0]> : tensor<3xi64>
    %big = onnx.constant dense<[4294967296, 4294967296]> : tensor<2xi64>
    %zeros = onnx.constant dense<[0, 7]> : tensor<2xi32>
    %indices = onnx.constant dense<[9, -9, 1]> : tensor<3xi64>
    %pads = onnx.constant dense<[3, 9, 3, 0]> : tensor<4xi64>
    %cut = onnx.constant dense<[-3, 0, 0, -5]> : tensor<4xi64>
    %far = onnx.constant dense<[4294967296, 0, 0, -9]> : tensor<4xi64>
    %yes = onnx.constant dense<true> : tensor<i1>
    %four = onnx.constant dense<4> : tensor<1xi64>
    %axis = onnx.constant dense<[0]> : tensor<1xi64>
    %repeat = onnx.constant dense<[-1, 1, 4]> : tensor<3xi64>
    %none = onnx.none
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
    // expected-error @+5 {{Conv expects operands of one type, found tensor<1x2x8xf32> and tensor<4x3x3xf64>}}
    // expected-error @+4 {{Conv expects groups that divide the channels, found X tensor<1x2x8xf32>, W tensor<4x3x3xf64> and group 3}}
    // expected-error @+3 {{Conv expects B of 4 elements, found tensor<2x3xf32>}}
    // expected-error @+2 {{Conv expects 1 values in strides, found 2}}
    // expected-error @+1 {{Conv expects 2 values in pads, found 1}}
    %v22 = onnx.node "Conv"(%x, %w, %a) with {group = 3 : i64, strides = array<i64: 1, 1>, pads = array<i64: 1>} : (tensor<1x2x8xf32>, tensor<4x3x3xf64>, tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+6 {{Conv: attribute 'auto_pad': expected NOTSET, SAME_UPPER, SAME_LOWER or VALID, found 'SOME'}}
    // expected-error @+5 {{Conv expects kernel_shape to be the shape of W}}
    // expected-error @+4 {{Conv expects strides of at least 1, found 0}}
    // expected-error @+3 {{Conv expects dilations of at least 1, found -1}}
    // expected-error @+2 {{Conv expects pads of at least 0, found -1}}
    // expected-error @+1 {{Conv supports strides, dilations and pads of at most 2^31, found 4294967296}}
    %v23 = onnx.node "Conv"(%x4, %w4) with {auto_pad = "SOME", strides = array<i64: 0, 1>, dilations = array<i64: 1, -1>, pads = array<i64: 1, 1, -1, 4294967296>, kernel_shape = array<i64: 3, 3>} : (tensor<1x2x8x8xf32>, tensor<4x2x9x9xf32>) -> !onnx.unknown
    // expected-error @+3 {{Conv expects B of 4 elements, found tensor<5xf32>}}
    // expected-error @+2 {{Conv has a window of 9 elements, larger than the padded input of 8 in dimension 2}}
    // expected-error @+1 {{Conv has a window of 9 elements, larger than the padded input of 8 in dimension 3}}
    %v24 = onnx.node "Conv"(%x4, %w4, %five) : (tensor<1x2x8x8xf32>, tensor<4x2x9x9xf32>, tensor<5xf32>) -> !onnx.unknown
    // expected-error @+7 {{Conv: attribute 'kernel_shape': expected ints, found a string}}
    // expected-error @+6 {{Conv expects X [N, C, …] and W of the same rank, found tensor<1x2x8x8xf32> and tensor<4x3x3xf64>}}
    // expected-error @+5 {{Conv expects operands of one type, found tensor<1x2x8x8xf32> and tensor<4x3x3xf64>}}
    // expected-error @+4 {{Conv expects groups that divide the channels}}
    // expected-error @+3 {{Conv expects B of one dimension, found tensor<2x3xf64>}}
    // expected-error @+2 {{Conv expects operands of one type, found tensor<1x2x8x8xf32> and tensor<2x3xf64>}}
    // expected-error @+1 {{Conv expects strides of at least 1, found 0}}
    %v25 = onnx.node "Conv"(%x4, %w, %d) with {group = 0 : i64, strides = array<i64: 0>, kernel_shape = "3"} : (tensor<1x2x8x8xf32>, tensor<4x3x3xf64>, tensor<2x3xf64>) -> !onnx.unknown
    // expected-error @+3 {{Gemm supports floats, found i32}}
    // expected-error @+2 {{Gemm expects C of rank 2 or less, found tensor<1x5x5xf32>}}
    // expected-error @+1 {{Gemm expects inner sizes of A and B to be equal, found 4 and 3}}
    %v26 = onnx.node "Gemm"(%i, %i34, %c) : (tensor<4x4xi32>, tensor<3x4xi32>, tensor<1x5x5xf32>) -> !onnx.unknown
    // expected-error @+3 {{Gemm: attribute 'transA': expected an int, found a string}}
    // expected-error @+2 {{Gemm expects C of the type of A and B, found tensor<4x3x3xf64>}}
    // expected-error @+1 {{Gemm expects C of rank 2 or less, found tensor<4x3x3xf64>}}
    %v27 = onnx.node "Gemm"(%a, %b, %w) with {transA = "yes"} : (tensor<2x3xf32>, tensor<2x4xf32>, tensor<4x3x3xf64>) -> !onnx.unknown
    // expected-error @+2 {{MatMul expects operands of one type, found tensor<2x3xf32> and tensor<2x3xf64>}}
    // expected-error @+1 {{MatMul expects columns of A and rows of B to be equal, found 3 and 2}}
    %v28 = onnx.node "MatMul"(%a, %d) : (tensor<2x3xf32>, tensor<2x3xf64>) -> !onnx.unknown
    // expected-error @+3 {{MatMul expects operands of one type, found tensor<3x2x4xf32> and tensor<2x5x3xf64>}}
    // expected-error @+2 {{MatMul expects columns of A and rows of B to be equal, found 4 and 5}}
    // expected-error @+1 {{MatMul expects batch sizes that broadcast, found tensor<3x2x4xf32> and tensor<2x5x3xf64>}}
    %v29 = onnx.node "MatMul"(%m, %n) : (tensor<3x2x4xf32>, tensor<2x5x3xf64>) -> !onnx.unknown
    // expected-error @+2 {{MatMul expects numbers, found tensor<2x3xi1>}}
    // expected-error @+1 {{MatMul expects operands of rank 1 or more}}
    %v30 = onnx.node "MatMul"(%flag, %s) : (tensor<2x3xi1>, tensor<f32>) -> !onnx.unknown
    // expected-error @+3 {{ReduceMean: attribute 'keepdims': expected 0 or 1, found 2}}
    // expected-error @+2 {{ReduceMean supports floats, found tensor<4x4xi32>}}
    // expected-error @+1 {{ReduceMean expects axes from -2 to 1, found 5}}
    %v31 = onnx.node "ReduceMean"(%i, %axes) with {keepdims = 2 : i64} : (tensor<4x4xi32>, tensor<2xi64>) -> !onnx.unknown
    // expected-error @+2 {{ReduceMean supports floats, found tensor<4x4xi32>}}
    // expected-error @+1 {{ReduceMean supports axes known at compile time, found what the model computes}}
    %v32 = onnx.node "ReduceMean"(%i, %list) : (tensor<4x4xi32>, tensor<?xi64>) -> !onnx.unknown
    // expected-error @+2 {{Softmax expects floats, found tensor<4x4xi32>}}
    // expected-error @+1 {{Softmax expects an axis from -2 to 1, found 4}}
    %v33 = onnx.node "Softmax"(%i) with {axis = 4 : i64} : (tensor<4x4xi32>) -> !onnx.unknown
    // expected-error @+3 {{Concat expects an axis from -2 to 1, found 7}}
    // expected-error @+2 {{Concat expects inputs of one rank and type, found tensor<2x3xf32> and tensor<2x3xf64>}}
    // expected-error @+1 {{Concat expects inputs of one rank and type, found tensor<2x3xf32> and tensor<1x2x8xf32>}}
    %v34 = onnx.node "Concat"(%a, %d, %x) with {axis = 7 : i64} : (tensor<2x3xf32>, tensor<2x3xf64>, tensor<1x2x8xf32>) -> !onnx.unknown
    // expected-error @+6 {{Concat expects inputs of one rank and type, found tensor<1x2x8xf32> and tensor<2x5x3xf64>}}
    // expected-error @+5 {{Concat expects equal sizes in dimension 1, found 2 and 5}}
    // expected-error @+4 {{Concat expects equal sizes in dimension 2, found 8 and 3}}
    // expected-error @+3 {{Concat expects equal sizes in dimension 1, found 2 and 3}}
    // expected-error @+2 {{Concat expects equal sizes in dimension 2, found 8 and 9}}
    // expected-error @+1 {{Concat expects inputs of one rank and type, found tensor<1x2x8xf32> and tensor<2x3xf32>}}
    %v35 = onnx.node "Concat"(%x, %n, %x9, %a) with {axis = 0 : i64} : (tensor<1x2x8xf32>, tensor<2x5x3xf64>, tensor<1x3x9xf32>, tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+2 {{Concat: attribute 'axis': expected an int, found a float}}
    // expected-error @+1 {{Concat expects inputs of one rank and type}}
    %v36 = onnx.node "Concat"(%a, %d) with {axis = 0.5 : f32} : (tensor<2x3xf32>, tensor<2x3xf64>) -> !onnx.unknown
    // expected-error @+3 {{Expand expects sizes that are not negative, found -1}}
    // expected-error @+2 {{Expand cannot expand size 3 to 2}}
    // expected-error @+1 {{Expand cannot expand size 2 to 5}}
    %v37 = onnx.node "Expand"(%a, %parts) : (tensor<2x3xf32>, tensor<3xi64>) -> !onnx.unknown
    // expected-error @+3 {{ConstantOfShape expects a value of one element, found tensor<2xf32>}}
    // expected-error @+2 {{ConstantOfShape expects sizes that are not negative, found -1}}
    // expected-error @+1 {{ConstantOfShape expects sizes that are not negative, found -5}}
    %v38 = onnx.node "ConstantOfShape"(%sizes) with {value = dense<0.0> : tensor<2xf32>} : (tensor<3xi64>) -> !onnx.unknown
    // expected-error @+2 {{Flatten: attribute 'axes' is not supported}}
    // expected-error @+1 {{Flatten expects an axis from -2 to 2, found 3}}
    %v39 = onnx.node "Flatten"(%a) with {axis = 3 : i64, axes = 1 : i64} : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+2 {{Gather expects an axis from -2 to 1, found 2}}
    // expected-error @+1 {{Gather expects integer indices, found tensor<2x3xf64>}}
    %v40 = onnx.node "Gather"(%a, %d) with {axis = 2 : i64} : (tensor<2x3xf32>, tensor<2x3xf64>) -> !onnx.unknown
    // expected-error @+2 {{Gather expects indices from -2 to 1, found 9}}
    // expected-error @+1 {{Gather expects indices from -2 to 1, found -9}}
    %v41 = onnx.node "Gather"(%a, %indices) : (tensor<2x3xf32>, tensor<3xi64>) -> !onnx.unknown
    // expected-error @+2 {{Pad expects one constant value, found tensor<2x3xf64>}}
    // expected-error @+1 {{Pad expects a constant value of type f32, found tensor<2x3xf64>}}
    %v42 = onnx.node "Pad"(%a, %pads, %d) : (tensor<2x3xf32>, tensor<4xi64>, tensor<2x3xf64>) -> !onnx.unknown
    // expected-error @+2 {{Pad supports reflecting fewer elements than there are, found 3 of 2 in dimension 0}}
    // expected-error @+1 {{Pad supports reflecting fewer elements than there are, found 9 of 3 in dimension 1}}
    %v43 = onnx.node "Pad"(%a, %pads) with {mode = "reflect"} : (tensor<2x3xf32>, tensor<4xi64>) -> !onnx.unknown
    // expected-error @+3 {{Pad supports pads from -2^31 to 2^31, found 4294967296}}
    // expected-error @+2 {{Pad removes more elements than there are in dimension 1}}
    // expected-error @+1 {{Pad expects one constant value, found tensor<2x3xf32>}}
    %v44 = onnx.node "Pad"(%a, %far, %a) : (tensor<2x3xf32>, tensor<4xi64>, tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+3 {{Pad: attribute 'mode': expected constant, reflect or edge (supported: not `wrap`), found 'wrap'}}
    // expected-error @+2 {{Pad supports pads from -2^31 to 2^31, found 4294967296}}
    // expected-error @+1 {{Pad removes more elements than there are in dimension 1}}
    %v45 = onnx.node "Pad"(%a, %far) with {mode = "wrap"} : (tensor<2x3xf32>, tensor<4xi64>) -> !onnx.unknown
    // expected-error @+3 {{Pad supports pads of known length, found tensor<?xi64>}}
    // expected-error @+2 {{Pad expects one constant value, found tensor<2x3xf32>}}
    // expected-error @+1 {{Pad expects different axes from -2 to 1, found 5}}
    %v46 = onnx.node "Pad"(%a, %list, %a, %axes) : (tensor<2x3xf32>, tensor<?xi64>, tensor<2x3xf32>, tensor<2xi64>) -> !onnx.unknown
    // expected-error @+3 {{Pad expects two pads for each of 3 axes, found 4}}
    // expected-error @+2 {{Pad expects different axes from -2 to 1, found 1}}
    // expected-error @+1 {{Pad expects different axes from -2 to 1, found 7}}
    %v47 = onnx.node "Pad"(%a, %cut, %none, %twice) : (tensor<2x3xf32>, tensor<4xi64>, !onnx.none, tensor<3xi64>) -> !onnx.unknown
    // expected-error @+3 {{Reshape: attribute 'allowzero': expected 0 or 1, found 2}}
    // expected-error @+2 {{Reshape expects at most one -1}}
    // expected-error @+1 {{Reshape expects sizes of at least -1, found -5}}
    %v48 = onnx.node "Reshape"(%a, %sizes) with {allowzero = 2 : i64} : (tensor<2x3xf32>, tensor<3xi64>) -> !onnx.unknown
    // expected-error @+1 {{Reshape copies dimension 2 of a tensor of rank 2}}
    %v49 = onnx.node "Reshape"(%u8, %copies) : (tensor<2x3xui8>, tensor<3xi64>) -> !onnx.unknown
    // expected-error @+2 {{Reshape: attribute 'axis' is not supported}}
    // expected-error @+1 {{Reshape expects a shape of at most 2^63 elements}}
    %v50 = onnx.node "Reshape"(%a, %big) with {axis = 0 : i64} : (tensor<2x3xf32>, tensor<2xi64>) -> !onnx.unknown
    // expected-error @+3 {{Slice supports starts and ends of known length, found tensor<?xi64> and tensor<?xi64>}}
    // expected-error @+2 {{Slice supports axes known at compile time, found what the model computes}}
    // expected-error @+1 {{Slice supports steps known at compile time, found what the model computes}}
    %v51 = onnx.node "Slice"(%a, %list, %list, %one, %one) : (tensor<2x3xf32>, tensor<?xi64>, tensor<?xi64>, tensor<1xi64>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+3 {{Slice expects steps that are not 0, found 0 for axis 5}}
    // expected-error @+2 {{Slice expects different axes from -2 to 1, found 5}}
    // expected-error @+1 {{Slice expects steps that are not 0, found 0 for axis 1}}
    %v52 = onnx.node "Slice"(%a, %zero, %zero, %axes, %zero) : (tensor<2x3xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> !onnx.unknown
    // expected-error @+4 {{Slice expects as many ends, axes and steps as starts}}
    // expected-error @+3 {{Slice expects steps that are not 0, found 0 for axis 1}}
    // expected-error @+2 {{Slice expects different axes from -2 to 1, found 1}}
    // expected-error @+1 {{Slice expects different axes from -2 to 1, found 7}}
    %v53 = onnx.node "Slice"(%a, %zero, %three, %twice, %zero) : (tensor<2x3xf32>, tensor<2xi64>, tensor<1xi64>, tensor<3xi64>, tensor<2xi64>) -> !onnx.unknown
    // expected-error @+2 {{Split expects split or num_outputs, found both}}
    // expected-error @+1 {{Split expects num_outputs to be the number of outputs, 1, found 2}}
    %v54 = onnx.node "Split"(%a, %three) with {axis = 1 : i64, num_outputs = 2 : i64} : (tensor<2x3xf32>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+3 {{Split expects an axis from -2 to 1, found 2}}
    // expected-error @+2 {{Split expects 1 parts, found 3}}
    // expected-error @+1 {{Split expects parts that are not negative, found -1}}
    %v55 = onnx.node "Split"(%a, %parts) with {axis = 2 : i64} : (tensor<2x3xf32>, tensor<3xi64>) -> !onnx.unknown
    // expected-error @+3 {{Squeeze expects each axis once, found 1 again}}
    // expected-error @+2 {{Squeeze expects axes from -2 to 1, found 4}}
    // expected-error @+1 {{Squeeze expects size 1 in dimension 1, found tensor<2x3xf32>}}
    %v56 = onnx.node "Squeeze"(%a, %repeat) : (tensor<2x3xf32>, tensor<3xi64>) -> !onnx.unknown
    // expected-error @+2 {{Unsqueeze expects each axis once, found 1 again}}
    // expected-error @+1 {{Unsqueeze expects axes from -5 to 4, found 7}}
    %v57 = onnx.node "Unsqueeze"(%a, %twice) : (tensor<2x3xf32>, tensor<3xi64>) -> !onnx.unknown
    // expected-error @+1 {{Transpose expects perm to hold each of the 2 dimensions once}}
    %v58 = onnx.node "Transpose"(%u8) with {perm = array<i64: 1, 1>} : (tensor<2x3xui8>) -> !onnx.unknown
    // expected-error @+7 {{LSTM: attribute 'input_forget': expected 0 or 1, found 2}}
    // expected-error @+6 {{attribute clip: expected a bound that is not negative, found -1.000000}}
    // expected-error @+5 {{attribute activations: expected 3 functions, found 1}}
    // expected-error @+4 {{input sequence_lens: expected elements of type i32, found 'i64'}}
    // expected-error @+3 {{input B: expected shape [1, 32], found [1, 31]}}
    // expected-error @+2 {{input initial_h: expected shape [1, 2, 4], found [1, 3, 4]}}
    // expected-error @+1 {{input P: expected shape [1, 12], found [1, 13]}}
    %v59 = onnx.node "LSTM"(%seq, %lw, %lr, %lb, %lens64, %h0, %none, %p) with {clip = -1.0 : f32, activations = ["Relu"], input_forget = 2 : i64} : (tensor<5x2x3xf32>, tensor<1x16x3xf32>, tensor<1x16x4xf32>, tensor<1x31xf32>, tensor<2xi64>, tensor<1x3x4xf32>, !onnx.none, tensor<1x13xf32>) -> !onnx.unknown
    // expected-error @+7 {{LSTM: attribute 'direction': expected forward, reverse or bidirectional, found 'down'}}
    // expected-error @+6 {{LSTM: attribute 'layout': expected 0 or 1, found 2}}
    // expected-error @+5 {{LSTM: attribute 'hidden_size': expected an int, found a float}}
    // expected-error @+4 {{LSTM: attribute 'activation_alpha': expected floats, found a string}}
    // expected-error @+3 {{attribute activations: Affine has no default parameters, expected a value in activation_beta}}
    // expected-error @+2 {{input sequence_lens: expected elements of type i32, found 'i64'}}
    // expected-error @+1 {{input B: expected shape [1, 32], found [1, 31]}}
    %v60 = onnx.node "LSTM"(%seq, %lw, %lr, %lb, %lens64, %h0) with {direction = "down", layout = 2 : i64, hidden_size = 3.0 : f32, activation_alpha = "much", activations = ["Affine", "Tanh", "Tanh"]} : (tensor<5x2x3xf32>, tensor<1x16x3xf32>, tensor<1x16x4xf32>, tensor<1x31xf32>, tensor<2xi64>, tensor<1x3x4xf32>) -> !onnx.unknown
    // expected-error @+3 {{GRU: attribute 'activations': expected strings, found an int}}
    // expected-error @+2 {{input X: expected 3 dimensions, found shape [2, 3]}}
    // expected-error @+1 {{GRU supports hidden and input sizes of at most 2^20, found 2097152}}
    %v61 = onnx.node "GRU"(%a, %lw, %lr) with {activations = 1 : i64, activation_beta = array<f32: 1.0>, hidden_size = 2097152 : i64} : (tensor<2x3xf32>, tensor<1x16x3xf32>, tensor<1x16x4xf32>) -> !onnx.unknown
    // expected-error @+3 {{RNN: attribute 'clip': expected a float, found a string}}
    // expected-error @+2 {{attribute hidden_size: expected at least 1, found 0}}
    // expected-error @+1 {{input R: expected shape [1, 16, 16], found [1, 16, 4]}}
    %v62 = onnx.node "RNN"(%seq, %lw, %lr) with {hidden_size = 0 : i64, clip = "tight"} : (tensor<5x2x3xf32>, tensor<1x16x3xf32>, tensor<1x16x4xf32>) -> !onnx.unknown
    onnx.return %a : tensor<2x3xf32>
  }
}

// -----

// Where what gives an input has been refused, the other inputs and the attributes are still checked.
module attributes {onnx.opset = 18 : i64} {
  func.func @main(%a: tensor<2x3xf32>, %seq: tensor<5x2x3xf32>, %lr: tensor<1x16x4xf32>, %lb: tensor<1x31xf32>, %lens64: tensor<2xi64>, %h0: tensor<1x3x4xf32>, %p: tensor<1x13xf32>, %flag: tensor<2x3xi1>, %d: tensor<2x3xf64>, %b: tensor<2x4xf32>, %w: tensor<4x3x3xf64>, %i34: tensor<3x4xi32>, %c: tensor<1x5x5xf32>, %n: tensor<2x5x3xf64>, %s: tensor<f32>, %list: tensor<?xi64>, %i: tensor<4x4xi32>) -> tensor<2x3xf32> {
    %zero = onnx.constant dense<0> : tensor<2xi64>
    %axes = onnx.constant dense<[5, 1]> : tensor<2xi64>
    %twice = onnx.constant dense<[1, 1, 7]> : tensor<3xi64>
    %parts = onnx.constant dense<[-1, 5, 2]> : tensor<3xi64>
    %sizes = onnx.constant dense<[-1, -1, -5]> : tensor<3xi64>
    %far = onnx.constant dense<[4294967296, 0, 0, -9]> : tensor<4xi64>
    %big = onnx.constant dense<[4294967296, 4294967296]> : tensor<2xi64>
    %longs = onnx.constant dense<[9, 1]> : tensor<2xi32>
    %none = onnx.none
    // expected-error @+1 {{operator 'Foo' is not supported}}
    %u = onnx.node "Foo"(%a) : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+5 {{attribute clip: expected}}
    // expected-error @+4 {{input sequence_lens: expected elements of type i32, found 'i64'}}
    // expected-error @+3 {{input B: expected shape [1, 32], found [1, 31]}}
    // expected-error @+2 {{input initial_h: expected shape [1, 2, 4], found [1, 3, 4]}}
    // expected-error @+1 {{input P: expected shape [1, 12], found [1, 13]}}
    %v0 = onnx.node "LSTM"(%seq, %u, %lr, %lb, %lens64, %h0, %none, %p) with {clip = -1.0 : f32} : (tensor<5x2x3xf32>, !onnx.unknown, tensor<1x16x4xf32>, tensor<1x31xf32>, tensor<2xi64>, tensor<1x3x4xf32>, !onnx.none, tensor<1x13xf32>) -> !onnx.unknown
    // expected-error @+2 {{input B: expected shape [1, 40], found [1, 31]}}
    // expected-error @+1 {{input initial_h: expected shape [1, 2, 5], found [1, 3, 4]}}
    %v1 = onnx.node "LSTM"(%u, %u, %u, %lb, %longs, %h0) with {hidden_size = 5 : i64} : (!onnx.unknown, !onnx.unknown, !onnx.unknown, tensor<1x31xf32>, tensor<2xi32>, tensor<1x3x4xf32>) -> !onnx.unknown
    // expected-error @+3 {{input X: expected 3 dimensions, found shape [2, 3]}}
    // expected-error @+2 {{input R: expected shape [2, 12, 4], found [1, 16, 4]}}
    // expected-error @+1 {{input B: expected shape [2, 24], found [1, 31]}}
    %v2 = onnx.node "GRU"(%a, %u, %lr, %lb, %longs) with {direction = "bidirectional"} : (tensor<2x3xf32>, !onnx.unknown, tensor<1x16x4xf32>, tensor<1x31xf32>, tensor<2xi32>) -> !onnx.unknown
    // expected-error @+1 {{input sequence_lens: expected lengths from 1 to the number of time steps, 5, found 9}}
    %v3 = onnx.node "RNN"(%seq, %u, %u, %none, %longs) : (tensor<5x2x3xf32>, !onnx.unknown, !onnx.unknown, !onnx.none, tensor<2xi32>) -> !onnx.unknown
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
    // expected-error @+5 {{Conv expects operands of one type, found tensor<4x3x3xf64> and tensor<2x3xf32>}}
    // expected-error @+4 {{Conv expects groups that divide the channels, found W tensor<4x3x3xf64> and group 3}}
    // expected-error @+3 {{Conv expects B of 4 elements, found tensor<2x3xf32>}}
    // expected-error @+2 {{Conv expects 1 values in strides, found 2}}
    // expected-error @+1 {{Conv expects pads of at least 0, found -1}}
    %v10 = onnx.node "Conv"(%u, %w, %a) with {strides = array<i64: 1, 1>, pads = array<i64: -1, 0>, group = 3 : i64} : (!onnx.unknown, tensor<4x3x3xf64>, tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+4 {{Conv expects X [N, C, …] and W of the same rank, found tensor<2x3xf32>}}
    // expected-error @+3 {{Conv expects groups that divide the channels, found X tensor<2x3xf32> and group 0}}
    // expected-error @+2 {{Conv expects B of one dimension, found tensor<2x3xf64>}}
    // expected-error @+1 {{Conv expects operands of one type, found tensor<2x3xf32> and tensor<2x3xf64>}}
    %v11 = onnx.node "Conv"(%a, %u, %d) with {group = 0 : i64} : (tensor<2x3xf32>, !onnx.unknown, tensor<2x3xf64>) -> !onnx.unknown
    // expected-error @+3 {{Conv expects groups that divide the channels, found group 0}}
    // expected-error @+2 {{Conv expects B of one dimension, found tensor<2x3xf32>}}
    // expected-error @+1 {{Conv expects strides of at least 1, found 0}}
    %v12 = onnx.node "Conv"(%u, %u, %a) with {group = 0 : i64, strides = array<i64: 0>} : (!onnx.unknown, !onnx.unknown, tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+2 {{Gemm supports floats, found i32}}
    // expected-error @+1 {{Gemm expects C of rank 2 or less, found tensor<1x5x5xf32>}}
    %v13 = onnx.node "Gemm"(%u, %i34, %c) : (!onnx.unknown, tensor<3x4xi32>, tensor<1x5x5xf32>) -> !onnx.unknown
    // expected-error @+2 {{Gemm expects C of the type of A and B, found tensor<2x5x3xf64>}}
    // expected-error @+1 {{Gemm expects C of rank 2 or less, found tensor<2x5x3xf64>}}
    %v14 = onnx.node "Gemm"(%a, %u, %n) : (tensor<2x3xf32>, !onnx.unknown, tensor<2x5x3xf64>) -> !onnx.unknown
    // expected-error @+1 {{MatMul expects operands of rank 1 or more}}
    %v15 = onnx.node "MatMul"(%s, %u) : (tensor<f32>, !onnx.unknown) -> !onnx.unknown
    // expected-error @+1 {{MatMul expects numbers, found tensor<2x3xi1>}}
    %v16 = onnx.node "MatMul"(%u, %flag) : (!onnx.unknown, tensor<2x3xi1>) -> !onnx.unknown
    // expected-error @+1 {{ReduceMean supports axes known at compile time}}
    %v17 = onnx.node "ReduceMean"(%u, %list) : (!onnx.unknown, tensor<?xi64>) -> !onnx.unknown
    // expected-error @+1 {{ReduceMean supports floats, found tensor<4x4xi32>}}
    %v18 = onnx.node "ReduceMean"(%i, %u) : (tensor<4x4xi32>, !onnx.unknown) -> !onnx.unknown
    // expected-error @+2 {{Concat expects an axis from -2 to 1, found 5}}
    // expected-error @+1 {{Concat expects inputs of one rank and type, found tensor<2x3xf32> and tensor<2x3xf64>}}
    %v19 = onnx.node "Concat"(%u, %a, %d, %b) with {axis = 5 : i64} : (!onnx.unknown, tensor<2x3xf32>, tensor<2x3xf64>, tensor<2x4xf32>) -> !onnx.unknown
    // expected-error @+1 {{Concat expects equal sizes in dimension 1, found 3 and 4}}
    %v20 = onnx.node "Concat"(%a, %u, %b) with {axis = 0 : i64} : (tensor<2x3xf32>, !onnx.unknown, tensor<2x4xf32>) -> !onnx.unknown
    // expected-error @+1 {{Expand expects sizes that are not negative, found -1}}
    %v21 = onnx.node "Expand"(%u, %parts) : (!onnx.unknown, tensor<3xi64>) -> !onnx.unknown
    // expected-error @+1 {{ConstantOfShape expects a value of one element}}
    %v22 = onnx.node "ConstantOfShape"(%u) with {value = dense<0.0> : tensor<2xf32>} : (!onnx.unknown) -> !onnx.unknown
    // expected-error @+1 {{Gather expects integer indices, found tensor<2x3xf64>}}
    %v23 = onnx.node "Gather"(%u, %d) : (!onnx.unknown, tensor<2x3xf64>) -> !onnx.unknown
    // expected-error @+1 {{Gather expects an axis from -2 to 1, found 2}}
    %v24 = onnx.node "Gather"(%a, %u) with {axis = 2 : i64} : (tensor<2x3xf32>, !onnx.unknown) -> !onnx.unknown
    // expected-error @+2 {{Pad supports pads from -2^31 to 2^31, found 4294967296}}
    // expected-error @+1 {{Pad expects one constant value, found tensor<2x3xf64>}}
    %v25 = onnx.node "Pad"(%u, %far, %d, %axes) : (!onnx.unknown, tensor<4xi64>, tensor<2x3xf64>, tensor<2xi64>) -> !onnx.unknown
    // expected-error @+3 {{Pad expects one constant value}}
    // expected-error @+2 {{Pad expects a constant value of type f32}}
    // expected-error @+1 {{Pad expects different axes from -2 to 1, found 5}}
    %v26 = onnx.node "Pad"(%a, %u, %d, %axes) : (tensor<2x3xf32>, !onnx.unknown, tensor<2x3xf64>, tensor<2xi64>) -> !onnx.unknown
    // expected-error @+3 {{Pad expects two pads for each of 3 axes, found 4}}
    // expected-error @+2 {{Pad supports pads from -2^31 to 2^31, found 4294967296}}
    // expected-error @+1 {{Pad expects different axes, found 1 twice}}
    %v27 = onnx.node "Pad"(%u, %far, %none, %twice) : (!onnx.unknown, tensor<4xi64>, !onnx.none, tensor<3xi64>) -> !onnx.unknown
    // expected-error @+2 {{Reshape expects at most one -1}}
    // expected-error @+1 {{Reshape expects sizes of at least -1, found -5}}
    %v28 = onnx.node "Reshape"(%u, %sizes) : (!onnx.unknown, tensor<3xi64>) -> !onnx.unknown
    // expected-error @+2 {{Slice supports starts and ends of known length, found tensor<?xi64> and tensor<3xi64>}}
    // expected-error @+1 {{Slice expects different axes, found 1 twice}}
    %v29 = onnx.node "Slice"(%u, %list, %parts, %twice, %u) : (!onnx.unknown, tensor<?xi64>, tensor<3xi64>, tensor<3xi64>, !onnx.unknown) -> !onnx.unknown
    // expected-error @+4 {{Slice expects as many ends, axes and steps as starts}}
    // expected-error @+3 {{Slice expects steps that are not 0, found 0 for axis 1}}
    // expected-error @+2 {{Slice expects different axes from -2 to 1, found 1}}
    // expected-error @+1 {{Slice expects different axes from -2 to 1, found 7}}
    %v30 = onnx.node "Slice"(%a, %u, %zero, %twice, %zero) : (tensor<2x3xf32>, !onnx.unknown, tensor<2xi64>, tensor<3xi64>, tensor<2xi64>) -> !onnx.unknown
    // expected-error @+4 {{Split expects split or num_outputs, found both}}
    // expected-error @+3 {{Split expects num_outputs to be the number of outputs, 1, found 2}}
    // expected-error @+2 {{Split expects 1 parts, found 3}}
    // expected-error @+1 {{Split expects parts that are not negative, found -1}}
    %v31 = onnx.node "Split"(%u, %parts) with {num_outputs = 2 : i64} : (!onnx.unknown, tensor<3xi64>) -> !onnx.unknown
    // expected-error @+1 {{Split expects an axis from -2 to 1, found 3}}
    %v32 = onnx.node "Split"(%a, %u) with {axis = 3 : i64} : (tensor<2x3xf32>, !onnx.unknown) -> !onnx.unknown
    // expected-error @+1 {{Squeeze expects each axis once, found 1 again}}
    %v33 = onnx.node "Squeeze"(%u, %twice) : (!onnx.unknown, tensor<3xi64>) -> !onnx.unknown
    // expected-error @+1 {{Unsqueeze supports axes known at compile time}}
    %v34 = onnx.node "Unsqueeze"(%u, %list) : (!onnx.unknown, tensor<?xi64>) -> !onnx.unknown
    // expected-error @+1 {{Transpose expects perm to hold each of the 2 dimensions once}}
    %v35 = onnx.node "Transpose"(%u) with {perm = array<i64: 1, 1>} : (!onnx.unknown) -> !onnx.unknown
    onnx.return %a : tensor<2x3xf32>
  }
}

// -----

// What older operator sets have as attributes.
module attributes {onnx.opset = 6 : i64} {
  func.func @main(%a: tensor<2x3xf32>, %i: tensor<4x4xi32>, %one: tensor<1xi64>, %d: tensor<2x3xf64>, %b: tensor<2x4xf32>) -> tensor<2x3xf32> {
    // expected-error @+2 {{Dropout supports inference only, found is_test = 0}}
    // expected-error @+1 {{Dropout supports a mask since opset 12, found opset 6}}
    %v0:2 = onnx.node "Dropout"(%a) with {is_test = 0 : i64} : (tensor<2x3xf32>) -> (!onnx.unknown, !onnx.unknown)
    %mask = onnx.node "Not"(%v0#1) : (!onnx.unknown) -> !onnx.unknown
    // expected-error @+2 {{Slice expects as many ends, axes and steps as starts}}
    // expected-error @+1 {{Slice expects different axes from -2 to 1, found 4}}
    %v1 = onnx.node "Slice"(%a) with {starts = array<i64: 1>, ends = array<i64: 2, 3>, axes = array<i64: 4>} : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+2 {{Slice: attribute 'ends' is missing}}
    // expected-error @+1 {{Slice expects different axes from -2 to 1, found 4}}
    %v2 = onnx.node "Slice"(%a) with {starts = array<i64: 1>, axes = array<i64: 4>} : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+3 {{Pad: attribute 'value': expected a float, found a string}}
    // expected-error @+2 {{Pad supports pads from -2^31 to 2^31, found 4294967296}}
    // expected-error @+1 {{Pad removes more elements than there are in dimension 1}}
    %v3 = onnx.node "Pad"(%a) with {pads = array<i64: 4294967296, 0, 0, -9>, value = "none"} : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+2 {{Clip: attribute 'min': expected a float, found a string}}
    // expected-error @+1 {{Clip expects floats, found tensor<4x4xi32>}}
    %v4 = onnx.node "Clip"(%i) with {min = "low"} : (tensor<4x4xi32>) -> !onnx.unknown
    // expected-error @+2 {{Squeeze expects axes from -2 to 1, found 4}}
    // expected-error @+1 {{Squeeze expects size 1 in dimension 1, found tensor<2x3xf32>}}
    %v5 = onnx.node "Squeeze"(%a) with {axes = array<i64: 4, 1>} : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+2 {{Unsqueeze: expected at most 1 inputs at opset 6, found 2}}
    // expected-error @+1 {{Unsqueeze: attribute 'axes' is missing}}
    %v6 = onnx.node "Unsqueeze"(%a, %one) : (tensor<2x3xf32>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+2 {{Split expects an axis from -2 to 1, found 4}}
    // expected-error @+1 {{Split expects 1 parts, found 2}}
    %v7 = onnx.node "Split"(%a) with {axis = 4 : i64, split = array<i64: 1, 1>} : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+3 {{Add: attribute 'broadcast': expected 0 (supported: no broadcast before opset 7), found 1}}
    // expected-error @+2 {{Add expects operands of one type}}
    // expected-error @+1 {{Add expects operands whose shapes broadcast}}
    %v8 = onnx.node "Add"(%d, %b) with {broadcast = 1 : i64} : (tensor<2x3xf64>, tensor<2x4xf32>) -> !onnx.unknown
    onnx.return %a : tensor<2x3xf32>
  }
}

// -----

// Refusals of an If and those in its branches.
module attributes {onnx.opset = 18 : i64} {
  func.func @main(%c: tensor<2xi1>, %b: tensor<i1>, %x: tensor<3xf32>, %y: tensor<1x3xf32>, %d: tensor<3xf64>) -> tensor<3xf32> {
    // expected-error @+2 {{If: attribute 'cond' is not supported}}
    // expected-error @+1 {{If expects a condition of one bool, found tensor<2xi1>}}
    %0 = onnx.node "If"(%c) with {cond = 1 : i64} subgraphs ["then_branch", "else_branch"] {
      // expected-error @+1 {{operator 'Foo' is not supported}}
      %f = onnx.node "Foo"(%x) : (tensor<3xf32>) -> !onnx.unknown
      onnx.return %f : !onnx.unknown
    }, {
      // expected-error @+1 {{operator 'Bar' is not supported}}
      %g = onnx.node "Bar"(%x) : (tensor<3xf32>) -> !onnx.unknown
      onnx.return %g : !onnx.unknown
    } : (tensor<2xi1>) -> !onnx.unknown
    // expected-error @+2 {{found tensor<3xf32> and tensor<1x3xf32> as output 0}}
    // expected-error @+1 {{found tensor<3xf32> and tensor<3xf64> as output 2}}
    %1:3 = onnx.node "If"(%b) subgraphs ["then_branch", "else_branch"] {
      // expected-error @+1 {{operator 'Foo' is not supported}}
      %f = onnx.node "Foo"(%x) : (tensor<3xf32>) -> !onnx.unknown
      onnx.return %x, %f, %x : tensor<3xf32>, !onnx.unknown, tensor<3xf32>
    }, {
      onnx.return %y, %x, %d : tensor<1x3xf32>, tensor<3xf32>, tensor<3xf64>
    } : (tensor<i1>) -> (!onnx.unknown, !onnx.unknown, !onnx.unknown)
    %s = onnx.node "Max"(%1#0, %1#1, %1#2) : (!onnx.unknown, !onnx.unknown, !onnx.unknown) -> !onnx.unknown
    onnx.return %x : tensor<3xf32>
  }
}
