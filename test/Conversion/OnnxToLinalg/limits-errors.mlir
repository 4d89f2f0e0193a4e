// RUN: rnn-opt %s -convert-onnx -split-input-file -verify-diagnostics

module attributes {onnx.opset = 18 : i64} {
  func.func @main(%x: tensor<2x3xf32>, %i: tensor<2x3xi32>, %b: tensor<2x3xi1>, %e: tensor<2x0xf32>, %axes: tensor<1xi64>, %one_axis: tensor<i64>) -> tensor<2x3xf32> {
    %two = onnx.constant dense<2> : tensor<i64>
    %four = onnx.constant dense<4> : tensor<1xi64>
    // expected-error @+1 {{ReduceSum supports axes known at compile time, found what the model computes}}
    %0 = onnx.node "ReduceSum"(%x, %axes) : (tensor<2x3xf32>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{ReduceProd supports axes known at compile time, found what the model computes}}
    %1 = onnx.node "ReduceProd"(%x, %axes) : (tensor<2x3xf32>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{ReduceMax supports axes known at compile time, found what the model computes}}
    %2 = onnx.node "ReduceMax"(%x, %axes) : (tensor<2x3xf32>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{ReduceMin supports axes known at compile time, found what the model computes}}
    %3 = onnx.node "ReduceMin"(%x, %axes) : (tensor<2x3xf32>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{ReduceL1 supports axes known at compile time, found what the model computes}}
    %4 = onnx.node "ReduceL1"(%x, %axes) : (tensor<2x3xf32>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{ReduceSumSquare supports axes known at compile time, found what the model computes}}
    %5 = onnx.node "ReduceSumSquare"(%x, %axes) : (tensor<2x3xf32>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{ReduceL2 supports axes known at compile time, found what the model computes}}
    %6 = onnx.node "ReduceL2"(%x, %axes) : (tensor<2x3xf32>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{ReduceLogSum supports axes known at compile time, found what the model computes}}
    %7 = onnx.node "ReduceLogSum"(%x, %axes) : (tensor<2x3xf32>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{ReduceLogSumExp supports axes known at compile time, found what the model computes}}
    %8 = onnx.node "ReduceLogSumExp"(%x, %axes) : (tensor<2x3xf32>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{ReduceL2 supports floats, found tensor<2x3xi32>}}
    %9 = onnx.node "ReduceL2"(%i) : (tensor<2x3xi32>) -> !onnx.unknown
    // expected-error @+1 {{ReduceLogSum supports floats, found tensor<2x3xi32>}}
    %10 = onnx.node "ReduceLogSum"(%i) : (tensor<2x3xi32>) -> !onnx.unknown
    // expected-error @+1 {{ReduceLogSumExp supports floats, found tensor<2x3xi32>}}
    %11 = onnx.node "ReduceLogSumExp"(%i) : (tensor<2x3xi32>) -> !onnx.unknown
    // expected-error @+1 {{ReduceSum expects numbers, found tensor<2x3xi1>}}
    %12 = onnx.node "ReduceSum"(%b) : (tensor<2x3xi1>) -> !onnx.unknown
    // expected-error @+1 {{ReduceProd expects numbers, found tensor<2x3xi1>}}
    %13 = onnx.node "ReduceProd"(%b) : (tensor<2x3xi1>) -> !onnx.unknown
    // expected-error @+1 {{ReduceL1 expects numbers, found tensor<2x3xi1>}}
    %14 = onnx.node "ReduceL1"(%b) : (tensor<2x3xi1>) -> !onnx.unknown
    // expected-error @+1 {{ReduceSumSquare expects numbers, found tensor<2x3xi1>}}
    %15 = onnx.node "ReduceSumSquare"(%b) : (tensor<2x3xi1>) -> !onnx.unknown
    // expected-error @+1 {{ReduceMax expects numbers, found tensor<2x3xi1>}}
    %16 = onnx.node "ReduceMax"(%b) : (tensor<2x3xi1>) -> !onnx.unknown
    // expected-error @+1 {{ReduceMin expects numbers, found tensor<2x3xi1>}}
    %17 = onnx.node "ReduceMin"(%b) : (tensor<2x3xi1>) -> !onnx.unknown
    // expected-error @+1 {{CumSum supports an axis known at compile time, found what the model computes}}
    %18 = onnx.node "CumSum"(%x, %one_axis) : (tensor<2x3xf32>, tensor<i64>) -> !onnx.unknown
    // expected-error @+1 {{CumSum expects an axis from -2 to 1, found 2}}
    %19 = onnx.node "CumSum"(%x, %two) : (tensor<2x3xf32>, tensor<i64>) -> !onnx.unknown
    // expected-error @+1 {{ArgMax expects numbers, found tensor<2x3xi1>}}
    %20 = onnx.node "ArgMax"(%b) : (tensor<2x3xi1>) -> !onnx.unknown
    // expected-error @+1 {{ArgMin expects elements along the axis, found tensor<2x0xf32>}}
    %21 = onnx.node "ArgMin"(%e) with {axis = 1 : i64} : (tensor<2x0xf32>) -> !onnx.unknown
    // expected-error @+1 {{TopK expects K of at most the elements along the axis, found 4}}
    %22:2 = onnx.node "TopK"(%x, %four) : (tensor<2x3xf32>, tensor<1xi64>) -> (!onnx.unknown, !onnx.unknown)
    // expected-error @+1 {{LogSoftmax expects floats, found tensor<2x3xi32>}}
    %23 = onnx.node "LogSoftmax"(%i) : (tensor<2x3xi32>) -> !onnx.unknown
    // expected-error @+1 {{Hardmax expects floats, found tensor<2x3xi32>}}
    %24 = onnx.node "Hardmax"(%i) : (tensor<2x3xi32>) -> !onnx.unknown
    onnx.return %x : tensor<2x3xf32>
  }
}

