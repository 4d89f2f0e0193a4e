#ifndef RNN_DIALECT_ONNX_TRANSFORMS_PASSES_TD
#define RNN_DIALECT_ONNX_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def Verify : Pass<"onnx-verify", "::mlir::ModuleOp"> {
  let summary = "Refuse every node that the operator records do not cover";
  let description = [{
    Compares each `onnx.node` with the record of its operator (OnnxOperators.td):
    domain, operator, opset, inputs, outputs, attributes, their types and their
    permitted values. All refusals are reported in one run, each at its node;
    then the pass fails. The branch of an `If` that a constant condition never
    takes is left out.

    Example:

    ```mlir
    module attributes {onnx.opset = 13 : i64} {
      func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
        %y = onnx.node "Softmax"(%x) with {axis = 1 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
        onnx.return %y : tensor<2x3xf32>
      }
    }
    ```

    passes, and is refused with

    ```mlir
    module attributes {onnx.opset = 13 : i64} {
      func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
        // expected-error @below {{attribute 'axes' is not supported}}
        %y = onnx.node "Softmax"(%x) with {axes = 1 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
        onnx.return %y : tensor<2x3xf32>
      }
    }
    ```
  }];
  let statistics = [Statistic<"checked", "nodes-checked", "nodes compared with their records">];
}

def Refine : Pass<"onnx-refine", "::mlir::ModuleOp"> {
  let summary = "Leave out what nothing uses and branches that are never taken";
  let description = [{
    Removes nodes and constants on which no output of the graph depends, whatever
    they are, so that they need not be supported; a remark says so. A node of
    another domain stays: what it does beside its outputs is not known. Of an `If`
    with a constant condition only the nodes of the taken branch are left, in the
    graph around it.

    Example:

    ```mlir
    module attributes {onnx.opset = 13 : i64} {
      func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
        %unused = onnx.node "StringNormalizer"(%x) : (tensor<2x3xf32>) -> !onnx.unknown
        %y = onnx.node "Relu"(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
        onnx.return %y : tensor<2x3xf32>
      }
    }
    ```

    becomes

    ```mlir
    module attributes {onnx.opset = 13 : i64} {
      func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
        %y = onnx.node "Relu"(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
        onnx.return %y : tensor<2x3xf32>
      }
    }
    ```
  }];
  let statistics = [
    Statistic<"unused", "nodes-unused", "nodes that nothing uses">,
    Statistic<"decided", "branches-decided", "Ifs whose branch is known">];
}

#endif // RNN_DIALECT_ONNX_TRANSFORMS_PASSES_TD
