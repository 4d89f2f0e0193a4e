// RUN: rnn-opt %s -onnx-verify -split-input-file -verify-diagnostics

// All refusals of a model come in one run.
module attributes {onnx.opset = 17 : i64} {
func.func @main(%x: tensor<2xf32>, %w: tensor<2xf32>) {
  %none = onnx.none
  // expected-error @below {{operator 'Foo' is not supported}}
  %a = onnx.node "Foo"(%x) : (tensor<2xf32>) -> tensor<2xf32>
  // expected-error @below {{operator 'Bar' of domain 'org.example' is not supported, only operators of the default domain are}}
  %b = onnx.node "Bar"(%x) domain("org.example") : (tensor<2xf32>) -> tensor<2xf32>
  // expected-error @below {{Softmax: attribute 'axes' is not supported}}
  %c = onnx.node "Softmax"(%x) with {axes = 1 : i64} : (tensor<2xf32>) -> tensor<2xf32>
  // expected-error @below {{LSTM: input 'R' is missing}}
  // expected-error @below {{LSTM: attribute 'direction': expected forward, reverse or bidirectional, found 'sideways'}}
  // expected-error @below {{LSTM: attribute 'hidden_size': expected an int, found ints}}
  // expected-error @below {{LSTM: attribute 'layout': expected 0 or 1, found 2}}
  %d = onnx.node "LSTM"(%x, %w, %none) with {direction = "sideways", hidden_size = array<i64: 1>, layout = 2 : i64}
      : (tensor<2xf32>, tensor<2xf32>, !onnx.none) -> tensor<2xf32>
  // expected-error @below {{Cast: attribute 'to' is missing}}
  %e = onnx.node "Cast"(%x) : (tensor<2xf32>) -> tensor<2xf32>
  // expected-error @below {{Cast: attribute 'to': expected 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13 or 16 (supported: floats of 16 to 64 bits, integers of 8 to 64 bits and bool), found 8}}
  %f = onnx.node "Cast"(%x) with {to = 8 : i64} : (tensor<2xf32>) -> tensor<2xf32>
  // expected-error @below {{Relu: expected at most 1 inputs at opset 17, found 2}}
  // expected-error @below {{Relu: expected at most 1 outputs at opset 17, found 2}}
  %g:2 = onnx.node "Relu"(%x, %w) : (tensor<2xf32>, tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>)
  // expected-error @below {{Relu: output 'output' is missing}}
  onnx.node "Relu"(%x) : (tensor<2xf32>) -> ()
  // expected-error @below {{Concat: input 1 of 'inputs' is missing}}
  // expected-error @below {{Concat: attribute 'axis': expected an int, found a kind that is not supported}}
  %h = onnx.node "Concat"(%x, %none) with {axis} : (tensor<2xf32>, !onnx.none) -> tensor<2xf32>
  // expected-error @below {{Constant: attribute 'value_string' is not supported}}
  %i = onnx.node "Constant"() with {value_string = "text"} : () -> !onnx.unknown
  // expected-error @below {{Constant: expected one attribute with the value}}
  %j = onnx.node "Constant"() : () -> !onnx.unknown
  onnx.return
}
}

// -----

