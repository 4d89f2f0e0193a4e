// RUN: rnn-opt %s -convert-onnx -verify-diagnostics

module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<2x3xf32>, %d: tensor<?x?x1xf32>, %list: tensor<?xi64>, %none: tensor<0xf32>, %one: tensor<1xi64>) -> tensor<2x3xf32> {
    %zeros = onnx.constant dense<0> : tensor<3xi64>
    %open = onnx.constant dense<-1> : tensor<2xi64>
    %minus = onnx.constant dense<-2> : tensor<1xi64>
    %two = onnx.constant dense<2> : tensor<1xi64>
    %four = onnx.constant dense<4> : tensor<1xi64>
    // expected-error @+1 {{Reshape supports a shape of known length, found tensor<?xi64>}}
    %r0 = onnx.node "Reshape"(%x, %list) : (tensor<2x3xf32>, tensor<?xi64>) -> !onnx.unknown
    // expected-error @+1 {{Reshape copies dimension 2 of a tensor of rank 2}}
    %r1 = onnx.node "Reshape"(%x, %zeros) : (tensor<2x3xf32>, tensor<3xi64>) -> !onnx.unknown
    // expected-error @+1 {{Reshape expects at most one -1}}
    %r2 = onnx.node "Reshape"(%x, %open) : (tensor<2x3xf32>, tensor<2xi64>) -> !onnx.unknown
    // expected-error @+1 {{Reshape expects sizes of at least -1, found -2}}
    %r3 = onnx.node "Reshape"(%x, %minus) : (tensor<2x3xf32>, tensor<1xi64>) -> !onnx.unknown
    // 2^32 times 2^32 is 0 in 64 bits.
    %wraps = onnx.constant dense<4294967296> : tensor<2xi64>
    // expected-error @+1 {{Reshape expects a shape of at most 2^63 elements}}
    %r4 = onnx.node "Reshape"(%none, %wraps) : (tensor<0xf32>, tensor<2xi64>) -> !onnx.unknown
    // expected-error @+1 {{Expand supports a shape of known length, found tensor<?xi64>}}
    %e0 = onnx.node "Expand"(%x, %list) : (tensor<2x3xf32>, tensor<?xi64>) -> !onnx.unknown
    // expected-error @+1 {{Expand expects sizes that are not negative, found -2}}
    %e1 = onnx.node "Expand"(%x, %minus) : (tensor<2x3xf32>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{Expand cannot expand size 3 to 2}}
    %e2 = onnx.node "Expand"(%x, %two) : (tensor<2x3xf32>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{ConstantOfShape supports a shape of known length, found tensor<?xi64>}}
    %c0 = onnx.node "ConstantOfShape"(%list) : (tensor<?xi64>) -> !onnx.unknown
    // expected-error @+1 {{ConstantOfShape expects a value of one element}}
    %c1 = onnx.node "ConstantOfShape"(%two) with {value = dense<0.0> : tensor<2xf32>} : (tensor<1xi64>) -> !onnx.unknown
    // Sizes are bounded where others are 0 or not known, too.
    %size = onnx.node "Shape"(%list) : (tensor<?xi64>) -> !onnx.unknown
    %beside = onnx.node "Concat"(%size, %wraps) with {axis = 0 : i64} : (!onnx.unknown, tensor<2xi64>) -> !onnx.unknown
    // expected-error @+1 {{ConstantOfShape supports tensors of at most 2^46 bytes, found 'tensor<?x4294967296x4294967296xf32>'}}
    %c2 = onnx.node "ConstantOfShape"(%beside) : (!onnx.unknown) -> !onnx.unknown
    %empty = onnx.constant dense<[0, 4294967296, 4294967296]> : tensor<3xi64>
    // expected-error @+1 {{ConstantOfShape supports tensors of at most 2^46 bytes, found 'tensor<0x4294967296x4294967296xf32>'}}
    %c3 = onnx.node "ConstantOfShape"(%empty) : (tensor<3xi64>) -> !onnx.unknown
    // expected-error @+1 {{Squeeze expects axes from -2 to 1, found 4}}
    %s0 = onnx.node "Squeeze"(%x, %four) : (tensor<2x3xf32>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{Squeeze expects size 1 in dimension 0, found tensor<2x3xf32>}}
    %s1 = onnx.node "Squeeze"(%x, %minus) : (tensor<2x3xf32>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{Squeeze supports unknown sizes without axes where all of them are 1, as the rank of the result says, or none is, found tensor<?x?x1xf32> and a result of rank 1}}
    %s2 = onnx.node "Squeeze"(%d) : (tensor<?x?x1xf32>) -> tensor<?xf32>
    // expected-error @+1 {{Squeeze supports axes known at compile time, found what the model computes}}
    %s3 = onnx.node "Squeeze"(%d, %one) : (tensor<?x?x1xf32>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{Unsqueeze supports axes known at compile time, found what the model computes}}
    %u2 = onnx.node "Unsqueeze"(%x, %one) : (tensor<2x3xf32>, tensor<1xi64>) -> !onnx.unknown
    // expected-error @+1 {{Unsqueeze expects axes from -3 to 2, found 4}}
    %u0 = onnx.node "Unsqueeze"(%x, %four) : (tensor<2x3xf32>, tensor<1xi64>) -> !onnx.unknown
    %same = onnx.constant dense<[0, -4]> : tensor<2xi64>
    // expected-error @+1 {{Unsqueeze expects each axis once}}
    %u1 = onnx.node "Unsqueeze"(%x, %same) : (tensor<2x3xf32>, tensor<2xi64>) -> !onnx.unknown
    // expected-error @+1 {{Flatten expects an axis from -2 to 2, found 3}}
    %f0 = onnx.node "Flatten"(%x) with {axis = 3 : i64} : (tensor<2x3xf32>) -> !onnx.unknown
    onnx.return %x : tensor<2x3xf32>
  }
}