// -----

module attributes {onnx.opset = 26 : i64} {
  func.func @main(%x: tensor<2x3xf32>, %axis: tensor<i64>) -> tensor<2x3xf32> {
    // expected-error @+1 {{CumProd supports an axis known at compile time, found what the model computes}}
    %0 = onnx.node "CumProd"(%x, %axis) : (tensor<2x3xf32>, tensor<i64>) -> !onnx.unknown
    onnx.return %x : tensor<2x3xf32>
  }
}

// -----

module attributes {onnx.opset = 22 : i64} {
  func.func @main(%x: tensor<1x2x8xf32>, %m: tensor<2x3xf32>, %w: tensor<2x4x3xf32>, %d: tensor<2x?x3xf32>) -> tensor<1x2x8xf32> {
    // expected-error @+1 {{MaxPool supports strides, dilations and pads of at most 2^31, found 2147483649}}
    %0 = onnx.node "MaxPool"(%x) with {kernel_shape = array<i64: 3>, strides = array<i64: 2147483649>} : (tensor<1x2x8xf32>) -> !onnx.unknown
    // expected-error @+1 {{MaxPool supports windows of at most 2^48 elements, found a kernel of 2147483648 and a dilation of 2147483648}}
    %1 = onnx.node "MaxPool"(%x) with {dilations = array<i64: 2147483648>, kernel_shape = array<i64: 2147483648>} : (tensor<1x2x8xf32>) -> !onnx.unknown
    // expected-error @+1 {{MaxPool has a window of 9 elements, larger than the padded input of 8 in dimension 2}}
    %2 = onnx.node "MaxPool"(%x) with {kernel_shape = array<i64: 9>} : (tensor<1x2x8xf32>) -> !onnx.unknown
    // expected-error @+1 {{MaxPool expects pads smaller than the window, found 2 and 2}}
    %3 = onnx.node "MaxPool"(%x) with {kernel_shape = array<i64: 2>, pads = array<i64: 2, 0>} : (tensor<1x2x8xf32>) -> !onnx.unknown
    // expected-error @+1 {{MaxPool expects X [N, C, …], found tensor<2x3xf32>}}
    %4 = onnx.node "MaxPool"(%m) with {kernel_shape = array<i64: 2>} : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{AveragePool supports strides, dilations and pads of at most 2^31, found 2147483649}}
    %5 = onnx.node "AveragePool"(%x) with {kernel_shape = array<i64: 3>, strides = array<i64: 2147483649>} : (tensor<1x2x8xf32>) -> !onnx.unknown
    // expected-error @+1 {{AveragePool supports windows of at most 2^48 elements, found a kernel of 2147483648 and a dilation of 2147483648}}
    %6 = onnx.node "AveragePool"(%x) with {dilations = array<i64: 2147483648>, kernel_shape = array<i64: 2147483648>} : (tensor<1x2x8xf32>) -> !onnx.unknown
    // expected-error @+1 {{AveragePool has a window of 9 elements, larger than the padded input of 8 in dimension 2}}
    %7 = onnx.node "AveragePool"(%x) with {kernel_shape = array<i64: 9>} : (tensor<1x2x8xf32>) -> !onnx.unknown
    // expected-error @+1 {{AveragePool expects pads smaller than the window, found 2 and 2}}
    %8 = onnx.node "AveragePool"(%x) with {kernel_shape = array<i64: 2>, pads = array<i64: 2, 0>} : (tensor<1x2x8xf32>) -> !onnx.unknown
    // expected-error @+1 {{AveragePool expects X [N, C, …], found tensor<2x3xf32>}}
    %9 = onnx.node "AveragePool"(%m) with {kernel_shape = array<i64: 2>} : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{LpPool supports strides, dilations and pads of at most 2^31, found 2147483649}}
    %10 = onnx.node "LpPool"(%x) with {kernel_shape = array<i64: 3>, strides = array<i64: 2147483649>} : (tensor<1x2x8xf32>) -> !onnx.unknown
    // expected-error @+1 {{LpPool supports windows of at most 2^48 elements, found a kernel of 2147483648 and a dilation of 2147483648}}
    %11 = onnx.node "LpPool"(%x) with {dilations = array<i64: 2147483648>, kernel_shape = array<i64: 2147483648>} : (tensor<1x2x8xf32>) -> !onnx.unknown
    // expected-error @+1 {{LpPool has a window of 9 elements, larger than the padded input of 8 in dimension 2}}
    %12 = onnx.node "LpPool"(%x) with {kernel_shape = array<i64: 9>} : (tensor<1x2x8xf32>) -> !onnx.unknown
    // expected-error @+1 {{LpPool expects pads smaller than the window, found 2 and 2}}
    %13 = onnx.node "LpPool"(%x) with {kernel_shape = array<i64: 2>, pads = array<i64: 2, 0>} : (tensor<1x2x8xf32>) -> !onnx.unknown
    // expected-error @+1 {{LpPool expects X [N, C, …], found tensor<2x3xf32>}}
    %14 = onnx.node "LpPool"(%m) with {kernel_shape = array<i64: 2>} : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{LpPool expects p of at least 1, found 0}}
    %15 = onnx.node "LpPool"(%x) with {kernel_shape = array<i64: 2>, p = 0 : i64} : (tensor<1x2x8xf32>) -> !onnx.unknown
    // expected-error @+1 {{GlobalLpPool expects p of at least 1, found 0}}
    %16 = onnx.node "GlobalLpPool"(%x) with {p = 0 : i64} : (tensor<1x2x8xf32>) -> !onnx.unknown
    // expected-error @+1 {{GlobalAveragePool expects X [N, C, …], found tensor<2x3xf32>}}
    %17 = onnx.node "GlobalAveragePool"(%m) : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{GlobalMaxPool expects X [N, C, …], found tensor<2x3xf32>}}
    %18 = onnx.node "GlobalMaxPool"(%m) : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{LRN supports strides, dilations and pads of at most 2^31, found 2147483649}}
    %19 = onnx.node "LRN"(%x) with {size = 2147483649 : i64} : (tensor<1x2x8xf32>) -> !onnx.unknown
    // expected-error @+1 {{LRN expects a size of at least 1, found 0}}
    %20 = onnx.node "LRN"(%x) with {size = 0 : i64} : (tensor<1x2x8xf32>) -> !onnx.unknown
    // expected-error @+1 {{ConvTranspose supports strides, dilations and pads of at most 2^31, found 2147483649}}
    %21 = onnx.node "ConvTranspose"(%x, %w) with {strides = array<i64: 2147483649>} : (tensor<1x2x8xf32>, tensor<2x4x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{ConvTranspose supports known channels and a known shape of W, found tensor<1x2x8xf32> and tensor<2x?x3xf32>}}
    %22 = onnx.node "ConvTranspose"(%x, %d) : (tensor<1x2x8xf32>, tensor<2x?x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{ConvTranspose expects groups that divide the channels of X and W, found tensor<1x2x8xf32> and tensor<2x4x3xf32>}}
    %23 = onnx.node "ConvTranspose"(%x, %w) with {group = 3 : i64} : (tensor<1x2x8xf32>, tensor<2x4x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{ConvTranspose has pads larger than the output in dimension 2}}
    %24 = onnx.node "ConvTranspose"(%x, %w) with {pads = array<i64: 7, 7>} : (tensor<1x2x8xf32>, tensor<2x4x3xf32>) -> !onnx.unknown
    onnx.return %x : tensor<1x2x8xf32>
  }
}

