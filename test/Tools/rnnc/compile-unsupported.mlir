// After the refusals of operators one line names the page with what is supported; other errors have none.
// RUN: rm -rf %t && split-file %s %t
// RUN: not rnnc compile %t/operators.mlir -o %t.rpu 2>&1 | FileCheck %s --check-prefix=OPERATORS
// RUN: not rnnc compile %t/limits.mlir -o %t.rpu 2>&1 | FileCheck %s --check-prefix=LIMITS
// RUN: not rnnc compile %t/inputs.mlir -o %t.rpu 2>&1 | FileCheck %s --check-prefix=INPUTS --implicit-check-not=operators.md

// OPERATORS: error: operator 'Foo' is not supported{{$}}
// OPERATORS-NEXT: error: Cast: attribute 'to': expected 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13 or 16 (supported: floats of 16 to 64 bits, integers of 8 to 64 bits and bool), found 8
// OPERATORS-NEXT: rnnc: note: build/docs/operators.md has what is supported
// OPERATORS-NOT: operators.md
// LIMITS: error: LSTM supports elements of type f32, found 'f64' in input X
// LIMITS: error: Relu supports no unsigned integers, found 'tensor<2xui8>'
// LIMITS: rnnc: note: build/docs/operators.md has what is supported
// INPUTS: error: Relu: expected at most 1 inputs at opset 17, found 2

//--- operators.mlir
module attributes {onnx.opset = 17 : i64} {
  func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
    %a = onnx.node "Foo"(%x) : (tensor<2xf32>) -> tensor<2xf32>
    %b = onnx.node "Cast"(%a) with {to = 8 : i64} : (tensor<2xf32>) -> tensor<2xf32>
    onnx.return %b : tensor<2xf32>
  }
}
//--- limits.mlir
module attributes {onnx.opset = 17 : i64} {
  func.func @main(%x: tensor<5x1x3xf64>, %w: tensor<1x16x3xf32>, %r: tensor<1x16x4xf32>, %u: tensor<2xui8>)
      -> (!onnx.unknown, !onnx.unknown) {
    %y = onnx.node "LSTM"(%x, %w, %r)
      : (tensor<5x1x3xf64>, tensor<1x16x3xf32>, tensor<1x16x4xf32>) -> !onnx.unknown
    %a = onnx.node "Relu"(%u) : (tensor<2xui8>) -> !onnx.unknown
    onnx.return %y, %a : !onnx.unknown, !onnx.unknown
  }
}
//--- inputs.mlir
module attributes {onnx.opset = 17 : i64} {
  func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
    %a = onnx.node "Relu"(%x, %x) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    onnx.return %a : tensor<2xf32>
  }
}
