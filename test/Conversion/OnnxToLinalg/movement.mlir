// RUN: rnn-opt %s -convert-onnx -canonicalize -split-input-file | FileCheck %s

// Parts of a size that is known at run time only are equal.
// CHECK-LABEL: @main
// CHECK: cf.assert %{{.*}}, "Split cannot divide the elements into 2 equal parts"
// CHECK: tensor.extract_slice %{{.*}}[0, 0] [%[[EACH:.*]], 4] [1, 1]
// CHECK: tensor.extract_slice %{{.*}}[%[[EACH]], 0] [%[[EACH]], 4] [1, 1]
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
    %y:2 = onnx.node "Split"(%x) with {axis = 0 : i64} : (tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>)
    onnx.return %y#0, %y#1 : tensor<?x4xf32>, tensor<?x4xf32>
  }
}

// -----

// Since opset 18 the last part may be smaller.
// CHECK-LABEL: @main
// CHECK: tensor.extract_slice %{{.*}}[0] [3] [1]
// CHECK: tensor.extract_slice %{{.*}}[3] [2] [1]
module attributes {onnx.opset = 18 : i64} {
  func.func @main(%x: tensor<5xf32>) -> (tensor<3xf32>, tensor<2xf32>) {
    %y:2 = onnx.node "Split"(%x) with {num_outputs = 2 : i64} : (tensor<5xf32>) -> (tensor<3xf32>, tensor<2xf32>)
    onnx.return %y#0, %y#1 : tensor<3xf32>, tensor<2xf32>
  }
}

// -----

// The second part begins where the first ends.
// CHECK-LABEL: @main
// CHECK-SAME: (%[[X:.*]]: tensor<?x4xf32>, %[[Y:.*]]: tensor<?x4xf32>)
// CHECK: %[[P:.*]] = tensor.dim %[[X]]
// CHECK: tensor.insert_slice %[[X]] into %{{.*}}[0, 0]
// CHECK: tensor.insert_slice %[[Y]] into %{{.*}}[%{{.*}}, 0]
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> tensor<?x4xf32> {
    %z = onnx.node "Concat"(%x, %y) with {axis = 0 : i64} : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
    onnx.return %z : tensor<?x4xf32>
  }
}

// -----

// An empty part has no place in the result.
// CHECK-LABEL: @main
// CHECK-COUNT-2: tensor.insert_slice
// CHECK-NOT: tensor.insert_slice
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<2x3xf32>, %y: tensor<2x0xf32>) -> tensor<2x6xf32> {
    %z = onnx.node "Concat"(%x, %y, %x) with {axis = 1 : i64}
      : (tensor<2x3xf32>, tensor<2x0xf32>, tensor<2x3xf32>) -> tensor<2x6xf32>
    onnx.return %z : tensor<2x6xf32>
  }
}

// -----

// A negative step reads backwards from the last element.
// CHECK-LABEL: @main
// CHECK-SAME: -> tensor<2xf32>
// CHECK: %[[I:.*]] = linalg.index 0
// CHECK: %[[STEP:.*]] = arith.muli %[[I]], %c-2
// CHECK: %[[AT:.*]] = arith.addi %[[STEP]], %c3
// CHECK: tensor.extract %{{.*}}[%[[AT]]]
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<4xf32>) -> tensor<2xf32> {
    %start = onnx.constant dense<-1> : tensor<1xi64>
    %end = onnx.constant dense<-9223372036854775808> : tensor<1xi64>
    %axis = onnx.constant dense<0> : tensor<1xi64>
    %step = onnx.constant dense<-2> : tensor<1xi64>
    %y = onnx.node "Slice"(%x, %start, %end, %axis, %step)
      : (tensor<4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2xf32>
    onnx.return %y : tensor<2xf32>
  }
}

// -----

// Bounds that are inputs are read and clamped.
// CHECK-LABEL: @main
// CHECK: tensor.extract %{{.*}}[%c0]
// CHECK: arith.minsi
// CHECK: arith.maxsi
// CHECK: tensor.extract_slice
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<4xf32>, %start: tensor<1xi64>, %end: tensor<1xi64>) -> tensor<?xf32> {
    %y = onnx.node "Slice"(%x, %start, %end) : (tensor<4xf32>, tensor<1xi64>, tensor<1xi64>) -> tensor<?xf32>
    onnx.return %y : tensor<?xf32>
  }
}

// -----

