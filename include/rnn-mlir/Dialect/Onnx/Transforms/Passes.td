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
    %y = onnx.node "Softmax"(%x) with {axis = 1 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
    ```

    passes, while `{axes = 1 : i64}` is refused: "attribute 'axes' is not supported".
  }];
  let statistics = [Statistic<"checked", "nodes-checked", "nodes compared with their records">];
}

#endif // RNN_DIALECT_ONNX_TRANSFORMS_PASSES_TD
