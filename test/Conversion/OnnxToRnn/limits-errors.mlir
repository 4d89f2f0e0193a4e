// RUN: rnn-opt %s -convert-onnx -split-input-file -verify-diagnostics

// Each limit of the recurrent operators. 1048577 is 2^20 + 1.

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xi32>, %w: tensor<1x16x3xf64>, %r: tensor<1x16x4xf32>) -> !onnx.unknown {
    // expected-error @+2 {{LSTM supports elements of type f32, found 'i32' in input X}}
    // expected-error @+1 {{LSTM supports elements of type f32, found 'f64' in input W}}
    %y = onnx.node "LSTM"(%x, %w, %r) : (tensor<5x2x3xi32>, tensor<1x16x3xf64>, tensor<1x16x4xf32>) -> !onnx.unknown
    onnx.return %y : !onnx.unknown
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x?xf32>, %w: tensor<1x16x?xf32>, %r: tensor<1x16x4xf32>) -> !onnx.unknown {
    // expected-error @+1 {{LSTM supports an input size that is static in the shape of X or of W, found neither}}
    %y = onnx.node "LSTM"(%x, %w, %r) : (tensor<5x2x?xf32>, tensor<1x16x?xf32>, tensor<1x16x4xf32>) -> !onnx.unknown
    onnx.return %y : !onnx.unknown
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x?x3xf32>, %r: tensor<1x?x?xf32>) -> !onnx.unknown {
    // expected-error @+1 {{LSTM supports a hidden size that is an attribute or static in the shape of an input, found neither}}
    %y = onnx.node "LSTM"(%x, %w, %r) : (tensor<5x2x3xf32>, tensor<1x?x3xf32>, tensor<1x?x?xf32>) -> !onnx.unknown
    onnx.return %y : !onnx.unknown
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x1048577xf32>, %w: tensor<1x16x1048577xf32>, %r: tensor<1x16x4xf32>) -> !onnx.unknown {
    // expected-error @+1 {{LSTM supports hidden and input sizes of at most 2^20, found 1048577}}
    %y = onnx.node "LSTM"(%x, %w, %r) : (tensor<5x2x1048577xf32>, tensor<1x16x1048577xf32>, tensor<1x16x4xf32>) -> !onnx.unknown
    onnx.return %y : !onnx.unknown
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x4194308x3xf32>, %r: tensor<1x4194308x1048577xf32>) -> !onnx.unknown {
    // expected-error @+1 {{LSTM supports hidden and input sizes of at most 2^20, found 1048577}}
    %y = onnx.node "LSTM"(%x, %w, %r) : (tensor<5x2x3xf32>, tensor<1x4194308x3xf32>, tensor<1x4194308x1048577xf32>) -> !onnx.unknown
    onnx.return %y : !onnx.unknown
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x?x3xf32>, %r: tensor<1x?x?xf32>) -> !onnx.unknown {
    // expected-error @+1 {{LSTM supports hidden and input sizes of at most 2^20, found 1099511627776}}
    %y = onnx.node "LSTM"(%x, %w, %r) with {hidden_size = 1099511627776 : i64} : (tensor<5x2x3xf32>, tensor<1x?x3xf32>, tensor<1x?x?xf32>) -> !onnx.unknown
    onnx.return %y : !onnx.unknown
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xi32>, %w: tensor<1x12x3xf64>, %r: tensor<1x12x4xf32>) -> !onnx.unknown {
    // expected-error @+2 {{GRU supports elements of type f32, found 'i32' in input X}}
    // expected-error @+1 {{GRU supports elements of type f32, found 'f64' in input W}}
    %y = onnx.node "GRU"(%x, %w, %r) : (tensor<5x2x3xi32>, tensor<1x12x3xf64>, tensor<1x12x4xf32>) -> !onnx.unknown
    onnx.return %y : !onnx.unknown
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x?xf32>, %w: tensor<1x12x?xf32>, %r: tensor<1x12x4xf32>) -> !onnx.unknown {
    // expected-error @+1 {{GRU supports an input size that is static in the shape of X or of W, found neither}}
    %y = onnx.node "GRU"(%x, %w, %r) : (tensor<5x2x?xf32>, tensor<1x12x?xf32>, tensor<1x12x4xf32>) -> !onnx.unknown
    onnx.return %y : !onnx.unknown
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x?x3xf32>, %r: tensor<1x?x?xf32>) -> !onnx.unknown {
    // expected-error @+1 {{GRU supports a hidden size that is an attribute or static in the shape of an input, found neither}}
    %y = onnx.node "GRU"(%x, %w, %r) : (tensor<5x2x3xf32>, tensor<1x?x3xf32>, tensor<1x?x?xf32>) -> !onnx.unknown
    onnx.return %y : !onnx.unknown
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x1048577xf32>, %w: tensor<1x12x1048577xf32>, %r: tensor<1x12x4xf32>) -> !onnx.unknown {
    // expected-error @+1 {{GRU supports hidden and input sizes of at most 2^20, found 1048577}}
    %y = onnx.node "GRU"(%x, %w, %r) : (tensor<5x2x1048577xf32>, tensor<1x12x1048577xf32>, tensor<1x12x4xf32>) -> !onnx.unknown
    onnx.return %y : !onnx.unknown
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x3145731x3xf32>, %r: tensor<1x3145731x1048577xf32>) -> !onnx.unknown {
    // expected-error @+1 {{GRU supports hidden and input sizes of at most 2^20, found 1048577}}
    %y = onnx.node "GRU"(%x, %w, %r) : (tensor<5x2x3xf32>, tensor<1x3145731x3xf32>, tensor<1x3145731x1048577xf32>) -> !onnx.unknown
    onnx.return %y : !onnx.unknown
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xi32>, %w: tensor<1x4x3xf64>, %r: tensor<1x4x4xf32>) -> !onnx.unknown {
    // expected-error @+2 {{RNN supports elements of type f32, found 'i32' in input X}}
    // expected-error @+1 {{RNN supports elements of type f32, found 'f64' in input W}}
    %y = onnx.node "RNN"(%x, %w, %r) : (tensor<5x2x3xi32>, tensor<1x4x3xf64>, tensor<1x4x4xf32>) -> !onnx.unknown
    onnx.return %y : !onnx.unknown
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x?xf32>, %w: tensor<1x4x?xf32>, %r: tensor<1x4x4xf32>) -> !onnx.unknown {
    // expected-error @+1 {{RNN supports an input size that is static in the shape of X or of W, found neither}}
    %y = onnx.node "RNN"(%x, %w, %r) : (tensor<5x2x?xf32>, tensor<1x4x?xf32>, tensor<1x4x4xf32>) -> !onnx.unknown
    onnx.return %y : !onnx.unknown
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x?x3xf32>, %r: tensor<1x?x?xf32>) -> !onnx.unknown {
    // expected-error @+1 {{RNN supports a hidden size that is an attribute or static in the shape of an input, found neither}}
    %y = onnx.node "RNN"(%x, %w, %r) : (tensor<5x2x3xf32>, tensor<1x?x3xf32>, tensor<1x?x?xf32>) -> !onnx.unknown
    onnx.return %y : !onnx.unknown
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x1048577xf32>, %w: tensor<1x4x1048577xf32>, %r: tensor<1x4x4xf32>) -> !onnx.unknown {
    // expected-error @+1 {{RNN supports hidden and input sizes of at most 2^20, found 1048577}}
    %y = onnx.node "RNN"(%x, %w, %r) : (tensor<5x2x1048577xf32>, tensor<1x4x1048577xf32>, tensor<1x4x4xf32>) -> !onnx.unknown
    onnx.return %y : !onnx.unknown
  }
}

// -----

module attributes {onnx.opset = 7 : i64} {
  func.func @main(%x: tensor<5x2x3xf32>, %w: tensor<1x1048577x3xf32>, %r: tensor<1x1048577x1048577xf32>) -> !onnx.unknown {
    // expected-error @+1 {{RNN supports hidden and input sizes of at most 2^20, found 1048577}}
    %y = onnx.node "RNN"(%x, %w, %r) : (tensor<5x2x3xf32>, tensor<1x1048577x3xf32>, tensor<1x1048577x1048577xf32>) -> !onnx.unknown
    onnx.return %y : !onnx.unknown
  }
}
