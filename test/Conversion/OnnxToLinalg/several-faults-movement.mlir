// RUN: rnn-opt %s -convert-onnx -split-input-file -verify-diagnostics

// Faults of a node that do not hide each other are all told, each once, and nothing else is.
module attributes {onnx.opset = 18 : i64} {
  func.func @main(%a: tensor<2x3xf32>, %d: tensor<2x3xf64>, %u8: tensor<2x3xui8>, %x: tensor<1x2x8xf32>, %n: tensor<2x5x3xf64>, %x9: tensor<1x3x9xf32>) -> tensor<2x3xf32> {
    %parts = onnx.constant dense<[-1, 5, 2]> : tensor<3xi64>
    %sizes = onnx.constant dense<[-1, -1, -5]> : tensor<3xi64>
    %copies = onnx.constant dense<[-1, 3, 0]> : tensor<3xi64>
    %big = onnx.constant dense<[4294967296, 4294967296]> : tensor<2xi64>
    %indices = onnx.constant dense<[9, -9, 1]> : tensor<3xi64>
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
    // expected-error @+2 {{Flatten: attribute 'axes' is not supported}}
    // expected-error @+1 {{Flatten expects an axis from -2 to 2, found 3}}
    %v39 = onnx.node "Flatten"(%a) with {axis = 3 : i64, axes = 1 : i64} : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+2 {{Gather expects an axis from -2 to 1, found 2}}
    // expected-error @+1 {{Gather expects integer indices, found tensor<2x3xf64>}}
    %v40 = onnx.node "Gather"(%a, %d) with {axis = 2 : i64} : (tensor<2x3xf32>, tensor<2x3xf64>) -> !onnx.unknown
    // expected-error @+2 {{Gather expects indices from -2 to 1, found 9}}
    // expected-error @+1 {{Gather expects indices from -2 to 1, found -9}}
    %v41 = onnx.node "Gather"(%a, %indices) : (tensor<2x3xf32>, tensor<3xi64>) -> !onnx.unknown
    // expected-error @+3 {{Reshape: attribute 'allowzero': expected 0 or 1, found 2}}
    // expected-error @+2 {{Reshape expects at most one -1}}
    // expected-error @+1 {{Reshape expects sizes of at least -1, found -5}}
    %v48 = onnx.node "Reshape"(%a, %sizes) with {allowzero = 2 : i64} : (tensor<2x3xf32>, tensor<3xi64>) -> !onnx.unknown
    // expected-error @+1 {{Reshape copies dimension 2 of a tensor of rank 2}}
    %v49 = onnx.node "Reshape"(%u8, %copies) : (tensor<2x3xui8>, tensor<3xi64>) -> !onnx.unknown
    // expected-error @+2 {{Reshape: attribute 'axis' is not supported}}
    // expected-error @+1 {{Reshape expects a shape of at most 2^63 elements}}
    %v50 = onnx.node "Reshape"(%a, %big) with {axis = 0 : i64} : (tensor<2x3xf32>, tensor<2xi64>) -> !onnx.unknown
    onnx.return %a : tensor<2x3xf32>
  }
}

// -----

// Faults of a node that do not hide each other are all told, each once, and nothing else is.
module attributes {onnx.opset = 18 : i64} {
  func.func @main(%a: tensor<2x3xf32>, %u8: tensor<2x3xui8>, %list: tensor<?xi64>, %one: tensor<1xi64>) -> tensor<2x3xf32> {
    %zero = onnx.constant dense<0> : tensor<2xi64>
    %axes = onnx.constant dense<[5, 1]> : tensor<2xi64>
    %twice = onnx.constant dense<[1, 1, 7]> : tensor<3xi64>
    %three = onnx.constant dense<3> : tensor<1xi64>
    %parts = onnx.constant dense<[-1, 5, 2]> : tensor<3xi64>
    %repeat = onnx.constant dense<[-1, 1, 4]> : tensor<3xi64>
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
    onnx.return %a : tensor<2x3xf32>
  }
}

// -----

// Where what gives an input has been refused, the other inputs and the attributes are still checked.
module attributes {onnx.opset = 18 : i64} {
  func.func @main(%a: tensor<2x3xf32>, %d: tensor<2x3xf64>, %b: tensor<2x4xf32>, %list: tensor<?xi64>) -> tensor<2x3xf32> {
    %zero = onnx.constant dense<0> : tensor<2xi64>
    %twice = onnx.constant dense<[1, 1, 7]> : tensor<3xi64>
    %parts = onnx.constant dense<[-1, 5, 2]> : tensor<3xi64>
    %sizes = onnx.constant dense<[-1, -1, -5]> : tensor<3xi64>
    // expected-error @+1 {{operator 'Foo' is not supported}}
    %u = onnx.node "Foo"(%a) : (tensor<2x3xf32>) -> !onnx.unknown
    // expected-error @+2 {{Concat expects an axis from -2 to 1, found 5}}
    // expected-error @+1 {{Concat expects inputs of one rank and type, found tensor<2x3xf32> and tensor<2x3xf64>}}
    %v19 = onnx.node "Concat"(%u, %a, %d, %b) with {axis = 5 : i64} : (!onnx.unknown, tensor<2x3xf32>, tensor<2x3xf64>, tensor<2x4xf32>) -> !onnx.unknown
    // expected-error @+1 {{Concat expects equal sizes in dimension 1, found 3 and 4}}
    %v20 = onnx.node "Concat"(%a, %u, %b) with {axis = 0 : i64} : (tensor<2x3xf32>, !onnx.unknown, tensor<2x4xf32>) -> !onnx.unknown
    // expected-error @+1 {{Expand expects sizes that are not negative, found -1}}
    %v21 = onnx.node "Expand"(%u, %parts) : (!onnx.unknown, tensor<3xi64>) -> !onnx.unknown
    // expected-error @+1 {{Gather expects integer indices, found tensor<2x3xf64>}}
    %v23 = onnx.node "Gather"(%u, %d) : (!onnx.unknown, tensor<2x3xf64>) -> !onnx.unknown
    // expected-error @+1 {{Gather expects an axis from -2 to 1, found 2}}
    %v24 = onnx.node "Gather"(%a, %u) with {axis = 2 : i64} : (tensor<2x3xf32>, !onnx.unknown) -> !onnx.unknown
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