// Operators, inputs and attributes belong to versions.
module attributes {onnx.opset = 7 : i64} {
func.func @main(%x: tensor<2xf32>, %i: tensor<1xi64>) {
  // expected-error @below {{operator 'Expand' is supported since opset 8, found a model of opset 7}}
  %a = onnx.node "Expand"(%x, %i) : (tensor<2xf32>, tensor<1xi64>) -> tensor<2xf32>
  // expected-error @below {{LSTM: attribute 'layout' does not exist at opset 7}}
  %b = onnx.node "LSTM"(%x, %x, %x) with {layout = 0 : i64} : (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  // expected-error @below {{Slice: expected at most 1 inputs at opset 7, found 3}}
  %c = onnx.node "Slice"(%x, %i, %i) with {starts = array<i64: 0>, ends = array<i64: 1>}
      : (tensor<2xf32>, tensor<1xi64>, tensor<1xi64>) -> tensor<1xf32>
  onnx.return
}
}

// -----

// Values of attributes that are not supported, with what the record says of them.
module attributes {onnx.opset = 17 : i64} {
func.func @main(%x: tensor<2xf32>, %i: tensor<2xi64>) {
  // expected-error @below {{Pad: attribute 'mode': expected constant, reflect or edge (supported: not `wrap`), found 'wrap'}}
  %a = onnx.node "Pad"(%x, %i) with {mode = "wrap"} : (tensor<2xf32>, tensor<2xi64>) -> tensor<2xf32>
  onnx.return
}
}

// -----

module attributes {onnx.opset = 6 : i64} {
func.func @main(%x: tensor<2xf32>, %y: tensor<1xf32>) {
  // expected-error @below {{Add: attribute 'broadcast': expected 0 (supported: no broadcast before opset 7), found 1}}
  %add = onnx.node "Add"(%x, %y) with {broadcast = 1 : i64} : (tensor<2xf32>, tensor<1xf32>) -> tensor<2xf32>
  // expected-error @below {{Sub: attribute 'broadcast': expected 0 (supported: no broadcast before opset 7), found 1}}
  %sub = onnx.node "Sub"(%x, %y) with {broadcast = 1 : i64} : (tensor<2xf32>, tensor<1xf32>) -> tensor<2xf32>
  // expected-error @below {{Mul: attribute 'broadcast': expected 0 (supported: no broadcast before opset 7), found 1}}
  %mul = onnx.node "Mul"(%x, %y) with {broadcast = 1 : i64} : (tensor<2xf32>, tensor<1xf32>) -> tensor<2xf32>
  // expected-error @below {{Div: attribute 'broadcast': expected 0 (supported: no broadcast before opset 7), found 1}}
  %div = onnx.node "Div"(%x, %y) with {broadcast = 1 : i64} : (tensor<2xf32>, tensor<1xf32>) -> tensor<2xf32>
  // expected-error @below {{Pow: attribute 'broadcast': expected 0 (supported: no broadcast before opset 7), found 1}}
  %pow = onnx.node "Pow"(%x, %y) with {broadcast = 1 : i64} : (tensor<2xf32>, tensor<1xf32>) -> tensor<2xf32>
  // expected-error @below {{Equal: attribute 'broadcast': expected 0 (supported: no broadcast before opset 7), found 1}}
  %equal = onnx.node "Equal"(%x, %y) with {broadcast = 1 : i64} : (tensor<2xf32>, tensor<1xf32>) -> tensor<2xf32>
  // expected-error @below {{Less: attribute 'broadcast': expected 0 (supported: no broadcast before opset 7), found 1}}
  %less = onnx.node "Less"(%x, %y) with {broadcast = 1 : i64} : (tensor<2xf32>, tensor<1xf32>) -> tensor<2xf32>
  // expected-error @below {{Greater: attribute 'broadcast': expected 0 (supported: no broadcast before opset 7), found 1}}
  %greater = onnx.node "Greater"(%x, %y) with {broadcast = 1 : i64} : (tensor<2xf32>, tensor<1xf32>) -> tensor<2xf32>
  // expected-error @below {{And: attribute 'broadcast': expected 0 (supported: no broadcast before opset 7), found 1}}
  %and = onnx.node "And"(%x, %y) with {broadcast = 1 : i64} : (tensor<2xf32>, tensor<1xf32>) -> tensor<2xf32>
  // expected-error @below {{Or: attribute 'broadcast': expected 0 (supported: no broadcast before opset 7), found 1}}
  %or = onnx.node "Or"(%x, %y) with {broadcast = 1 : i64} : (tensor<2xf32>, tensor<1xf32>) -> tensor<2xf32>
  onnx.return
}
}