// -----

module attributes {onnx.opset = 22 : i64} {
  func.func @main(%x: tensor<1x2x8xf32>, %w: tensor<2x4x131073xf32>) -> tensor<1x2x8xf32> {
    // expected-error @+1 {{ConvTranspose supports windows of at most 2^48 elements, found a kernel of 131073 and a dilation of 2147483648}}
    %0 = onnx.node "ConvTranspose"(%x, %w) with {dilations = array<i64: 2147483648>} : (tensor<1x2x8xf32>, tensor<2x4x131073xf32>) -> !onnx.unknown
    onnx.return %x : tensor<1x2x8xf32>
  }
}

// -----

module attributes {onnx.opset = 12 : i64} {
  func.func @main(%x: tensor<1x2x8xf32>) -> !onnx.unknown {
    // expected-error @+1 {{MaxPool supports no output of indices, found one that is used}}
    %y:2 = onnx.node "MaxPool"(%x) with {kernel_shape = array<i64: 2>} : (tensor<1x2x8xf32>) -> (!onnx.unknown, !onnx.unknown)
    onnx.return %y#1 : !onnx.unknown
  }
}

// -----

module attributes {onnx.opset = 14 : i64} {
  func.func @main(%x: tensor<1x2x8xf32>, %c: tensor<2xf32>) -> !onnx.unknown {
    // expected-error @+2 {{BatchNormalization supports inference only, found training_mode}}
    // expected-error @+1 {{BatchNormalization supports inference only, found outputs of training}}
    %y:2 = onnx.node "BatchNormalization"(%x, %c, %c, %c, %c) with {training_mode = 1 : i64} : (tensor<1x2x8xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> (!onnx.unknown, !onnx.unknown)
    onnx.return %y#1 : !onnx.unknown
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<1x2x8xf32>, %c: tensor<2xf32>) -> tensor<1x2x8xf32> {
    // expected-error @+1 {{BatchNormalization supports spatial = 1, found 0}}
    %y = onnx.node "BatchNormalization"(%x, %c, %c, %c, %c) with {spatial = 0 : i64} : (tensor<1x2x8xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> !onnx.unknown
    onnx.return %x : tensor<1x2x8xf32>
  }
}

// -----

module attributes {onnx.opset = 21 : i64} {
  func.func @main(%x: tensor<2x3xf32>, %d: tensor<2x3xf64>, %s: tensor<f32>, %z: tensor<i32>, %q: tensor<2x3xi8>, %u: tensor<ui8>) -> tensor<2x3xf32> {
    // expected-error @+1 {{QuantizeLinear supports quantization of f32, f16, bf16 and i32, found tensor<2x3xf64>}}
    %0 = onnx.node "QuantizeLinear"(%d, %s) : (tensor<2x3xf64>, tensor<f32>) -> !onnx.unknown
    // expected-error @+1 {{QuantizeLinear supports elements of 8 and 16 bits, found tensor<i32>}}
    %1 = onnx.node "QuantizeLinear"(%x, %s, %z) : (tensor<2x3xf32>, tensor<f32>, tensor<i32>) -> !onnx.unknown
    // expected-error @+1 {{QuantizeLinear: attribute 'output_dtype': expected 0, 2, 3, 4 or 5 (supported: integers of 8 and 16 bits), found 22}}
    %2 = onnx.node "QuantizeLinear"(%x, %s) with {output_dtype = 22 : i64} : (tensor<2x3xf32>, tensor<f32>) -> !onnx.unknown
    // expected-error @+1 {{DequantizeLinear expects a zero point of the type of the input, found tensor<2x3xi8> and tensor<ui8>}}
    %3 = onnx.node "DequantizeLinear"(%q, %s, %u) : (tensor<2x3xi8>, tensor<f32>, tensor<ui8>) -> !onnx.unknown
    // expected-error @+1 {{DequantizeLinear expects a scale for each place along the axis, found tensor<2x3xi8> and tensor<2x3xf32>}}
    %4 = onnx.node "DequantizeLinear"(%q, %x) : (tensor<2x3xi8>, tensor<2x3xf32>) -> !onnx.unknown
    onnx.return %x : tensor<2x3xf32>
  }
}

// -----

module attributes {onnx.opset = 23 : i64} {
  func.func @main(%x: tensor<2x3xf32>, %s: tensor<f32>, %q: tensor<2x3xi8>) -> tensor<2x3xf32> {
    // expected-error @+1 {{QuantizeLinear: attribute 'precision': expected 0 or 1 (supported: float32), found 11}}
    %0 = onnx.node "QuantizeLinear"(%x, %s) with {precision = 11 : i64} : (tensor<2x3xf32>, tensor<f32>) -> !onnx.unknown
    // expected-error @+1 {{DequantizeLinear supports results of the type of the scale, found output_dtype = 10}}
    %1 = onnx.node "DequantizeLinear"(%q, %s) with {output_dtype = 10 : i64} : (tensor<2x3xi8>, tensor<f32>) -> !onnx.unknown
    onnx.return %x : tensor<2x3xf32>
  }
}

// -----

module attributes {onnx.opset = 19 : i64} {
  func.func @main(%x: tensor<2x3xf32>, %n: tensor<?xi64>, %s: tensor<?xf32>, %t: tensor<2x?xi64>, %l: tensor<1xf32>, %sc: tensor<2xf32>, %two: tensor<2xi64>, %i: tensor<2x1xi64>) -> tensor<2x3xf32> {
    %no = onnx.constant dense<> : tensor<0xf32>
    // expected-error @+1 {{Tile supports repeats of known length, found tensor<?xi64>}}
    %0 = onnx.node "Tile"(%x, %n) : (tensor<2x3xf32>, tensor<?xi64>) -> !onnx.unknown
    // expected-error @+1 {{GatherND supports indices whose last size is known, found tensor<2x?xi64>}}
    %1 = onnx.node "GatherND"(%x, %t) : (tensor<2x3xf32>, tensor<2x?xi64>) -> !onnx.unknown
    // expected-error @+1 {{ScatterND supports indices whose last size is known, found tensor<2x?xi64>}}
    %2 = onnx.node "ScatterND"(%x, %t, %x) : (tensor<2x3xf32>, tensor<2x?xi64>, tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{GatherElements expects operands of one rank, found tensor<2x3xf32> and tensor<2xi64>}}
    %3 = onnx.node "GatherElements"(%x, %two) : (tensor<2x3xf32>, tensor<2xi64>) -> !onnx.unknown
    // expected-error @+1 {{ScatterElements expects indices and updates of one shape, found tensor<2x1xi64> and tensor<1xf32>}}
    %4 = onnx.node "ScatterElements"(%x, %i, %l) : (tensor<2x3xf32>, tensor<2x1xi64>, tensor<1xf32>) -> !onnx.unknown
    // expected-error @+1 {{Resize supports scales or sizes of known length, found tensor<?xf32>}}
    %5 = onnx.node "Resize"(%x, %no, %s) : (tensor<2x3xf32>, tensor<0xf32>, tensor<?xf32>) -> !onnx.unknown
    // expected-error @+1 {{Resize expects scales or sizes, found neither}}
    %6 = onnx.node "Resize"(%x) : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{Resize: attribute 'antialias': expected 0 (supported: no antialiasing), found 1}}
    %7 = onnx.node "Resize"(%x, %no, %sc) with {antialias = 1 : i64} : (tensor<2x3xf32>, tensor<0xf32>, tensor<2xf32>) -> !onnx.unknown
    // expected-error @+1 {{Resize: attribute 'coordinate_transformation_mode': expected half_pixel, half_pixel_symmetric, pytorch_half_pixel, align_corners or asymmetric (supported: no regions of interest), found 'tf_crop_and_resize'}}
    %8 = onnx.node "Resize"(%x, %no, %sc) with {coordinate_transformation_mode = "tf_crop_and_resize"} : (tensor<2x3xf32>, tensor<0xf32>, tensor<2xf32>) -> !onnx.unknown
    // expected-error @+1 {{Resize: attribute 'exclude_outside': expected 0 (supported: no exclusion), found 1}}
    %9 = onnx.node "Resize"(%x, %no, %sc) with {exclude_outside = 1 : i64} : (tensor<2x3xf32>, tensor<0xf32>, tensor<2xf32>) -> !onnx.unknown
    // expected-error @+1 {{Resize: attribute 'keep_aspect_ratio_policy': expected stretch (supported: stretching only), found 'not_larger'}}
    %10 = onnx.node "Resize"(%x, %no, %sc) with {keep_aspect_ratio_policy = "not_larger"} : (tensor<2x3xf32>, tensor<0xf32>, tensor<2xf32>) -> !onnx.unknown
    // expected-error @+1 {{EyeLike: attribute 'dtype': expected 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13 or 16 (supported: floats of 16 to 64 bits, integers of 8 to 64 bits and bool), found 8}}
    %11 = onnx.node "EyeLike"(%x) with {dtype = 8 : i64} : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{Einsum expects a term of the equation for each of the 1 inputs, found 2}}
    %12 = onnx.node "Einsum"(%x) with {equation = "ij,jk"} : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{Einsum expects a label for each dimension of input 0, found 'ijk' for tensor<2x3xf32>}}
    %13 = onnx.node "Einsum"(%x) with {equation = "ijk"} : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{Einsum expects labels of the inputs in the result, each once, found 'ijj'}}
    %14 = onnx.node "Einsum"(%x) with {equation = "ij->ijj"} : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{Mod of floats expects fmod = 1, found 0}}
    %15 = onnx.node "Mod"(%x, %x) : (tensor<2x3xf32>, tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{Trilu expects matrices, found tensor<2xi64>}}
    %16 = onnx.node "Trilu"(%two) : (tensor<2xi64>) -> !onnx.unknown
    // expected-error @+1 {{ReverseSequence expects different axes of batch and time, found 0 for both}}
    %17 = onnx.node "ReverseSequence"(%x, %two) with {batch_axis = 0 : i64} : (tensor<2x3xf32>, tensor<2xi64>) -> !onnx.unknown
    // expected-error @+1 {{DepthToSpace expects an input [N, C, H, W], found tensor<2x3xf32>}}
    %18 = onnx.node "DepthToSpace"(%x) with {blocksize = 2 : i64} : (tensor<2x3xf32>) -> !onnx.unknown
    onnx.return %x : tensor<2x3xf32>
  }
}

