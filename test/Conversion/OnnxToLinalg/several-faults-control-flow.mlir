// RUN: rnn-opt %s -convert-onnx -split-input-file -verify-diagnostics

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
