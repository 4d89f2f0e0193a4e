// RUN: rnn-opt %s -convert-onnx -split-input-file -verify-diagnostics

// Both ranks fit, and the model does not say which is meant.
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%c: tensor<i1>, %x: tensor<3x1xf32>) -> !onnx.unknown {
    // expected-error @+1 {{If supports branches decided at run time of one rank and type, or one of them that alone fits what follows, found tensor<3xf32> and tensor<3x1xf32>}}
    %z = onnx.node "If"(%c) subgraphs ["then_branch", "else_branch"] {
      %s = onnx.node "Squeeze"(%x) : (tensor<3x1xf32>) -> !onnx.unknown
      onnx.return %s : !onnx.unknown
    }, {
      %i = onnx.node "Identity"(%x) : (tensor<3x1xf32>) -> !onnx.unknown
      onnx.return %i : !onnx.unknown
    } : (tensor<i1>) -> !onnx.unknown
    %y = onnx.node "Relu"(%z) : (!onnx.unknown) -> !onnx.unknown
    onnx.return %y : !onnx.unknown
  }
}

// -----

// Neither fits: what stands in the way of the better one is reported.
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%c: tensor<i1>, %x: tensor<3x1xf32>, %w: tensor<3x4xf32>) -> (!onnx.unknown, !onnx.unknown) {
    %z = onnx.node "If"(%c) subgraphs ["then_branch", "else_branch"] {
      %s = onnx.node "Squeeze"(%x) : (tensor<3x1xf32>) -> !onnx.unknown
      onnx.return %s : !onnx.unknown
    }, {
      %i = onnx.node "Identity"(%x) : (tensor<3x1xf32>) -> !onnx.unknown
      onnx.return %i : !onnx.unknown
    } : (tensor<i1>) -> !onnx.unknown
    %y = onnx.node "Gemm"(%z, %w) with {transA = 1 : i64} : (!onnx.unknown, tensor<3x4xf32>) -> !onnx.unknown
    // expected-error @+1 {{operator 'Foo' is not supported}}
    %e = onnx.node "Foo"(%y) : (!onnx.unknown) -> !onnx.unknown
    onnx.return %y, %e : !onnx.unknown, !onnx.unknown
  }
}

// -----

// A number is none, constant or not.
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<3xf32>) -> !onnx.unknown {
    %c = onnx.constant dense<5> : tensor<1xi64>
    // expected-error @+1 {{If expects a condition of one bool, found tensor<1xi64>}}
    %z = onnx.node "If"(%c) subgraphs ["then_branch", "else_branch"] {
      onnx.return %x : tensor<3xf32>
    }, {
      onnx.return %x : tensor<3xf32>
    } : (tensor<1xi64>) -> !onnx.unknown
    onnx.return %z : !onnx.unknown
  }
}

// -----

module attributes {onnx.opset = 13 : i64} {
  func.func @main(%c: tensor<2xi1>, %x: tensor<3xf32>) -> !onnx.unknown {
    // expected-error @+1 {{If expects a condition of one bool, found tensor<2xi1>}}
    %z = onnx.node "If"(%c) subgraphs ["then_branch", "else_branch"] {
      onnx.return %x : tensor<3xf32>
    }, {
      onnx.return %x : tensor<3xf32>
    } : (tensor<2xi1>) -> !onnx.unknown
    onnx.return %z : !onnx.unknown
  }
}

// -----

// No size of the other dimension makes it one element.
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%c: tensor<?x2xi1>, %x: tensor<3xf32>) -> !onnx.unknown {
    // expected-error @+1 {{If expects a condition of one bool, found tensor<?x2xi1>}}
    %z = onnx.node "If"(%c) subgraphs ["then_branch", "else_branch"] {
      onnx.return %x : tensor<3xf32>
    }, {
      onnx.return %x : tensor<3xf32>
    } : (tensor<?x2xi1>) -> !onnx.unknown
    onnx.return %z : !onnx.unknown
  }
}

// -----

module attributes {onnx.opset = 13 : i64} {
  func.func @main(%c: tensor<i1>, %x: tensor<3xf32>) -> !onnx.unknown {
    // expected-error @+1 {{If expects branches with as many outputs}}
    %z = onnx.node "If"(%c) subgraphs ["then_branch", "else_branch"] {
      onnx.return %x : tensor<3xf32>
    }, {
      onnx.return %x, %x : tensor<3xf32>, tensor<3xf32>
    } : (tensor<i1>) -> !onnx.unknown
    onnx.return %z : !onnx.unknown
  }
}