// -----

module attributes {onnx.opset = 26 : i64} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
    // expected-error @+1 {{BitCast: attribute 'to': expected 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13 or 16 (supported: floats of 16 to 64 bits and integers of 8 to 64 bits), found 9}}
    %0 = onnx.node "BitCast"(%x) with {to = 9 : i64} : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+1 {{BitCast expects types of equally many bits, found f32 and i64}}
    %1 = onnx.node "BitCast"(%x) with {to = 7 : i64} : (tensor<2x3xf32>) -> !onnx.unknown
    onnx.return %x : tensor<2x3xf32>
  }
}

// -----

module attributes {onnx.opset = 5 : i64} {
  func.func @main(%x: tensor<2x3xf32>, %t: tensor<i64>) -> tensor<2x3xf32> {
    // expected-error @+1 {{Tile supports an axis known at compile time, found what the model computes}}
    %0 = onnx.node "Tile"(%x, %t, %t) : (tensor<2x3xf32>, tensor<i64>, tensor<i64>) -> !onnx.unknown
    onnx.return %x : tensor<2x3xf32>
  }
}

// -----

module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<2xf32>, %m: tensor<i64>) -> tensor<2xf32> {
    %none = onnx.none
    %one = onnx.constant dense<1.0> : tensor<1x1xf32>
    // expected-error @+1 {{Loop supports loops with an end, a trip count or a condition, found neither}}
    %0 = onnx.node "Loop"(%none, %none, %x) subgraphs ["body"] {
    ^bb0(%i: tensor<i64>, %c: tensor<i1>, %s: tensor<2xf32>):
      onnx.return %c, %s : tensor<i1>, tensor<2xf32>
    } : (!onnx.none, !onnx.none, tensor<2xf32>) -> !onnx.unknown
    // expected-error @+1 {{Loop supports states whose rank and type no iteration changes, found tensor<2xf32> and then tensor<1x2xf32> as state 0}}
    %1 = onnx.node "Loop"(%m, %none, %x) subgraphs ["body"] {
    ^bb0(%i: tensor<i64>, %c: tensor<i1>, %s: tensor<2xf32>):
      %t = onnx.node "Mul"(%s, %one) : (tensor<2xf32>, tensor<1x1xf32>) -> !onnx.unknown
      onnx.return %c, %t : tensor<i1>, !onnx.unknown
    } : (tensor<i64>, !onnx.none, tensor<2xf32>) -> !onnx.unknown
    // expected-error @+1 {{Loop expects a body with 3 inputs, found 2}}
    %2 = onnx.node "Loop"(%m, %none, %x) subgraphs ["body"] {
    ^bb0(%i: tensor<i64>, %c: tensor<i1>):
      onnx.return %c, %x : tensor<i1>, tensor<2xf32>
    } : (tensor<i64>, !onnx.none, tensor<2xf32>) -> !onnx.unknown
    // expected-error @+1 {{Scan supports states whose rank and type no iteration changes, found tensor<2xf32> and then tensor<1x2xf32> as state 0}}
    %3 = onnx.node "Scan"(%x, %x) with {num_scan_inputs = 1 : i64} subgraphs ["body"] {
    ^bb0(%s: tensor<2xf32>, %e: tensor<f32>):
      %t = onnx.node "Mul"(%s, %one) : (tensor<2xf32>, tensor<1x1xf32>) -> !onnx.unknown
      onnx.return %t : !onnx.unknown
    } : (tensor<2xf32>, tensor<2xf32>) -> !onnx.unknown
    // expected-error @+1 {{Scan expects num_scan_inputs from 1 to 1, found 2}}
    %4 = onnx.node "Scan"(%x) with {num_scan_inputs = 2 : i64} subgraphs ["body"] {
    ^bb0(%e: tensor<f32>):
      onnx.return %e : tensor<f32>
    } : (tensor<2xf32>) -> !onnx.unknown
    // expected-error @+1 {{Scan expects an axis from -1 to 0, found 1}}
    %5 = onnx.node "Scan"(%x) with {num_scan_inputs = 1 : i64, scan_input_axes = array<i64: 1>} subgraphs ["body"] {
    ^bb0(%e: tensor<f32>):
      onnx.return %e : tensor<f32>
    } : (tensor<2xf32>) -> !onnx.unknown
    onnx.return %x : tensor<2xf32>
  }
}

// -----

module attributes {onnx.opset = 6 : i64} {
  func.func @main(%x: tensor<2xi1>) -> tensor<2xi1> {
    // expected-error @+1 {{Xor: attribute 'broadcast': expected 0 (supported: no broadcast before opset 7), found 1}}
    %0 = onnx.node "Xor"(%x, %x) with {broadcast = 1 : i64} : (tensor<2xi1>, tensor<2xi1>) -> !onnx.unknown
    onnx.return %x : tensor<2xi1>
  }
}

// -----

module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<2xf32>, %s: tensor<2x!onnx.string>) -> tensor<2xf32> {
    // expected-error @+1 {{Identity supports no strings, found 'tensor<2x!onnx.string>'}}
    %0 = onnx.node "Identity"(%s) : (tensor<2x!onnx.string>) -> !onnx.unknown
    onnx.return %x : tensor<2xf32>
  }
}