// CHECK-LABEL: @main
// CHECK-SAME: -> tensor<7xf32>
// CHECK: scf.if
// CHECK: tensor.extract
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<4xf32>) -> tensor<7xf32> {
    %pads = onnx.constant dense<[1, 2]> : tensor<2xi64>
    %y = onnx.node "Pad"(%x, %pads) : (tensor<4xf32>, tensor<2xi64>) -> tensor<7xf32>
    onnx.return %y : tensor<7xf32>
  }
}

// -----

// The edge is repeated by moving positions outside to it.
// CHECK-LABEL: @main
// CHECK-NOT: scf.if
// CHECK: arith.minsi
// CHECK: arith.maxsi
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<4xf32>) -> tensor<7xf32> {
    %pads = onnx.constant dense<[1, 2]> : tensor<2xi64>
    %y = onnx.node "Pad"(%x, %pads) with {mode = "edge"} : (tensor<4xf32>, tensor<2xi64>) -> tensor<7xf32>
    onnx.return %y : tensor<7xf32>
  }
}

// -----

// A negative pad cuts elements off before the rest is reflected.
// CHECK-LABEL: @main
// CHECK-SAME: -> tensor<4xf32>
// CHECK: math.absi
// CHECK: arith.minsi
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
    %pads = onnx.constant dense<[-1, 1]> : tensor<2xi64>
    %y = onnx.node "Pad"(%x, %pads) with {mode = "reflect"} : (tensor<4xf32>, tensor<2xi64>) -> tensor<4xf32>
    onnx.return %y : tensor<4xf32>
  }
}

// -----

// CHECK-LABEL: @main
// CHECK: arith.select
// CHECK: cf.assert %{{.*}}, "Gather expects indices in range"
// CHECK: tensor.extract
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<4xf32>, %i: tensor<2xi64>) -> tensor<2xf32> {
    %y = onnx.node "Gather"(%x, %i) : (tensor<4xf32>, tensor<2xi64>) -> tensor<2xf32>
    onnx.return %y : tensor<2xf32>
  }
}

// -----

// Behind the last element there is nothing, wherever the end is.
// CHECK-LABEL: @main
// CHECK-SAME: -> tensor<0xf32>
// CHECK-NOT: tensor.extract_slice
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<3xf32>, %end: tensor<1xi64>) -> !onnx.unknown {
    %start = onnx.constant dense<4> : tensor<1xi64>
    %y = onnx.node "Slice"(%x, %start, %end) : (tensor<3xf32>, tensor<1xi64>, tensor<1xi64>) -> !onnx.unknown
    onnx.return %y : !onnx.unknown
  }
}

// -----

// A dynamic size must be larger than what is reflected.
// CHECK-LABEL: @main
// CHECK: arith.cmpi sgt
// CHECK: cf.assert %{{.*}}, "{{.*}}Pad
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<1x?xf32>) -> tensor<1x?xf32> {
    %pads = onnx.constant dense<[0, 2, 0, 2]> : tensor<4xi64>
    %y = onnx.node "Pad"(%x, %pads) with {mode = "reflect"} : (tensor<1x?xf32>, tensor<4xi64>) -> tensor<1x?xf32>
    onnx.return %y : tensor<1x?xf32>
  }
}

// -----

// Before opset 10 the bounds of a slice are attributes.
// CHECK-LABEL: @main
// CHECK: tensor.extract_slice %{{.*}}[0, 1] [2, 2] [1, 1]
module attributes {onnx.opset = 9 : i64} {
  func.func @main(%x: tensor<2x4xf32>) -> tensor<2x2xf32> {
    %y = onnx.node "Slice"(%x) with {axes = array<i64: 1>, ends = array<i64: -1>, starts = array<i64: 1>}
      : (tensor<2x4xf32>) -> tensor<2x2xf32>
    onnx.return %y : tensor<2x2xf32>
  }
}

// -----

// Parts of one size are not compared.
// CHECK-LABEL: @main
// CHECK-NOT: cf.assert
// CHECK: return
module attributes {onnx.opset = 13 : i64} {
  func.func @main(%x: tensor<?x3xf32>) -> tensor<?x6xf32> {
    %y = onnx.node "Exp"(%x) : (tensor<?x3xf32>) -> tensor<?x3xf32>
    %z = onnx.node "Concat"(%x, %y) with {axis = 1 : i64} : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x6xf32>
    onnx.return %z : tensor<?x6xf32>
  }
}
